/* SPDX-License-Identifier: MIT */
/*
 * output_name.c - names of hostile evidence, as names on disk
 */
#include "analyzer/output_name.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* Bytes of a name, less the room for the suffix of a twin. */
#define NAME_BYTES (255 - 32)

/* Bytes at p that must not be in a name: a control character, or a slash. */
static size_t unsafe(const char *p)
{
	unsigned char c = (unsigned char)p[0];

	if (c < 0x20 || c == 0x7f || c == '/')
		return 1;
	/* U+0080 to U+009F: the second set of control characters */
	return c == 0xc2 && (unsigned char)p[1] < 0xa0 ? 2 : 0;
}

/* Cut at a character, and mark with a hash of the whole name. */
static void shorten(GString *s)
{
	gchar *sum;
	gsize n = NAME_BYTES - 17;

	if (s->len <= NAME_BYTES)
		return;
	sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, s->str,
	                                    (gssize)s->len);
	while (n && ((unsigned char)s->str[n] & 0xc0) == 0x80)
		n--;
	g_string_truncate(s, n);
	g_string_append_printf(s, "~%.16s", sum);
	g_free(sum);
}

static void escape_into(GString *s, const char *name)
{
	while (*name) {
		size_t n = unsafe(name);

		if (!n) {
			g_string_append_c(s, *name++);
			continue;
		}
		for (; n; n--)
			g_string_append_printf(s, "%%%02X",
			                       (unsigned char)*name++);
	}
}

char *output_escape(const char *name)
{
	GString *s = g_string_new(NULL);

	if (!strcmp(name, ".") || !strcmp(name, "..") || !*name)
		g_string_append(s, !*name ? "%" : name[1] ? "%2E%2E" : "%2E");
	else
		escape_into(s, name);
	shorten(s);
	return g_string_free(s, FALSE);
}

char *output_leaf(const char *leaf, const char *stream)
{
	char *name = output_escape(leaf);
	GString *s;

	if (!stream)
		return name;
	s = g_string_new(name);
	g_free(name);
	g_string_append_c(s, ':');
	escape_into(s, stream);
	shorten(s);
	return g_string_free(s, FALSE);
}

char *output_twin(const char *name, uint64_t mft, unsigned i)
{
	if (!i)
		return g_strdup(name);
	if (i == 1)
		return g_strdup_printf("%s~%" PRIu64, name, mft);
	return g_strdup_printf("%s~%" PRIu64 "~%u", name, mft, i);
}

/*
 * What Windows does not take, nor do file systems that are made for it.  A dot
 * or a space at the end is lost there.
 */
static bool is_foreign(const char *p)
{
	return strchr("<>:\"|?*\\", *p) || (strchr(". ", *p) && !p[1]);
}

char *output_portable(const char *name)
{
	GString *s = g_string_new(NULL);

	for (; *name; name++)
		if (is_foreign(name))
			g_string_append_printf(s, "%%%02X",
			                       (unsigned char)*name);
		else
			g_string_append_c(s, *name);
	shorten(s);
	return g_string_free(s, FALSE);
}
