/* SPDX-License-Identifier: MIT */
/*
 * artefact_cert_store.c - a certificate with its properties: the file of a
 * store, or the registry value `Blob`
 */
#include "analyzer/artefact_key.h"
#include "parsers/cert_store.h"
#include "recovery/crypto.h"

static json_t *key_json(const struct cert_entry *entry)
{
	const struct error *err = &entry->key_info_err;
	json_t *item;

	if (!entry->key_info.n)
		return NULL;
	item = json_object();
	artefact_add_utf16(item, "container", entry->key.container);
	artefact_add_utf16(item, "provider", entry->key.provider);
	json_add_u64(item, "provider_type", entry->key.provider_type);
	json_add_u64(item, "flags", entry->key.flags);
	json_add_u64(item, "key_spec", entry->key.key_spec);
	json_add_text(item, "reason", err->status ? err->what : NULL);
	return item;
}

static json_t *properties_json(struct bytes in)
{
	struct cert_properties it = cert_properties_open(in);
	json_t *items = json_array();
	struct cert_property property;

	while (cert_properties_next(&it, &property)) {
		json_t *item = json_object();

		json_add_u64(item, "id", property.id);
		json_add_u64(item, "size", property.value.n);
		(void)json_array_append_new(items, item);
	}
	return items;
}

/* Is the stored thumbprint that of the certificate?  null: one is missing. */
static json_t *thumbprint_valid(const struct cert_entry *entry)
{
	uint8_t sha1[CERT_SHA1_SIZE];
	struct error ignored;

	if (!entry->certificate.n || !entry->thumbprint.n ||
	    digest_of(DIGEST_SHA1, entry->certificate, sha1, &ignored))
		return NULL;
	return json_boolean(bytes_equal(
		entry->thumbprint, (struct bytes){ sha1, sizeof(sha1), 0 }));
}

/* A list that is damaged is described as far as it goes. */
static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct cert_entry entry;
	enum status st = cert_entry_parse(&entry, in, err);

	(void)pw;
	if (st && !entry.properties)
		return st;
	json_add_text(to, "type", "stored certificate");
	artefact_add_hex(to, "thumbprint", entry.thumbprint);
	json_add(to, "thumbprint_valid", thumbprint_valid(&entry));
	artefact_add_utf16(to, "friendly_name", entry.name);
	artefact_add_hex(to, "key_id", entry.key_id);
	json_add(to, "key", key_json(&entry));
	json_add(to, "certificate", artefact_der(entry.certificate));
	json_add(to, "properties", properties_json(in));
	json_add_text(to, "reason", st ? err->what : NULL);
	return OK;
}

/* Verified of each property: its encoding, and half of its id. */
static unsigned bid(struct bytes in)
{
	struct cert_entry entry;
	struct error ignored;

	if (cert_entry_parse(&entry, in, &ignored) && !entry.properties)
		return 0;
	return entry.properties * (32 + 16);
}

const struct artefact artefact_cert_store = {
	.name = "stored certificate",
	.bid = bid,
	.describe = describe,
	.collect = chain_add_certificate,
};
