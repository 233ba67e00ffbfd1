/* SPDX-License-Identifier: MIT */
/*
 * keylist.c - secrets in hexadecimal: --hash-file and --master-key
 */
#include "analyzer/keylist.h"
#include "analyzer/readfile.h"
#include "analyzer/say.h"

#include <string.h>

/* A line of a hash takes some 300 bytes with its SID. */
#define MOST_HASHES ((uint64_t)64 << 20)
#define MOST_HEX    4096

#define GUID_SIZE 16u

/* Decode all of `text`; false unless it is `n` bytes. */
static bool unhex(uint8_t *out, size_t n, struct bytes text)
{
	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = g_ascii_xdigit_value((char)text.p[2 * i]);
		int low = g_ascii_xdigit_value((char)text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static struct bytes trim(struct bytes b)
{
	while (b.n && g_ascii_isspace(b.p[b.n - 1]))
		b.n--;
	while (b.n && g_ascii_isspace(*b.p)) {
		b.p++;
		b.n--;
	}
	return b;
}

/* Take `word` away from the front; false if it is not there. */
static bool take_word(struct bytes *b, const char *word)
{
	size_t n = strlen(word);

	if (b->n < n || g_ascii_strncasecmp((const char *)b->p, word, n))
		return false;
	b->p += n;
	b->n -= n;
	return true;
}

/* ------------------------------------------------------------- hashes */

/* "S-1-5-21-...," at the front; NULL if there is none. */
static char *take_sid(struct bytes *b)
{
	const uint8_t *comma = b->n ? memchr(b->p, ',', b->n) : NULL;
	size_t n = comma ? (size_t)(comma - b->p) : 0;
	char *sid;

	if (!n || n >= TEXT_SID || b->n < 4 || memcmp(b->p, "S-1-", 4) != 0)
		return NULL;
	sid = g_strndup((const char *)b->p, n);
	b->p += n + 1;
	b->n -= n + 1;
	return sid;
}

static bool add_hash(struct run *run, enum dpapi_form form, struct bytes hex,
                     const char *sid, unsigned line)
{
	size_t n = form == DPAPI_FORM_NT ? DPAPI_NT_SIZE : DPAPI_SHA1_SIZE;
	char *label = g_strdup_printf(
		"%s hash #%u", form == DPAPI_FORM_NT ? "NT" : "SHA-1", line);
	struct secret hash;
	struct error err;
	bool ok = false;

	if (!secret_alloc(&hash, n, &err)) {
		ok = unhex(hash.p, n, hex) &&
		     !chain_add_hash(run->chain, form, secret_view(&hash), sid,
		                     label, &err);
		secret_release(&hash);
	}
	g_free(label);
	return ok;
}

static bool add_line(struct run *run, struct bytes line, unsigned number)
{
	char *sid = take_sid(&line);
	bool ok = false;

	if (take_word(&line, "NT:"))
		ok = add_hash(run, DPAPI_FORM_NT, line, sid, number);
	else if (take_word(&line, "SHA1:"))
		ok = add_hash(run, DPAPI_FORM_SHA1, line, sid, number);
	g_free(sid);
	return ok;
}

static struct bytes next_line(struct bytes *left)
{
	const uint8_t *lf = memchr(left->p, '\n', left->n);
	struct bytes line = *left;

	if (lf)
		line.n = (size_t)(lf - left->p);
	left->p += line.n + (lf != NULL);
	left->n -= line.n + (lf != NULL);
	return trim(line);
}

/* How many lines are hashes; says which are not. */
static unsigned add_lines(struct run *run, struct bytes text, const char *path)
{
	unsigned good = 0, bad = 0;

	for (unsigned number = 1; text.n; number++) {
		struct bytes line = next_line(&text);

		if (!line.n || *line.p == '#')
			continue;
		if (add_line(run, line, number))
			good++;
		else if (!bad++)
			say("%s: line %u is no hash (NT:HEX, SHA1:HEX, "
			    "SID,NT:HEX)",
			    path, number);
	}
	if (bad > 1)
		say("%s: nor are %u more lines", path, bad - 1);
	run->keys_failed |= bad > 0;
	return good;
}

bool keylist_hashes(struct run *run, const char *path)
{
	struct secret text;
	struct error err;
	unsigned good;

	if (read_secret(path, MOST_HASHES, &text, &err)) {
		say("%s: %s", path, err.what);
		return false;
	}
	good = add_lines(run, secret_view(&text), path);
	secret_release(&text);
	return good > 0;
}

/* ------------------------------------------------------------- master key */

/* Text to the bytes of a blob: the first three numbers are little-endian. */
static bool parse_guid(uint8_t guid[GUID_SIZE], const char *text, size_t n)
{
	static const uint8_t order[GUID_SIZE] = {
		3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15
	};
	uint8_t raw[GUID_SIZE];
	char digits[2 * GUID_SIZE + 1] = "";
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == '{' || text[i] == '}' || text[i] == '-')
			continue;
		if (k == sizeof(digits) - 1)
			return false;
		digits[k++] = text[i];
	}
	if (!unhex(raw, GUID_SIZE,
	           (struct bytes){ (const uint8_t *)digits, k, 0 }))
		return false;
	for (size_t i = 0; i < GUID_SIZE; i++)
		guid[i] = raw[order[i]];
	return true;
}

static enum status add_open(struct run *run, const uint8_t guid[GUID_SIZE],
                            struct bytes text, const char *path,
                            struct error *err)
{
	char *shown = g_utf8_make_valid(path, -1);
	const struct origin origin = { .path = shown };
	struct bytes hex = trim(text);
	struct secret key;
	enum status st = secret_alloc(&key, MAX(hex.n / 2, 1), err);

	if (!st && !unhex(key.p, key.n, hex))
		st = fail(err, E_CORRUPT, 0, "is not hexadecimal");
	if (!st && key.n != DPAPI_KEY_SIZE && key.n != DPAPI_SHA1_SIZE)
		st = fail(err, E_CORRUPT, 0,
		          "is not of 64 bytes, nor of the 20 of their SHA-1");
	if (!st)
		st = chain_add_open_masterkey(run->chain, guid,
		                              secret_view(&key), &origin, err);
	secret_release(&key);
	g_free(shown);
	return st;
}

bool keylist_masterkey(struct run *run, const char *spec)
{
	const char *colon = strchr(spec, ':');
	uint8_t guid[GUID_SIZE];
	struct secret text;
	struct error err;
	enum status st;

	if (!colon || !parse_guid(guid, spec, (size_t)(colon - spec))) {
		say("--master-key takes GUID:HEXFILE");
		return false;
	}
	st = read_secret(colon + 1, MOST_HEX, &text, &err);
	if (!st)
		st = add_open(run, guid, secret_view(&text), colon + 1, &err);
	secret_release(&text);
	if (st)
		say("%s: %s", colon + 1, err.what);
	return !st;
}
