/* SPDX-License-Identifier: MIT */
/*
 * test_source.c - evidence as bytes: one file, segments, and what is refused
 */
#include "tests/analyzer/faulty.h"

#include "parsers/limits.h"

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
		{ "EVF2\x0d\x0a\x81\0", 8, "Ex01" },
		{ "LVF\x09\x0d\x0a\xff\0", 8, "L01" },
		{ "LEF2\x0d\x0a\x81\0", 8, "Lx01" },
		{ "QFI\xfb\0\0\0\1@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"
		  "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@",
		  72, "version 1" },
		{ "<<< Oracle VM VirtualBox", 24, "VDI" },
		{ "AFF10\x0d\x0a", 7, "AFF" },
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

/* ------------------------------------------------------------ bad ranges */

static void assert_bad(const struct source *s, const struct bad_range *wanted,
                       size_t n)
{
	assert_int_equal(s->bad->len, n);
	for (guint i = 0; i < n; i++) {
		const struct bad_range *r =
			&g_array_index(s->bad, struct bad_range, i);

		assert_int_equal(r->at, wanted[i].at);
		assert_int_equal(r->n, wanted[i].n);
	}
}

static void test_bad_ranges(void **state)
{
	/* each mark, and what is known after it */
	static const struct {
		struct bad_range mark, known[4];
		size_t n;
	} steps[] = {
		{ { 5120, 0 }, { { 0, 0 } }, 0 },
		{ { 5121, 1 }, { { 5120, 512 } }, 1 },
		{ { 1023, 2 }, { { 512, 1024 }, { 5120, 512 } }, 2 },
		/* the same again, and inside */
		{ { 512, 1024 }, { { 512, 1024 }, { 5120, 512 } }, 2 },
		{ { 600, 1 }, { { 512, 1024 }, { 5120, 512 } }, 2 },
		/* between, apart */
		{ { 2560, 512 },
		  { { 512, 1024 }, { 2560, 512 }, { 5120, 512 } },
		  3 },
		/* it touches what is before, then what is behind */
		{ { 1536, 512 },
		  { { 512, 1536 }, { 2560, 512 }, { 5120, 512 } },
		  3 },
		{ { 2048, 512 }, { { 512, 2560 }, { 5120, 512 } }, 2 },
		{ { 0, 1 }, { { 0, 3072 }, { 5120, 512 } }, 2 },
		/* over all of them, and past the end */
		{ { 1000, 5000 }, { { 0, 6144 } }, 1 },
		{ { 9900, 1000 }, { { 0, 6144 }, { 9728, 272 } }, 2 },
		{ { 9999, UINT64_MAX }, { { 0, 6144 }, { 9728, 272 } }, 2 },
		{ { 10000, 1 }, { { 0, 6144 }, { 9728, 272 } }, 2 },
		{ { UINT64_MAX, 1 }, { { 0, 6144 }, { 9728, 272 } }, 2 },
		{ { 7000, UINT64_MAX }, { { 0, 6144 }, { 6656, 3344 } }, 2 },
	};
	static const uint8_t bytes[10000];
	struct faulty f = { .p = bytes, .size = sizeof(bytes) };
	struct source *s = faulty_source(&f);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		source_mark_bad(s, steps[i].mark.at, steps[i].mark.n);
		assert_bad(s, steps[i].known, steps[i].n);
	}
	source_free(s);
}

/* No more are kept than the limit says, but those that are may grow. */
static void test_bad_limit(void **state)
{
	struct faulty f = { .size = UINT64_C(1) << 40 };
	struct source *s = faulty_source(&f);
	const struct bad_range *last;

	(void)state;
	for (uint64_t i = 0; i < LIMIT_BAD_RANGES + 10; i++)
		source_mark_bad(s, i * 1024, 512);
	assert_int_equal(s->bad->len, LIMIT_BAD_RANGES);
	last = &g_array_index(s->bad, struct bad_range, LIMIT_BAD_RANGES - 1);
	source_mark_bad(s, last->at + 512, 512);
	assert_int_equal(s->bad->len, LIMIT_BAD_RANGES);
	assert_int_equal(last->n, 1024);
	source_free(s);
}

static void test_read_error(void **state)
{
	static const uint64_t sectors[] = { 3, 4, 9 };
	static const struct bad_range wanted[] = { { 1536, 1024 },
		                                   { 4608, 392 } };
	uint8_t bytes[5000], buf[5000];
	struct faulty f = { .p = bytes,
		            .size = sizeof(bytes),
		            .bad = sectors,
		            .n_bad = G_N_ELEMENTS(sectors),
		            /* what a container may say of its own file */
		            .status = E_TRUNCATED };
	struct source *s = faulty_source(&f);
	struct error err;
	unsigned reads;

	(void)state;
	fill(bytes, sizeof(bytes));
	assert_int_equal(source_read(s, 100, buf, 1436, &err), OK);
	assert_memory_equal(buf, bytes + 100, 1436);
	assert_int_equal(s->bad->len, 0);
	/* the first place that failed; and it is not the end */
	assert_int_equal(source_read(s, 1000, buf, 4000, &err), E_IO);
	assert_int_equal(err.at, 1536);
	assert_bad(s, wanted, 2);
	/* what is known to be bad is not asked for again */
	reads = f.reads;
	assert_int_equal(source_read(s, 2559, buf, 1, &err), E_IO);
	assert_int_equal(err.at, 2559);
	assert_int_equal(source_read(s, 4999, buf, 1, &err), E_IO);
	assert_int_equal(f.reads, reads);
	assert_int_equal(source_read(s, 2560, buf, 2048, &err), OK);
	assert_memory_equal(buf, bytes + 2560, 2048);
	assert_int_equal(source_read(s, 0, buf, 5001, &err), E_TRUNCATED);
	assert_int_equal(err.at, 5000);
	source_free(s);
}

