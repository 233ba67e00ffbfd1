/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_password.c - what is stretched: of passwords and recovery passwords
 *
 * J. Metz, "BitLocker Drive Encryption (BDE) format": User key.
 */
#include "recovery/bitlocker.h"

#include "parsers/limits.h"
#include "parsers/utf16.h"
#include "recovery/crypto.h"

#define GROUPS      8
#define GROUP_SIZE  6
#define GROUP_LIMIT (UINT32_C(11) << 16)

/* UTF-16 is twice as long as UTF-8 at most. */
static enum status to_utf16(struct secret *wide, size_t *n, struct bytes utf8,
                            struct error *err)
{
	struct cursor c = cursor_open(utf8);

	*n = 0;
	if (utf8.n > LIMIT_PASSWORD)
		return fail(err, E_LIMIT, 0, "length of a password");
	if (secret_alloc(wide, 2 * utf8.n + 2, err))
		return err->status;
	while (c.pos < utf8.n) {
		struct bytes rest = cursor_tail(&c, c.pos);
		gunichar u = g_utf8_get_char_validated((const char *)rest.p,
		                                       (gssize)rest.n);

		if (u == (gunichar)-1 || u == (gunichar)-2)
			return fail(err, E_CORRUPT, 0, "UTF-8 of a password");
		*n += utf16_put(wide->p + *n, u);
		cursor_skip(&c, (size_t)g_unichar_to_utf8(u, NULL));
	}
	return OK;
}

/* SHA-256 twice. */
enum status bitlocker_password_hash(uint8_t hash[BITLOCKER_HASH_SIZE],
                                    struct bytes password, struct error *err)
{
	uint8_t once[BITLOCKER_HASH_SIZE];
	struct bytes inner = { once, sizeof(once), 0 };
	struct secret wide = { 0 };
	size_t n;
	enum status st = to_utf16(&wide, &n, password, err);

	if (!st)
		st = digest_of(DIGEST_SHA256, (struct bytes){ wide.p, n, 0 },
		               once, err);
	if (!st)
		st = digest_of(DIGEST_SHA256, inner, hash, err);
	crypto_wipe(once, sizeof(once));
	secret_release(&wide);
	return st;
}

/* ------------------------------------------------------ recovery passwords */

/* The next byte that is not NUL; -1 at the end. */
static int next_char(struct cursor *c)
{
	while (c->pos < c->in.n) {
		uint8_t b = cursor_u8(c);

		if (b)
			return b;
	}
	return -1;
}

static bool is_gap(int c)
{
	return c == '-' || c == ' ' || c == '\t';
}

/* Six digits: a number of 16 bits, times 11. */
static bool read_group(struct cursor *c, uint8_t to[2])
{
	struct cursor before = *c;
	uint32_t v = 0;
	int ch = next_char(c);

	while (is_gap(ch)) {
		before = *c;
		ch = next_char(c);
	}
	*c = before;
	for (int i = 0; i < GROUP_SIZE; i++) {
		ch = next_char(c);
		if (ch < '0' || ch > '9')
			return false;
		v = 10 * v + (uint32_t)(ch - '0');
	}
	if (v % 11 || v >= GROUP_LIMIT)
		return false;
	v /= 11;
	to[0] = (uint8_t)v;
	to[1] = (uint8_t)(v >> 8);
	return true;
}

static bool read_groups(struct cursor c, uint8_t key[2 * GROUPS])
{
	int ch;

	for (size_t i = 0; i < GROUPS; i++)
		if (!read_group(&c, key + 2 * i))
			return false;
	ch = next_char(&c);
	return ch < '0' || ch > '9';
}

static bool find_groups(struct bytes line, uint8_t key[2 * GROUPS])
{
	struct cursor c = cursor_open(line);
	bool inside = false;

	while (c.pos < line.n) {
		struct cursor at = c;
		int ch = next_char(&c);
		bool digit = ch >= '0' && ch <= '9';

		if (digit && !inside && read_groups(at, key))
			return true;
		inside = digit;
	}
	return false;
}

bool bitlocker_recovery_hash(uint8_t hash[BITLOCKER_HASH_SIZE],
                             struct bytes line)
{
	uint8_t key[2 * GROUPS];
	struct error err;
	bool found;

	found = find_groups(line, key) &&
	        !digest_of(DIGEST_SHA256, (struct bytes){ key, sizeof(key), 0 },
	                   hash, &err);
	crypto_wipe(key, sizeof(key));
	return found;
}
