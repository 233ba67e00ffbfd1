/* SPDX-License-Identifier: MIT */
/*
 * options_check.c - do the options make sense, and write over nothing that is
 * only ever read?
 */
#include "analyzer/options_check.h"
#include "analyzer/options_batch.h"
#include "analyzer/say.h"
#include "reports/report.h"

#include <string.h>
#include <sys/stat.h>

gboolean options_usage(const struct command *command, const char *why)
{
	say("%s; see `efsleuth %s --help`", why, command->name);
	return FALSE;
}

gboolean options_is_list(const char *s)
{
	return s[strspn(s, "0123456789,")] == '\0' && g_ascii_isdigit(*s);
}

gboolean options_is_snapshots(const char *s)
{
	return !strcmp(s, "none") || !strcmp(s, "all") || options_is_list(s);
}

/* The part of FORMAT[=FILE] before the sign. */
static gboolean known_report(const char *spec)
{
	char *name = g_strndup(spec, strcspn(spec, "="));
	gboolean known = report_find(name) != NULL;

	g_free(name);
	return known;
}

/* A thumbprint as Windows shows it has spaces and capital letters. */
static gboolean read_without(char **without)
{
	for (; without && *without; without++) {
		char *hex = g_ascii_strdown(*without, -1), *to = hex;

		for (const char *p = hex; *p; p++)
			if (!strchr(" :", *p))
				*to++ = *p;
		*to = '\0';
		if (strlen(hex) == 40 &&
		    hex[strspn(hex, "0123456789abcdef")] == '\0') {
			g_free(*without);
			*without = hex;
			continue;
		}
		g_free(hex);
		if (!g_str_has_prefix(*without, "S-1-"))
			return FALSE;
	}
	return TRUE;
}

static gboolean same_file(const char *a, const char *b)
{
	struct stat one, two;

	return !stat(a, &one) && !stat(b, &two) && one.st_dev == two.st_dev &&
	       one.st_ino == two.st_ino;
}

void options_each_key_file(const struct options *o,
                           void (*each)(void *ctx, const char *path), void *ctx)
{
	char *const *const lists[] = {
		o->pfx,
		o->key,
		o->password_file,
		o->hash_file,
		o->domain_key,
		o->bitlocker_password_file,
		o->bitlocker_recovery_file,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (char *const *p = lists[i]; p && *p; p++)
			each(ctx, *p);
	/* GUID:FILE */
	for (char **p = o->master_key; p && *p; p++) {
		const char *colon = strchr(*p, ':');

		if (colon)
			each(ctx, colon + 1);
	}
}

struct same {
	const char *path;
	gboolean found;
};

static void compare(void *ctx, const char *path)
{
	struct same *same = ctx;

	same->found |= same_file(path, same->path);
}

/* Is it one of the files that are only ever read? */
static gboolean is_input(const struct options *o, const char *path)
{
	struct same same = { .path = path };

	options_each_key_file(o, compare, &same);
	for (char **p = o->args; p && *p; p++)
		compare(&same, *p);
	for (char **p = o->keys_from; p && *p; p++)
		compare(&same, *p);
	return same.found;
}

/* A slip of the hand must not write over evidence. */
static gboolean writes_input(const struct options *o)
{
	gboolean found = o->log && is_input(o, o->log);

	for (char **r = o->report; r && *r; r++) {
		const char *file = strchr(*r, '=');

		found |= file && is_input(o, file + 1);
	}
	return found;
}

static gboolean check_arguments(const struct options *o,
                                const struct command *command)
{
	guint n = o->args ? g_strv_length(o->args) : 0;

	if (n < command->least)
		return options_usage(
			command, command->least > 1 ? "two arguments are needed"
						    : "no evidence is named");
	if (command->most && n > command->most)
		return options_usage(command, "too many arguments");
	return TRUE;
}

static gboolean is_one_of(const char *word, const char *const *words)
{
	return !word || g_strv_contains(words, word);
}

/* What is wrong with the value of one option; NULL: nothing. */
static const char *wrong_value(const struct options *o)
{
	static const char *const classes[] = { "user", "app", "all", NULL };
	static const char *const progress[] = { "auto", "never", NULL };

	if (o->offset < 0 || o->offset > INT64_MAX / 512)
		return "--offset is out of range";
	if (o->jobs < 1 || o->jobs > 1024)
		return "-j takes a number from 1 to 1024";
	if (o->max_errors < 0)
		return "--max-errors is out of range";
	if (o->volume && !options_is_list(o->volume))
		return "--volume takes numbers, as in 1,3";
	if (o->snapshots && !options_is_snapshots(o->snapshots))
		return "--snapshots is none, all, or numbers as in 1,3";
	if (!is_one_of(o->class_, classes))
		return "--class is user, app or all";
	if (!is_one_of(o->progress, progress))
		return "--progress is auto or never";
	return NULL;
}

/* What is wrong with them together; NULL: nothing. */
static const char *wrong_together(const struct options *o,
                                  const struct command *command)
{
	if ((command->takes & TAKES_OUTPUT) && !o->output)
		return "an output folder is needed: -o DIR";
	if (o->mirror && (command->takes & TAKES_BATCH))
		return "--mirror is for recover: the images of a batch do not "
		       "change";
	if (o->mirror && !o->resume)
		return "--mirror goes with --resume";
	return NULL;
}

/* What is wrong with those that are read here; NULL: nothing. */
static const char *wrong_list(struct options *o)
{
	if (!hash_parse(o->hashes, o->hash ? o->hash : "md5,sha256"))
		return "--hash is none, or some of md5, sha1 and sha256, as in "
		       "md5,sha256";
	if (!read_without(o->without))
		return "--without takes a thumbprint of 40 digits, or a SID";
	for (char **r = o->report; r && *r; r++)
		if (!known_report(*r))
			return "unknown report format";
	return NULL;
}

gboolean options_check(struct options *o, const struct command *command)
{
	const char *wrong = options_check_batch(o);

	if (!check_arguments(o, command))
		return FALSE;
	if (!wrong)
		wrong = wrong_value(o);
	if (!wrong)
		wrong = wrong_together(o, command);
	if (!wrong)
		wrong = wrong_list(o);
	if (!wrong && writes_input(o))
		wrong = "a report or the log would be written over evidence, a "
			"case or a key file";
	return wrong ? options_usage(command, wrong) : TRUE;
}
