/* SPDX-License-Identifier: MIT */
/*
 * options.c - the command line
 */
#include "analyzer/options_batch.h"
#include "analyzer/options_check.h"
#include "analyzer/say.h"
#include "reports/report.h"

#include <string.h>

const struct command *const command_table[] = {
#define COMMAND(name) &command_##name,
#include "analyzer/commands.def"
#undef COMMAND
	NULL,
};

static void add(GOptionContext *context, const GOptionEntry *entries)
{
	g_option_context_add_main_entries(context, entries, NULL);
}

static void add_keys(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "pfx", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->pfx,
		  "PKCS#12 file with a private key; repeatable", "FILE" },
		{ "key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->key,
		  "private key or certificate: PEM, DER, PKCS#8, PVK, CAPI "
		  "blob; repeatable",
		  "FILE" },
		{ "hash-file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->hash_file,
		  "password hashes, NT:HEX, SHA1:HEX or SID,NT:HEX a line; "
		  "repeatable",
		  "FILE" },
		{ "master-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &o->master_key,
		  "decrypted DPAPI master key, in hexadecimal; repeatable",
		  "GUID:HEXFILE" },
		{ "domain-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &o->domain_key,
		  "DPAPI backup key of a domain (.pvk); repeatable", "FILE" },
		{ "keys-from", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->keys_from,
		  "take key material from this evidence too; repeatable",
		  "EVIDENCE" },
		{ "no-evidence-keys", 0, 0, G_OPTION_ARG_NONE,
		  &o->no_evidence_keys,
		  "use only the key material that is given", NULL },
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, &o->jobs,
		  "worker threads (default: all cores)", "N" },
		{ 0 },
	};

	add(context, entries);
}

static void add_export(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "export-keys", 0, 0, G_OPTION_ARG_FILENAME, &o->export_keys,
		  "write every unlocked private key, with its certificate",
		  "DIR" },
		{ 0 },
	};

	add(context, entries);
}

static void add_passwords(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "password-file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &o->password_file,
		  "candidate passwords, one a line; repeatable", "FILE" },
		{ "password-prompt", 0, 0, G_OPTION_ARG_NONE,
		  &o->password_prompt, "ask for a password on the terminal",
		  NULL },
		{ 0 },
	};

	add(context, entries);
}

static void add_evidence(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "offset", 0, 0, G_OPTION_ARG_INT64, &o->offset,
		  "only the volume that begins at this sector of 512 bytes",
		  "SECTORS" },
		{ "volume", 0, 0, G_OPTION_ARG_STRING, &o->volume,
		  "only these volumes, as `info` numbers them", "N[,N...]" },
		{ "snapshots", 0, 0, G_OPTION_ARG_STRING, &o->snapshots,
		  "volume shadow copies, too: none (default), all, or these",
		  "none|all|N[,N...]" },
		{ "bitlocker-password-file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &o->bitlocker_password_file,
		  "passwords of BitLocker volumes, one a line; repeatable",
		  "FILE" },
		{ "bitlocker-recovery-file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &o->bitlocker_recovery_file,
		  "recovery passwords of BitLocker volumes, one a line, or a "
		  ".BEK file; repeatable",
		  "FILE" },
		{ "deleted", 0, 0, G_OPTION_ARG_NONE, &o->deleted,
		  "also deleted files and orphans", NULL },
		{ "max-errors", 0, 0, G_OPTION_ARG_INT, &o->max_errors,
		  "stop after N read errors (default: never)", "N" },
		{ 0 },
	};

	add(context, entries);
}

static void add_filter(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "path", 0, 0, G_OPTION_ARG_FILENAME, &o->path,
		  "only files whose path matches", "GLOB" },
		{ "class", 0, 0, G_OPTION_ARG_STRING, &o->class_,
		  "user, app or all (default)", "CLASS" },
		{ 0 },
	};

	add(context, entries);
}

static char *report_help(void)
{
	GString *s =
		g_string_new("write a report, to standard output if no "
	                     "FILE is given; repeatable. FORMAT is one of");

	for (size_t i = 0; report_table[i]; i++)
		g_string_append_printf(s, "%s %s", i ? "," : ":",
		                       report_table[i]->name);
	return g_string_free(s, FALSE);
}

static void add_reports(GOptionContext *context, struct options *o,
                        const char *help)
{
	const GOptionEntry entries[] = {
		{ "report", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->report, help,
		  "FORMAT[=FILE]" },
		{ 0 },
	};

	add(context, entries);
}

static void add_audit(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "without", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->without,
		  "list what nobody could open without the keys of this "
		  "thumbprint or SID; repeatable: without all of them",
		  "THUMBPRINT|SID" },
		{ 0 },
	};

	add(context, entries);
}

static void add_output(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
		  "output folder: new, or empty", "DIR" },
		{ "resume", 0, 0, G_OPTION_ARG_NONE, &o->resume,
		  "go on in the output folder of an earlier run: what it "
		  "finished is not done again",
		  NULL },
		{ "mirror", 0, 0, G_OPTION_ARG_NONE, &o->mirror,
		  "with --resume: what vanished from the evidence is moved to "
		  "DIR/vanished",
		  NULL },
		{ "hash", 0, 0, G_OPTION_ARG_STRING, &o->hash,
		  "hashes of each recovered file: md5, sha1, sha256 (default: "
		  "md5,sha256)",
		  "none|HASH[,HASH...]" },
		{ 0 },
	};

	add(context, entries);
}

