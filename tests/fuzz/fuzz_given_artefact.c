/* SPDX-License-Identifier: MIT */
/*
 * fuzz_given_artefact.c - a loose artefact of any kind, as `inspect` shows it
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/quiet.h"

#include "analyzer/artefact.h"
#include "reports/format.h"

#include <stdlib.h>

/* Text that a terminal shows, and does not obey. */
static void check_text(const char *json)
{
	GString *shown = g_string_new(NULL);

	format_json(shown, json);
	assert(g_utf8_validate(shown->str, (gssize)shown->len, NULL));
	for (const char *p = shown->str; *p;
	     p = g_utf8_find_next_char(p, NULL)) {
		gunichar c = g_utf8_get_char(p);

		assert(c == '\n' || !g_unichar_iscntrl(c));
		assert(g_unichar_type(c) != G_UNICODE_FORMAT);
	}
	g_string_free(shown, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct passwords pw = { 0 };
	struct bytes in = { data, size, 0 };
	const struct artefact *kind = artefact_find(in, 1);
	struct error err = { 0 };
	enum status st;
	json_t *to;
	char *json;

	if (!kind)
		return 0;
	rsa_begin();
	to = json_object();
	quiet_begin();
	st = kind->describe(to, in, &pw, &err);
	quiet_end();
	/* What is known of one that is damaged is shown, with the reason. */
	if (st)
		fuzz_error(st, &err, in);
	json = json_dumps(to, JSON_INDENT(1));
	assert(json);
	check_text(json);
	free(json);
	json_decref(to);
	return 0;
}
