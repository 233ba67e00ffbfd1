/* SPDX-License-Identifier: MIT */
/*
 * stream.c - put one $DATA stream on the volume: clusters, bytes, flags
 */
#include "tests/generator/stream.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 20 };

struct writer {
	struct stream *s;
	ntfs_attr *na;
	struct cipher *cipher; /* NULL where no bytes are encrypted */
	gcry_md_hd_t sha;
	FILE *out;
	uint64_t end; /* of what is written: whole units */
	uint8_t *p;
};

static uint64_t round_up(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) / unit * unit;
}

/* ------------------------------------------------------------------ bytes */

static void blank(struct writer *w, uint64_t off, size_t n, uint64_t from,
                  uint64_t to)
{
	uint64_t a = from > off ? from : off;
	uint64_t b = to < off + n ? to : off + n;

	if (a < b)
		memset(w->p + (a - off), 0, (size_t)(b - a));
}

/* What a reader must see: zeros in holes and beyond the initialised size. */
static void fill_plain(struct writer *w, uint64_t off, size_t n)
{
	const struct layout *l = &w->s->layout;

	if (w->s->zero_cipher) {
		memset(w->p, 0, n);
		cipher_decrypt(w->cipher, off, w->p, n);
	} else {
		content_read(&w->s->content, off, w->p, n);
	}
	blank(w, off, n, w->s->valid, UINT64_MAX);
	for (size_t i = 0; i < l->n_holes; i++)
		blank(w, off, n, l->holes[i].at,
		      l->holes[i].at + l->holes[i].len);
}

static void show(struct writer *w, uint64_t off, size_t n)
{
	if (off >= w->s->size)
		return;
	if (n > w->s->size - off)
		n = (size_t)(w->s->size - off);
	gcry_md_write(w->sha, w->p, n);
	if (w->out && fwrite(w->p, 1, n, w->out) != n)
		die("cannot write the expected plaintext");
}

/* Stale bytes: from the end of what counts to the end of the unit. */
static void dirty(struct writer *w, uint64_t off, size_t n, uint64_t from,
                  uint64_t to)
{
	uint64_t a = from > off ? from : off;
	uint64_t b = to < off + n ? to : off + n;

	if (a < b)
		noise(seed_of("stale", ""), a, w->p + (a - off),
		      (size_t)(b - a));
}

/* From what is seen to what is stored. */
static void store_form(struct writer *w, uint64_t off, size_t n)
{
	const struct stream *s = w->s;
	uint64_t valid = round_up(s->valid, UNIT);

	if (s->has_given) {
		content_read(&s->given, off, w->p, n);
		return;
	}
	if (s->padding == PAD_RANDOM)
		dirty(w, off, n, s->size, round_up(s->size, UNIT));
	if (s->valid < s->size)
		dirty(w, off, n, s->valid, valid);
	if (w->cipher)
		cipher_encrypt(w->cipher, off, w->p, n);
	if (s->valid < s->size)
		dirty(w, off, n, valid, UINT64_MAX);
	if (s->unwritten_slack)
		dirty(w, off, n, round_up(s->size, UNIT), UINT64_MAX);
}

static bool in_hole(const struct layout *l, uint64_t off, size_t n)
{
	for (size_t i = 0; i < l->n_holes; i++)
		if (l->holes[i].at <= off &&
		    off + n <= l->holes[i].at + l->holes[i].len)
			return true;
	return false;
}

static void put_chunk(struct writer *w, uint64_t off, size_t n)
{
	bool hole = in_hole(&w->s->layout, off, n);

	if (hole)
		memset(w->p, 0, n);
	else
		fill_plain(w, off, n);
	show(w, off, n);
	if (hole || w->s->zero_cipher)
		return;
	store_form(w, off, n);
	if (ntfs_rl_pwrite(w->na->ni->vol, w->na->rl, 0, (s64)off, (s64)n,
	                   w->p) != (s64)n)
		die("cannot write clusters: %s", strerror(errno));
}

static void put_resident(struct writer *w)
{
	s64 n = (s64)w->s->size;

	if (n > CHUNK)
		die("too much for a resident stream");
	fill_plain(w, 0, (size_t)n);
	show(w, 0, (size_t)n);
	if (ntfs_attr_pwrite(w->na, 0, n, w->p) != n)
		die("cannot write a resident stream: %s", strerror(errno));
	if (NAttrNonResident(w->na))
		die("%lld bytes do not stay resident", (long long)n);
}

