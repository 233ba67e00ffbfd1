/* SPDX-License-Identifier: MIT */
/*
 * test_capi_key.c - CryptoAPI private key files, whole and damaged
 *
 * The expected values are those of testdata/winkeys/README.md; for the file of
 * $CORPUS, those of its expected.json.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/capi_key.h"

#define REAL                                             \
	"winkeys/capi_701577141985b6923998dcca035c007a_" \
	"f8b7bbef-d227-4ac7-badd-3a238a7f741e"
#define CORPUS                                           \
	"keys/efs-mimikatz-wiki/Crypto/RSA/"             \
	"S-1-5-21-494464150-3436831043-1864828003-1001/" \
	"79e1ac78150e8bea8ad238e14d63145b_"              \
	"4f8e7ec6-a506-4d31-9d5a-1e4cbed4997b"
#define HEADER 40

/* Each part as its place in the file; n 0: the part is absent. */
struct place {
	size_t off, n;
};

static const struct golden {
	const char *file;
	bool corpus;
	const char *name;
	struct place hash;
	struct place signature[3]; /* public, private, export flag */
	struct place exchange[3];
	size_t size;
} golden[] = {
	{ REAL,
	  false,
	  "472576b9-14d6-44c3-bfaf-bccd074d4695",
	  { 0x4d, 20 },
	  { { 0, 0 }, { 0, 0 }, { 0, 0 } },
	  { { 0x61, 284 }, { 0x17d, 1532 }, { 0x779, 168 } },
	  2081 },
	{ "winkeys/capi-both.bin",
	  false,
	  "both",
	  { 45, 20 },
	  { { 65, 92 }, { 157, 84 }, { 241, 84 } },
	  { { 325, 284 }, { 609, 84 }, { 0, 0 } },
	  693 },
	{ CORPUS,
	  true,
	  "ffb75517-bc6c-4a40-8f8b-e2c555e30e34",
	  { 0x4d, 20 },
	  { { 0, 0 }, { 0, 0 }, { 0, 0 } },
	  { { 0x61, 0x11c }, { 0x17d, 0x64e }, { 0x7cb, 0xfc } },
	  2247 },
};

static void assert_place(struct bytes part, struct bytes in, struct place place)
{
	if (place.n)
		assert_range(part, in, place.off, place.n);
	else
		assert_int_equal(part.n, 0);
}

static void assert_pair(const struct capi_key_pair *pair, struct bytes in,
                        const struct place place[3])
{
	assert_place(pair->public_key, in, place[0]);
	assert_place(pair->private_key, in, place[1]);
	assert_place(pair->export_flag, in, place[2]);
}

static void assert_golden(struct bytes in, const struct golden *g)
{
	struct error err = { 0 };
	struct capi_key key;

	assert_int_equal(capi_key_parse(&key, in, &err), OK);
	assert_int_equal(key.version, 2);
	assert_int_equal(key.name.n, strlen(g->name));
	assert_memory_equal(key.name.p, g->name, key.name.n);
	assert_range(key.name, in, HEADER, key.name.n);
	assert_place(key.hash, in, g->hash);
	assert_pair(&key.signature, in, g->signature);
	assert_pair(&key.exchange, in, g->exchange);
	assert_int_equal(key.size, g->size);
}

static void reads_real_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct bytes in;

		if (golden[i].corpus)
			continue;
		in = sample_load(golden[i].file);
		assert_golden(in, &golden[i]);
		assert_int_equal(in.n, golden[i].size);
		sample_free(in);
	}
}

static void reads_the_corpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct bytes in;

		if (!golden[i].corpus)
			continue;
		in = sample_corpus(golden[i].file);
		assert_golden(in, &golden[i]);
		sample_free(in);
	}
}

/* A file whose last cluster is read to its end. */
static void goes_on_after_its_parts(void **state)
{
	static uint8_t raw[4096];
	struct bytes in = sample_load(REAL);

	(void)state;
	memset(raw, 0xee, sizeof(raw));
	memcpy(raw, in.p, in.n);
	assert_golden(BYTES(raw), &golden[0]);
	sample_free(in);
}

static void assert_zero(const struct capi_key *key)
{
	assert_int_equal(key->version, 0);
	assert_int_equal(key->name.n + key->hash.n, 0);
	assert_int_equal(key->exchange.public_key.n, 0);
	assert_int_equal(key->exchange.private_key.n, 0);
	assert_int_equal(key->size, 0);
}

