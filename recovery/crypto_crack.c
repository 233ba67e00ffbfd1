/* SPDX-License-Identifier: MIT */
/*
 * crypto_crack.c - the MAC of a PFX as john takes it (RFC 7292 4)
 */
#include "recovery/crypto_internal.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

/* john numbers the hashes by their length in bits; SHA-1 is 1. */
static int john_number(int nid)
{
	switch (nid) {
	case NID_sha1:
		return 1;
	case NID_sha224:
		return 224;
	case NID_sha256:
		return 256;
	case NID_sha384:
		return 384;
	case NID_sha512:
		return 512;
	default:
		return 0;
	}
}

static void append_hex(GString *s, const ASN1_OCTET_STRING *octets)
{
	const unsigned char *p = ASN1_STRING_get0_data(octets);

	for (int i = 0; i < ASN1_STRING_length(octets); i++)
		g_string_append_printf(s, "%02x", p[i]);
}

static bool next_is(struct cursor *c, uint8_t tag, struct bytes *content)
{
	return der_next(c, content) == tag;
}

/*
 * What the MAC is over: the content of authSafe, which OpenSSL keeps to itself
 * and gives back whole by encoding the ContentInfo anew.
 *
 *	PFX: SEQUENCE { INTEGER 3, ContentInfo, MacData }
 *	ContentInfo: SEQUENCE { OID data, [0] { OCTET STRING } }
 */
static bool find_content(struct bytes *content, struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct bytes part;

	if (der_next(&c, &part) != DER_SEQUENCE)
		return false;
	c = cursor_open(part);
	if (!next_is(&c, DER_INTEGER, &part) ||
	    !next_is(&c, DER_SEQUENCE, &part))
		return false;
	c = cursor_open(part);
	if (!next_is(&c, DER_OID, &part) || !next_is(&c, DER_EXPLICIT_0, &part))
		return false;
	c = cursor_open(part);
	return der_next(&c, content) == DER_OCTETS;
}

static char *line_of(const PKCS12 *p12, struct bytes content)
{
	const ASN1_OCTET_STRING *salt, *mac;
	const ASN1_INTEGER *iterations;
	const X509_ALGOR *algorithm;
	const ASN1_OBJECT *oid;
	uint64_t rounds = 1; /* the default */
	GString *s;
	int number;

	PKCS12_get0_mac(&mac, &algorithm, &salt, &iterations, p12);
	if (!mac || !algorithm || !salt)
		return NULL;
	X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
	number = john_number(OBJ_obj2nid(oid));
	if (!number ||
	    (iterations && ASN1_INTEGER_get_uint64(&rounds, iterations) != 1))
		return NULL;
	s = g_string_new("$pfxng$");
	g_string_append_printf(s, "%d$%d$%" G_GUINT64_FORMAT "$%d$", number,
	                       ASN1_STRING_length(mac), rounds,
	                       ASN1_STRING_length(salt));
	append_hex(s, salt);
	g_string_append_c(s, '$');
	for (size_t i = 0; i < content.n; i++)
		g_string_append_printf(s, "%02x", content.p[i]);
	g_string_append_c(s, '$');
	append_hex(s, mac);
	return g_string_free(s, FALSE);
}

char *pfx_crack_line(struct bytes in)
{
	const unsigned char *p = in.p;
	struct bytes content;
	char *line = NULL;
	PKCS12 *p12;

	crypto_ready();
	p12 = d2i_PKCS12(NULL, &p, (long)in.n);
	if (p12 && find_content(&content, in))
		line = line_of(p12, content);
	PKCS12_free(p12);
	ERR_clear_error();
	return line;
}
