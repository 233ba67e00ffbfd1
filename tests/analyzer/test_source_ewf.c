/* SPDX-License-Identifier: MIT */
/*
 * test_source_ewf.c - EnCase images that ewfacquire makes, whole and damaged
 *
 * What cannot be told is not given: whatever is damaged, each byte that is read
 * is the right one, or is said to be bad.
 */
#include "tests/analyzer/folder.h"

#include "analyzer/ewf_set.h"
#include "analyzer/source.h"

#define HAVE_LIBBFIO 1
#include <libewf.h>
#include <libvshadow.h>
#include <string.h>

#define CHUNK   32768u
#define SIZE    (3000u * 1024) /* no multiple of a chunk */
#define SECTORS (SIZE / 512)

/* What the images hold: some of it can be compressed, and some cannot. */
static uint8_t contents[SIZE];

static void make_contents(void)
{
	uint32_t x = 1;

	for (size_t i = 0; i < SIZE; i++) {
		x = (uint32_t)(UINT64_C(1664525) * x + 1013904223);
		contents[i] = i / 100000 % 3 ? (uint8_t)(x >> 24)
		                             : (uint8_t)(i / 512);
	}
}

/* The path of a file in the folder; to be freed. */
static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

/* Make NAME.E01 and so on of a raw file; the path of the first, to be freed. */
static char *acquire_file(char *raw, const char *name, const char *compression,
                          const char *segment)
{
	char *target = in_folder(name);
	char *first = g_strconcat(target, ".E01", NULL);
	const char *argv[] = { "ewfacquire", "-u",    "-q", "-c",   compression,
		               "-S",         segment, "-t", target, "-d",
		               "sha1",       raw,     NULL };
	int status = -1;

	if (!g_spawn_sync(NULL, (char **)(gpointer)argv, NULL,
	                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
	                          G_SPAWN_STDERR_TO_DEV_NULL,
	                  NULL, NULL, NULL, NULL, &status, NULL))
		status = -1; /* ewf-tools of tests/setup.sh is missing */
	assert_int_equal(status, 0);
	g_free(target);
	return first;
}

static void save(const char *path, const uint8_t *p, gsize n)
{
	assert_true(
		g_file_set_contents(path, (const char *)p, (gssize)n, NULL));
}

/* The same of the contents. */
static char *acquire(const char *name, const char *compression,
                     const char *segment)
{
	char *raw = in_folder("contents"), *first;

	save(raw, contents, SIZE);
	first = acquire_file(raw, name, compression, segment);
	g_free(raw);
	return first;
}

/* Segment n of the image of this first one. */
static char *segment(const char *first, unsigned n)
{
	return g_strdup_printf("%.*s%02u", (int)strlen(first) - 2, first, n);
}

static void load(uint8_t **p, gsize *n, const char *path)
{
	assert_true(g_file_get_contents(path, (char **)p, n, NULL));
}

/* -------------------------------------------------------------- whole ones */

static void assert_reads(struct source *s)
{
	static const struct {
		size_t at, n;
	} reads[] = {
		{ 0, SIZE },
		{ 0, 1 },
		{ CHUNK - 1, 2 },
		{ CHUNK, CHUNK },
		{ 12345, 1000000 },
		{ SIZE - 1, 1 },
		{ SIZE - CHUNK - 5, CHUNK },
		{ 7, 3 },
	};
	uint8_t *buf = g_malloc(SIZE);
	struct error err;

	assert_int_equal(s->size, SIZE);
	for (size_t i = 0; i < G_N_ELEMENTS(reads); i++) {
		memset(buf, 0xee, SIZE);
		assert_int_equal(
			source_read(s, reads[i].at, buf, reads[i].n, &err), OK);
		assert_memory_equal(buf, contents + reads[i].at, reads[i].n);
	}
	g_free(buf);
}

static void reads_images(void **state)
{
	static const char *const kinds[] = { "none", "fast", "best",
		                             "empty-block" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		char *md5 = g_compute_checksum_for_data(G_CHECKSUM_MD5,
		                                        contents, SIZE);
		char *path = acquire(kinds[i], kinds[i], "1MiB");
		struct source *s;
		struct error err;

		assert_int_equal(source_open(&s, path, &err), OK);
		assert_string_equal(s->format, "E01");
		assert_null(s->problem);
		assert_string_equal(s->stored_md5, md5);
		assert_non_null(s->stored_sha1);
		assert_reads(s);
		assert_int_equal(s->bad->len, 0);
		source_free(s);
		g_free(path);
		g_free(md5);
	}
}

