/* SPDX-License-Identifier: MIT */
/*
 * artefact_dpapi_blob.c - a DPAPI blob in a file of its own
 */
#include "analyzer/artefact_dpapi.h"
#include "parsers/dpapi_blob.h"

static void add_head(json_t *to, const struct dpapi_blob *blob)
{
	json_add_text(to, "type", "DPAPI blob");
	json_add_u64(to, "version", blob->version);
	artefact_add_guid(to, "provider", blob->provider);
	json_add_u64(to, "master_key_version", blob->masterkey_version);
	artefact_add_guid(to, "master_key", blob->masterkey);
	json_add_u64(to, "flags", blob->flags);
	artefact_add_utf16(to, "description", blob->description);
}

static void add_body(json_t *to, const struct dpapi_blob *blob)
{
	artefact_add_cipher(to, "cipher", blob->cipher);
	json_add_u64(to, "cipher_bits", blob->cipher_bits);
	artefact_add_short(to, "salt", blob->salt);
	artefact_add_short(to, "strong_key", blob->strong_key);
	artefact_add_hash(to, "hash", blob->hash);
	json_add_u64(to, "hash_bits", blob->hash_bits);
	artefact_add_short(to, "hmac_salt", blob->hmac_salt);
	json_add_u64(to, "data_size", blob->data.n);
	artefact_add_short(to, "signature", blob->sign);
	json_add_known(to, "blob_size", blob->size);
}

/* A blob that is cut short is described as far as it goes. */
static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct dpapi_blob blob;
	enum status st = dpapi_blob_parse(&blob, in, err);

	(void)pw;
	if (st && !blob.version)
		return st;
	add_head(to, &blob);
	add_body(to, &blob);
	json_add_text(to, "reason", st ? err->what : NULL);
	return OK;
}

/* Verified: version and provider. */
static unsigned bid(struct bytes in)
{
	struct dpapi_blob blob;
	struct error ignored;

	if (dpapi_blob_parse(&blob, in, &ignored) && !blob.version)
		return 0;
	return DPAPI_BLOB_MAGIC * 8;
}

const struct artefact artefact_dpapi_blob = {
	.name = "DPAPI blob",
	.bid = bid,
	.describe = describe,
};
