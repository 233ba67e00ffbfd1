/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_entry.c - entries of BitLocker's metadata, and the protectors
 *
 * J. Metz, "BitLocker Drive Encryption (BDE) format": FVE metadata entry.
 */
#include "parsers/bitlocker.h"

#include "parsers/limits.h"
#include "parsers/utf16.h"

#define ENTRY_HEAD 8u
#define NONCE_SIZE 12u
#define TAG_SIZE   16u
#define SALT_SIZE  16u
#define VMK_KEY    32u

static bool stop(struct bitlocker_entries *it, enum status status, uint64_t at,
                 const char *what)
{
	(void)fail(&it->err, status, at, what);
	return false;
}

struct bitlocker_entries bitlocker_entries_open(struct bytes in)
{
	return (struct bitlocker_entries){ .c = cursor_open(in),
		                           .left = LIMIT_BITLOCKER_ENTRIES };
}

/*
 *	00  u16  size, of all     02  u16  type
 *	04  u16  value type       06  u16  version
 */
bool bitlocker_entries_next(struct bitlocker_entries *it,
                            struct bitlocker_entry *entry)
{
	struct cursor head = it->c;
	uint64_t at = cursor_at(&it->c);
	uint16_t size = cursor_le16(&head);
	struct cursor c;

	*entry = (struct bitlocker_entry){ 0 };
	if (it->err.status || it->c.pos == it->c.in.n)
		return false;
	if (!it->left)
		return stop(it, E_LIMIT, at, "number of BitLocker entries");
	it->left--;
	if (size < ENTRY_HEAD)
		return stop(it, E_CORRUPT, at, "length of a BitLocker entry");
	c = cursor_open(cursor_take(&it->c, size));
	if (it->c.bad)
		return stop(it, E_CORRUPT, at, "length of a BitLocker entry");
	entry->all = c.in;
	cursor_skip(&c, 2);
	entry->type = cursor_le16(&c);
	entry->value = cursor_le16(&c);
	entry->version = cursor_le16(&c);
	entry->data = cursor_tail(&c, c.pos);
	return true;
}

/*
 *	00  12  nonce    0c  16  tag    1c  ..  ciphertext
 */
enum status bitlocker_locked_parse(struct bitlocker_locked *l, struct bytes in,
                                   struct error *err)
{
	struct cursor c = cursor_open(in);

	l->nonce = cursor_take(&c, NONCE_SIZE);
	l->tag = cursor_take(&c, TAG_SIZE);
	l->data = cursor_tail(&c, c.pos);
	if (!c.bad && l->data.n)
		return OK;
	*l = (struct bitlocker_locked){ 0 };
	return fail(err, E_CORRUPT, in.at, "length of an encrypted key");
}

/* One entry of value KEY: method, and the key to its end. */
enum status bitlocker_key_parse(struct bitlocker_key *key, struct bytes in,
                                struct error *err)
{
	struct bitlocker_entries it = bitlocker_entries_open(in);
	struct bitlocker_entry entry;
	struct cursor c;

	*key = (struct bitlocker_key){ 0 };
	if (!bitlocker_entries_next(&it, &entry))
		return fail(err, E_TRUNCATED, in.at, "BitLocker key");
	c = cursor_open(entry.data);
	key->method = cursor_le32(&c);
	key->key = cursor_tail(&c, c.pos);
	if (!c.bad && key->key.n && entry.value == BITLOCKER_VALUE_KEY)
		return OK;
	*key = (struct bitlocker_key){ 0 };
	return fail(err, E_CORRUPT, in.at, "BitLocker key");
}

/* ------------------------------------------------------------- protectors */

static enum status parse_salt(struct bitlocker_protector *p, struct bytes in,
                              struct error *err)
{
	struct cursor c = cursor_open(in);

	cursor_skip(&c, 4); /* method */
	p->salt = cursor_take(&c, SALT_SIZE);
	return c.bad ? fail(err, E_CORRUPT, in.at, "salt of a protector") : OK;
}

static enum status parse_clear(struct bitlocker_protector *p, struct bytes in,
                               struct error *err)
{
	struct cursor c = cursor_open(in);

