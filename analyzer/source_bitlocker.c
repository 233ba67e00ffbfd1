/* SPDX-License-Identifier: MIT */
/*
 * source_bitlocker.c - the plain side of a BitLocker volume, as a reader
 */
#include "analyzer/source_bitlocker.h"

#include "parsers/limits.h"
#include "recovery/bitlocker_mixed.h"

#include <string.h>

/*
 * Vista: so much from the start is never encrypted; but the signature and the
 * place of $MFTMirr are BitLocker's.  No sample is known [?].
 */
#define VISTA_PLAIN    8192u
#define VISTA_BOOT     512u
#define SIGNATURE_OFF  3u
#define SIGNATURE_SIZE 8u
#define MIRROR_OFF     56u

struct layer {
	struct source *under;
	uint64_t offset, size;
	struct bitlocker_meta meta; /* borrows nothing: ranges are empty */
	uint64_t areas[BITLOCKER_COPIES];
	uint32_t sector;
	bool mixed; /* which sectors are encrypted is not known */
	struct bitlocker_keys keys;
	GMutex lock;
	GPtrArray *idle; /* of struct bitlocker_cipher *; of the lock */
};

/* ----------------------------------------------------- a cipher per thread */

static void free_cipher(void *cipher)
{
	bitlocker_cipher_release(cipher);
	g_free(cipher);
}

static enum status take_cipher(struct layer *l, struct bitlocker_cipher **out,
                               struct error *err)
{
	*out = NULL;
	g_mutex_lock(&l->lock);
	if (l->idle->len)
		*out = g_ptr_array_steal_index_fast(l->idle, l->idle->len - 1);
	g_mutex_unlock(&l->lock);
	if (*out)
		return OK;
	*out = g_new0(struct bitlocker_cipher, 1);
	if (!bitlocker_cipher_init(*out, &l->keys, l->sector, err))
		return OK;
	g_free(*out);
	*out = NULL;
	return err->status;
}

static void give_cipher(struct layer *l, struct bitlocker_cipher *cipher)
{
	g_mutex_lock(&l->lock);
	g_ptr_array_add(l->idle, cipher);
	g_mutex_unlock(&l->lock);
}

/* ----------------------------------------------------- what is where */

enum span_kind { SPAN_PLAIN, SPAN_CIPHER, SPAN_ZERO };

/* Bytes of the volume that are read in one way; `at` is where they lie. */
struct span {
	enum span_kind kind;
	uint64_t at, n;
};

/* Up to the next of BitLocker's own areas, or to the end of this one. */
static void cut_area(struct span *s, uint64_t from, uint64_t size)
{
	if (!size || from >= s->at + s->n)
		return;
	if (s->at < from) {
		s->n = from - s->at;
	} else if (s->at - from < size) {
		s->kind = SPAN_ZERO;
		s->n = MIN(s->n, size - (s->at - from));
	}
}

static struct span span_at(const struct layer *l, uint64_t at, uint64_t n)
{
	const struct bitlocker_meta *m = &l->meta;
	uint64_t area = m->version == 1 ? BITLOCKER_AREA_VISTA : BITLOCKER_AREA;
	struct span s = { SPAN_CIPHER, at, n };

	if (m->version == 1 && at < VISTA_PLAIN) {
		s.kind = SPAN_PLAIN;
		s.n = MIN(n, VISTA_PLAIN - at);
		return s;
	}
	if (at < m->header_size) {
		s.at = m->header_at + at;
		s.n = MIN(n, m->header_size - at);
	} else {
		for (unsigned i = 0; i < BITLOCKER_COPIES; i++)
			cut_area(&s, l->areas[i], l->areas[i] ? area : 0);
		cut_area(&s, m->header_at, m->header_size);
	}
	if (s.kind == SPAN_ZERO)
		return s;
	if (s.at >= m->encrypted)
		s.kind = SPAN_PLAIN;
	else
		s.n = MIN(s.n, m->encrypted - s.at);
	return s;
}

/* ----------------------------------------------------------------- reading */

static enum status read_sectors(struct layer *l, struct bitlocker_cipher *c,
                                uint64_t at, uint8_t *buf, size_t n,
                                struct error *err)
{
	if (source_read(l->under, l->offset + at, buf, n, err))
		return err->status;
	return bitlocker_decrypt(c, buf, n, at, err);
}

/* As much of it as can be read in one go: *n says how much that was. */
static enum status read_cipher(struct layer *l, struct bitlocker_cipher *c,
                               uint64_t at, uint8_t *buf, size_t *n,
                               struct error *err)
{
	uint8_t one[LIMIT_SECTOR_SIZE];
	size_t skip = (size_t)(at % l->sector);

	if (!skip && *n >= l->sector) {
		*n -= *n % l->sector;
		return read_sectors(l, c, at, buf, *n, err);
	}
	*n = MIN(*n, l->sector - skip);
	if (read_sectors(l, c, at - skip, one, l->sector, err))
		return err->status;
	memcpy(buf, one + skip, *n);
	return OK;
}

/* The group that `at` is in, and so much of it as was asked for. */
static enum status read_mixed(struct layer *l, struct bitlocker_cipher *c,
                              uint64_t at, uint8_t *buf, size_t *n,
                              struct error *err)
{
	size_t skip = (size_t)(at % BITLOCKER_GROUP);
	uint64_t from = at - skip;
	size_t size = (size_t)MIN(BITLOCKER_GROUP, l->size - from);
	uint8_t *group = g_malloc((gsize)2 * BITLOCKER_GROUP);
	enum status st;

