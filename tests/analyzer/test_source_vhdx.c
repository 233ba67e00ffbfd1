/* SPDX-License-Identifier: MIT */
/*
 * test_source_vhdx.c - VHDX by qemu-img, made differencing, and damaged
 *
 * qemu-img writes no differencing VHDX: one of its dynamic ones is made into
 * one here, by [MS-VHDX] 2.5 and 2.6.
 */
#include "tests/analyzer/disks.h"

#include <string.h>

#define CONVERT  "qemu-img convert -O vhdx -o block_size=1M"
#define TABLE    (2L << 20) /* where qemu-img puts them */
#define METADATA (3L << 20)

static void put_le(uint8_t *p, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static void patch_le(const char *name, long at, uint64_t v, size_t n)
{
	uint8_t b[8];

	put_le(b, v, n);
	disk_patch(name, at, b, n);
}

static uint64_t get_le64(const char *name, long at)
{
	uint8_t b[8];
	uint64_t v = 0;

	disk_get(name, at, b, 8);
	for (size_t i = 8; i > 0; i--)
		v = v << 8 | b[i - 1];
	return v;
}

static void reads_every_kind(void **state)
{
	(void)state;
	disk_run(CONVERT ",subformat=dynamic raw.dd d.vhdx;" CONVERT
	                 ",subformat=fixed raw.dd f.vhdx;"
	                 "qemu-img convert -O vhdx raw.dd b.vhdx");
	disk_is("d.vhdx", disk_bytes, DISK_SIZE);
	disk_is("f.vhdx", disk_bytes, DISK_SIZE);
	disk_is("b.vhdx", disk_bytes, DISK_SIZE);
	disk_fact("d.vhdx", "type", "dynamic");
	disk_fact("d.vhdx", "block size", "1048576");
	disk_fact("f.vhdx", "version", "1");
}

/* ----------------------------------------------------------------- parents */

static size_t put_text(uint8_t *p, const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		put_le(p + 2 * i, (uint8_t)s[i], 2);
	return 2 * n;
}

/* 2.6.2.6: two pairs. */
static size_t make_locator(uint8_t *p, const char *linkage, const char *path)
{
	static const uint8_t type[16] = { 0xb7, 0xef, 0x4a, 0xb0, 0x9e, 0xd1,
		                          0x81, 0x4a, 0xb7, 0x89, 0x25, 0xb8,
		                          0xe9, 0x44, 0x59, 0x13 };
	const char *const texts[] = { "parent_linkage", linkage,
		                      "relative_path", path };
	size_t at = 20 + 24;

	memcpy(p, type, 16);
	put_le(p + 18, 2, 2);
	for (size_t i = 0; i < 4; i++) {
		uint8_t *entry = p + 20 + 12 * (i / 2);
		size_t n = put_text(p + at, texts[i]);

		put_le(entry + 4 * (i % 2), at, 4);
		put_le(entry + 8 + 2 * (i % 2), n, 2);
		at += n;
	}
	return at;
}

static void add_locator(const char *name, const char *linkage, const char *path)
{
	static const uint8_t item[16] = { 0x2d, 0x5f, 0xd3, 0xa8, 0x0b, 0xb3,
		                          0x4d, 0x45, 0xab, 0xf7, 0xd3, 0xd8,
		                          0x48, 0x34, 0xab, 0x0c };
	uint8_t count[2], locator[1024] = { 0 }, entry[32] = { 0 };
	size_t n = make_locator(locator, linkage, path);
	unsigned i;

	disk_get(name, METADATA + 10, count, 2);
	i = count[0];
	patch_le(name, METADATA + 10, i + 1, 2);
	memcpy(entry, item, 16);
	put_le(entry + 16, 0x12000, 4);
	put_le(entry + 20, n, 4);
	put_le(entry + 24, 4, 4);
	disk_patch(name, METADATA + 32 + 32 * (long)i, entry, 32);
	disk_patch(name, METADATA + 0x12000, locator, n);
}

/* The first item is the file parameters: 2.6.2.1, bit 1: has a parent. */
static void set_parent_bit(const char *name)
{
	uint8_t entry[32];
	long at;

	disk_get(name, METADATA + 32, entry, 32);
	assert_int_equal(entry[0], 0x37);
	at = METADATA + (entry[16] | entry[17] << 8 | entry[18] << 16);
	patch_le(name, at + 4, 2, 4);
}

/* The data write GUID of the header in use, as text. */
static char *linkage_of(const char *name)
{
	bool second = get_le64(name, 0x20008) > get_le64(name, 0x10008);
	uint8_t g[16];

	disk_get(name, (second ? 0x20000 : 0x10000) + 0x20, g, 16);
	return g_strdup_printf("{%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-"
	                       "%02X%02X%02X%02X%02X%02X}",
	                       g[3], g[2], g[1], g[0], g[5], g[4], g[7], g[6],
	                       g[8], g[9], g[10], g[11], g[12], g[13], g[14],
	                       g[15]);
}

/* Block 0 is there in part, its second half; block 4 is whole. */
static void make_child(void)
{
	uint8_t bits[256] = { 0 };
	long size;
	char *linkage;

	disk_run(CONVERT
	         " raw.dd parent.vhdx; rm -f child.vhdx;"
	         "qemu-img create -q -f vhdx -o "
	         "block_size=1M,block_state_zero=off child.vhdx "
	         "5244416; qemu-io -c 'write -q -P 5 0 1M' -c 'write -q -P 6 "
	         "4M 1M' child.vhdx");
	linkage = linkage_of("parent.vhdx");
	set_parent_bit("child.vhdx");
	add_locator("child.vhdx", linkage, ".\\PARENT.vhdx");
	g_free(linkage);
	memset(bits + 128, 0xff, 128);
	size = (disk_file_size("child.vhdx") + (1 << 20) - 1) >> 20 << 20;
	disk_cut("child.vhdx", size + (1 << 20));
	disk_patch("child.vhdx", size, bits, sizeof(bits));
	patch_le("child.vhdx", TABLE, get_le64("child.vhdx", TABLE) | 7, 8);
	/* 2^23 sectors of 512 bytes are 4096 blocks of 1 MiB */
	disk_run("test $(stat -c %s child.vhdx) -gt 3145728");
	patch_le("child.vhdx", TABLE + 8 * 4096, (uint64_t)size | 6, 8);
}

static uint8_t *child_bytes(void)
{
	uint8_t *wanted = g_memdup2(disk_bytes, DISK_SIZE);

	memset(wanted + (1 << 19), 5, 1 << 19);
	memset(wanted + (4 << 20), 6, 1 << 20);
	return wanted;
}

static void follows_parents(void **state)
{
	uint8_t *wanted = child_bytes();
	struct source *s;

	(void)state;
	make_child();
	disk_is("child.vhdx", wanted, DISK_SIZE);
	disk_fact("child.vhdx", "type", "differencing");
	disk_fact("child.vhdx", "parent", ".\\PARENT.vhdx");

	disk_run("mv parent.vhdx gone");
	s = disk_problem("child.vhdx", "\".\\PARENT.vhdx\" {");
	assert_non_null(strstr(s->problem, "is not beside it"));
	assert_int_equal(disk_holes(s, wanted, DISK_SIZE), 1024 + 3 * 2048 + 3);
	source_free(s);
	disk_run(CONVERT " raw.dd parent.vhdx");
	source_free(disk_problem("child.vhdx", "with another identifier"));
	disk_run("mv gone parent.vhdx");
	disk_is("child.vhdx", wanted, DISK_SIZE);
	disk_mutate("child.vhdx", METADATA, 256, 100);
	disk_mutate("child.vhdx", METADATA + 0x12000, 200, 100);
	disk_mutate("child.vhdx", TABLE + 8 * 4096, 8, 40);
	g_free(wanted);
}

static void ends_loops(void **state)
{
	char *linkage;

	(void)state;
	make_child();
	linkage = linkage_of("child.vhdx");
	add_locator("child.vhdx", linkage, "child.vhdx");
	disk_refused("child.vhdx", E_LIMIT, "loop");
	g_free(linkage);
}

/* ------------------------------------------------------------------ damage */

static void survives_damage(void **state)
{
	static const uint8_t broken[] = "broken";
	struct source *s;

	(void)state;
	disk_run("rm -f *.vhdx; " CONVERT " raw.dd d.vhdx; cp d.vhdx a.vhdx;"
	         "cp d.vhdx b.vhdx; cp d.vhdx e.vhdx; cp d.vhdx h.vhdx");
	disk_cut("a.vhdx", disk_file_size("a.vhdx") - (2 << 20));
	s = disk_problem("a.vhdx", "cut off");
	assert_in_range(disk_holes(s, disk_bytes, DISK_SIZE), 1000, 4100);
	source_free(s);

	patch_le("b.vhdx", TABLE, TABLE | 6, 8);            /* itself */
	patch_le("b.vhdx", TABLE + 8 * 3, 0x100000 | 6, 8); /* the log */
	patch_le("b.vhdx", TABLE + 8 * 4, UINT64_C(1) << 50 | 6, 8);
	s = disk_problem("b.vhdx", "3145728 bytes of the disk cannot be had");
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), 3 * 2048);
	source_free(s);

	/* one of each pair is enough */
	disk_patch("e.vhdx", 0x10010, broken, sizeof(broken));
	disk_patch("e.vhdx", 0x30010, broken, sizeof(broken));
	s = disk_problem("e.vhdx", "header 1 of the VHDX is damaged; region");
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), 0);
	source_free(s);
	disk_patch("e.vhdx", 0x20010, broken, sizeof(broken));
	disk_refused("e.vhdx", E_CORRUPT, "VHDX header");

	disk_mutate("d.vhdx", 0x10000, 80, 60);
	disk_mutate("d.vhdx", 0x30000, 80, 60);
	disk_mutate("d.vhdx", TABLE, 48, 100);
	disk_mutate("d.vhdx", METADATA, 200, 100);
	disk_mutate("d.vhdx", METADATA + 0x10000, 60, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_kind),
		cmocka_unit_test(follows_parents),
		cmocka_unit_test(ends_loops),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, disks_make, folder_remove);
}
