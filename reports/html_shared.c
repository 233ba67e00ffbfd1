/* SPDX-License-Identifier: MIT */
/*
 * html_shared.c - JSON in the HTML page, and values that many rows share
 */
#include "reports/html.h"

#include "reports/format.h"

#include <inttypes.h>
#include <string.h>

/* Beyond this, values are written out in each row: no case fills the memory. */
#define MOST_VALUES (1u << 18)
#define MOST_BYTES  (1u << 25)

/* What JavaScript's numbers hold exactly. */
#define MOST_EXACT ((UINT64_C(1) << 53) - 1)

static bool plain(unsigned char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '<' &&
	       c != '>' && c != '&';
}

/* What would end a script, or a CDATA section, is never there as it is. */
static void append_escaped(GString *to, const char *s)
{
	const char *from = s;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (plain(c) || c > 0x7e)
			continue;
		g_string_append_len(to, from, s - from);
		g_string_append_printf(to, "\\u%04x", c);
		from = s + 1;
	}
	g_string_append_len(to, from, s - from);
}

static bool all_ascii(const char *s)
{
	while (*s >= ' ' && *s <= '~')
		s++;
	return !*s;
}

void html_json_text(GString *to, const char *s)
{
	GString *visible;

	if (!s) {
		g_string_append(to, "null");
		return;
	}
	g_string_append_c(to, '"');
	if (all_ascii(s)) {
		append_escaped(to, s);
	} else {
		visible = g_string_new(NULL);
		format_visible(visible, s);
		append_escaped(to, visible->str);
		g_string_free(visible, TRUE);
	}
	g_string_append_c(to, '"');
}

void html_json_number(GString *to, uint64_t n)
{
	char buf[24];
	int len =
		g_snprintf(buf, sizeof(buf),
	                   n > MOST_EXACT ? "\"%" PRIu64 "\"" : "%" PRIu64, n);

	g_string_append_len(to, buf, len);
}

/* ---------------------------------------------------------------- shared */

struct html_shared {
	GHashTable *numbers; /* of values, by their JSON */
	GString *fresh;      /* those that no piece of rows has told yet */
	size_t bytes;
};

struct html_shared *html_shared_new(void)
{
	struct html_shared *s = g_new0(struct html_shared, 1);

	s->numbers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->fresh = g_string_new(NULL);
	return s;
}

void html_shared_free(struct html_shared *s)
{
	g_hash_table_unref(s->numbers);
	g_string_free(s->fresh, TRUE);
	g_free(s);
}

static unsigned add_value(struct html_shared *s, const char *json)
{
	unsigned n = g_hash_table_size(s->numbers) + 1;
	size_t len = strlen(json);

	if (n > MOST_VALUES || len > MOST_BYTES - s->bytes)
		return 0;
	s->bytes += len;
	g_hash_table_insert(s->numbers, g_strdup(json), GUINT_TO_POINTER(n));
	if (s->fresh->len)
		g_string_append_c(s->fresh, ',');
	g_string_append(s->fresh, json);
	return n;
}

void html_share(struct html_shared *s, GString *to, const char *json)
{
	unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(s->numbers, json));

	if (!n)
		n = add_value(s, json);
	if (n)
		html_json_number(to, n);
	else
		g_string_append(to, json);
}

void html_share_text(struct html_shared *s, GString *to, const char *text)
{
	GString *json;

	if (!text) {
		g_string_append_c(to, '0');
		return;
	}
	json = g_string_new(NULL);
	html_json_text(json, text);
	html_share(s, to, json->str);
	g_string_free(json, TRUE);
}

size_t html_shared_waiting(const struct html_shared *s)
{
	return s->fresh->len;
}

void html_shared_tell(struct html_shared *s, FILE *out)
{
	(void)fwrite(s->fresh->str, 1, s->fresh->len, out);
	g_string_truncate(s->fresh, 0);
}
