/* SPDX-License-Identifier: MIT */
/*
 * batch_keys.c - the task "keys": one ring of the keys of all images
 *
 * Images are scanned side by side, as many as there are cores, and their key
 * material is added in their order, so that the ring is the same whatever the
 * number of cores.  Each is closed then: what grows is the ring alone.
 */
#include "analyzer/batch.h"
#include "analyzer/batch_table.h"
#include "analyzer/collect.h"
#include "analyzer/contain.h"
#include "analyzer/crew.h"
#include "analyzer/run.h"
#include "analyzer/run_bitlocker.h"
#include "analyzer/say.h"
#include "analyzer/workspace.h"
#include "reports/each.h"

#include <unistd.h>

/* One evidence that is searched for keys. */
struct search {
	struct task task;
	struct options o;
	struct run run;
	bool done; /* under the crew's lock */
	enum status status;
	struct error err;
};

struct searches {
	struct run *run; /* that has the ring */
	struct crew *crew;
	GPtrArray *all;     /* of struct search *; NULL: over, or not begun */
	struct run secrets; /* the passwords for BitLocker: read only */
};

static void search(struct task *task)
{
	struct search *s = (struct search *)(void *)task;
	struct crew *crew = s->run.crew;

	s->run.crew = NULL;
	if (crew_size(crew) == 1)
		batch_note_searched(&s->o, s->o.label);
	s->status = casefile_new(&s->run.cf, NULL, &s->err);
	if (!s->status)
		s->status = run_find(&s->run, &s->err);
	crew_lock(crew);
	s->done = true;
	crew_changed(crew);
	crew_unlock(crew);
}

static void search_free(void *p)
{
	struct search *s = p;

	/* These are borrowed. */
	s->run.passwords = (struct passwords){ 0 };
	s->run.bitlocker = (struct bitlocker_given){ 0 };
	run_release(&s->run);
	g_free(s);
}

static struct search *search_new(const struct searches *all,
                                 const struct options *o)
{
	struct search *s = g_new0(struct search, 1);

	s->o = *o;
	s->task.run = search;
	s->task.order = all->all->len;
	run_init(&s->run, &s->o, RUN_KEYS);
	s->run.passwords = all->secrets.passwords;
	s->run.bitlocker = all->secrets.bitlocker;
	s->run.crew = all->crew; /* up to its beginning */
	return s;
}

/* ------------------------------------------------------------ what it found */

/* All that is left of an evidence that was searched. */
static void free_item(void *p)
{
	struct evidence *e = p;

	g_free(e->name);
	g_free(e);
}

static void take_evidence(void *ctx, const struct case_evidence *e)
{
	struct run *run = ctx;
	struct case_evidence row = *e;
	struct evidence *item = g_new0(struct evidence, 1);
	struct error err;

	if (casefile_add_evidence(run->cf, &row, &err)) {
		say("the case: %s", err.what);
		run->output_failed = true;
	}
	item->name = g_strdup(e->name);
	item->id = row.id;
	g_ptr_array_add(run->items, item);
}

/* Its keys go into the ring, and its name into the case. */
static void take(struct run *run, struct search *s)
{
	struct error err;

	if (s->status) {
		say("the case: %s", s->err.what);
		run->output_failed = true;
		return;
	}
	collect_keys(run, &s->run);
	run->keys_failed |= s->o.keys_from && s->run.evidence_failed;
	if (each_evidence(s->run.cf, take_evidence, run, &err)) {
		say("the case: %s", err.what);
		run->output_failed = true;
	}
}

static void wait_for(struct searches *all, struct search *s)
{
	for (bool done = false; !done;) {
		uint64_t seen = crew_changes(all->crew);

		crew_lock(all->crew);
		done = s->done;
		crew_unlock(all->crew);
		if (!done)
			crew_wait(all->crew, seen);
	}
}

