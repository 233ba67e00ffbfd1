/* SPDX-License-Identifier: MIT */
/*
 * artefact_capi_key.c - a private key file of CryptoAPI
 */
#include "analyzer/artefact_key.h"
#include "parsers/capi_key.h"

static json_t *public_json(struct bytes b)
{
	struct key_blob blob;
	struct error err;
	json_t *item;

	if (!b.n)
		return NULL;
	if (!key_blob_parse_capi(&blob, b, &err) && !blob.is_private)
		return artefact_public(&blob);
	item = json_object();
	json_add_text(item, "reason", "not a public key");
	return item;
}

static json_t *pair_json(const struct capi_key_pair *pair)
{
	json_t *item;

	if (!pair->public_key.n && !pair->private_key.n && !pair->export_flag.n)
		return NULL;
	item = json_object();
	json_add(item, "public_key", public_json(pair->public_key));
	json_add(item, "private_key", artefact_locked(pair->private_key));
	json_add(item, "export_flag", artefact_locked(pair->export_flag));
	return item;
}

/* A file that is cut short is described as far as it goes. */
static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct capi_key key;
	enum status st = capi_key_parse(&key, in, err);

	(void)pw;
	if (st && !key.version)
		return st;
	json_add_text(to, "type", "CAPI private key");
	json_add_u64(to, "version", key.version);
	artefact_add_utf8(to, "container", key.name);
	json_add(to, "exchange", pair_json(&key.exchange));
	json_add(to, "signature", pair_json(&key.signature));
	json_add_text(to, "reason", st ? err->what : NULL);
	return OK;
}

/* Verified: version, the word after it, and the length of the hash. */
static unsigned bid(struct bytes in)
{
	struct capi_key key;
	struct error ignored;

	if (capi_key_parse(&key, in, &ignored) && !key.version)
		return 0;
	return 3 * 32;
}

const struct artefact artefact_capi_key = {
	.name = "CAPI private key",
	.bid = bid,
	.describe = describe,
	.collect = chain_add_private,
};
