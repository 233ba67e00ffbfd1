/* SPDX-License-Identifier: MIT */
/*
 * test_crypto_keyfile.c - key files of all kinds, whole and damaged
 *
 * The files are Windows' and openssl(1)'s; see the README.md beside them.
 */
#include "recovery/crypto.h"
#include "tests/recovery/material.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/limits.h"

#define P1 "password #1"
#define PW KEYS_PASSWORD
/* SHA-256 of the public key of keys/rsa512 */
#define ID_RSA512 \
	"25a42ad82241b3e79ef94a2fa0c4c77e9af329a3310c3d1cb7d0846c97fc0b36"

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

static struct key_locked *locked_of(const struct key_file *kf, guint i)
{
	assert_true(i < kf->locked->len);
	return &g_array_index(kf->locked, struct key_locked, i);
}

/* --------------------------------------------------- all kinds, all opened */

static const struct {
	const char *name, *passwords, *format, *by;
	unsigned certs, privates, bits;
} good[] = {
	/* by Windows */
	{ "efs-win10-aes256/user.pfx", "1", "PKCS#12", P1, 1, 1, 2048 },
	{ "pfx/boringssl_windows7_certmgr.p12", "a\nb\nfoo\nc", "PKCS#12",
	  "password #3", 1, 1, 2048 },
	{ "pfx/dotnet_test.pfx", "test", "PKCS#12", P1, 3, 1, 1024 },
	{ "pfx/dotnet_DummyTcpServer_emptypw.pfx", NULL, "PKCS#12",
	  "no password", 2, 1, 1024 },
	{ "pfx/dotnet_plaincertbag.pfx", "testcertificate", "PKCS#12", P1, 1, 1,
	  4096 },
	{ "pfx/go-pkcs12_azuretools_legacy.pfx", NULL, "PKCS#12", "no password",
	  1, 1, 2048 },
	{ "pfx/go-pkcs12_certmgr_aes256.pfx", "password", "PKCS#12", P1, 1, 1,
	  2048 },
	/* PKCS#12 by others */
	{ "pfx/wiki_legacy_rc2_3des_sha1.pfx", "mimikatz", "PKCS#12", P1, 1, 1,
	  2048 },
	{ "pfx/wiki_aes256_sha256.pfx", "mimikatz", "PKCS#12", P1, 1, 1, 2048 },
	{ "pfx/no-mac.pfx", "x\ntest", "PKCS#12", "password #2", 1, 1, 512 },
	{ "pfx/two-passwords.pfx", "inner\nouter", "PKCS#12", "password #2", 1,
	  1, 512 },
	{ "pfx/unicode-openssl.pfx", "p\xc3\xa4\xe2\x82\xac\xc3\x9f", "PKCS#12",
	  P1, 1, 1, 512 },
	{ "pfx/unicode-gnutls.pfx", "p\xc3\xa4\xe2\x82\xac\xc3\x9f", "PKCS#12",
	  P1, 1, 1, 512 },
	{ "pfx/nested.pfx", NULL, "PKCS#12", NULL, 1, 1, 512 },
	{ "pfx/deep.pfx", NULL, "PKCS#12", NULL, 1, 1, 512 },
	{ "keys/several.pfx", PW, "PKCS#12", P1, 3, 3, 0 },
	{ "keys/cert-only.pfx", PW, "PKCS#12", P1, 1, 0, 0 },
	{ "keys/rsa2048-rc2.pfx", PW, "PKCS#12", P1, 1, 1, 2048 },
	{ "keys/rsa2048-3des.pfx", PW, "PKCS#12", P1, 1, 1, 2048 },
	{ "keys/rsa2048-open.pfx", NULL, "PKCS#12", NULL, 1, 1, 2048 },
	{ "keys/rsa2048-blank.pfx", "x", "PKCS#12", "blank password", 1, 1,
	  2048 },
	{ "keys/rsa2048-blank-aes.pfx", NULL, "PKCS#12", "blank password", 1, 1,
	  2048 },
	/* sizes */
	{ "keys/rsa512.pfx", PW, "PKCS#12", P1, 1, 1, 512 },
	{ "keys/rsa1024.pfx", PW, "PKCS#12", P1, 1, 1, 1024 },
	{ "keys/rsa2048.pfx", PW, "PKCS#12", P1, 1, 1, 2048 },
	{ "keys/rsa3072.pfx", PW, "PKCS#12", P1, 1, 1, 3072 },
	{ "keys/rsa4096.pfx", PW, "PKCS#12", P1, 1, 1, 4096 },
	{ "keys/rsa16384.pfx", PW, "PKCS#12", P1, 1, 1, 16384 },
	/* other forms */
	{ "efs-win10-aes256/user-key.pem", NULL, "PEM", NULL, 0, 1, 2048 },
	{ "keys/rsa2048.key", NULL, "PEM", NULL, 0, 1, 2048 },
	{ "keys/rsa2048-trad.pem", NULL, "PEM", NULL, 0, 1, 2048 },
	{ "keys/rsa2048-enc.pem", PW, "PEM", P1, 0, 1, 2048 },
	{ "keys/rsa2048-enc-3des.pem", PW, "PEM", P1, 0, 1, 2048 },
	{ "keys/rsa2048-trad-enc.pem", "\n" PW, "PEM", "password #2", 0, 1,
	  2048 },
	{ "keys/rsa2048.both.pem", NULL, "PEM", NULL, 1, 1, 2048 },
	{ "keys/rsa2048.cert.pem", NULL, "PEM", NULL, 1, 0, 0 },
	{ "keys/rsa2048.der", NULL, "DER certificate", NULL, 1, 0, 0 },
	{ "keys/rsa2048.p8.der", NULL, "PKCS#8", NULL, 0, 1, 2048 },
	{ "keys/rsa2048-enc.der", PW, "encrypted PKCS#8", P1, 0, 1, 2048 },
	{ "keys/rsa2048-trad.der", NULL, "PKCS#1", NULL, 0, 1, 2048 },
	{ "keys/rsa2048.pvk", NULL, "PVK", NULL, 0, 1, 2048 },
	{ "keys/rsa2048-enc.pvk", PW, "PVK", P1, 0, 1, 2048 },
	{ "keys/rsa2048.blob", NULL, "PRIVATEKEYBLOB", NULL, 0, 1, 2048 },
	{ "winkeys/DPAPIBackupKey_RSAKey.bin", NULL, "domain backup key", NULL,
	  1, 1, 2048 },
	{ "pfx/wiki_none.pvk", NULL, "PVK", NULL, 0, 1, 2048 },
	{ "pfx/wiki_weak.pvk", "x\nPvkPass1", "PVK", "password #2", 0, 1,
	  2048 },
	{ "pfx/wiki_strong.pvk", "x\nPvkPass1", "PVK", "password #2", 0, 1,
	  2048 },
};

