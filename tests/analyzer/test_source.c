/* SPDX-License-Identifier: MIT */
/*
 * test_source.c - evidence as bytes: one file, segments, and what is refused
 */
#include "tests/analyzer/folder.h"

#include "analyzer/source.h"

#include <string.h>

/* Make a file of these bytes; the path is to be freed. */
static char *make(const char *name, const void *p, size_t n)
{
	char *path = g_build_filename(folder, name, NULL);

	assert_true(g_file_set_contents(path, p, (gssize)n, NULL));
	return path;
}

static void fill(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(i * 7 + i / 256);
}

static void check_reads(struct source *s, const uint8_t *wanted, size_t n)
{
	static const struct {
		size_t at, n;
	} reads[] = {
		{ 0, 1 },      { 0, 5000 }, { 999, 2 },  { 1000, 1000 },
		{ 999, 1002 }, { 4999, 1 }, { 5000, 0 },
	};
	uint8_t buf[5000];
	struct error err;

	assert_int_equal(s->size, n);
	for (size_t i = 0; i < G_N_ELEMENTS(reads); i++) {
		memset(buf, 0xee, sizeof(buf));
		assert_int_equal(
			source_read(s, reads[i].at, buf, reads[i].n, &err), OK);
		assert_memory_equal(buf, wanted + reads[i].at, reads[i].n);
	}
	assert_int_equal(source_read(s, 4999, buf, 2, &err), E_TRUNCATED);
	assert_int_equal(err.at, 5000);
	assert_int_equal(source_read(s, UINT64_MAX, buf, 2, &err), E_TRUNCATED);
}

static void test_raw(void **state)
{
	uint8_t bytes[5000];
	struct source *s;
	struct error err;
	char *path;

	(void)state;
	fill(bytes, sizeof(bytes));
	path = make("disk.dd", bytes, sizeof(bytes));
	assert_int_equal(source_open(&s, path, &err), OK);
	assert_string_equal(s->format, "raw");
	check_reads(s, bytes, sizeof(bytes));
	source_free(s);
	g_free(path);
}

/* Segments of unequal length are one range, also through a clone. */
static void test_split(void **state)
{
	libbfio_handle_t *io, *clone = NULL;
	uint8_t bytes[5000], buf[3];
	struct source *s;
	struct error err;
	char *path;

	(void)state;
	fill(bytes, sizeof(bytes));
	path = make("s.001", bytes, 1000);
	g_free(make("s.002", bytes + 1000, 1001));
	g_free(make("s.003", bytes + 2001, 2999));
	assert_int_equal(source_open(&s, path, &err), OK);
	assert_string_equal(s->format, "split raw");
	check_reads(s, bytes, sizeof(bytes));

	assert_int_equal(source_handle(&io, s, 10, 4980, &err), OK);
	assert_int_equal(libbfio_handle_open(io, LIBBFIO_OPEN_READ, NULL), 1);
	assert_int_equal(libbfio_handle_clone(&clone, io, NULL), 1);
	assert_int_equal(libbfio_handle_close(io, NULL), 0);
	assert_int_equal(libbfio_handle_free(&io, NULL), 1);
	assert_int_equal(libbfio_handle_open(clone, LIBBFIO_OPEN_READ, NULL),
	                 1);
	assert_int_equal(libbfio_handle_seek_offset(clone, -2, SEEK_END, NULL),
	                 4978);
	assert_int_equal(libbfio_handle_read_buffer(clone, buf, 3, NULL), 2);
	assert_memory_equal(buf, bytes + 4988, 2);
	assert_int_equal(libbfio_handle_close(clone, NULL), 0);
	/* evidence is never opened to write */
	assert_int_equal(
		libbfio_handle_open(clone, LIBBFIO_OPEN_READ_WRITE, NULL), -1);
	assert_int_equal(libbfio_handle_free(&clone, NULL), 1);
	source_free(s);
	g_free(path);
}

static void test_missing_segment(void **state)
{
	uint8_t bytes[100] = { 1 };
	char *path = make("m.001", bytes, 100);
	struct source *s;
	struct error err;

	(void)state;
	g_free(make("m.003", bytes, 100));
	assert_int_equal(source_open(&s, path, &err), E_ABSENT);
	assert_non_null(strstr(err.what, "segment"));
	g_free(path);
}

static void test_refused(void **state)
{
	static const struct {
		const char *magic;
		size_t n;
		const char *says;
	} cases[] = {
		{ "EVF\x09\x0d\x0a\xff\0", 8, "E01" },
		{ "QFI\xfb\0\0\0\x03", 8, "QCOW" },
		{ "vhdxfile", 8, "VHDX" },
		{ "KDMV\x01\0\0\0", 8, "VMDK" },
		{ "\0\1\0\0R\0O\0B\0S\0", 12, "EFSRPC" },
	};
	struct source *s;
	struct error err;
	char *path;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		path = make("image.dd", cases[i].magic, cases[i].n);
		assert_int_equal(source_open(&s, path, &err), E_UNSUPPORTED);
		assert_non_null(strstr(err.what, cases[i].says));
		assert_null(s);
		g_free(path);
	}
	assert_int_equal(source_open(&s, folder, &err), E_UNSUPPORTED);
	path = make("empty", "", 0);
	assert_int_equal(source_open(&s, path, &err), E_ABSENT);
	g_free(path);
	assert_int_equal(source_open(&s, "/nonexistent/x", &err), E_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_missing_segment),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
