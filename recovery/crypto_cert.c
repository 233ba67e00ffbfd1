/* SPDX-License-Identifier: MIT */
/*
 * crypto_cert.c - what a certificate says about its key (RFC 5280)
 */
#include "recovery/crypto.h"
#include "recovery/crypto_internal.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <limits.h>

/* [MS-GPEF]: what Windows asks of certificates for EFS and for recovery. */
#define OID_EFS      "1.3.6.1.4.1.311.10.3.4"
#define OID_RECOVERY "1.3.6.1.4.1.311.10.3.4.1"

/* One line in the order of the certificate, controls and separators escaped. */
#define NAME_FLAGS                                                       \
	((ASN1_STRFLGS_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) | \
	 XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN)

static char *subject_of(const X509 *x)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	char *p = NULL;
	long n;

	if (bio && X509_NAME_print_ex(bio, X509_get_subject_name(x), 0,
	                              NAME_FLAGS) >= 0) {
		n = BIO_get_mem_data(bio, &p);
		if (n > 0)
			text = g_utf8_make_valid(p, n);
	}
	BIO_free(bio);
	return text;
}

static char *not_after_of(const X509 *x)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) != 1)
		return NULL;
	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ",
	                       tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	                       tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void read_purposes(struct key_cert *cert, const X509 *x)
{
	EXTENDED_KEY_USAGE *all;
	char oid[64];

	all = X509_get_ext_d2i(x, NID_ext_key_usage, NULL, NULL);
	for (int i = 0; i < sk_ASN1_OBJECT_num(all); i++) {
		if (OBJ_obj2txt(oid, sizeof(oid), sk_ASN1_OBJECT_value(all, i),
		                1) <= 0)
			continue;
		cert->efs |= !strcmp(oid, OID_EFS);
		cert->recovery |= !strcmp(oid, OID_RECOVERY);
	}
	EXTENDED_KEY_USAGE_free(all);
}

enum status key_cert_parse(struct key_cert *cert, struct bytes der,
                           struct error *err)
{
	const unsigned char *p = der.p;
	X509 *x = NULL;
	EVP_PKEY *pkey;

	*cert = (struct key_cert){ 0 };
	crypto_ready();
	if (der.n <= LONG_MAX)
		x = d2i_X509(NULL, &p, (long)der.n);
	if (!x) {
		ERR_clear_error();
		return fail(err, E_CORRUPT, der.at, "certificate");
	}
	/* The bytes as they are: encoding them anew may change the hash. */
	der.n = (size_t)(p - der.p);
	cert->der = g_bytes_new(der.p, der.n);
	cert->subject = subject_of(x);
	cert->not_after = not_after_of(x);
	read_purposes(cert, x);
	pkey = X509_get0_pubkey(x);
	if (rsa_public_id(cert->id, pkey))
		cert->bits = (unsigned)EVP_PKEY_get_bits(pkey);
	X509_free(x);
	ERR_clear_error();
	if (!digest_of(DIGEST_SHA1, der, cert->thumbprint, err))
		return OK;
	key_cert_release(cert);
	return err->status;
}

void key_cert_release(struct key_cert *cert)
{
	g_free(cert->subject);
	g_free(cert->not_after);
	g_bytes_unref(cert->der);
	*cert = (struct key_cert){ 0 };
}
