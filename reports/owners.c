/* SPDX-License-Identifier: MIT */
/*
 * owners.c - the keys of a case, by where they lie and whose they are
 */
#include "reports/owners.h"

#include "reports/each.h"

static const char *keep(GStringChunk *text, const char *s)
{
	return s ? g_string_chunk_insert_const(text, s) : NULL;
}

static void read_key(void *ctx, const struct case_key *k)
{
	struct owners *owners = ctx;
	struct owned_key *own = g_new0(struct owned_key, 1);
	struct case_key *key = &own->key;
	const char **const texts[] = {
		&key->type,      &key->key_id,      &key->sid,
		&key->user,      &key->name,        &key->source,
		&key->evidence,  &key->path,        &key->container,
		&key->state,     &key->unlocked_by, &key->certificate,
		&key->behind_id, &key->reason,
	};

	*key = *k;
	key->crack = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		*texts[i] = keep(owners->text, *texts[i]);
	g_ptr_array_add(owners->keys, own);
}

/* --------------------------------------------------------------- grouping */

bool owner_same_place(const struct owner *a, const struct owner *b)
{
	return !g_strcmp0(a->evidence, b->evidence) && a->volume == b->volume &&
	       a->snapshot == b->snapshot;
}

/* The accounts that Windows itself runs under, [MS-DTYP] 2.4.2.4. */
static bool is_machine(const struct case_key *key)
{
	static const char *const sids[] = { "S-1-5-18", "S-1-5-19",
		                            "S-1-5-20" };

	for (size_t i = 0; i < G_N_ELEMENTS(sids); i++)
		if (!g_strcmp0(key->sid, sids[i]))
			return true;
	return !g_strcmp0(key->type, "system_secret");
}

static struct owner owner_of(const struct case_key *key)
{
	struct owner o = { .evidence = key->evidence,
		           .volume = key->volume,
		           .snapshot = key->snapshot,
		           .kind = OWNER_NONE };

	if (is_machine(key)) {
		o.kind = OWNER_MACHINE;
	} else if (key->sid || key->user) {
		o.kind = OWNER_USER;
		o.user = key->user;
		o.sid = key->sid;
	}
	return o;
}

static bool same_owner(const struct owner *a, const struct owner *b)
{
	return a->kind == b->kind && owner_same_place(a, b) &&
	       !g_strcmp0(a->sid, b->sid) &&
	       (a->sid || !g_strcmp0(a->user, b->user));
}

static void owner_free(void *p)
{
	struct owner *owner = p;

	g_ptr_array_unref(owner->keys);
	g_free(owner);
}

static struct owner *add_owner(struct owners *owners,
                               const struct owner *wanted)
{
	struct owner *o = g_new0(struct owner, 1);

	*o = *wanted;
	o->order = owners->list->len;
	o->place = o->order;
	for (guint i = owners->list->len; i > 0; i--) {
		const struct owner *other = owners->list->pdata[i - 1];

		if (owner_same_place(o, other))
			o->place = other->place;
	}
	o->keys = g_ptr_array_new();
	g_ptr_array_add(owners->list, o);
	return o;
}

static struct owner *find_owner(struct owners *owners,
                                const struct owner *wanted)
{
	for (guint i = 0; i < owners->list->len; i++) {
		struct owner *o = g_ptr_array_index(owners->list, i);

		if (same_owner(o, wanted))
			return o;
	}
	return add_owner(owners, wanted);
}

/*
 * A profile's certificates do not say whose SID it is; its master keys do.
 * NULL unless all of a place that name this user agree.
 */
static const char *sid_of_user(const struct owners *owners,
                               const struct owner *of)
{
	const char *sid = NULL;

	for (guint i = 0; i < owners->list->len; i++) {
		const struct owner *o = g_ptr_array_index(owners->list, i);

		if (!o->sid || !o->user || g_strcmp0(o->user, of->user) ||
		    !owner_same_place(o, of))
			continue;
		if (sid)
			return NULL;
		sid = o->sid;
	}
	return sid;
}