/* --------------------------------------------------------------- attribute */

static void make_non_resident(ntfs_attr *na)
{
	ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(na->ni, NULL);

	if (!ctx || ntfs_attr_lookup(na->type, na->name, na->name_len,
	                             CASE_SENSITIVE, 0, NULL, 0, ctx))
		die("a stream is lost: %s", strerror(errno));
	if (!ctx->attr->non_resident && ntfs_attr_make_non_resident(na, ctx))
		die("cannot move a stream out: %s", strerror(errno));
	ntfs_attr_put_search_ctx(ctx);
}

static ntfs_attr *open_stream(ntfs_inode *ni, struct stream *s)
{
	ntfs_attr *na;

	if (s->name.n &&
	    ntfs_attr_add(ni, AT_DATA, s->name.u, s->name.n, NULL, 0))
		die("cannot add a stream: %s", strerror(errno));
	na = ntfs_attr_open(ni, AT_DATA, s->name.n ? s->name.u : AT_UNNAMED,
	                    s->name.n);
	if (!na)
		die("cannot open a stream: %s", strerror(errno));
	return na;
}

static void put_clusters(struct writer *w)
{
	make_non_resident(w->na);
	w->s->layout.size =
		round_up(w->s->layout.size, w->na->ni->vol->cluster_size);
	layout_make(w->na, &w->s->layout);
	w->end = round_up(w->s->size, UNIT);
	if (w->s->padding == PAD_CLUSTER || w->s->unwritten_slack)
		w->end = w->s->layout.size;
	for (uint64_t off = 0; off < w->end; off += CHUNK) {
		uint64_t left = w->end - off;

		put_chunk(w, off, left < CHUNK ? (size_t)left : CHUNK);
	}
}

void stream_write(ntfs_inode *ni, struct stream *s, const struct fek *fek,
                  FILE *out, uint8_t sha256[32])
{
	struct writer w = { .s = s, .out = out };

	w.p = xmalloc(CHUNK);
	if (gcry_md_open(&w.sha, GCRY_MD_SHA256, 0))
		die("no SHA-256");
	if (s->encrypted && fek->alg)
		w.cipher = cipher_new(fek);
	w.na = open_stream(ni, s);
	(s->resident ? put_resident : put_clusters)(&w);
	ntfs_attr_close(w.na);
	memcpy(sha256, gcry_md_read(w.sha, GCRY_MD_SHA256), 32);
	gcry_md_close(w.sha);
	cipher_free(w.cipher);
	free(w.p);
}

/* -------------------------------------------------------------------- seal */

static void seal_sizes(ntfs_inode *ni, ATTR_RECORD *a, const struct stream *s)
{
	a->data_size = cpu_to_le64(s->size);
	a->initialized_size = cpu_to_le64(s->valid);
	if (s->name.n)
		return;
	/* For the copies in the parent's index. */
	ni->data_size = (s64)s->size;
	ni->allocated_size = (s64)le64_to_cpu(a->allocated_size);
}

static void seal_record(ntfs_inode *ni, ATTR_RECORD *a, const struct stream *s)
{
	if (s->has_flags)
		a->flags = cpu_to_le16(s->flags);
	else if (s->encrypted)
		a->flags |= ATTR_IS_ENCRYPTED;
	if (a->non_resident && !a->lowest_vcn)
		seal_sizes(ni, a, s);
}

void stream_seal(ntfs_inode *ni, const struct stream *s)
{
	const ntfschar *name = s->name.n ? s->name.u : AT_UNNAMED;
	ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);
	unsigned found = 0;

	if (!ctx)
		die("cannot look at a record");
	/* Every extent of the attribute comes in turn. */
	while (!ntfs_attr_lookup(AT_DATA, name, s->name.n, CASE_SENSITIVE, 0,
	                         NULL, 0, ctx)) {
		seal_record(ni, ctx->attr, s);
		ntfs_inode_mark_dirty(ctx->ntfs_ino);
		found++;
	}
	if (!found)
		die("a stream is lost");
	ntfs_attr_put_search_ctx(ctx);
}
