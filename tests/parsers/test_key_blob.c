/* SPDX-License-Identifier: MIT */
/*
 * test_key_blob.c - RSA keys as Windows writes them, whole and damaged
 *
 * The places of the numbers are those of testdata/winkeys/README.md.  That they
 * are the numbers: a modulus is in the certificate of its key, and the forms
 * that testdata/winkeys/make.py wrote of one key have the same ones.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/key_blob.h"
#include "parsers/limits.h"

#define BACKUP "winkeys/DPAPIBackupKey_RSAKey.bin"
#define CERT   "keys/rsa2048.der"
#define CAPI_FILE                                        \
	"winkeys/capi_701577141985b6923998dcca035c007a_" \
	"f8b7bbef-d227-4ac7-badd-3a238a7f741e"
#define CORPUS_CAPI                                      \
	"keys/efs-mimikatz-wiki/Crypto/RSA/"             \
	"S-1-5-21-494464150-3436831043-1864828003-1001/" \
	"79e1ac78150e8bea8ad238e14d63145b_"              \
	"4f8e7ec6-a506-4d31-9d5a-1e4cbed4997b"
#define CORPUS_CERT \
	"keys/efs-mimikatz-wiki/B53C6DE283C00203587A03DD3D0BF66E16969A55.der"
/* One of the three functions. */
typedef enum status parse_fn(struct key_blob *blob, struct bytes in,
                             struct error *err);

struct place {
	size_t off, n;
};

/* Where the numbers are; n 0: they are absent. */
struct layout {
	parse_fn *parse;
	bool little_endian;
	uint32_t algorithm;
	struct place e, n, numbers[6]; /* p, q, dp, dq, qinv, d */
	size_t size;
};

/* clang-format off */
static const struct layout wincrypt = {
	key_blob_parse_wincrypt, true, 0xa400, { 16, 4 }, { 20, 256 },
	{ { 276, 128 }, { 404, 128 }, { 532, 128 }, { 660, 128 }, { 788, 128 },
	  { 916, 256 } }, 1172
}, capi_public = {
	key_blob_parse_capi, true, 0, { 16, 4 }, { 20, 256 }, { { 0 } }, 284
}, capi_private = {
	key_blob_parse_capi, true, 0, { 16, 4 }, { 20, 256 },
	{ { 284, 128 }, { 416, 128 }, { 548, 128 }, { 680, 128 }, { 812, 128 },
	  { 944, 256 } }, 1208
}, rsa1 = {
	key_blob_parse_bcrypt, false, 0, { 24, 3 }, { 27, 256 }, { { 0 } }, 283
}, rsa2 = {
	key_blob_parse_bcrypt, false, 0, { 24, 3 }, { 27, 256 },
	{ { 283, 128 }, { 411, 128 } }, 539
}, rsa3 = {
	key_blob_parse_bcrypt, false, 0, { 24, 3 }, { 27, 256 },
	{ { 283, 128 }, { 411, 128 }, { 539, 128 }, { 667, 128 }, { 795, 128 },
	  { 923, 256 } }, 1179
};
/* clang-format on */

static const struct golden {
	const char *file;
	size_t skip; /* bytes before the blob */
	const struct layout *layout;
	const char *cert; /* a file with the certificate in it */
} golden[] = {
	{ BACKUP, 12, &wincrypt, BACKUP },
	{ "keys/rsa2048.blob", 0, &wincrypt, CERT },
	{ CAPI_FILE, 0x61, &capi_public, NULL },
	{ "winkeys/capi-public.bin", 0, &capi_public, CERT },
	{ "winkeys/capi-private.bin", 0, &capi_private, CERT },
	{ "winkeys/cng_inner_keyfile.bin", 0xdc, &rsa1, NULL },
	{ "winkeys/bcrypt-rsa1.bin", 0, &rsa1, CERT },
	{ "winkeys/bcrypt-rsa2.bin", 0, &rsa2, CERT },
	{ "winkeys/bcrypt-rsa3.bin", 0, &rsa3, CERT },
};

static void assert_place(struct bytes part, struct bytes in, struct place place)
{
	if (place.n)
		assert_range(part, in, place.off, place.n);
	else
		assert_int_equal(part.n, 0);
}

static uint8_t high_first(struct bytes number, bool little_endian, size_t i)
{
	return number.p[little_endian ? number.n - 1 - i : i];
}

