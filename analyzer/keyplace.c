/* SPDX-License-Identifier: MIT */
/*
 * keyplace.c - what a path says about key material: which kind, and whose
 */
#include "analyzer/keyplace.h"
#include "analyzer/hives.h"

#include <glib.h>
#include <string.h>

#define GUID_CHARS       36u
#define THUMBPRINT_CHARS 40u
/* 32 digits, a line, and a GUID: files of private keys. */
#define KEY_FILE_CHARS (32u + 1u + GUID_CHARS)
/* No name that we look for is longer. */
#define NAME_MOST 255u

/* ---------------------------------------------------------------- names */

static bool is_hex(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!g_ascii_isxdigit(s[i]))
			return false;
	return true;
}

static bool is_guid(const char *s)
{
	for (size_t i = 0; i < GUID_CHARS; i++) {
		bool line = i == 8 || i == 13 || i == 18 || i == 23;

		if (line ? s[i] != '-' : !g_ascii_isxdigit(s[i]))
			return false;
	}
	return true;
}

static bool has_ending(const char *s, size_t n)
{
	static const char *const endings[] = {
#define NAME(name)
#define ENDING(ending) ending,
#define HIVE(name, kind)
#define HIVE_LOG(ending)
#include "analyzer/keynames.def"
	};

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		size_t len = strlen(endings[i]);

		if (n > len && !g_ascii_strcasecmp(s + n - len, endings[i]))
			return true;
	}
	return false;
}

static bool wants(const char *s, size_t n)
{
	if (n == GUID_CHARS && is_guid(s))
		return true;
	if (n == THUMBPRINT_CHARS && is_hex(s, n))
		return true;
	if (n == KEY_FILE_CHARS && is_hex(s, 32) && s[32] == '_')
		return true;
	return !g_ascii_strcasecmp(s, "CREDHIST") || has_ending(s, n) ||
	       hives_want(s);
}

static bool look_closer(struct bytes name)
{
	struct cursor c = cursor_open(name);
	char s[NAME_MOST + 1];
	size_t n = name.n / 2;

	if (n > NAME_MOST)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint16_t unit = cursor_le16(&c);

		/* Only an ending is looked for in other letters. */
		s[i] = (char)(unit < 0x80 ? unit : '?');
	}
	s[n] = '\0';
	return wants(s, n);
}

/* The last three UTF-16 units of a name as one number, large letters as small
   ones.  Other characters may become the same, but that is seen later. */
#define SMALL UINT64_C(0x002000200020)
#define TAIL(s)                                       \
	(SMALL | (uint64_t)(s)[sizeof(s) - 2] << 32 | \
	 (uint64_t)(s)[sizeof(s) - 3] << 16 | (uint64_t)(s)[sizeof(s) - 4])

/* Does a name that is looked for end so? */
static bool ends_one(uint64_t tail)
{
#define ENDING(ending)            \
	if (tail == TAIL(ending)) \
		return true;
#define NAME(name)       ENDING(name)
#define HIVE(name, kind) ENDING(name)
#define HIVE_LOG(ending) ENDING(ending)
#include "analyzer/keynames.def"
	return false;
}

bool keyplace_wants(const struct bytes *name)
{
	struct cursor c = cursor_open(*name);
	size_t n = name->n / 2;
	uint64_t tail;

	if (n < 3)
		return false;
	if (n == GUID_CHARS || n == THUMBPRINT_CHARS || n == KEY_FILE_CHARS)
		return look_closer(*name);
	cursor_skip(&c, 2 * (n - 3));
	tail = cursor_le32(&c);
	tail |= (uint64_t)cursor_le16(&c) << 32;
	return ends_one(tail | SMALL) && look_closer(*name);
}

/* ---------------------------------------------------------------- places */

/* The parts of a path, and where each begins in it. */
struct parts {
	char **part;
	guint n;
};

static struct parts parts_new(const char *path)
{
	struct parts p = { .part = g_strsplit(path, "/", -1) };

	p.n = g_strv_length(p.part);
	return p;
}

/* Is the part that many steps before the last this one? */
static bool is(const struct parts *p, guint back, const char *name)
{
	return back < p->n &&
	       !g_ascii_strcasecmp(p->part[p->n - 1 - back], name);
}

static bool is_sid(const char *s)
{
	return !g_ascii_strncasecmp(s, "S-1-", 4) &&
	       !s[4 + strspn(s + 4, "0123456789-")] && g_ascii_isdigit(s[4]);
}

