/* SPDX-License-Identifier: MIT */
/*
 * kind_wim.c - a Windows image: a backup of files, or an installation
 */
#include "analyzer/collection.h"
#include "analyzer/say.h"
#include "analyzer/spool.h"
#include "analyzer/wim.h"

#define CHUNK (UINT32_C(1) << 20)

/* The second is of a WIM that is written to be read from a pipe. */
static unsigned bid(const struct probe *probe)
{
	bool is = bytes_begin(probe->head, "MSWIM\0\0\0", 8) ||
	          bytes_begin(probe->head, "WLPWM\0\0\0", 8);

	return is ? 64 : 0;
}

static const char *form(const struct probe *probe)
{
	(void)probe;
	return "WIM";
}

static bool stopped(const void *run)
{
	return run_stopped(run);
}

/* libwim wants a path; of what lies in another container there is none. */
static enum status copy_out(struct spool **out, struct source *s,
                            struct error *err)
{
	uint8_t *buf = g_malloc(CHUNK);
	enum status st = spool_new_named(out, err);

	if (!st && !spool_has_room(*out, s->size))
		st = fail(err, E_LIMIT, 0,
		          "the disk of the temporary folder is full (TMPDIR "
		          "names another)");
	for (uint64_t at = 0; !st && at < s->size; at += CHUNK) {
		size_t n = (size_t)MIN(CHUNK, s->size - at);

		st = source_read(s, at, buf, n, err);
		if (!st)
			st = spool_add(*out, buf, n, err);
	}
	g_free(buf);
	return st;
}

static enum status read_wim(struct wim *w, struct run *run,
                            const struct evidence *e, struct error *err)
{
	struct spool *spool = NULL;
	enum status st = OK;

	*w = (struct wim){ 0 };
	if (e->s->under)
		st = copy_out(&spool, e->s, err);
	if (!st)
		st = wim_read(w, spool ? spool_path(spool) : e->path, stopped,
		              run, err);
	spool_unref(spool);
	return st;
}

static enum status find(struct run *run, struct evidence *e, struct error *err)
{
	struct collection_info info = { .form = e->form };
	struct error why;
	struct wim w;
	enum status st;

	if (read_wim(&w, run, e, &why)) {
		say("%s: the WIM cannot be read: %s", e->path, why.what);
		run->evidence_failed++;
		wim_release(&w);
		return OK;
	}
	info.reason = g_steal_pointer(&w.reason);
	st = kind_add_facts(run, e, 0, &w.facts, err);
	if (!st)
		st = collection_add(run, e, g_steal_pointer(&w.files), info,
		                    err);
	wim_release(&w);
	return st;
}

const struct kind kind_wim = {
	.name = "WIM",
	.bid = bid,
	.form = form,
	.find = find,
};