/* The number is in the certificate, where it is big-endian. */
static void assert_certified(struct bytes n, bool little_endian,
                             struct bytes cert)
{
	size_t same = 0;

	for (size_t at = 0; at + n.n <= cert.n && same < n.n; at++)
		for (same = 0; same < n.n; same++)
			if (high_first(n, little_endian, same) !=
			    cert.p[at + same])
				break;
	assert_int_equal(same, n.n);
}

/* That of the domain's backup key comes after it, at 1184. */
static void assert_in_cert(const struct key_blob *blob, const char *file)
{
	struct bytes all = sample_load(file);
	struct cursor c = cursor_open(all);

	assert_certified(blob->n, blob->little_endian,
	                 cursor_tail(&c, strcmp(file, BACKUP) ? 0 : 1184));
	sample_free(all);
}

static struct bytes cut(struct bytes file, const struct golden *g)
{
	struct cursor c = cursor_open(file);

	return cursor_tail(&c, g->skip);
}

static void assert_layout(const struct key_blob *blob, struct bytes in,
                          const struct layout *l)
{
	const struct bytes numbers[] = { blob->p,  blob->q,    blob->dp,
		                         blob->dq, blob->qinv, blob->d };

	assert_int_equal(blob->kind, KEY_BLOB_RSA);
	assert_int_equal(blob->bits, 2048);
	assert_int_equal(blob->is_private, l->numbers[0].n > 0);
	assert_int_equal(blob->little_endian, l->little_endian);
	assert_int_equal(blob->algorithm, l->algorithm);
	assert_place(blob->e, in, l->e);
	assert_place(blob->n, in, l->n);
	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_place(numbers[i], in, l->numbers[i]);
	assert_int_equal(blob->x.n + blob->y.n, 0);
	assert_int_equal(blob->size, l->size);
}

static void reads_each_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		const struct golden *g = &golden[i];
		struct bytes file = sample_load(g->file);
		struct bytes in = cut(file, g);
		struct error err = { 0 };
		struct key_blob blob;

		assert_int_equal(g->layout->parse(&blob, in, &err), OK);
		assert_layout(&blob, in, g->layout);
		if (g->cert)
			assert_in_cert(&blob, g->cert);
		sample_free(file);
	}
}

static void assert_reversed(struct bytes little, struct bytes big)
{
	assert_int_equal(little.n, big.n);
	for (size_t i = 0; i < big.n; i++)
		assert_int_equal(high_first(little, true, i), big.p[i]);
}

static void the_forms_have_the_same_numbers(void **state)
{
	static const char *const files[] = { "keys/rsa2048.blob",
		                             "winkeys/capi-private.bin" };
	static parse_fn *const parse[] = { key_blob_parse_wincrypt,
		                           key_blob_parse_capi };
	struct bytes full = sample_load("winkeys/bcrypt-rsa3.bin");
	struct error err = { 0 };
	struct key_blob want;

	(void)state;
	assert_int_equal(key_blob_parse_bcrypt(&want, full, &err), OK);
	for (size_t i = 0; i < COUNT(files); i++) {
		struct bytes in = sample_load(files[i]);
		struct key_blob got;

		assert_int_equal(parse[i](&got, in, &err), OK);
		assert_reversed(got.n, want.n);
		assert_reversed(got.p, want.p);
		assert_reversed(got.q, want.q);
		assert_reversed(got.dp, want.dp);
		assert_reversed(got.dq, want.dq);
		assert_reversed(got.qinv, want.qinv);
		assert_reversed(got.d, want.d);
		sample_free(in);
	}
	sample_free(full);
}

/* The public key of a real file is that of its real certificate. */
static void reads_the_corpus(void **state)
{
	struct bytes file = sample_corpus(CORPUS_CAPI);
	struct bytes cert = sample_corpus(CORPUS_CERT);
	struct cursor c = cursor_open(file);
	struct error err = { 0 };
	struct key_blob blob;

	(void)state;
	assert_int_equal(
		key_blob_parse_capi(&blob, cursor_tail(&c, 0x61), &err), OK);
	assert_int_equal(blob.size, 0x11c);
	assert_certified(blob.n, true, cert);
	sample_free(cert);
	sample_free(file);
}

