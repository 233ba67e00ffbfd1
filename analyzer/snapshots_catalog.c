/* SPDX-License-Identifier: MIT */
/*
 * snapshots_catalog.c - which shadow copies a volume has, and where their data
 * is
 */
#include "analyzer/snapshots_catalog.h"
#include "parsers/limits.h"
#include "parsers/text.h"

#include <string.h>

/* A chain of blocks while it is followed. */
struct chain_walk {
	const struct volume *v;
	enum vss_type type;
	uint64_t next;          /* of the block to come; 0: none */
	uint64_t mark;          /* a block of before, to see a loop by */
	uint64_t steps, window; /* since the mark, and when to take another */
	uint8_t *buf;           /* VSS_BLOCK_SIZE; owned */
	struct error err;       /* what ended it early, or OK */
};

static struct chain_walk chain_open(const struct volume *v, enum vss_type type,
                                    uint64_t first)
{
	return (struct chain_walk){
		.v = v,
		.type = type,
		.next = first,
		.window = 1,
		.buf = g_malloc(VSS_BLOCK_SIZE),
	};
}

/* R. P. Brent's: a loop comes back to a mark that is moved at each power of
   two. */
static bool is_loop(struct chain_walk *w, uint64_t place)
{
	if (place == w->mark)
		return true;
	if (++w->steps < w->window)
		return false;
	w->mark = place;
	w->steps = 0;
	w->window *= 2;
	return false;
}

static enum status read_block(struct vss_block *block, struct chain_walk *w,
                              uint64_t place, struct error *err)
{
	uint64_t left = w->v->s->size - w->v->offset;
	struct bytes in = { w->buf, VSS_BLOCK_SIZE, w->v->offset + place };
	enum status st;

	if (place > left || left - place < VSS_BLOCK_SIZE)
		return fail(err, E_CORRUPT, w->v->offset,
		            "a block of the shadow copies is outside of the "
		            "volume");
	st = source_read(w->v->s, in.at, w->buf, in.n, err);
	return st ? st : vss_block_parse(block, in, w->type, err);
}

static bool chain_next(struct vss_block *block, struct chain_walk *w)
{
	uint64_t place = w->next;

	if (!place)
		return false;
	if (is_loop(w, place)) {
		(void)fail(&w->err, E_CORRUPT, w->v->offset + place,
		           "a chain of blocks of the shadow copies is a loop");
		return false;
	}
	if (read_block(block, w, place, &w->err))
		return false;
	w->next = block->next;
	return true;
}

/* Gives back what ended it early. */
static enum status chain_close(struct chain_walk *w, struct error *err)
{
	g_free(w->buf);
	if (w->err.status)
		*err = w->err;
	return w->err.status;
}

static enum status check_chain(const struct volume *v, enum vss_type type,
                               uint64_t first, struct error *err)
{
	struct chain_walk w = chain_open(v, type, first);
	struct vss_block block;

	while (chain_next(&block, &w))
		;
	return chain_close(&w, err);
}

/* ------------------------------------------------------------ its facts */

static void add_id(struct facts *facts, const char *name, struct bytes id)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));

	text_guid(&t, id);
	facts_add(facts, name, buf);
}

static void add_name(struct facts *facts, const char *name, struct bytes utf16)
{
	char *buf = g_malloc(TEXT_UTF16(utf16.n));
	struct text t = text_open(buf, TEXT_UTF16(utf16.n));

	text_utf16(&t, utf16);
	facts_add(facts, name, buf);
	g_free(buf);
}

/* _VSS_SNAPSHOT_CONTEXT of the Windows SDK (vss.h) */
static const char *context_name(uint32_t context)
{
	switch (context) {
	case 0x00:
		return "backup";
	case 0x09:
		return "application rollback";
	case 0x0d:
		return "client accessible, with writers";
	case 0x10:
		return "file share backup";
	case 0x19:
		return "NAS rollback";
	case 0x1d:
		return "client accessible";
	default:
		return NULL;
	}
}

/* _VSS_VOLUME_SNAPSHOT_ATTRIBUTES of the same */
static void add_attributes(struct facts *facts, uint32_t attributes)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} bits[] = {
		{ 0x1, "persistent" },
		{ 0x2, "no auto-recovery" },
		{ 0x4, "client accessible" },
		{ 0x8, "no auto-release" },
		{ 0x10, "no writers" },
		{ 0x20, "transportable" },
		{ 0x40, "not surfaced" },
		{ 0x80, "not transacted" },
		{ 0x10000, "hardware assisted" },
		{ 0x20000, "differential" },
		{ 0x40000, "plex" },
		{ 0x80000, "imported" },
		{ 0x100000, "exposed locally" },
		{ 0x200000, "exposed remotely" },
		{ 0x400000, "auto-recovered" },
		{ 0x800000, "rollback recovery" },
		{ 0x1000000, "delayed post-snapshot" },
		{ 0x2000000, "TxF recovery" },
	};
	GString *s = g_string_new(NULL);

	g_string_append_printf(s, "0x%08x", attributes);
	for (size_t i = 0; i < G_N_ELEMENTS(bits); i++)
		if (attributes & bits[i].bit)
			g_string_append_printf(s, ", %s", bits[i].name);
	facts_add(facts, "attributes", s->str);
	g_string_free(s, TRUE);
}