/* A medium that fails for long reads only has no bad sectors. */
static void test_long_reads_fail(void **state)
{
	uint8_t bytes[5000], buf[5000];
	struct faulty f = { .p = bytes, .size = sizeof(bytes), .most = 600 };
	struct source *s = faulty_source(&f);
	struct error err;

	(void)state;
	fill(bytes, sizeof(bytes));
	assert_int_equal(source_read(s, 7, buf, 4993, &err), OK);
	assert_memory_equal(buf, bytes + 7, 4993);
	assert_int_equal(s->bad->len, 0);
	source_free(s);
}

/* A layer over a source: both know it, each at its own offsets. */
static enum status read_shifted(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                                struct error *err)
{
	return source_read(ctx, at + 1024, buf, n, err);
}

static void test_layer(void **state)
{
	static const uint64_t sectors[] = { 5 };
	static const struct bad_range below = { 2560, 512 };
	static const struct bad_range above = { 1536, 512 };
	uint8_t bytes[5120], buf[4096];
	struct faulty f = {
		.p = bytes, .size = sizeof(bytes), .bad = sectors, .n_bad = 1
	};
	struct source *under = faulty_source(&f);
	const struct reader reader = {
		.read = read_shifted,
		.ctx = under,
		.size = 4096,
		.shared = true,
	};
	struct source *s = source_layer(&reader, "shifted", under, true);
	struct error err;

	(void)state;
	fill(bytes, sizeof(bytes));
	assert_int_equal(source_read(s, 0, buf, 4096, &err), E_IO);
	assert_int_equal(err.at, 1536);
	assert_bad(s, &above, 1);
	assert_bad(under, &below, 1);
	assert_int_equal(source_read(s, 2048, buf, 2048, &err), OK);
	assert_memory_equal(buf, bytes + 3072, 2048);
	source_free(s);
}

/* The first sector of a disk may be the one that is gone. */
static void test_probe(void **state)
{
	static const uint64_t sectors[] = { 0, 9, 1, 2, 3, 4, 5, 6, 7 };
	uint8_t bytes[5120];
	struct faulty f = {
		.p = bytes, .size = sizeof(bytes), .bad = sectors, .n_bad = 2
	};
	struct source *s = faulty_source(&f);
	struct probe probe;
	struct error err;

	(void)state;
	fill(bytes, sizeof(bytes));
	assert_int_equal(source_probe(&probe, s, NULL, &err), OK);
	assert_int_equal(probe.head.n, 4096);
	assert_int_equal(probe.tail.n, 512);
	assert_int_equal(probe.tail.at, 4608);
	for (size_t i = 0; i < 512; i++)
		assert_int_equal(probe.first[i] | probe.last[i], 0);
	assert_memory_equal(probe.first + 512, bytes + 512, 4096 - 512);
	source_free(s);
	/* nothing of it at all */
	f.n_bad = G_N_ELEMENTS(sectors);
	s = faulty_source(&f);
	assert_int_equal(source_probe(&probe, s, NULL, &err), E_IO);
	source_free(s);
	/* less than a sector */
	f = (struct faulty){ .p = bytes, .size = 100 };
	s = faulty_source(&f);
	assert_int_equal(source_probe(&probe, s, NULL, &err), OK);
	assert_int_equal(probe.head.n, 100);
	assert_int_equal(probe.tail.n, 100);
	assert_int_equal(probe.tail.at, 0);
	source_free(s);
}

/* Several threads over one source whose reader is not shared. */
static void *read_all(void *source)
{
	struct source *s = source;
	uint8_t buf[1024];
	struct error ignored;
	size_t failed = 0;

	for (uint64_t at = 0; at + sizeof(buf) <= s->size; at += 512)
		failed += source_read(s, at, buf, sizeof(buf), &ignored) != OK;
	return GSIZE_TO_POINTER(failed);
}

static void test_threads(void **state)
{
	static const uint64_t sectors[] = { 11, 12, 40, 77 };
	static const struct bad_range wanted[] = { { 5632, 1024 },
		                                   { 20480, 512 },
		                                   { 39424, 512 } };
	static uint8_t bytes[64 * 1024];
	struct faulty f = { .p = bytes,
		            .size = sizeof(bytes),
		            .bad = sectors,
		            .n_bad = G_N_ELEMENTS(sectors) };
	struct source *s = faulty_source(&f);
	GThread *threads[4];

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("reader", read_all, s);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		assert_int_equal(GPOINTER_TO_SIZE(g_thread_join(threads[i])),
		                 7);
	assert_bad(s, wanted, 3);
	source_free(s);
}

/* Which of several it is must not depend on the order in a folder. */
static void test_beside(void **state)
{
	char *path = make("beside.dd", "x", 1);
	char *c = make("Part.BIN", "c", 1);
	char *a = make("PART.bin", "a", 1);
	char *b = make("PARt.bin", "b", 1);
	char *found = source_beside(path, "part.bin");

	(void)state;
	assert_string_equal(found, a);
	g_free(found);
	found = source_beside(path, "Part.BIN");
	assert_string_equal(found, c);
	g_free(found);
	assert_null(source_beside(path, "other.bin"));
	assert_null(source_beside(path, "../part.bin"));
	assert_null(source_beside(NULL, "part.bin"));
	g_free(b);
	g_free(a);
	g_free(c);
	g_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_missing_segment),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bad_ranges),
		cmocka_unit_test(test_bad_limit),
		cmocka_unit_test(test_read_error),
		cmocka_unit_test(test_long_reads_fail),
		cmocka_unit_test(test_layer),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_beside),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
