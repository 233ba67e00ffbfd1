/* SPDX-License-Identifier: MIT */
/*
 * crypto_ec.c - elliptic private keys (SEC 1; RFC 5915 for their encoding)
 */
#include "recovery/crypto_internal.h"
#include "recovery/ec.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#define COORDINATE_MOST 66 /* bytes, of P-521 */

struct ec_key {
	EVP_PKEY *pkey;
	unsigned bits;
};

void ec_key_free(struct ec_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey); /* wipes the private number */
	g_free(key);
}

unsigned ec_key_bits(const struct ec_key *key)
{
	return key->bits;
}

static const char *curve_name(unsigned bits)
{
	switch (bits) {
	case 256:
		return "P-256";
	case 384:
		return "P-384";
	case 521:
		return "P-521";
	default:
		return NULL;
	}
}

/* SEC 1 2.3.3: 04, x, y.  Returns its length. */
static size_t encode_point(uint8_t point[1 + 2 * COORDINATE_MOST],
                           const struct key_blob *blob)
{
	point[0] = POINT_CONVERSION_UNCOMPRESSED;
	memcpy(point + 1, blob->x.p, blob->x.n);
	memcpy(point + 1 + blob->x.n, blob->y.p, blob->y.n);
	return 1 + blob->x.n + blob->y.n;
}

/* `d` in the machine's own order, in memory that is wiped. */
static EVP_PKEY *pkey_new(const struct key_blob *blob, struct secret *d)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	char *curve = g_strdup(curve_name(blob->bits));
	uint8_t point[1 + 2 * COORDINATE_MOST];
	size_t n = encode_point(point, blob);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		                                 curve, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
		                                  point, n),
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, d->p, d->n),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *pkey = NULL;

	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	g_free(curve);
	return pkey;
}

/* The private number, turned from the blob's order to the machine's. */
static enum status native(struct secret *to, struct bytes from,
                          struct error *err)
{
	BIGNUM *d;

	if (secret_alloc(to, from.n, err))
		return err->status;
	d = BN_secure_new();
	if (!d || !BN_bin2bn(from.p, (int)from.n, d) ||
	    BN_bn2nativepad(d, to->p, (int)to->n) < 0)
		secret_release(to);
	BN_clear_free(d);
	return to->p ? OK : fail(err, E_NOMEM, from.at, "elliptic key");
}

/* Is the point on the curve, and that of the private number? */
static bool fits(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool good = ctx && EVP_PKEY_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return good;
}

enum status ec_key_from_blob(struct ec_key **key, const struct key_blob *blob,
                             struct error *err)
{
	uint64_t at = blob->d.at;
	struct secret d = { 0 };
	EVP_PKEY *pkey;

	*key = NULL;
	crypto_ready();
	if (blob->kind != KEY_BLOB_ECC || !curve_name(blob->bits))
		return fail(err, E_UNSUPPORTED, at, "curve of an elliptic key");
	if (!blob->is_private || blob->x.n > COORDINATE_MOST ||
	    blob->y.n > COORDINATE_MOST || blob->d.n > COORDINATE_MOST)
		return fail(err, E_CORRUPT, at, "elliptic private key");
	if (native(&d, blob->d, err))
		return err->status;
	pkey = pkey_new(blob, &d);
	secret_release(&d);
	if (!pkey || !fits(pkey)) {
		EVP_PKEY_free(pkey);
		ERR_clear_error();
		return fail(err, E_CORRUPT, at,
		            "numbers of an elliptic key do not fit together");
	}
	*key = g_new0(struct ec_key, 1);
	(*key)->pkey = pkey;
	(*key)->bits = blob->bits;
	return OK;
}

enum status ec_key_pem(struct secret *pem, const struct ec_key *key,
                       struct bytes certificate, struct error *err)
{
	return crypto_pem(pem, key->pkey, certificate, err);
}
