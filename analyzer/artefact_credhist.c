/* SPDX-License-Identifier: MIT */
/*
 * artefact_credhist.c - a CREDHIST file
 */
#include "analyzer/artefact_dpapi.h"
#include "parsers/credhist.h"

static json_t *entry_json(const struct credhist_entry *e)
{
	json_t *item = json_object();

	json_add_u64(item, "offset", e->all.at);
	artefact_add_guid(item, "guid", e->guid);
	artefact_add_sid(item, "sid", e->sid);
	json_add_u64(item, "rounds", e->rounds);
	artefact_add_hash(item, "hash", e->hash);
	artefact_add_cipher(item, "cipher", e->cipher);
	artefact_add_hex(item, "salt", e->salt);
	json_add_u64(item, "secret_size", e->secret.n);
	json_add_text(item, "reason", e->err.status ? e->err.what : NULL);
	return item;
}

/* From the newest password to the oldest, as far as they can be followed. */
static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct credhist it = credhist_open(in);
	struct credhist_entry e;
	json_t *list;

	(void)pw;
	if (!it.version) {
		*err = it.err;
		return err->status;
	}
	json_add_text(to, "type", "CREDHIST");
	json_add_u64(to, "version", it.version);
	artefact_add_guid(to, "current", it.guid);
	list = json_array();
	while (credhist_next(&it, &e))
		(void)json_array_append_new(list, entry_json(&e));
	json_add(to, "entries", list);
	json_add_text(to, "reason", it.err.status ? it.err.what : NULL);
	return OK;
}

/*
 * Verified: the version at the end and that a length before it leads to an
 * entry; of each sound entry its version, type, hash, cipher, and the head of
 * its SID.  A history without entries is its end alone.
 */
static unsigned bid(struct bytes in)
{
	struct credhist it = credhist_open(in);
	unsigned bits = 64, sound = 0;
	struct credhist_entry e;

	if (!it.version)
		return 0;
	while (credhist_next(&it, &e))
		if (!e.err.status)
			sound++;
	if (!sound && in.n != CREDHIST_LINK_SIZE)
		return 0;
	if (!sound && it.err.status)
		return 0;
	return bits + sound * 144;
}

const struct artefact artefact_credhist = {
	.name = "CREDHIST file",
	.bid = bid,
	.describe = describe,
	.collect = chain_add_credhist,
};
