/* SPDX-License-Identifier: MIT */
/*
 * batch_slurm.c - the tasks of a batch as jobs of Slurm
 *
 * The keys are a job, the images are arrays behind it, the merge is a job
 * behind those.  Slurm runs a task again whose node failed; it begins anew
 * then, and where both copies end, the first result stays.
 */
#include "analyzer/batch_table.h"
#include "analyzer/say.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Slurm's MaxArraySize is 1001 unless somebody has changed it. */
#define ARRAY 1000u

/* What is written into a job's script in the place of a number. */
#define TASK_MARK "@"

static void put_word(GString *s, const char *word, const char *number)
{
	char *quoted;

	if (!strcmp(word, "--task=" TASK_MARK)) {
		g_string_append_printf(s, "--task=%s ", number);
		return;
	}
	quoted = g_shell_quote(word);
	g_string_append_printf(s, "%s ", quoted);
	g_free(quoted);
}

/*
 * The line of a job's script.  `number` is what the shell makes the number of
 * an image from.  As many cores as the job has.
 */
static char *script(const struct batch *b, const char *task, const char *number)
{
	unsigned jobs = b->o->jobs_given ? (unsigned)b->o->jobs : 0;
	GPtrArray *words = batch_command(b, task, jobs);
	GString *s = g_string_new(NULL);

	for (guint i = 0; i + 1 < words->len; i++) {
		put_word(s, words->pdata[i], number);
		if (i == 1 && !jobs)
			g_string_append(s, "--jobs=\"${SLURM_CPUS_PER_TASK:-1}"
			                   "\" ");
	}
	/* What follows waits for success, and 1 is that, too. */
	if (!strcmp(task, "keys"))
		g_string_append(s, "|| [ $? = 1 ]");
	g_ptr_array_unref(words);
	return g_string_free(s, FALSE);
}

struct job {
	const char *name;
	char *script; /* these are taken over */
	char *array, *after;
};

static void put(GPtrArray *argv, char *word)
{
	g_ptr_array_add(argv, word);
}

/* The options of the user come later than ours, so they prevail. */
static GPtrArray *sbatch(const struct batch *b, const struct job *job)
{
	GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
	char *full = g_canonicalize_filename(b->o->output, NULL);
	char **more = NULL;

	put(argv, g_strdup("sbatch"));
	put(argv, g_strdup("--parsable"));
	put(argv, g_strdup("--requeue"));
	put(argv, g_strdup("--kill-on-invalid-dep=yes"));
	put(argv, g_strconcat("--job-name=efsleuth-", job->name, NULL));
	put(argv, g_strconcat("--output=", full, "/slurm/%x-%j.log", NULL));
	if (job->array)
		put(argv, g_strconcat("--array=", job->array, NULL));
	if (job->after)
		put(argv, g_strconcat("--dependency=", job->after, NULL));
	if (b->o->slurm_options)
		(void)g_shell_parse_argv(b->o->slurm_options, NULL, &more,
		                         NULL);
	for (char **p = more; p && *p; p++)
		put(argv, g_strdup(*p));
	put(argv, g_strconcat("--wrap=", job->script, NULL));
	put(argv, NULL);
	g_strfreev(more);
	g_free(full);
	return argv;
}

static void job_release(struct job *job)
{
	g_free(job->script);
	g_free(job->array);
	g_free(job->after);
}

/* The number of the job, to be freed; NULL: it was said why there is none. */
static char *submit(const struct batch *b, struct job *job)
{
	GPtrArray *argv = sbatch(b, job);
	char *out = NULL, *errors = NULL;
	GError *error = NULL;
	int status = 0;
	bool ok = g_spawn_sync(NULL, (char **)argv->pdata, NULL,
	                       G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &errors,
	                       &status, &error);

	if (!ok) {
		say("sbatch cannot be run: %s; --print-tasks prints the tasks "
		    "for any other engine",
		    error->message);
		g_error_free(error);
	} else if (!g_spawn_check_wait_status(status, NULL)) {
		say("Slurm did not take the job: %s", g_strstrip(errors));
		ok = false;
	} else {
		/* "12" or "12;cluster" */
		out[strspn(out, "0123456789")] = '\0';
	}
	g_ptr_array_unref(argv);
	g_free(errors);
	job_release(job);
	return ok ? out : (g_free(out), NULL);
}