/* In the order of `list`, of struct options. */
static void search_all(struct searches *all, const GArray *list)
{
	guint ahead = crew_size(all->crew);

	for (guint i = 0; i < list->len && !run_interrupted(); i++) {
		while (all->all->len < list->len && all->all->len < i + ahead) {
			struct search *s = search_new(
				all, &g_array_index(list, struct options,
			                            all->all->len));

			g_ptr_array_add(all->all, s);
			crew_push(all->crew, &s->task);
		}
		wait_for(all, all->all->pdata[i]);
		take(all->run, all->all->pdata[i]);
		search_free(g_steal_pointer(&all->all->pdata[i]));
	}
	for (guint i = 0; i < all->all->len; i++)
		if (all->all->pdata[i])
			wait_for(all, all->all->pdata[i]);
}

/* -------------------------------------------------------- what is searched */

/* What the search of one evidence is told; `paths` is an array of two. */
static struct options options_for(const struct options *o, char **paths,
                                  const char *label, bool keys_only)
{
	static char *none[] = { NULL };
	struct options s = *o;

	s.args = keys_only ? none : paths;
	s.keys_from = keys_only ? paths : NULL;
	s.label = label;
	s.hash_evidence = FALSE;
	return s;
}

static char **path_list(const char *path)
{
	char **list = g_new0(char *, 2);

	list[0] = g_strdup(path);
	return list;
}

static void add_images(GArray *list, const struct batch *b)
{
	for (guint i = 0; i < b->images->len && !b->o->no_evidence_keys; i++) {
		const struct image *image = b->images->pdata[i];
		struct options o;

		if (image->problem)
			continue;
		if (batch_is_skipped(b, image)) {
			say("%s: its keys are passed over: to collect them "
			    "crashed",
			    image->label);
			continue;
		}
		o = options_for(b->o, path_list(image->evidence), image->label,
		                false);
		if (image->volume)
			o.volume = image->volume;
		if (image->snapshots)
			o.snapshots = image->snapshots;
		g_array_append_val(list, o);
	}
}

/* Named as images are: the labels are used by now. */
static void add_others(GArray *list, const struct batch *b, GPtrArray *names)
{
	for (guint i = 0; i < b->images->len; i++) {
		const struct image *image = b->images->pdata[i];
		struct image *copy = g_new0(struct image, 1);

		copy->label = g_strdup(image->label);
		g_ptr_array_add(names, copy);
	}
	for (char **p = b->o->keys_from; p && *p; p++)
		images_add(names, *p);
	images_label(names);
	for (guint i = b->images->len; i < names->len; i++) {
		const struct image *other = names->pdata[i];
		struct options o = options_for(b->o, path_list(other->evidence),
		                               other->label, true);

		g_array_append_val(list, o);
	}
}

static void free_list(GArray *list)
{
	for (guint i = 0; i < list->len; i++) {
		struct options *o = &g_array_index(list, struct options, i);

		g_strfreev(o->keys_from ? o->keys_from : o->args);
	}
	g_array_free(list, TRUE);
}

static void collect_all(const struct batch *b, struct run *run)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct options));
	GPtrArray *names = images_new();
	struct searches all = { .run = run, .all = g_ptr_array_new() };
	unsigned given = 0, bad = 0;

	add_images(list, b);
	add_others(list, b, names);
	run_init(&all.secrets, run->o, RUN_KEYS);
	if (!run_passwords(&all.secrets.passwords, run->o))
		run->keys_failed = true;
	run_bitlocker_secrets(&all.secrets, &given, &bad);
	all.crew = crew_new((unsigned)run->o->jobs);
	search_all(&all, list);
	crew_free(all.crew);
	for (guint i = 0; i < all.all->len; i++)
		if (all.all->pdata[i])
			search_free(all.all->pdata[i]);
	run_release(&all.secrets);
	g_ptr_array_free(all.all, TRUE);
	g_ptr_array_unref(names);
	free_list(list);
}

/* ------------------------------------------------------------------ the task
 */

static enum status record(struct run *run, struct error *err)
{
	enum status st = run_record_keys(run, err);

