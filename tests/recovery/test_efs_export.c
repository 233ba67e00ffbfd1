/* SPDX-License-Identifier: MIT */
/*
 * test_efs_export.c - raw exports, gathered and decrypted, whole and damaged
 *
 * The samples are of testdata/efs-raw: written, and encrypted, in Python.
 */
#include "recovery/efs_export.h"

#include "tests/recovery/material.h"

#include <string.h>

static uint8_t structure[48], text[4096];
static struct bytes windows, many, real;

/* A file that is read in pieces; it may end early, or have a bad byte. */
static struct file {
	struct bytes b;
	uint64_t n, bad;
} file;

static enum status file_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	const struct file *f = ctx;

	assert_true(at <= f->n && n <= f->n - at);
	if (at <= f->bad && f->bad < at + n)
		return fail(err, E_IO, f->bad, "read error");
	memcpy(buf, f->b.p + at, n);
	return OK;
}

static GByteArray *result;

static enum status put(void *ctx, const uint8_t *p, size_t n, struct error *err)
{
	(void)ctx, (void)err;
	g_byte_array_append(result, p, (guint)n);
	return OK;
}

static enum status put_zeros(void *ctx, uint64_t n, struct error *err)
{
	guint from = result->len;

	(void)ctx, (void)err;
	assert_true(n < 1 << 20);
	g_byte_array_set_size(result, from + (guint)n);
	memset(result->data + from, 0, n);
	return OK;
}

static int setup(void **state)
{
	(void)state;
	material_real("fek-structure.bin", structure, sizeof(structure));
	material_real("plaintext.txt", text, 621);
	windows = material("efs-raw/windows.raw");
	many = material("efs-raw/many.raw");
	real = material("efs-win10-aes256/efs-attribute.bin");
	result = g_byte_array_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	material_free(windows);
	material_free(many);
	material_free(real);
	g_byte_array_free(result, TRUE);
	return 0;
}

static enum status gather(struct efs_export *x, struct bytes b, uint64_t n)
{
	struct error err = { 0 };
	enum status st;

	file = (struct file){ b, n, UINT64_MAX };
	st = efs_export_open(x, n, file_read, &file, &err);
	assert_int_equal(st, err.status);
	return st;
}

static struct export_stream *find(const struct efs_export *x, const char *name)
{
	for (guint i = 0; i < x->streams->len; i++) {
		struct export_stream *s =
			&g_array_index(x->streams, struct export_stream, i);

		if (!g_strcmp0(s->name, name))
			return s;
	}
	return NULL;
}

/* Plaintext into `result`. */
static struct proof decrypt(const struct export_stream *s)
{
	struct ciphertext in = efs_export_ciphertext(s, file_read, &file);
	const struct sink sink = { .write = put, .zeros = put_zeros };
	struct bytes b = { structure, sizeof(structure), 0 };
	struct proof proof;
	struct error err;
	struct cipher c;
	struct fek fek;

	g_byte_array_set_size(result, 0);
	assert_int_equal(fek_parse(&fek, b, &err), OK);
	assert_int_equal(cipher_init(&c, &fek, &err), OK);
	assert_int_equal(decrypt_stream(&proof, &c, &in, &sink, &err), OK);
	cipher_release(&c);
	assert_int_equal(result->len, s->size);
	return proof;
}

/* What make.py put there: bytes [from, to) of the stream of this salt. */
static void assert_pattern(uint64_t from, uint64_t to, unsigned salt)
{
	assert_true(to <= result->len);
	for (uint64_t i = from; i < to; i++)
		assert_int_equal(result->data[i], (uint8_t)(i ^ i >> 8 ^ salt));
}

static void assert_zeros(uint64_t from, uint64_t to)
{
	assert_true(to <= result->len);
	for (uint64_t i = from; i < to; i++)
		assert_int_equal(result->data[i], 0);
}

static void test_windows(void **state)
{
	struct efs_export x;
	struct export_stream *s;
	struct proof p;

	(void)state;
	assert_int_equal(gather(&x, windows, windows.n), OK);
	assert_int_equal(x.err.status, OK);
	assert_int_equal(x.end, windows.n);
	assert_int_equal(x.efs_at, 66);
	assert_int_equal(x.efs->len, real.n);
	assert_memory_equal(x.efs->data, real.p, real.n);
	assert_int_equal(x.streams->len, 1);
	s = find(&x, NULL);
	assert_non_null(s);
	assert_int_equal(s->err.status, OK);
	assert_int_equal(s->stored, 0);
	assert_int_equal(s->cluster, 4096);
	p = decrypt(s);
	assert_memory_equal(result->data, text, 621);
	assert_int_equal(p.padding, 403);
	assert_true(proof_holds(&p));
	proof_release(&p);
	efs_export_release(&x);
}