static void assert_blob_inside(const struct key_blob *blob, struct bytes in)
{
	assert_inside(blob->e, in);
	assert_inside(blob->n, in);
	assert_inside(blob->p, in);
	assert_inside(blob->q, in);
	assert_inside(blob->dp, in);
	assert_inside(blob->dq, in);
	assert_inside(blob->qinv, in);
	assert_int_equal(blob->x.n + blob->y.n, 0);
	assert_inside(blob->d, in);
	assert_true(blob->size <= in.n && blob->bits <= LIMIT_RSA_BITS);
}

/* A failure leaves nothing. */
static enum status damaged_as(parse_fn *parse, struct bytes in)
{
	static const struct key_blob zero;
	struct error err = { 0 };
	struct key_blob blob;
	enum status status;

	memset(&blob, 0, sizeof(blob));
	status = parse(&blob, in, &err);
	assert_blob_inside(&blob, in);
	if (!status) {
		assert_true(blob.size && blob.kind == KEY_BLOB_RSA);
		return status;
	}
	assert_error(&err, status, in);
	assert_int_equal(blob.kind, zero.kind);
	assert_int_equal(blob.size + blob.bits + blob.algorithm, 0);
	assert_int_equal(blob.n.n + blob.e.n + blob.d.n + blob.x.n, 0);
	return status;
}

static void damaged(struct bytes in)
{
	(void)damaged_as(key_blob_parse_wincrypt, in);
	(void)damaged_as(key_blob_parse_capi, in);
	(void)damaged_as(key_blob_parse_bcrypt, in);
}

static void truncated_wincrypt(struct bytes in)
{
	assert_int_equal(damaged_as(key_blob_parse_wincrypt, in),
	                 in.n < 12 ? E_ABSENT : E_TRUNCATED);
}

static void truncated_capi(struct bytes in)
{
	assert_int_equal(damaged_as(key_blob_parse_capi, in),
	                 in.n < 4 ? E_ABSENT : E_TRUNCATED);
}

static void truncated_bcrypt(struct bytes in)
{
	assert_int_equal(damaged_as(key_blob_parse_bcrypt, in),
	                 in.n < 4 ? E_ABSENT : E_TRUNCATED);
}

static void survives_damage(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		const struct golden *g = &golden[i];
		struct bytes file = sample_load(g->file);
		struct bytes in = cut(file, g);

		in.n = g->layout->size;
		each_truncation(in, g->layout == &wincrypt ? truncated_wincrypt
		                    : g->layout->little_endian
		                            ? truncated_capi
		                            : truncated_bcrypt);
		each_corruption(in, 32, damaged);
		sample_free(file);
	}
}

/* One word of a header changed. */
static const struct {
	enum { WINCRYPT, CAPI, BCRYPT } form;
	size_t off;
	uint32_t v;
	enum status status;
} words[] = {
	/* type and version; algorithm; magic; bits */
	{ WINCRYPT, 0, 0x0206, E_ABSENT },
	{ WINCRYPT, 0, 0x0208, E_ABSENT },
	{ WINCRYPT, 0, 0x0307, E_ABSENT },
	{ WINCRYPT, 0, 0xffff0207, OK },
	{ WINCRYPT, 4, 0x2400, OK },
	{ WINCRYPT, 4, 0x2200, E_ABSENT },
	{ WINCRYPT, 8, 0x31415352, E_ABSENT },
	{ WINCRYPT, 12, 0, E_CORRUPT },
	{ WINCRYPT, 12, 1024, OK },
	{ WINCRYPT, 12, 2049, E_TRUNCATED },
	{ WINCRYPT, 12, 16384, E_TRUNCATED },
	{ WINCRYPT, 12, 16385, E_LIMIT },
	{ WINCRYPT, 12, 0xffffffff, E_LIMIT },
	/* magic; room; bits */
	{ CAPI, 0, 0x33415352, E_ABSENT },
	{ CAPI, 0, 0x31415352, OK },
	{ CAPI, 4, 254, E_CORRUPT },
	{ CAPI, 4, 256, OK },
	{ CAPI, 4, 257, E_CORRUPT },
	{ CAPI, 4, 266, E_TRUNCATED },
	{ CAPI, 4, 0xfffffffe, E_TRUNCATED },
	{ CAPI, 8, 0, E_CORRUPT },
	{ CAPI, 8, 2112, OK },
	{ CAPI, 8, 2113, E_CORRUPT },
	{ CAPI, 12, 0, OK },
	/* magic; bits; lengths of exponent, modulus, primes */
	{ BCRYPT, 0, 0x34415352, E_ABSENT },
	{ BCRYPT, 0, 0x32415352, OK },
	{ BCRYPT, 4, 2047, OK },
	{ BCRYPT, 4, 2040, E_CORRUPT },
	{ BCRYPT, 4, 0, E_CORRUPT },
	{ BCRYPT, 8, 0, E_CORRUPT },
	{ BCRYPT, 8, 4, E_TRUNCATED },
	{ BCRYPT, 8, 0xffffffff, E_TRUNCATED },
	{ BCRYPT, 12, 255, E_CORRUPT },
	{ BCRYPT, 16, 129, E_TRUNCATED },
	{ BCRYPT, 20, 0xffffffff, E_TRUNCATED },
};