/* What others call the owner of this SID; NULL: nobody does. */
static const char *user_of_sid(const struct owners *owners, const char *sid)
{
	for (guint i = 0; i < owners->list->len; i++) {
		const struct owner *o = g_ptr_array_index(owners->list, i);

		if (o->user && !g_strcmp0(o->sid, sid))
			return o->user;
	}
	return NULL;
}

static void give(struct owners *owners, struct owned_key *key)
{
	struct owner wanted = owner_of(&key->key);
	struct owner *o;

	if (wanted.user && !wanted.sid)
		wanted.sid = sid_of_user(owners, &wanted);
	o = find_owner(owners, &wanted);
	if (!o->user)
		o->user = wanted.user;
	o->opens = MAX(o->opens, key->key.opens);
	key->owner = o;
	g_ptr_array_add(o->keys, key);
}

/* Those that name a SID first: the others are joined to them. */
static void group(struct owners *owners)
{
	for (unsigned pass = 0; pass < 2; pass++)
		for (guint i = 0; i < owners->keys->len; i++) {
			struct owned_key *key =
				g_ptr_array_index(owners->keys, i);

			if (!key->key.sid == (pass == 1))
				give(owners, key);
		}
}

/* ---------------------------------------------------------------- sorting */

static void link_keys(struct owners *owners)
{
	GHashTable *ids = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < owners->keys->len; i++) {
		struct owned_key *key = g_ptr_array_index(owners->keys, i);

		g_hash_table_insert(ids, &key->key.id, key);
	}
	for (guint i = 0; i < owners->keys->len; i++) {
		struct owned_key *key = g_ptr_array_index(owners->keys, i);
		struct owned_key *behind =
			g_hash_table_lookup(ids, &key->key.behind);

		if (!behind || behind == key)
			continue;
		key->behind = behind;
		behind->needed = true;
		behind->inner |= behind->owner == key->owner;
	}
	g_hash_table_unref(ids);
}

static int by_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static gint compare_owners(gconstpointer p, gconstpointer q)
{
	const struct owner *a = *(const struct owner *const *)p;
	const struct owner *b = *(const struct owner *const *)q;
	int order = by_number(!a->evidence, !b->evidence);

	if (!order)
		order = by_number(a->place, b->place);
	if (!order)
		order = by_number(a->kind, b->kind);
	if (!order)
		order = by_number(b->opens, a->opens);
	return order ? order : by_number(a->order, b->order);
}

static gint compare_keys(gconstpointer p, gconstpointer q)
{
	const struct owned_key *a = *(const struct owned_key *const *)p;
	const struct owned_key *b = *(const struct owned_key *const *)q;
	int order = by_number(b->key.opens, a->key.opens);

	if (!order)
		order = by_number(b->key.current, a->key.current);
	return order ? order
	             : by_number((uint64_t)a->key.id, (uint64_t)b->key.id);
}

enum status owners_read(struct owners *owners, struct casefile *cf,
                        struct error *err)
{
	enum status st;

	owners->list = g_ptr_array_new_with_free_func(owner_free);
	owners->keys = g_ptr_array_new_with_free_func(g_free);
	owners->text = g_string_chunk_new(4096);
	st = each_key(cf, read_key, owners, err);
	if (st) {
		owners_release(owners);
		return st;
	}
	group(owners);
	link_keys(owners);
	for (guint i = 0; i < owners->list->len; i++) {
		struct owner *o = g_ptr_array_index(owners->list, i);

		if (o->kind == OWNER_USER && !o->user)
			o->user = user_of_sid(owners, o->sid);
		g_ptr_array_sort(o->keys, compare_keys);
	}
	g_ptr_array_sort(owners->list, compare_owners);
	return OK;
}

void owners_release(struct owners *owners)
{
	g_clear_pointer(&owners->list, g_ptr_array_unref);
	g_clear_pointer(&owners->keys, g_ptr_array_unref);
	g_clear_pointer(&owners->text, g_string_chunk_free);
}