static void test_unnamed(const struct efs_export *x)
{
	struct export_stream *s = find(x, NULL);
	struct proof p;

	assert_int_equal(s->err.status, OK);
	assert_int_equal(s->size, 37500);
	assert_int_equal(s->initialized, 33750);
	assert_int_equal(s->segments, 3);
	assert_int_equal(s->extents->len, 7);
	p = decrypt(s);
	assert_pattern(0, 3584, 0);
	assert_zeros(3584, 10240);
	assert_pattern(10240, 24576, 0);
	assert_zeros(24576, 32768);
	assert_pattern(32768, 33750, 0);
	assert_zeros(33750, 37500);
	assert_int_equal(p.lost, 0);
	proof_release(&p);
}

static void test_small_ones(const struct efs_export *x)
{
	static const char *const empty[] = { "empty", "empty with segment",
		                             "empty with header" };
	struct export_stream *s = find(x, "second");
	struct proof p = decrypt(s);

	assert_pattern(0, 1100, 1);
	assert_int_equal(p.lost, 0);
	assert_int_equal(p.padding, 1536 - 1100);
	proof_release(&p);
	s = find(x, "Zone.Identifier");
	assert_false(s->encrypted);
	assert_int_equal(s->size, 26);
	assert_int_equal(s->extents->len, 2);
	assert_memory_equal(
		many.p + g_array_index(s->extents, struct extent, 1).at,
		"ZoneId=3\r\n", 10);
	for (size_t i = 0; i < COUNT(empty); i++) {
		s = find(x, empty[i]);
		assert_int_equal(s->size, 0);
		assert_int_equal(s->err.status, OK);
		p = decrypt(s);
		proof_release(&p);
	}
}

static void test_many(void **state)
{
	struct efs_export x;
	struct export_stream *s;
	struct missing *m;
	struct proof p;

	(void)state;
	assert_int_equal(gather(&x, many, many.n), OK);
	assert_int_equal(x.err.status, OK);
	assert_int_equal(x.streams->len, 8);
	test_unnamed(&x);
	test_small_ones(&x);
	s = find(&x, "cut");
	assert_int_equal(s->stored, 3000);
	p = decrypt(s);
	assert_pattern(0, 2992, 2);
	assert_zeros(2992, 3000);
	assert_int_equal(p.lost, 8);
	m = &g_array_index(p.missing, struct missing, 0);
	assert_int_equal(m->offset, 2992);
	proof_release(&p);
	s = find(&x, "over");
	assert_true(s->doubtful);
	assert_false(find(&x, "cut")->doubtful);
	p = decrypt(s);
	assert_pattern(0, 2048, 3);
	assert_zeros(2048, 3072);
	assert_pattern(3072, 4000, 3);
	proof_release(&p);
	efs_export_release(&x);
}

static void test_others(void **state)
{
	struct bytes b = material("efs-raw/trailer.raw");
	struct efs_export x;

	(void)state;
	assert_int_equal(gather(&x, b, b.n), OK);
	assert_int_equal(x.err.status, E_ABSENT);
	assert_int_equal(x.end, windows.n);
	assert_int_equal(find(&x, NULL)->err.status, OK);
	efs_export_release(&x);
	material_free(b);
	b = material("efs-raw/directory.raw");
	assert_int_equal(gather(&x, b, b.n), OK);
	assert_int_equal(x.err.status, OK);
	assert_int_equal(x.streams->len, 0);
	assert_int_equal(x.efs->len, real.n);
	efs_export_release(&x);
	material_free(b);
	assert_int_equal(gather(&x, real, real.n), E_ABSENT);
	assert_null(x.streams);
	efs_export_release(&x);
	assert_int_equal(gather(&x, windows, 0), E_ABSENT);
	assert_int_equal(gather(&x, windows, 19), E_TRUNCATED);
}

/* Cut anywhere in the data: what is there decrypts, to the last block. */
static void test_cut_data(void **state)
{
	(void)state;
	for (uint64_t n = 2116; n < windows.n; n++) {
		uint64_t blocks = (n - 2116) / 16 * 16;
		uint64_t good = blocks < 621 ? blocks : 621;
		struct export_stream *s;
		struct efs_export x;
		struct proof p;

		assert_int_equal(gather(&x, windows, n), OK);
		assert_int_equal(x.err.status, E_TRUNCATED);
		s = find(&x, NULL);
		assert_int_equal(s->err.status, E_TRUNCATED);
		p = decrypt(s);
		assert_memory_equal(result->data, text, good);
		assert_zeros(good, 621);
		assert_int_equal(p.lost, 621 - good);
		proof_release(&p);
		efs_export_release(&x);
	}
}

/* Extents are what decryption may believe. */
static void assert_sane(const struct efs_export *x, uint64_t n)
{
	for (guint i = 0; i < x->streams->len; i++) {
		struct export_stream *s =
			&g_array_index(x->streams, struct export_stream, i);
		uint64_t end = 0;

		assert_true(s->initialized <= s->size);
		for (guint k = 0; k < s->extents->len; k++) {
			struct extent e =
				g_array_index(s->extents, struct extent, k);

			assert_true(e.n && e.offset >= end);
			end = e.offset + e.n;
			if (e.at == EXTENT_HOLE)
				continue;
			assert_true(e.at <= n);
			if (!s->stored || end <= s->stored)
				assert_true(e.n <= n - e.at);
		}
	}
}

