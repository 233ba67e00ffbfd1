/* SPDX-License-Identifier: MIT */
/*
 * test_source_vmdk.c - VMDK by qemu-img: every form, parents, damage
 */
#include "tests/analyzer/disks.h"

#include <string.h>

#define CONVERT "qemu-img convert -O vmdk -o subformat="

static void reads_every_form(void **state)
{
	(void)state;
	disk_run(CONVERT "monolithicSparse raw.dd s.vmdk;" CONVERT
	                 "monolithicFlat raw.dd f.vmdk;" CONVERT
	                 "twoGbMaxExtentSparse raw.dd ts.vmdk;" CONVERT
	                 "twoGbMaxExtentFlat raw.dd tf.vmdk;" CONVERT
	                 "streamOptimized raw.dd o.vmdk;" CONVERT
	                 "monolithicSparse,zeroed_grain=on raw.dd z.vmdk");
	disk_is("s.vmdk", disk_bytes, DISK_SIZE);
	disk_is("f.vmdk", disk_bytes, DISK_SIZE);
	disk_is("ts.vmdk", disk_bytes, DISK_SIZE);
	disk_is("tf.vmdk", disk_bytes, DISK_SIZE);
	disk_is("o.vmdk", disk_bytes, DISK_SIZE);
	disk_is("z.vmdk", disk_bytes, DISK_SIZE);
	disk_fact("s.vmdk", "type", "monolithicSparse");
	disk_fact("s.vmdk", "grain size", "65536");
	disk_fact("o.vmdk", "compression", "deflate");
	disk_fact("tf.vmdk", "type", "twoGbMaxExtentFlat");
	/* a file that was renamed, and what VMware's names look like */
	disk_run("mv s.vmdk renamed.vmdk; mv ts-s001.vmdk TS-S001.VMDK");
	disk_is("renamed.vmdk", disk_bytes, DISK_SIZE);
	disk_is("ts.vmdk", disk_bytes, DISK_SIZE);
}

/* A description by hand: parts of two raw files, and zeros between them. */
static void reads_many_extents(void **state)
{
	static const char text[] =
		"# Disk DescriptorFile\r\nversion=1\r\nCID=12345678\r\n"
		"parentCID=ffffffff\r\ncreateType=\"custom\"\r\n"
		"RW 2048 FLAT \"one.bin\" 0\r\nRW 4096 ZERO\r\n"
		"RW 4099 FLAT \"C:\\vm\\two.bin\" 7\r\n";
	char *path = disk_path("many.vmdk");
	struct source *s;

	(void)state;
	assert_true(g_file_set_contents(path, text, -1, NULL));
	disk_run("head -c 1048576 raw.dd >one.bin; (head -c 3584 /dev/zero;"
	         "tail -c +3145729 raw.dd) >two.bin");
	disk_is("many.vmdk", disk_bytes, DISK_SIZE);
	disk_fact("many.vmdk", "extents", "3");
	disk_fact("many.vmdk", "identifier", "12345678");

	disk_run("rm one.bin");
	s = disk_problem("many.vmdk", "\"one.bin\" of the disk is not beside");
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), 2048);
	source_free(s);
	disk_cut("two.bin", 4096);
	s = disk_problem("many.vmdk", "cannot be had");
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), 2048 + 4098);
	source_free(s);
	g_free(path);
}

static void follows_parents(void **state)
{
	uint8_t *wanted = g_memdup2(disk_bytes, DISK_SIZE);
	struct source *s;

	(void)state;
	disk_run(CONVERT
	         "twoGbMaxExtentSparse raw.dd base.vmdk;"
	         "qemu-img create -q -f vmdk -b base.vmdk -F vmdk one.vmdk;"
	         "qemu-img create -q -f vmdk -b one.vmdk -F vmdk two.vmdk;"
	         "qemu-io -c 'write -q -P 7 500k 2560' two.vmdk");
	memset(wanted + 500 * 1024, 7, 2560);
	disk_is("two.vmdk", wanted, DISK_SIZE);
	disk_fact("two.vmdk", "parent", "one.vmdk");

	disk_run("mv base.vmdk gone");
	s = disk_problem("two.vmdk", "\"base.vmdk\"");
	assert_non_null(strstr(s->problem, "one.vmdk: the parent disk"));
	assert_int_equal(disk_holes(s, wanted, DISK_SIZE),
	                 DISK_SIZE / 512 - 128);
	source_free(s);
	disk_run(CONVERT "monolithicSparse raw.dd base.vmdk");
	s = disk_problem("two.vmdk", "with another identifier");
	source_free(s);
	g_free(wanted);
}

