/* SPDX-License-Identifier: MIT */
/*
 * crypto_export.c - private keys as PEM, for --export-keys
 */
#include "recovery/crypto_internal.h"

#include <openssl/err.h>
#include <openssl/pem.h>

/* What BIO_s_mem held is wiped when it is freed. */
static enum status take(struct secret *pem, BIO *bio, struct error *err)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	if (n <= 0)
		return fail(err, E_NOMEM, 0, "memory for a key");
	if (secret_alloc(pem, (size_t)n, err))
		return err->status;
	memcpy(pem->p, p, pem->n);
	return OK;
}

enum status crypto_pem(struct secret *pem, EVP_PKEY *pkey,
                       struct bytes certificate, struct error *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	enum status st;
	bool good;

	*pem = (struct secret){ 0 };
	good = bio && PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0,
	                                            NULL, NULL) == 1;
	if (good && certificate.n)
		good = PEM_write_bio(bio, "CERTIFICATE", "", certificate.p,
		                     (long)certificate.n) > 0;
	st = good ? take(pem, bio, err)
	          : fail(err, E_NOMEM, 0, "the key cannot be encoded");
	BIO_free(bio);
	ERR_clear_error();
	return st;
}
