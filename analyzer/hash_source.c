/* SPDX-License-Identifier: MIT */
/*
 * hash_source.c - digests of all bytes of a source, in one read
 *
 * One thread reads and one each computes a digest, over a ring of pieces: it
 * takes as long as the slowest of them.
 */
#include "analyzer/hash_source.h"

#include <string.h>

#define PIECE ((size_t)1 << 20)
#define SLOTS 8u

const char *const hash_name[HASHES] = { "MD5", "SHA-1", "SHA-256" };
const enum digest_kind hash_kind[HASHES] = { DIGEST_MD5, DIGEST_SHA1,
	                                     DIGEST_SHA256 };

/* ---------------------------------------------------------------- their names
 */

static bool add_named(bool wanted[HASHES], const char *name)
{
	for (size_t i = 0; i < HASHES; i++) {
		if (strcmp(name, digest_name(hash_kind[i])) != 0)
			continue;
		if (wanted[i])
			return false;
		wanted[i] = true;
		return true;
	}
	return false;
}

bool hash_parse(bool wanted[HASHES], const char *list)
{
	char **names = g_strsplit(list, ",", -1);
	bool good = *names != NULL;

	memset(wanted, 0, HASHES * sizeof(*wanted));
	if (strcmp(list, "none") != 0)
		for (char **name = names; *name && good; name++)
			good = add_named(wanted, *name);
	g_strfreev(names);
	return good;
}

/* --------------------------------------------------------------- one read */

struct ring {
	GMutex lock;
	GCond moved;
	uint8_t *piece[SLOTS];
	size_t n[SLOTS];
	uint64_t filled;       /* pieces that were read */
	uint64_t used[HASHES]; /* of those, hashed */
	bool end;              /* no more will come */
};

struct hasher {
	struct ring *ring;
	size_t kind;
	bool failed;
	char *hex;
};

/* ------------------------------------------------------------------- hashing
 */

/* Wait for a piece that was not hashed; NULL at the end. */
static const uint8_t *next_piece(struct hasher *h, size_t *n)
{
	struct ring *r = h->ring;
	const uint8_t *p = NULL;
	size_t slot;

	g_mutex_lock(&r->lock);
	while (r->used[h->kind] == r->filled && !r->end)
		g_cond_wait(&r->moved, &r->lock);
	slot = (size_t)(r->used[h->kind] % SLOTS);
	if (r->used[h->kind] < r->filled)
		p = r->piece[slot];
	*n = r->n[slot];
	g_mutex_unlock(&r->lock);
	return p;
}

static void piece_done(struct hasher *h)
{
	struct ring *r = h->ring;

	g_mutex_lock(&r->lock);
	r->used[h->kind]++;
	g_cond_broadcast(&r->moved);
	g_mutex_unlock(&r->lock);
}

static gpointer hash_all(gpointer ctx)
{
	struct hasher *h = ctx;
	struct digest d = { 0 };
	const uint8_t *p;
	struct error err;
	size_t n;

	h->failed = digest_init(&d, hash_kind[h->kind], &err) != OK;
	while ((p = next_piece(h, &n))) {
		if (!h->failed && digest_update(&d, p, n, &err))
			h->failed = true;
		piece_done(h);
	}
	if (!h->failed && digest_finish(&d, h->hex, &err))
		h->failed = true;
	if (h->failed)
		h->hex[0] = '\0';
	digest_release(&d);
	return NULL;
}

/* ------------------------------------------------------------------- reading
 */

/* A slot that all have hashed. */
static uint8_t *free_slot(struct ring *r, const struct hash_plan *plan)
{
	uint64_t slowest;

	g_mutex_lock(&r->lock);
	for (;;) {
		slowest = r->filled;
		for (size_t i = 0; i < HASHES; i++)
			if (plan->wanted[i])
				slowest = MIN(slowest, r->used[i]);
		if (r->filled - slowest < SLOTS)
			break;
		g_cond_wait(&r->moved, &r->lock);
	}
	g_mutex_unlock(&r->lock);
	return r->piece[r->filled % SLOTS];
}

static void slot_filled(struct ring *r, size_t n)
{
	g_mutex_lock(&r->lock);
	r->n[r->filled % SLOTS] = n;
	r->filled++;
	g_cond_broadcast(&r->moved);
	g_mutex_unlock(&r->lock);
}

static void no_more(struct ring *r)
{
	g_mutex_lock(&r->lock);
	r->end = true;
	g_cond_broadcast(&r->moved);
	g_mutex_unlock(&r->lock);
}

/* The bytes from `at` that are not known to be bad, at most a piece; 0, and
   then where the bad ones end, if the first is. */
static size_t good_bytes(struct source *s, uint64_t at, uint64_t *behind)
{
	size_t n = (size_t)MIN(PIECE, s->size - at);

	g_mutex_lock(&s->lock);
	for (guint i = 0; i < s->bad->len; i++) {
		const struct bad_range *r =
			&g_array_index(s->bad, struct bad_range, i);

		if (r->at + r->n <= at)
			continue;
		*behind = r->at + r->n;
		if (r->at < at + n)
			n = r->at > at ? (size_t)(r->at - at) : 0;
		break;
	}
	g_mutex_unlock(&s->lock);
	return n;
}

/* True if all was read. */
static bool read_all(struct source *s, struct ring *r,
                     const struct hash_plan *plan)
{
	bool whole = true;
	uint64_t at = 0;

	while (at < s->size && (whole || plan->past_bad) &&
	       !plan->stopped(plan->ctx)) {
		uint64_t behind = at;
		size_t n = good_bytes(s, at, &behind);
		struct error err;

		if (!n) {
			whole = false;
			at = behind;
		} else if (!source_read(s, at, free_slot(r, plan), n, &err)) {
			if (whole)
				slot_filled(r, n);
			at += n;
		} else {
			whole = false;
			/* more are bad than are remembered */
			if (good_bytes(s, at, &behind) == n)
				at += n;
		}
		plan->reached(plan->ctx, at);
	}
	return whole && at >= s->size;
}

void hash_source(struct hashed *out, struct source *s,
                 const struct hash_plan *plan)
{
	struct ring ring = { 0 };
	struct hasher hashers[HASHES];
	GThread *threads[HASHES] = { 0 };

	*out = (struct hashed){ 0 };
	g_mutex_init(&ring.lock);
	g_cond_init(&ring.moved);
	for (size_t i = 0; i < SLOTS; i++)
		ring.piece[i] = g_malloc(PIECE);
	for (size_t i = 0; i < HASHES; i++) {
		hashers[i] = (struct hasher){ .ring = &ring,
			                      .kind = i,
			                      .hex = out->hex[i] };
		if (plan->wanted[i])
			threads[i] =
				g_thread_new("hash", hash_all, hashers + i);
	}
	out->whole = read_all(s, &ring, plan);
	no_more(&ring);
	for (size_t i = 0; i < HASHES; i++)
		if (threads[i])
			(void)g_thread_join(threads[i]);
	if (!out->whole)
		memset(out->hex, 0, sizeof(out->hex));
	for (size_t i = 0; i < SLOTS; i++)
		g_free(ring.piece[i]);
	g_cond_clear(&ring.moved);
	g_mutex_clear(&ring.lock);
}