static void test_every_end(void **state)
{
	(void)state;
	for (uint64_t n = 20; n < many.n; n++) {
		struct efs_export x;

		assert_int_equal(gather(&x, many, n), OK);
		assert_sane(&x, n);
		if (x.err.status)
			assert_int_equal(x.err.status, E_TRUNCATED);
		if (n < 1562 && n > 66)
			assert_int_equal(x.efs_err.status, E_TRUNCATED);
		/* The first three segments are of the unnamed stream. */
		if (n >= 21750)
			assert_int_equal(find(&x, NULL)->err.status, OK);
		efs_export_release(&x);
	}
}

/* One byte changed in the headers of the unnamed stream's first segment. */
static void test_every_byte(void **state)
{
	struct bytes b = material_copy(many, many.n);

	(void)state;
	for (size_t at = 1562; at < 1690; at++)
		for (unsigned change = 1; change < 256; change += 7) {
			struct efs_export x;

			*material_at(b, at) ^= (uint8_t)change;
			assert_int_equal(gather(&x, b, b.n), OK);
			assert_sane(&x, b.n);
			assert_int_equal(x.efs->len, real.n);
			efs_export_release(&x);
			*material_at(b, at) ^= (uint8_t)change;
		}
	material_free(b);
}

static void set32(struct bytes b, size_t at, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		*material_at(b, at + i) = (uint8_t)(v >> (8 * i));
}

/* many.raw: data headers of the segments at 32768, 16384 and 0 */
enum { THIRD = 1622, SECOND = 3158, FIRST = 11862 };

static const struct {
	size_t at;
	uint32_t v;
	enum status status;
	uint64_t lost;
} changes[] = {
	{ THIRD, 32768 - 512, E_CORRUPT, 0 },    /* overlaps a hole */
	{ THIRD, 32768 + 512, OK, 512 },         /* leaves a gap */
	{ THIRD, 32769, E_CORRUPT, 0 },          /* is not placed */
	{ THIRD + 4, 0x7fff0000, E_CORRUPT, 0 }, /* would overflow */
	{ THIRD + 4, 0x40000000, E_LIMIT, 0 },   /* 2^62 */
	{ SECOND, 0, E_CORRUPT, 0 },             /* a second start */
	{ SECOND + 16, 100, E_CORRUPT, 0 },      /* not valid, then valid */
	{ THIRD + 12, 0xffffffff, OK, 0 },       /* blocks end before */
	{ THIRD + 28, 0xffffffff, OK, 0 },       /* more than there is */
	{ SECOND + 28, 8000, E_CORRUPT, 192 },   /* of 15 units and a bit */
	{ SECOND + 28, 4096, OK, 0 },            /* zeros behind a half */
};

static void test_contradictions(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct bytes b = material_copy(many, many.n);
		struct export_stream *s;
		struct efs_export x;

		set32(b, changes[i].at, changes[i].v);
		assert_int_equal(gather(&x, b, b.n), OK);
		assert_sane(&x, b.n);
		s = find(&x, NULL);
		if (s->err.status != changes[i].status)
			print_message("change %zu: %s\n", i, s->err.what);
		assert_int_equal(s->err.status, changes[i].status);
		if (changes[i].lost) {
			struct proof p = decrypt(s);

			assert_true(p.lost >= changes[i].lost);
			proof_release(&p);
		}
		if (s->err.status == E_LIMIT)
			assert_int_equal(s->extents->len, 0);
		efs_export_release(&x);
		material_free(b);
	}
}

/* A bad sector: where a header is, it ends the export; elsewhere not. */
static void test_read_errors(void **state)
{
	struct efs_export x;
	struct error err;
	struct proof p;

	(void)state;
	file = (struct file){ windows, windows.n, 1570 };
	assert_int_equal(efs_export_open(&x, windows.n, file_read, &file, &err),
	                 OK);
	assert_int_equal(x.err.status, E_IO);
	assert_int_equal(x.efs->len, real.n);
	assert_int_equal(x.streams->len, 0);
	efs_export_release(&x);
	file.bad = 1000;
	assert_int_equal(efs_export_open(&x, windows.n, file_read, &file, &err),
	                 OK);
	assert_int_equal(x.err.status, OK);
	assert_int_equal(x.efs_err.status, E_IO);
	assert_int_equal(x.efs->len, 0);
	assert_int_equal(x.streams->len, 1);
	efs_export_release(&x);
	file.bad = 5;
	assert_int_equal(efs_export_open(&x, windows.n, file_read, &file, &err),
	                 E_IO);
	file.bad = 2116 + 520;
	assert_int_equal(efs_export_open(&x, windows.n, file_read, &file, &err),
	                 OK);
	assert_int_equal(x.err.status, OK);
	p = decrypt(find(&x, NULL));
	assert_int_equal(p.lost, 621 - 512);
	proof_release(&p);
	efs_export_release(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_cut_data),
		cmocka_unit_test(test_every_end),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_read_errors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
