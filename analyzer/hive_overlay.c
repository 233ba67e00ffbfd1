/* SPDX-License-Identifier: MIT */
/*
 * hive_overlay.c - a hive file as bytes, with what its logs change
 *
 * Only pages that a log changes are in memory; the rest stays in the evidence.
 */
#include "analyzer/hive_overlay.h"

#include "parsers/hive_log.h"
#include "parsers/limits.h"

#define PAGE 4096u

/* The file's own bytes; zeros behind its end. */
static enum status read_file(struct hive_overlay *o, uint64_t at, uint8_t *buf,
                             size_t n, struct error *err)
{
	size_t have = 0;

	if (at < o->file->size)
		have = (size_t)MIN(n, o->file->size - at);
	memset(buf + have, 0, n - have);
	return have ? o->file->read(o->file, at, buf, have, err) : OK;
}

/* A page to be changed: read when it is first asked for. */
static enum status page_of(uint8_t **page, struct hive_overlay *o, uint64_t at,
                           struct error *err)
{
	gpointer number = GSIZE_TO_POINTER(at / PAGE);
	enum status st;

	*page = g_hash_table_lookup(o->pages, number);
	if (*page)
		return OK;
	if (g_hash_table_size(o->pages) >= LIMIT_HIVE_PAGES)
		return fail(err, E_LIMIT, at, "pages in a hive's log");
	*page = g_malloc(PAGE);
	g_hash_table_insert(o->pages, number, *page);
	st = read_file(o, at / PAGE * PAGE, *page, PAGE, err);
	return st;
}

static enum status put(struct hive_overlay *o, uint64_t at, struct bytes b,
                       struct error *err)
{
	size_t done = 0;

	while (done < b.n) {
		size_t off = (size_t)((at + done) % PAGE);
		size_t n = MIN(b.n - done, PAGE - off);
		uint8_t *page;

		if (page_of(&page, o, at + done, err))
			return err->status;
		memcpy(page + off, b.p + done, n);
		done += n;
	}
	return OK;
}

static enum status put_all(struct hive_overlay *o, struct hive_replay *it,
                           struct error *err)
{
	uint8_t base[HIVE_HEAD_SIZE];
	struct hive_piece piece;

	while (hive_replay_next(it, &piece))
		if (put(o, piece.to, piece.bytes, err))
			return err->status;
	o->note = it->err.status ? it->err.what : NULL;
	o->size = HIVE_BASE_SIZE + (uint64_t)it->base.data_size;
	o->root = it->base.root;
	/* A base block with a wrong checksum alone may yet be used. */
	if (!it->base.major) {
		*err = it->err;
		return err->status;
	}
	hive_replay_base(it, base);
	return put(o, 0, (struct bytes){ base, sizeof(base), 0 }, err);
}

/* Logs that cannot be read are not there. */
static size_t load_logs(struct secret *to, struct found *const *logs, size_t n)
{
	struct error err;
	size_t loaded = 0;

	for (size_t i = 0; i < n && loaded < HIVE_LOGS_MOST; i++)
		if (!found_load(logs[i], LIMIT_HIVE_LOG, &to[loaded], &err))
			loaded++;
	return loaded;
}

static enum status replay(struct hive_overlay *o, struct bytes head,
                          struct found *const *logs, size_t n,
                          struct error *err)
{
	struct secret loaded[HIVE_LOGS_MOST] = { { 0 } };
	struct bytes views[HIVE_LOGS_MOST];
	size_t count = load_logs(loaded, logs, n);
	struct hive_replay it;
	enum status st = OK;

	for (size_t i = 0; i < count; i++)
		views[i] = secret_view(&loaded[i]);
	it = hive_replay_open(head, views, count);
	o->root = it.base.root;
	o->cut = o->size < HIVE_BASE_SIZE + (uint64_t)it.base.data_size;
	if (it.dirty)
		st = put_all(o, &it, err);
	else if (it.err.status)
		st = fail(err, it.err.status, it.err.at, it.err.what);
	for (size_t i = 0; i < count; i++)
		secret_release(&loaded[i]);
	return st;
}

static enum status fill(struct hive_overlay *o, struct found *const *logs,
                        size_t n, struct error *err)
{
	uint64_t at = o->file->origin.offset;
	uint8_t head[HIVE_HEAD_SIZE] = { 0 };
	struct bytes in = { head, (size_t)MIN(sizeof(head), o->size), at };

	if (!in.n)
		return fail(err, E_ABSENT, at, "the file is empty");
	if (o->file->read(o->file, 0, head, in.n, err))
		return err->status;
	if (in.n < sizeof(head))
		return fail(err, E_TRUNCATED, at, "base block of a hive");
	return replay(o, in, logs, n, err);
}

enum status hive_overlay_open(struct hive_overlay *o, struct found *file,
                              struct found *const *logs, size_t n,
                              struct error *err)
{
	enum status st;

	*o = (struct hive_overlay){
		.file = file,
		.size = file->size,
		.pages = g_hash_table_new_full(NULL, NULL, NULL, g_free),
	};
	st = fill(o, logs, n, err);
	o->left = LIMIT_HIVE_READ(o->size);
	if (st)
		hive_overlay_release(o);
	return st;
}

void hive_overlay_release(struct hive_overlay *o)
{
	if (o->pages)
		g_hash_table_destroy(o->pages);
	*o = (struct hive_overlay){ 0 };
}

ssize_t hive_overlay_read(struct hive_overlay *o, uint64_t at, uint8_t *buf,
                          size_t n)
{
	struct error err;
	uint64_t end;

	if (at >= o->size)
		return 0;
	n = (size_t)MIN(n, o->size - at);
	end = at + n;
	o->left -= MIN(o->left, n + LIMIT_HIVE_READ_LEAST);
	if (!o->left || read_file(o, at, buf, n, &err))
		return -1;
	for (uint64_t p = at / PAGE; p * PAGE < end; p++) {
		const uint8_t *page =
			g_hash_table_lookup(o->pages, GSIZE_TO_POINTER(p));
		uint64_t from = MAX(p * PAGE, at);
		uint64_t to = MIN((p + 1) * PAGE, end);

		if (page)
			memcpy(buf + (from - at), page + (from - p * PAGE),
			       (size_t)(to - from));
	}
	return (ssize_t)n;
}
