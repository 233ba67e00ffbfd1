/* SPDX-License-Identifier: MIT */
/*
 * efs_credential.c - whose public key wrapped a file key
 *
 * [MS-EFSR] 2.2.2.1.3 (Public Key Information), 2.2.2.1.4 (certificate data).
 */
#include "parsers/efs.h"
#include "parsers/utf16.h"

#define CREDENTIAL_SIZE 0x1cu

/*
 * One damaged part does not cost the others: each part is cut on its own, and
 * the first that fails is the one that is reported.
 */
struct part {
	struct bytes in;
	struct error *err;
};

static struct bytes damaged(const struct part *p, const char *what)
{
	if (!p->err->status)
		(void)fail(p->err, E_CORRUPT, p->in.at, what);
	return (struct bytes){ 0 };
}

static struct bytes range(const struct part *p, uint32_t off, uint32_t n,
                          const char *what)
{
	struct cursor c = cursor_open(p->in);
	struct bytes b = cursor_cut(&c, off, n);

	return c.bad ? damaged(p, what) : b;
}

/* A string at an offset; 0 means that there is none. */
static struct bytes string(const struct part *p, uint32_t off, const char *what)
{
	struct cursor c = cursor_open(p->in);
	struct bytes b;

	if (!off)
		return (struct bytes){ 0 };
	b = cursor_tail(&c, off);
	return b.n < 2 ? damaged(p, what) : utf16_string(b);
}

/* [MS-DTYP] 2.4.2.2: revision, count of parts, authority, u32 each part. */
static struct bytes sid(const struct part *p, uint32_t off)
{
	struct cursor c = cursor_open(p->in);
	uint8_t revision, count;
	struct bytes b;

	if (!off)
		return (struct bytes){ 0 };
	c = cursor_open(cursor_tail(&c, off));
	revision = cursor_u8(&c);
	count = cursor_u8(&c);
	b = cursor_cut(&c, 0, 8 + (size_t)count * 4);
	if (c.bad || revision != 1 || count > 15)
		return damaged(p, "owner SID");
	return b;
}

/*
 * [MS-EFSR] 2.2.2.1.4  Certificate data, offsets from its start
 *
 *	00  u32  thumbprint offset       04  u32  thumbprint length
 *	08  u32  container name offset   0c  u32  provider name offset
 *	10  u32  display name offset
 */
static void parse_thumbprint(struct efs_credential *cred, struct part p)
{
	struct cursor c = cursor_open(p.in);
	uint32_t off = cursor_le32(&c);
	uint32_t n = cursor_le32(&c);
	uint32_t container = cursor_le32(&c);
	uint32_t provider = cursor_le32(&c);
	uint32_t name = cursor_le32(&c);

	if (c.bad) {
		(void)damaged(&p, "certificate data");
		return;
	}
	if (n == EFS_THUMBPRINT_SIZE)
		cred->thumbprint = range(&p, off, n, "thumbprint offset");
	else if (n)
		(void)damaged(&p, "thumbprint length");
	cred->container = string(&p, container, "container name offset");
	cred->provider = string(&p, provider, "provider name offset");
	cred->name = string(&p, name, "display name offset");
}

/* The last four words mean different things in different types. */
static void parse_by_type(struct efs_credential *cred, const struct part *p,
                          const uint32_t word[4])
{
	struct part inner = *p;

	switch (cred->type) {
	case EFS_CREDENTIAL_CONTAINER:
		cred->container = string(p, word[0], "container name offset");
		cred->provider = string(p, word[1], "provider name offset");
		cred->public_key = range(p, word[2], word[3], "public key");
		break;
	case EFS_CREDENTIAL_CERTIFICATE:
		cred->certificate = range(p, word[1], word[0], "certificate");
		break;
	case EFS_CREDENTIAL_THUMBPRINT:
		inner.in = range(p, word[1], word[0], "certificate data");
		parse_thumbprint(cred, inner);
		break;
	default:
		break; /* kept for the report, with its SID */
	}
}

/* The structure's own bytes, or all there are if its length is a lie. */
static struct bytes own_bytes(const struct part *p, uint32_t length)
{
	struct cursor c = cursor_open(p->in);

	if (length < CREDENTIAL_SIZE || length > p->in.n) {
		(void)damaged(p, "credential length");
		return p->in;
	}
	return cursor_cut(&c, 0, length);
}

/*
 * [MS-EFSR] 2.2.2.1.3  Public Key Information, offsets from its start
 *
 *	00  u32  length   04  u32  SID offset   08  u32  type
 *
 *	type   0c                      10                     14 (u32), 18 (u32)
 *	1      container name offset   provider name offset   key offset, length
 *	2, 3   length                  offset                 0, 0
 *
 * where the length and offset are those of the certificate (type 2) or of the
 * certificate data (type 3).
 */
enum status efs_credential_parse(struct efs_credential *cred, struct bytes in,
                                 struct error *err)
{
	struct cursor c = cursor_open(in);
	struct error first = { 0 };
	struct part p = { in, &first };
	uint32_t length = cursor_le32(&c);
	uint32_t owner = cursor_le32(&c);
	uint32_t type = cursor_le32(&c);
	uint32_t word[4];

	for (int i = 0; i < 4; i++)
		word[i] = cursor_le32(&c);
	*cred = (struct efs_credential){ 0 };
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "credential");

	cred->type = type;
	p.in = own_bytes(&p, length);
	cred->sid = sid(&p, owner);
	parse_by_type(cred, &p, word);
	if (first.status)
		*err = first;
	return first.status;
}
