/* SPDX-License-Identifier: MIT */
/*
 * bootkey.c - the boot key of a Windows, in its three modes
 */
#include "recovery/crypto.h"
#include "recovery/lsa.h"

#include "parsers/limits.h"
#include "parsers/utf16.h"

#include <glib.h>

static int digit(char c)
{
	return g_ascii_xdigit_value(c);
}

static bool hex8(uint8_t *to, const char *s)
{
	for (unsigned i = 0; i < 8; i++)
		if (!s[i] || digit(s[i]) < 0)
			return false;
	for (size_t i = 0; i < 4; i++)
		to[i] = (uint8_t)(digit(s[2 * i]) << 4 | digit(s[2 * i + 1]));
	return !s[8];
}

enum status lsa_boot_key(struct secret *key, const char *const classes[4],
                         struct error *err)
{
	/* *observed*: the same in every Windows since 2000. */
	static const uint8_t order[LSA_BOOT_KEY_SIZE] = { 8,  5,  4,  2, 11, 9,
		                                          13, 3,  0,  6, 1,  12,
		                                          14, 10, 15, 7 };
	struct secret raw = { 0 };
	enum status st = secret_alloc(&raw, LSA_BOOT_KEY_SIZE, err);

	*key = (struct secret){ 0 };
	for (unsigned i = 0; !st && i < 4; i++)
		if (!classes[i] || !hex8(raw.p + 4 * (size_t)i, classes[i]))
			st = fail(err, E_CORRUPT, 0,
			          "class names of the boot key");
	if (!st)
		st = secret_alloc(key, LSA_BOOT_KEY_SIZE, err);
	for (unsigned i = 0; !st && i < LSA_BOOT_KEY_SIZE; i++)
		key->p[i] = raw.p[order[i]];
	secret_release(&raw);
	return st;
}

/* MD5 of the UTF-16 password [?]: no sample is known; a use proves it. */
enum status lsa_boot_key_password(struct secret *key, struct bytes password,
                                  struct error *err)
{
	struct cursor c = cursor_open(password);
	struct secret wide = { 0 };
	size_t n = 0;
	enum status st;

	*key = (struct secret){ 0 };
	if (password.n > LIMIT_PASSWORD)
		return fail(err, E_LIMIT, 0, "length of a password");
	st = secret_alloc(&wide, 2 * password.n + 2, err);
	while (!st && c.pos < password.n) {
		struct bytes rest = cursor_tail(&c, c.pos);
		gunichar u = g_utf8_get_char_validated((const char *)rest.p,
		                                       (gssize)rest.n);

		if (u == (gunichar)-1 || u == (gunichar)-2) {
			st = fail(err, E_CORRUPT, 0, "UTF-8 of a password");
			break;
		}
		n += utf16_put(wide.p + n, u);
		cursor_skip(&c, (size_t)g_unichar_to_utf8(u, NULL));
	}
	if (!st)
		st = secret_alloc(key, LSA_BOOT_KEY_SIZE, err);
	if (!st)
		st = digest_of(DIGEST_MD5, (struct bytes){ wide.p, n, 0 },
		               key->p, err);
	if (st)
		secret_release(key);
	secret_release(&wide);
	return st;
}

/* The first 16 bytes [?]: no sample is known; a use proves it. */
enum status lsa_boot_key_file(struct secret *key, struct bytes file,
                              struct error *err)
{
	struct cursor c = cursor_open(file);
	struct bytes b = cursor_take(&c, LSA_BOOT_KEY_SIZE);
	enum status st;

	*key = (struct secret){ 0 };
	if (!b.n)
		return fail(err, E_TRUNCATED, file.at, "StartKey.Key");
	st = secret_alloc(key, b.n, err);
	if (!st)
		memcpy(key->p, b.p, b.n);
	return st;
}
