/* SPDX-License-Identifier: MIT */
/*
 * artefact_keyfile.c - PKCS#12 files, private keys and certificates
 */
#include "analyzer/artefact_key.h"

static json_t *private_json(const struct key_private *k)
{
	json_t *item = json_object();

	json_add_u64(item, "rsa_bits", rsa_key_bits(k->rsa));
	artefact_add_hex(item, "public_key_sha256",
	                 (struct bytes){ k->id, sizeof(k->id), 0 });
	json_add_text(item, "unlocked_by", k->unlocked_by);
	return item;
}

static json_t *locked_json(const struct key_locked *k)
{
	json_t *item = json_object();

	json_add_text(item, "type", k->type);
	json_add_text(item, "reason", k->reason);
	return item;
}

static void add_parts(json_t *to, const struct key_file *kf)
{
	json_t *certs = json_array(), *keys = json_array();
	json_t *locked = json_array();

	for (guint i = 0; kf->certs && i < kf->certs->len; i++)
		(void)json_array_append_new(
			certs, artefact_cert(&g_array_index(
				       kf->certs, struct key_cert, i)));
	for (guint i = 0; kf->privates && i < kf->privates->len; i++)
		(void)json_array_append_new(
			keys, private_json(&g_array_index(
				      kf->privates, struct key_private, i)));
	for (guint i = 0; kf->locked && i < kf->locked->len; i++)
		(void)json_array_append_new(
			locked, locked_json(&g_array_index(
					kf->locked, struct key_locked, i)));
	json_add(to, "certificates", certs);
	json_add(to, "private_keys", keys);
	json_add(to, "locked", locked);
}

/* E_KEY is a result here, not a failure: it says what is locked. */
static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct key_file kf;
	enum status st = key_file_read(&kf, in, pw, err);

	if (!st || st == E_KEY) {
		json_add_text(to, "type", kf.format);
		json_add_text(to, "unlocked_by", kf.unlocked_by);
		add_parts(to, &kf);
		json_add_text(to, "reason", st ? err->what : NULL);
		st = OK;
	}
	key_file_release(&kf);
	return st;
}

/* Key files have no one mark: they are what nothing else claims. */
static unsigned bid(struct bytes in)
{
	(void)in;
	return 1;
}

const struct artefact artefact_keyfile = {
	.name = "key file",
	.bid = bid,
	.describe = describe,
	.collect = chain_add_keyfile,
};
