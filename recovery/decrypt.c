/* SPDX-License-Identifier: MIT */
/*
 * decrypt.c - one encrypted stream, from its extents to its plaintext
 */
#include "recovery/decrypt.h"

#include <string.h>

/* Ciphertext behind the data that is looked at. */
#define SLACK_MOST ((size_t)64 * 1024)

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t round_up(uint64_t v, uint64_t to)
{
	return to && v % to ? min64(v - v % to, UINT64_MAX - to) + to : v;
}

static bool all_zero(const uint8_t *p, size_t n)
{
	return !n || (!p[0] && !memcmp(p, p + 1, n - 1));
}

/* ------------------------------------------------------------------- spans */

struct spans spans_open(const struct ciphertext *in, size_t block)
{
	struct spans s = { .in = in };

	s.data_end = min64(in->size, in->initialized);
	s.stored = in->stored ? in->stored : UINT64_MAX;
	s.cipher_end = round_up(s.data_end, EFS_UNIT);
	if (s.stored < s.cipher_end)
		s.cipher_end = s.stored - s.stored % block;
	return s;
}

/* Up to here no ciphertext is needed, or there is none. */
static bool skip_to(struct spans *s, struct span *span, enum span_kind kind,
                    uint64_t end)
{
	*span = (struct span){ .kind = kind,
		               .offset = s->pos,
		               .plain = end - s->pos };
	s->pos = end;
	return true;
}

/*
 * Windows encrypts whole clusters, so the units behind the last one of the
 * data often hold encrypted zeros too: evidence where the data ends on a unit.
 */
static size_t slack_behind(const struct spans *s, uint64_t extent_end)
{
	uint64_t end = min64(round_up(s->cipher_end, s->in->cluster),
	                     min64(extent_end, s->stored));
	uint64_t n = end > s->cipher_end ? end - s->cipher_end : 0;

	return (size_t)min64(n - n % EFS_UNIT, SLACK_MOST);
}

static bool piece_of(struct spans *s, struct span *span, const struct extent *e)
{
	uint64_t end = min64(e->offset + e->n, s->cipher_end);
	size_t n = (size_t)min64(end - s->pos, SPAN_BYTES);

	*span = (struct span){ .kind = SPAN_CIPHER,
		               .offset = s->pos,
		               .plain = min64(n, s->data_end - s->pos),
		               .at = e->at + (s->pos - e->offset),
		               .n = n };
	if (s->pos + n == s->cipher_end && s->cipher_end >= s->data_end)
		span->slack = slack_behind(s, e->offset + e->n);
	s->pos += span->plain;
	return true;
}

bool spans_next(struct spans *s, struct span *span)
{
	for (; s->i < s->in->n && s->pos < s->data_end; s->i++) {
		const struct extent *e = &s->in->extents[s->i];
		uint64_t end = e->offset + e->n;

		if (s->pos < e->offset) /* no extent has it */
			return skip_to(s, span, SPAN_LOST,
			               min64(e->offset, s->data_end));
		if (s->pos >= end)
			continue;
		if (e->at == EXTENT_HOLE)
			return skip_to(s, span, SPAN_ZEROS,
			               min64(end, s->data_end));
		if (s->pos < s->cipher_end)
			return piece_of(s, span, e);
	}
	if (s->pos < s->data_end)
		return skip_to(s, span, SPAN_LOST, s->data_end);
	return s->pos < s->in->size &&
	       skip_to(s, span, SPAN_ZEROS, s->in->size);
}

struct span_buffers *span_buffers_new(void)
{
	struct span_buffers *buf =
		g_try_malloc(sizeof(*buf) + 2 * SPAN_BYTES + CIPHER_WORK);

	if (!buf)
		return NULL;
	buf->cipher = (uint8_t *)(buf + 1);
	buf->plain = buf->cipher + SPAN_BYTES;
	buf->work = buf->plain + SPAN_BYTES;
	return buf;
}

void span_buffers_free(struct span_buffers *buf)
{
	g_free(buf);
}

/* ------------------------------------------------------------------- proof */

void proof_init(struct proof *proof)
{
	*proof = (struct proof){ .padding_zero = true, .recoded = true };
	proof->missing = g_array_new(FALSE, FALSE, sizeof(struct missing));
}

static void note_missing(struct proof *proof, uint64_t offset, uint64_t size)
{
	GArray *list = proof->missing;
	struct missing m = { offset, size };

	proof->lost += size;
	if (list->len) {
		struct missing *last =
			&g_array_index(list, struct missing, list->len - 1);

		if (last->offset + last->size == offset) {
			last->size += size;
			return;
		}
	}
	g_array_append_val(list, m);
}

void proof_add(struct proof *proof, const struct span *span,
               const struct proof *part)
{
	if (span->kind == SPAN_LOST)
		note_missing(proof, span->offset, span->plain);
	if (!part)
		return;
	proof->decrypted += part->decrypted;
	proof->padding += part->padding;
	proof->slack += part->slack;
	proof->padding_zero &= part->padding_zero;
	proof->recoded &= part->recoded;
	for (guint i = 0; i < part->missing->len; i++) {
		const struct missing *m =
			&g_array_index(part->missing, struct missing, i);

		note_missing(proof, m->offset, m->size);
	}
}

void proof_release(struct proof *proof)
{
	if (proof->missing)
		g_array_free(proof->missing, TRUE);
	*proof = (struct proof){ 0 };
}

bool proof_holds(const struct proof *proof)
{
	uint64_t zeros = proof->slack;

	if (!proof->padding_zero)
		return false;
	return proof->recoded && zeros + proof->padding >= PROOF_BYTES;
}

