/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi_blob.c - real DPAPI blobs, whole and damaged
 *
 * The expected values are those of testdata/dpapi/README.md; for the blobs of
 * $CORPUS, those of dpapick's unit tests.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/dpapi_blob.h"

#define PLAIN      "dpapi/blob_noentropy.bin"
#define CREDENTIAL "dpapi/credentialFile.bin"

/* Each part as its place in the blob. */
struct place {
	size_t off, n;
};

static const struct golden {
	const char *name;
	bool corpus;
	size_t skip;           /* bytes before the blob */
	const char *masterkey; /* first eight bytes, hexadecimal */
	uint32_t flags;
	const char *description;
	uint32_t cipher, bits, hash, hash_bits;
	struct place salt, hmac_salt, data, sign;
} golden[] = {
	{ "dpapi/blob_entropy.bin",
	  false,
	  0,
	  "33f19f5ee340be4a",
	  0,
	  "",
	  0x6610,
	  256,
	  0x800e,
	  512,
	  { 0x3e, 32 },
	  { 0x6e, 32 },
	  { 0x92, 32 },
	  { 0xb6, 64 } },
	{ PLAIN,
	  false,
	  0,
	  "33f19f5ee340be4a",
	  0,
	  "",
	  0x6610,
	  256,
	  0x800e,
	  512,
	  { 0x3e, 32 },
	  { 0x6e, 32 },
	  { 0x92, 32 },
	  { 0xb6, 64 } },
	{ CREDENTIAL,
	  false,
	  12,
	  "71ac433ad152154b",
	  0x20000000,
	  "Enterprise Credential Data\r\n",
	  0x6603,
	  192,
	  0x8004,
	  160,
	  { 0x76, 16 },
	  { 0x96, 16 },
	  { 0xaa, 168 },
	  { 0x156, 20 } },
	{ "keys/dpapick/blob_xp_simple.bin",
	  true,
	  0,
	  "2f44b69f6a628049",
	  0,
	  "DPAPIck simple blob generator",
	  0x6603,
	  168,
	  0x8004,
	  160,
	  { 0x78, 16 },
	  { 0x98, 16 },
	  { 0xac, 24 },
	  { 0xc8, 20 } },
	{ "keys/dpapick/blob_win8_simple.bin",
	  true,
	  0,
	  "3fb376ba974b974e",
	  0,
	  "",
	  0x6610,
	  256,
	  0x800e,
	  512,
	  { 0x3e, 32 },
	  { 0x6e, 32 },
	  { 0x92, 16 },
	  { 0xa6, 64 } },
};

static void assert_start(struct bytes b, const char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; hex[2 * i]; i++) {
		assert_int_equal(digits[b.p[i] >> 4], hex[2 * i]);
		assert_int_equal(digits[b.p[i] & 15], hex[2 * i + 1]);
	}
}

static void assert_place(struct bytes part, struct bytes in, struct place place)
{
	assert_range(part, in, place.off, place.n);
}

static void assert_golden(struct bytes file, const struct golden *g)
{
	struct cursor c = cursor_open(file);
	struct bytes in = cursor_tail(&c, g->skip);
	struct error err = { 0 };
	struct dpapi_blob blob;
	size_t end = g->sign.off + g->sign.n;

	assert_int_equal(dpapi_blob_parse(&blob, in, &err), OK);
	assert_int_equal(blob.version, 1);
	assert_range(blob.provider, in, 4, 16);
	assert_int_equal(blob.masterkey_version, 1);
	assert_range(blob.masterkey, in, 0x18, 16);
	assert_start(blob.masterkey, g->masterkey);
	assert_int_equal(blob.flags, g->flags);
	assert_text(blob.description, g->description);
	assert_int_equal(blob.cipher, g->cipher);
	assert_int_equal(blob.cipher_bits, g->bits);
	assert_place(blob.salt, in, g->salt);
	assert_int_equal(blob.strong_key.n, 0);
	assert_int_equal(blob.hash, g->hash);
	assert_int_equal(blob.hash_bits, g->hash_bits);
	assert_place(blob.hmac_salt, in, g->hmac_salt);
	assert_place(blob.data, in, g->data);
	assert_place(blob.sign, in, g->sign);
	assert_range(blob.signed_part, in, 20, g->sign.off - 4 - 20);
	assert_int_equal(blob.size, end);
}

static void reads_real_blobs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden) && !golden[i].corpus; i++) {
		struct bytes in = sample_load(golden[i].name);

		assert_golden(in, &golden[i]);
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
		in = sample_corpus(golden[i].name);
		assert_golden(in, &golden[i]);
		sample_free(in);
	}
}

