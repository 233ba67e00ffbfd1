/* SPDX-License-Identifier: MIT */
/*
 * run.c - one run of the program over its evidence
 */
#define _GNU_SOURCE /* FNM_CASEFOLD */

#include "analyzer/run.h"
#include "analyzer/progress.h"
#include "analyzer/run_reports.h"
#include "analyzer/say.h"
#include "recovery/crypto.h"
#include "reports/console.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

void run_catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &sa, NULL);
}

bool run_interrupted(void)
{
	return interrupted != 0;
}

bool run_stopped(const struct run *run)
{
	uint64_t most = (uint64_t)run->o->max_errors;

	return interrupted || (most && run->read_errors >= most);
}

bool run_in_scope(const struct options *o, const char *path, const char *class_)
{
	if (o->class_ && strcmp(o->class_, "all") && strcmp(o->class_, class_))
		return false;
	/* As in a shell, but for any directory, and in any case of letters. */
	return !o->path || !fnmatch(o->path, path, FNM_CASEFOLD) ||
	       (*path == '/' && !fnmatch(o->path, path + 1, FNM_CASEFOLD));
}

/* ------------------------------------------------------------- a volume */

static bool scan_progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)total;
	progress_set(done);
	return !run_stopped(ctx);
}

static enum status work_records(struct place *place, const struct scan *scan,
                                struct error *err)
{
	char *what = g_strdup_printf("%s %s", place->evidence, place->volume);
	enum status st = OK;

	progress_phase(what, scan->bytes, true);
	for (guint i = 0; !st && i < scan->records->len; i++) {
		if (run_stopped(place->run))
			break;
		st = work_object(
			place, g_array_index(scan->records, uint64_t, i), err);
	}
	g_free(what);
	return st;
}

/* What the scan could not read, in words; NULL if it read all. */
static char *scan_reason(const struct scan *scan, const struct ntfs *fs)
{
	GString *s = g_string_new(NULL);

	if (fs->mirror)
		g_string_append(s, "the first record of $MFT is damaged: its "
		                   "copy in $MFTMirr was used; ");
	if (scan->unreadable)
		g_string_append_printf(s,
		                       "%" PRIu64 " of %" PRIu64
		                       " MFT records could not be read; ",
		                       scan->unreadable, fs->records);
	if (scan->damaged)
		g_string_append_printf(s,
		                       "%" PRIu64 " of %" PRIu64
		                       " MFT records are damaged; ",
		                       scan->damaged, fs->records);
	if (!s->len) {
		g_string_free(s, TRUE);
		return NULL;
	}
	g_string_truncate(s, s->len - 2);
	return g_string_free(s, FALSE);
}

/* `*reason` receives what could not be read; the caller frees it. */
static enum status walk_volume(struct place *place, struct ntfs *fs,
                               struct case_volume *row, char **reason,
                               struct error *err)
{
	struct run *run = place->run;
	const struct scan_options how = { .deleted = run->o->deleted,
		                          .progress = scan_progress,
		                          .ctx = run };
	uint64_t before = run->objects;
	struct scan scan;
	enum status st;

	progress_phase("scanning $MFT", fs->records, false);
	place->fs = fs;
	st = scan_volume(&scan, fs, &how, err);
	place->dirs = scan.dirs;
	run->read_errors += scan.unreadable;
	if (!st)
		st = work_records(place, &scan, err);
	else if (st == E_ABSENT)
		st = OK; /* stopped */
	row->records = scan.scanned;
	row->objects = run->objects - before;
	*reason = scan_reason(&scan, fs);
	scan_release(&scan);
	return st;
}

/* Does the evidence end inside this volume? In words; NULL if not. */
static char *cut_reason(const struct source *s, const struct volume *v)
{
	uint64_t size = v->ntfs ? v->boot.sectors * v->boot.sector : v->size;

	if (v->offset > s->size || size <= s->size - v->offset)
		return NULL;
	return g_strdup_printf("the evidence ends %" PRIu64
	                       " bytes before the end of this volume",
	                       size - (s->size - v->offset));
}

static char *join_reasons(char *first, char *second)
{
	char *both;

	if (!first || !second)
		return first ? first : second;
	both = g_strdup_printf("%s; %s", first, second);
	g_free(first);
	g_free(second);
	return both;
}

/* Only a failure of the case itself is an error; the rest is in the case. */
static enum status do_volume(struct place *place, struct source *s,
                             const struct volume *v, struct case_volume *row,
                             struct error *err)
{
	struct ntfs fs;
	struct error why = v->err;
	char *reason = NULL;
	enum status st = OK;