static void damaged(struct bytes in)
{
	struct error err = { 0 };
	struct capi_key key;
	enum status status = capi_key_parse(&key, in, &err);

	assert_inside(key.name, in);
	assert_inside(key.hash, in);
	assert_inside(key.signature.public_key, in);
	assert_inside(key.signature.private_key, in);
	assert_inside(key.signature.export_flag, in);
	assert_inside(key.exchange.public_key, in);
	assert_inside(key.exchange.private_key, in);
	assert_inside(key.exchange.export_flag, in);
	assert_true(status ? !key.size : key.size && key.size <= in.n);
	if (status)
		assert_error(&err, status, in);
	if (status && (status != E_TRUNCATED || in.n < HEADER))
		assert_zero(&key);
}

/* The parts that are whole are there, and no others. */
static void truncated(struct bytes in)
{
	const struct golden *g = &golden[0];
	struct error err = { 0 };
	struct capi_key key;
	enum status status = capi_key_parse(&key, in, &err);

	damaged(in);
	assert_int_equal(status, in.n < 4 ? E_ABSENT : E_TRUNCATED);
	if (in.n < HEADER)
		return;
	assert_int_equal(key.version, 2);
	assert_int_equal(key.name.n, in.n < HEADER + 37 ? 0 : 36);
	for (size_t i = 0; i < 3; i++) {
		const struct bytes parts[] = { key.exchange.public_key,
			                       key.exchange.private_key,
			                       key.exchange.export_flag };
		struct place place = g->exchange[i];
		bool whole = in.n >= place.off + place.n;

		assert_int_equal(parts[i].n, whole ? place.n : 0);
	}
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(REAL);
	struct bytes both = sample_load("winkeys/capi-both.bin");

	(void)state;
	each_truncation(in, truncated);
	each_truncation(both, damaged);
	each_corruption(in, HEADER + 37 + 20, damaged);
	each_corruption(both, HEADER + 5 + 20, damaged);
	sample_free(in);
	sample_free(both);
}

/* One word of the header of the real file changed. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
} words[] = {
	{ 0x00, 1, E_ABSENT },
	{ 0x00, 3, E_ABSENT },
	{ 0x04, 1, E_ABSENT },
	{ 0x04, 0x80000000, E_ABSENT },
	{ 0x08, 0, OK },
	{ 0x08, 36, OK },
	{ 0x08, 38, E_TRUNCATED },
	{ 0x08, 0xffffffff, E_TRUNCATED },
	{ 0x0c, 1, E_TRUNCATED },
	{ 0x0c, 0xffffffff, E_TRUNCATED },
	{ 0x10, 1, E_TRUNCATED },
	{ 0x14, 0, OK },
	{ 0x14, 285, E_TRUNCATED },
	{ 0x18, 0, OK },
	{ 0x18, 1533, E_TRUNCATED },
	{ 0x18, 0xfffffffe, E_TRUNCATED },
	{ 0x1c, 0, E_ABSENT },
	{ 0x1c, 19, E_ABSENT },
	{ 0x1c, 21, E_ABSENT },
	{ 0x20, 1, E_TRUNCATED },
	{ 0x24, 0, OK },
	{ 0x24, 169, E_TRUNCATED },
};

static void judges_each_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_load(REAL);
		struct error err = { 0 };
		struct capi_key key;

		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(capi_key_parse(&key, in, &err),
		                 words[i].status);
		damaged(in);
		sample_free(in);
	}
}

/* A name ends at its first NUL, or where its length says. */
static void ends_the_name(void **state)
{
	struct bytes in = sample_load(REAL);
	struct error err = { 0 };
	struct capi_key key;

	(void)state;
	sample_le16(in, HEADER + 8, 0);
	assert_int_equal(capi_key_parse(&key, in, &err), OK);
	assert_range(key.name, in, HEADER, 8);
	sample_le16(in, HEADER, 0);
	assert_int_equal(capi_key_parse(&key, in, &err), OK);
	assert_int_equal(key.name.n, 0);
	sample_free(in);

	in = sample_load(REAL);
	sample_le32(in, 8, 36);
	assert_int_equal(capi_key_parse(&key, in, &err), OK);
	assert_range(key.name, in, HEADER, 36);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_real_files),
		cmocka_unit_test(reads_the_corpus),
		cmocka_unit_test(goes_on_after_its_parts),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_word),
		cmocka_unit_test(ends_the_name),
	};

	return cmocka_run_group_tests_name("capi_key", tests, NULL, NULL);
}
