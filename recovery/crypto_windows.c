/* SPDX-License-Identifier: MIT */
/*
 * crypto_windows.c - RSA keys out of the blobs that Windows keeps them in
 */
#include "parsers/limits.h"
#include "recovery/crypto_internal.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

static BIGNUM *number(struct bytes from, bool little_endian)
{
	if (from.n > LIMIT_RSA_BITS / 8 + 1)
		return NULL;
	if (little_endian)
		return BN_lebin2bn(from.p, (int)from.n, NULL);
	return BN_bin2bn(from.p, (int)from.n, NULL);
}

static EVP_PKEY *public_key(const BIGNUM *n, const BIGNUM *e)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
		params = OSSL_PARAM_BLD_to_param(build);
	if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

enum status rsa_blob_id(uint8_t id[RSA_ID_SIZE], const struct key_blob *blob,
                        struct error *err)
{
	EVP_PKEY *pkey = NULL;
	BIGNUM *n, *e;
	bool good;

	memset(id, 0, RSA_ID_SIZE);
	crypto_ready();
	if (blob->kind != KEY_BLOB_RSA)
		return fail(err, E_UNSUPPORTED, blob->n.at, "not an RSA key");
	n = number(blob->n, blob->little_endian);
	e = number(blob->e, blob->little_endian);
	if (n && e && BN_is_odd(n) && BN_is_odd(e))
		pkey = public_key(n, e);
	good = rsa_public_id(id, pkey);
	EVP_PKEY_free(pkey);
	BN_free(e);
	BN_free(n);
	ERR_clear_error();
	return good ? OK : fail(err, E_CORRUPT, blob->n.at, "public key");
}

void rsa_key_public_id(uint8_t id[RSA_ID_SIZE], const struct rsa_key *key)
{
	rsa_key_id(id, key);
}

enum status rsa_key_from_blob(struct rsa_key **key, const struct key_blob *blob,
                              struct error *err)
{
	const struct rsa_numbers numbers = {
		.n = blob->n,
		.e = blob->e,
		.d = blob->d,
		.p = blob->p,
		.q = blob->q,
		.little_endian = blob->little_endian,
	};

	*key = NULL;
	if (blob->kind != KEY_BLOB_RSA || !blob->is_private)
		return fail(err, E_UNSUPPORTED, blob->n.at,
		            "not an RSA private key");
	return rsa_key_new(key, &numbers, err);
}

enum status certificate_read(struct key_cert *cert, struct bytes der,
                             struct error *err)
{
	return key_cert_parse(cert, der, err);
}

void certificate_release(struct key_cert *cert)
{
	key_cert_release(cert);
}