	if (v->ntfs)
		place->run->ntfs++;
	if (v->ntfs && place->run->mode != RUN_INFO &&
	    !ntfs_open(&fs, s, v, &why)) {
		st = walk_volume(place, &fs, row, &reason, err);
		ntfs_release(&fs);
	} else if (why.status) {
		reason = say_error(&why);
	}
	if (reason)
		place->run->volume_damaged = true;
	/* Not damage by itself: no file need be in what is missing. */
	reason = join_reasons(cut_reason(s, v), reason);
	if (reason)
		say("%s %s: %s", place->evidence, place->volume, reason);
	row->reason = reason;
	if (!st)
		st = casefile_update_volume(place->run->cf, row, err);
	g_free(reason);
	return st;
}

static enum status add_volume(struct run *run, const char *evidence, int64_t id,
                              struct source *s, const struct volume *v,
                              struct error *err)
{
	struct place place = { .run = run, .evidence = evidence };
	struct case_volume row = {
		.evidence = id,
		.number = v->number,
		.offset = v->offset,
		.size = v->size,
		.description = v->description,
		.filesystem = v->filesystem,
		.sector = v->ntfs ? v->boot.sector : 0,
		.cluster = v->ntfs ? v->boot.cluster : 0,
		.serial = v->ntfs ? v->boot.serial : 0,
	};
	enum status st = casefile_add_volume(run->cf, &row, err);

	(void)g_snprintf(place.volume, sizeof(place.volume), "v%u", v->number);
	place.volume_id = row.id;
	return st ? st : do_volume(&place, s, v, &row, err);
}

/* ------------------------------------------------------------- evidence */

/* The base name, with ~2, ~3 where it was used before; to be freed. */
static char *unique_name(GHashTable *used, const char *path)
{
	char *base = g_path_get_basename(path);
	char *safe = output_escape(base);
	char *name = g_utf8_make_valid(safe, -1);

	for (unsigned i = 2; g_hash_table_contains(used, name); i++) {
		g_free(name);
		name = g_strdup_printf("%s~%u", safe, i);
	}
	g_hash_table_add(used, g_strdup(name));
	g_free(safe);
	g_free(base);
	return name;
}

static enum status do_volumes(struct run *run, const char *name, int64_t id,
                              struct source *s, struct error *err)
{
	GArray *volumes;
	struct error why;
	enum status st = OK;

	if (volumes_find(&volumes, s, (uint64_t)run->o->offset * 512, &why)) {
		say("%s %s", name, why.what);
		run->evidence_failed++;
	}
	for (guint i = 0; !st && i < volumes->len; i++) {
		const struct volume *v =
			&g_array_index(volumes, struct volume, i);

		if (options_volume(run->o, v->number) && !run_stopped(run))
			st = add_volume(run, name, id, s, v, err);
	}
	volumes_free(volumes);
	return st;
}

static enum status do_evidence(struct run *run, const char *path,
                               const char *name, struct error *err)
{
	char *shown = g_utf8_make_valid(path, -1);
	struct case_evidence row = { .name = name,
		                     .path = shown,
		                     .format = "unknown" };
	struct source *s = NULL;
	struct error why;
	char *reason = NULL;
	enum status st;

	run->evidence++;
	if (source_open(&s, path, &why)) {
		say("%s: %s", path, why.what);
		run->evidence_failed++;
		reason = say_error(&why);
	} else {
		row.format = s->format;
		row.size = s->size;
	}
	row.reason = reason;
	st = casefile_add_evidence(run->cf, &row, err);
	if (!st && s)
		st = do_volumes(run, name, row.id, s, err);
	source_free(s);
	g_free(reason);
	g_free(shown);
	return st;
}

static enum status all_evidence(struct run *run, struct error *err)
{
	GHashTable *used =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	enum status st = OK;

	for (char **p = run->o->args; !st && *p && !run_stopped(run); p++) {
		char *name = unique_name(used, *p);

		st = do_evidence(run, *p, name, err);
		g_free(name);
	}
	g_hash_table_destroy(used);
	return st;
}

/* ------------------------------------------------------- begin and finish */

static enum status add_keys(struct run *run, struct error *err)
{
	enum status st = OK;

	for (size_t i = 0; !st && i < keyring_count(run->ring); i++) {
		const struct key *k = keyring_get(run->ring, i);
		const struct case_key row = {
			.type = key_type_name(k->type),
			.key_id = k->id,
			.name = k->name,
			.source = k->source,
			.state = key_state_name(k->state),
			.unlocked_by = k->unlocked_by,
			.reason = k->reason,
			.opens = k->opens,
		};

		st = casefile_add_key(run->cf, &row, err);
	}
	return st;
}

static char *rfc3339(GDateTime *t)
{
	return g_date_time_format(t, "%Y-%m-%dT%H:%M:%SZ");
}

