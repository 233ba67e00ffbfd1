/* SPDX-License-Identifier: MIT */
/*
 * artefact_key.c - what the artefacts of keys and certificates have in common
 */
#include "analyzer/artefact_key.h"
#include "analyzer/artefact_dpapi.h"
#include "parsers/dpapi_blob.h"
#include "recovery/crypto.h"

json_t *artefact_cert(const struct key_cert *cert)
{
	json_t *item = json_object();

	artefact_add_hex(item, "thumbprint",
	                 (struct bytes){ cert->thumbprint,
	                                 sizeof(cert->thumbprint), 0 });
	json_add_text(item, "subject", cert->subject);
	json_add_text(item, "issuer", cert->issuer);
	json_add_text(item, "serial", cert->serial);
	json_add_time(item, "not_before", cert->not_before);
	json_add_time(item, "not_after", cert->not_after);
	json_add(item, "self_signed", json_boolean(cert->self_signed));
	json_add_known(item, "rsa_bits", cert->bits);
	json_add(item, "efs", json_boolean(cert->efs));
	json_add(item, "file_recovery", json_boolean(cert->recovery));
	return item;
}

static json_t *thumbprint_only(struct bytes der)
{
	uint8_t sha1[EFS_THUMBPRINT_SIZE];
	json_t *item = json_object();
	struct error err;
	enum status st = digest_of(DIGEST_SHA1, der, sha1, &err);

	artefact_add_hex(item, "thumbprint",
	                 (struct bytes){ sha1, st ? 0 : sizeof(sha1), 0 });
	json_add_text(item, "reason", st ? err.what : "not a certificate");
	return item;
}

/* Only if it is the certificate itself: a PEM of one has another hash. */
static bool is_cert(const struct key_file *kf, struct bytes der)
{
	const struct key_cert *cert;
	gsize n;

	if (!kf->certs || kf->certs->len != 1)
		return false;
	cert = &g_array_index(kf->certs, struct key_cert, 0);
	(void)g_bytes_get_data(cert->der, &n);
	return n == der.n;
}

json_t *artefact_der(struct bytes der)
{
	struct passwords none = { 0 };
	struct key_file kf;
	struct error err;
	json_t *item;

	if (!der.n)
		return NULL;
	if (!key_file_read(&kf, der, &none, &err) && is_cert(&kf, der))
		item = artefact_cert(
			&g_array_index(kf.certs, struct key_cert, 0));
	else
		item = thumbprint_only(der);
	key_file_release(&kf);
	return item;
}

json_t *artefact_locked(struct bytes b)
{
	json_t *item = b.n ? json_object() : NULL;
	struct dpapi_blob blob;
	struct error err;
	enum status st;

	if (!item)
		return NULL;
	st = dpapi_blob_parse(&blob, b, &err);
	json_add_u64(item, "size", b.n);
	artefact_add_guid(item, "master_key", blob.masterkey);
	artefact_add_cipher(item, "cipher", blob.cipher);
	artefact_add_hash(item, "hash", blob.hash);
	json_add_text(item, "reason", st ? err.what : NULL);
	return item;
}

static void add_number(json_t *to, const char *key, struct bytes b,
                       bool little_endian)
{
	GByteArray *number = g_byte_array_new();

	for (size_t i = 0; i < b.n; i++) {
		struct cursor c = cursor_open(b);
		uint8_t digit;

		cursor_skip(&c, little_endian ? b.n - 1 - i : i);
		digit = cursor_u8(&c);
		g_byte_array_append(number, &digit, 1);
	}
	artefact_add_hex(to, key, (struct bytes){ number->data, b.n, b.at });
	g_byte_array_free(number, TRUE);
}

json_t *artefact_public(const struct key_blob *blob)
{
	json_t *item = json_object();
	bool rsa = blob->kind == KEY_BLOB_RSA;

	json_add_known(item, rsa ? "rsa_bits" : "ecc_bits", blob->bits);
	if (rsa) {
		add_number(item, "exponent", blob->e, blob->little_endian);
		add_number(item, "modulus", blob->n, blob->little_endian);
		return item;
	}
	json_add_text(item, "use", blob->agreement ? "ECDH" : "ECDSA");
	add_number(item, "x", blob->x, blob->little_endian);
	add_number(item, "y", blob->y, blob->little_endian);
	return item;
}
