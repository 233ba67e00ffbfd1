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

static char *name_of(const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	char *p = NULL;
	long n;

	if (bio && X509_NAME_print_ex(bio, name, 0, NAME_FLAGS) >= 0) {
		n = BIO_get_mem_data(bio, &p);
		if (n > 0)
			text = g_utf8_make_valid(p, n);
	}
	BIO_free(bio);
	return text;
}

/* A FILETIME; 0 where there is none for it. */
static uint64_t filetime_of(const ASN1_TIME *time)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	int64_t since = -1;

	/* by days, as time_t need not reach to the year 9999 */
	if (epoch && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1)
		since = (int64_t)days * 86400 + seconds + INT64_C(11644473600);
	ASN1_TIME_free(epoch);
	return since > 0 ? (uint64_t)since * 10000000 : 0;
}

static char *serial_of(const X509 *x)
{
	BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = n ? BN_bn2hex(n) : NULL;
	char *serial = hex ? g_ascii_strdown(hex, -1) : NULL;

	OPENSSL_free(hex);
	BN_free(n);
	return serial;
}

static const char *kind_of(const EVP_PKEY *pkey)
{
	switch (pkey ? EVP_PKEY_get_base_id(pkey) : EVP_PKEY_NONE) {
	case EVP_PKEY_RSA:
		return "rsa";
	case EVP_PKEY_EC:
		return "ec";
	default:
		return "other";
	}
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

static void read_key(struct key_cert *cert, EVP_PKEY *pkey)
{
	unsigned char *pkcs1 = NULL;
	struct bytes n, e;
	int length = 0;

	cert->kind = kind_of(pkey);
	if (pkey && EVP_PKEY_get_bits(pkey) > 0)
		cert->key_bits = (unsigned)EVP_PKEY_get_bits(pkey);
	if (!strcmp(cert->kind, "rsa"))
		length = i2d_PublicKey(pkey, &pkcs1);
	if (length > 0 &&
	    rsa_public_parse(&n, &e,
	                     (struct bytes){ pkcs1, (size_t)length, 0 }) &&
	    rsa_public_id(cert->id, n, e))
		cert->bits = cert->key_bits;
	OPENSSL_free(pkcs1);
}

enum status key_cert_parse(struct key_cert *cert, struct bytes der,
                           struct error *err)
{
	const unsigned char *p = der.p;
	X509 *x = NULL;

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
	cert->subject = name_of(X509_get_subject_name(x));
	cert->issuer = name_of(X509_get_issuer_name(x));
	cert->serial = serial_of(x);
	cert->not_before = filetime_of(X509_get0_notBefore(x));
	cert->not_after = filetime_of(X509_get0_notAfter(x));
	cert->self_signed = X509_self_signed(x, 0) == 1;
	read_purposes(cert, x);
	read_key(cert, X509_get0_pubkey(x));
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
	g_free(cert->issuer);
	g_free(cert->serial);
	g_bytes_unref(cert->der);
	*cert = (struct key_cert){ 0 };
}
