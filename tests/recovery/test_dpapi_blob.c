/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi_blob.c - session keys, and blobs of every pair of hash and cipher
 *
 * Those of Windows are in test_dpapi_blob_real.c.
 */
#include "parsers/dpapi_algorithm.h"
#include "recovery/dpapi_internal.h"
#include "tests/recovery/vectors.h"

#include <string.h>

static const struct bytes none;

/* ----------------------------------------------------------- session keys */

#define WIN8                                                               \
	"c942b584a88a36f3ce8abe61a62d403649dfdd8fd9b256a4a7ff64bfe2b60df8" \
	"cb563be71d0d65f8be03ebdd76b4dba168a9e3883fee758d2c4aeef040571cc2"
#define XP                                                                 \
	"f1cd9c3915428d12c0e9bf5ac0c44dda647e6e387118c09eb00a294e485a3f6e" \
	"fe47f16686ad5f60fbd740164de877116eb70d35445b22ddebdb02b0d55ee613"
#define XP_ENTROPY                                                         \
	"d0c624a61e4080ac28ec07f33466581ec04980f26953aa940258dc4ced7fd545" \
	"251208d88d6bac5c64b5cd69b4e2140093174f51ab07f0f5fb7a45462a2c00e4"

/*
 * dpapick's unit vectors: master key, salt, entropy, what is signed, result.
 * The strong password is "strongpassword".
 */
static const struct session {
	enum digest_kind hash;
	const char *key, *salt, *entropy, *strong, *signed_part, *result;
} sessions[] = {
	{ DIGEST_SHA1, XP, "55d9d46709e463db53c783ec1edd69dc", "", "", "",
	  "397ec5c4dc5d5733b7dadd94178f827951b5ea66" },
	{ DIGEST_SHA1, XP_ENTROPY, "0c1e54f10d3ac713ef4c19dbc440e4a7",
	  "746f746f313233", "", "",
	  "9e0ee9a096bcd43c315a211dc7fdb1fd1a01cbec" },
	{ DIGEST_SHA1, XP, "38d39c66910558b6a4e961b5de40e849", "", "",
	  "010000002f44b69f6a6280499c85d238be955b3c000000003c00000044005000"
	  "41005000490063006b002000730069006d0070006c006500200062006c006f00"
	  "62002000670065006e0065007200610074006f007200000003660000a8000000"
	  "1000000055d9d46709e463db53c783ec1edd69dc0000000004800000a0000000"
	  "1000000038d39c66910558b6a4e961b5de40e84918000000eae8acddf984a8ef"
	  "ae7701754baf9f844c9f1cbddf818a9f",
	  "be5c65c109be3c7fd4787df81e923b596f635d0f" },
	{ DIGEST_SHA1, XP_ENTROPY, "bde7c0f3b1d5def7cbb6669c2c2b361c",
	  "746f746f313233", "",
	  "0100000018fa1d263223e54993d9388d2f271486000000003c00000044005000"
	  "41005000490063006b002000730069006d0070006c006500200062006c006f00"
	  "62002000670065006e0065007200610074006f007200000003660000a8000000"
	  "100000000c1e54f10d3ac713ef4c19dbc440e4a70000000004800000a0000000"
	  "10000000bde7c0f3b1d5def7cbb6669c2c2b361c200000006265824866ed719f"
	  "e25046d193bf6fd8252be099ac10609b50677b57ea61bbbf",
	  "5906ca660b04e0c1bce743ebe5b21aa9e79acc1f" },
	{ DIGEST_SHA1, XP, "38d39c66910558b6a4e961b5de40e849", "",
	  "53cae81e3238e1b098a375a10823766cee9ad45d", "",
	  "64846fb4a8938f550de46e53bebf6017c480e72a" },
	{ DIGEST_SHA1, XP_ENTROPY, "bde7c0f3b1d5def7cbb6669c2c2b361c",
	  "746f746f313233", "53cae81e3238e1b098a375a10823766cee9ad45d", "",
	  "6b41b42f75a1d1d7b925be2344119fea42c8336b" },
	{ DIGEST_SHA512, WIN8,
	  "9798683005ff678f507036b44bcbbcfe150115346bf67bd75ad73b42ce6331bf",
	  "", "", "",
	  "d9a268bcc45620cd4602f17e7b1c0b28671a34f34ffb09c752f822c11464bea3"
	  "4d3090ba78ece4703f190d4a0f22cd1b4cf224685eb317c6617f12368fd5197e" },
	{ DIGEST_SHA512, WIN8,
	  "600ed99a7cba8250b56e6571a852a435ba30522905fc6f297c2f5a31d6b7fa45",
	  "5570546f41707000", "", "",
	  "8fc15ae914a579f22e74547eb427603276dee6f2cf72705dd08c473615f2e8e2"
	  "3281cee2037aefd5ba0392dc9866a948feb08a4752c035f2723dd37063be9a13" },
	{ DIGEST_SHA512, WIN8,
	  "40da71bec41e2cf971d270977099e1d34030f0875de802967769f7b4906cbc95",
	  "", "",
	  "010000003fb376ba974b974e96037865fb972cec000000000200000000001066"
	  "000000010000200000009798683005ff678f507036b44bcbbcfe150115346bf6"
	  "7bd75ad73b42ce6331bf000000000e800000000200002000000040da71bec41e"
	  "2cf971d270977099e1d34030f0875de802967769f7b4906cbc95100000005cce"
	  "e1467028df028177bda3c9c34057",
	  "45fb9275a0e852ed4b9f2e34ec6100bb2d3bd5225da37bccb73bfb89b4073dc2"
	  "15840c8beeb728201ab69a41945c944cf6ae645d2e69d00b752ca1552b42ed3d" },
	{ DIGEST_SHA512, WIN8,
	  "dc2539884092c76194a57bbf090e94dcec850a23f03afcef723de96b6b1a4638",
	  "5570546f41707000", "",
	  "010000003fb376ba974b974e96037865fb972cec000000004400000070007700"
	  "64003a00660075006600660061003b00200065006e00740072006f0070007900"
	  "28006100730063006900690029003d005500700054006f004100700070000000"
	  "106600000001000020000000600ed99a7cba8250b56e6571a852a435ba305229"
	  "05fc6f297c2f5a31d6b7fa45000000000e8000000002000020000000dc253988"
	  "4092c76194a57bbf090e94dcec850a23f03afcef723de96b6b1a463810000000"
	  "d747986bfd422553f30c8fb1265e1365",
	  "3c4236133cc43d416ed650106e0f980de4c58e5db4513ea0605207b0835ac69c"
	  "2c95f3b5b26511c44543a996b390952689843a20dbbaa209e6440b74ff02c49c" },
	{ DIGEST_SHA512, WIN8,
	  "40da71bec41e2cf971d270977099e1d34030f0875de802967769f7b4906cbc95",
	  "",
	  "6d20e2a1eaf5ef8f96452a7c83625e09ea56374749a250025ac23630dd92f021"
	  "e773b5af312a7443a88f60959b068c4111f4adf49bfca85564840210529c639f",
	  "",
	  "2ae0cef2ad9b766c8cd492eb21576e466779c9079bbc3e3e939ea777694272d8"
	  "95f4cabaa4e79ba3357af06c1e7f426c59bea8a6966e5a7a57023bc35b04d32b" },
	{ DIGEST_SHA512, WIN8,
	  "dc2539884092c76194a57bbf090e94dcec850a23f03afcef723de96b6b1a4638",
	  "5570546f41707000",
	  "6d20e2a1eaf5ef8f96452a7c83625e09ea56374749a250025ac23630dd92f021"
	  "e773b5af312a7443a88f60959b068c4111f4adf49bfca85564840210529c639f",
	  "",
	  "ce1e8d0989666fd2375ffc17430f58fb298cb4ebedb64b05a806d39cdece9eb8"
	  "476655825e6c6899f041622e266f19cfda940d525c5d4407dc8a6db7581fb51f" },
};

