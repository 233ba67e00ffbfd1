/* SPDX-License-Identifier: MIT */
/*
 * source_ewf.c - EnCase and SMART images (E01, S01), through libewf
 *
 * Chunks are read one by one, not through libewf's buffer: that hands on what
 * fails its checksum, as zeros or as it is, and says so in a list that joins
 * neighbours, so that the second of two bad chunks would go unseen.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "analyzer/ewf_facts.h"
#include "analyzer/ewf_pool.h"
#include "analyzer/spot.h"

#include <string.h>
#include <sys/mman.h>

#define GUARD ((size_t)1 << 20) /* bytes; a multiple of all sizes of pages */

struct ewf {
	struct ewf_set set;
	struct ewf_pool pool;
	libewf_handle_t *h;
	GMutex lock;
	struct source *s;     /* the layer that this is the context of */
	uint64_t size;        /* of the medium */
	uint32_t chunk;       /* bytes of one */
	uint64_t held;        /* the chunk in `data`; UINT64_MAX: none */
	uint64_t bad;         /* the last that was damaged; its sectors will be
	                         asked for one by one; UINT64_MAX: none */
	size_t held_n;        /* bytes of it */
	const uint8_t *data;  /* in one of the two */
	uint8_t *raw, *plain; /* room for two chunks each: what is damaged may
	                         be longer than it should be */
};

/* --------------------------------------------------------------------- read */

static void mark_chunk(struct ewf *e, uint64_t chunk)
{
	uint64_t at = chunk * e->chunk;

	e->bad = chunk;
	source_mark_bad(e->s, at, MIN(e->chunk, e->size - at));
}

static enum status bad_chunk(struct ewf *e, uint64_t chunk, struct error *err)
{
	mark_chunk(e, chunk);
	return fail(err, E_CORRUPT, chunk * e->chunk,
	            "a chunk of the EnCase image is damaged (checksum)");
}

/* Where libewf has a chunk, which does not know of the gap. */
static uint64_t place(const struct ewf *e, uint64_t chunk)
{
	return chunk < e->set.gap ? chunk : chunk - e->set.missing;
}

/* The bytes of the chunk that libewf is at: raw or plain; 0 on error. */
static size_t fetch(struct ewf *e)
{
	size_t room = EWF_CHUNK_MOST * (size_t)e->chunk, n = e->chunk;
	int8_t packed = 0, summed = 0;
	uint32_t sum = 0;
	uint8_t stored[4];
	ssize_t got = libewf_handle_read_chunk(e->h, e->raw, room, &packed,
	                                       stored, &sum, &summed, NULL);

	if (got <= 0 || (size_t)got > room)
		return 0;
	got = libewf_handle_prepare_read_chunk(e->h, e->raw, (size_t)got,
	                                       e->plain, &n, packed, sum,
	                                       summed, NULL);
	e->data = packed ? e->plain : e->raw;
	return got > 0 ? (size_t)got : 0;
}

static size_t fetch_at(struct ewf *e, uint64_t chunk)
{
	off64_t to = (off64_t)(place(e, chunk) * e->chunk);

	return libewf_handle_seek_offset(e->h, to, SEEK_SET, NULL) == to
	               ? fetch(e)
	               : 0;
}

/* Have this chunk in e->data; the lock is held. */
static enum status hold(struct ewf *e, uint64_t chunk, struct error *err)
{
	uint64_t at = chunk * e->chunk;
	size_t wanted = (size_t)MIN(e->chunk, e->size - at);

	if (chunk == e->held)
		return OK;
	e->held = UINT64_MAX;
	if (chunk >= e->set.gap && chunk - e->set.gap < e->set.missing)
		return fail(err, E_ABSENT, at,
		            "it is in a segment of the EnCase image that is "
		            "missing or damaged");
	if (chunk == e->bad || ewf_set_is_wild(&e->set, place(e, chunk)))
		return bad_chunk(e, chunk, err);
	if (spot_enter(SPOT_BLOCK, NULL, at, err)) {
		mark_chunk(e, chunk);
		return err->status;
	}
	e->held_n = fetch_at(e, chunk);
	spot_leave();
	if (e->held_n < wanted)
		return bad_chunk(e, chunk, err);
	e->held = chunk;
	return OK;
}

static enum status ewf_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                            struct error *err)
{
	struct ewf *e = ctx;
	enum status st = OK;

	while (!st && n) {
		uint64_t chunk = at / e->chunk;
		size_t in = (size_t)(at % e->chunk);
		size_t part = MIN(n, e->chunk - in);

		/* others may want a chunk in between */
		g_mutex_lock(&e->lock);
		st = hold(e, chunk, err);
		if (!st)
			memcpy(buf, e->data + in, part);
		g_mutex_unlock(&e->lock);
		buf += part;
		at += part;
		n -= part;
	}
	return st;
}