	*n = MIN(*n, size - skip);
	st = source_read(l->under, l->offset + from, group, size, err);
	if (!st)
		st = bitlocker_decrypt_mixed(c, group, group + size, size, from,
		                             err);
	if (!st)
		memcpy(buf, group + skip, *n);
	g_free(group);
	return st;
}

static enum status read_span(struct layer *l, struct bitlocker_cipher *c,
                             const struct span *s, uint8_t *buf, size_t *n,
                             struct error *err)
{
	*n = (size_t)s->n;
	switch (s->kind) {
	case SPAN_ZERO:
		memset(buf, 0, *n);
		return OK;
	case SPAN_PLAIN:
		return source_read(l->under, l->offset + s->at, buf, *n, err);
	case SPAN_CIPHER:
		if (l->mixed)
			return read_mixed(l, c, s->at, buf, n, err);
		return read_cipher(l, c, s->at, buf, n, err);
	default:
		g_assert_not_reached();
	}
}

/* What of `patch`, which belongs at `where`, is in the buffer. */
static void overlay(uint8_t *buf, uint64_t at, size_t n, uint64_t where,
                    const uint8_t *patch, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (where + i >= at && where + i - at < n)
			buf[where + i - at] = patch[i];
}

static void restore_vista(const struct layer *l, uint64_t at, uint8_t *buf,
                          size_t n)
{
	uint8_t mirror[8];

	for (unsigned i = 0; i < 8; i++)
		mirror[i] = (uint8_t)(l->meta.mirror >> (8 * i));
	overlay(buf, at, n, SIGNATURE_OFF, (const uint8_t *)"NTFS    ",
	        SIGNATURE_SIZE);
	overlay(buf, at, n, MIRROR_OFF, mirror, sizeof(mirror));
}

/* Of the volume. */
static enum status read_volume(struct layer *l, struct bitlocker_cipher *c,
                               uint64_t at, uint8_t *buf, size_t n,
                               struct error *err)
{
	size_t done = 0;

	while (done < n) {
		struct span s = span_at(l, at + done, n - done);
		size_t part;

		if (read_span(l, c, &s, buf + done, &part, err))
			return err->status;
		done += part;
	}
	if (l->meta.version == 1 && at < VISTA_BOOT)
		restore_vista(l, at, buf, n);
	return OK;
}

static enum status layer_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                              struct error *err)
{
	struct layer *l = ctx;
	struct bitlocker_cipher *cipher;
	size_t before = 0;
	enum status st = OK;

	if (at < l->offset) {
		before = (size_t)MIN(n, l->offset - at);
		st = source_read(l->under, at, buf, before, err);
	}
	if (st || before == n)
		return st;
	if (take_cipher(l, &cipher, err))
		return err->status;
	st = read_volume(l, cipher, at + before - l->offset, buf + before,
	                 n - before, err);
	give_cipher(l, cipher);
	return st;
}

static void layer_free(void *ctx)
{
	struct layer *l = ctx;

	g_ptr_array_unref(l->idle);
	bitlocker_keys_release(&l->keys);
	g_mutex_clear(&l->lock);
	g_free(l);
}

/* ------------------------------------------------------------------- opening
 */

static enum status judge(const struct bitlocker_volume *v, struct error *err)
{
	const struct bitlocker_meta *m = &v->meta;

	if (m->header_size > v->size || m->header_at > v->size - m->header_size)
		return fail(err, E_CORRUPT, m->all.at + 0x38,
		            "moved BitLocker volume header beyond the end");
	return OK;
}

static struct layer *layer_new(const struct bitlocker_volume *v,
                               struct bitlocker_keys *keys)
{
	struct layer *l = g_new0(struct layer, 1);

	l->under = v->under;
	l->offset = v->offset;
	l->size = v->size;
	l->sector = v->header.sector_size;
	l->mixed = v->header.on_write;
	l->meta = (struct bitlocker_meta){
		.version = v->meta.version,
		.encrypted = v->meta.encrypted,
		.header_at = v->meta.header_at,
		.header_size = v->meta.header_size,
		.mirror = v->meta.mirror,
	};
	/* Whole sectors: a count that ends within one is damaged. */
	l->meta.encrypted -= l->meta.encrypted % l->sector;
	for (unsigned i = 0; i < BITLOCKER_COPIES; i++)
		l->areas[i] = v->meta.copies[i] ? v->meta.copies[i]
		                                : v->header.metadata[i];
	bitlocker_keys_move(&l->keys, keys);
	g_mutex_init(&l->lock);
	l->idle = g_ptr_array_new_with_free_func(free_cipher);
	return l;
}

enum status bitlocker_reader(struct reader *out,
                             const struct bitlocker_volume *v,
                             struct bitlocker_keys *keys, struct error *err)
{
	struct bitlocker_cipher *cipher;
	struct layer *l;

	*out = (struct reader){ 0 };
	if (judge(v, err)) {
		bitlocker_keys_release(keys);
		return err->status;
	}
	l = layer_new(v, keys);
	if (take_cipher(l, &cipher, err)) {
		layer_free(l);
		return err->status;
	}
	give_cipher(l, cipher);
	*out = (struct reader){
		.read = layer_read,
		.free = layer_free,
		.ctx = l,
		.size = v->offset + v->size,
		.shared = true,
	};
	return OK;
}