/* Another library of the family, over the same libbfio. */
static void shares_the_process(void **state)
{
	char *path = acquire("shared", "fast", "1MiB");
	libvshadow_volume_t *volume = NULL;
	struct source *s, *more;
	libbfio_handle_t *io;
	struct error err;

	(void)state;
	assert_int_equal(source_open(&s, path, &err), OK);
	assert_int_equal(source_handle(&io, s, 0, s->size, &err), OK);
	assert_int_equal(libbfio_handle_open(io, LIBBFIO_OPEN_READ, NULL), 1);
	assert_int_equal(libvshadow_volume_initialize(&volume, NULL), 1);
	/* it is none; what matters is that it is read, and let go */
	assert_int_not_equal(libvshadow_volume_open_file_io_handle(
				     volume, io, LIBVSHADOW_OPEN_READ, NULL),
	                     1);
	assert_int_equal(libvshadow_volume_free(&volume, NULL), 1);
	(void)libbfio_handle_close(io, NULL);
	assert_int_equal(libbfio_handle_free(&io, NULL), 1);
	assert_int_equal(source_open(&more, path, &err), OK);
	assert_reads(more);
	source_free(more);
	assert_reads(s);
	source_free(s);
	g_free(path);
}

/* One segment lies in another container as well as in a file. */
static void reads_nested(void **state)
{
	char *path = acquire("inner", "fast", "1GiB");
	char *outer = in_folder("outer.001"), *more = in_folder("outer.002");
	struct source *s;
	struct error err;
	uint8_t *p;
	gsize n;

	(void)state;
	load(&p, &n, path);
	save(outer, p, 1000);
	save(more, p + 1000, n - 1000);
	assert_int_equal(source_open(&s, outer, &err), OK);
	assert_string_equal(s->format, "E01 in split raw");
	assert_reads(s);
	source_free(s);
	g_free(p);
	g_free(more);
	g_free(outer);
	g_free(path);
}

static void numbers_names(void **state)
{
	(void)state;
	assert_int_equal(ewf_name_number("a.E01"), 1);
	assert_int_equal(ewf_name_number("a.e99"), 99);
	assert_int_equal(ewf_name_number("a.EAA"), 100);
	assert_int_equal(ewf_name_number("a.EAZ"), 125);
	assert_int_equal(ewf_name_number("a.EBA"), 126);
	assert_int_equal(ewf_name_number("a.FAA"), 776);
	assert_int_equal(ewf_name_number("a.ZZZ"), 14971);
	assert_int_equal(ewf_name_number("a.s02"), 2);
	assert_int_equal(ewf_name_number("E01"), 0);
	assert_int_equal(ewf_name_number("a.E0"), 0);
	assert_int_equal(ewf_name_number("a.001"), 0);
}

/* More segments than are open at once, and than two digits can count. */
static void reads_many_segments(void **state)
{
	const size_t n = 140 << 20;
	char *raw = in_folder("large"), *path;
	uint8_t *p = g_malloc0(n), *got = g_malloc(n);
	struct source *s;
	struct error err;

	(void)state;
	for (size_t i = 0; i < n; i += 4096) {
		p[i] = (uint8_t)(i >> 12);
		p[i + 1] = (uint8_t)(i >> 20);
	}
	save(raw, p, n);
	path = acquire_file(raw, "large", "none", "1MiB");
	assert_int_equal(source_open(&s, path, &err), OK);
	assert_null(s->problem);
	assert_int_equal(s->size, n);
	assert_int_equal(source_read(s, 0, got, n, &err), OK);
	assert_memory_equal(got, p, n);
	source_free(s);
	g_free(got);
	g_free(p);
	g_free(path);
	g_free(raw);
}

/* ------------------------------------------------------------ damaged ones */

/*
 * Read all in sectors: each is right, or said to be bad; the number of good
 * ones.  Where it does not open, none.
 */