static void add_info(struct facts *facts, const struct vss_info *info)
{
	const char *context = context_name(info->context);

	add_id(facts, "shadow copy", info->copy);
	add_id(facts, "shadow copy set", info->set);
	if (context)
		facts_add(facts, "type", context);
	else
		facts_addf(facts, "type", "0x%08x", info->context);
	add_attributes(facts, info->attributes);
	add_name(facts, "machine", info->machine);
	if (!bytes_equal(info->service, info->machine))
		add_name(facts, "service machine", info->service);
}

/* --------------------------------------------------------- the catalog */

/* What libvshadow will follow, and what it will read first. */
static enum status check_store(struct shadow *s, const struct volume *v,
                               struct error *err)
{
	struct chain_walk w = chain_open(v, VSS_STORE, s->header);
	struct vss_block block;
	struct vss_info info;
	enum status st = read_block(&block, &w, s->header, err);

	if (!st)
		st = vss_info_parse(&info, &block, err);
	if (!st)
		add_info(&s->facts, &info);
	g_free(w.buf);
	if (!st)
		st = check_chain(v, VSS_BLOCK_LIST, s->list, err);
	if (!st)
		st = check_chain(v, VSS_RANGE_LIST, s->ranges, err);
	if (!st)
		st = check_chain(v, VSS_BITMAP, s->bitmap, err);
	if (!st)
		st = check_chain(v, VSS_BITMAP, s->previous, err);
	return st;
}

static struct shadow *find(GArray *shadows, struct bytes id)
{
	for (guint i = 0; i < shadows->len; i++) {
		struct shadow *s = &g_array_index(shadows, struct shadow, i);

		if (bytes_equal(id, (struct bytes){ s->id, VSS_ID_SIZE, 0 }))
			return s;
	}
	return NULL;
}

static enum status add_shadow(struct catalog *c, const struct vss_entry *e,
                              struct error *err)
{
	struct shadow new = { .size = e->size, .made = e->made };

	if (find(c->shadows, e->id))
		return fail(err, E_CORRUPT, e->id.at,
		            "two shadow copies have one identifier");
	if (c->shadows->len >= LIMIT_SNAPSHOTS)
		return fail(err, E_LIMIT, e->id.at, "number of shadow copies");
	memcpy(new.id, e->id.p, VSS_ID_SIZE);
	add_id(&new.facts, "store", e->id);
	g_array_append_val(c->shadows, new);
	return OK;
}

static void set_store(struct shadow *s, const struct vss_entry *e)
{
	s->here = true;
	s->header = e->header;
	s->list = e->list;
	s->ranges = e->ranges;
	s->bitmap = e->bitmap;
	s->previous = e->previous;
}

static void add_entry(struct catalog *c, const struct vss_entry *e,
                      struct error *err)
{
	struct shadow *s = find(c->shadows, e->id);

	if (!e->store)
		(void)!add_shadow(c, e, err);
	else if (s)
		set_store(s, e);
	else
		c->others++;
}

/* One pass over the catalog: of the shadow copies, or of their stores. */
static enum status walk_catalog(struct catalog *c, const struct volume *v,
                                uint64_t first, bool stores, struct error *err)
{
	struct chain_walk w = chain_open(v, VSS_CATALOG, first);
	struct vss_block block;
	struct vss_entry e;

	while (!w.err.status && chain_next(&block, &w)) {
		struct cursor in = cursor_open(block.body);

		while (vss_entry_next(&e, &in))
			if (e.store == stores)
				add_entry(c, &e, &w.err);
	}
	return chain_close(&w, err);
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct shadow *x = a, *y = b;

	return x->made < y->made ? -1 : x->made > y->made;
}

static enum status read_header(struct catalog *c, const struct volume *v,
                               uint64_t *first, struct error *err)
{
	uint8_t buf[VSS_HEADER_SIZE];
	uint64_t at = v->offset + VSS_HEADER_AT;
	struct vss_header header;

	if (source_read(v->s, at, buf, sizeof(buf), err))
		return err->status;
	if (vss_header_parse(&header, (struct bytes){ buf, sizeof(buf), at },
	                     err))
		return err->status;
	memcpy(c->volume, header.volume.p, VSS_ID_SIZE);
	memcpy(c->storage, header.storage.p, VSS_ID_SIZE);
	*first = header.catalog;
	return OK;
}

static void clear_shadow(void *shadow)
{
	facts_release(&((struct shadow *)shadow)->facts);
}

enum status catalog_read(struct catalog *c, const struct volume *v,
                         struct error *err)
{
	struct error stores;
	uint64_t first = 0;
	enum status st;

	*c = (struct catalog){ 0 };
	c->shadows = g_array_new(FALSE, FALSE, sizeof(struct shadow));
	g_array_set_clear_func(c->shadows, clear_shadow);
	st = read_header(c, v, &first, err);
	if (!st)
		st = walk_catalog(c, v, first, false, err);
	/* What the good part of a damaged catalog names may be whole. */
	if (walk_catalog(c, v, first, true, &stores) && !st)
		st = fail(err, stores.status, stores.at, stores.what);
	for (guint i = 0; i < c->shadows->len; i++) {
		struct shadow *s = &g_array_index(c->shadows, struct shadow, i);

		if (s->here)
			(void)!check_store(s, v, &s->err);
	}
	g_array_sort(c->shadows, by_time);
	return st;
}

void catalog_release(struct catalog *c)
{
	if (c->shadows)
		g_array_free(c->shadows, TRUE);
	*c = (struct catalog){ 0 };
}
