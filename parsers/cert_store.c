/* SPDX-License-Identifier: MIT */
/*
 * cert_store.c - a certificate as Windows' stores keep it
 *
 * [MS-GPEF] 2.2.1.1; the numbers are those of wincrypt.h.  *Observed* in
 * cert_3B83BFA7037F6A79B3F3D17D229E1BC097F35B51 of testdata/winkeys.
 */
#include "parsers/cert_store.h"

#include "parsers/limits.h"
#include "parsers/utf16.h"

/* wincrypt.h: X509_ASN_ENCODING, CERT_LAST_USER_PROP_ID. */
#define X509_ASN_ENCODING 1u
#define LAST_PROPERTY_ID  0xffffu

struct cert_properties cert_properties_open(struct bytes list)
{
	return (struct cert_properties){
		.c = cursor_open(list),
		.left = LIMIT_KEY_PROPERTIES,
	};
}

static bool stop(struct cert_properties *it, enum status status, uint64_t at)
{
	(void)fail(&it->err, status, at, "property of a certificate");
	it->left = 0;
	return false;
}

/*
 *	00  u32  id, 1 to 0xffff   04  u32  encoding, 1
 *	08  u32  length            0c  value
 */
static bool parse_property(struct cert_properties *it,
                           struct cert_property *property)
{
	uint64_t at = cursor_at(&it->c);
	uint32_t encoding;

	property->at = at;
	property->id = cursor_le32(&it->c);
	encoding = cursor_le32(&it->c);
	property->value = cursor_take(&it->c, cursor_le32(&it->c));
	if (property->id > LAST_PROPERTY_ID || encoding > X509_ASN_ENCODING)
		return stop(it, E_CORRUPT, at);
	if (it->c.bad)
		return stop(it, E_TRUNCATED, at);
	if (!property->id || !encoding)
		return stop(it, E_CORRUPT, at);
	return true;
}

bool cert_properties_next(struct cert_properties *it,
                          struct cert_property *property)
{
	*property = (struct cert_property){ 0 };
	if (it->err.status || it->c.pos == it->c.in.n)
		return false;
	if (!it->left)
		return stop(it, E_LIMIT, cursor_at(&it->c));
	it->left--;
	if (parse_property(it, property))
		return true;
	*property = (struct cert_property){ 0 };
	return false;
}

/* A string at an offset; 0 means that there is none. */
static struct bytes string(struct bytes in, uint32_t off, const char *what,
                           struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes b;

	if (!off)
		return (struct bytes){ 0 };
	b = cursor_tail(&c, off);
	if (b.n >= 2)
		return utf16_string(b);
	if (!err->status)
		(void)fail(err, E_CORRUPT, in.at, what);
	return (struct bytes){ 0 };
}

/*
 * wincrypt.h, CRYPT_KEY_PROV_INFO, pointers as offsets from its start
 *
 *	00  u32  container offset       04  u32  provider offset
 *	08  u32  provider type          0c  u32  flags
 *	10  u32  count of parameters    14  u32  their offset
 *	18  u32  key spec
 */
enum status cert_key_info_parse(struct cert_key_info *info, struct bytes in,
                                struct error *err)
{
	struct cursor c = cursor_open(in);
	struct error first = { 0 };
	uint32_t container = cursor_le32(&c);
	uint32_t provider = cursor_le32(&c);

	*info = (struct cert_key_info){ 0 };
	info->provider_type = cursor_le32(&c);
	info->flags = cursor_le32(&c);
	info->parameters = cursor_le32(&c);
	cursor_skip(&c, 4);
	info->key_spec = cursor_le32(&c);
	if (c.bad) {
		*info = (struct cert_key_info){ 0 };
		return fail(err, E_TRUNCATED, in.at, "key provider info");
	}
	info->container =
		string(in, container, "container name offset", &first);
	info->provider = string(in, provider, "provider name offset", &first);
	if (first.status)
		*err = first;
	return first.status;
}

static void keep(struct cert_entry *entry, const struct cert_property *property)
{
	struct bytes value = property->value;

	switch (property->id) {
	case CERT_KEY_PROV_INFO:
		entry->key_info = value;
		entry->key_info_err = (struct error){ 0 };
		entry->key_info_err.status = cert_key_info_parse(
			&entry->key, value, &entry->key_info_err);
		break;
	case CERT_SHA1:
		if (value.n == CERT_SHA1_SIZE)
			entry->thumbprint = value;
		break;
	case CERT_FRIENDLY_NAME:
		entry->name = utf16_string(value);
		break;
	case CERT_KEY_IDENTIFIER:
		entry->key_id = value;
		break;
	case CERT_CERTIFICATE:
		entry->certificate = value;
		break;
	default:
		break;
	}
}

enum status cert_entry_parse(struct cert_entry *entry, struct bytes in,
                             struct error *err)
{
	struct cert_properties it = cert_properties_open(in);
	struct cert_property property;

	*entry = (struct cert_entry){ 0 };
	while (cert_properties_next(&it, &property)) {
		entry->properties++;
		keep(entry, &property);
	}
	if (!in.n || (!entry->properties && it.err.status == E_CORRUPT))
		return fail(err, E_ABSENT, in.at, "property of a certificate");
	if (it.err.status)
		*err = it.err;
	return it.err.status;
}