static size_t good_sectors(const char *path)
{
	struct source *s;
	struct error err;
	size_t good = 0;

	if (source_open(&s, path, &err))
		return 0;
	for (uint64_t at = 0; at < MIN(s->size, SIZE); at += 512) {
		uint8_t buf[512];

		if (source_read(s, at, buf, sizeof(buf), &err)) {
			assert_true(s->bad->len > 0);
			continue;
		}
		assert_memory_equal(buf, contents + at, sizeof(buf));
		good++;
	}
	source_free(s);
	return good;
}

/* Neighbours, too: of those libewf's own list tells one. */
static void refuses_bad_chunks(void **state)
{
	static const char *const kinds[] = { "none", "fast" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		char *path = acquire("chunks", kinds[i], "1GiB");
		struct source *s;
		struct error err;
		uint8_t *p, *buf = g_malloc(SIZE);
		size_t bad = 0;
		gsize n;

		load(&p, &n, path);
		p[1000000] ^= 0x40;
		p[1000000 + CHUNK + 500] ^= 0x40;
		save(path, p, n);
		assert_int_equal(source_open(&s, path, &err), OK);
		assert_int_equal(source_read(s, 0, buf, SIZE, &err), E_CORRUPT);
		for (guint j = 0; j < s->bad->len; j++) {
			struct bad_range r =
				g_array_index(s->bad, struct bad_range, j);

			assert_int_equal(r.at % CHUNK, 0);
			assert_int_equal(r.n % CHUNK, 0);
			bad += r.n;
		}
		assert_int_equal(bad, 2 * CHUNK);
		source_free(s);
		assert_int_equal(good_sectors(path), SECTORS - 2 * CHUNK / 512);
		g_free(buf);
		g_free(p);
		g_free(path);
	}
}

/* All that is before the cut or behind the segment is there. */
static void reads_what_is_left(void **state)
{
	char *path = acquire("cut", "none", "1MiB");
	char *second = segment(path, 2);
	const size_t per = 31 * CHUNK / 512;
	uint8_t *p;
	gsize n;

	(void)state;
	load(&p, &n, second);
	for (gsize cut = 0; cut < n; cut += 10007) {
		save(second, p, cut);
		assert_int_equal(good_sectors(path), SECTORS - per);
	}
	/* the copy of the table is enough of an end */
	save(second, p, n - 80);
	assert_int_equal(good_sectors(path), SECTORS);
	g_free(p);
	g_free(second);
	g_free(path);
}

/* Both tables of a segment, or one of them. */
static void damaged_tables(void **state)
{
	char *path = acquire("tables", "fast", "1MiB");
	char *second = segment(path, 2);
	size_t at[2], found = 0, good;
	uint8_t *p;
	gsize n;

	(void)state;
	load(&p, &n, second);
	for (size_t i = 0; i + 16 < n && found < 2; i++)
		if (!memcmp(p + i, found ? "table2\0" : "table\0\0", 7))
			at[found++] = i + EWF_SECTION_SIZE + EWF_TABLE_SIZE + 9;
	assert_int_equal(found, 2);
	for (size_t i = 0; i < 2; i++) {
		p[at[i]] ^= 0x10;
		save(second, p, n);
		assert_int_equal(good_sectors(path), SECTORS);
		p[at[i]] ^= 0x10;
	}
	p[at[0]] ^= 0x10;
	p[at[1]] ^= 0x10;
	save(second, p, n);
	good = good_sectors(path);
	assert_true(good > SECTORS / 4 && good < SECTORS);
	g_free(p);
	g_free(second);
	g_free(path);
}

/* Make good the checksum of whatever volume section begins here. */
static void set_identifier(uint8_t *section, uint8_t value)
{
	uint8_t *volume = section + EWF_SECTION_SIZE;
	struct bytes summed = { volume, EWF_VOLUME_SIZE - 4, 0 };
	uint32_t sum;

	memset(volume + 0x40, value, EWF_SET_SIZE);
	sum = GUINT32_TO_LE(ewf_checksum(1, summed));
	memcpy(volume + EWF_VOLUME_SIZE - 4, &sum, 4);
}