static void sessions_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sessions); i++) {
		const struct session *s = &sessions[i];
		struct bytes salt = hexed(s->salt), strong = hexed(s->strong);
		struct bytes entropy = hexed(s->entropy);
		struct bytes text = hexed(s->signed_part);
		struct bytes expect = hexed(s->result);
		const struct bytes parts[] = { entropy, strong, text };
		uint8_t hash[20], got[DIGEST_MAX];
		struct bytes h = hash_of(hash, s->key);
		struct error err;

		assert_int_equal(
			dpapi_session(got, s->hash, h, salt, parts, 3, &err),
			OK);
		if (memcmp(got, expect.p, expect.n))
			print_error("session %zu\n", i);
		assert_memory_equal(got, expect.p, expect.n);
		material_free(expect);
		material_free(text);
		material_free(entropy);
		material_free(strong);
		material_free(salt);
	}
}

/* dpapick's: 3DES of SHA-1 takes two digests, AES of SHA-512 takes one. */
static void cipher_keys_match(void **state)
{
	const struct dpapi_suite xp = { DIGEST_SHA1, BLOCK_3DES, 20, 24, 8 };
	const struct dpapi_suite win8 = { DIGEST_SHA512, BLOCK_AES_256, 64, 32,
		                          16 };
	uint8_t session[64], expect[64], key[DIGEST_MAX];
	struct error err;

	(void)state;
	(void)unhex(session, 64, "9e0ee9a096bcd43c315a211dc7fdb1fd1a01cbec");
	(void)unhex(expect, 64,
	            "e41a0d8b93243370b3722699588a83b228b533d82e609a69"
	            "32bb2f9899be9a4af06a5a420963de45");
	assert_int_equal(dpapi_cipher_key(key, &xp, session, &err), OK);
	assert_memory_equal(key, expect, 40);
	(void)unhex(session, 64,
	            "d9a268bcc45620cd4602f17e7b1c0b28671a34f34ffb09c752f822c1"
	            "1464bea34d3090ba78ece4703f190d4a0f22cd1b4cf224685eb317c6"
	            "617f12368fd5197e");
	assert_int_equal(dpapi_cipher_key(key, &win8, session, &err), OK);
	assert_memory_equal(key, session, 32);
}