/* -------------------------------------------------------------------- room */

/* With the guard. */
static size_t mapped(size_t n)
{
	return (n + GUARD - 1) / GUARD * GUARD + GUARD;
}

/*
 * Of a packed chunk libewf (20140813) copies what the table says is there, and
 * not what there is room for.  It is not asked for one that is larger
 * (ewf_set_is_wild()); if it writes past the end all the same, that is a crash
 * like others, and nobody else's bytes.  NULL: no memory.
 */
static uint8_t *room_new(size_t n)
{
	uint8_t *p = mmap(NULL, mapped(n), PROT_NONE,
	                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if (mprotect(p, mapped(n) - GUARD, PROT_READ | PROT_WRITE)) {
		(void)munmap(p, mapped(n));
		return NULL;
	}
	return p;
}

/* --------------------------------------------------------------------- open */

static void ewf_free(void *ctx)
{
	struct ewf *e = ctx;

	if (e->h) {
		(void)libewf_handle_close(e->h, NULL);
		(void)libewf_handle_free(&e->h, NULL);
	}
	ewf_pool_release(&e->pool);
	ewf_set_release(&e->set);
	g_mutex_clear(&e->lock);
	if (e->raw)
		(void)munmap(e->raw, mapped(EWF_CHUNK_MOST * (size_t)e->chunk));
	g_free(e->plain);
	g_free(e);
}

static enum status open_handle(struct ewf *e, struct error *err)
{
	if (libewf_handle_initialize(&e->h, NULL) != 1)
		return fail(err, E_NOMEM, 0, "EnCase image");
	if (libewf_handle_open_file_io_pool(e->h, e->pool.pool,
	                                    libewf_get_access_flags_read(),
	                                    NULL) != 1)
		return fail(err, E_CORRUPT, 0,
		            "the EnCase image is damaged, and libewf cannot "
		            "open it");
	return OK;
}

/* What both say of it must agree: places are counted in chunks. */
static enum status find_size(struct ewf *e, struct error *err)
{
	uint64_t most = (uint64_t)e->set.v.chunks * e->set.v.chunk;
	size32_t chunk = 0;
	size64_t size = 0;

	if (libewf_handle_get_media_size(e->h, &size, NULL) != 1 ||
	    libewf_handle_get_chunk_size(e->h, &chunk, NULL) != 1 ||
	    chunk != e->set.v.chunk)
		return fail(err, E_CORRUPT, EWF_HEAD_SIZE,
		            "the EnCase image is damaged where it says how "
		            "large it is");
	e->chunk = chunk;
	e->size = MIN(size, INT64_MAX);
	if (most && e->size > most) {
		g_string_append_printf(
			e->set.problem,
			"%sthe image says that it has more sectors than chunks",
			e->set.problem->len ? "; " : "");
		e->size = most;
	}
	e->raw = room_new(EWF_CHUNK_MOST * (size_t)chunk);
	if (!e->raw)
		return fail(err, E_NOMEM, 0, "EnCase image");
	e->plain = g_malloc(EWF_CHUNK_MOST * (size_t)chunk);
	return OK;
}

static void mark_gap(struct source *s, const struct ewf *e)
{
	uint64_t at = e->set.gap * e->chunk;

	if (e->set.missing && at < s->size)
		source_mark_bad(s, at,
		                MIN(e->set.missing * e->chunk, s->size - at));
	if (e->set.problem->len)
		s->problem = g_strdup(e->set.problem->str);
}

static enum status open_ewf(struct source *s, const struct probe *probe,
                            struct error *err)
{
	struct ewf *e = g_new0(struct ewf, 1);

	g_mutex_init(&e->lock);
	e->s = s;
	e->held = e->bad = UINT64_MAX;
	s->reader = (struct reader){
		.read = ewf_read,
		.free = ewf_free,
		.ctx = e,
		.shared = true,
	};
	if (ewf_set_open(&e->set, probe, err) ||
	    ewf_pool_open(&e->pool, &e->set, err) || open_handle(e, err) ||
	    find_size(e, err))
		return err->status;
	s->size = s->reader.size = e->size;
	s->held = ewf_set_held(&e->set);
	ewf_facts(s, e->h, &e->set);
	mark_gap(s, e);
	return OK;
}

/* Eight bytes; but disk.001 with others beside it is rather a part of one. */
static unsigned bid(const struct probe *probe)
{
	bool part = probe->path && (g_str_has_suffix(probe->path, ".001") ||
	                            g_str_has_suffix(probe->path, ".000"));

	if (ewf_kind(probe->head) != EWF_DISK)
		return 0;
	return part ? 4 : 64;
}

const struct source_type source_ewf = {
	.name = "E01",
	.bid = bid,
	.open = open_ewf,
};