static void reads_all_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct key_file kf;

		if (material_read(&kf, good[i].name, good[i].passwords))
			print_error("%s\n", good[i].name);
		assert_non_null(kf.format);
		assert_string_equal(kf.format, good[i].format);
		assert_int_equal(kf.certs->len, good[i].certs);
		assert_int_equal(kf.privates->len, good[i].privates);
		assert_int_equal(kf.locked->len, 0);
		if (good[i].by)
			assert_string_equal(kf.unlocked_by, good[i].by);
		else
			assert_null(kf.unlocked_by);
		if (good[i].bits)
			assert_int_equal(rsa_key_bits(private_of(&kf, 0)->rsa),
			                 good[i].bits);
		/* the key belongs to the first certificate beside it */
		if (good[i].privates && good[i].certs)
			assert_memory_equal(private_of(&kf, 0)->id,
			                    cert_of(&kf, 0)->id, RSA_ID_SIZE);
		key_file_release(&kf);
		key_file_release(&kf);
	}
}

/* A zero too many before the modulus is no other key. */
static void names_a_key_by_its_numbers(void **state)
{
	/* lengths around the modulus of keys/rsa512.der, and where that is */
	static const size_t lengths[] = { 0x03, 0x07, 0x7b, 0x8c, 0x8f, 0x91 };
	const size_t modulus = 0x92;
	struct bytes der = material("keys/rsa512.der");
	uint8_t *p = calloc(der.n + 1, 1);
	uint8_t id[RSA_ID_SIZE];
	struct key_cert cert;
	struct error err;

	(void)state;
	assert_non_null(p);
	memcpy(p, der.p, modulus);
	memcpy(p + modulus + 1, der.p + modulus, der.n - modulus);
	for (size_t i = 0; i < COUNT(lengths); i++)
		p[lengths[i]]++;
	(void)unhex(id, sizeof(id), ID_RSA512);
	assert_int_equal(certificate_read(&cert,
	                                  (struct bytes){ p, der.n + 1, 0 },
	                                  &err),
	                 OK);
	assert_memory_equal(cert.id, id, sizeof(id));
	assert_int_equal(cert.bits, 512);
	certificate_release(&cert);
	free(p);
	material_free(der);
}

