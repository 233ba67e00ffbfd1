/* SPDX-License-Identifier: MIT */
/*
 * test_ewf_set.c - what the tables of an EnCase image say of its chunks
 */
#include "tests/analyzer/folder.h"

#include "analyzer/ewf_set.h"

#include <string.h>

#define CHUNK  32768u
#define CHUNKS 31u /* of a segment of 1 MiB */
#define SIZE   (2 * CHUNKS * CHUNK)

/* i.E01 and i.E02, of one byte for each chunk; the path of the first. */
static char *acquire(void)
{
	char *raw = g_build_filename(folder, "raw", NULL);
	char *target = g_build_filename(folder, "i", NULL);
	char *first = g_strconcat(target, ".E01", NULL);
	char *command = g_strdup_printf("ewfacquire -u -q -c none -S 1MiB "
	                                "-t '%s' '%s'",
	                                target, raw);
	char *contents = g_malloc(SIZE), *out = NULL;
	int status = -1;

	for (size_t i = 0; i < SIZE; i++)
		contents[i] = (char)(i / CHUNK);
	assert_true(g_file_set_contents(raw, contents, SIZE, NULL));
	if (!g_spawn_command_line_sync(command, &out, NULL, &status, NULL))
		status = -1; /* ewf-tools of tests/setup.sh is missing */
	assert_int_equal(status, 0);
	g_free(out);
	g_free(contents);
	g_free(command);
	g_free(target);
	g_free(raw);
	return first;
}

/* Entry i of the section whose type this is; a checksum follows the last. */
static uint8_t *entry_of(uint8_t *p, gsize n, const char *type, unsigned i)
{
	size_t at = 0;

	while (at + 16 < n && memcmp(p + at, type, strlen(type) + 1) != 0)
		at++;
	assert_true(at + 16 < n);
	return p + at + EWF_SECTION_SIZE + EWF_TABLE_SIZE +
	       (size_t)i * EWF_ENTRY_SIZE;
}

/* The place of one chunk is 16 MiB off: it ends before it begins, and the one
   before it is of 16 MiB.  All checksums are right. */
static void make_wild(const char *path, unsigned chunk)
{
	static const char *const types[] = { "table", "table2" };
	uint8_t *p;
	gsize n;

	assert_true(g_file_get_contents(path, (char **)&p, &n, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		uint8_t *first = entry_of(p, n, types[i], 0);
		uint8_t *sum = entry_of(p, n, types[i], CHUNKS);
		struct bytes entries = { first, (size_t)(sum - first), 0 };
		uint32_t v;

		entry_of(p, n, types[i], chunk)[3] ^= 1;
		v = ewf_checksum(1, entries);
		for (unsigned k = 0; k < 4; k++)
			sum[k] = (uint8_t)(v >> (8 * k));
	}
	assert_true(
		g_file_set_contents(path, (const char *)p, (gssize)n, NULL));
	g_free(p);
}

static struct ewf_set open_set(struct source *s, const char *path)
{
	struct ewf_set set;
	struct probe probe;
	struct error err;

	assert_int_equal(source_probe(&probe, s, path, &err), OK);
	assert_int_equal(ewf_set_open(&set, &probe, &err), OK);
	assert_string_equal(set.problem->str, "");
	return set;
}

/* libewf takes as much memory as the tables say: it is not asked. */
static void knows_wild_chunks(void **state)
{
	char *first = acquire();
	char *second = g_build_filename(folder, "i.E02", NULL);
	struct ewf_set set;
	struct source *s;
	struct error err;

	(void)state;
	assert_int_equal(source_file(&s, first, &err), OK);
	set = open_set(s, first);
	assert_int_equal(set.wild->len, 0);
	ewf_set_release(&set);

	make_wild(first, CHUNKS - 1);
	make_wild(second, 7);
	source_free(s);
	assert_int_equal(source_file(&s, first, &err), OK);
	set = open_set(s, first);
	assert_int_equal(set.wild->len, 4);
	assert_true(ewf_set_is_wild(&set, CHUNKS - 2));
	assert_true(ewf_set_is_wild(&set, CHUNKS - 1));
	assert_true(ewf_set_is_wild(&set, CHUNKS + 6));
	assert_true(ewf_set_is_wild(&set, CHUNKS + 7));
	assert_false(ewf_set_is_wild(&set, CHUNKS + 8));
	ewf_set_release(&set);
	source_free(s);
	g_free(second);
	g_free(first);
}

/* All others are there. */
static void reads_the_others(void **state)
{
	char *first = g_build_filename(folder, "i.E01", NULL);
	unsigned good = 0;
	struct source *s;
	struct error err;

	(void)state;
	assert_int_equal(source_open(&s, first, &err), OK);
	assert_int_equal(s->size, SIZE);
	for (unsigned i = 0; i < 2 * CHUNKS; i++) {
		uint8_t buf[512];
		enum status st = source_read(s, (uint64_t)i * CHUNK, buf,
		                             sizeof(buf), &err);

		assert_true(st == OK || st == E_CORRUPT);
		assert_true(st || (buf[0] == i && buf[511] == i));
		good += !st;
	}
	assert_int_equal(good, 2 * CHUNKS - 4);
	source_free(s);
	g_free(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_wild_chunks),
		cmocka_unit_test(reads_the_others),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
