/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi_blob_real.c - blobs and private keys that Windows locked
 *
 * The texts are those that the publishers of the files printed.
 */
#include "parsers/capi_key.h"
#include "parsers/cng_key.h"
#include "parsers/key_blob.h"
#include "recovery/dpapi.h"
#include "tests/recovery/vectors.h"

#include <string.h>

static const struct bytes none;

#define ADMIN                                                              \
	"4c4a398169cc9ecc6eae0e1a70ba1dc58bfec785c4b35bd1afdf2aeb06753bca" \
	"0ea3491989cb626990973f8370fd576a46c0ce2a85d995a01af6d727ff41969c"
#define BLOBS                                                              \
	"9828d9873735439e823dbd216205ff88266d28ad685a413970c640d5ee943154" \
	"bbade31fada673d542c72d707a163bb3d1bceb0c50465b359ae06998481b0ce3"
#define VPOL                                                               \
	"dda7cb9077756f4a5ea6291d57d5e3d3e96765885777cd6e8575f337034dfa4e" \
	"58eb1ec5c97a4d9915b70130b7776aea16dc14a9486319e1849355c097b99272"
#define WIN8                                                               \
	"c942b584a88a36f3ce8abe61a62d403649dfdd8fd9b256a4a7ff64bfe2b60df8" \
	"cb563be71d0d65f8be03ebdd76b4dba168a9e3883fee758d2c4aeef040571cc2"
#define XP                                                                 \
	"f1cd9c3915428d12c0e9bf5ac0c44dda647e6e387118c09eb00a294e485a3f6e" \
	"fe47f16686ad5f60fbd740164de877116eb70d35445b22ddebdb02b0d55ee613"
#define XP_ENTROPY                                                         \
	"d0c624a61e4080ac28ec07f33466581ec04980f26953aa940258dc4ced7fd545" \
	"251208d88d6bac5c64b5cd69b4e2140093174f51ab07f0f5fb7a45462a2c00e4"
#define FPC                                                                \
	"95ce0b47819a62ac0b4fd2c734f5f7a1dcd8bd822ce74ad8c6bef4ad2013d49a" \
	"472abbdeb0fe6db10e19a0b6a9525894ff2880585af2ed52891a3e9bfd1992d3"
#define CHROME                                                             \
	"a71e3395183c40328f645896caa1017295c3b1a7e6ed1939c90baf015f32645b" \
	"2dfde0ab9192602390583705d81edbcbeee582eaaa3165bcc5f7d585e2b71b00"

/* What must be somewhere in the text; DAVID is "david.bowie" in UTF-16. */
#define DAVID "640061007600690064002e0062006f00770069006500"

static const struct sample {
	const char *file;
	size_t at; /* of the blob in it */
	const char *key, *entropy;
	size_t entropy_n;
	const char *contains; /* hexadecimal */
} samples[] = {
	{ "dpapi/blob_noentropy.bin", 0, BLOBS, "", 0,
	  "536f6d65207465737420737472696e67" },
	{ "dpapi/blob_entropy.bin", 0, BLOBS, "Some entropy", 12,
	  "536f6d65207465737420737472696e67" },
	{ "dpapi/credentialFile.bin", 12, ADMIN, "", 0, DAVID },
	{ "dpapi/vpolFile.bin", 0x6c, VPOL, "", 0,
	  "756ff73b0ee4980e2dd722fbcd0badb9a6be89590304eb6d58b6e8ab7aaaec1d" },
};

static const struct sample distant[] = {
	{ "keys/dpapick/blob_xp_simple.bin", 0, XP, "", 0,
	  "5468697320697320666f72207265616c2021" },
	{ "keys/dpapick/blob_xp_entropy.bin", 0, XP_ENTROPY, "toto123", 7,
	  "5468697320656e74726f707920776173206e6f742066616b6564" },
	{ "keys/dpapick/blob_win8_simple.bin", 0, WIN8, "", 0,
	  "5562657253656372657400" },
	{ "keys/dpapick/blob_win8_entropy.bin", 0, WIN8, "UpToApp", 8,
	  "5562657253656372657400" },
	{ "keys/nthash-fpc/data_blob.bin", 0, FPC, "", 0, "736563726574" },
	{ "keys/blob-chrome-user/blob.bin", 0, CHROME, "", 0,
	  "1f00000002433a5c50726f6772616d2046696c65735c476f6f676c655c4368726f"
	  "6d65" },
};

static void check_sample(const struct sample *s, struct bytes file)
{
	struct bytes entropy = { (const uint8_t *)s->entropy, s->entropy_n, 0 };
	struct bytes wrong = { (const uint8_t *)"Wrong", 5, 0 };
	struct bytes contains = hexed(s->contains);
	struct cursor c = cursor_open(file);
	struct bytes in = cursor_tail(&c, s->at);
	uint8_t hash[20];
	struct bytes h = hash_of(hash, s->key);
	struct secret plain;

	if (open_blob(&plain, in, h, entropy, none))
		print_error("%s\n", s->file);
	assert_non_null(plain.p);
	assert_contains(secret_view(&plain), contains);
	secret_release(&plain);

	assert_int_equal(open_blob(&plain, in, h, wrong, none), E_KEY);
	if (s->entropy_n) {
		assert_int_equal(open_blob(&plain, in, h, none, none), E_KEY);
		entropy.n--;
		assert_int_equal(open_blob(&plain, in, h, entropy, none),
		                 E_KEY);
		entropy.n++;
	}
	hash[0] ^= 1;
	assert_int_equal(open_blob(&plain, in, h, entropy, none), E_KEY);
	material_free(contains);
}

