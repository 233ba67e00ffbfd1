/* SPDX-License-Identifier: MIT */
/*
 * test_decrypt_random.c - streams of any layout, beside a reference that looks
 * at every byte by itself
 *
 * The ciphertext is OpenSSL's, unit by unit.  Each stream is decrypted in order
 * and, span by span, in any order.
 */
#include "recovery/decrypt.h"
#include "tests/recovery/material.h"
#include "tests/recovery/noise.h"
#include "tests/recovery/slow_cipher.h"

#include <stdlib.h>
#include <string.h>

#define UNITS 2200u /* more than four spans */
#define BYTES (UNITS * EFS_UNIT)
#define MOST  64u /* extents */

static struct {
	struct fek fek;
	uint8_t key[32];
	uint8_t text[BYTES], cipher[BYTES], disk[BYTES];
	struct extent extents[MOST];
	bool hole[UNITS], gap[UNITS], bad[UNITS]; /* of the stream */
	uint64_t at[UNITS]; /* where a unit of the stream is on disk */
	bool dead[UNITS];   /* a unit of the disk cannot be read */
	struct ciphertext in;
	/* what must come out */
	uint8_t expected[BYTES];
	uint64_t lost;
} s;

static uint8_t out[BYTES];
static uint64_t out_n;

/* Below n; the same on every run. */
static uint64_t any(uint64_t n)
{
	static uint64_t seed = 7;

	return (noise_next(&seed) >> 20) % n;
}

static enum status read_disk(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	(void)ctx;
	if (at + n > BYTES)
		return fail(err, E_TRUNCATED, BYTES, "end");
	for (uint64_t u = at / EFS_UNIT; u * EFS_UNIT < at + n; u++)
		if (s.dead[u])
			return fail(err, E_IO, u * EFS_UNIT, "bad");
	memcpy(buf, s.disk + at, n);
	return OK;
}

static enum status put(void *ctx, const uint8_t *p, size_t n, struct error *err)
{
	(void)ctx, (void)err;
	assert_true(n <= BYTES - out_n);
	memcpy(out + out_n, p, n);
	out_n += n;
	return OK;
}

static enum status put_zeros(void *ctx, uint64_t n, struct error *err)
{
	(void)ctx, (void)err;
	assert_true(n <= BYTES - out_n);
	memset(out + out_n, 0, n);
	out_n += n;
	return OK;
}

static void make_content(void)
{
	static const uint32_t algorithms[] = { FEK_AES_128, FEK_AES_192,
		                               FEK_AES_256, FEK_3DES,
		                               FEK_DESX,    FEK_DES };

	s.fek.algorithm = algorithms[any(COUNT(algorithms))];
	for (size_t i = 0; i < sizeof(s.key); i++)
		s.key[i] = (uint8_t)any(256);
	s.fek.key = (struct bytes){ s.key, fek_key_size(s.fek.algorithm), 0 };
	for (size_t i = 0; i < BYTES; i++)
		s.text[i] = (uint8_t)any(256);
	slow_units(&s.fek, true, s.cipher, s.text, BYTES, 0);
}

/* A run of units from `u` on: at its own place on the disk, which turns the
   stream around; or a hole, or nothing at all. */
static void lay(unsigned u, unsigned n)
{
	uint64_t at = (uint64_t)(UNITS - u - n) * EFS_UNIT;
	unsigned kind = (unsigned)any(10);

	for (unsigned i = u; i < u + n; i++) {
		s.hole[i] = kind == 0;
		s.gap[i] = kind == 1;
		s.at[i] = at / EFS_UNIT + (i - u);
		memcpy(s.disk + s.at[i] * EFS_UNIT, s.cipher + i * EFS_UNIT,
		       EFS_UNIT);
	}
	if (kind != 1)
		s.extents[s.in.n++] = (struct extent){
			.offset = (uint64_t)u * EFS_UNIT,
			.at = kind ? at : EXTENT_HOLE,
			.n = (uint64_t)n * EFS_UNIT,
		};
}

