/* SPDX-License-Identifier: MIT */
/*
 * verify.c - read all of an evidence, hash it, and compare with what it stores
 *
 * One thread reads and one each computes MD5, SHA-1 and SHA-256, over a ring of
 * pieces: it takes as long as the slowest of them.
 */
#include "analyzer/verify.h"
#include "analyzer/progress.h"
#include "recovery/crypto.h"

#include <inttypes.h>
#include <string.h>

#define PIECE       ((size_t)1 << 20)
#define SLOTS       8u
#define MOST_RANGES 8u

static const struct {
	enum digest_kind kind;
	const char *name;
} kinds[] = {
	{ DIGEST_MD5, "MD5" },
	{ DIGEST_SHA1, "SHA-1" },
	{ DIGEST_SHA256, "SHA-256" },
};
#define KINDS G_N_ELEMENTS(kinds)

struct ring {
	GMutex lock;
	GCond moved;
	uint8_t *piece[SLOTS];
	size_t n[SLOTS];
	uint64_t filled;      /* pieces that were read */
	uint64_t used[KINDS]; /* of those, hashed */
	bool end;             /* no more will come */
};

struct hasher {
	struct ring *ring;
	size_t kind;
	bool failed;
	char hex[DIGEST_HEX];
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

	h->failed = digest_init(&d, kinds[h->kind].kind, &err) != OK;
	while ((p = next_piece(h, &n))) {
		if (!h->failed && digest_update(&d, p, n, &err))
			h->failed = true;
		piece_done(h);
	}
	if (!h->failed && digest_finish(&d, h->hex, &err))
		h->failed = true;
	digest_release(&d);
	return NULL;
}

/* ------------------------------------------------------------------- reading
 */

/* A slot that all have hashed. */
static uint8_t *free_slot(struct ring *r)
{
	uint64_t slowest;

	g_mutex_lock(&r->lock);
	for (;;) {
		slowest = r->filled;
		for (size_t i = 0; i < KINDS; i++)
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

/* Read on to the end also past what is bad, so that all of it is known. */
static bool read_all(const struct run *run, struct source *s, struct ring *r)
{
	bool whole = true;
	uint64_t at = 0;

	while (at < s->size && !run_stopped(run)) {
		uint64_t behind = at;
		size_t n = good_bytes(s, at, &behind);
		struct error err;

		if (!n) {
			whole = false;
			at = behind;
		} else if (!source_read(s, at, free_slot(r), n, &err)) {
			if (whole)
				slot_filled(r, n);
			at += n;
		} else {
			whole = false;
			/* more are bad than are remembered */
			if (good_bytes(s, at, &behind) == n)
				at += n;
		}
		progress_set(at);
	}
	return whole && at >= s->size;
}

/* ------------------------------------------------------------------- results
 */

static void add_problem(struct source *s, const char *text)
{
	char *both = s->problem ? g_strdup_printf("%s; %s", s->problem, text)
	                        : g_strdup(text);

	g_free(s->problem);
	s->problem = both;
}

static void not_hashed(struct source *s)
{
	GString *text = g_string_new("not hashed: cannot be read:");

	for (guint i = 0; i < MIN(s->bad->len, MOST_RANGES); i++) {
		const struct bad_range *r =
			&g_array_index(s->bad, struct bad_range, i);

		g_string_append_printf(
			text, "%s %" PRIu64 " bytes at offset %" PRIu64,
			i ? "," : "", r->n, r->at);
	}
	if (s->bad->len > MOST_RANGES)
		g_string_append_printf(text, ", and %u more ranges",
		                       s->bad->len - MOST_RANGES);
	facts_add(&s->facts, "verified", text->str);
	add_problem(s, text->str);
	g_string_free(text, TRUE);
}

/* Compare the hashes that are stored with those computed. */
static void compare(struct source *s, const struct hasher *h)
{
	const char *stored[KINDS] = { s->stored_md5, s->stored_sha1, NULL };
	GString *good = g_string_new(NULL);
	bool bad = false;

	for (size_t i = 0; i < KINDS; i++) {
		char *text;

		if (!stored[i])
			continue;
		if (!strcmp(stored[i], h[i].hex)) {
			g_string_append_printf(good, "%s%s",
			                       good->len ? " and " : "",
			                       kinds[i].name);
			continue;
		}
		bad = true;
		text = g_strdup_printf("the contents do not have the stored "
		                       "%s: they were changed, or not "
		                       "written as they were read",
		                       kinds[i].name);
		facts_add(&s->facts, "verified", text);
		add_problem(s, text);
		g_free(text);
	}
	if (good->len && !bad)
		facts_addf(&s->facts, "verified", "the stored %s %s", good->str,
		           strchr(good->str, ' ') ? "match" : "matches");
	else if (!bad)
		facts_add(&s->facts, "verified",
		          "all was read; no hash is stored to compare with");
	g_string_free(good, TRUE);
}

static void results(struct evidence *e, const struct hasher *h)
{
	char *name;

	for (size_t i = 0; i < KINDS; i++) {
		if (h[i].failed) {
			add_problem(e->s, "the hashes could not be computed");
			return;
		}
		name = g_strdup_printf("computed %s", kinds[i].name);
		facts_add(&e->s->facts, name, h[i].hex);
		g_free(name);
	}
	e->sha256 = g_strdup(h[KINDS - 1].hex);
	compare(e->s, h);
}

void verify_evidence(const struct run *run, struct evidence *e)
{
	char *what = g_strdup_printf("verifying %s", e->name);
	struct ring ring = { 0 };
	struct hasher hashers[KINDS];
	GThread *threads[KINDS];
	bool whole;

	progress_phase(what, e->s->size, PROGRESS_BYTES);
	g_mutex_init(&ring.lock);
	g_cond_init(&ring.moved);
	for (size_t i = 0; i < SLOTS; i++)
		ring.piece[i] = g_malloc(PIECE);
	for (size_t i = 0; i < KINDS; i++) {
		hashers[i] = (struct hasher){ .ring = &ring, .kind = i };
		threads[i] = g_thread_new("hash", hash_all, &hashers[i]);
	}
	whole = read_all(run, e->s, &ring);
	g_mutex_lock(&ring.lock);
	ring.end = true;
	g_cond_broadcast(&ring.moved);
	g_mutex_unlock(&ring.lock);
	for (size_t i = 0; i < KINDS; i++)
		(void)g_thread_join(threads[i]);
	if (whole)
		results(e, hashers);
	else if (!run_stopped(run))
		not_hashed(e->s);
	for (size_t i = 0; i < SLOTS; i++)
		g_free(ring.piece[i]);
	g_cond_clear(&ring.moved);
	g_mutex_clear(&ring.lock);
	g_free(what);
}