/* -------------------------------------------- every pair of hash and cipher */

struct made {
	uint8_t hash[20];
	struct bytes key, entropy, strong, plain, blob;
};

/* hash, cipher, master key, entropy, strong, plaintext, blob */
static void made_of(struct made *m, char **field)
{
	m->key = hash_of(m->hash, field[3]);
	m->entropy = hexed(field[4]);
	m->strong = hexed(field[5]);
	m->plain = hexed(field[6]);
	m->blob = hexed(field[7]);
}

static void made_release(struct made *m)
{
	material_free(m->blob);
	material_free(m->plain);
	material_free(m->strong);
	material_free(m->entropy);
}

static void open_made(char **field)
{
	static const uint8_t wrong[20];
	struct bytes w = { wrong, sizeof(wrong), 0 };
	struct secret plain;
	struct made m;

	made_of(&m, field);
	if (open_blob(&plain, m.blob, m.key, m.entropy, m.strong))
		print_error("%s %s\n", field[1], field[2]);
	assert_secret(&plain, m.plain);
	secret_release(&plain);
	assert_int_equal(open_blob(&plain, m.blob, w, m.entropy, m.strong),
	                 E_KEY);
	assert_int_equal(open_blob(&plain, m.blob, m.key, w, m.strong), E_KEY);
	/* By luck the padding may fit: then the text does not. */
	if (!open_blob(&plain, m.blob, m.key, m.entropy, w))
		assert_false(bytes_equal(secret_view(&plain), m.plain));
	secret_release(&plain);
	made_release(&m);
}

static void all_suites_open(void **state)
{
	struct bytes text = material("dpapi/made.txt");

	(void)state;
	each_vector(text, "blob", 8, open_made);
	material_free(text);
}

/* ----------------------------------------------------------------- damage */

/* The right text, or none. */
static void survives(struct bytes in, void *ctx)
{
	struct made *m = ctx;
	struct secret plain;

	if (!open_blob(&plain, in, m->key, m->entropy, m->strong))
		assert_true(bytes_equal(secret_view(&plain), m->plain));
	secret_release(&plain);
}

/* Only what is not signed may change: the 20 bytes that all blobs share. */
static void damage_made(char **field)
{
	struct made m;

	made_of(&m, field);
	each_damage(m.blob, survives, &m);
	made_release(&m);
}

static void damage_is_survived(void **state)
{
	struct bytes text = material("dpapi/made.txt");

	(void)state;
	each_vector(text, "blob", 8, damage_made);
	material_free(text);
}

static void unknown_algorithms_are_named(void **state)
{
	static const struct {
		uint32_t hash, cipher, bits;
		const char *what;
	} cases[] = {
		{ DPAPI_MD5, DPAPI_3DES, 192, "MD5" },
		{ 0x1234, DPAPI_3DES, 192, "unknown hash" },
		{ DPAPI_SHA512, DPAPI_RC2, 128, "RC2" },
		{ DPAPI_SHA512, DPAPI_RC4, 128, "RC4" },
		{ DPAPI_SHA512, DPAPI_AES, 0, "AES without" },
		{ DPAPI_SHA512, 0x1234, 128, "unknown cipher" },
	};
	struct bytes file = material("dpapi/blob_noentropy.bin");
	struct dpapi_blob blob;
	struct secret plain;
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(dpapi_blob_parse(&blob, file, &err), OK);
		blob.hash = cases[i].hash;
		blob.cipher = cases[i].cipher;
		blob.cipher_bits = cases[i].bits;
		assert_int_equal(
			dpapi_open_blob(&plain, &blob, none, none, none, &err),
			E_UNSUPPORTED);
		assert_non_null(strstr(err.what, cases[i].what));
	}
	blob = (struct dpapi_blob){ .version = 1 };
	assert_int_equal(dpapi_open_blob(&plain, &blob, none, none, none, &err),
	                 E_TRUNCATED);
	material_free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_match),
		cmocka_unit_test(cipher_keys_match),
		cmocka_unit_test(all_suites_open),
		cmocka_unit_test(damage_is_survived),
		cmocka_unit_test(unknown_algorithms_are_named),
	};

	return cmocka_run_group_tests_name("dpapi_blob", tests, NULL, NULL);
}
