/* SPDX-License-Identifier: MIT */
/*
 * snapshots.c - the shadow copies of an NTFS volume, through libvshadow
 */
#include "analyzer/snapshots.h"
#include "analyzer/say.h"
#include "analyzer/snapshots_catalog.h"
#include "analyzer/spot.h"
#include "recovery/origin.h"

#include <libvshadow.h>
#include <string.h>

/* A volume as libvshadow has it: all its shadow copies share it. */
struct vault {
	gint refs;
	GMutex lock;           /* of all calls that lead to it */
	struct source *mended; /* what is under it; or NULL; owned */
	libbfio_handle_t *io;
	libvshadow_volume_t *volume;
};

/* One shadow copy: the context of its layer's reader. */
struct view {
	struct vault *vault;
	libvshadow_store_t *store;
	uint64_t base; /* the volume's offset in the evidence */
	char label[ORIGIN_LABEL];
};

/* --------------------------------------------------------------- vault */

static void vault_unref(struct vault *vault)
{
	if (!g_atomic_int_dec_and_test(&vault->refs))
		return;
	if (vault->volume) {
		(void)libvshadow_volume_close(vault->volume, NULL);
		(void)libvshadow_volume_free(&vault->volume, NULL);
	}
	if (vault->io)
		(void)libbfio_handle_free(&vault->io, NULL);
	source_free(vault->mended);
	g_mutex_clear(&vault->lock);
	g_free(vault);
}

/* ---------------------------------------------------------- boot sector */

#define BOOT_SIZE 512u

/* A volume with its backup in the place of its damaged boot sector. */
struct mended {
	struct source *under;
	uint64_t offset; /* of the volume */
	uint8_t boot[BOOT_SIZE];
};

static enum status mended_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                               struct error *err)
{
	const struct mended *m = ctx;
	uint64_t end = m->offset + BOOT_SIZE;
	size_t first = at < end ? (size_t)MIN(n, end - at) : 0;

	if (at < m->offset)
		return source_read(m->under, at, buf, n, err);
	memcpy(buf, m->boot + (first ? at - m->offset : 0), first);
	return first == n ? OK
	                  : source_read(m->under, at + first, buf + first,
	                                n - first, err);
}

/* libvshadow looks at the boot sector on its own, and believes it: it divides
   by what a damaged one says. */
static enum status mend(struct vault *vault, const struct volume *v,
                        struct error *err)
{
	struct mended *m = g_new0(struct mended, 1);
	const struct reader reader = {
		.read = mended_read,
		.free = g_free,
		.ctx = m,
		.size = v->s->size,
		.shared = true,
	};

	m->under = v->s;
	m->offset = v->offset;
	if (source_read(v->s, v->offset + v->boot.sectors * v->boot.sector,
	                m->boot, BOOT_SIZE, err)) {
		g_free(m);
		return err->status;
	}
	vault->mended = source_layer(&reader, "mended", v->s, false);
	return OK;
}

/* ---------------------------------------------------------------- opening */

static enum status vault_new(struct vault **out, const struct volume *v,
                             struct error *err)
{
	uint64_t left = v->s->size - v->offset;
	struct vault *vault = g_new0(struct vault, 1);

	*out = NULL;
	vault->refs = 1;
	g_mutex_init(&vault->lock);
	if ((v->backup && mend(vault, v, err)) ||
	    source_handle(&vault->io, vault->mended ? vault->mended : v->s,
	                  v->offset, MIN(v->size, left), err)) {
		vault_unref(vault);
		return err->status;
	}
	if (libvshadow_volume_initialize(&vault->volume, NULL) != 1 ||
	    libvshadow_volume_open_file_io_handle(vault->volume, vault->io,
	                                          LIBVSHADOW_OPEN_READ,
	                                          NULL) != 1) {
		vault_unref(vault);
		return fail(err, E_CORRUPT, v->offset + VSS_HEADER_AT,
		            "the catalog of the shadow copies cannot be read");
	}
	*out = vault;
	return OK;
}

/* The store of this identifier; false if libvshadow has none. */
static bool vault_store(struct vault *vault, const struct shadow *s,
                        libvshadow_store_t **store)
{
	uint8_t id[VSS_ID_SIZE];
	int n = 0;

	if (libvshadow_volume_get_number_of_stores(vault->volume, &n, NULL) !=
	    1)
		return false;
	for (int i = 0; i < n; i++) {
		if (libvshadow_volume_get_store_identifier(
			    vault->volume, i, id, sizeof(id), NULL) != 1 ||
		    memcmp(id, s->id, sizeof(id)) != 0)
			continue;
		return libvshadow_volume_get_store(vault->volume, i, store,
		                                   NULL) == 1;
	}
	return false;
}

/* --------------------------------------------------------------- reader */

static enum status read_view(struct view *view, uint64_t at, uint8_t *buf,
                             size_t n, struct error *err)
{
	uint64_t from = at - view->base;

	while (n) {
		ssize_t done = libvshadow_store_read_buffer_at_offset(
			view->store, buf, n, (off64_t)from, NULL);

		if (done <= 0 || (size_t)done > n)
			return fail(err, E_IO, view->base + from,
			            "the shadow copy cannot be read here");
		buf += done;
		from += (uint64_t)done;
		n -= (size_t)done;
	}
	return OK;
}

