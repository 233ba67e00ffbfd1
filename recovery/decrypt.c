/* SPDX-License-Identifier: MIT */
/*
 * decrypt.c - one encrypted stream, from its extents to its plaintext
 */
#include "recovery/decrypt.h"

#include <string.h>

#define PIECE ((size_t)1 << 20)

/* The work on one stream. */
struct job {
	struct proof *proof;
	struct cipher *c;
	const struct ciphertext *in;
	const struct sink *sink;
	uint8_t *cipher, *plain, *work; /* PIECE bytes each */
	uint64_t data_end;   /* where the plaintext that was encrypted ends */
	uint64_t cipher_end; /* the same, rounded up to whole units; less where
	                        the copy ends before: to whole blocks */
	uint64_t stored;     /* where the ciphertext that exists ends */
	uint64_t pos;        /* next byte of the stream that the sink wants */
};

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

/* Bytes [from, from + n) of a piece; `dead` ones are known to be missing. */
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
 * Read n bytes, in halves where the whole fails, down to single units; what
 * cannot be read is left as zeros and noted.  The stack holds one part for
 * each halving at most.
 */
static void read_pieces(struct job *j, uint64_t offset, uint64_t at, size_t n)
{
	struct part stack[32] = { { 0, n, false } };
	unsigned depth = 1;

	while (depth) {
		struct part p = stack[--depth];
		struct error why;

		if (p.dead) {
			memset(j->cipher + p.from, 0, p.n);
			note_missing(j->proof, offset + p.from,
			             min64(p.n, j->data_end - offset - p.from));
		} else if (j->in->read(j->in->read_ctx, at + p.from,
		                       j->cipher + p.from, p.n, &why)) {
			depth = split_part(stack, depth, p, at + p.from, &why);
		}
	}
}

/* Plaintext of units that were not read is zeros, not decrypted zeros. */
static void blank_missing(struct job *j, uint64_t offset, size_t n, guint first)
{
	GArray *list = j->proof->missing;

	for (guint i = first ? first - 1 : 0; i < list->len; i++) {
		struct missing *m = &g_array_index(list, struct missing, i);
		uint64_t from = m->offset > offset ? m->offset - offset : 0;
		uint64_t end = round_up(m->offset + m->size, EFS_UNIT);

		if (end > offset && from < n)
			memset(j->plain + from, 0,
			       min64(end - offset, n) - from);
	}
}

/* The bytes behind the data in its last unit: zeros where Windows wrote. */
static void look_at_padding(struct job *j, uint64_t offset, size_t n)
{
	uint64_t pad = j->cipher_end - min64(j->data_end, j->cipher_end);

	if (offset + n != j->cipher_end || !pad)
		return;
	j->proof->padding = pad;
	j->proof->padding_zero = all_zero(j->plain + n - pad, pad);
}

static enum status decrypt_piece(struct job *j, uint64_t offset, uint64_t at,
                                 size_t n, struct error *err)
{
	struct proof *proof = j->proof;
	uint64_t lost = proof->lost;
	guint first = proof->missing->len;
	struct error recode;
	enum status st;

	read_pieces(j, offset, at, n);
	st = cipher_decrypt(j->c, j->plain, j->cipher, n, offset, err);
	if (st)
		return st;
	proof->decrypted += n;
	if (cipher_check(j->c, j->plain, j->cipher, j->work, n, offset,
	                 &recode))
		proof->recoded = false;
	if (lost == proof->lost)
		look_at_padding(j, offset, n);
	else
		blank_missing(j, offset, n, first);
	n = (size_t)min64(n, j->data_end - offset);
	j->pos = offset + n;
	return j->sink->write(j->sink->ctx, j->plain, n, err);
}

static enum status skip_to(struct job *j, uint64_t pos, struct error *err)
{
	uint64_t n = pos - j->pos;

	j->pos = pos;
	return n ? j->sink->zeros(j->sink->ctx, n, err) : OK;
}

/* A part of the data for which the file has no extent at all. */
static enum status skip_gap(struct job *j, uint64_t pos, struct error *err)
{
	if (pos <= j->pos)
		return OK;
	note_missing(j->proof, j->pos, pos - j->pos);
	return skip_to(j, pos, err);
}

/*
 * Windows encrypts whole clusters, so the units behind the last one of the
 * data often hold encrypted zeros too: evidence where the data ends on a unit.
 */
static void look_at_slack(struct job *j, const struct extent *e)
{
	uint64_t end = min64(round_up(j->cipher_end, j->in->cluster),
	                     min64(e->offset + e->n, j->stored));
	uint64_t n = end > j->cipher_end ? end - j->cipher_end : 0;
	uint64_t at = e->at + (j->cipher_end - e->offset);
	struct error ignored;
	size_t zeros = 0;

	n = min64(n - n % EFS_UNIT, 64 * 1024);
	if (!n || !j->data_end ||
	    j->in->read(j->in->read_ctx, at, j->cipher, n, &ignored) ||
	    cipher_decrypt(j->c, j->plain, j->cipher, n, j->cipher_end,
	                   &ignored))
		return;
	while (zeros < n && all_zero(j->plain + zeros, EFS_UNIT))
		zeros += EFS_UNIT;
	j->proof->slack = zeros;
}

static enum status decrypt_extent(struct job *j, const struct extent *e,
                                  struct error *err)
{
	uint64_t end = min64(e->offset + e->n, j->cipher_end);
	enum status st = skip_gap(j, min64(e->offset, j->data_end), err);

	if (st || e->offset >= j->data_end)
		return st;
	if (e->at == EXTENT_HOLE) /* needs no ciphertext */
		return skip_to(j, min64(e->offset + e->n, j->data_end), err);
	for (uint64_t pos = e->offset; pos < end && !st;) {
		size_t n = (size_t)min64(end - pos, PIECE);

		st = decrypt_piece(j, pos, e->at + (pos - e->offset), n, err);
		pos += n;
	}
	if (!st && end == j->cipher_end && end >= j->data_end)
		look_at_slack(j, e);
	return st;
}

static enum status decrypt_all(struct job *j, struct error *err)
{
	enum status st = OK;

	for (size_t i = 0; i < j->in->n && !st; i++)
		st = decrypt_extent(j, &j->in->extents[i], err);
	if (!st)
		st = skip_gap(j, j->data_end, err);
	if (!st)
		st = skip_to(j, j->in->size, err);
	return st;
}

enum status decrypt_stream(struct proof *proof, struct cipher *c,
                           const struct ciphertext *in, const struct sink *sink,
                           struct error *err)
{
	struct job j = { .proof = proof, .c = c, .in = in, .sink = sink };
	enum status st = OK;
	uint8_t *buf;

	*proof = (struct proof){ .padding_zero = true, .recoded = true };
	proof->missing = g_array_new(FALSE, FALSE, sizeof(struct missing));
	j.data_end = min64(in->size, in->initialized);
	j.stored = in->stored ? in->stored : UINT64_MAX;
	j.cipher_end = round_up(j.data_end, EFS_UNIT);
	if (j.stored < j.cipher_end)
		j.cipher_end = j.stored - j.stored % c->block;
	buf = g_try_malloc(3 * PIECE);
	if (!buf)
		return fail(err, E_NOMEM, 0, "buffers for a stream");
	j.cipher = buf;
	j.plain = buf + PIECE;
	j.work = buf + 2 * PIECE;
	st = decrypt_all(&j, err);
	g_free(buf);
	return st;
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
