/* SPDX-License-Identifier: MIT */
/*
 * work.c - one encrypted object: its ring, the key that opens it, its record
 */
#include "analyzer/work.h"
#include "analyzer/say.h"
#include "analyzer/spot.h"

#include <inttypes.h>

/* Thumbprints that the sentence for a closed file names. */
#define NAMED_MOST 3u

/* "no key at hand matches; ... opens it: 1911... (ann), ..." */
static char *missing_key(const GArray *entries, const struct filekey *fk)
{
	GString *s = g_string_new("no key at hand matches; it would be opened "
	                          "by the private key of");
	unsigned named = 0;

	for (guint i = 0; i < entries->len; i++) {
		const struct case_entry *e =
			&g_array_index(entries, struct case_entry, i);

		if (!e->thumbprint || named++ >= NAMED_MOST)
			continue;
		g_string_append_printf(s, "%s %s", named > 1 ? " or" : "",
		                       e->thumbprint);
		if (e->name)
			g_string_append_printf(s, " (%s)", e->name);
	}
	if (!named)
		g_string_append(s, " an entry without thumbprint");
	else if (named > NAMED_MOST)
		g_string_append_printf(s, " or %u more", named - NAMED_MOST);
	if (fk->spent)
		g_string_append(s, "; the keys at hand were not tried on all "
		                   "entries: too many were, in this run");
	else if (fk->gave_up)
		g_string_append(s, "; the keys at hand were not tried again "
		                   "where all had failed on the same "
		                   "certificate's entries in other files");
	return g_string_free(s, FALSE);
}

static void closed(struct work *w, enum outcome outcome, char *reason)
{
	w->outcome = outcome;
	w->reason = reason;
}

/* The file key could not be had: which outcome is that, and why? */
static void key_failed(struct work *w, const struct error *err)
{
	const struct description *d = &w->description;
	uint32_t algorithm = w->filekey.fek.algorithm;

	/* What is damaged may have held the entry that would open it. */
	if (err->status == E_ABSENT && d->reason)
		closed(w, d->outcome, g_strdup(d->reason));
	else if (err->status == E_ABSENT)
		closed(w, OUTCOME_NO_KEY, missing_key(d->entries, &w->filekey));
	else if (err->status == E_KEY)
		closed(w, OUTCOME_KEY_LOCKED, say_error(err));
	else if (err->status == E_UNSUPPORTED && algorithm)
		closed(w, OUTCOME_UNSUPPORTED_ALGORITHM,
		       g_strdup_printf(
			       "the file key is for algorithm 0x%" PRIx32
			       ", which this program does not know",
			       algorithm));
	else if (err->status == E_UNSUPPORTED)
		closed(w, OUTCOME_UNSUPPORTED_PROTECTOR, say_error(err));
	else
		closed(w, OUTCOME_METADATA_DAMAGED, say_error(err));
}

/* --------------------------------------------- who opens it, what is missing
 */

/* The thumbprint of an entry as bytes; empty if it has none. */
static struct bytes thumbprint_of(const struct case_entry *e,
                                  uint8_t raw[EFS_THUMBPRINT_SIZE])
{
	struct bytes thumbprint = { raw, 0, 0 };

	for (size_t i = 0; e->thumbprint && i < EFS_THUMBPRINT_SIZE; i++) {
		int high = g_ascii_xdigit_value(e->thumbprint[2 * i]);
		int low = g_ascii_xdigit_value(e->thumbprint[2 * i + 1]);

		raw[i] = (uint8_t)(high << 4 | low);
		thumbprint.n = i + 1;
	}
	return thumbprint;
}

/* A key, and what opened that, count an object once, however many entries
   lead to them. */
static void count_key(GPtrArray *counted, struct key *key)
{
	for (; key && !g_ptr_array_find(counted, key, NULL);
	     key = key->behind) {
		g_ptr_array_add(counted, key);
		key->opens++;
	}
}

/* The key of an entry: open, or the locked ones on the way to it, or at least
   its certificate. */
static void count_entry(GPtrArray *counted, const struct work *w,
                        struct bytes thumbprint, const struct closed_link *link)
{
	struct keyring *ring = w->place->run->ring;
	struct key *key = keyring_find(ring, thumbprint);

	if (!key && !link->locked->len)
		key = keyring_find_certificate(ring, thumbprint);
	count_key(counted, key);
	for (guint i = 0; i < link->locked->len; i++)
		count_key(counted, link->locked->pdata[i]);
}

/* What is missing, and whose it is, as the entry names him. */
static char *need_text(const struct need *need, const struct case_entry *e)
{
	if (need->kind != NEED_PRIVATE_KEY || !e->name)
		return g_strdup(need->what);
	return g_strdup_printf("%s (%s)", need->what, e->name);
}

static enum status add_needs(struct work *w, const struct closed_link *link,
                             const struct case_entry *e, struct error *err)
{
	enum status st = OK;

	for (guint i = 0; !st && i < link->needs->len; i++) {
		const struct need *need =
			&g_array_index(link->needs, struct need, i);
		char *what = need_text(need, e);
		const struct case_need row = {
			.kind = need_kind_name(need->kind),
			.id = need->id,
			.what = what,
		};

		st = casefile_add_need(w->place->run->cf, w->row.id, &row, err);
		g_free(what);
	}
	return st;
}

