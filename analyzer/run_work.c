/* SPDX-License-Identifier: MIT */
/*
 * run_work.c - open the keys, and work on every object that was found
 */
#include "analyzer/collect.h"
#include "analyzer/progress.h"
#include "analyzer/run.h"
#include "analyzer/say.h"

/* Each lock begins anew. */
static bool trial_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct run *run = ctx;

	if (done <= run->tried)
		progress_phase("trying passwords", total, PROGRESS_PASSWORDS);
	run->tried = done;
	progress_set(done);
	return !run_stopped(run);
}

struct trial run_trials(struct run *run)
{
	run->tried = UINT64_MAX; /* the first lock begins, too */
	return (struct trial){
		.jobs = (unsigned)run->o->jobs,
		.progress = trial_progress,
		.ctx = run,
	};
}

void run_open(struct run *run)
{
	const struct trial trial = run_trials(run);
	struct error stopped;

	(void)!chain_unlock(run->chain, &trial, &stopped);
}

void run_unlock(struct run *run)
{
	collect_keys(run);
	run_open(run);
	say_detail("%zu keys and certificates, of which %zu are private keys "
	           "that can be used",
	           keyring_count(run->ring), keyring_usable(run->ring));
}

/* Only a failure of the case itself is an error. */
static enum status work_site(struct run *run, struct site *site,
                             struct error *err)
{
	const GArray *records = site->records;
	char *what = g_strdup_printf("%s %s", site->place.evidence,
	                             site->place.volume);
	uint64_t before = run->objects;
	enum status st = OK;

	progress_phase(what, site->bytes, PROGRESS_BYTES);
	for (guint i = 0; !st && i < records->len && !run_stopped(run); i++)
		st = work_object(&site->place,
		                 g_array_index(records, uint64_t, i), err);
	site->row.objects = run->objects - before;
	if (!st)
		st = casefile_update_volume(run->cf, &site->row, err);
	g_free(what);
	return st;
}

enum status run_work(struct run *run, struct error *err)
{
	enum status st = OK;

	for (guint i = 0; !st && i < run->sites->len; i++) {
		struct site *site = run->sites->pdata[i];

		if (!site->keys_only)
			st = work_site(run, site, err);
	}
	return st;
}