/* ------------------------------------------------------- locked, or not ours
 */

static void says_what_is_locked(void **state)
{
	static const struct {
		const char *name, *passwords, *type;
		enum status status;
		unsigned certs;
	} cases[] = {
		{ "efs-win10-aes256/user.pfx", "2\n3", "pfx", E_KEY, 1 },
		{ "efs-win10-aes256/user.pfx", NULL, "pfx", E_KEY, 1 },
		{ "pfx/dotnet_plaincertbag.pfx", "x", "pfx", E_KEY, 1 },
		{ "pfx/no-mac.pfx", "x", "private_key", E_KEY, 1 },
		{ "pfx/two-passwords.pfx", "inner", "pfx", E_KEY, 0 },
		{ "pfx/two-passwords.pfx", "outer", "pfx", E_KEY, 0 },
		{ "keys/rsa2048-enc.pem", "x", "private_key", E_KEY, 0 },
		{ "keys/rsa2048-enc.der", "x", "private_key", E_KEY, 0 },
		{ "keys/rsa2048-trad-enc.pem", "x", "private_key", E_KEY, 0 },
		{ "keys/rsa2048-enc.pvk", "x", "private_key", E_KEY, 0 },
		{ "pfx/slow.pfx", "test", "private_key", E_LIMIT, 1 },
		{ "pfx/ec.pfx", "test", "private_key", E_UNSUPPORTED, 1 },
		{ "pfx/ec.pem", NULL, "private_key", E_UNSUPPORTED, 0 },
		{ "winkeys/DPAPIBackupKey_LegacyKey.bin", NULL, "private_key",
		  E_UNSUPPORTED, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct key_file kf;

		if (material_read(&kf, cases[i].name, cases[i].passwords) !=
		    cases[i].status)
			print_error("%s\n", cases[i].name);
		assert_non_null(kf.locked);
		assert_string_equal(locked_of(&kf, 0)->type, cases[i].type);
		assert_non_null(locked_of(&kf, 0)->reason);
		assert_int_equal(kf.certs->len, cases[i].certs);
		assert_int_equal(kf.privates->len, 0);
		key_file_release(&kf);
	}
}

static void counts_the_candidates(void **state)
{
	struct key_file kf;

	(void)state;
	assert_int_equal(
		material_read(&kf, "efs-win10-aes256/user.pfx", "2\n3"), E_KEY);
	assert_string_equal(
		locked_of(&kf, 0)->reason,
		"PFX: neither the blank password nor any of 2 opens it");
	key_file_release(&kf);
}

static enum status read_text(struct key_file *kf, const char *text)
{
	struct bytes all = { (const uint8_t *)text, strlen(text), 0 };
	struct bytes in = material_copy(all, all.n);
	struct error err = { 0 };
	enum status status = key_file_read(kf, in, NULL, &err);

	assert_int_equal(err.status, status);
	material_free(in);
	return status;
}

static void refuses_what_is_no_key(void **state)
{
	static const struct {
		const char *text;
		enum status status;
	} cases[] = {
		{ "", E_UNSUPPORTED },
		{ "hello", E_UNSUPPORTED },
		{ "-----BEGIN", E_UNSUPPORTED },
		{ "-----BEGIN CERTIFICATE-----\n", E_CORRUPT },
		{ "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
		  E_CORRUPT },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n-----END X-----\n",
		  E_CORRUPT },
		{ "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END X-----",
		  E_CORRUPT },
		{ "-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: x\n\nMAA=\n"
		  "-----END RSA PRIVATE KEY-----",
		  E_UNSUPPORTED },
		{ "-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,xy\n"
		  "\nMAA=\n-----END RSA PRIVATE KEY-----",
		  E_UNSUPPORTED },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----\nMAA=\n-----END X-----",
		  E_UNSUPPORTED },
		{ "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----",
		  E_UNSUPPORTED },
		{ "\x30", E_UNSUPPORTED },
		{ "\x30\x80", E_UNSUPPORTED },
		{ "\x30\x84\xff\xff\xff\xff\x02\x01\x03\x30", E_CORRUPT },
		{ "\x30\x09\x02\x01\x03\x30\x04\x06\x02\x2a\x03", E_CORRUPT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct key_file kf;
		enum status status = read_text(&kf, cases[i].text);

		if (status != cases[i].status)
			print_error("case %zu: %s\n", i, cases[i].text);
		assert_int_equal(status, cases[i].status);
		key_file_release(&kf);
	}
}

