/* SPDX-License-Identifier: MIT */
/*
 * artefact_cng_key.c - a private key file of CNG
 */
#include "analyzer/artefact_dpapi.h"
#include "analyzer/artefact_key.h"
#include "parsers/cng_key.h"

#define FILETIME_SIZE 8u

/* Any type may hold a public key; one that is not public is not printed. */
static void add_value(json_t *to, const struct cng_property *property)
{
	struct cursor c = cursor_open(property->value);
	struct key_blob blob;
	struct error err;
	bool is_key = !key_blob_parse_bcrypt(&blob, property->value, &err);

	if (is_key && !blob.is_private)
		json_add(to, "public_key", artefact_public(&blob));
	else if (is_key)
		json_add_u64(to, "value_size", property->value.n);
	else if (property->type == CNG_PROPERTY_NAMED &&
	         property->value.n == FILETIME_SIZE)
		json_add_time(to, "time", cursor_le64(&c));
	else
		artefact_add_short(to, "value", property->value);
}

static json_t *properties_json(struct bytes list, const char **reason)
{
	struct cng_properties it = cng_properties_open(list);
	json_t *items = json_array();
	struct cng_property property;

	while (cng_properties_next(&it, &property)) {
		json_t *item = json_object();

		json_add_u64(item, "type", property.type);
		artefact_add_utf16(item, "name", property.name);
		add_value(item, &property);
		(void)json_array_append_new(items, item);
	}
	if (it.err.status && !*reason)
		*reason = it.err.what;
	return items;
}

static const char *type_name(uint32_t type)
{
	switch (type) {
	case CNG_KEY_SYMMETRIC:
		return "symmetric";
	case CNG_KEY_RSA:
		return "RSA";
	case CNG_KEY_ECDSA:
		return "ECDSA";
	default:
		return NULL;
	}
}

/* A file that is cut short is described as far as it goes. */
static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct cng_key key;
	enum status st = cng_key_parse(&key, in, err);
	const char *reason = st ? err->what : NULL;

	(void)pw;
	if (st && !key.version)
		return st;
	json_add_text(to, "type", "CNG private key");
	json_add_u64(to, "version", key.version);
	artefact_add_utf16(to, "name", key.name);
	json_add_text(to, "key_type", type_name(key.type));
	json_add_u64(to, "key_type_id", key.type);
	json_add(to, "public_properties",
	         properties_json(key.public_properties, &reason));
	json_add(to, "private_properties",
	         artefact_locked(key.private_properties));
	json_add(to, "private_key", artefact_locked(key.private_key));
	json_add_text(to, "reason", reason);
	return OK;
}

/* Verified: version, the word after it, and 16 zero bytes. */
static unsigned bid(struct bytes in)
{
	struct cng_key key;
	struct error ignored;

	if (cng_key_parse(&key, in, &ignored) && !key.version)
		return 0;
	return 2 * 32 + 16 * 8;
}

const struct artefact artefact_cng_key = {
	.name = "CNG private key",
	.bid = bid,
	.describe = describe,
	.collect = chain_add_private,
};