static bool sid_at(const struct parts *p, guint back)
{
	return back < p->n && is_sid(p->part[p->n - 1 - back]);
}

static enum key_place place_of(const struct parts *p)
{
	const char *name = p->n ? p->part[p->n - 1] : "";
	size_t n = strlen(name);

	if (is(p, 0, "CREDHIST") && is(p, 1, "Protect"))
		return PLACE_CREDHIST;
	if (n == GUID_CHARS && is_guid(name) &&
	    ((sid_at(p, 1) && is(p, 2, "Protect")) ||
	     (is(p, 1, "User") && sid_at(p, 2) && is(p, 3, "Protect"))))
		return PLACE_MASTERKEY;
	if (n == KEY_FILE_CHARS &&
	    ((is(p, 2, "RSA") && is(p, 3, "Crypto")) ||
	     (is(p, 2, "Crypto") &&
	      (is(p, 1, "Keys") || is(p, 1, "SystemKeys")))))
		return PLACE_PRIVATE;
	if (n == THUMBPRINT_CHARS && is(p, 1, "Certificates") &&
	    is(p, 2, "My") && is(p, 3, "SystemCertificates"))
		return PLACE_CERTIFICATE;
	return PLACE_ANY;
}

enum key_place keyplace_of(const char *path)
{
	struct parts p = parts_new(path);
	enum key_place place = place_of(&p);

	g_strfreev(p.part);
	return place;
}

/* ---------------------------------------------------------------- owners */

/* Accounts that are no person, by the name of their profile. */
static const char *service_sid(const char *user)
{
	static const struct {
		const char *user, *sid;
	} table[] = {
		{ "systemprofile", "S-1-5-18" },
		{ "LocalService", "S-1-5-19" },
		{ "NetworkService", "S-1-5-20" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (!g_ascii_strcasecmp(user, table[i].user))
			return table[i].sid;
	return NULL;
}

/* Folders of a profile that have a name of their own on every Windows. */
static bool in_profile(const char *part)
{
	return !g_ascii_strcasecmp(part, "AppData") ||
	       !g_ascii_strcasecmp(part, "Application Data") ||
	       !g_ascii_strcasecmp(part, "Local Settings");
}

static bool holds_profiles(const char *part)
{
	return !g_ascii_strcasecmp(part, "Users") ||
	       !g_ascii_strcasecmp(part, "Documents and Settings") ||
	       !g_ascii_strcasecmp(part, "ServiceProfiles");
}

/* All Users, and what became of it, are the machine's. */
static bool is_machine(const struct parts *p)
{
	for (guint i = 0; i < p->n; i++)
		if (!g_ascii_strcasecmp(p->part[i], "ProgramData") ||
		    !g_ascii_strcasecmp(p->part[i], "All Users") ||
		    !g_ascii_strcasecmp(p->part[i], "MachineKeys"))
			return true;
	return false;
}

/* How many parts the path of the profile's folder has; false: there is none. */
static bool find_profile(const struct parts *p, guint *n)
{
	for (guint i = p->n; i > 0; i--) {
		*n = i - 1;
		if (in_profile(p->part[*n]))
			return true;
	}
	for (guint i = p->n; i > 1; i--) {
		*n = i;
		if (holds_profiles(p->part[i - 2]) && *n < p->n)
			return true;
	}
	return false;
}

static const char *find_sid(const struct parts *p)
{
	for (guint i = p->n; i > 0; i--)
		if (is_sid(p->part[i - 1]))
			return p->part[i - 1];
	return NULL;
}

/* Bytes of the first n parts of the path. */
static size_t length_of(const struct parts *p, guint n)
{
	size_t length = 0;

	for (guint i = 0; i < n; i++)
		length += strlen(p->part[i]) + (i > 0);
	return length;
}

bool keyplace_owner(struct origin *origin, const char *path, size_t *profile)
{
	struct parts p = parts_new(path);
	guint n = 0;
	bool machine = is_machine(&p);
	bool in = !machine && find_profile(&p, &n);
	const char *user = in && n ? p.part[n - 1] : "";
	const char *sid = find_sid(&p);

	*profile = in ? length_of(&p, n) : 0;
	if (!sid)
		sid = machine ? "S-1-5-18" : service_sid(user);
	origin->user = *user ? g_strdup(user) : NULL;
	origin->sid = g_strdup(sid);
	g_strfreev(p.part);
	return in;
}
