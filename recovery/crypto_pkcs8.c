/* SPDX-License-Identifier: MIT */
/*
 * crypto_pkcs8.c - private keys of PKCS#1 and PKCS#8, plain and encrypted
 */
#include "recovery/crypto_internal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

void key_read_pkcs1(struct key_reader *r, struct bytes in, bool locked)
{
	struct rsa_key *key;
	struct error err;

	if (!rsa_key_from_pkcs1(&key, in, &err))
		key_reader_private(r, key, locked);
	else
		key_reader_locked(r, "private_key", &err);
}

void key_read_pkcs8_info(struct key_reader *r, const PKCS8_PRIV_KEY_INFO *info,
                         bool locked)
{
	const ASN1_OBJECT *oid;
	const unsigned char *p;
	struct error err;
	int n;

	if (PKCS8_pkey_get0(&oid, &p, &n, NULL, info) != 1 || n < 0) {
		(void)fail(&err, E_CORRUPT, 0, "private key");
		key_reader_locked(r, "private_key", &err);
	} else if (OBJ_obj2nid(oid) != NID_rsaEncryption) {
		(void)fail(&err, E_UNSUPPORTED, 0, "not an RSA key");
		key_reader_locked(r, "private_key", &err);
	} else {
		key_read_pkcs1(r, (struct bytes){ p, (size_t)n, 0 }, locked);
	}
}

void key_read_pkcs8(struct key_reader *r, struct bytes in)
{
	const unsigned char *p = in.p;
	PKCS8_PRIV_KEY_INFO *info;
	struct error err;

	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)in.n);
	if (info) {
		key_read_pkcs8_info(r, info, false);
	} else {
		(void)fail(&err, E_CORRUPT, in.at, "PKCS#8 private key");
		key_reader_locked(r, "private_key", &err);
	}
	PKCS8_PRIV_KEY_INFO_free(info); /* wipes the key */
	ERR_clear_error();
}

static bool try_pkcs8(const void *lock, const struct candidate *candidate,
                      void *keep)
{
	PKCS8_PRIV_KEY_INFO *info, **to = keep;

	info = PKCS8_decrypt(lock, candidate->p, candidate->n);
	if (!info || !to)
		PKCS8_PRIV_KEY_INFO_free(info);
	else
		*to = info;
	return info;
}

void key_read_pkcs8_sig(struct key_reader *r, const X509_SIG *sig, bool none)
{
	PKCS8_PRIV_KEY_INFO *info = NULL;
	const X509_ALGOR *algorithm;
	struct error err;

	X509_SIG_get0(sig, &algorithm, NULL);
	if (key_reader_spend_pbe(r, algorithm, &err)) {
		key_reader_locked(r, "private_key", &err);
	} else if (!key_reader_unlock(r, try_pkcs8, sig, &info, none)) {
		(void)fail(&err, E_KEY, 0, "encrypted private key");
		key_reader_locked(r, "private_key", &err);
	} else {
		key_read_pkcs8_info(r, info, true);
	}
	PKCS8_PRIV_KEY_INFO_free(info);
}

void key_read_pkcs8_locked(struct key_reader *r, struct bytes in)
{
	const unsigned char *p = in.p;
	struct error err;
	X509_SIG *sig;

	sig = d2i_X509_SIG(NULL, &p, (long)in.n);
	if (sig) {
		key_read_pkcs8_sig(r, sig, false);
	} else {
		(void)fail(&err, E_CORRUPT, in.at, "encrypted private key");
		key_reader_locked(r, "private_key", &err);
	}
	X509_SIG_free(sig);
	ERR_clear_error();
}
