/* SPDX-License-Identifier: MIT */
/*
 * same.c - streams that are the same in several views of a volume
 */
#include "analyzer/same.h"

#include <string.h>

/* Bytes of both that are compared at once. */
#define PIECE (UINT32_C(1) << 18)

/* One that was recovered, and how its bytes are had again. */
struct kept {
	struct sameness what;
	enum status (*read)(void *ctx, uint64_t at, uint8_t *buf, size_t n,
	                    struct error *err);
	void *read_ctx;
};

struct same {
	GHashTable *table; /* digest to GPtrArray of struct kept * */
	GMutex lock;       /* of the table; what is kept, stays as it is */
};

static void kept_free(void *p)
{
	struct kept *k = p;

	g_free(k->what.reason);
	g_free(k->what.output);
	for (unsigned i = 0; i < HASHES; i++)
		g_free(k->what.hash[i]);
	g_free(k);
}

static void free_list(void *list)
{
	g_ptr_array_free(list, TRUE);
}

struct same *same_new(void)
{
	struct same *same = g_new0(struct same, 1);

	g_mutex_init(&same->lock);
	same->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                                    free_list);
	return same;
}

void same_free(struct same *same)
{
	if (!same)
		return;
	g_hash_table_destroy(same->table);
	g_mutex_clear(&same->lock);
	g_free(same);
}

/* ------------------------------------------------------------ the digest */

static void add(GChecksum *sum, const void *p, size_t n)
{
	uint64_t length = n;

	g_checksum_update(sum, (const void *)&length, sizeof(length));
	if (n)
		g_checksum_update(sum, p, (gssize)n);
}

static void add_text(GChecksum *sum, const char *text)
{
	add(sum, text, text ? strlen(text) + 1 : 0);
}

static void add_layout(GChecksum *sum, const struct stream *s)
{
	const uint64_t sizes[] = { s->flags, s->resident, s->allocated, s->size,
		                   s->initialized };
	guint n = s->extents.list ? s->extents.list->len : 0;

	add(sum, sizes, sizeof(sizes));
	if (s->value)
		add(sum, s->value->data, s->value->len);
	for (guint i = 0; i < n; i++) {
		const struct extent *e =
			&g_array_index(s->extents.list, struct extent, i);
		const uint64_t run[] = { e->offset, e->at, e->n };

		add(sum, run, sizeof(run));
	}
}

/* All that has to be equal but the clusters. */
static char *digest(const struct place *place, const struct object *o,
                    const struct stream *s)
{
	const uint64_t numbers[] = { o->mft, o->sequence, o->deleted,
		                     o->cluster };
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	char *text;

	add_text(sum, place->evidence);
	add(sum, place->volume, strcspn(place->volume, "."));
	add(sum, numbers, sizeof(numbers));
	add(sum, o->efs->data, o->efs->len);
	add_text(sum, s->name);
	add_layout(sum, s);
	text = g_strdup(g_checksum_get_string(sum));
	g_checksum_free(sum);
	return text;
}

/* --------------------------------------------------------- the clusters */

struct pair {
	const struct kept *kept;
	const struct object *o;
	uint8_t *buf; /* two pieces; owned */
};

static bool same_run(struct pair *pair, uint64_t at, uint64_t n)
{
	struct error ignored;

	for (uint64_t done = 0; done < n; done += PIECE) {
		size_t part = (size_t)MIN(n - done, PIECE);

		if (pair->kept->read(pair->kept->read_ctx, at + done, pair->buf,
		                     part, &ignored) ||
		    pair->o->read(pair->o->read_ctx, at + done,
		                  pair->buf + PIECE, part, &ignored) ||
		    memcmp(pair->buf, pair->buf + PIECE, part) != 0)
			return false;
	}
	return true;
}

/* Up to the end of the last cluster: what is behind the data proves it. */
static bool same_clusters(const struct kept *kept, const struct object *o,
                          const struct stream *s)
{
	struct pair pair = { kept, o, g_malloc((gsize)2 * PIECE) };
	uint64_t cluster = MAX(o->cluster, 1);
	uint64_t end = MIN(s->size, s->initialized);
	bool same = true;

	end += (cluster - end % cluster) % cluster;
	for (guint i = 0; s->extents.list && i < s->extents.list->len; i++) {
		const struct extent *e =
			&g_array_index(s->extents.list, struct extent, i);

		if (!same || e->offset >= end)
			break;
		if (e->at != EXTENT_HOLE)
			same = same_run(&pair, e->at,
			                MIN(e->n, end - e->offset));
	}
	g_free(pair.buf);
	return same;
}

/* ----------------------------------------------------------- find, keep */

/* Those of this digest; to be freed. */
static GPtrArray *candidates(struct same *same, const char *key)
{
	GPtrArray *list;

	g_mutex_lock(&same->lock);
	list = g_hash_table_lookup(same->table, key);
	list = list ? g_ptr_array_copy(list, NULL, NULL) : g_ptr_array_new();
	g_mutex_unlock(&same->lock);
	g_ptr_array_set_free_func(list, NULL);
	return list;
}

const struct sameness *same_find(struct same *same, const struct place *place,
                                 const struct object *o, const struct stream *s)
{
	const struct sameness *found = NULL;
	GPtrArray *list;
	char *key;

	if (!place->history)
		return NULL;
	key = digest(place, o, s);
	list = candidates(same, key);
	g_free(key);
	/* The last one is the next of kin. */
	for (guint i = list->len; i > 0 && !found; i--) {
		const struct kept *k = list->pdata[i - 1];

		if (strcmp(k->what.volume, place->volume) != 0 &&
		    same_clusters(k, o, s))
			found = &k->what;
	}
	g_ptr_array_free(list, TRUE);
	return found;
}

void same_keep(struct same *same, const struct place *place,
               const struct object *o, const struct stream *s,
               const struct sameness *what)
{
	GPtrArray *list;
	struct kept *k;
	char *key;

	if (!place->history)
		return;
	k = g_new0(struct kept, 1);
	*k = (struct kept){
		.what = { .volume = place->volume,
		          .outcome = what->outcome,
		          .reason = g_strdup(what->reason),
		          .output = g_strdup(what->output) },
		.read = o->read,
		.read_ctx = o->read_ctx,
	};
	for (unsigned i = 0; i < HASHES; i++)
		k->what.hash[i] = g_strdup(what->hash[i]);
	key = digest(place, o, s);
	g_mutex_lock(&same->lock);
	list = g_hash_table_lookup(same->table, key);
	if (!list) {
		list = g_ptr_array_new_with_free_func(kept_free);
		g_hash_table_insert(same->table, g_strdup(key), list);
	}
	g_ptr_array_add(list, k);
	g_mutex_unlock(&same->lock);
	g_free(key);
}