static void add_verify(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "verify", 0, 0, G_OPTION_ARG_NONE, &o->verify,
		  "read every image to its end, hash it, and compare with the "
		  "hashes that it holds",
		  NULL },
		{ 0 },
	};

	add(context, entries);
}

/* What goes into the reports, so for all commands with evidence and reports. */
static void add_hash_evidence(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "hash-evidence", 0, 0, G_OPTION_ARG_NONE, &o->hash_evidence,
		  "the SHA-256 of each evidence, read while the work goes on",
		  NULL },
		{ 0 },
	};

	add(context, entries);
}

static void add_common(GOptionContext *context, struct options *o)
{
	const GOptionEntry entries[] = {
		{ "log", 0, 0, G_OPTION_ARG_FILENAME, &o->log,
		  "append all messages to a file", "FILE" },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "errors only",
		  NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose,
		  "one line for each file", NULL },
		{ "progress", 0, 0, G_OPTION_ARG_STRING, &o->progress,
		  "auto (on a terminal) or never", "WHEN" },
		{ "no-sandbox", 0, 0, G_OPTION_ARG_NONE, &o->no_sandbox,
		  "leave this process all that it could do", NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &o->args, NULL, NULL },
		{ 0 },
	};

	add(context, entries);
}

static GOptionContext *context_of(struct options *o,
                                  const struct command *command, char *reports)
{
	GOptionContext *context = g_option_context_new(command->args);

	g_option_context_set_summary(context, command->help);
	if (command->takes & TAKES_OUTPUT)
		add_output(context, o);
	if (command->takes & TAKES_KEYS)
		add_keys(context, o);
	if (command->takes & TAKES_EXPORT)
		add_export(context, o);
	if (command->takes & (TAKES_KEYS | TAKES_PASSWORDS))
		add_passwords(context, o);
	if (command->takes & TAKES_EVIDENCE)
		add_evidence(context, o);
	if (command->takes & TAKES_VERIFY)
		add_verify(context, o);
	if ((command->takes & TAKES_EVIDENCE) &&
	    (command->takes & TAKES_REPORTS))
		add_hash_evidence(context, o);
	if (command->takes & TAKES_FILTER)
		add_filter(context, o);
	if (command->takes & TAKES_AUDIT)
		add_audit(context, o);
	if (command->takes & TAKES_BATCH)
		options_add_batch(context, o);
	if (command->takes & TAKES_REPORTS)
		add_reports(context, o, reports);
	add_common(context, o);
	return context;
}

gboolean options_parse(struct options *o, const struct command *command,
                       int argc, char **argv)
{
	char *reports = report_help();
	char *prgname = g_strdup_printf("efsleuth %s", command->name);
	GOptionContext *context;
	GError *error = NULL;
	gboolean ok;

	*o = (struct options){ .jobs = -1, .progress_json = -1 };
	o->command_line = g_strjoinv(" ", argv);
	g_set_prgname(prgname);
	context = context_of(o, command, reports);
	ok = g_option_context_parse(context, &argc, &argv, &error);
	o->jobs_given = o->jobs != -1;
	if (!o->jobs_given)
		o->jobs = (gint)g_get_num_processors();
	if (!ok)
		(void)options_usage(command, error->message);
	g_clear_error(&error);
	g_option_context_free(context);
	g_free(reports);
	g_free(prgname);
	return ok && options_check(o, command);
}

void options_release(struct options *o)
{
	g_strfreev(o->pfx);
	g_strfreev(o->key);
	g_strfreev(o->password_file);
	g_strfreev(o->hash_file);
	g_strfreev(o->master_key);
	g_strfreev(o->domain_key);
	g_strfreev(o->keys_from);
	g_free(o->export_keys);
	g_strfreev(o->report);
	g_strfreev(o->without);
	g_strfreev(o->args);
	g_strfreev(o->bitlocker_password_file);
	g_strfreev(o->bitlocker_recovery_file);
	g_free(o->snapshots);
	g_free(o->volume);
	g_free(o->path);
	g_free(o->class_);
	g_free(o->output);
	g_free(o->hash);
	g_free(o->task);
	g_free(o->slurm_options);
	g_free(o->log);
	g_free(o->progress);
	g_free(o->command_line);
	*o = (struct options){ 0 };
}

/* Is n in "1,3"? */
static gboolean in_list(const char *list, unsigned n)
{
	char **parts = g_strsplit(list, ",", -1);
	gboolean found = FALSE;

	for (char **p = parts; *p; p++)
		found |= **p && g_ascii_strtoull(*p, NULL, 10) == n;
	g_strfreev(parts);
	return found;
}

gboolean options_snapshot(const struct options *o, unsigned n)
{
	if (!o->snapshots || !strcmp(o->snapshots, "none"))
		return FALSE;
	return !strcmp(o->snapshots, "all") || in_list(o->snapshots, n);
}

gboolean options_snapshot_over(const struct options *o, unsigned most,
                               unsigned *number)
{
	char **parts = g_strsplit(o->snapshots ? o->snapshots : "", ",", -1);
	gboolean over = FALSE;

	for (char **p = parts; *p && !over; p++) {
		guint64 n = g_ascii_strtoull(*p, NULL, 10);

		over = g_ascii_isdigit(**p) && (!n || n > most);
		*number = (unsigned)MIN(n, UINT_MAX);
	}
	g_strfreev(parts);
	return over;
}

gboolean options_volume(const struct options *o, unsigned n)
{
	return !o->volume || in_list(o->volume, n);
}