static void refuses_a_huge_file(void **state)
{
	struct bytes in = { NULL, (size_t)LIMIT_KEY_FILE + 1, 0 };
	struct error err;
	struct key_file kf;

	(void)state;
	assert_int_equal(key_file_read(&kf, in, NULL, &err), E_LIMIT);
	assert_null(kf.certs);
}

/* ------------------------------------------------- a domain's backup key */

/* The key is that of its certificate; it opens without one that parses. */
static void reads_a_backup_key(void **state)
{
	enum { KEY_END = 1184 }; /* testdata/winkeys/README.md */
	struct bytes in = material("winkeys/DPAPIBackupKey_RSAKey.bin");
	struct key_file kf;
	struct error err;

	(void)state;
	assert_int_equal(key_file_read(&kf, in, NULL, &err), OK);
	assert_memory_equal(private_of(&kf, 0)->id, cert_of(&kf, 0)->id,
	                    RSA_ID_SIZE);
	key_file_release(&kf);

	*material_at(in, KEY_END) ^= 0xff;
	assert_int_equal(key_file_read(&kf, in, NULL, &err), OK);
	assert_int_equal(kf.privates->len, 1);
	assert_int_equal(kf.certs->len, 0);
	key_file_release(&kf);

	for (size_t n = 0; n < in.n; n++) {
		struct bytes cut = material_copy(in, n);
		enum status status = key_file_read(&kf, cut, NULL, &err);

		assert_int_equal(!status, n >= KEY_END);
		key_file_release(&kf);
		material_free(cut);
	}
	material_free(in);
}

static void refuses_a_legacy_backup_key(void **state)
{
	struct key_file kf;

	(void)state;
	assert_int_equal(material_read(&kf,
	                               "winkeys/DPAPIBackupKey_LegacyKey.bin",
	                               NULL),
	                 E_UNSUPPORTED);
	assert_string_equal(kf.format, "legacy domain backup key");
	assert_non_null(strstr(locked_of(&kf, 0)->reason, "legacy"));
	key_file_release(&kf);
}

/* ------------------------------------------------------------------ PEM text
 */

static void tolerates_text_around_pem(void **state)
{
	struct bytes key = material("keys/rsa2048.key");
	struct bytes cert = material("keys/rsa2048.cert.pem");
	GString *text = g_string_new("Bag Attributes\n  friendlyName: x\n");
	struct key_file kf;
	char **lines;
	char *all;

	(void)state;
	g_string_append_len(text, (const char *)cert.p, (gssize)cert.n);
	g_string_append(text, "Key Attributes: -----BEGIN\n");
	g_string_append_len(text, (const char *)key.p, (gssize)key.n);
	g_string_append(text, "the end");
	assert_int_equal(read_text(&kf, text->str), OK);
	assert_int_equal(kf.certs->len, 1);
	assert_int_equal(kf.privates->len, 1);
	key_file_release(&kf);

	/* lines indented, with CR LF */
	lines = g_strsplit(text->str, "\n", -1);
	all = g_strjoinv(" \r\n\t ", lines);
	assert_int_equal(read_text(&kf, all), OK);
	assert_int_equal(kf.certs->len, 1);
	assert_int_equal(kf.privates->len, 1);
	key_file_release(&kf);
	g_strfreev(lines);
	g_free(all);
	(void)g_string_free(text, TRUE);
	material_free(key);
	material_free(cert);
}

