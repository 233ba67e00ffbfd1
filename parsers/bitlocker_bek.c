/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_bek.c - startup keys and recovery keys of BitLocker in .BEK files
 *
 * J. Metz, "BitLocker Drive Encryption (BDE) format": BEK file.  *Observed*
 * in cryptsetup's two, of Windows 10 and 11.
 */
#include "parsers/bitlocker.h"

#include "parsers/utf16.h"

#define KEY_SIZE 32u

/*
 *	00  16   GUID    10  u64  changed    18  ..  entries
 */
static void parse_external(struct bitlocker_bek *bek, struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct bitlocker_entries it;
	struct bitlocker_entry entry;
	struct bitlocker_key key;
	struct error err;

	bek->guid = cursor_take(&c, BITLOCKER_GUID_SIZE);
	bek->changed = cursor_le64(&c);
	it = bitlocker_entries_open(cursor_tail(&c, c.pos));
	while (bitlocker_entries_next(&it, &entry)) {
		if (entry.value == BITLOCKER_VALUE_TEXT)
			bek->name = utf16_string(entry.data);
		else if (!bitlocker_key_parse(&key, entry.all, &err))
			bek->key = key.key;
	}
}

enum status bitlocker_bek_parse(struct bitlocker_bek *bek, struct bytes in,
                                struct error *err)
{
	struct bitlocker_dataset d;
	struct bitlocker_entries it;
	struct bitlocker_entry entry = { 0 };
	struct cursor c = cursor_open(in);
	bool head = cursor_le32(&c) && cursor_le32(&c) == 1 &&
	            cursor_le32(&c) == 48;

	*bek = (struct bitlocker_bek){ 0 };
	if (!head)
		return fail(err, E_ABSENT, in.at, "no BitLocker key file");
	if (bitlocker_dataset_parse(&d, in, err))
		return err->status;
	it = bitlocker_entries_open(d.entries);
	while (bitlocker_entries_next(&it, &entry))
		if (entry.value == BITLOCKER_VALUE_EXTERNAL)
			break;
	if (!entry.all.n)
		return fail(err, it.err.status ? it.err.status : E_CORRUPT,
		            d.entries.at, "BitLocker key file without a key");
	parse_external(bek, entry.data);
	if (bek->key.n == KEY_SIZE && bek->guid.n)
		return OK;
	*bek = (struct bitlocker_bek){ 0 };
	return fail(err, E_CORRUPT, entry.all.at,
	            "key in a BitLocker key file");
}