/* A key's outcome, and not damage: something that is missing would help. */
static bool lacks_key(const struct work *w)
{
	return !w->opened && (w->outcome == OUTCOME_NO_KEY ||
	                      w->outcome == OUTCOME_KEY_LOCKED);
}

static const struct closed_link *closed_link(const struct work *w, guint i)
{
	const struct case_entry *e =
		&g_array_index(w->description.entries, struct case_entry, i);
	uint8_t raw[EFS_THUMBPRINT_SIZE];

	return chain_closed(w->place->run->chain, thumbprint_of(e, raw),
	                    e->container);
}

/* The first entry whose key is here, but locked, says why the file is. */
static void explain_locked(struct work *w)
{
	for (guint i = 0; i < w->description.entries->len; i++) {
		const struct closed_link *link = closed_link(w, i);

		if (!link->locked->len)
			continue;
		g_free(w->reason);
		closed(w, OUTCOME_KEY_LOCKED, g_strdup(link->reason));
		return;
	}
}

/* Count the object for every key that opens it or would, and note what is
   missing to open it. */
static enum status record_keys(struct work *w, struct error *err)
{
	const GArray *entries = w->description.entries;
	GPtrArray *counted = g_ptr_array_new();
	enum status st = OK;

	if (w->opened)
		count_key(counted, w->filekey.key);
	for (guint i = 0; !st && i < entries->len; i++) {
		const struct case_entry *e =
			&g_array_index(entries, struct case_entry, i);
		const struct closed_link *link = closed_link(w, i);
		uint8_t raw[EFS_THUMBPRINT_SIZE];

		count_entry(counted, w, thumbprint_of(e, raw), link);
		if (lacks_key(w))
			st = add_needs(w, link, e, err);
	}
	g_ptr_array_free(counted, TRUE);
	return st;
}

void work_find_key(struct work *w)
{
	const struct description *d = &w->description;
	struct error err;

	if (!w->object.has_efs) {
		closed(w, OUTCOME_METADATA_MISSING,
		       g_strdup("the file is marked encrypted, but has no $EFS "
		                "attribute"));
	} else if (w->object.missing) {
		closed(w, OUTCOME_METADATA_MISSING,
		       g_strdup(w->object.missing));
	} else if (w->object.efs_err.status) {
		closed(w, OUTCOME_METADATA_DAMAGED,
		       say_error(&w->object.efs_err));
	} else if (!d->openable) {
		closed(w, d->outcome, g_strdup(d->reason));
	} else if (filekey_open(&w->filekey, &d->efs, w->place->run->ring,
	                        &err)) {
		key_failed(w, &err);
	} else {
		w->opened = true;
	}
	if (lacks_key(w))
		explain_locked(w);
}

static GArray *case_tries(const GArray *tries)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct case_try));

	for (guint i = 0; tries && i < tries->len; i++) {
		const struct filekey_try *t =
			&g_array_index(tries, struct filekey_try, i);
		struct case_try row = {
			.ring = t->ring,
			.entry = t->entry,
			.key = t->key->id,
			.by_thumbprint = t->by_thumbprint,
			.result = t->result,
		};

		g_array_append_val(rows, row);
	}
	return rows;
}

static void fill_times(struct case_object *row, const struct object *o)
{
	row->created = o->created;
	row->modified = o->modified;
	row->accessed = o->accessed;
	row->changed = o->changed;
}

static void fill_efs(struct case_object *row, const struct work *w)
{
	const struct description *d = &w->description;

	row->has_efs = w->object.has_efs;
	if (!row->has_efs)
		return;
	row->efs_version = d->version;
	row->efs_id = d->id;
	row->efs_class = d->class_;
	row->entries = (const struct case_entry *)(void *)d->entries->data;
	row->n_entries = d->entries->len;
	row->ring_cut = d->ring_cut;
}

/* What opened the file, first link first. */
static void fill_opened(struct case_object *row, const struct work *w,
                        GPtrArray *chain)
{
	const struct key *key = w->filekey.key;

	if (!w->opened)
		return;
	row->algorithm = fek_algorithm_name(w->filekey.fek.algorithm);
	row->opened = true;
	row->opened_ring = w->filekey.ring;
	row->opened_entry = w->filekey.entry;
	row->opened_key = key->id;
	chain_links(key, chain);
	row->chain = (const char *const *)chain->pdata;
	row->n_chain = chain->len;
}

static enum status add_row(struct work *w, struct error *err)
{
	struct object *o = &w->object;
	GArray *tries = case_tries(w->filekey.tries);
	GPtrArray *chain = g_ptr_array_new_with_free_func(g_free);
	enum status st;

