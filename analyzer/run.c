/* SPDX-License-Identifier: MIT */
/*
 * run.c - one run of the program over its evidence
 */
#define _GNU_SOURCE /* FNM_CASEFOLD */

#include "analyzer/run.h"
#include "analyzer/contain.h"
#include "analyzer/hash_evidence.h"
#include "analyzer/progress.h"
#include "analyzer/run_audit.h"
#include "analyzer/run_bitlocker.h"
#include "analyzer/run_reports.h"
#include "analyzer/same.h"
#include "analyzer/say.h"
#include "analyzer/snapshots.h"
#include "analyzer/volume.h"
#include "recovery/crypto.h"
#include "reports/console.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* When the first signal came, in seconds of a clock, or 0; set on any thread,
   and seen by all. */
static _Atomic time_t interrupted;

/* A second one ends what does not come to an end: a library may hang.  On a
   terminal both the process and its parent, which hands it on, get the first:
   so it counts when it is a second later. */
static void on_signal(int number)
{
	static const char text[] =
		"efsleuth: interrupted again: it ends here\n";
	struct timespec now = { 1, 0 };
	time_t first = 0;

	(void)number;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (atomic_compare_exchange_strong(&interrupted, &first,
	                                   now.tv_sec + 1) ||
	    now.tv_sec + 1 < first + 2)
		return;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(EXIT_INTERRUPTED);
}

void run_catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &sa, NULL);
	/* A limit on the size of files is a write error like any other. */
	(void)sigaction(SIGXFSZ, &sa, NULL);
}

bool run_interrupted(void)
{
	return atomic_load(&interrupted) != 0;
}

bool run_stopped(const struct run *run)
{
	uint64_t most = (uint64_t)run->o->max_errors;

	return run_interrupted() || (most && run->read_errors >= most);
}

bool run_in_scope(const struct options *o, const char *path, const char *class_)
{
	if (o->class_ && strcmp(o->class_, "all") != 0 &&
	    strcmp(o->class_, class_) != 0)
		return false;
	/* As in a shell, but for any directory, and in any case of letters. */
	return !o->path || !fnmatch(o->path, path, FNM_CASEFOLD) ||
	       (*path == '/' && !fnmatch(o->path, path + 1, FNM_CASEFOLD));
}

/* ------------------------------------------------------- begin and finish */

static char *rfc3339(GDateTime *t)
{
	return g_date_time_format(t, "%Y-%m-%dT%H:%M:%SZ");
}

enum status run_set_tool(struct run *run, bool ended, struct error *err)
{
	GDateTime *now = g_date_time_new_now_utc();
	char *libraries = volume_library_version();
	char *version = g_strdup_printf(
		"efsleuth " VERSION ", %s, libvshadow %s, %s", libraries,
		snapshots_library_version(), crypto_version());
	char *command = g_utf8_make_valid(run->o->command_line, -1);
	char *from = rfc3339(run->started), *to = rfc3339(now);
	const struct case_tool tool = {
		.version = version,
		.command = command,
		.started = from,
		.ended = ended ? to : NULL,
		.interrupted = run_stopped(run) || run->case_failed,
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
	enum status st = OK;
	char *path = NULL;

	/* What a process before this one left, or an earlier run. */
	if (run->o->output)
		st = contain_again() || (run->o->resume &&
		                         run->mode == RUN_RECOVER)
		             ? output_resume(&run->folder, run->o->output, err)
		             : output_new(&run->folder, run->o->output, err);
	if (st)
		return st;
	if (run->folder)
		path = output_path(run->folder, "case.db");
	if (run->mode == RUN_RECOVER)
		run->out = run->folder;
	st = casefile_new(&run->cf, path, err);
	g_free(path);
	return st ? st : run_set_tool(run, false, err);
}

enum status run_print_result(struct run *run, struct error *err)
{
	if (run_owns_stdout(run->o) || run->o->label ||
	    (run->mode == RUN_RECOVER && run->o->quiet))
		return OK;
	if (run->mode == RUN_INFO)
		return console_info(run->cf, stdout, err);
	if (run->mode == RUN_KEYS)
		return console_keys(run->cf, stdout, err);
	if (run->mode == RUN_AUDIT)
		return console_audit(run->cf, stdout, err);
	return console_recovered(run->cf, run->o->output, run->files, stdout,
	                         err);
}

static void export_keys(struct run *run)
{
	size_t exported;

	if (!run_export_keys(run, &exported))
		run->output_failed = true;
	say_info("%zu private keys were written to %s", exported,
	         run->o->export_keys);
}

/* The run has not ended before all that it wrote is on disk. */
static enum status set_ended(struct run *run, struct error *err)
{
	enum status st = run->out ? output_sync(run->out, err) : OK;

