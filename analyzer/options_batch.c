/* SPDX-License-Identifier: MIT */
/*
 * options_batch.c - the options of a batch, and options as words again
 */
#include "analyzer/options_batch.h"

#include <string.h>

void options_add_batch(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "audit", 0, 0, G_OPTION_ARG_NONE, &o->audit,
		  "who can decrypt what; nothing is decrypted", NULL },
		{ "keep-keyring", 0, 0, G_OPTION_ARG_NONE, &o->keep_keyring,
		  "leave the private keys in DIR/keyring at the end", NULL },
		{ "progress-json", 0, 0, G_OPTION_ARG_INT, &o->progress_json,
		  "write each event as a line of JSON to this file descriptor",
		  "FD" },
		{ "print-tasks", 0, 0, G_OPTION_ARG_NONE, &o->print_tasks,
		  "print the commands of which the batch consists", NULL },
		{ "slurm", 0, 0, G_OPTION_ARG_NONE, &o->slurm,
		  "hand them to Slurm, as jobs", NULL },
		{ "slurm-options", 0, 0, G_OPTION_ARG_STRING, &o->slurm_options,
		  "more options for sbatch, as one text", "TEXT" },
		{ "task", 0, 0, G_OPTION_ARG_STRING, &o->task,
		  "do one of them: the keys, image K, or the merge",
		  "keys|K|merge" },
		{ 0 },
	};

	g_option_context_add_main_entries(context, entries, NULL);
}

static gboolean is_task(const char *s)
{
	return !strcmp(s, "keys") || !strcmp(s, "merge") ||
	       (*s != '0' && *s && strlen(s) < 8 &&
	        s[strspn(s, "0123456789")] == '\0');
}

const char *options_check_batch(const struct options *o)
{
	if (o->task && !is_task(o->task))
		return "--task is keys, merge, or the number of an image";
	if (!!o->task + !!o->print_tasks + !!o->slurm > 1)
		return "one of --task, --print-tasks and --slurm is enough";
	if (o->slurm_options &&
	    !g_shell_parse_argv(o->slurm_options, NULL, NULL, NULL))
		return "--slurm-options are words as in a shell";
	if (o->password_prompt && (o->task || o->print_tasks || o->slurm))
		return "there is nobody to answer --password-prompt where the "
		       "tasks will run: give a --password-file";
	return NULL;
}

/* ------------------------------------------------------------------- words */

/* How the value of an option stands in struct options. */
enum form {
	FLAG,   /* gboolean */
	TEXT,   /* char * */
	NUMBER, /* gint; 0 is the default */
	LONG,   /* gint64; the same */
	TEXTS,  /* char ** */
	PATHS,  /* char **, of files */
	MASTER, /* char **, of GUID:FILE */
};

#define AT(field) G_STRUCT_OFFSET(struct options, field)

static const struct {
	const char *name;
	enum form form;
	glong at;
} table[] = {
	{ "audit", FLAG, AT(audit) },
	{ "pfx", PATHS, AT(pfx) },
	{ "key", PATHS, AT(key) },
	{ "password-file", PATHS, AT(password_file) },
	{ "password-prompt", FLAG, AT(password_prompt) },
	{ "hash-file", PATHS, AT(hash_file) },
	{ "master-key", MASTER, AT(master_key) },
	{ "domain-key", PATHS, AT(domain_key) },
	{ "keys-from", PATHS, AT(keys_from) },
	{ "no-evidence-keys", FLAG, AT(no_evidence_keys) },
	{ "keep-keyring", FLAG, AT(keep_keyring) },
	{ "offset", LONG, AT(offset) },
	{ "volume", TEXT, AT(volume) },
	{ "snapshots", TEXT, AT(snapshots) },
	{ "bitlocker-password-file", PATHS, AT(bitlocker_password_file) },
	{ "bitlocker-recovery-file", PATHS, AT(bitlocker_recovery_file) },
	{ "deleted", FLAG, AT(deleted) },
	{ "hash-evidence", FLAG, AT(hash_evidence) },
	{ "max-errors", NUMBER, AT(max_errors) },
	{ "path", TEXT, AT(path) },
	{ "class", TEXT, AT(class_) },
	{ "hash", TEXT, AT(hash) },
	{ "without", TEXTS, AT(without) },
};

static char *absolute(const char *path)
{
	return g_canonicalize_filename(path, NULL);
}

/* "{guid}:/path/to/hex" */
static char *absolute_master(const char *spec)
{
	const char *colon = strchr(spec, ':');
	char *path, *full;

	if (!colon)
		return g_strdup(spec);
	path = absolute(colon + 1);
	full = g_strdup_printf("%.*s:%s", (int)(colon - spec), spec, path);
	g_free(path);
	return full;
}

/* Takes the value over. */
static void put(GPtrArray *words, const char *name, char *value)
{
	g_ptr_array_add(words, g_strdup_printf("--%s=%s", name, value));
	g_free(value);
}

static void put_list(GPtrArray *words, const char *name, char *const *list,
                     enum form form)
{
	for (; list && *list; list++)
		put(words, name,
		    form == PATHS    ? absolute(*list)
		    : form == MASTER ? absolute_master(*list)
		                     : g_strdup(*list));
}

static void put_option(GPtrArray *words, const struct options *o, size_t i)
{
	const char *name = table[i].name;
	const void *at = (const char *)o + table[i].at;
	gint64 number;

	switch (table[i].form) {
	case FLAG:
		if (*(const gboolean *)at)
			g_ptr_array_add(words, g_strconcat("--", name, NULL));
		break;
	case TEXT:
		if (*(char *const *)at)
			put(words, name, g_strdup(*(char *const *)at));
		break;
	case NUMBER:
	case LONG:
		number = table[i].form == LONG ? *(const gint64 *)at
		                               : *(const gint *)at;
		if (number)
			put(words, name,
			    g_strdup_printf("%" G_GINT64_FORMAT, number));
		break;
	case TEXTS:
	case PATHS:
	case MASTER:
		put_list(words, name, *(char *const *const *)at, table[i].form);
		break;
	}
}

GPtrArray *options_words(const struct options *o)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		put_option(words, o, i);
	return words;
}
