/* SPDX-License-Identifier: MIT */
/*
 * test_key_blob_ecc.c - elliptic keys as Windows writes them, whole and damaged
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/key_blob.h"

#define CORPUS_CNG                                              \
	"keys/cng-ecdsa-p256/de7cf8a7901d2ad13e5c67c29e5d1662_" \
	"e4aad2d1-5ec0-4ea4-b259-65eda5bc47a8"

/*
 * The private key of keys/cng-ecdsa-p256, as its expected.json has it from a
 * published decryption; the same point is in the clear in the key file.
 */
static const uint8_t ecdsa_private[] = {
	0x45, 0x43, 0x53, 0x32, 0x20, 0x00, 0x00, 0x00, 0x52, 0x66, 0xcb, 0xa2,
	0x68, 0x1e, 0xd7, 0x0a, 0x05, 0x76, 0xa7, 0xf8, 0xb4, 0x30, 0xeb, 0x41,
	0xd1, 0xc4, 0x4c, 0x48, 0x91, 0xa8, 0x41, 0x72, 0x68, 0x08, 0xff, 0xa0,
	0xee, 0x88, 0x7a, 0x7c, 0x8f, 0x4a, 0x06, 0xad, 0x09, 0x16, 0xf7, 0x50,
	0x31, 0x24, 0x54, 0x98, 0x34, 0xa5, 0x8a, 0x0d, 0x7e, 0x6a, 0x22, 0xfb,
	0xea, 0xb5, 0x27, 0xbc, 0xd5, 0x27, 0xfb, 0xc1, 0xc5, 0x19, 0xf9, 0xd8,
	0xa6, 0xa2, 0x96, 0xd9, 0x42, 0x41, 0xed, 0xf1, 0x44, 0x6e, 0x25, 0x55,
	0x51, 0xf0, 0xd9, 0x19, 0x84, 0x74, 0xbd, 0x99, 0xaa, 0xb6, 0x79, 0x96,
	0xa9, 0xa0, 0xbf, 0xc9, 0x33, 0x57, 0x33, 0x7d,
};

static void reads_an_elliptic_key(void **state)
{
	struct bytes in = BYTES(ecdsa_private);
	struct error err = { 0 };
	struct key_blob blob;

	(void)state;
	assert_int_equal(key_blob_parse_bcrypt(&blob, in, &err), OK);
	assert_int_equal(blob.kind, KEY_BLOB_ECC);
	assert_int_equal(blob.bits, 256);
	assert_true(blob.is_private);
	assert_false(blob.agreement);
	assert_range(blob.x, in, 8, 32);
	assert_range(blob.y, in, 40, 32);
	assert_range(blob.d, in, 72, 32);
	assert_int_equal(blob.size, 104);
}

static void reads_an_elliptic_key_of_the_corpus(void **state)
{
	struct bytes file = sample_corpus(CORPUS_CNG);
	struct cursor c = cursor_open(file);
	struct error err = { 0 };
	struct key_blob blob;

	(void)state;
	assert_int_equal(
		key_blob_parse_bcrypt(&blob, cursor_cut(&c, 0xda, 72), &err),
		OK);
	assert_false(blob.is_private);
	assert_int_equal(blob.bits, 256);
	assert_memory_equal(blob.x.p, ecdsa_private + 8, 32);
	assert_memory_equal(blob.y.p, ecdsa_private + 40, 32);
	sample_free(file);
}

/* bcrypt.h: every magic, with the length of its numbers. */
static const struct {
	const char *magic;
	bool agreement, is_private;
	uint32_t bits, length;
} curves[] = {
	{ "ECK1", true, false, 256, 32 },  { "ECK2", true, true, 256, 32 },
	{ "ECK3", true, false, 384, 48 },  { "ECK4", true, true, 384, 48 },
	{ "ECK5", true, false, 521, 66 },  { "ECK6", true, true, 521, 66 },
	{ "ECKP", true, false, 0, 28 },    { "ECKV", true, true, 0, 64 },
	{ "ECS1", false, false, 256, 32 }, { "ECS2", false, true, 256, 32 },
	{ "ECS3", false, false, 384, 48 }, { "ECS4", false, true, 384, 48 },
	{ "ECS5", false, false, 521, 66 }, { "ECS6", false, true, 521, 66 },
	{ "ECDP", false, false, 0, 1 },    { "ECDV", false, true, 0, 66 },
};

