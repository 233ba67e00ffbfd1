/* SPDX-License-Identifier: MIT */
/*
 * crypto_pfx.c - PKCS#12: all keys and certificates in one file (RFC 7292)
 *
 * The safes and bags are walked here, because OpenSSL's own walk returns one
 * key only, and that one only if a label in the file says so.
 */
#include "parsers/limits.h"
#include "recovery/crypto_internal.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

struct pfx {
	struct key_reader *r;
	PKCS12 *p12;
	bool closed;   /* no candidate gives the MAC: skip what is encrypted */
	unsigned bags; /* seen so far */
	GArray *pending; /* of const STACK_OF(PKCS12_SAFEBAG) *, borrowed */
};

static void failed(struct pfx *pfx, enum status status, const char *what)
{
	struct error err;

	(void)fail(&err, status, 0, what);
	key_reader_failed(pfx->r, &err);
}

static void locked(struct pfx *pfx, enum status status, const char *what)
{
	struct error err;

	(void)fail(&err, status, 0, what);
	key_reader_locked(pfx->r, "pfx", &err);
}

/* -------------------------------------------------------------------- bags */

static void read_certificate(struct pfx *pfx, const PKCS12_SAFEBAG *bag)
{
	unsigned char *der = NULL;
	X509 *x = NULL;
	int n = -1;

	/* The other kind is an SDSI certificate, which nothing writes. */
	if (PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate)
		x = PKCS12_SAFEBAG_get1_cert(bag);
	if (x)
		n = i2d_X509(x, &der);
	if (n > 0)
		key_reader_cert(pfx->r, (struct bytes){ der, (size_t)n, 0 });
	else
		failed(pfx, E_CORRUPT, "certificate in a PFX");
	OPENSSL_free(der);
	X509_free(x);
}

static void read_bag(struct pfx *pfx, PKCS12_SAFEBAG *bag)
{
	const STACK_OF(PKCS12_SAFEBAG) * nested;

	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_keyBag:
		key_read_pkcs8_info(pfx->r, PKCS12_SAFEBAG_get0_p8inf(bag),
		                    pfx->r->out->unlocked_by);
		break;
	case NID_pkcs8ShroudedKeyBag:
		if (!pfx->closed)
			key_read_pkcs8_sig(
				pfx->r, PKCS12_SAFEBAG_get0_pkcs8(bag), true);
		break;
	case NID_certBag:
		read_certificate(pfx, bag);
		break;
	case NID_safeContentsBag:
		nested = PKCS12_SAFEBAG_get0_safes(bag);
		if (nested)
			g_array_append_val(pfx->pending, nested);
		break;
	default: /* revocation lists and secrets */
		break;
	}
}

/* Bags may hold bags: a list of what is left, rather than recursion. */
static void read_bags(struct pfx *pfx, const STACK_OF(PKCS12_SAFEBAG) * bags)
{
	g_array_set_size(pfx->pending, 0);
	g_array_append_val(pfx->pending, bags);
	for (unsigned next = 0; next < pfx->pending->len; next++) {
		bags = g_array_index(pfx->pending,
		                     const STACK_OF(PKCS12_SAFEBAG) *, next);
		for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
			if (pfx->bags++ >= LIMIT_PFX_BAGS) {
				failed(pfx, E_LIMIT, "bags of a PFX");
				return;
			}
			read_bag(pfx, sk_PKCS12_SAFEBAG_value(bags, i));
		}
	}
}

