/* SPDX-License-Identifier: MIT */
/*
 * test_source_qcow.c - QCOW2 by qemu-img: every form, backing files, damage
 */
#include "tests/analyzer/disks.h"

#include <string.h>

#define CONVERT "qemu-img convert -O qcow2 "

static void reads_every_form(void **state)
{
	static const char *const options[] = {
		"-o compat=0.10",
		"-o compat=1.1",
		"-o compat=1.1,cluster_size=512",
		"-o cluster_size=4096",
		"-o cluster_size=2M",
		"-o refcount_bits=1",
		"-o preallocation=metadata",
		"-c",
		"-c -o compat=0.10",
		"-c -o cluster_size=512",
		"-c -o cluster_size=2M",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		char *command = g_strdup_printf("rm -f x.qcow2;" CONVERT
		                                "%s raw.dd x.qcow2",
		                                options[i]);

		disk_run(command);
		disk_is("x.qcow2", disk_bytes, DISK_SIZE);
		g_free(command);
	}
	disk_run(CONVERT "-o cluster_size=4k,compat=0.10 raw.dd f.qcow2");
	disk_fact("f.qcow2", "cluster size", "4096");
	disk_fact("f.qcow2", "version", "2");
}

/* Clusters of zeros over data, internal snapshots: the current state. */
static void reads_zeros_and_snapshots(void **state)
{
	uint8_t *wanted = g_memdup2(disk_bytes, DISK_SIZE);

	(void)state;
	disk_run(CONVERT "raw.dd z.qcow2; qemu-img snapshot -c one z.qcow2;"
	                 "qemu-io -c 'write -q -z 64k 192k' -c 'write -q -P 9 "
	                 "4M 3000' z.qcow2");
	memset(wanted + (64 << 10), 0, 192 << 10);
	memset(wanted + (4 << 20), 9, 3000);
	disk_is("z.qcow2", wanted, DISK_SIZE);
	disk_fact("z.qcow2", "internal snapshots",
	          "1, not read: only the current state is");
	g_free(wanted);
}

static void refuses_by_name(void **state)
{
	(void)state;
	disk_run("qemu-img create -q -f qcow2 -o data_file=d.raw e.qcow2 1M;"
	         "qemu-img create -q -f qcow2 -o extended_l2=on l.qcow2 1M;"
	         /* qemu measures the processor, which fails where it is busy */
	         "for i in 1 2 3 4 5 6 7 8 9; do "
	         "qemu-img create -q -f qcow2 --object secret,id=s,data=abc "
	         "-o encrypt.format=luks,encrypt.key-secret=s,"
	         "encrypt.iter-time=10 k.qcow2 1M && break; done;"
	         "qemu-img create -q -f qcow --object secret,id=s,data=abc "
	         "v1.qcow 1M;" CONVERT
	         "-c -o compression_type=zstd raw.dd s.qcow2");
	disk_refused("e.qcow2", E_UNSUPPORTED, "external data file");
	disk_refused("l.qcow2", E_UNSUPPORTED, "extended L2");
	disk_refused("k.qcow2", E_UNSUPPORTED, "LUKS");
	disk_refused("s.qcow2", E_UNSUPPORTED, "zstd");
	disk_refused("v1.qcow", E_UNSUPPORTED, "version 1");
}

/* ----------------------------------------------------------------- backing */

static uint8_t *over(void)
{
	uint8_t *wanted = g_memdup2(disk_bytes, DISK_SIZE);

	memset(wanted + 1000 * 512, 7, 5 * 512);
	return wanted;
}

#define OVER "qemu-io -c 'write -q -P 7 500k 2560' "

