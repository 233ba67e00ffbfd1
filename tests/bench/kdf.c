/* SPDX-License-Identifier: MIT */
/*
 * kdf.c - how fast wrong passwords are tried on a master key of Windows 10
 *
 *	kdf [CANDIDATES [THREADS]]	10,000, and all cores
 *
 * Beside it OpenSSL's PBKDF2 does as many HMACs with SHA-512 on as many
 *threads; they take turns, so that other load on the machine meets both.  Exit
 *status 1 if ours is slower than 0.9 of that.
 */
#include "parsers/dpapi_masterkey.h"
#include "recovery/dpapi.h"
#include "recovery/trial.h"

#include <glib.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "dpapi/masterkey_563e7e10-0351-4855-8f9a-5c6ba86a2c04"
#define SID       "S-1-5-21-1-2-3-500" /* nobody's, and so never right */
#define TURNS     10
#define ENOUGH    0.9

static char *word(size_t i)
{
	return g_strdup_printf("candidate %zu", i);
}

static bool ours(void *lock, size_t i)
{
	const struct dpapi_masterkey *mk = lock;
	uint8_t hash[DPAPI_SHA1_SIZE], prekey[DPAPI_SHA1_SIZE];
	struct bytes h = { hash, sizeof(hash), 0 };
	struct bytes with = { prekey, sizeof(prekey), 0 };
	struct secret key = { 0 };
	char *text = word(i);
	struct bytes password = { (const uint8_t *)text, strlen(text), 0 };
	struct error err;
	bool opened;

	opened = !dpapi_password_hash(hash, DPAPI_FORM_SHA1, password, &err) &&
	         !dpapi_prekey(prekey, h, SID, &err) &&
	         !dpapi_open_part(&key, &mk->password, with, &err);
	secret_release(&key);
	g_free(text);
	return opened;
}

static bool openssl(void *lock, size_t i)
{
	const struct dpapi_masterkey *mk = lock;
	uint8_t out[48]; /* what AES-256 takes: one block of SHA-512 */
	char *text = word(i);
	bool good;

	good = PKCS5_PBKDF2_HMAC(text, -1, mk->password.salt.p,
	                         (int)mk->password.salt.n,
	                         (int)mk->password.rounds, EVP_sha512(),
	                         sizeof(out), out) == 1;
	g_free(text);
	return !good;
}

/* Seconds; a candidate that opens is a mistake of the bench. */
static double run(unsigned jobs, size_t n, bool (*opens)(void *, size_t),
                  struct dpapi_masterkey *mk)
{
	struct trial trial = { .jobs = jobs };
	gint64 begun = g_get_monotonic_time();

	if (trial_run(&trial, n, opens, mk) != TRIAL_NONE) {
		fputs("kdf: a wrong password opened the key\n", stderr);
		exit(2);
	}
	return (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
}

static int compare(size_t n, unsigned jobs, struct dpapi_masterkey *mk)
{
	double a = 0, b = 0, ratio;

	n = MAX(n / TURNS, 1);
	for (int i = 0; i < TURNS; i++) {
		a += run(jobs, n, ours, mk);
		b += run(jobs, n, openssl, mk);
	}
	n *= TURNS;
	ratio = b / a;
	printf("%-32s %8.1f candidates/s\n%-32s %8.1f candidates/s\n",
	       "master key, SHA-512, 8000 rounds", (double)n / a,
	       "as many HMACs by OpenSSL", (double)n / b);
	printf("%zu candidates on %u threads: ratio %.2f, at least %.1f  %s\n",
	       n, jobs, ratio, ENOUGH, ratio < ENOUGH ? "FAILED" : "ok");
	return ratio < ENOUGH;
}

int main(int argc, char **argv)
{
	const char *folder = getenv("TESTDATA");
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
	unsigned jobs = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10)
	                         : g_get_num_processors();
	char *path =
		g_build_filename(folder ? folder : "testdata", FILE_NAME, NULL);
	struct dpapi_masterkey mk;
	struct bytes in = { 0 };
	struct error err;
	char *data = NULL;
	int bad = 2;

	if (!g_file_get_contents(path, &data, &in.n, NULL)) {
		fprintf(stderr, "kdf: cannot read %s\n", path);
	} else {
		in.p = (const uint8_t *)data;
		if (!dpapi_masterkey_parse(&mk, in, &err))
			bad = compare(n, jobs, &mk);
	}
	g_free(data);
	g_free(path);
	return bad;
}
