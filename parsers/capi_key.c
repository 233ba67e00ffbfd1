/* SPDX-License-Identifier: MIT */
/*
 * capi_key.c - a CryptoAPI private key file
 *
 * *Observed* in capi_701577141985b6923998dcca035c007a_... of testdata/winkeys,
 * and as mimikatz' kull_m_key.h and impacket's dpapi.py describe it.
 */
#include "parsers/capi_key.h"

/* *Observed*: the one version, and the one length of the hash. */
#define CAPI_KEY_VERSION 2u
#define CAPI_KEY_HASH    20u

struct header {
	uint32_t version, reserved, name, hash;
	struct lengths {
		uint32_t public_key, private_key, export_flag;
	} signature, exchange;
};

/*
 * Ten words, all but the first two of them lengths in bytes
 *
 *	00  version, 2              04  0
 *	08  name with its NUL       0c  signature: public key
 *	10  signature: private key  14  exchange: public key
 *	18  exchange: private key   1c  hash, 20
 *	20  signature: export flag  24  exchange: export flag
 */
static void read_header(struct header *h, struct cursor *c)
{
	h->version = cursor_le32(c);
	h->reserved = cursor_le32(c);
	h->name = cursor_le32(c);
	h->signature.public_key = cursor_le32(c);
	h->signature.private_key = cursor_le32(c);
	h->exchange.public_key = cursor_le32(c);
	h->exchange.private_key = cursor_le32(c);
	h->hash = cursor_le32(c);
	h->signature.export_flag = cursor_le32(c);
	h->exchange.export_flag = cursor_le32(c);
}

/* The bytes at the start of `b` before the first NUL, or all of them. */
static struct bytes ascii_string(struct bytes b)
{
	struct cursor c = cursor_open(b);
	size_t n = 0;

	while (n < b.n && cursor_u8(&c))
		n++;
	c = cursor_open(b);
	return cursor_cut(&c, 0, n);
}

static void read_pair(struct capi_key_pair *pair, struct cursor *c,
                      const struct lengths *n)
{
	pair->public_key = cursor_take(c, n->public_key);
	pair->private_key = cursor_take(c, n->private_key);
	pair->export_flag = cursor_take(c, n->export_flag);
}

/* The parts follow without gaps, in another order than their lengths. */
enum status capi_key_parse(struct capi_key *key, struct bytes in,
                           struct error *err)
{
	struct cursor c = cursor_open(in);
	struct header h;

	*key = (struct capi_key){ 0 };
	read_header(&h, &c);
	if (h.version != CAPI_KEY_VERSION || h.reserved)
		return fail(err, E_ABSENT, in.at, "CAPI key file");
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "CAPI key file");
	if (h.hash != CAPI_KEY_HASH)
		return fail(err, E_ABSENT, in.at, "CAPI key file");

	key->version = h.version;
	key->name = ascii_string(cursor_take(&c, h.name));
	key->hash = cursor_take(&c, h.hash);
	read_pair(&key->signature, &c, &h.signature);
	read_pair(&key->exchange, &c, &h.exchange);
	if (c.bad)
		return fail(err, E_TRUNCATED, cursor_at(&c),
		            "parts of a CAPI key file");
	key->size = c.pos;
	return OK;
}