	if (!st)
		st = run_set_tool(run, true, err);
	return st ? st : casefile_commit(run->cf, err);
}

static void finish(struct run *run)
{
	struct error err;
	enum status st = hash_evidence_record(run, &err);

	progress_stop();
	if (run->out)
		output_give_room(run->out);
	if (st || run_record_keys(run, &err) || run_record_bad(run, &err) ||
	    run_audit(run->cf, run->o, &err) || set_ended(run, &err)) {
		say("the case: %s", err.what);
		run->output_failed = true;
		return;
	}
	if (run->out && output_hints(run->out) && !run_resumed(run))
		run->output_failed = true;
	if (run->folder && !run->out)
		output_forget(run->folder);
	if (!run_reports(run->cf, run->folder, run->o))
		run->output_failed = true;
	if (run->o->export_keys)
		export_keys(run);
	if (run->evidence_failed < run->evidence &&
	    run_print_result(run, &err)) {
		say("the result could not be printed: %s", err.what);
		run->output_failed = true;
	}
}

static bool all_folders(const struct run *run)
{
	for (guint i = 0; run->items && i < run->items->len; i++) {
		const struct evidence *e = run->items->pdata[i];

		if (!e->keys_only && !e->directory)
			return false;
	}
	return true;
}

/* Is there a place with encrypted objects, whether they were worked on? */
static bool any_listed(const struct run *run)
{
	for (guint i = 0; run->sites && i < run->sites->len; i++) {
		const struct site *site = run->sites->pdata[i];

		if (!site->keys_only && site->records && site->records->len)
			return true;
	}
	return false;
}

static const char *nothing_listed(const struct run *run)
{
	if (run->o->volume && !run->ntfs && !run->walked)
		return "nothing was found on a volume that --volume names; "
		       "`efsleuth info` lists what there is";
	if (all_folders(run))
		return "no encrypted file was found in the folder; `efsleuth "
		       "keys` finds the keys in it";
	if (!run->ntfs && !run->walked)
		return "no NTFS volume and no encrypted file that this program "
		       "knows was found; `efsleuth info` lists what there is";
	if (!run->ntfs)
		return "no encrypted file was found in a form that this "
		       "program knows; `efsleuth keys` finds the keys";
	return run->o->deleted || !run->ntfs
	               ? "no encrypted file was found"
	               : "no encrypted file was found; --deleted looks for "
	                 "deleted ones";
}

/* Nothing of what was asked for is in the evidence: why? NULL if there is. */
static const char *nothing(const struct run *run)
{
	if (run->named_failed == run->named)
		return "";
	if (run->mode != RUN_INFO && run->ntfs && !run->walked)
		return "no NTFS volume could be read";
	if (run->evidence_failed || run->volume_damaged || run->objects)
		return NULL;
	if (run->mode == RUN_KEYS)
		return keyring_count(run->ring)
		               ? NULL
		               : "neither key material nor an encrypted file "
		                 "was found";
	if (run->mode != RUN_INFO)
		return nothing_listed(run);
	if (run->ntfs || run->bitlocker_locked || any_listed(run))
		return NULL;
	if (run->o->volume)
		return "no NTFS volume was found among those that --volume "
		       "names";
	return all_folders(run) ? "no encrypted file was found in the folder; "
	                          "`efsleuth keys` finds the keys in it"
	                        : "no NTFS volume and no encrypted file that "
	                          "this program knows was found";
}

/* Is all that there may be behind BitLocker? */
static bool all_locked(const struct run *run)
{
	return run->bitlocker_locked && run->mode != RUN_INFO && !run->ntfs &&
	       !run->walked;
}

/* Contract: 4 where what was given opens nothing. */
static int code_locked(const struct run *run)
{
	bool given = passwords_count(&run->passwords) ||
	             passwords_count(&run->bitlocker.recovery) ||
	             run->bitlocker.files;

	say("what is here is behind BitLocker: it takes its password "
	    "(--bitlocker-password-file), or its recovery password or .BEK "
	    "file (--bitlocker-recovery-file)");
	return given ? EXIT_KEYS : EXIT_EVIDENCE;
}

static void say_closed(const struct run *run)
{
	if (run->o->max_errors && run_stopped(run))
		say("stopped after %" PRIu64 " read errors (--max-errors)",
		    run->read_errors);
	else if (run->closed)
		say("%" PRIu64
		    " encrypted file%s could not be %s%s; the report "
		    "says why for each",
		    run->closed, run->closed == 1 ? "" : "s",
		    run->mode == RUN_RECOVER ? "recovered" : "read",
		    run->volume_damaged ? ", and some of the evidence could "
		                          "not be read"
		                        : "");
	else if (run->volume_damaged || run->evidence_failed)
		say("some of the evidence could not be read; the report says "
		    "which");
	else if (run->bitlocker_locked)
		say("a BitLocker volume stayed closed, as said above");
	else if (run->keys_failed)
		say("some of the key material could not be used, as said "
		    "above");
}

static int exit_code(const struct run *run)
{
	const char *why = nothing(run);

	if (run_interrupted()) {
		say("interrupted: what was finished is intact and listed%s",
		    run->mode == RUN_RECOVER ? "; --resume goes on" : "");
		return EXIT_INTERRUPTED;
	}
	if (run->output_failed) {
		say("some output could not be written: what was finished is "
		    "intact%s",
		    run->case_failed ? ", but the case does not list all of it"
		                     : " and listed");
		return EXIT_OUTPUT;
	}
	if (all_locked(run))
		return code_locked(run);
	if (why) {
		if (*why)
			say("%s", why);
		return EXIT_EVIDENCE;
	}
	if (!run->closed && !run->volume_damaged && !run->evidence_failed &&
	    !run->keys_failed && !run->snapshot_missing && !run_stopped(run) &&
	    (!run->bitlocker_locked || run->mode == RUN_INFO))
		return EXIT_OK;
	say_closed(run);
	return EXIT_CLOSED;
}

/* It was to go on in the folder of an earlier run, and there is nothing to go
   on with: a slip of the hand must not cost the case. */
static bool in_vain(const struct run *run)
{
	return run->out && output_hints(run->out) && !contain_again() &&
	       !run->output_failed && !run_stopped(run) &&
	       (all_locked(run) || nothing(run));
}

static void give_back(struct run *run)
{
	g_clear_pointer(&run->hashing, hashing_free);
	progress_stop();
	g_clear_pointer(&run->cf, casefile_free);
	output_restore(run->out);
}

static enum status run_all_phases(struct run *run, struct error *err)
{
	enum status st = run_find(run, err);

