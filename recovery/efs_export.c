/* SPDX-License-Identifier: MIT */
/*
 * efs_export.c - a raw export of an encrypted file, gathered for decryption
 */
#include "recovery/efs_export.h"

#include "parsers/efs_raw.h"
#include "parsers/limits.h"
#include "parsers/text.h"

#include <string.h>

/* The stream that is being gathered. */
struct open_stream {
	struct export_stream s;
	bool metadata;
	bool ignored;         /* a second $EFS */
	uint64_t plain_end;   /* of a stream that is not encrypted */
	uint64_t valid_until; /* as segments say that are not all valid */
	/* The last bytes, fewer than a unit, at the highest offset. */
	struct extent tail;
	/* What is stored behind the stream's end: proves the key. */
	struct extent slack;
};

struct gather {
	struct efs_export *x;
	enum status (*read)(void *ctx, uint64_t at, uint8_t *buf, size_t n,
	                    struct error *err);
	void *ctx;
	uint8_t *buf; /* EFS_RAW_HEADER_MOST bytes */
	struct open_stream now;
	uint64_t size; /* of the export */
	bool open;
	uint64_t extents; /* of all streams */
	struct efs_raw it;
};

static void note(struct error *to, const struct error *err)
{
	if (!to->status)
		*to = *err;
}

static void note_new(struct error *to, enum status st, uint64_t at,
                     const char *what)
{
	struct error err;

	(void)fail(&err, st, at, what);
	note(to, &err);
}

static uint64_t unit_up(uint64_t v)
{
	return (v + EFS_UNIT - 1) / EFS_UNIT * EFS_UNIT;
}

/* -------------------------------------------------------------- extents */

/* Join with the last one where both go on; else one more. */
static void add_extent(struct gather *g, uint64_t offset, uint64_t at,
                       uint64_t n)
{
	GArray *list = g->now.s.extents;
	struct extent e = { offset, at, n }, *last = NULL;

	if (!n)
		return;
	if (list->len)
		last = &g_array_index(list, struct extent, list->len - 1);
	if (last && last->offset + last->n == offset &&
	    (at == EXTENT_HOLE
	             ? last->at == EXTENT_HOLE
	             : last->at != EXTENT_HOLE && last->at + last->n == at)) {
		last->n += n;
		return;
	}
	if (g->extents >= LIMIT_EXTENTS) {
		note_new(&g->x->err, E_LIMIT, at == EXTENT_HOLE ? 0 : at,
		         "number of extents in an export");
		return;
	}
	g->extents++;
	g_array_append_val(list, e);
}

/* The ciphertext of one block: whole units, and what is left of the last. */
static void add_stored(struct gather *g, const struct efs_raw_block *b,
                       uint64_t end)
{
	struct open_stream *now = &g->now;
	uint64_t whole = b->present - b->present % EFS_UNIT;
	uint64_t room = end > b->offset ? end - b->offset : 0;

	if (whole > room) {
		now->slack = (struct extent){ b->offset + room, b->at + room,
			                      whole - room };
		add_extent(g, b->offset, b->at, room);
		return;
	}
	add_extent(g, b->offset, b->at, whole);
	if (b->present == whole || whole >= room)
		return;
	if (!now->tail.n || b->offset + whole > now->tail.offset)
		now->tail = (struct extent){ b->offset + whole, b->at + whole,
			                     b->present - whole };
}

static void add_block(struct gather *g, const struct efs_raw_block *b,
                      uint64_t end)
{
	uint64_t from = b->offset + unit_up(b->stored);
	uint64_t to = b->offset + b->span;

	if (b->stored)
		add_stored(g, b, end);
	to = to < end ? to : end;
	if (from < to) {
		g->now.s.holes += to - from;
		add_extent(g, from, EXTENT_HOLE, to - from);
	}
}

static void add_encrypted(struct gather *g, const struct efs_raw_segment *seg)
{
	struct efs_raw_blocks it = efs_raw_blocks_open(seg);
	struct export_stream *s = &g->now.s;
	/* Where it begins is at most 2^63 - 2^49: nothing here overflows. */
	uint64_t end = unit_up(seg->offset + seg->size);
	struct efs_raw_block b;
	bool over = false;

	if (seg->offset + seg->size > s->size)
		s->size = seg->offset + seg->size;
	if (seg->valid && seg->offset + seg->valid > s->initialized)
		s->initialized = seg->offset + seg->valid;
	if (seg->valid < seg->size &&
	    seg->offset + seg->valid < g->now.valid_until)
		g->now.valid_until = seg->offset + seg->valid;
	if (seg->cluster_shift >= 9 && seg->cluster_shift <= 21)
		s->cluster = UINT64_C(1) << seg->cluster_shift;
	while (efs_raw_blocks_next(&it, &b) && !g->x->err.status) {
		s->doubtful = s->doubtful || over;
		over = over || b.over;
		add_block(g, &b, end);
	}
}