	if (!st)
		st = run_set_tool(run, true, err);
	return st ? st : casefile_commit(run->cf, err);
}

static int exit_code(const struct run *run)
{
	if (run_interrupted())
		return EXIT_INTERRUPTED;
	if (run->output_failed)
		return EXIT_OUTPUT;
	return run->keys_failed ? EXIT_CLOSED : EXIT_OK;
}

static bool export_all(struct run *run)
{
	char *path = g_build_filename(run->o->export_keys, PIECES_NAME, NULL);
	size_t exported;
	bool ok = run_export_keys(run, &exported);

	ok = run_export_pieces(run, path) && ok;
	say_info("%zu private keys can be used on all images", exported);
	g_free(path);
	return ok;
}

/* The ring of a batch on its way. */
struct making {
	const struct batch *b;
	struct run *run;
	const char *db;
};

static int make_ring(void *ctx)
{
	const struct making *m = ctx;
	const struct batch *b = m->b;
	struct run *run = m->run;
	const char *db = m->db;
	struct error err;
	int code;

	/* What a process before this one left. */
	if (contain_again())
		(void)unlink(db);
	if (casefile_new(&run->cf, db, &err) ||
	    run_set_tool(run, false, &err)) {
		(void)say_file(db, &err);
		return EXIT_OUTPUT;
	}
	run->items = g_ptr_array_new_with_free_func(free_item);
	collect_all(b, run);
	if (!run_interrupted())
		run_open(run);
	if (record(run, &err)) {
		(void)say_file(db, &err);
		run->output_failed = true;
	}
	if (!export_all(run))
		run->output_failed = true;
	code = exit_code(run);
	run_release(run);
	return code;
}

static int write_ring(const struct batch *b, const struct workspace *ws)
{
	char *db = g_build_filename(ws->result, "case.db", NULL);
	struct options o = *b->o;
	struct run run;
	int code;

	o.export_keys = ws->result;
	o.output = NULL;
	o.report = NULL;
	run_init(&run, &o, RUN_KEYS);
	if (run_keys(&run)) {
		code = contain(make_ring, &(struct making){ b, &run, db });
	} else {
		say("none of the key files could be used");
		code = EXIT_KEYS;
	}
	run_release(&run);
	g_free(db);
	return code;
}

static int publish(const struct batch *b, struct workspace *ws, int code)
{
	char *path = g_build_filename(ws->result, MARK_NAME, NULL);
	char *as = batch_path(b, "keyring", NULL);
	const struct mark mark = { .code = code };
	struct error err = { .what = "the result cannot be written" };
	enum status st = mark_write(path, &mark) ? OK : E_IO;

	/* The keys of an earlier time were taken away when it was over. */
	if (!batch_has_keys(b))
		remove_tree(as);
	if (st)
		workspace_drop(ws);
	else
		st = workspace_publish(ws, as, &err);
	if (st && !(st == E_ABSENT && batch_has_keys(b))) {
		(void)say_file(as, &err);
		code = EXIT_OUTPUT;
	}
	g_free(as);
	g_free(path);
	return code;
}

int batch_keys(struct batch *b)
{
	char *in = batch_path(b, "work", NULL);
	struct workspace ws;
	struct error err;
	int code = EXIT_OUTPUT;

	if (batch_has_keys(b) || !batch_wants_keys(b) ||
	    !batch_is_unfinished(b)) {
		say_info("the keys are collected, or nothing needs them: "
		         "nothing to do");
		code = EXIT_OK;
	} else if (workspace_new(&ws, in, "keyring", &err)) {
		(void)say_file(in, &err);
	} else if (g_mkdir_with_parents(ws.result, 0700)) {
		say("%s: the folder cannot be made", ws.result);
		workspace_drop(&ws);
	} else {
		code = write_ring(b, &ws);
		batch_forget_searched(b);
		if (code == EXIT_OK || code == EXIT_CLOSED)
			code = publish(b, &ws, code);
		else
			workspace_drop(&ws);
	}
	g_free(in);
	return code;
}