	cursor_skip(&c, 4); /* method */
	p->clear = cursor_tail(&c, c.pos);
	if (p->clear.n == VMK_KEY)
		return OK;
	p->clear = (struct bytes){ 0 };
	return fail(err, E_CORRUPT, in.at, "clear key of a protector");
}

static enum status parse_property(struct bitlocker_protector *p,
                                  const struct bitlocker_entry *entry,
                                  struct error *err)
{
	switch (entry->value) {
	case BITLOCKER_VALUE_TEXT:
		p->name = utf16_string(entry->data);
		return OK;
	case BITLOCKER_VALUE_STRETCH:
		return parse_salt(p, entry->data, err);
	case BITLOCKER_VALUE_KEY:
		return parse_clear(p, entry->data, err);
	case BITLOCKER_VALUE_LOCKED:
		return bitlocker_locked_parse(&p->vmk, entry->data, err);
	default:
		return OK;
	}
}

static void judge(struct bitlocker_protector *p)
{
	bool stretched = p->type == BITLOCKER_BY_PASSWORD ||
	                 p->type == BITLOCKER_BY_RECOVERY;

	if (p->err.status)
		return;
	if (stretched && !p->salt.n)
		(void)fail(&p->err, E_CORRUPT, p->all.at,
		           "protector without a salt");
	else if (p->type == BITLOCKER_BY_CLEAR && !p->clear.n)
		(void)fail(&p->err, E_CORRUPT, p->all.at,
		           "clear protector without its key");
	else if (!p->vmk.data.n)
		(void)fail(&p->err, E_CORRUPT, p->all.at,
		           "protector without the volume's key");
}

/*
 *	00  16   GUID          10  u64  changed
 *	18  u16  ?             1a  u16  type
 *	1c  ..   entries
 */
static void parse_protector(struct bitlocker_protector *p,
                            const struct bitlocker_entry *entry)
{
	struct cursor c = cursor_open(entry->data);
	struct bitlocker_entries it;
	struct bitlocker_entry property;
	struct error err;

	p->all = entry->all;
	p->guid = cursor_take(&c, BITLOCKER_GUID_SIZE);
	p->changed = cursor_le64(&c);
	cursor_skip(&c, 2);
	/* *Observed* 0 in the low byte; libbde knows ranges of 0x100. */
	p->type = cursor_le16(&c) & 0xff00;
	it = bitlocker_entries_open(cursor_tail(&c, c.pos));
	if (c.bad) {
		(void)fail(&p->err, E_CORRUPT, entry->all.at,
		           "length of a protector");
		p->guid = (struct bytes){ 0 };
		return;
	}
	while (bitlocker_entries_next(&it, &property))
		if (parse_property(p, &property, &err) && !p->err.status)
			p->err = err;
	if (!p->err.status)
		p->err = it.err;
	judge(p);
}

bool bitlocker_protectors_next(struct bitlocker_entries *it,
                               struct bitlocker_protector *p)
{
	struct bitlocker_entry entry;

	*p = (struct bitlocker_protector){ 0 };
	while (bitlocker_entries_next(it, &entry)) {
		if (entry.type != BITLOCKER_VMK ||
		    entry.value != BITLOCKER_VALUE_VMK)
			continue;
		parse_protector(p, &entry);
		return true;
	}
	return false;
}

const char *bitlocker_protector_name(uint16_t type)
{
	switch (type) {
	case BITLOCKER_BY_CLEAR:
		return "clear key";
	case BITLOCKER_BY_TPM:
		return "TPM";
	case BITLOCKER_BY_EXTERNAL:
		return "startup key";
	case BITLOCKER_BY_TPM_EXTERNAL:
		return "TPM and startup key";
	case BITLOCKER_BY_TPM_PIN:
		return "TPM and PIN";
	case BITLOCKER_BY_TPM_PIN_EXTERNAL:
		return "TPM, PIN and startup key";
	case BITLOCKER_BY_RECOVERY:
		return "recovery password";
	case BITLOCKER_BY_PUBLIC_KEY:
		return "certificate";
	case BITLOCKER_BY_PASSWORD:
		return "password";
	default:
		return "unknown protector";
	}
}
