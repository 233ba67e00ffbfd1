/* SPDX-License-Identifier: MIT */
/*
 * keys.c - a folder of many RSA keys, made in seconds
 *
 *	keys DIR COUNT	DIR/00000.pem ...: RSA 2048 and a certificate for EFS
 *
 * Primes are what takes long.  So each key is another pair out of a few: 142
 * give 10,011.  Who has two such keys has the primes of both, and that does not
 * matter here.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define PRIME_BITS 1024
#define PRIMES_MAX 1000
#define EXPONENT   65537
#define YEAR       (365L * 24 * 60 * 60)

static BIGNUM *primes[PRIMES_MAX];

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "keys: %s\n", what);
	exit(1);
}

/* The i-th, made when it is asked for; its product with any is 2048 bits. */
static const BIGNUM *prime(size_t i, BN_CTX *ctx)
{
	must(i < PRIMES_MAX, "so many keys are too many");
	for (; !primes[i];) {
		BIGNUM *p = BN_new();

		must(p && BN_generate_prime_ex2(p, PRIME_BITS, 0, NULL, NULL,
		                                NULL, ctx),
		     "no prime");
		if (BN_mod_word(p, EXPONENT) == 1)
			BN_free(p); /* then there is no private exponent */
		else
			primes[i] = p;
	}
	return primes[i];
}

/* The numbers of a private key, by OpenSSL's names for them; p > q. */
static OSSL_PARAM *numbers(const BIGNUM *p, const BIGNUM *q, BN_CTX *ctx)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *n, *e, *d, *dp, *dq, *qinv, *p1, *q1, *phi;
	OSSL_PARAM *params;

	BN_CTX_start(ctx);
	n = BN_CTX_get(ctx), e = BN_CTX_get(ctx), d = BN_CTX_get(ctx);
	dp = BN_CTX_get(ctx), dq = BN_CTX_get(ctx), qinv = BN_CTX_get(ctx);
	p1 = BN_CTX_get(ctx), q1 = BN_CTX_get(ctx), phi = BN_CTX_get(ctx);
	must(phi && BN_mul(n, p, q, ctx) && BN_set_word(e, EXPONENT) &&
	             BN_sub(p1, p, BN_value_one()) &&
	             BN_sub(q1, q, BN_value_one()) && BN_mul(phi, p1, q1, ctx),
	     "no modulus");
	must(BN_mod_inverse(d, e, phi, ctx) && BN_mod(dp, d, p1, ctx) &&
	             BN_mod(dq, d, q1, ctx) && BN_mod_inverse(qinv, q, p, ctx),
	     "no exponent");
	must(bld && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
	             OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) &&
	             OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_D, d) &&
	             OSSL_PARAM_BLD_push_BN(bld, "rsa-factor1", p) &&
	             OSSL_PARAM_BLD_push_BN(bld, "rsa-factor2", q) &&
	             OSSL_PARAM_BLD_push_BN(bld, "rsa-exponent1", dp) &&
	             OSSL_PARAM_BLD_push_BN(bld, "rsa-exponent2", dq) &&
	             OSSL_PARAM_BLD_push_BN(bld, "rsa-coefficient1", qinv),
	     "no parameters");
	params = OSSL_PARAM_BLD_to_param(bld);
	OSSL_PARAM_BLD_free(bld);
	BN_CTX_end(ctx);
	return params;
}

static EVP_PKEY *make_key(const BIGNUM *p, const BIGNUM *q, BN_CTX *ctx)
{
	bool larger = BN_cmp(p, q) > 0;
	OSSL_PARAM *params = numbers(larger ? p : q, larger ? q : p, ctx);
	EVP_PKEY_CTX *into = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;

	must(params && into && EVP_PKEY_fromdata_init(into) > 0 &&
	             EVP_PKEY_fromdata(into, &key, EVP_PKEY_KEYPAIR, params) >
	                     0,
	     "no key");
	EVP_PKEY_CTX_free(into);
	OSSL_PARAM_free(params);
	return key;
}

static X509 *make_certificate(EVP_PKEY *key, size_t i)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);
	X509_EXTENSION *use = X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage,
	                                          "1.3.6.1.4.1.311.10.3.4");
	unsigned char text[32];
	int n = snprintf((char *)text, sizeof(text), "key %05zu", i);

	must(use && X509_set_version(x, X509_VERSION_3) &&
	             ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), i + 1) &&
	             X509_gmtime_adj(X509_getm_notBefore(x), -YEAR) &&
	             X509_gmtime_adj(X509_getm_notAfter(x), 20 * YEAR) &&
	             X509_NAME_add_entry_by_NID(name, NID_commonName,
	                                        MBSTRING_UTF8, text, n, -1,
	                                        0) &&
	             X509_set_issuer_name(x, name) && X509_set_pubkey(x, key) &&
	             X509_add_ext(x, use, -1) &&
	             X509_sign(x, key, EVP_sha256()),
	     "no certificate");
	X509_EXTENSION_free(use);
	return x;
}

static void write_key(const char *dir, size_t i, EVP_PKEY *key)
{
	X509 *x = make_certificate(key, i);
	char path[4096];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%05zu.pem", dir, i);
	f = fopen(path, "w");
	must(f &&
	             PEM_write_PKCS8PrivateKey(f, key, NULL, NULL, 0, NULL,
	                                       NULL) &&
	             PEM_write_X509(f, x) && !fclose(f),
	     "cannot write");
	X509_free(x);
}

int main(int argc, char **argv)
{
	BN_CTX *ctx = BN_CTX_new();
	size_t count, done = 0;

	must(argc == 3, "usage: keys DIR COUNT");
	count = strtoul(argv[2], NULL, 10);
	for (size_t i = 1; done < count; i++)
		for (size_t k = 0; k < i && done < count; k++) {
			EVP_PKEY *key =
				make_key(prime(i, ctx), prime(k, ctx), ctx);

			write_key(argv[1], done++, key);
			EVP_PKEY_free(key);
		}
	BN_CTX_free(ctx);
	for (size_t i = 0; i < PRIMES_MAX; i++)
		BN_free(primes[i]);
	return 0;
}