/* One block of two is damaged: the other is still read. */
static void keeps_the_good_block(void **state)
{
	struct bytes key = material("keys/rsa2048.key");
	GString *text = g_string_new("-----BEGIN CERTIFICATE-----\nMAA=\n"
	                             "-----END CERTIFICATE-----\n");
	struct key_file kf;

	(void)state;
	g_string_append_len(text, (const char *)key.p, (gssize)key.n);
	assert_int_equal(read_text(&kf, text->str), OK);
	assert_int_equal(kf.certs->len, 0);
	assert_int_equal(kf.privates->len, 1);
	key_file_release(&kf);
	(void)g_string_free(text, TRUE);
	material_free(key);
}

/* ---------------------------------------------------------------- damage */

/* No truncation of a file reads as a key, or reads beyond its end. */
static void truncations_fail(void **state)
{
	static const char *const names[] = {
		"keys/rsa512.pfx",   "keys/rsa2048-enc.der",  "keys/rsa512.der",
		"keys/rsa2048.blob", "keys/rsa2048.p8.der",   "keys/rsa512.key",
		"pfx/nested.pfx",    "keys/rsa2048-trad.der",
	};
	struct passwords pw;

	(void)state;
	material_passwords(&pw, PW);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct bytes in = material(names[i]);

		/* the text of a PEM is whole without its last line feed */
		for (size_t n = 0; n + 30 < in.n; n++) {
			struct bytes cut = material_copy(in, n);
			struct error err;
			struct key_file kf;

			assert_int_not_equal(key_file_read(&kf, cut, &pw, &err),
			                     OK);
			if (n > 64)
				assert_int_equal(err.status, E_CORRUPT);
			key_file_release(&kf);
			material_free(cut);
		}
		material_free(in);
	}
	passwords_release(&pw);
}

/* Any byte may be wrong: then it fails, or is another file that is sound. */
static void corruptions_are_survived(void **state)
{
	static const char *const names[] = {
		"pfx/nested.pfx",
		"keys/rsa512.der",
		"fuzz/keyfile/rsa512-one.pfx",
	};
	static const uint8_t masks[] = { 0x01, 0x80, 0xff };
	struct passwords pw;

	(void)state;
	material_passwords(&pw, "test");
	for (size_t i = 0; i < COUNT(names); i++) {
		struct bytes in = material(names[i]);

		for (size_t n = 0; n < in.n * COUNT(masks); n++) {
			struct bytes copy = material_copy(in, in.n);
			struct error err;
			struct key_file kf;

			*material_at(copy, n / COUNT(masks)) ^=
				masks[n % COUNT(masks)];
			(void)!key_file_read(&kf, copy, &pw, &err);
			key_file_release(&kf);
			material_free(copy);
		}
		material_free(in);
	}
	passwords_release(&pw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_kinds),
		cmocka_unit_test(names_a_key_by_its_numbers),
		cmocka_unit_test(says_what_is_locked),
		cmocka_unit_test(counts_the_candidates),
		cmocka_unit_test(refuses_what_is_no_key),
		cmocka_unit_test(refuses_a_huge_file),
		cmocka_unit_test(reads_a_backup_key),
		cmocka_unit_test(refuses_a_legacy_backup_key),
		cmocka_unit_test(tolerates_text_around_pem),
		cmocka_unit_test(keeps_the_good_block),
		cmocka_unit_test(truncations_fail),
		cmocka_unit_test(corruptions_are_survived),
	};

	return cmocka_run_group_tests_name("keyfile", tests, NULL, NULL);
}
