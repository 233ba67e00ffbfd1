/* SPDX-License-Identifier: MIT */
/*
 * test_source_vhd.c - VHD by qemu-img, by others, with parents, and damaged
 */
#include "tests/analyzer/disks.h"

#include <string.h>

#define SHA256_IMAGE \
	"c6db12a7db548e193c29420c1b4533e4708b20c5033db5cc29ef075d48316d25"
#define CONVERT "qemu-img convert -O vpc -o force_size=on,subformat="

static void put_be32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t get_be32(const char *name, long at)
{
	uint8_t b[4];

	disk_get(name, at, b, 4);
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

/* A structure with its checksum made right again. */
static void patch_sum(const char *name, long at, size_t n, size_t checksum,
                      void (*change)(uint8_t *p))
{
	uint8_t buf[1024];
	uint32_t sum = 0;

	disk_get(name, at, buf, n);
	change(buf);
	memset(buf + checksum, 0, 4);
	for (size_t i = 0; i < n; i++)
		sum += buf[i];
	put_be32(buf + checksum, ~sum);
	disk_patch(name, at, buf, n);
}

static void patch_footers(const char *name, void (*change)(uint8_t *p))
{
	patch_sum(name, 0, 512, 0x40, change);
	patch_sum(name, -512, 512, 0x40, change);
}

static void patch_header(const char *name, void (*change)(uint8_t *p))
{
	patch_sum(name, 512, 1024, 0x24, change);
}

static void reads_every_kind(void **state)
{
	(void)state;
	disk_run(CONVERT "dynamic raw.dd d.vhd;" CONVERT "fixed raw.dd f.vhd");
	disk_is("d.vhd", disk_bytes, DISK_SIZE);
	disk_is("f.vhd", disk_bytes, DISK_SIZE);
	disk_fact("d.vhd", "type", "dynamic");
	disk_fact("d.vhd", "block size", "2097152");
	disk_fact("f.vhd", "type", "fixed");
	disk_fact("f.vhd", "creator", "qem2 5.3 on Wi2k");
}

/*
 * The images of dfvfs.  The footer's checksum is wrong there, as qemu-img says
 * too.  What is in them: vhdiexport's bytes, by their SHA-256; the child's are
 * its parent's.
 */
static void assert_sha256(const char *name, size_t size, const char *wanted)
{
	struct source *s = disk_problem(name, "checksum");
	uint8_t *buf = g_malloc(size);
	struct error err;
	char *got;

	assert_int_equal(s->size, size);
	assert_int_equal(source_read(s, 0, buf, size, &err), OK);
	got = g_compute_checksum_for_data(G_CHECKSUM_SHA256, buf, size);
	assert_string_equal(got, wanted);
	g_free(got);
	g_free(buf);
	source_free(s);
}

static void reads_corpus(void **state)
{
	const char *corpus = g_getenv("CORPUS");
	char *command;

	(void)state;
	if (!corpus || !g_file_test(corpus, G_FILE_TEST_IS_DIR))
		skip();
	command = g_strdup_printf("mkdir -p empty; cp %s/images/image.vhd "
	                          "%s/images/image-differential.vhd .;"
	                          "cp image-differential.vhd empty/alone.vhd",
	                          corpus, corpus);
	disk_run(command);
	g_free(command);
	assert_sha256("image.vhd", 104448, SHA256_IMAGE);
	assert_sha256("image-differential.vhd", 104448, SHA256_IMAGE);
	disk_fact("image-differential.vhd", "type", "differencing");
	source_free(disk_problem("empty/alone.vhd", "is not beside it"));
}

/* ----------------------------------------------------------------- parents */

static const uint8_t parent_id[16] = { 1, 2,  3,  4,  5,  6,  7,  8,
	                               9, 10, 11, 12, 13, 14, 15, 16 };

static void set_parent_id(uint8_t *p)
{
	memcpy(p + 0x44, parent_id, 16);
}

static void set_type(uint8_t *p)
{
	put_be32(p + 0x3c, 4);
}

static void set_parent(uint8_t *p)
{
	static const char name[] = "Parent.vhd";

	memcpy(p + 0x28, parent_id, 16);
	for (size_t i = 0; i < sizeof(name); i++)
		p[0x40 + 2 * i + 1] = (uint8_t)name[i];
}

/* The child has the second half of block 0, and all of block 2. */
static void make_child(void)
{
	static const uint8_t no_bits[256];

	disk_run(CONVERT "dynamic raw.dd parent.vhd;"
	                 "qemu-img create -q -f vpc -o force_size=on "
	                 "child.vhd 5244416;"
	                 "qemu-io -f vpc -c 'write -q -P 5 0 2M' -c 'write -q "
	                 "-P 6 4M 1M' child.vhd");
	patch_footers("parent.vhd", set_parent_id);
	patch_footers("child.vhd", set_type);
	patch_header("child.vhd", set_parent);
	disk_patch("child.vhd", (long)get_be32("child.vhd", 1536) * 512,
	           no_bits, sizeof(no_bits));
}

static uint8_t *child_bytes(void)
{
	uint8_t *wanted = g_memdup2(disk_bytes, DISK_SIZE);

	memset(wanted + (1 << 20), 5, 1 << 20);
	memset(wanted + (4 << 20), 6, 1 << 20);
	/* the rest of the block is there as well: its bits are all set */
	memset(wanted + (5 << 20), 0, DISK_SIZE - (5 << 20));
	return wanted;
}

static void follows_parents(void **state)
{
	uint8_t *wanted = child_bytes();
	struct source *s;
	size_t holes;

	(void)state;
	make_child();
	disk_is("child.vhd", wanted, DISK_SIZE);
	disk_fact("child.vhd", "parent", "Parent.vhd");
	disk_fact("child.vhd", "parent identifier",
	          "{01020304-0506-0708-090a-0b0c0d0e0f10}");

	disk_run("mv parent.vhd gone; qemu-img convert -O qcow2 gone p.vhd");
	s = disk_problem("child.vhd", "\"Parent.vhd\" {01020304-0506-0708-");
	holes = disk_holes(s, wanted, DISK_SIZE);
	assert_int_equal(holes, (1 << 20) / 512 + (2 << 20) / 512);
	source_free(s);

	/* inside of another container nothing is beside it */
	disk_run("mv gone parent.vhd; qemu-img convert -f raw -O qcow2 "
	         "child.vhd in.qcow2");
	s = disk_problem("in.qcow2", "inside of another container");
	assert_string_equal(s->format, "VHD in QCOW2");
	source_free(s);

	/* another parent of that name */
	disk_run(CONVERT "dynamic raw.dd parent.vhd");
	s = disk_problem("child.vhd", "with another identifier");
	assert_true(disk_holes(s, wanted, DISK_SIZE) > 0);
	source_free(s);

	disk_run("mv p.vhd parent.vhd");
	source_free(disk_problem("child.vhd", "is of another format"));
	g_free(wanted);
}

static void set_own_parent(uint8_t *p)
{
	static const char name[] = "loop.vhd";

	set_parent(p);
	memset(p + 0x40, 0, 64);
	for (size_t i = 0; i < sizeof(name); i++)
		p[0x40 + 2 * i + 1] = (uint8_t)name[i];
}

static void ends_loops(void **state)
{
	(void)state;
	make_child();
	disk_run("cp child.vhd loop.vhd");
	patch_footers("loop.vhd", set_parent_id);
	patch_header("loop.vhd", set_own_parent);
	disk_refused("loop.vhd", E_LIMIT, "loop");
}

/* ------------------------------------------------------------------ damage */

static void huge(uint8_t *p)
{
	p[0x30] = 0x10; /* 2^60 bytes */
}

static void survives_damage(void **state)
{
	static const uint8_t header[] = { 0, 0, 0, 1 };
	static const uint8_t table[] = { 0, 0, 0, 3 };
	static const uint8_t outside[] = { 0x7f, 0xff, 0xff, 0xff };
	static const uint8_t broken[] = { 1 };
	struct source *s;

	(void)state;
	disk_run(CONVERT "dynamic raw.dd d.vhd; cp d.vhd a.vhd; cp d.vhd b.vhd;"
	                 "cp d.vhd c.vhd; cp d.vhd h.vhd; cp d.vhd e.vhd");
	disk_cut("a.vhd", disk_file_size("a.vhd") - (1 << 20));
	s = disk_problem("a.vhd", "cut off");
	assert_true(disk_holes(s, disk_bytes, DISK_SIZE) > 0);
	source_free(s);

	disk_patch("b.vhd", 1536, header, 4);
	disk_patch("b.vhd", 1540, table, 4);
	s = disk_problem("b.vhd", "4194304 bytes of the disk cannot be had");
	assert_int_equal(disk_holes(s, disk_bytes, DISK_SIZE), (4 << 20) / 512);
	source_free(s);

	disk_patch("c.vhd", 1536 + 8, outside, 4);
	s = disk_problem("c.vhd", "the first at 4194304");
	source_free(s);

	/* one of the two footers is enough */
	disk_patch("e.vhd", 100, broken, 1);
	s = disk_open("e.vhd");
	assert_int_equal(s->size, DISK_SIZE);
	source_free(s);
	disk_patch("e.vhd", -400, broken, 1);
	source_free(disk_problem("e.vhd", "checksum"));

	patch_footers("h.vhd", huge);
	s = disk_problem("h.vhd", "cannot be had");
	assert_true(s->size >= UINT64_C(1) << 60);
	assert_int_equal(disk_holes(s, disk_bytes, 5 << 20), 0);
	source_free(s);
	disk_mutate("d.vhd", 0, 1600, 300);
	disk_mutate("d.vhd", -512, 500, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_kind),
		cmocka_unit_test(reads_corpus),
		cmocka_unit_test(follows_parents),
		cmocka_unit_test(ends_loops),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, disks_make, folder_remove);
}
