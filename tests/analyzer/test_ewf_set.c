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

/* NAME.E01 and NAME.E02, of one byte for each chunk; the path of the first. */
static char *acquire(const char *name)
{
	char *raw = g_build_filename(folder, "raw", NULL);
	char *target = g_build_filename(folder, name, NULL);
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

/* The section whose type this is. */
static uint8_t *section_of(uint8_t *p, gsize n, const char *type)
{
	size_t at = 0;

	while (at + 16 < n && memcmp(p + at, type, strlen(type) + 1) != 0)
		at++;
	assert_true(at + 16 < n);
	return p + at;
}

/* Entry i of that section; a checksum follows the last. */
static uint8_t *entry_of(uint8_t *p, gsize n, const char *type, unsigned i)
{
	return section_of(p, n, type) + EWF_SECTION_SIZE + EWF_TABLE_SIZE +
	       (size_t)i * EWF_ENTRY_SIZE;
}

/* The four bytes behind n others are their checksum. */
static void sum_up(uint8_t *p, size_t n)
{
	uint32_t v = ewf_checksum(1, (struct bytes){ p, n, 0 });

	for (unsigned k = 0; k < 4; k++)
		p[n + k] = (uint8_t)(v >> (8 * k));
}

static void save(const char *path, uint8_t *p, gsize n)
{
	assert_true(
		g_file_set_contents(path, (const char *)p, (gssize)n, NULL));
	g_free(p);
}

/* Change the highest byte of the place of a chunk, in the table and its copy.
   All checksums are right. */
static void flip(const char *path, unsigned chunk, uint8_t bits)
{
	static const char *const types[] = { "table", "table2" };
	uint8_t *p;
	gsize n;

	assert_true(g_file_get_contents(path, (char **)&p, &n, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		uint8_t *first = entry_of(p, n, types[i], 0);

		entry_of(p, n, types[i], chunk)[3] ^= bits;
		sum_up(first, CHUNKS * EWF_ENTRY_SIZE);
	}
	save(path, p, n);
}

/* The chunk begins where the first does, and is said to be packed. */
static void put_back(const char *path, unsigned chunk)
{
	static const char *const types[] = { "table", "table2" };
	uint8_t *p;
	gsize n;

	assert_true(g_file_get_contents(path, (char **)&p, &n, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		uint8_t *first = entry_of(p, n, types[i], 0);
		uint8_t *entry = entry_of(p, n, types[i], chunk);

		memcpy(entry, first, EWF_ENTRY_SIZE);
		entry[3] |= 0x80;
		sum_up(first, CHUNKS * EWF_ENTRY_SIZE);
	}
	save(path, p, n);
}

/* Whatever its problem is; both are to be released. */
static struct ewf_set look(struct source **s, const char *path)
{
	struct ewf_set set;
	struct probe probe;
	struct error err;

	assert_int_equal(source_file(s, path, &err), OK);
	assert_int_equal(source_probe(&probe, *s, path, &err), OK);
	assert_int_equal(ewf_set_open(&set, &probe, &err), OK);
	return set;
}

/* Has none. */
static struct ewf_set open_set(struct source **s, const char *path)
{
	struct ewf_set set = look(s, path);

	assert_string_equal(set.problem->str, "");
	return set;
}

/* libewf takes as much memory as the tables say: it is not asked. */
static void knows_wild_chunks(void **state)
{
	char *first = acquire("i");
	char *second = g_build_filename(folder, "i.E02", NULL);
	struct ewf_set set;
	struct source *s;

	(void)state;
	set = open_set(&s, first);
	assert_int_equal(set.wild->len, 0);
	ewf_set_release(&set);

	/* 16 MiB off: it ends before it begins, and the one before it is of 16
	   MiB */
	flip(first, CHUNKS - 1, 1);
	flip(second, 7, 1);
	source_free(s);
	set = open_set(&s, first);
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

/* No entry says where the last chunk of a table ends.  libewf copies what is
   up to the table, a MiB, into room for two chunks. */
static void knows_a_long_last_chunk(void **state)
{
	char *first = acquire("last");
	struct ewf_set set;
	struct source *s;
	struct error err;
	uint8_t b;

	(void)state;
	put_back(first, CHUNKS - 1);
	set = open_set(&s, first);
	assert_int_equal(set.wild->len, 2);
	assert_true(ewf_set_is_wild(&set, CHUNKS - 2));
	assert_true(ewf_set_is_wild(&set, CHUNKS - 1));
	ewf_set_release(&set);
	source_free(s);

	assert_int_equal(source_open(&s, first, &err), OK);
	assert_int_equal(
		source_read(s, (uint64_t)CHUNK * (CHUNKS - 1), &b, 1, &err),
		E_CORRUPT);
	assert_int_equal(source_read(s, CHUNK * CHUNKS, &b, 1, &err), OK);
	assert_int_equal(b, CHUNKS);
	source_free(s);
	g_free(first);
}

/* A segment is of the set "A", and its chunks are of `more` * 256 sectors more
   than they are. */
static void put_volume(const char *path, const char *type, uint8_t more)
{
	uint8_t *p, *volume;
	gsize n;

	assert_true(g_file_get_contents(path, (char **)&p, &n, NULL));
	volume = section_of(p, n, type) + EWF_SECTION_SIZE;
	assert_int_equal(volume[8], CHUNK / 512);
	volume[9] = more;
	volume[0x40] = 'A';
	sum_up(volume, EWF_VOLUME_SIZE - 4);
	save(path, p, n);
}

/* The room is for the chunks that the first segment tells of. */
static void knows_the_size_of_a_chunk(void **state)
{
	char *first = acquire("sizes");
	char *second = g_build_filename(folder, "sizes.E02", NULL);
	struct ewf_set set;
	struct source *s;

	(void)state;
	put_volume(first, "volume", 0);
	put_volume(second, "data", 128);
	put_back(second, CHUNKS - 1);
	set = open_set(&s, first);
	assert_int_equal(set.wild->len, 2);
	assert_true(ewf_set_is_wild(&set, 2 * CHUNKS - 1));
	ewf_set_release(&set);
	source_free(s);
	g_free(second);
	g_free(first);
}

/* The table and its copy, or the first alone, have a chunk less: where the
   last entry was is the checksum, or not.  Is that a table for us? */
static bool takes_shorter(const char *name, bool sums, const char *copy)
{
	char *first = acquire(name);
	const char *const types[] = { "table", copy };
	struct ewf_set set;
	struct source *s;
	uint8_t *p;
	bool takes;
	gsize n;

	assert_true(g_file_get_contents(first, (char **)&p, &n, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(types) && types[i]; i++) {
		uint8_t *table = section_of(p, n, types[i]) + EWF_SECTION_SIZE;

		table[0]--;
		sum_up(table, EWF_TABLE_SIZE - 4);
		if (sums)
			sum_up(table + EWF_TABLE_SIZE,
			       (CHUNKS - 1) * EWF_ENTRY_SIZE);
	}
	save(first, p, n);
	set = look(&s, first);
	takes = !strstr(set.problem->str, "(table of chunks)");
	ewf_set_release(&set);
	source_free(s);
	g_free(first);
	return takes;
}

/* Of a table that no checksum vouches for, libewf takes the copy.  Something
   may follow the checksum. */
static void wants_a_checksum(void **state)
{
	(void)state;
	assert_false(takes_shorter("unsure", false, NULL));
	assert_true(takes_shorter("longer", true, "table2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_wild_chunks),
		cmocka_unit_test(reads_the_others),
		cmocka_unit_test(knows_a_long_last_chunk),
		cmocka_unit_test(knows_the_size_of_a_chunk),
		cmocka_unit_test(wants_a_checksum),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
