/* SPDX-License-Identifier: MIT */
/*
 * test_crypto_kdf.c - PBKDF2 against published vectors, and DPAPI's variant
 */
#include "recovery/crypto.h"
#include "tests/recovery/material.h"

#include <string.h>

struct vector {
	enum digest_kind hash;
	const char *password, *salt; /* text */
	uint32_t rounds;
	const char *hex;
};

/*
 * SHA-1: RFC 6070; SHA-256: RFC 7914 11.  The others have no RFC: Python's
 * hashlib.pbkdf2_hmac(hash, password, salt, rounds, length), on the inputs of
 * RFC 6070; the second of SHA-512 is the one that everyone quotes.
 */
static const struct vector pbkdf2[] = {
	{ DIGEST_SHA1, "password", "salt", 1,
	  "0c60c80f961f0e71f3a9b524af6012062fe037a6" },
	{ DIGEST_SHA1, "password", "salt", 2,
	  "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957" },
	{ DIGEST_SHA1, "password", "salt", 4096,
	  "4b007901b765489abead49d926f721d065a429c1" },
	{ DIGEST_SHA1, "passwordPASSWORDpassword",
	  "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
	  "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038" },
	{ DIGEST_SHA256, "passwd", "salt", 1,
	  "55ac046e56e3089fec1691c22544b605"
	  "f94185216dde0465e68b9d57c20dacbc"
	  "49ca9cccf179b645991664b39d77ef31"
	  "7c71b845b1e30bd509112041d3a19783" },
	{ DIGEST_SHA256, "Password", "NaCl", 80000,
	  "4ddcd8f60b98be21830cee5ef22701f9"
	  "641a4418d04c0414aeff08876b34ab56"
	  "a1d425a1225833549adb841b51c9b317"
	  "6a272bdebba1d078478f62b397f33c8d" },
	{ DIGEST_SHA512, "password", "salt", 1,
	  "867f70cf1ade02cff3752599a3a53dc4af34c7a6" },
	{ DIGEST_SHA512, "password", "salt", 4096,
	  "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5"
	  "143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5" },
	{ DIGEST_SHA512, "passwordPASSWORDpassword",
	  "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
	  "8c0511f4c6e597c6ac6315d8f0362e225f3c501495ba23b868c005174dc4ee71"
	  "115b59f9e60cd9532fa33e0f75aefe30225c583a186cd82bd4daea9724a3d3b8"
	  "04f75bdd41494fa324cab24bcc680fb3b96a30cf5d21fac3c2875913919f3399"
	  "b1d9ce7e" },
	{ DIGEST_SHA384, "passwordPASSWORDpassword",
	  "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
	  "819143ad66df9a552559b9e131c52ae6c5c1b0eed18f4d283b8c5c9eaeb92b39"
	  "2c147cc2d2869d58ffe2f7da13d15f8d925721f0ed1afafa24480d55cf6060b1"
	  "7f112a3de74cae25fdf3569e247f29e4dbb84421847822ea99bd20283c3a25a6"
	  "0d3db95a" },
	{ DIGEST_MD5, "password", "salt", 4096,
	  "15001f89b9c29ee6998c520d1a0629e893cc3f996a08d27060e4c33305bf0fb2"
	  "62e27c0c9745202f72dc205f970200b0b51280241af0f6a2c494f689fe1d274a" },
};

/*
 * Python, nothing but hmac and hashlib, with block i of the result as
 *	t = hmac.new(p, s + i.to_bytes(4, "big"), h).digest()
 *	for _ in range(rounds - 1):
 *		u = hmac.new(p, t, h).digest()
 *		t = bytes(a ^ b for a, b in zip(t, u))
 */
