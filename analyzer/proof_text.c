/* SPDX-License-Identifier: MIT */
/*
 * proof_text.c - what proves a plaintext, in words
 */
#include "analyzer/proof_text.h"

#include <inttypes.h>

static void append_behind(GString *s, const struct proof *p)
{
	if (p->padding)
		g_string_append_printf(s, "%" PRIu64 " bytes of padding",
		                       p->padding);
	if (p->padding && p->slack)
		g_string_append(s, " and ");
	if (p->slack)
		g_string_append_printf(s, "%" PRIu64 " bytes of slack",
		                       p->slack);
}

static void append_why_not(GString *s, const struct proof *p)
{
	g_string_append(s, "; but the data itself has no mark that a wrong "
	                   "file key would have failed: ");
	if (!p->padding_zero)
		g_string_append(s, "the padding behind it is not zeros");
	else if (p->padding)
		g_string_append_printf(
			s, "only %" PRIu64 " bytes of padding are behind it",
			p->padding);
	else
		g_string_append(s, "it ends with its last unit");
}

char *proof_text(const struct proof *p)
{
	GString *s = g_string_new("the file key's structure is valid (a wrong "
	                          "private key would have failed)");

	if (proof_holds(p)) {
		g_string_append(s, "; ");
		append_behind(s, p);
		g_string_append(s, " behind the data decrypt to zeros (a wrong "
		                   "file key would have failed)");
	} else {
		append_why_not(s, p);
	}
	g_string_append(
		s, p->recoded ? "; encrypting it again gives the ciphertext "
				"(this proves the transcription, not the "
				"key)"
			      : "; encrypting it again does NOT give the "
				"ciphertext");
	return g_string_free(s, FALSE);
}