	w->row = (struct case_object){
		.volume = w->place->volume_id,
		.mft = o->mft,
		.sequence = o->sequence,
		.path = o->paths->pdata[0],
		.directory = o->directory,
		.deleted = o->deleted,
		.links = (const char *const *)(o->paths->pdata + 1),
		.n_links = o->paths->len - 1,
		.tries = (const struct case_try *)(void *)tries->data,
		.n_tries = tries->len,
	};
	fill_times(&w->row, o);
	fill_efs(&w->row, w);
	fill_opened(&w->row, w, chain);
	st = casefile_add_object(w->place->run->cf, &w->row, err);
	if (!st && w->object.has_efs)
		st = record_keys(w, err);
	g_array_free(tries, TRUE);
	g_ptr_array_free(chain, TRUE);
	return st;
}

/* ------------------------------------------------------- from load to record
 */

enum status work_read(void *work, uint64_t at, uint8_t *buf, size_t n,
                      struct error *err)
{
	struct work *w = work;
	struct place *place = w->place;
	enum status st;

	place_lock(place);
	st = w->object.read(w->object.read_ctx, at, buf, n, err);
	place_unlock(place);
	return st;
}

static enum status load(struct work *w, struct error *err)
{
	struct place *place = w->place;
	enum status st;

	place_lock(place);
	st = place->finder->load(place->from, w->number, &w->object, err);
	place_unlock(place);
	return st;
}

/* Numbers of loose files change where one is passed over. */
enum status work_enter(const struct place *place, uint64_t number,
                       struct error *err)
{
	char *path = place->finder->path
	                     ? place->finder->path(place->from, number)
	                     : NULL;
	enum status st = spot_enter(SPOT_OBJECT, path, path ? 0 : number, err);

	g_free(path);
	return st;
}

static void describe(struct work *w)
{
	const struct place *place = w->place;
	const GByteArray *efs = w->object.efs;

	description_init(&w->description, (struct bytes){ efs->data, efs->len,
	                                                  w->object.efs_at });
	if (w->description.openable)
		filekey_plan(&w->filekey, &w->description.efs, place->run->ring,
		             place->history ? place->run->unwraps : NULL);
}

enum status work_load(struct work *w, struct place *place, uint64_t number,
                      struct error *err)
{
	enum status st;

	*w = (struct work){ .place = place, .number = number };
	object_init(&w->object);
	st = work_enter(place, number, err);
	if (!st) {
		st = load(w, err);
		if (!st)
			describe(w);
		spot_leave();
	}
	if (st)
		object_release(&w->object);
	return st;
}

void work_release(struct work *w)
{
	g_clear_pointer(&w->jobs, g_ptr_array_unref);
	filekey_release(&w->filekey);
	description_release(&w->description);
	if (w->place)
		place_lock(w->place);
	object_release(&w->object);
	if (w->place)
		place_unlock(w->place);
	g_free(w->reason);
	*w = (struct work){ 0 };
}

static void set_state(struct work *w, enum work_state state)
{
	struct crew *crew = w->place->run->crew;

	crew_lock(crew);
	w->state = state;
	crew_changed(crew);
	crew_unlock(crew);
}

static void prepare(struct task *task)
{
	struct work *w = (struct work *)(void *)task;

	filekey_prepare(&w->filekey);
	set_state(w, WORK_PREPARED);
}

void work_prepare(struct work *w)
{
	if (!w->filekey.ahead.key) {
		set_state(w, WORK_PREPARED);
		return;
	}
	w->task.run = prepare;
	crew_push(w->place->run->crew, &w->task);
}

void work_start(struct work *w)
{
	w->state = WORK_STARTED;
	w->waiting = 1; /* until all are begun */
	if (!w->unloadable.status) {
		work_find_key(w);
		jobs_start(w);
	}
	work_stream_done(w);
}

void work_stream_done(struct work *w)
{
	struct crew *crew = w->place->run->crew;

	crew_lock(crew);
	if (!--w->waiting)
		w->state = WORK_DONE;
	crew_changed(crew);
	crew_unlock(crew);
}

/* A record that says it is encrypted but cannot be loaded is an object too. */
static enum status finish_unloadable(struct work *w, struct error *err)
{
	const struct place *place = w->place;
	bool named = place->finder->path;
	char *path = named ? place->finder->path(place->from, w->number)
	                   : g_strdup_printf("/$Orphan/OrphanFile-%" PRIu64,
	                                     w->number);
	struct run *run = place->run;
	struct case_object row = { .volume = place->volume_id,
		                   .mft = named ? 0 : w->number,
		                   .path = path };
	struct case_stream stream = { .outcome = OUTCOME_METADATA_DAMAGED };
	char *reason = say_error(&w->unloadable);
	enum status st = casefile_add_object(run->cf, &row, err);

	stream.object = row.id;
	stream.reason = reason;
	if (!st)
		st = casefile_add_stream(run->cf, &stream, err);
	run->closed++;
	run->unloadable++;
	g_free(reason);
	g_free(path);
	return st;
}

enum status work_finish(struct work *w, struct error *err)
{
	struct run *run = w->place->run;
	enum status st;

	run->objects++;
	if (w->unloadable.status)
		return finish_unloadable(w, err);
	st = add_row(w, err);
	if (!st)
		st = jobs_finish(w, err);
	run->closed += w->closed;
	return st;
}