static void real_blobs_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		struct bytes file = material(samples[i].file);

		check_sample(&samples[i], file);
		material_free(file);
	}
}

static void corpus_blobs_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(distant); i++) {
		struct bytes file = material_corpus(distant[i].file);

		check_sample(&distant[i], file);
		material_free(file);
	}
}

/* ------------------------------------------------- private keys of Windows */

#define WIKI      "keys/efs-mimikatz-wiki/"
#define WIKI_USER "S-1-5-21-494464150-3436831043-1864828003-1001/"

/* The number is in the certificate as it is: big-endian, without a pad. */
static void assert_in_cert(struct bytes n, bool little_endian)
{
	struct bytes der = material_corpus(
		WIKI "B53C6DE283C00203587A03DD3D0BF66E16969A55.der");
	struct bytes copy = material_copy(n, n.n);

	for (size_t i = 0; little_endian && i < n.n; i++)
		*material_at(copy, i) = n.p[n.n - 1 - i];
	assert_contains(der, copy);
	material_free(copy);
	material_free(der);
}

static void a_capi_key_opens(void **state)
{
	struct bytes file = material_corpus(
		WIKI "Crypto/RSA/" WIKI_USER
		     "79e1ac78150e8bea8ad238e14d63145b_4f8e7ec6-a506-4d31-9d5a-"
		     "1e4cbed4997b");
	struct bytes flag = dpapi_entropy_capi_flag;
	uint8_t hash[20];
	struct bytes h =
		hash_of(hash, "f2c9ea33a990c865e985c496fb8915445895d80b");
	struct secret plain;
	struct key_blob blob;
	struct capi_key key;
	struct error err;

	(void)state;
	assert_int_equal(capi_key_parse(&key, file, &err), OK);
	assert_int_equal(
		open_blob(&plain, key.exchange.private_key, h, none, none), OK);
	assert_int_equal(key_blob_parse_capi(&blob, secret_view(&plain), &err),
	                 OK);
	assert_true(blob.is_private);
	assert_int_equal(blob.bits, 2048);
	assert_in_cert(blob.n, blob.little_endian);
	secret_release(&plain);

	assert_int_equal(flag.n, 17);
	assert_int_equal(
		open_blob(&plain, key.exchange.export_flag, h, flag, none), OK);
	assert_secret_hex(&plain, "01000000");
	secret_release(&plain);
	flag.n--;
	assert_int_equal(
		open_blob(&plain, key.exchange.export_flag, h, flag, none),
		E_KEY);
	material_free(file);
}

static const struct {
	const char *file, *key, *plain;
} cngs[] = {
	{ "keys/cng-ecdsa-p256/de7cf8a7901d2ad13e5c67c29e5d1662_e4aad2d1-5ec0-"
	  "4ea4-b259-65eda5bc47a8",
	  "850247e2dd89c50536c05bdcee1a56c395e752cf",
	  "45435332200000005266cba2681ed70a0576a7f8b430eb41d1c44c4891a84172"
	  "6808ffa0ee887a7c8f4a06ad0916f7503124549834a58a0d7e6a22fbeab527bc"
	  "d527fbc1c519f9d8a6a296d94241edf1446e255551f0d9198474bd99aab67996"
	  "a9a0bfc93357337d" },
	{ "keys/cng-aes-chromekey1/dpapi_cng_Google Chromekey1",
	  "cf55c7f9923f1699887bc50a59cde059426b0bd6c94bc954f65d444d5e09716c"
	  "8cde3333e58944d28b5f3e7d0d72d9eff6a0703a2e5f80fc47860ef53d7e739f",
	  "4b44424d0100000020000000e70a1ac71dc5e57296aa972f1fc6a093647e2f54"
	  "0a08f8f330c018d2d5ab47ba" },
};

static void cng_keys_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cngs); i++) {
		struct bytes file = material_corpus(cngs[i].file);
		struct bytes entropy = dpapi_entropy_cng_key;
		uint8_t hash[20];
		struct bytes h = hash_of(hash, cngs[i].key);
		struct bytes properties;
		struct secret plain;
		struct cng_key key;
		struct error err;

		assert_int_equal(cng_key_parse(&key, file, &err), OK);
		assert_int_equal(
			open_blob(&plain, key.private_key, h, entropy, none),
			OK);
		assert_secret_hex(&plain, cngs[i].plain);
		secret_release(&plain);
		assert_int_equal(entropy.n, 17);
		entropy.n--;
		assert_int_equal(
			open_blob(&plain, key.private_key, h, entropy, none),
			E_KEY);

		assert_int_equal(open_blob(&plain, key.private_properties, h,
		                           dpapi_entropy_cng_properties, none),
		                 OK);
		properties = cng_property_find(secret_view(&plain),
		                               CNG_PROPERTY_EXPORT_POLICY);
		assert_int_equal(properties.n, 4);
		secret_release(&plain);
		material_free(file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_blobs_open),
		cmocka_unit_test(corpus_blobs_open),
		cmocka_unit_test(a_capi_key_opens),
		cmocka_unit_test(cng_keys_open),
	};

	return cmocka_run_group_tests_name("dpapi_blob_real", tests, NULL,
	                                   NULL);
}