/* ---------------------------------------------------------------- one span */

/* The work on one. */
struct job {
	struct proof *proof;
	struct cipher *c;
	const struct ciphertext *in;
	const struct span *span;
	struct span_buffers *buf;
};

/* Bytes [from, from + n) of a span; `dead` ones are known to be missing. */
struct part {
	size_t from, n;
	bool dead;
};

/* Split a part that could not be read into two that are tried, later first. */
static unsigned split_part(struct part *stack, unsigned depth, struct part part,
                           uint64_t at, const struct error *why)
{
	bool dead = part.n <= EFS_UNIT;
	size_t keep = dead ? 0 : (size_t)round_up(part.n / 2, EFS_UNIT);

	/* At the end of the evidence nothing behind it need be tried. */
	if (why->status == E_TRUNCATED) {
		uint64_t end = why->at > at ? why->at - at : 0;

		keep = (size_t)min64(end / EFS_UNIT * EFS_UNIT, part.n);
		dead = true;
	}
	stack[depth++] = (struct part){ part.from + keep, part.n - keep, dead };
	if (keep)
		stack[depth++] = (struct part){ part.from, keep, false };
	return depth;
}

/*
 * Read the span, in halves where the whole fails, down to single units; what
 * cannot be read is left as zeros and noted.  The stack holds one part for
 * each halving at most.
 */
static void read_span(struct job *j)
{
	const struct span *span = j->span;
	struct part stack[32] = { { 0, span->n, false } };
	unsigned depth = 1;

	while (depth) {
		struct part p = stack[--depth];
		uint64_t at = span->at + p.from;
		uint8_t *to = j->buf->cipher + p.from;
		struct error why;

		if (p.dead) {
			memset(to, 0, p.n);
			note_missing(j->proof, span->offset + p.from,
			             min64(p.n, span->plain - p.from));
		} else if (j->in->read(j->in->read_ctx, at, to, p.n, &why)) {
			depth = split_part(stack, depth, p, at, &why);
		}
	}
}

/* Plaintext of units that were not read is zeros, not decrypted zeros. */
static void blank_missing(struct job *j)
{
	const GArray *list = j->proof->missing;

	for (guint i = 0; i < list->len; i++) {
		const struct missing *m =
			&g_array_index(list, struct missing, i);
		uint64_t from = m->offset - j->span->offset;
		uint64_t end = round_up(from + m->size, EFS_UNIT);

		memset(j->buf->plain + from, 0, min64(end, j->span->n) - from);
	}
}

/* The bytes behind the data in its last unit: zeros where Windows wrote. */
static void look_at_padding(struct job *j)
{
	size_t pad = (size_t)(j->span->n - j->span->plain);

	j->proof->padding = pad;
	j->proof->padding_zero = all_zero(j->buf->plain + j->span->plain, pad);
}

/* The ciphertext of the span is of no use by now; its plaintext is. */
static void look_at_slack(struct job *j)
{
	uint64_t end = j->span->offset + j->span->n;
	size_t n = j->span->slack;
	struct error ignored;

	if (!n || j->in->read(j->in->read_ctx, j->span->at + j->span->n,
	                      j->buf->cipher, n, &ignored))
		return;
	for (size_t i = 0; i < n; i += EFS_UNIT) {
		if (cipher_decrypt(j->c, j->buf->work, j->buf->cipher + i,
		                   EFS_UNIT, end + i, &ignored) ||
		    !all_zero(j->buf->work, EFS_UNIT))
			return;
		j->proof->slack += EFS_UNIT;
	}
}

enum status span_decrypt(struct proof *proof, struct cipher *c,
                         const struct ciphertext *in, const struct span *span,
                         struct span_buffers *buf, struct error *err)
{
	struct job j = { proof, c, in, span, buf };
	struct error recode;
	enum status st;

	proof_init(proof);
	read_span(&j);
	st = cipher_decrypt(c, buf->plain, buf->cipher, span->n, span->offset,
	                    err);
	if (st)
		return st;
	proof->decrypted = span->n;
	if (cipher_check(c, buf->plain, buf->cipher, buf->work, span->n,
	                 span->offset, &recode))
		proof->recoded = false;
	if (proof->lost)
		blank_missing(&j);
	else
		look_at_padding(&j);
	look_at_slack(&j);
	return OK;
}

/* ------------------------------------------------------------ all of them */

static enum status do_span(struct job *j, const struct sink *sink,
                           struct error *err)
{
	const struct span *span = j->span;
	struct proof part = { 0 };
	enum status st;

	if (span->kind != SPAN_CIPHER) {
		proof_add(j->proof, span, NULL);
		return sink->zeros(sink->ctx, span->plain, err);
	}
	st = span_decrypt(&part, j->c, j->in, span, j->buf, err);
	if (!st) {
		proof_add(j->proof, span, &part);
		st = sink->write(sink->ctx, j->buf->plain, (size_t)span->plain,
		                 err);
	}
	proof_release(&part);
	return st;
}

enum status decrypt_stream(struct proof *proof, struct cipher *c,
                           const struct ciphertext *in, const struct sink *sink,
                           struct error *err)
{
	struct spans spans = spans_open(in, c->block);
	struct span span;
	struct job j = { proof, c, in, &span, span_buffers_new() };
	enum status st = OK;

	proof_init(proof);
	if (!j.buf)
		return fail(err, E_NOMEM, 0, "buffers for a stream");
	while (!st && spans_next(&spans, &span))
		st = do_span(&j, sink, err);
	span_buffers_free(j.buf);
	return st;
}
