/* SPDX-License-Identifier: MIT */
/*
 * artefact_masterkey.c - a DPAPI master key file
 */
#include "analyzer/artefact_dpapi.h"
#include "parsers/dpapi_masterkey.h"

static void add_reason(json_t *to, const struct error *err)
{
	json_add_text(to, "reason", err->status ? err->what : NULL);
}

static json_t *key_json(const struct dpapi_locked_key *key)
{
	json_t *item = json_object();

	json_add_u64(item, "version", key->version);
	artefact_add_hex(item, "salt", key->salt);
	json_add_u64(item, "rounds", key->rounds);
	artefact_add_hash(item, "hash", key->hash);
	artefact_add_cipher(item, "cipher", key->cipher);
	json_add_u64(item, "ciphertext_size", key->ciphertext.n);
	add_reason(item, &key->err);
	return item;
}

static json_t *credhist_json(const struct dpapi_credhist_link *credhist)
{
	json_t *item = json_object();

	json_add_u64(item, "version", credhist->version);
	artefact_add_guid(item, "guid", credhist->guid);
	add_reason(item, &credhist->err);
	return item;
}

static json_t *domain_json(const struct dpapi_domain_key *domain)
{
	json_t *item = json_object();

	json_add_u64(item, "version", domain->version);
	artefact_add_guid(item, "backup_key", domain->guid);
	json_add_u64(item, "secret_size", domain->secret.n);
	json_add_u64(item, "access_check_size", domain->access_check.n);
	add_reason(item, &domain->err);
	return item;
}

/* A damaged file is described as far as it goes, and `reason` says why. */
static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct dpapi_masterkey mk;
	enum status st = dpapi_masterkey_parse(&mk, in, err);

	(void)pw;
	if (st && !mk.version)
		return st;
	json_add_text(to, "type", "DPAPI master key");
	json_add_u64(to, "version", mk.version);
	artefact_add_guid(to, "guid",
	                  (struct bytes){ mk.guid, sizeof(mk.guid), 0 });
	json_add_u64(to, "policy", mk.policy);
	json_add_u64(to, "flags", mk.flags);
	json_add(to, "password",
	         mk.password.all.n ? key_json(&mk.password) : NULL);
	json_add(to, "backup", mk.backup.all.n ? key_json(&mk.backup) : NULL);
	json_add(to, "credhist",
	         mk.credhist.all.n ? credhist_json(&mk.credhist) : NULL);
	json_add(to, "domain",
	         mk.domain.all.n ? domain_json(&mk.domain) : NULL);
	json_add_text(to, "reason", st ? err->what : NULL);
	return OK;
}

/*
 * Verified: the version (32), a GUID as text (36 upper halves, 4 hyphens, half
 * of each of 32 digits), and the 8 zero bytes between them.
 */
static unsigned bid(struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct dpapi_masterkey mk;
	struct error ignored;
	unsigned bits = 32 + 36 * 8 + 4 * 8 + 32 * 4;

	if (dpapi_masterkey_parse(&mk, in, &ignored) && !mk.version)
		return 0;
	cursor_skip(&c, 4);
	return bits + (cursor_le64(&c) ? 0 : 64);
}

const struct artefact artefact_masterkey = {
	.name = "DPAPI master key",
	.bid = bid,
	.describe = describe,
	.collect = chain_add_masterkey,
};