static void add_plain(struct gather *g, const struct efs_raw_segment *seg)
{
	add_extent(g, g->now.plain_end, seg->data_at, seg->data_n);
	g->now.plain_end += seg->data_n;
	g->now.s.size = g->now.s.initialized = g->now.plain_end;
}

/* ----------------------------------------------------------- a whole stream */

static gint by_offset(gconstpointer a, gconstpointer b)
{
	const struct extent *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Segments come in any order.  Where two overlap, the lower one is kept. */
static void sort_extents(struct export_stream *s)
{
	struct extent *p = (struct extent *)(void *)s->extents->data;
	uint64_t end = 0;
	guint n = 0;

	g_array_sort(s->extents, by_offset);
	for (guint i = 0; i < s->extents->len; i++) {
		struct extent e = p[i];
		uint64_t over = end > e.offset ? end - e.offset : 0;

		if (over)
			note_new(&s->err, E_CORRUPT,
			         e.at == EXTENT_HOLE ? 0 : e.at,
			         "parts of a stream overlap in an export");
		if (over >= e.n)
			continue;
		e.offset += over;
		e.at += e.at == EXTENT_HOLE ? 0 : over;
		e.n -= over;
		end = e.offset + e.n;
		p[n++] = e;
	}
	g_array_set_size(s->extents, n);
}

/*
 * What is less than a unit can be used only where no ciphertext is behind it:
 * then it is the cut end of all that there is.
 */
static void add_tail(struct gather *g)
{
	struct export_stream *s = &g->now.s;
	struct extent tail = g->now.tail;
	struct extent *p = (struct extent *)(void *)s->extents->data;

	if (!tail.n)
		return;
	for (guint i = 0; i < s->extents->len; i++) {
		if (p[i].at == EXTENT_HOLE ||
		    p[i].offset + p[i].n <= tail.offset)
			continue;
		note_new(&s->err, E_CORRUPT, tail.at,
		         "part of a unit inside a stream of an export");
		return;
	}
	s->stored = tail.offset + tail.n;
	add_extent(g, tail.offset, tail.at, EFS_UNIT);
}

static void add_slack(struct gather *g)
{
	struct extent slack = g->now.slack;

	if (slack.n && slack.offset == unit_up(g->now.s.size) &&
	    !g->now.s.stored)
		add_extent(g, slack.offset, slack.at, slack.n);
}

/* Nothing that is there says how large a stream may be: the sum does. */
static void check_size(struct gather *g)
{
	struct export_stream *s = &g->now.s;
	uint64_t absent = s->size > g->size ? s->size - g->size : 0;

	if (s->holes <= LIMIT_HOLES && absent <= LIMIT_HOLES)
		return;
	g_array_set_size(s->extents, 0);
	s->err.status = OK;
	note_new(&s->err, E_LIMIT, 0, "size of a stream in an export");
}

static void close_stream(struct gather *g)
{
	struct open_stream *now = &g->now;

	if (!g->open)
		return;
	g->open = false;
	if (now->metadata)
		return;
	if (now->s.encrypted) {
		add_tail(g);
		add_slack(g);
		sort_extents(&now->s);
		if (now->s.initialized > now->valid_until)
			note_new(&now->s.err, E_CORRUPT, 0,
			         "valid bytes of an export's segments");
		check_size(g);
	}
	if (now->s.initialized > now->s.size)
		now->s.initialized = now->s.size;
	g_array_append_val(g->x->streams, now->s);
}

/* -------------------------------------------------------------- records */

static char *name_of(struct bytes name)
{
	char *text;
	struct text t;

	if (!name.n)
		return NULL;
	text = g_malloc(TEXT_UTF16(name.n));
	t = text_open(text, TEXT_UTF16(name.n));
	text_name(&t, name);
	return text;
}

static bool is_known(const struct efs_export *x, const char *name)
{
	for (guint i = 0; i < x->streams->len; i++)
		if (!g_strcmp0(
			    g_array_index(x->streams, struct export_stream, i)
				    .name,
			    name))
			return true;
	return false;
}

static void begin_stream(struct gather *g, const struct efs_raw_record *r)
{
	struct open_stream *now = &g->now;

	close_stream(g);
	if (g->x->streams->len >= LIMIT_STREAMS) {
		note_new(&g->x->err, E_LIMIT, r->at, "streams of an export");
		return;
	}
	*now = (struct open_stream){ .metadata = r->stream.metadata };
	g->open = true;
	now->valid_until = UINT64_MAX;
	now->ignored = now->metadata && g->x->efs->len;
	if (now->ignored)
		note_new(&g->x->efs_err, E_CORRUPT, r->at,
		         "second $EFS of an export");
	if (now->metadata)
		return;
	now->s.name = name_of(r->stream.name);
	now->s.encrypted = r->stream.encrypted;
	now->s.cluster = EFS_UNIT;
	now->s.extents = g_array_new(FALSE, FALSE, sizeof(struct extent));
	note(&now->s.err, &r->err);
	if (is_known(g->x, now->s.name))
		note_new(&now->s.err, E_CORRUPT, r->at,
		         "two streams of one name in an export");
}

/* More of the $EFS value. */
static void add_metadata(struct gather *g, const struct efs_raw_segment *seg)
{
	GByteArray *efs = g->x->efs;
	guint before = efs->len;
	struct error err;

	if (g->now.ignored)
		return;
	if (seg->cut)
		note_new(&g->x->efs_err, E_TRUNCATED, seg->data_at,
		         "$EFS of an export");
	if (seg->data_n > LIMIT_EFS_SIZE - before) {
		note_new(&g->x->efs_err, E_LIMIT, seg->data_at,
		         "$EFS of an export");
		return;
	}
	if (!before)
		g->x->efs_at = seg->data_at;
	g_byte_array_set_size(efs, before + (guint)seg->data_n);
	if (!seg->data_n || !g->read(g->ctx, seg->data_at, efs->data + before,
	                             (size_t)seg->data_n, &err))
		return;
	g_byte_array_set_size(efs, before);
	note(&g->x->efs_err, &err);
}

static void add_segment(struct gather *g, const struct efs_raw_record *r)
{
	const struct efs_raw_segment *seg = &r->segment;
	struct export_stream *s = &g->now.s;

	if (!g->open) {
		note(&g->x->efs_err, &r->err);
		return;
	}
	if (g->now.metadata) {
		add_metadata(g, seg);
		return;
	}
	s->segments++;
	if (seg->cut)
		note_new(&s->err, E_TRUNCATED, r->at, "segment of an export");
	note(&s->err, &r->err);
	if (r->err.status)
		return;
	if (seg->encrypted)
		add_encrypted(g, seg);
	else
		add_plain(g, seg);
}

static enum status read_at(struct gather *g, size_t n, struct bytes *out,
                           struct error *err)
{
	*out = (struct bytes){ g->buf, n, g->it.next };
	return n ? g->read(g->ctx, g->it.next, g->buf, n, err) : OK;
}

/* The header of the next record; how much of it to read, it says itself. */
static enum status read_header(struct gather *g, struct bytes *head,
                               struct error *err)
{
	uint64_t left = g->it.end - g->it.next;
	size_t n = left < EFS_RAW_PEEK ? (size_t)left : EFS_RAW_PEEK;
	enum status st = read_at(g, n, head, err);

	if (st)
		return st;
	n = efs_raw_need(&g->it, *head);
	return n > head->n ? read_at(g, n, head, err) : OK;
}

static void gather_all(struct gather *g)
{
	struct efs_export *x = g->x;
	struct efs_raw_record r = { 0 };
	struct bytes head;
	struct error err;

	while (!x->err.status) {
		if (read_header(g, &head, &err)) {
			note(&x->err, &err);
			break;
		}
		if (!efs_raw_next(&g->it, head, &r))
			break;
		if (r.kind == EFS_RAW_STREAM)
			begin_stream(g, &r);
		else
			add_segment(g, &r);
	}
	close_stream(g);
	x->end = g->it.next;
	note(&x->err, &g->it.err);
}

enum status efs_export_open(struct efs_export *x, uint64_t size,
                            enum status (*read)(void *ctx, uint64_t at,
                                                uint8_t *buf, size_t n,
                                                struct error *err),
                            void *ctx, struct error *err)
{
	struct gather g = { .x = x, .read = read, .ctx = ctx, .size = size };
	uint8_t head[EFS_RAW_FILE_HEADER];
	size_t n = size < sizeof(head) ? (size_t)size : sizeof(head);

	*x = (struct efs_export){ 0 };
	if (n && read(ctx, 0, head, n, err))
		return err->status;
	g.it = efs_raw_open((struct bytes){ head, n, 0 }, size);
	if (g.it.err.status) {
		*err = g.it.err;
		return err->status;
	}
	g.buf = g_try_malloc(EFS_RAW_HEADER_MOST);
	if (!g.buf)
		return fail(err, E_NOMEM, 0, "buffer for an export");
	x->efs = g_byte_array_new();
	x->streams = g_array_new(FALSE, FALSE, sizeof(struct export_stream));
	gather_all(&g);
	g_free(g.buf);
	return OK;
}

void efs_export_release(struct efs_export *x)
{
	for (guint i = 0; x->streams && i < x->streams->len; i++) {
		struct export_stream *s =
			&g_array_index(x->streams, struct export_stream, i);

		g_free(s->name);
		g_array_free(s->extents, TRUE);
	}
	if (x->streams)
		g_array_free(x->streams, TRUE);
	if (x->efs)
		g_byte_array_free(x->efs, TRUE);
	*x = (struct efs_export){ 0 };
}

struct ciphertext
efs_export_ciphertext(const struct export_stream *s,
                      enum status (*read)(void *ctx, uint64_t at, uint8_t *buf,
                                          size_t n, struct error *err),
                      void *ctx)
{
	return (struct ciphertext){
		.extents =
			(const struct extent *)(const void *)s->extents->data,
		.n = s->extents->len,
		.size = s->size,
		.initialized = s->initialized,
		.cluster = s->cluster,
		.read = read,
		.read_ctx = ctx,
		.stored = s->stored,
	};
}