static struct bytes make_blob(size_t i, uint32_t length)
{
	static uint8_t raw[8 + 3 * 67];
	size_t n = 8 + (size_t)length * (curves[i].is_private ? 3 : 2);
	struct bytes in;

	memcpy(raw, curves[i].magic, 4);
	in = sample_copy(BYTES(raw), n);
	sample_le32(in, 4, length);
	return in;
}

static void reads_each_curve(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(curves); i++) {
		struct bytes in = make_blob(i, curves[i].length);
		size_t n = curves[i].length;
		struct error err = { 0 };
		struct key_blob blob;

		assert_int_equal(key_blob_parse_bcrypt(&blob, in, &err), OK);
		assert_int_equal(blob.kind, KEY_BLOB_ECC);
		assert_int_equal(blob.agreement, curves[i].agreement);
		assert_int_equal(blob.is_private, curves[i].is_private);
		assert_int_equal(blob.bits, curves[i].bits);
		assert_range(blob.x, in, 8, n);
		assert_range(blob.y, in, 8 + n, n);
		assert_int_equal(blob.d.n, curves[i].is_private ? n : 0);
		assert_int_equal(blob.size, in.n);
		sample_free(in);
	}
}

static void a_curve_has_one_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(curves); i++) {
		struct bytes in = make_blob(i, curves[i].length + 1);
		bool named = curves[i].bits;
		struct error err = { 0 };
		struct key_blob blob;

		assert_int_equal(key_blob_parse_bcrypt(&blob, in, &err),
		                 named ? E_CORRUPT : OK);
		sample_le32(in, 4, 0);
		assert_int_equal(key_blob_parse_bcrypt(&blob, in, &err),
		                 E_CORRUPT);
		assert_int_equal(err.at, in.at + 4);
		sample_le32(in, 4, 0xffffffff);
		assert_int_equal(key_blob_parse_bcrypt(&blob, in, &err),
		                 named ? E_CORRUPT : E_TRUNCATED);
		sample_free(in);
	}
}

static enum status damaged_status(struct bytes in)
{
	struct error err = { 0 };
	struct key_blob blob;
	enum status status = key_blob_parse_ecc(&blob, in, &err);

	assert_inside(blob.x, in);
	assert_inside(blob.y, in);
	assert_inside(blob.d, in);
	assert_int_equal(blob.n.n + blob.e.n, 0);
	if (!status) {
		assert_int_equal(blob.kind, KEY_BLOB_ECC);
		assert_true(blob.size && blob.size <= in.n);
		return status;
	}
	assert_error(&err, status, in);
	assert_int_equal(blob.kind, KEY_BLOB_NONE);
	assert_int_equal(blob.size + blob.bits + blob.x.n + blob.d.n, 0);
	return status;
}

static void damaged(struct bytes in)
{
	(void)damaged_status(in);
}

static void truncated(struct bytes in)
{
	assert_int_equal(damaged_status(in), in.n < 4 ? E_ABSENT : E_TRUNCATED);
}

static void survives_damage(void **state)
{
	(void)state;
	each_truncation(BYTES(ecdsa_private), truncated);
	each_corruption(BYTES(ecdsa_private), 8, damaged);
	for (size_t i = 0; i < COUNT(curves); i++) {
		struct bytes in = make_blob(i, curves[i].length);

		each_truncation(in, truncated);
		each_corruption(in, 8, damaged);
		sample_free(in);
	}
}

/* An RSA key is none of these. */
static void is_absent(void **state)
{
	struct bytes in = sample_load("winkeys/bcrypt-rsa1.bin");

	(void)state;
	assert_int_equal(damaged_status(in), E_ABSENT);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_elliptic_key),
		cmocka_unit_test(reads_an_elliptic_key_of_the_corpus),
		cmocka_unit_test(reads_each_curve),
		cmocka_unit_test(a_curve_has_one_length),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(is_absent),
	};

	return cmocka_run_group_tests_name("key_blob_ecc", tests, NULL, NULL);
}