static const struct vector dpapi[] = {
	{ DIGEST_MD5, "password", "NaCl-and-pepper!", 1000,
	  "5b81e87a3e6a1488b86a81737a44111c44940976309306bdef1c01aa7b53c983"
	  "b33759328dc5fb992a7e71b0ae846234b38fd63db655792afd80dffba0f74a91"
	  "c88c49da80126ed9776ce34b80553bdd" },
	{ DIGEST_SHA1, "password", "NaCl-and-pepper!", 2,
	  "4967f0f5851e064f1d0b03b69c9f7311866f7dd721b5f960ac0541ed06d2e7a3"
	  "6310f9a7b92892fd" },
	{ DIGEST_SHA1, "password", "NaCl-and-pepper!", 1000,
	  "c8d94e166bdb62ec617a1607282d50f9d1c9ca176fc44531283d643e17c0025a"
	  "a7429e1518cab50862e135f9a1a813fb3e9963ea1359b1e2e7d33c6f4a14b577"
	  "262ad5e3294bc6cb58d5c4c059602ce4" },
	{ DIGEST_SHA256, "password", "NaCl-and-pepper!", 1000,
	  "97e82b4a5075aaaff58e0728a5facc920ea57ca74bc2ea02d5dc72a35e959a35"
	  "93fffbd9a20a9b1e9ce8d0f64253595a3cd774574cac9aa7e0f13a07c3ef06a1"
	  "6a3a874150c17b930689055cb236604f" },
	{ DIGEST_SHA384, "password", "NaCl-and-pepper!", 1000,
	  "a2a6cc4f6a162e1d19d2b52ff6c38144bf1f56b6f1ebc326d8e2c9e02329217c"
	  "b78db38f32f97575dfef8f8697192f430cc63a15d83f44c758d256a19141e322"
	  "eef8837788338cebe97c505d7ce708aa" },
	{ DIGEST_SHA512, "password", "NaCl-and-pepper!", 1, "b37beb1cb9236e" },
	{ DIGEST_SHA512, "password", "NaCl-and-pepper!", 1000,
	  "829edbe8f19a566f420e0ab4db502532d1d913d17869cd0a2fddf422c0acf756"
	  "48fd955d13e0a5d1dd48d0190cfc7cf97c93b9fda395deaf1d01867d7d816e42"
	  "83b36e781d7f048f2f341feaa415bb51" },
};

#define LONGEST 128

static void check(enum kdf_kind kind, const struct vector *v)
{
	struct bytes password = { (const uint8_t *)v->password,
		                  strlen(v->password), 0 };
	struct bytes salt = { (const uint8_t *)v->salt, strlen(v->salt), 0 };
	uint8_t expect[LONGEST], got[LONGEST + 1];
	size_t n = unhex(expect, sizeof(expect), v->hex);
	struct error err;

	/* What is asked for is a start of the whole, and nothing behind it. */
	for (size_t cut = 0; cut < 2; cut++) {
		got[n - cut] = 0xee;
		assert_int_equal(crypto_kdf(kind, v->hash, password, salt,
		                            v->rounds, got, n - cut, &err),
		                 OK);
		assert_memory_equal(got, expect, n - cut);
		assert_int_equal(got[n - cut], 0xee);
	}
}

static void pbkdf2_matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pbkdf2); i++)
		check(KDF_PBKDF2, &pbkdf2[i]);
}

static void dpapi_matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(dpapi); i++)
		check(KDF_DPAPI, &dpapi[i]);
}

static void one_round_is_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pbkdf2); i++)
		if (pbkdf2[i].rounds == 1)
			check(KDF_DPAPI, &pbkdf2[i]);
}

/* A unit vector of dpapick, of Windows 7's numbers. */
static void a_real_one_matches(void **state)
{
	uint8_t password[20], salt[16], expect[48], got[48];
	struct bytes p = { password, 20, 0 }, s = { salt, 16, 0 };
	struct error err;

	(void)state;
	(void)unhex(password, 20, "84e40ab5bab2c5a2965fd185d60cf92fe2c1c9d2");
	(void)unhex(salt, 16, "1f63ff38751365ec54748b13d962698e");
	(void)unhex(expect, 48,
	            "38d34e6a81f8d5f650403d01407e3127f987f986328ed9c1"
	            "aacd527811dd53ac5a7b8d298e37e377daa03a3ee209e638");
	assert_int_equal(
		crypto_kdf(KDF_DPAPI, DIGEST_SHA512, p, s, 5600, got, 48, &err),
		OK);
	assert_memory_equal(got, expect, 48);
}