static void judges_each_word(void **state)
{
	static const struct {
		const char *file;
		parse_fn *parse;
	} forms[] = {
		[WINCRYPT] = { "keys/rsa2048.blob", key_blob_parse_wincrypt },
		[CAPI] = { "winkeys/capi-private.bin", key_blob_parse_capi },
		[BCRYPT] = { "winkeys/bcrypt-rsa3.bin", key_blob_parse_bcrypt },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_load(forms[words[i].form].file);

		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(damaged_as(forms[words[i].form].parse, in),
		                 words[i].status);
		sample_free(in);
	}
}

/* Sizes that no byte divides: the rooms are as the format rounds them. */
static void reads_odd_sizes(void **state)
{
	static uint8_t raw[8192];
	struct bytes in = BYTES(raw);
	struct error err = { 0 };
	struct key_blob blob;

	(void)state;
	memcpy(raw, "RSA2", 4);
	for (uint32_t bits = 1001; bits < 1040; bits++) {
		uint32_t whole = (bits + 7) / 8;
		uint32_t room = whole + 8 + whole % 2;

		sample_le32(in, 4, room);
		sample_le32(in, 8, bits);
		assert_int_equal(key_blob_parse_capi(&blob, in, &err), OK);
		assert_int_equal(blob.n.n, whole);
		assert_int_equal(blob.p.n, (bits + 15) / 16);
		assert_range(blob.q, in, 20 + room + room / 2, blob.p.n);
		assert_int_equal(blob.size, 20 + 2 * room + 5 * (room / 2));
	}
}

/* The same without rooms: half of an odd number of bytes is rounded up. */
static void reads_odd_sizes_of_wincrypt(void **state)
{
	static uint8_t raw[8192] = "\7\2\0\0\0\xa4\0\0RSA2";
	struct bytes in = BYTES(raw);
	struct error err = { 0 };
	struct key_blob blob;

	(void)state;
	for (uint32_t bits = 1001; bits < 1040; bits++) {
		uint32_t whole = (bits + 7) / 8, half = (bits + 15) / 16;

		sample_le32(in, 12, bits);
		assert_int_equal(key_blob_parse_wincrypt(&blob, in, &err), OK);
		assert_range(blob.q, in, 20 + whole + half, half);
		assert_range(blob.d, in, 20 + whole + 5 * half, whole);
		assert_int_equal(blob.size, 20 + 2 * whole + 5 * half);
	}
}

/* Primes of two lengths: each exponent is as long as its own. */
static void reads_primes_of_two_lengths(void **state)
{
	static uint8_t raw[4096] = "RSA3";
	struct bytes in = BYTES(raw);
	struct error err = { 0 };
	struct key_blob blob;

	(void)state;
	sample_le32(in, 4, 800);
	sample_le32(in, 8, 3);
	sample_le32(in, 12, 100);
	sample_le32(in, 16, 60);
	sample_le32(in, 20, 40);
	assert_int_equal(key_blob_parse_bcrypt(&blob, in, &err), OK);
	assert_range(blob.p, in, 127, 60);
	assert_range(blob.q, in, 187, 40);
	assert_range(blob.dp, in, 227, 60);
	assert_range(blob.dq, in, 287, 40);
	assert_range(blob.qinv, in, 327, 60);
	assert_range(blob.d, in, 387, 100);
	assert_int_equal(blob.size, 487);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_form),
		cmocka_unit_test(the_forms_have_the_same_numbers),
		cmocka_unit_test(reads_the_corpus),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_word),
		cmocka_unit_test(reads_odd_sizes),
		cmocka_unit_test(reads_odd_sizes_of_wincrypt),
		cmocka_unit_test(reads_primes_of_two_lengths),
	};

	return cmocka_run_group_tests_name("key_blob", tests, NULL, NULL);
}
