/* SPDX-License-Identifier: MIT */
/*
 * artefact.c - the kinds of artefacts, and their values as JSON
 */
#include "analyzer/artefact.h"
#include "parsers/text.h"

const struct artefact *const artefact_table[] = {
#define ARTEFACT(name) &artefact_##name,
#include "analyzer/artefacts.def"
#undef ARTEFACT
	NULL,
};

const struct artefact *artefact_find(struct bytes in, unsigned least)
{
	const struct artefact *best = NULL;
	unsigned high = least - 1;

	for (size_t i = 0; artefact_table[i]; i++) {
		unsigned bid = artefact_table[i]->bid(in);

		if (bid <= high)
			continue;
		high = bid;
		best = artefact_table[i];
	}
	return best;
}

void artefact_add_hex(json_t *to, const char *key, struct bytes b)
{
	char *buf = g_malloc(2 * b.n + 1);
	struct text t = text_open(buf, 2 * b.n + 1);

	text_hex(&t, b);
	json_add_text(to, key, b.n ? buf : NULL);
	g_free(buf);
}

void artefact_add_utf8(json_t *to, const char *key, struct bytes b)
{
	char *s = g_utf8_make_valid((const char *)b.p, (gssize)b.n);

	json_add_text(to, key, b.n ? s : NULL);
	g_free(s);
}

/* `print` writes the range into a text of `cap` bytes; false if it cannot. */
static void add_text(json_t *to, const char *key, struct bytes b, size_t cap,
                     bool (*print)(struct text *t, struct bytes b))
{
	char *buf = g_malloc(cap);
	struct text t = text_open(buf, cap);

	json_add_text(to, key, b.n && print(&t, b) ? buf : NULL);
	g_free(buf);
}

static bool print_utf16(struct text *t, struct bytes b)
{
	text_utf16(t, b);
	return true;
}

static bool print_guid(struct text *t, struct bytes b)
{
	if (b.n == 16)
		text_guid(t, b);
	return b.n == 16;
}

void artefact_add_utf16(json_t *to, const char *key, struct bytes b)
{
	add_text(to, key, b, TEXT_UTF16(b.n), print_utf16);
}

void artefact_add_guid(json_t *to, const char *key, struct bytes b)
{
	add_text(to, key, b, TEXT_GUID, print_guid);
}

void artefact_add_sid(json_t *to, const char *key, struct bytes b)
{
	add_text(to, key, b, TEXT_SID, text_sid);
}