/* Every segment says to which image it belongs; ewfacquire says nothing. */
static void brand(const char *path, uint8_t value)
{
	uint8_t *p;
	gsize n;

	load(&p, &n, path);
	for (size_t i = 0; i + EWF_SECTION_SIZE + EWF_VOLUME_SIZE <= n; i++)
		if ((!memcmp(p + i, "volume\0\0\0\0\0\0\0\0\0", 16) ||
		     !memcmp(p + i, "data\0\0\0\0\0\0\0\0\0\0\0", 16)))
			set_identifier(p + i, value);
	save(path, p, n);
	g_free(p);
}

static void tells_sets_apart(void **state)
{
	char *path = acquire("sets", "none", "1MiB");
	char *second = segment(path, 2), *third = segment(path, 3);
	struct source *s;
	struct error err;

	(void)state;
	brand(path, 0xaa);
	brand(second, 0xaa);
	assert_int_equal(good_sectors(path), SECTORS);
	brand(third, 0xbb);
	assert_int_equal(source_open(&s, path, &err), OK);
	assert_non_null(strstr(s->problem, third));
	assert_non_null(strstr(s->problem, "of another image"));
	source_free(s);
	assert_true(good_sectors(path) >= 2 * 31 * CHUNK / 512);
	g_free(third);
	g_free(second);
	g_free(path);
}

/* Bytes of the first segment changed, everywhere but in chunks: no crash, and
   nothing that is not right. */
static void survives_damage(void **state)
{
	char *path = acquire("hostile", "fast", "1MiB");
	uint8_t *p, old;
	uint32_t x = 7;
	gsize n;

	(void)state;
	load(&p, &n, path);
	for (unsigned i = 0; i < 120; i++) {
		size_t at;

		x = (uint32_t)(UINT64_C(1664525) * x + 1013904223);
		/* its head, its tables, or anywhere */
		at = i % 3 == 0   ? x % 2000
		     : i % 3 == 1 ? n - 1 - x % 3000
		                  : x % n;
		old = p[at];
		p[at] ^= (uint8_t)(1u << (x >> 29));
		save(path, p, n);
		(void)good_sectors(path);
		p[at] = old;
	}
	g_free(p);
	g_free(path);
}

/* Sectors that the medium did not give: their bytes are as they are until the
   hashes are verified, and bad from then on. */
static void knows_what_was_lost(void **state)
{
	char *path = in_folder("lost");
	char *names[] = { path };
	libewf_handle_t *h = NULL;
	struct source *s;
	struct error err;
	uint8_t buf[512];

	(void)state;
	assert_int_equal(libewf_handle_initialize(&h, NULL), 1);
	assert_int_equal(
		libewf_handle_open(h, names, 1, LIBEWF_OPEN_WRITE, NULL), 1);
	assert_int_equal(libewf_handle_set_media_size(h, SIZE, NULL), 1);
	assert_int_equal(libewf_handle_append_acquiry_error(h, 40, 3, NULL), 1);
	assert_int_equal(libewf_handle_write_buffer(h, contents, SIZE, NULL),
	                 SIZE);
	assert_true(libewf_handle_write_finalize(h, NULL) >= 0);
	assert_int_equal(libewf_handle_close(h, NULL), 0);
	assert_int_equal(libewf_handle_free(&h, NULL), 1);

	g_free(path);
	path = in_folder("lost.E01");
	assert_int_equal(source_open(&s, path, &err), OK);
	assert_reads(s);
	source_drop_lost(s);
	assert_int_equal(source_read(s, 39 * 512, buf, 512, &err), OK);
	assert_int_equal(source_read(s, 40 * 512, buf, 512, &err), E_IO);
	assert_int_equal(source_read(s, 42 * 512, buf, 512, &err), E_IO);
	assert_int_equal(source_read(s, 43 * 512, buf, 512, &err), OK);
	assert_int_equal(s->bad->len, 1);
	source_free(s);
	g_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_images),
		cmocka_unit_test(shares_the_process),
		cmocka_unit_test(reads_nested),
		cmocka_unit_test(numbers_names),
		cmocka_unit_test(reads_many_segments),
		cmocka_unit_test(refuses_bad_chunks),
		cmocka_unit_test(reads_what_is_left),
		cmocka_unit_test(damaged_tables),
		cmocka_unit_test(tells_sets_apart),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(knows_what_was_lost),
	};

	make_contents();
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