/* A blob inside another file is followed by the rest of that. */
static void ignores_what_follows(void **state)
{
	static uint8_t raw[1000];
	struct bytes in = sample_load(PLAIN), longer;
	struct error err = { 0 };
	struct dpapi_blob blob;

	(void)state;
	memcpy(raw, in.p, in.n);
	longer = sample_copy(BYTES(raw), sizeof(raw));
	assert_int_equal(dpapi_blob_parse(&blob, longer, &err), OK);
	assert_int_equal(blob.size, in.n);
	sample_free(longer);
	sample_free(in);
}

static void assert_consistent(const struct dpapi_blob *blob, struct bytes in)
{
	assert_inside(blob->provider, in);
	assert_inside(blob->masterkey, in);
	assert_inside(blob->description, in);
	assert_int_equal(blob->description.n % 2, 0);
	assert_inside(blob->salt, in);
	assert_inside(blob->strong_key, in);
	assert_inside(blob->hmac_salt, in);
	assert_inside(blob->data, in);
	assert_inside(blob->sign, in);
	assert_inside(blob->signed_part, in);
}

static void damaged(struct bytes in)
{
	static const struct dpapi_blob nothing;
	struct error err = { 0 };
	struct dpapi_blob blob;
	enum status status = dpapi_blob_parse(&blob, in, &err);

	assert_consistent(&blob, in);
	if (status) {
		assert_error(&err, status, in);
		assert_int_equal(blob.size, 0);
		assert_int_equal(blob.signed_part.n, 0);
	} else {
		assert_true(blob.size <= in.n);
	}
	if (!blob.version)
		assert_memory_equal(&blob, &nothing, sizeof(blob));
	else
		assert_int_equal(blob.masterkey.n, 16);
	assert_true(blob.version || status);
}

static void truncated(struct bytes in)
{
	struct error err = { 0 };
	struct dpapi_blob blob;

	damaged(in);
	assert_int_equal(dpapi_blob_parse(&blob, in, &err),
	                 in.n < 20 ? E_ABSENT : E_TRUNCATED);
	/* Which master key it needs is known from 0x2c bytes on. */
	assert_int_equal(blob.version, in.n < 0x2c ? 0 : 1);
	assert_int_equal(blob.salt.n, in.n < 0x5e ? 0 : 32);
	assert_int_equal(blob.data.n, in.n < 0xb2 ? 0 : 32);
	assert_int_equal(blob.sign.n, 0);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(PLAIN);
	struct bytes file = sample_load(CREDENTIAL);
	struct cursor c = cursor_open(file);
	struct bytes credential = cursor_tail(&c, 12);

	(void)state;
	each_truncation(in, truncated);
	each_truncation(credential, damaged);
	each_corruption(in, in.n, damaged);
	each_corruption(credential, credential.n, damaged);
	sample_free(in);
	sample_free(file);
}

/* One word of a blob changed. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
} words[] = {
	{ 0x00, 0, E_ABSENT },
	{ 0x00, 2, E_ABSENT },
	{ 0x04, 0xdf9d8cd1, E_ABSENT },
	{ 0x10, 0, E_ABSENT },
	{ 0x14, 2, OK }, /* the provider's business */
	{ 0x28, 0xffffffff, OK },
	{ 0x2c, 0xffffffff, E_TRUNCATED }, /* description */
	{ 0x2c, 0xc7, E_TRUNCATED },
	{ 0x32, 0, OK }, /* unknown algorithms are judged by who uses them */
	{ 0x36, 0, OK },
	{ 0x3a, 0xffffffff, E_TRUNCATED }, /* salt */
	{ 0x5e, 0xffffffff, E_TRUNCATED }, /* strong key */
	{ 0x62, 0xffffffff, OK },
	{ 0x66, 0xffffffff, OK },
	{ 0x6a, 0x80000000, E_TRUNCATED }, /* salt of the HMAC */
	{ 0x8e, 0x65, E_TRUNCATED },       /* data */
	{ 0x8e, 0xfffffffc, E_TRUNCATED },
	{ 0xb2, 0x41, E_TRUNCATED }, /* signature */
	{ 0xb2, 0x3f, OK },          /* and a byte that follows */
	{ 0xb2, 0, OK },
};

static void judges_each_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_load(PLAIN);
		struct error err = { 0 };
		struct dpapi_blob blob;

		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(dpapi_blob_parse(&blob, in, &err),
		                 words[i].status);
		if (words[i].status == E_TRUNCATED)
			assert_int_equal(err.at, in.at + words[i].off + 4);
		assert_consistent(&blob, in);
		sample_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_real_blobs),
		cmocka_unit_test(reads_the_corpus),
		cmocka_unit_test(ignores_what_follows),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_word),
	};

	return cmocka_run_group_tests_name("dpapi_blob", tests, NULL, NULL);
}