static void release_bags(STACK_OF(PKCS12_SAFEBAG) * bags)
{
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

/* ------------------------------------------------------------------- safes */

static void read_plain_safe(struct pfx *pfx, PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

	if (safe->d.data)
		bags = PKCS12_unpack_p7data(safe);
	if (bags)
		read_bags(pfx, bags);
	else
		failed(pfx, E_CORRUPT, "safe of a PFX");
	release_bags(bags);
	if (safe->d.data && safe->d.data->data) /* may hold a plain key */
		OPENSSL_cleanse(safe->d.data->data,
		                (size_t)safe->d.data->length);
}

static bool try_safe(const void *lock, const struct candidate *candidate,
                     void *keep)
{
	STACK_OF(PKCS12_SAFEBAG) * bags, **to = keep;
	PKCS7 *const *safe = lock;

	bags = PKCS12_unpack_p7encdata(*safe, candidate->p, candidate->n);
	if (!bags || !to)
		release_bags(bags);
	else
		*to = bags;
	return bags;
}

static void read_encrypted_safe(struct pfx *pfx, PKCS7 *safe)
{
	const PKCS7_ENCRYPT *encrypted = safe->d.encrypted;
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	struct error err;

	if (pfx->closed)
		return;
	if (!encrypted || !encrypted->enc_data ||
	    !encrypted->enc_data->algorithm || !encrypted->enc_data->enc_data) {
		failed(pfx, E_CORRUPT, "encrypted safe of a PFX");
	} else if (key_reader_spend_pbe(pfx->r, encrypted->enc_data->algorithm,
	                                &err)) {
		locked(pfx, err.status, err.what);
	} else if (!key_reader_unlock(pfx->r, try_safe, &safe, &bags, true)) {
		locked(pfx, E_KEY, "encrypted safe of a PFX");
	} else {
		read_bags(pfx, bags);
	}
	release_bags(bags);
}

static void read_safes(struct pfx *pfx)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(pfx->p12);

	if (!safes)
		failed(pfx, E_CORRUPT, "contents of a PFX");
	for (int i = 0; i < sk_PKCS7_num(safes); i++) {
		PKCS7 *safe = sk_PKCS7_value(safes, i);

		if (PKCS7_type_is_data(safe))
			read_plain_safe(pfx, safe);
		else if (PKCS7_type_is_encrypted(safe))
			read_encrypted_safe(pfx, safe);
		else
			locked(pfx, E_UNSUPPORTED,
			       "safe of a PFX that no password opens");
	}
	sk_PKCS7_pop_free(safes, PKCS7_free);
}

/* --------------------------------------------------------------------- MAC */

/*
 * Is there a MAC of a kind that we can check?  If not, the structures that come
 * out of a decryption have to speak for themselves.
 */
static bool mac_find(const PKCS12 *p12, uint64_t *iterations)
{
	const X509_ALGOR *algorithm = NULL;
	const ASN1_OBJECT *oid;
	const ASN1_INTEGER *n = NULL;
	EVP_MD *md;

	*iterations = 1; /* RFC 7292 4: the default */
	PKCS12_get0_mac(NULL, &algorithm, NULL, &n, p12);
	if (!algorithm)
		return false;
	X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
	md = EVP_MD_fetch(NULL, OBJ_nid2sn(OBJ_obj2nid(oid)), NULL);
	EVP_MD_free(md);
	if (n && ASN1_INTEGER_get_uint64(iterations, n) != 1)
		*iterations = UINT64_MAX;
	return md;
}

/* OpenSSL only reads the PFX here, but does not say so. */
static bool try_mac(const void *lock, const struct candidate *candidate,
                    void *keep)
{
	PKCS12 *const *p12 = lock;

	(void)keep;
	return PKCS12_verify_mac(*p12, candidate->p, candidate->n) == 1;
}

/* The MAC decides on the password, before anything is decrypted with it. */
static void check_mac(struct pfx *pfx)
{
	uint64_t iterations;
	struct error err;

	if (!mac_find(pfx->p12, &iterations))
		return;
	if (key_reader_spend(pfx->r, iterations, &err)) {
		locked(pfx, err.status, err.what);
		pfx->closed = true;
	} else if (!key_reader_unlock(pfx->r, try_mac, &pfx->p12, NULL, true)) {
		locked(pfx, E_KEY, "PFX");
		pfx->closed = true;
	}
}

void key_read_pfx(struct key_reader *r, struct bytes in)
{
	const unsigned char *p = in.p;
	struct pfx pfx = { .r = r };

	pfx.p12 = d2i_PKCS12(NULL, &p, (long)in.n);
	if (pfx.p12) {
		pfx.pending = g_array_new(FALSE, FALSE, sizeof(void *));
		check_mac(&pfx);
		read_safes(&pfx);
		(void)g_array_free(pfx.pending, TRUE);
	} else {
		failed(&pfx, E_CORRUPT, "PFX");
	}
	PKCS12_free(pfx.p12);
	ERR_clear_error();
}
