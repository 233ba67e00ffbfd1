/* SPDX-License-Identifier: MIT */
/*
 * test_hash_source.c - digests of FIPS 180, media with bad sectors, lists of
 * digests
 */
#include "tests/analyzer/faulty.h"

#include "analyzer/hash_source.h"

#include <string.h>

/* FIPS 180-4 and RFC 1321: "abc", and a million times "a". */
static const char *const abc[HASHES] = {
	"900150983cd24fb0d6963f7d28e17f72",
	"a9993e364706816aba3e25717850c26c9cd0d89d",
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
};
static const char *const million[HASHES] = {
	"7707d6ae4e027c70eea2a935c2296f21",
	"34aa973cd4c4daa4f61eeb2bdbad27316534016f",
	"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
};

static unsigned asked;

static bool never(void *ctx)
{
	(void)ctx;
	asked++;
	return false;
}

static bool at_third(void *ctx)
{
	(void)ctx;
	return ++asked > 2;
}

static void reached(void *ctx, uint64_t at)
{
	*(uint64_t *)ctx = at;
}

static void run(struct hashed *out, uint64_t *behind, struct source *s,
                struct hash_plan plan)
{
	asked = 0;
	*behind = 0;
	plan.reached = reached;
	plan.ctx = behind;
	if (!plan.stopped)
		plan.stopped = never;
	hash_source(out, s, &plan);
}

static const struct hash_plan all = { .wanted = { true, true, true } };

static void test_vectors(void **state)
{
	uint8_t *p = g_malloc(1000000);
	struct faulty f[] = { { .p = (const uint8_t *)"abc", .size = 3 },
		              { .p = p, .size = 1000000 } };
	const char *const *wanted[] = { abc, million };

	(void)state;
	memset(p, 'a', 1000000);
	for (size_t i = 0; i < G_N_ELEMENTS(f); i++) {
		struct source *s = faulty_source(&f[i]);
		struct hashed h;
		uint64_t behind;

		run(&h, &behind, s, all);
		assert_true(h.whole);
		assert_int_equal(behind, f[i].size);
		for (size_t k = 0; k < HASHES; k++)
			assert_string_equal(h.hex[k], wanted[i][k]);
		source_free(s);
	}
	g_free(p);
}

/* Only what is asked for is computed, also where it goes around the ring. */
static void test_wanted(void **state)
{
	const size_t size = ((size_t)20 << 20) + 7;
	uint8_t *p = g_malloc0(size);
	struct faulty f = { .p = p, .size = size };
	char *md5 = g_compute_checksum_for_data(G_CHECKSUM_MD5, p, size);

	(void)state;
	for (size_t k = 0; k < HASHES; k++) {
		struct source *s = faulty_source(&f);
		struct hash_plan plan = { .wanted = { k == 0, k == 1,
			                              k == 2 } };
		struct hashed h;
		uint64_t behind;

		run(&h, &behind, s, plan);
		for (size_t i = 0; i < HASHES; i++)
			assert_int_equal(*h.hex[i] != '\0', i == k);
		if (k == HASH_MD5)
			assert_string_equal(h.hex[k], md5);
		source_free(s);
	}
	g_free(md5);
	g_free(p);
}

/* The first bad byte is the end, unless all that is bad is to be known. */
static void test_bad(void **state)
{
	const size_t size = (size_t)6 << 20;
	const uint64_t bad[] = { 2048, 2049, 9000 };
	uint8_t *p = g_malloc0(size);
	struct faulty f = { .p = p, .size = size, .bad = bad, .n_bad = 3 };

	(void)state;
	for (int past = 0; past < 2; past++) {
		struct source *s = faulty_source(&f);
		struct hash_plan plan = all;
		struct hashed h;
		uint64_t behind;

		plan.past_bad = past != 0;
		run(&h, &behind, s, plan);
		assert_false(h.whole);
		for (size_t k = 0; k < HASHES; k++)
			assert_string_equal(h.hex[k], "");
		assert_int_equal(s->bad->len, past ? 2 : 1);
		assert_int_equal(g_array_index(s->bad, struct bad_range, 0).at,
		                 2048 * 512);
		assert_int_equal(g_array_index(s->bad, struct bad_range, 0).n,
		                 1024);
		assert_int_equal(behind == size, past);
		source_free(s);
	}
	g_free(p);
}

static void test_stopped(void **state)
{
	const size_t size = (size_t)6 << 20;
	uint8_t *p = g_malloc0(size);
	struct faulty f = { .p = p, .size = size };
	struct source *s = faulty_source(&f);
	struct hash_plan plan = all;
	struct hashed h;
	uint64_t behind;

	(void)state;
	plan.stopped = at_third;
	run(&h, &behind, s, plan);
	assert_false(h.whole);
	assert_string_equal(h.hex[HASH_SHA256], "");
	assert_in_range(behind, 1, size - 1);
	assert_int_equal(s->bad->len, 0);
	source_free(s);
	g_free(p);
}

static void test_parse(void **state)
{
	static const struct {
		const char *list;
		bool wanted[HASHES];
	} good[] = {
		{ "none", { false, false, false } },
		{ "md5", { true, false, false } },
		{ "sha1", { false, true, false } },
		{ "sha256,md5", { true, false, true } },
		{ "sha1,sha256,md5", { true, true, true } },
	};
	static const char *const bad[] = {
		"",         ",",         "md5,",     ",md5",     "md5,,sha1",
		"md5,md5",  "none,md5",  "md5,none", "none,",    "sha-1",
		"md5 sha1", "md5, sha1", "MD5",      "sha1sha1", "sha512",
	};
	bool wanted[HASHES];

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		memset(wanted, true, sizeof(wanted));
		assert_true(hash_parse(wanted, good[i].list));
		assert_memory_equal(wanted, good[i].wanted, sizeof(wanted));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_false(hash_parse(wanted, bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),   cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_wanted),  cmocka_unit_test(test_bad),
		cmocka_unit_test(test_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
