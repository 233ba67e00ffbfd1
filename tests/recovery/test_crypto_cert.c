/* SPDX-License-Identifier: MIT */
/*
 * test_crypto_cert.c - what certificates say of themselves, their keys and
 * their signers
 *
 * The files are Windows' and openssl(1)'s; see the README.md beside them.
 */
#include "recovery/crypto.h"
#include "tests/recovery/material.h"

#include <stdlib.h>
#include <string.h>

#define P1 "password #1"

static struct key_private *private_of(const struct key_file *kf, guint i)
{
	assert_true(i < kf->privates->len);
	return &g_array_index(kf->privates, struct key_private, i);
}

static struct key_cert *cert_of(const struct key_file *kf, guint i)
{
	assert_true(i < kf->certs->len);
	return &g_array_index(kf->certs, struct key_cert, i);
}

/* Facts of the certificates as openssl(1) prints them. */
static void describes_certificates(void **state)
{
	struct key_file kf;
	struct key_cert *cert;
	uint8_t sha1[EFS_THUMBPRINT_SIZE];
	struct error err;
	struct bytes der;

	(void)state;
	assert_int_equal(material_read(&kf, "efs-win10-aes256/user.pfx", "1"),
	                 OK);
	cert = cert_of(&kf, 0);
	(void)unhex(sha1, sizeof(sha1),
	            "1911cf1ef10d043cfd9c25e0438e056fb0100650");
	assert_memory_equal(cert->thumbprint, sha1, sizeof(sha1));
	assert_string_equal(cert->subject, "CN=test");
	/* as `openssl x509 -dates -serial -issuer` says */
	assert_string_equal(cert->issuer, "CN=test");
	assert_true(cert->self_signed);
	assert_string_equal(cert->kind, "rsa");
	/* 2119-12-03T19:25:38Z, by date(1) */
	assert_int_equal(cert->not_after, UINT64_C(163755483380000000));
	assert_int_equal(cert->bits, 2048);
	assert_true(cert->efs);
	assert_false(cert->recovery);
	der.p = g_bytes_get_data(cert->der, &der.n);
	assert_int_equal(digest_of(DIGEST_SHA1, der, sha1, &err), OK);
	assert_memory_equal(cert->thumbprint, sha1, sizeof(sha1));
	assert_string_equal(private_of(&kf, 0)->unlocked_by, P1);
	key_file_release(&kf);

	assert_int_equal(material_read(&kf, "keys/agent.der", NULL), OK);
	assert_true(cert_of(&kf, 0)->recovery);
	assert_false(cert_of(&kf, 0)->efs);
	key_file_release(&kf);
}

#define ID_RSA512 \
	"25a42ad82241b3e79ef94a2fa0c4c77e9af329a3310c3d1cb7d0846c97fc0b36"

/* As `openssl x509 -text` says; and of what its -pubkey prints,
   `openssl rsa -pubin -RSAPublicKey_out -outform DER | sha256sum`. */
static void describes_keys_and_signers(void **state)
{
	static const struct {
		const char *name, *passwords;
		guint i;
		const char *kind;
		unsigned key_bits;
		bool self_signed;
		const char *id;
	} cases[] = {
		{ "keys/rsa512.der", NULL, 0, "rsa", 512, true, ID_RSA512 },
		{ "pfx/rekeyed.der", NULL, 0, "rsa", 1024, false,
		  "858a15bb8e4aa09d3acd94c6d6385aeb"
		  "fe2d5048f1551528ea36ff6b08e9017f" },
		{ "pfx/dotnet_DummyTcpServer_emptypw.pfx", NULL, 0, "rsa", 1024,
		  false,
		  "999d66fac4be97f0c63fc1beb2f936f0"
		  "020b38840de3ac910aa05984567d851d" },
		{ "pfx/dotnet_DummyTcpServer_emptypw.pfx", NULL, 1, "rsa", 2048,
		  true,
		  "48dce4438b046eaf0805683a43272b76"
		  "fce63fac59faeddff4ecfd8082497398" },
		{ "pfx/ec.pfx", "test", 0, "ec", 256, true, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t id[RSA_ID_SIZE] = { 0 };
		const struct key_cert *cert;
		struct key_file kf;

		(void)!material_read(&kf, cases[i].name, cases[i].passwords);
		cert = cert_of(&kf, cases[i].i);
		assert_string_equal(cert->kind, cases[i].kind);
		assert_int_equal(cert->key_bits, cases[i].key_bits);
		assert_int_equal(cert->bits, cases[i].id ? cert->key_bits : 0);
		assert_int_equal(cert->self_signed, cases[i].self_signed);
		if (cases[i].id)
			(void)unhex(id, sizeof(id), cases[i].id);
		assert_memory_equal(cert->id, id, sizeof(id));
		key_file_release(&kf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describes_certificates),
		cmocka_unit_test(describes_keys_and_signers),
	};

	return cmocka_run_group_tests_name("cert", tests, NULL, NULL);
}
