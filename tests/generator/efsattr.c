/* SPDX-License-Identifier: MIT */
/*
 * efsattr.c - build the value of an $EFS attribute: [MS-EFSR] 2.2.2.1
 */
#include "tests/generator/efsattr.h"
#include "tests/generator/names.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>

/* Field offsets; the tables are in [MS-EFSR] 2.2.2.1 to 2.2.2.1.4. */
enum {
	AT_LENGTH = 0x00,
	AT_EFS_ID = 0x10,
	AT_EFS_HASH = 0x20,
	AT_DDF = 0x40,
	AT_DRF = 0x44,
	HEADER = 0x54,
};

static unsigned long decimal(const char **p)
{
	char *end;
	unsigned long v = strtoul(*p, &end, 10);

	if (end == *p)
		die("'%s' is no part of a SID", *p);
	*p = *end == '-' ? end + 1 : end;
	return v;
}

/* S-1-5-21-..., in binary: [MS-DTYP] 2.4.2.2. */
static void put_sid(struct buf *b, const char *text)
{
	unsigned long revision, authority;
	size_t at = b->n;

	if (strncmp(text, "S-", 2))
		die("'%s' is not a SID", text);
	text += 2;
	revision = decimal(&text);
	authority = decimal(&text);
	buf_u8(b, (unsigned)revision);
	buf_u8(b, 0);
	for (unsigned shift = 48; shift; shift -= 8)
		buf_u8(b, (unsigned)(authority >> (shift - 8)) & 0xff);
	while (*text) {
		buf_le32(b, decimal(&text));
		b->p[at + 1]++;
	}
}

/* A string and its offset, counted from the start of the structure. */
static void put_string(struct buf *b, size_t field, const char *text)
{
	if (!text)
		return;
	buf_set32(b, field, b->n);
	utf16_put(b, text);
	buf_zero(b, 2);
}

static void certificate_data(struct buf *b, const struct key *key)
{
	buf_le32(b, 0x14);
	buf_le32(b, sizeof(key->thumbprint));
	buf_zero(b, 12);
	buf_put(b, key->thumbprint, sizeof(key->thumbprint));
	put_string(b, 0x08, key->container);
	put_string(b, 0x0c, key->provider);
	put_string(b, 0x10, key->display);
}

static void public_key_information(struct buf *b, const struct key *key)
{
	struct buf cert = { 0 };

	buf_zero(b, 0x1c);
	buf_set32(b, 0x08, 3); /* a certificate thumbprint */
	if (key->sid) {
		buf_set32(b, 0x04, b->n);
		put_sid(b, key->sid);
	}
	certificate_data(&cert, key);
	buf_set32(b, 0x0c, cert.n);
	buf_set32(b, 0x10, b->n);
	buf_append(b, &cert);
	buf_set32(b, 0x00, b->n);
	buf_free(&cert);
}

static void put_entry(struct buf *out, const struct key *key,
                      const struct fek *fek, uint64_t seed)
{
	struct buf info = { 0 }, wrapped = { 0 };

	public_key_information(&info, key);
	key_wrap(&wrapped, key, fek, seed);
	buf_le32(out, 0x14 + info.n + wrapped.n);
	buf_le32(out, 0x14);
	buf_le32(out, wrapped.n);
	buf_le32(out, 0x14 + info.n);
	buf_le32(out, key->flags);
	buf_append(out, &info);
	buf_append(out, &wrapped);
	buf_free(&info);
	buf_free(&wrapped);
}

static void put_list(struct buf *out, size_t field, const struct entries *list,
                     const struct efsattr *spec)
{
	if (!list->n)
		return;
	buf_set32(out, field, out->n);
	buf_le32(out, list->n);
	for (size_t i = 0; i < list->n; i++)
		put_entry(out, list->key[i], spec->fek,
		          spec->seed ^ (field << 32 | i));
}

static void put_id(struct buf *out, uint64_t seed)
{
	uint8_t *id = out->p + AT_EFS_ID;

	noise(seed, 0, id, 16);
	id[7] = (uint8_t)(0x40 | (id[7] & 0x0f)); /* a random GUID, */
	id[8] = (uint8_t)(0x80 | (id[8] & 0x3f)); /* version 4 */
}

void efsattr_build(struct buf *out, const struct efsattr *spec)
{
	buf_zero(out, HEADER);
	buf_set32(out, 0x08, spec->version);
	put_id(out, spec->seed);
	put_list(out, AT_DDF, spec->ddf, spec);
	put_list(out, AT_DRF, spec->drf, spec);
	buf_zero(out, -out->n & 7);
	buf_set32(out, AT_LENGTH, out->n);
	if (spec->hash)
		gcry_md_hash_buffer(GCRY_MD_MD5, out->p + AT_EFS_HASH, out->p,
		                    out->n);
}