static enum status set_tool(struct run *run, bool ended, struct error *err)
{
	GDateTime *now = g_date_time_new_now_utc();
	char *libraries = volume_library_version();
	char *version = g_strdup_printf("efsleuth " VERSION ", %s, %s",
	                                libraries, crypto_version());
	char *command = g_utf8_make_valid(run->o->command_line, -1);
	char *from = rfc3339(run->started), *to = rfc3339(now);
	const struct case_tool tool = {
		.version = version,
		.command = command,
		.started = from,
		.ended = ended ? to : NULL,
		.interrupted = run_stopped(run),
	};
	enum status st = casefile_set_tool(run->cf, &tool, err);

	g_free(from);
	g_free(to);
	g_free(command);
	g_free(version);
	g_free(libraries);
	g_date_time_unref(now);
	return st;
}

static enum status open_case(struct run *run, struct error *err)
{
	bool recover = run->mode == RUN_RECOVER;
	enum status st = OK;
	char *path = NULL;

	if (recover)
		st = output_new(&run->out, run->o->output, err);
	if (st)
		return st;
	if (recover)
		path = output_path(run->out, "case.db");
	st = casefile_new(&run->cf, path, err);
	g_free(path);
	return st ? st : set_tool(run, false, err);
}

static enum status print_result(struct run *run, struct error *err)
{
	if (run_owns_stdout(run->o))
		return OK;
	if (run->mode == RUN_INFO)
		return console_info(run->cf, stdout, err);
	if (run->mode == RUN_AUDIT)
		return console_audit(run->cf, stdout, err);
	return console_recovered(run->cf, run->o->output, stdout, err);
}

static void finish(struct run *run)
{
	struct error err;

	progress_stop();
	if (add_keys(run, &err) || set_tool(run, true, &err) ||
	    casefile_commit(run->cf, &err)) {
		say("the case: %s", err.what);
		run->output_failed = true;
		return;
	}
	if (!run_reports(run))
		run->output_failed = true;
	if (run->evidence_failed < run->evidence && print_result(run, &err)) {
		say("the result could not be printed: %s", err.what);
		run->output_failed = true;
	}
}

/* Nothing of what was asked for is in the evidence: why? NULL if there is. */
static const char *nothing(const struct run *run)
{
	if (run->evidence_failed == run->evidence)
		return "";
	if (run->evidence_failed || run->volume_damaged)
		return NULL;
	if (!run->ntfs)
		return "no NTFS volume was found; `efsleuth info` lists what "
		       "there is";
	if (run->mode == RUN_INFO || run->objects)
		return NULL;
	return run->o->deleted
	               ? "no encrypted file was found"
	               : "no encrypted file was found; --deleted looks for "
	                 "deleted ones";
}

static void say_closed(const struct run *run)
{
	if (run->o->max_errors && run_stopped(run))
		say("stopped after %" PRIu64 " read errors (--max-errors)",
		    run->read_errors);
	else if (run->closed)
		say("%" PRIu64 " encrypted files could not be %s; the report "
		    "says why for each",
		    run->closed,
		    run->mode == RUN_RECOVER ? "recovered" : "read");
	else
		say("some of the evidence could not be read; the report says "
		    "which");
}

static int exit_code(const struct run *run)
{
	const char *why = nothing(run);

	if (run_interrupted()) {
		say("interrupted: what was finished is intact and listed");
		return EXIT_INTERRUPTED;
	}
	if (run->output_failed) {
		say("some output could not be written: what was finished is "
		    "intact and listed");
		return EXIT_OUTPUT;
	}
	if (why) {
		if (*why)
			say("%s", why);
		return EXIT_EVIDENCE;
	}
	if (!run->closed && !run->volume_damaged && !run->evidence_failed &&
	    !run_stopped(run))
		return EXIT_OK;
	say_closed(run);
	return EXIT_CLOSED;
}

static int with_keys(struct run *run)
{
	struct error err;

	if (open_case(run, &err)) {
		say("%s: %s; choose another folder with -o",
		    run->o->output ? run->o->output : "the case", err.what);
		return EXIT_OUTPUT;
	}
	progress_start(!run->o->quiet &&
	               g_strcmp0(run->o->progress, "never") != 0);
	if (all_evidence(run, &err)) {
		say("the case: %s", err.what);
		run->output_failed = true;
	}
	finish(run);
	return exit_code(run);
}

int run_all(const struct options *o, enum run_mode mode)
{
	struct run run = { .o = o, .mode = mode };
	int code;

	run.started = g_date_time_new_now_utc();
	run.ring = keyring_new();
	run_catch_signals();
	if (run_keys(&run)) {
		code = with_keys(&run);
	} else {
		say("none of the key files could be used");
		code = EXIT_KEYS;
	}
	casefile_free(run.cf);
	output_free(run.out);
	keyring_free(run.ring);
	passwords_release(&run.passwords);
	g_date_time_unref(run.started);
	return code;
}