static void make_layout(void)
{
	memset(s.dead, 0, sizeof(s.dead));
	s.in = (struct ciphertext){ .extents = s.extents, .read = read_disk };
	for (unsigned u = 0, n; u < UNITS; u += n) {
		n = 1 + (unsigned)any(any(4) ? 40 : UNITS);
		n = n < UNITS - u ? n : UNITS - u;
		if (s.in.n == MOST - 1)
			n = UNITS - u;
		lay(u, n);
	}
	for (uint64_t i = any(2) ? 0 : 1 + any(30); i; i--)
		s.dead[any(UNITS)] = true;
	s.in.size = any(4) ? any(BYTES + 1) : any(2000);
	s.in.initialized = any(3) ? BYTES : any(s.in.size + 1);
	s.in.cluster = (uint64_t)EFS_UNIT << any(5);
	s.in.stored = any(4) ? 0 : 1 + any(BYTES);
}

/* Byte by byte, by the rules and not by spans. */
static void expect(size_t block)
{
	uint64_t end =
		s.in.size < s.in.initialized ? s.in.size : s.in.initialized;
	uint64_t units = (end + EFS_UNIT - 1) / EFS_UNIT * EFS_UNIT;
	uint64_t there = s.in.stored && s.in.stored < units
	                         ? s.in.stored - s.in.stored % block
	                         : units;

	memset(s.expected, 0, sizeof(s.expected));
	s.lost = 0;
	for (uint64_t i = 0; i < end; i++) {
		uint64_t u = i / EFS_UNIT;
		bool dead = i >= there || s.dead[s.at[u]];

		if (s.hole[u])
			continue;
		if (s.gap[u] || dead)
			s.lost++;
		else
			s.expected[i] = s.text[i];
	}
}

static void assert_same_proof(const struct proof *a, const struct proof *b)
{
	assert_int_equal(a->decrypted, b->decrypted);
	assert_int_equal(a->padding, b->padding);
	assert_int_equal(a->padding_zero, b->padding_zero);
	assert_int_equal(a->slack, b->slack);
	assert_int_equal(a->recoded, b->recoded);
	assert_int_equal(a->lost, b->lost);
	assert_int_equal(a->missing->len, b->missing->len);
	if (a->missing->len)
		assert_memory_equal(a->missing->data, b->missing->data,
		                    a->missing->len * sizeof(struct missing));
}

/* All spans, the last ones first; what they prove is added in order. */
static void assert_any_order(struct cipher *c, const struct proof *whole)
{
	struct spans spans = spans_open(&s.in, c->block);
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct span));
	struct span_buffers *buf = span_buffers_new();
	struct proof *parts, sum;
	struct error err;
	struct span span;

	while (spans_next(&spans, &span))
		g_array_append_val(list, span);
	parts = calloc(list->len + 1, sizeof(*parts));
	memset(out, 0, sizeof(out));
	for (guint i = list->len; i > 0; i--) {
		span = g_array_index(list, struct span, i - 1);
		if (span.kind != SPAN_CIPHER)
			continue;
		assert_int_equal(
			span_decrypt(&parts[i - 1], c, &s.in, &span, buf, &err),
			OK);
		memcpy(out + span.offset, buf->plain, span.plain);
	}
	assert_memory_equal(out, s.expected, s.in.size);
	proof_init(&sum);
	for (guint i = 0; i < list->len; i++) {
		span = g_array_index(list, struct span, i);
		proof_add(&sum, &span, parts[i].missing ? &parts[i] : NULL);
		proof_release(&parts[i]);
	}
	assert_same_proof(&sum, whole);
	proof_release(&sum);
	free(parts);
	span_buffers_free(buf);
	g_array_free(list, TRUE);
}

static void test_random(void **state)
{
	const struct sink sink = { .write = put, .zeros = put_zeros };
	uint64_t lost = 0, whole = 0;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct proof proof;
		struct error err;
		struct cipher c;

		if (i % 20 == 0)
			make_content();
		make_layout();
		assert_int_equal(cipher_init(&c, &s.fek, &err), OK);
		expect(c.block);
		out_n = 0;
		assert_int_equal(decrypt_stream(&proof, &c, &s.in, &sink, &err),
		                 OK);
		assert_int_equal(out_n, s.in.size);
		assert_memory_equal(out, s.expected, s.in.size);
		assert_int_equal(proof.lost, s.lost);
		assert_true(proof.recoded);
		assert_any_order(&c, &proof);
		lost += !!s.lost;
		whole += !s.lost;
		proof_release(&proof);
		cipher_release(&c);
	}
	/* both kinds were there */
	assert_true(lost > 50 && whole > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
