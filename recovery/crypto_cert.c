/* SPDX-License-Identifier: MIT */
/*
 * crypto_cert.c - what a certificate says about its key (RFC 5280)
 */
#include "recovery/crypto.h"
#include "recovery/crypto_internal.h"

#include <openssl/asn1t.h>
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

/*
 * RFC 5280 4.1, for OpenSSL's decoder.  Its own X509 turns every public key
 * into an EVP_PKEY at once, which takes over ten times as long as the rest.
 */
struct public_info {
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *key;
};

struct inner {
	ASN1_INTEGER *version, *serial;
	X509_ALGOR *algorithm;
	X509_NAME *issuer, *subject;
	X509_VAL *validity;
	struct public_info *key;
	ASN1_BIT_STRING *issuer_id, *subject_id;
	X509_EXTENSIONS *extensions;
};

struct certificate {
	struct inner *inner;
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *signature;
};

/* A sequence of OpenSSL's: struct NAME, and NAME_parts. */
#define SEQUENCE(name)                                        \
	static const ASN1_ITEM *name##_it(void)               \
	{                                                     \
		static const ASN1_ITEM it = {                 \
			.itype = ASN1_ITYPE_SEQUENCE,         \
			.utype = V_ASN1_SEQUENCE,             \
			.templates = name##_parts,            \
			.tcount = G_N_ELEMENTS(name##_parts), \
			.size = sizeof(struct name),          \
			.sname = #name,                       \
		};                                            \
                                                              \
		return &it;                                   \
	}

static const ASN1_TEMPLATE public_info_parts[] = {
	ASN1_SIMPLE(struct public_info, algorithm, X509_ALGOR),
	ASN1_SIMPLE(struct public_info, key, ASN1_BIT_STRING),
};
SEQUENCE(public_info)

static const ASN1_TEMPLATE inner_parts[] = {
	ASN1_EXP_OPT(struct inner, version, ASN1_INTEGER, 0),
	ASN1_SIMPLE(struct inner, serial, ASN1_INTEGER),
	ASN1_SIMPLE(struct inner, algorithm, X509_ALGOR),
	ASN1_SIMPLE(struct inner, issuer, X509_NAME),
	ASN1_SIMPLE(struct inner, validity, X509_VAL),
	ASN1_SIMPLE(struct inner, subject, X509_NAME),
	ASN1_SIMPLE(struct inner, key, public_info),
	ASN1_IMP_OPT(struct inner, issuer_id, ASN1_BIT_STRING, 1),
	ASN1_IMP_OPT(struct inner, subject_id, ASN1_BIT_STRING, 2),
	ASN1_EXP_SEQUENCE_OF_OPT(struct inner, extensions, X509_EXTENSION, 3),
};
SEQUENCE(inner)

static const ASN1_TEMPLATE certificate_parts[] = {
	ASN1_SIMPLE(struct certificate, inner, inner),
	ASN1_SIMPLE(struct certificate, algorithm, X509_ALGOR),
	ASN1_SIMPLE(struct certificate, signature, ASN1_BIT_STRING),
};
SEQUENCE(certificate)

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

static char *serial_of(const ASN1_INTEGER *number)
{
	BIGNUM *n = ASN1_INTEGER_to_BN(number, NULL);
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

static void read_purposes(struct key_cert *cert,
                          const X509_EXTENSIONS *extensions)
{
	EXTENDED_KEY_USAGE *all;
	char oid[64];

	all = X509V3_get_d2i(extensions, NID_ext_key_usage, NULL, NULL);
	for (int i = 0; i < sk_ASN1_OBJECT_num(all); i++) {
		if (OBJ_obj2txt(oid, sizeof(oid), sk_ASN1_OBJECT_value(all, i),
		                1) <= 0)
			continue;
		cert->efs |= !strcmp(oid, OID_EFS);
		cert->recovery |= !strcmp(oid, OID_RECOVERY);
	}
	EXTENDED_KEY_USAGE_free(all);
}

/* --------------------------------------------------------- the public key */

/* A plain RSA key, as nearly all are. */
static bool read_rsa(struct key_cert *cert, const struct public_info *info)
{
	const ASN1_OBJECT *kind;
	struct bytes der, n, e;

	X509_ALGOR_get0(&kind, NULL, NULL, info->algorithm);
	der = (struct bytes){ ASN1_STRING_get0_data(info->key),
		              (size_t)ASN1_STRING_length(info->key), 0 };
	if (OBJ_obj2nid(kind) != NID_rsaEncryption ||
	    !rsa_public_parse(&n, &e, der) || !rsa_public_id(cert->id, n, e))
		return false;
	cert->kind = "rsa";
	cert->bits = cert->key_bits = rsa_public_bits(n);
	return true;
}

/* Is the key that signed it, if it names that, the one in it? */
static bool signed_by_own(const X509_EXTENSIONS *extensions)
{
	const int authority = NID_authority_key_identifier;
	const int subject = NID_subject_key_identifier;
	AUTHORITY_KEYID *by;
	ASN1_OCTET_STRING *own;
	bool same;

	if (X509v3_get_ext_by_NID(extensions, authority, -1) < 0)
		return true;
	by = X509V3_get_d2i(extensions, authority, NULL, NULL);
	own = X509V3_get_d2i(extensions, subject, NULL, NULL);
	same = by && own && by->keyid && !by->issuer && !by->serial &&
	       !ASN1_OCTET_STRING_cmp(by->keyid, own);
	ASN1_OCTET_STRING_free(own);
	AUTHORITY_KEYID_free(by);
	return same;
}

/*
 * Whether it signed itself is plain where it names another, or nothing that
 * contradicts its naming itself.
 */
static bool read_signer(struct key_cert *cert, const struct inner *inner)
{
	const ASN1_OBJECT *signature;
	int key = NID_undef;

	cert->self_signed = !X509_NAME_cmp(inner->issuer, inner->subject);
	if (!cert->self_signed)
		return true;
	X509_ALGOR_get0(&signature, NULL, NULL, inner->algorithm);
	return OBJ_find_sigid_algs(OBJ_obj2nid(signature), NULL, &key) == 1 &&
	       key == NID_rsaEncryption && signed_by_own(inner->extensions);
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

/* The same of any certificate, as OpenSSL says. */
static void read_any(struct key_cert *cert, struct bytes der)
{
	const unsigned char *p = der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);

	cert->self_signed = x && X509_self_signed(x, 0) == 1;
	read_key(cert, x ? X509_get0_pubkey(x) : NULL);
	X509_free(x);
}

/* -------------------------------------------------------------------- all */

static void read_inner(struct key_cert *cert, const struct inner *inner)
{
	cert->subject = name_of(inner->subject);
	cert->issuer = name_of(inner->issuer);
	cert->serial = serial_of(inner->serial);
	cert->not_before = filetime_of(inner->validity->notBefore);
	cert->not_after = filetime_of(inner->validity->notAfter);
	read_purposes(cert, inner->extensions);
}

enum status key_cert_parse(struct key_cert *cert, struct bytes der,
                           struct error *err)
{
	const unsigned char *p = der.p;
	struct certificate *c = NULL;

	*cert = (struct key_cert){ 0 };
	crypto_ready();
	if (der.n <= LONG_MAX)
		c = (struct certificate *)ASN1_item_d2i(
			NULL, &p, (long)der.n, ASN1_ITEM_rptr(certificate));
	if (!c) {
		ERR_clear_error();
		return fail(err, E_CORRUPT, der.at, "certificate");
	}
	/* The bytes as they are: encoding them anew may change the hash. */
	der.n = (size_t)(p - der.p);
	cert->der = g_bytes_new(der.p, der.n);
	read_inner(cert, c->inner);
	if (!read_rsa(cert, c->inner->key) || !read_signer(cert, c->inner))
		read_any(cert, der);
	ASN1_item_free((ASN1_VALUE *)c, ASN1_ITEM_rptr(certificate));
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
