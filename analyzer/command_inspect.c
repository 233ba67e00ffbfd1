/* SPDX-License-Identifier: MIT */
/*
 * command_inspect.c - efsleuth inspect: decode one loose artefact to JSON
 */
#include "analyzer/artefact.h"
#include "analyzer/contain.h"
#include "analyzer/readfile.h"
#include "analyzer/run.h"
#include "analyzer/sandbox_plan.h"
#include "analyzer/say.h"
#include "analyzer/spot.h"
#include "parsers/limits.h"
#include "reports/each.h"
#include "reports/format.h"

#include <stdlib.h>

static enum status inspect_bytes(json_t *to, struct bytes in,
                                 const struct passwords *pw, struct error *err)
{
	const struct artefact *kind = artefact_find(in, 1);

	if (!kind)
		return fail(err, E_UNSUPPORTED, 0, "unknown kind of file");
	return kind->describe(to, in, pw, err);
}

static void say_unknown(const char *path)
{
	GString *names = g_string_new(NULL);

	for (size_t i = 0; artefact_table[i]; i++)
		g_string_append_printf(names, "%s%s", i ? ", " : "",
		                       artefact_table[i]->name);
	say("%s: is none of the kinds that are known here: %s", path,
	    names->str);
	g_string_free(names, TRUE);
}

/* A terminal may be what it goes to. */
static void print(const json_t *fields)
{
	char *text = json_dumps(fields, JSON_INDENT(1));
	GString *shown = g_string_new(NULL);

	if (text) {
		format_json(shown, text);
		(void)puts(shown->str);
	}
	g_string_free(shown, TRUE);
	free(text);
}

static bool inspect_file(const char *path, const struct passwords *pw)
{
	char *shown = g_utf8_make_valid(path, -1);
	json_t *to = json_object();
	struct secret text;
	struct error err;
	enum status st = read_secret(path, LIMIT_INSPECT, &text, &err);

	json_add_text(to, "file", shown);
	if (!st) {
		json_add_u64(to, "size", text.n);
		st = inspect_bytes(to, secret_view(&text), pw, &err);
	}
	if (st == E_UNSUPPORTED)
		say_unknown(path);
	else if (st)
		say("%s: %s", path, err.what);
	else
		print(to);
	secret_release(&text);
	json_decref(to);
	g_free(shown);
	return !st;
}

/* What one process reads. */
struct inspection {
	const char *path;
	const struct passwords *pw;
};

static int inspect_one(void *ctx)
{
	const struct inspection *it = ctx;
	struct error err;
	bool ok = false;

	if (spot_enter(SPOT_EVIDENCE, it->path, 0, &err)) {
		say("%s: %s", it->path, err.what);
		return EXIT_EVIDENCE;
	}
	ok = inspect_file(it->path, it->pw);
	if (report_flush(stdout, &err)) {
		say("%s", err.what);
		return EXIT_OUTPUT;
	}
	spot_leave();
	return ok ? EXIT_OK : EXIT_EVIDENCE;
}

static int inspect(const struct options *o)
{
	struct passwords pw = { 0 };
	int code = EXIT_OK;

	if (!run_passwords(&pw, o))
		code = EXIT_KEYS;
	for (char **p = o->args; *p && code != EXIT_OUTPUT; p++) {
		struct inspection it = { *p, &pw };
		int one = contain(inspect_one, &it);

		code = one ? one : code;
	}
	passwords_release(&pw);
	return code;
}

const struct command command_inspect = {
	.name = "inspect",
	.args = "FILE...",
	.about = "decode one loose artefact, such as a $EFS attribute or a PFX",
	.help = "Prints what each file is, and its fields, as one JSON object "
		"for each file. Private\nkeys are never printed.",
	.takes = TAKES_PASSWORDS,
	.least = 1,
	.plan = plan_files,
	.run = inspect,
};