/* ------------------------------------------------------------------- arrays */

static bool is_waiting(const struct batch *b, guint i)
{
	struct mark mark;
	bool waiting =
		i < b->images->len &&
		image_state(b, b->images->pdata[i], &mark) == IMAGE_UNFINISHED;

	if (i < b->images->len)
		mark_release(&mark);
	return waiting;
}

/* "1-7,9" of those from `first` on that are not finished; NULL: all are. */
static char *ranges(const struct batch *b, guint first)
{
	GString *s = g_string_new(NULL);
	guint end = MIN(first + ARRAY, b->images->len);

	for (guint i = first; i < end; i++) {
		guint last = i;

		if (!is_waiting(b, i))
			continue;
		while (last + 1 < end && is_waiting(b, last + 1))
			last++;
		g_string_append_printf(s, "%s%u", s->len ? "," : "",
		                       i - first + 1);
		if (last > i)
			g_string_append_printf(s, "-%u", last - first + 1);
		i = last;
	}
	return g_string_free(s, !s->len);
}

/* `after`: the keys, or NULL.  Adds ":ID" of each array; false on failure. */
static bool submit_arrays(const struct batch *b, const char *after,
                          GString *ids)
{
	bool ok = true;

	for (guint first = 0; ok && first < b->images->len; first += ARRAY) {
		char *list = ranges(b, first), *number, *id;
		struct job job = { .name = "image", .array = list };

		if (!list)
			continue;
		number =
			g_strdup_printf("$((SLURM_ARRAY_TASK_ID + %u))", first);
		job.script = script(b, TASK_MARK, number);
		job.after = after ? g_strconcat("afterok:", after, NULL) : NULL;
		id = submit(b, &job);
		ok = id != NULL;
		if (ok)
			g_string_append_printf(ids, ":%s", id);
		g_free(id);
		g_free(number);
	}
	return ok;
}

static bool submit_all(const struct batch *b)
{
	bool keys = batch_wants_keys(b) && !batch_has_keys(b) &&
	            batch_is_unfinished(b);
	struct job first = { .name = "keys" }, last = { .name = "merge" };
	GString *ids = g_string_new(NULL);
	char *id = NULL, *merge = NULL;
	bool ok = true;

	if (keys) {
		first.script = script(b, "keys", NULL);
		id = submit(b, &first);
		ok = id != NULL;
	}
	ok = ok && submit_arrays(b, id, ids);
	if (ok) {
		last.script = script(b, "merge", NULL);
		last.after = ids->len ? g_strconcat("afterany", ids->str, NULL)
		                      : NULL;
		merge = submit(b, &last);
	}
	if (merge)
		say_info("Slurm has the jobs: keys %s, images %s, merge %s; "
		         "their messages are in %s/slurm",
		         id ? id : "none", ids->len ? ids->str + 1 : "none",
		         merge, b->o->output);
	g_string_free(ids, TRUE);
	ok = merge != NULL;
	g_free(merge);
	g_free(id);
	return ok;
}

int batch_slurm(const struct batch *b)
{
	char *logs;
	int code = EXIT_OUTPUT;

	if (batch_refuse(b) || batch_enter(b))
		return code;
	logs = batch_path(b, "slurm", NULL);
	if (mkdir(logs, 0777) && errno != EEXIST)
		say("%s: %s", logs, g_strerror(errno));
	else if (submit_all(b))
		code = EXIT_OK;
	else
		code = EXIT_USAGE;
	g_free(logs);
	return code;
}
