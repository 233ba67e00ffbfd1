/* SPDX-License-Identifier: MIT */
/*
 * pipeline.c - one large stream on all cores
 *
 * All is under the lock but the work itself: whoever has a span to decrypt or
 * to hash has it alone.  A slot is used again when all digests are past it, in
 * order, so the span `first` is the one that the rest waits for.
 */
#include "analyzer/pipeline.h"

enum slot_state { SLOT_EMPTY, SLOT_BUSY, SLOT_READY };

/* A span under way; buffers and cipher stay for the next one. */
struct slot {
	enum slot_state state;
	struct span span;
	struct proof part;
	struct span_buffers *buf;
	struct cipher cipher;
};

/* A digest on its way. */
struct lane {
	uint64_t next; /* span */
	bool busy;
};

struct pipeline {
	struct task task; /* first: what every thread is called with */
	struct crew *crew;
	struct pipeline_order order;
	GMutex lock;
	unsigned working; /* threads that are at it, or called */
	struct spans spans;
	struct slot *slots;
	uint64_t first, next; /* spans: [first, next) are under way */
	bool planned;         /* there is no next one */
	struct lane lanes[HASHES];
	struct proof proof; /* of all before `first` */
	struct error err;   /* the first one: nothing is begun after it */
};

/* What a thread does next. */
struct chore {
	bool decrypt; /* else hash */
	enum hash hash;
	struct slot *slot;
};

static struct slot *slot_of(const struct pipeline *p, uint64_t span)
{
	return &p->slots[span % p->order.buffers];
}

/* ---------------------------------------------------- what is to be done */

static bool can_hash(const struct pipeline *p, unsigned hash)
{
	const struct lane *lane = &p->lanes[hash];

	return p->order.to->wanted[hash] && !lane->busy &&
	       lane->next < p->next &&
	       slot_of(p, lane->next)->state == SLOT_READY;
}

static bool take_hash(struct pipeline *p, struct chore *chore)
{
	for (unsigned i = 0; i < HASHES; i++) {
		if (!can_hash(p, i))
			continue;
		p->lanes[i].busy = true;
		*chore = (struct chore){ .hash = (enum hash)i,
			                 .slot = slot_of(p, p->lanes[i].next) };
		return true;
	}
	return false;
}

static bool can_plan(const struct pipeline *p)
{
	return !p->planned && p->next - p->first < p->order.buffers;
}

static bool is_past(const struct pipeline *p, uint64_t span)
{
	for (unsigned i = 0; i < HASHES; i++)
		if (p->order.to->wanted[i] && p->lanes[i].next <= span)
			return false;
	return true;
}

static void retire(struct pipeline *p)
{
	while (p->first < p->next && is_past(p, p->first) &&
	       slot_of(p, p->first)->state == SLOT_READY) {
		struct slot *slot = slot_of(p, p->first++);
		bool cipher = slot->span.kind == SPAN_CIPHER;

		proof_add(&p->proof, &slot->span, cipher ? &slot->part : NULL);
		proof_release(&slot->part);
		slot->state = SLOT_EMPTY;
	}
}

/* The next span; true if it is one to decrypt. */
static bool plan(struct pipeline *p, struct chore *chore)
{
	struct slot *slot = slot_of(p, p->next);

	p->planned = !spans_next(&p->spans, &slot->span);
	if (p->planned)
		return false;
	p->next++;
	if (slot->span.kind == SPAN_CIPHER) {
		slot->state = SLOT_BUSY;
		*chore = (struct chore){ .decrypt = true, .slot = slot };
		return true;
	}
	plaintext_skip(p->order.to, slot->span.plain);
	slot->state = SLOT_READY;
	retire(p);
	return false;
}

static bool take(struct pipeline *p, struct chore *chore)
{
	while (!p->err.status) {
		if (take_hash(p, chore))
			return true;
		if (!can_plan(p))
			return false;
		if (plan(p, chore))
			return true;
	}
	return false;
}

/* Would another thread find something? */
static bool has_more(const struct pipeline *p)
{
	bool more = can_plan(p);

	for (unsigned i = 0; i < HASHES; i++)
		more |= can_hash(p, i);
	return more;
}

/* ------------------------------------------------------------- doing it */

static enum status decrypt(struct pipeline *p, struct slot *slot,
                           struct error *err)
{
	struct plaintext *to = p->order.to;
	enum status st = OK;

	if (!slot->buf) {
		slot->buf = span_buffers_new();
		st = slot->buf ? cipher_init(&slot->cipher, p->order.fek, err)
		               : fail(err, E_NOMEM, 0, "buffers for a stream");
	}
	if (!st)
		st = span_decrypt(&slot->part, &slot->cipher, &p->order.in,
		                  &slot->span, slot->buf, err);
	return st ? st
	          : plaintext_write(to, slot->span.offset, slot->buf->plain,
	                            (size_t)slot->span.plain, err);
}

static enum status hash(struct pipeline *p, enum hash hash,
                        const struct slot *slot, struct error *err)
{
	bool cipher = slot->span.kind == SPAN_CIPHER;

	return plaintext_hash(p->order.to, hash,
	                      cipher ? slot->buf->plain : NULL,
	                      slot->span.plain, err);
}

static void put(struct pipeline *p, const struct chore *chore,
                const struct error *err)
{
	if (err->status && !p->err.status)
		p->err = *err;
	if (chore->decrypt) {
		chore->slot->state = SLOT_READY;
	} else {
		p->lanes[chore->hash].busy = false;
		p->lanes[chore->hash].next++;
	}
	if (!p->err.status)
		retire(p);
}

/* One thread, until it finds nothing to do.  Who makes more possible than it
   can do itself calls another. */
static void work(struct task *task)
{
	struct pipeline *p = (struct pipeline *)(void *)task;
	struct chore chore;
	bool last;

	g_mutex_lock(&p->lock);
	while (take(p, &chore)) {
		bool call = p->working < crew_size(p->crew) && has_more(p);
		struct error err = { 0 };

		p->working += call;
		g_mutex_unlock(&p->lock);
		if (call)
			crew_push(p->crew, &p->task);
		if (chore.decrypt)
			(void)!decrypt(p, chore.slot, &err);
		else
			(void)!hash(p, chore.hash, chore.slot, &err);
		g_mutex_lock(&p->lock);
		put(p, &chore, &err);
	}
	last = !--p->working;
	g_mutex_unlock(&p->lock);
	if (last)
		p->order.done(p, p->order.ctx);
}

/* ------------------------------------------------------------ begin and end */

void pipeline_start(struct crew *crew, const struct pipeline_order *order)
{
	struct pipeline *p = g_new0(struct pipeline, 1);

	p->task = (struct task){ .run = work, .order = order->order };
	p->crew = crew;
	p->order = *order;
	p->working = 1;
	p->slots = g_new0(struct slot, order->buffers);
	p->spans = spans_open(&p->order.in,
	                      cipher_block_of(order->fek->algorithm));
	proof_init(&p->proof);
	g_mutex_init(&p->lock);
	crew_push(crew, &p->task);
}

enum status pipeline_end(struct pipeline *p, struct proof *proof,
                         struct error *err)
{
	enum status st = p->err.status;

	*proof = p->proof;
	if (st)
		*err = p->err;
	for (unsigned i = 0; i < p->order.buffers; i++) {
		proof_release(&p->slots[i].part);
		cipher_release(&p->slots[i].cipher);
		span_buffers_free(p->slots[i].buf);
	}
	g_free(p->slots);
	g_mutex_clear(&p->lock);
	g_free(p);
	return st;
}