/* Longer than a block of any of them: 200 times "k", no salt; as above. */
static void long_passwords_are_hashed(void **state)
{
	static const struct {
		enum digest_kind hash;
		const char *pbkdf2, *dpapi;
	} longs[] = {
		{ DIGEST_MD5,
		  "a61ba028bb25524a8208245084887157"
		  "b4e23c961fc790cbe0ca1ae5b8f5dc44",
		  "a4dd8a566f1f49049958b55bbdfd76af"
		  "6daa50e1213eba50b2687b9bc08ec4e1" },
		{ DIGEST_SHA1,
		  "e287270de78a15927becb841e0b05bd4"
		  "2afb75257b36d8bc05a25811904c40ad",
		  "b2bd9e75b2359999080155d5ef47abff"
		  "f1b089c5dcae06345a745386e8d66d56" },
		{ DIGEST_SHA256,
		  "5a2e7a2e37807da95c438748d830dff9"
		  "7f1c5ad0305236f19f62cde53053bcab",
		  "82a3ddb743f3eda5efa139cf0214ebfe"
		  "7a3048b5855582691190ac29f1a46d75" },
		{ DIGEST_SHA384,
		  "1f664b367619fb28759cc69f62ce29a6"
		  "cbc148cdb8998debf032f703894c47a3",
		  "6a7de52c10e293e1941ae839135cfd31"
		  "330f0e906e9760455b5aeabdd368bbc8" },
		{ DIGEST_SHA512,
		  "140e6f6199060079a3353f779680ee2b"
		  "007b0db2a09fb1491787c7dd1655bbf2",
		  "ba1af240d71b6c9a2e58713d0fe2fcd9"
		  "9492a99b968b1fbbee985ac57438e849" },
	};
	uint8_t password[200], expect[32], got[32];
	struct bytes p = { password, sizeof(password), 0 };
	struct bytes none = { 0 };
	struct error err;

	(void)state;
	memset(password, 'k', sizeof(password));
	for (size_t i = 0; i < COUNT(longs); i++) {
		(void)unhex(expect, 32, longs[i].pbkdf2);
		assert_int_equal(crypto_kdf(KDF_PBKDF2, longs[i].hash, p, none,
		                            3, got, 32, &err),
		                 OK);
		assert_memory_equal(got, expect, 32);
		(void)unhex(expect, 32, longs[i].dpapi);
		assert_int_equal(crypto_kdf(KDF_DPAPI, longs[i].hash, p, none,
		                            3, got, 32, &err),
		                 OK);
		assert_memory_equal(got, expect, 32);
	}
}

static void no_rounds_are_refused(void **state)
{
	struct bytes salt = { (const uint8_t *)"salt", 4, 77 };
	uint8_t got[4] = { 1, 2, 3, 4 };
	struct error err;

	(void)state;
	assert_int_equal(crypto_kdf(KDF_DPAPI, DIGEST_SHA512, salt, salt, 0,
	                            got, 4, &err),
	                 E_CORRUPT);
	assert_int_equal(err.at, 77);
	assert_memory_equal(got, "\0\0\0\0", 4);
	assert_int_equal(crypto_kdf(KDF_DPAPI, DIGEST_SHA512, salt, salt, 1,
	                            got, 0, &err),
	                 OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pbkdf2_matches),
		cmocka_unit_test(dpapi_matches),
		cmocka_unit_test(one_round_is_the_same),
		cmocka_unit_test(a_real_one_matches),
		cmocka_unit_test(long_passwords_are_hashed),
		cmocka_unit_test(no_rounds_are_refused),
	};

	return cmocka_run_group_tests_name("crypto_kdf", tests, NULL, NULL);
}