/* Block by block, but for those that are not to be read. */
static enum status read_blocks(struct view *view, uint64_t at, uint8_t *buf,
                               size_t n, struct error *err)
{
	enum status st = OK;

	while (!st && n) {
		uint64_t in = (at - view->base) % VSS_BLOCK_SIZE;
		size_t part = (size_t)MIN(n, VSS_BLOCK_SIZE - in);

		st = spot_enter(SPOT_BLOCK, view->label, at - in, err);
		if (st)
			break;
		st = read_view(view, at, buf, part, err);
		spot_leave();
		at += part;
		buf += part;
		n -= part;
	}
	return st;
}

static enum status read_all(struct view *view, uint64_t at, uint8_t *buf,
                            size_t n, struct error *err)
{
	enum status st;

	if (spots_careful())
		return read_blocks(view, at, buf, n, err);
	spot_push(SPOT_BLOCKS, view->label, at);
	st = read_view(view, at, buf, n, err);
	spot_leave();
	return st;
}

static enum status view_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	struct view *view = ctx;
	enum status st;

	if (at < view->base)
		return fail(err, E_TRUNCATED, at,
		            "this is before the shadow copy's volume");
	g_mutex_lock(&view->vault->lock);
	st = read_all(view, at, buf, n, err);
	g_mutex_unlock(&view->vault->lock);
	return st;
}

static void view_free(void *ctx)
{
	struct view *view = ctx;

	g_mutex_lock(&view->vault->lock);
	(void)libvshadow_store_free(&view->store, NULL);
	g_mutex_unlock(&view->vault->lock);
	vault_unref(view->vault);
	g_free(view);
}

static void put_layer(struct volume *v, struct vault *vault,
                      libvshadow_store_t *store)
{
	struct view *view = g_new0(struct view, 1);
	const struct reader reader = {
		.read = view_read,
		.free = view_free,
		.ctx = view,
		.size = v->offset + v->size,
	};

	g_atomic_int_inc(&vault->refs);
	*view = (struct view){ vault, store, v->offset, "" };
	origin_label(view->label, v->number, v->snapshot);
	volume_put_layer(v, source_layer(&reader, "shadow copy", v->s, false));
}

/* ----------------------------------------------------------------- list */

/* A shadow copy shows what later ones kept, too. */
static const struct error *first_gap(const struct catalog *c, guint from)
{
	static const struct error elsewhere = {
		.status = E_ABSENT,
		.what = "the data of this shadow copy is not on its own volume "
			"but on another, which is not supported",
	};
	static const struct error later = {
		.status = E_ABSENT,
		.what = "the data of a later shadow copy, which this one "
			"needs, "
			"is not on its own volume or is damaged",
	};

	for (guint i = from; i < c->shadows->len; i++) {
		const struct shadow *s =
			&g_array_index(c->shadows, struct shadow, i);

		if (s->here && !s->err.status)
			continue;
		if (i > from)
			return &later;
		return s->here ? &s->err : &elsewhere;
	}
	return NULL;
}

static void open_view(struct volume *v, struct vault *vault,
                      const struct shadow *s)
{
	libvshadow_store_t *store = NULL;

	if (v->size > INT64_MAX / 2 || !v->size) {
		(void)fail(&v->err, E_CORRUPT, v->offset,
		           "size of the shadow copy");
	} else if (!vault_store(vault, s, &store)) {
		(void)fail(&v->err, E_CORRUPT, v->offset + s->header,
		           "the shadow copy is damaged: libvshadow does not "
		           "open it");
	} else {
		put_layer(v, vault, store);
		(void)volume_recognise(v);
	}
}

static struct volume *new_volume(const struct volume *v, struct shadow *s,
                                 unsigned number)
{
	struct volume *copy = g_new0(struct volume, 1);

	*copy = (struct volume){
		.number = v->number,
		.snapshot = number,
		.made = s->made,
		.offset = v->offset,
		.size = s->size,
		.s = v->s,
		.description = g_strdup(v->description),
		.facts = s->facts,
		.filesystem = "unreadable",
	};
	s->facts = (struct facts){ 0 };
	return copy;
}

static void add_all(GPtrArray *list, const struct volume *v, struct catalog *c)
{
	struct vault *vault = NULL;
	struct error closed = { 0 };

	(void)!vault_new(&vault, v, &closed);
	for (guint i = 0; i < c->shadows->len; i++) {
		struct shadow *s = &g_array_index(c->shadows, struct shadow, i);
		struct volume *copy = new_volume(v, s, i + 1);
		const struct error *gap = first_gap(c, i);

		if (gap || !vault)
			copy->err = gap ? *gap : closed;
		else
			open_view(copy, vault, s);
		g_ptr_array_add(list, copy);
	}
	if (vault)
		vault_unref(vault);
}

static void add_facts(struct volume *v, const struct catalog *c)
{
	if (c->shadows->len)
		facts_addf(&v->facts, "shadow copies", "%u", c->shadows->len);
	if (c->others)
		facts_addf(&v->facts, "shadow copies of other volumes",
		           "data of %u", c->others);
}

enum status snapshots_find(GPtrArray **out, struct volume *v, struct error *err)
{
	struct catalog c;
	enum status st;

	*out = g_ptr_array_new_with_free_func(volume_free);
	st = catalog_read(&c, v, err);
	if (c.shadows->len)
		add_all(*out, v, &c);
	add_facts(v, &c);
	catalog_release(&c);
	return st == E_ABSENT ? OK : st;
}

const char *snapshots_library_version(void)
{
	return libvshadow_get_version();
}