static void follows_backing_files(void **state)
{
	uint8_t *wanted = over();
	struct source *s;

	(void)state;
	disk_run(
		CONVERT
		"-c raw.dd base.qcow2; qemu-img convert -O vmdk raw.dd b.vmdk;"
		"qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 one.qcow2;"
		"qemu-img create -q -f qcow2 -b one.qcow2 -F qcow2 two.qcow2;"
		"qemu-img create -q -f qcow2 -b raw.dd -F raw r.qcow2;"
		"qemu-img create -q -f qcow2 -b b.vmdk -F vmdk v.qcow2;"
		"qemu-img create -q -f qcow2 -b base.qcow2 -F raw w.qcow2;" OVER
		"one.qcow2;" OVER "r.qcow2;" OVER "v.qcow2");
	disk_is("one.qcow2", wanted, DISK_SIZE);
	disk_is("two.qcow2", wanted, DISK_SIZE);
	disk_is("r.qcow2", wanted, DISK_SIZE);
	disk_is("v.qcow2", wanted, DISK_SIZE);
	disk_fact("two.qcow2", "backing file", "one.qcow2");
	disk_fact("r.qcow2", "backing file format", "raw");
	s = disk_open("w.qcow2"); /* taken as it is: the image of an image */
	assert_true(g_str_has_prefix(s->format, "QCOW2 in QCOW2"));
	source_free(s);

	disk_run("rm base.qcow2");
	s = disk_problem("two.qcow2", "\"base.qcow2\" is not beside it");
	assert_non_null(strstr(s->problem, "one.qcow2: "));
	assert_int_equal(disk_holes(s, wanted, DISK_SIZE),
	                 DISK_SIZE / 512 - 128);
	source_free(s);
	g_free(wanted);
}

static void ends_loops(void **state)
{
	(void)state;
	disk_run(CONVERT
	         "raw.dd a.qcow2;"
	         "qemu-img create -q -f qcow2 -b a.qcow2 -F qcow2 b.qcow2;"
	         "qemu-img rebase -u -b b.qcow2 -F qcow2 a.qcow2");
	disk_refused("a.qcow2", E_LIMIT, "loop");
}

/* ------------------------------------------------------------------ damage */

static uint64_t get_be64(const char *name, long at)
{
	uint8_t b[8];
	uint64_t v = 0;

	disk_get(name, at, b, 8);
	for (size_t i = 0; i < 8; i++)
		v = v << 8 | b[i];
	return v;
}

static void survives_damage(void **state)
{
	static const uint8_t outside[8] = { 0x80, 0, 0x7f };
	static const uint8_t huge[8] = { 0x10 };
	uint8_t self[8];
	struct source *s;
	long l1, l2;

	(void)state;
	disk_run("rm -f *.qcow2; " CONVERT
	         "raw.dd d.qcow2; cp d.qcow2 a.qcow2; cp d.qcow2 b.qcow2;"
	         "cp d.qcow2 h.qcow2; " CONVERT "-c raw.dd c.qcow2");
	l1 = (long)get_be64("d.qcow2", 0x28);
	l2 = (long)(get_be64("d.qcow2", l1) & 0xffffffffffe00);

	disk_cut("a.qcow2", disk_file_size("a.qcow2") - (1 << 20));
	s = disk_problem("a.qcow2", "cut off");
	assert_in_range(disk_holes(s, disk_bytes, DISK_SIZE), 1900, 2100);
	source_free(s);

	disk_get("b.qcow2", l1, self, 8);
	disk_patch("b.qcow2", l2, self, 8); /* itself */
	disk_patch("b.qcow2", l2 + 8, outside, 8);
	disk_get("b.qcow2", 0x28, self, 8);
	self[0] |= 0x80;
	disk_patch("b.qcow2", l2 + 16, self, 8); /* the first table */
	s = disk_problem("b.qcow2", "196608 bytes of the disk cannot be had");
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), 3 * 128);
	assert_int_equal(s->bad->len, 1);
	source_free(s);

	disk_patch("h.qcow2", 0x18, huge, 8);
	s = disk_problem("h.qcow2", "cannot be had");
	assert_int_equal(s->size, UINT64_C(1) << 60);
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), 0);
	source_free(s);

	disk_mutate("d.qcow2", 0, 112, 150);
	disk_mutate("d.qcow2", l1, 64, 60);
	disk_mutate("d.qcow2", l2, 640, 150);
	/* the data itself, and what it says of its length */
	disk_mutate("c.qcow2", 0, disk_file_size("c.qcow2") - 4, 150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(reads_zeros_and_snapshots),
		cmocka_unit_test(refuses_by_name),
		cmocka_unit_test(follows_backing_files),
		cmocka_unit_test(ends_loops),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, disks_make, folder_remove);
}
