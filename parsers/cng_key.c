/* SPDX-License-Identifier: MIT */
/*
 * cng_key.c - a private key file of CNG, and the lists of properties in it
 *
 * *Observed* in cng_inner_keyfile.bin of testdata/winkeys, and as mimikatz'
 * kull_m_key.h describes it.
 */
#include "parsers/cng_key.h"

#include "parsers/limits.h"

/* *Observed*: the one version. */
#define CNG_KEY_VERSION  1u
#define CNG_KEY_RESERVED 16u

static bool all_zero(struct bytes b)
{
	struct cursor c = cursor_open(b);
	uint8_t any = 0;

	while (c.pos < b.n)
		any |= cursor_u8(&c);
	return !any;
}

/*
 * The parts follow the header without gaps, in the order of their lengths
 *
 *	00  u32  version, 1                    04  u32  0
 *	08  u32  name length                   0c  u32  type
 *	10  u32  public properties length      14  u32  private ones' length
 *	18  u32  private key length            1c  16   zero wherever seen
 */
enum status cng_key_parse(struct cng_key *key, struct bytes in,
                          struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t version = cursor_le32(&c);
	uint32_t reserved = cursor_le32(&c);
	uint32_t name = cursor_le32(&c);
	uint32_t type = cursor_le32(&c);
	uint32_t public_properties = cursor_le32(&c);
	uint32_t private_properties = cursor_le32(&c);
	uint32_t private_key = cursor_le32(&c);
	struct bytes zero = cursor_take(&c, CNG_KEY_RESERVED);

	*key = (struct cng_key){ 0 };
	if (version != CNG_KEY_VERSION || reserved || !all_zero(zero))
		return fail(err, E_ABSENT, in.at, "CNG key file");
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "CNG key file");

	key->version = version;
	key->type = type;
	key->name = cursor_take(&c, name);
	key->public_properties = cursor_take(&c, public_properties);
	key->private_properties = cursor_take(&c, private_properties);
	key->private_key = cursor_take(&c, private_key);
	if (c.bad)
		return fail(err, E_TRUNCATED, cursor_at(&c),
		            "parts of a CNG key file");
	key->size = c.pos;
	return OK;
}

struct cng_properties cng_properties_open(struct bytes list)
{
	return (struct cng_properties){
		.c = cursor_open(list),
		.left = LIMIT_KEY_PROPERTIES,
	};
}

static bool stop(struct cng_properties *it, enum status status, uint64_t at)
{
	(void)fail(&it->err, status, at, "property of a CNG key");
	it->left = 0;
	return false;
}

/*
 * One property, offsets from its start
 *
 *	00  u32  length of the whole   04  u32  type
 *	08  u32  0                     0c  u32  name length
 *	10  u32  value length          14  name, then value
 */
static bool parse_property(struct cng_property *property, struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t name, value;

	property->at = in.at;
	cursor_skip(&c, 4);
	property->type = cursor_le32(&c);
	cursor_skip(&c, 4);
	name = cursor_le32(&c);
	value = cursor_le32(&c);
	property->name = cursor_take(&c, name);
	property->value = cursor_take(&c, value);
	return !c.bad;
}

bool cng_properties_next(struct cng_properties *it,
                         struct cng_property *property)
{
	uint64_t at = cursor_at(&it->c);
	struct cursor peek = it->c;
	struct bytes whole;
	uint32_t length;

	*property = (struct cng_property){ 0 };
	if (it->err.status || it->c.pos == it->c.in.n)
		return false;
	if (!it->left)
		return stop(it, E_LIMIT, at);
	it->left--;

	length = cursor_le32(&peek);
	whole = cursor_take(&it->c, length);
	if (peek.bad || it->c.bad)
		return stop(it, E_TRUNCATED, at);
	if (parse_property(property, whole))
		return true;
	*property = (struct cng_property){ 0 };
	return stop(it, E_CORRUPT, at);
}

struct bytes cng_property_find(struct bytes list, uint32_t type)
{
	struct cng_properties it = cng_properties_open(list);
	struct cng_property property;

	while (cng_properties_next(&it, &property))
		if (property.type == type)
			return property.value;
	return (struct bytes){ 0 };
}