static void ends_loops(void **state)
{
	static const char text[] = "# Disk DescriptorFile\nCID=1\nparentCID=1\n"
				   "parentFileNameHint=\"me.vmdk\"\n"
				   "RW 2048 ZERO\n";
	char *path = disk_path("me.vmdk");

	(void)state;
	assert_true(g_file_set_contents(path, text, -1, NULL));
	disk_refused("me.vmdk", E_LIMIT, "loop");
	g_free(path);
}

/* ------------------------------------------------------------------ damage */

static uint32_t get_le32(const char *name, long at)
{
	uint8_t b[4];

	disk_get(name, at, b, 4);
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	       (uint32_t)b[3] << 24;
}

static void survives_damage(void **state)
{
	static const uint8_t outside[4] = { 0xff, 0xff, 0xff, 0x7f };
	static const uint8_t header[4] = { 0 }, one[4] = { 1 };
	static const uint8_t huge[8] = { 0, 0, 0, 0, 0, 0, 0x10, 0 };
	uint8_t self[4];
	struct source *s;
	long directory, table;

	(void)state;
	disk_run(CONVERT "monolithicSparse raw.dd d.vmdk; cp d.vmdk a.vmdk;"
	                 "cp d.vmdk b.vmdk; cp d.vmdk h.vmdk; cp d.vmdk "
	                 "l.vmdk;" CONVERT "streamOptimized raw.dd c.vmdk;"
	                 "cp c.vmdk ca.vmdk");
	directory = (long)get_le32("d.vmdk", 0x38) * 512;
	table = (long)get_le32("d.vmdk", directory) * 512;

	disk_cut("a.vmdk", disk_file_size("a.vmdk") - (1 << 20));
	s = disk_problem("a.vmdk", "cut off");
	assert_in_range(disk_holes(s, disk_bytes, DISK_SIZE), 1900, 2100);
	source_free(s);
	disk_cut("ca.vmdk", disk_file_size("ca.vmdk") / 2);
	s = disk_problem("ca.vmdk", "cut off");
	assert_in_range(disk_holes(s, disk_bytes, DISK_SIZE), 1000, 9000);
	source_free(s);

	disk_get("b.vmdk", directory, self, 4);
	disk_patch("b.vmdk", table, self, 4);
	disk_patch("b.vmdk", table + 4, outside, 4);
	disk_patch("b.vmdk", table + 8, one, 4);
	s = disk_problem("b.vmdk", "196608 bytes of the disk cannot be had");
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), 3 * 128);
	source_free(s);

	/* the header and the description disagree */
	disk_patch("h.vmdk", 0x0c, huge, 8);
	s = disk_problem("h.vmdk", "descriptor says");
	assert_int_equal(disk_holes(s, disk_bytes, 5 << 20), 0);
	source_free(s);
	/* no description */
	disk_patch("l.vmdk", 512, header, 1);
	s = disk_problem("l.vmdk", "no description");
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), 0);
	source_free(s);

	disk_mutate("d.vmdk", 0, 0x50, 150);
	disk_mutate("d.vmdk", 512, 400, 150);
	disk_mutate("d.vmdk", directory, 4, 40);
	disk_mutate("d.vmdk", table, 320, 100);
	disk_mutate("c.vmdk", 0, disk_file_size("c.vmdk") - 4, 150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(reads_many_extents),
		cmocka_unit_test(follows_parents),
		cmocka_unit_test(ends_loops),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, disks_make, folder_remove);
}
