/* SPDX-License-Identifier: MIT */
/*
 * origin.c - where a piece of key material lies, and whose it is by its place
 */
#include "recovery/origin.h"

#include <glib.h>

void origin_copy(struct origin *to, const struct origin *from)
{
	*to = *from;
	to->evidence = g_strdup(from->evidence);
	to->path = g_strdup(from->path);
	to->sid = g_strdup(from->sid);
	to->user = g_strdup(from->user);
}

void origin_release(struct origin *origin)
{
	g_free(origin->evidence);
	g_free(origin->path);
	g_free(origin->sid);
	g_free(origin->user);
	*origin = (struct origin){ 0 };
}

void origin_label(char buf[ORIGIN_LABEL], unsigned volume, unsigned snapshot)
{
	*buf = '\0';
	if (volume && snapshot)
		(void)g_snprintf(buf, ORIGIN_LABEL, "v%u.s%u", volume,
		                 snapshot);
	else if (volume)
		(void)g_snprintf(buf, ORIGIN_LABEL, "v%u", volume);
}

char *origin_text(const struct origin *origin)
{
	GString *s = g_string_new(NULL);
	char label[ORIGIN_LABEL];

	origin_label(label, origin->volume, origin->snapshot);
	if (origin->evidence)
		g_string_append_printf(s, "%s ", origin->evidence);
	if (*label)
		g_string_append_printf(s, "%s ", label);
	g_string_append(s, origin->path ? origin->path : "?");
	return g_string_free(s, FALSE);
}