	if (!st && run->mode != RUN_INFO) {
		run_unlock(run);
		st = run_work(run, err);
	}
	return st;
}

static int work(struct run *run)
{
	struct error err;

	if (open_case(run, &err)) {
		say("%s: %s%s", run->o->output ? run->o->output : "the case",
		    err.what,
		    err.status == E_NOMEM ? ""
		                          : "; choose another folder with -o");
		return EXIT_OUTPUT;
	}
	if (run_all_phases(run, &err)) {
		say("the case: %s", err.what);
		run->output_failed = run->case_failed = true;
		g_clear_pointer(&run->hashing, hashing_free);
	}
	if (in_vain(run))
		give_back(run);
	else
		finish(run);
	return exit_code(run);
}

/* In the child: it has the keys as its parent has them. */
static int with_keys(void *ctx)
{
	struct run *run = ctx;
	int code = work(run);

	run_release(run);
	return code;
}

void run_init(struct run *run, const struct options *o, enum run_mode mode)
{
	*run = (struct run){ .o = o, .mode = mode };
	memcpy(run->hashes, o->hashes, sizeof(run->hashes));
	run->files = "files";
	run->started = g_date_time_new_now_utc();
	run->ring = keyring_new();
	run->unwraps = unwraps_new();
	run->same = same_new();
	run->chain = chain_new(run->ring, &run->passwords);
	run->people = people_new();
	run_catch_signals();
	rsa_begin();
}

/* Each g_clear_pointer counts as a loop, and there is no branch here.
   NOLINTNEXTLINE(readability-function-cognitive-complexity) */
void run_release(struct run *run)
{
	g_clear_pointer(&run->hashing, hashing_free);
	g_clear_pointer(&run->sites, g_ptr_array_unref);
	g_clear_pointer(&run->items, g_ptr_array_unref);
	g_clear_pointer(&run->same, same_free);
	g_clear_pointer(&run->cf, casefile_free);
	g_clear_pointer(&run->folder, output_free);
	g_clear_pointer(&run->people, people_free);
	g_clear_pointer(&run->chain, chain_free);
	g_clear_pointer(&run->unwraps, unwraps_free);
	g_clear_pointer(&run->ring, keyring_free);
	run_bitlocker_release(&run->bitlocker);
	passwords_release(&run->passwords);
	g_clear_pointer(&run->started, g_date_time_unref);
}

int run_all(const struct options *o, enum run_mode mode)
{
	struct run run;
	int code;

	run_init(&run, o, mode);
	progress_start(!o->quiet && g_strcmp0(o->progress, "never") != 0);
	if (run_keys(&run)) {
		code = contain(with_keys, &run);
	} else {
		say("none of the key files could be used");
		code = EXIT_KEYS;
	}
	run_release(&run);
	return code;
}
