/* SPDX-License-Identifier: MIT */
/*
 * collection.c - files that somebody collected
 */
#include "analyzer/collection.h"
#include "analyzer/loose.h"
#include "analyzer/say.h"
#include "analyzer/site_mft.h"
#include "analyzer/spot.h"
#include "parsers/limits.h"

#include <string.h>

struct collection {
	GPtrArray *files; /* of struct found *, owned */
	GArray *list;     /* of struct loose, by path */
	GArray *records;  /* uint64_t: indexes of `list` */
	char *image;      /* path of the first disk image; or NULL */
	uint64_t bytes;   /* of the files in it */
	GString *crashed; /* paths of those that were passed over */
};

/* --------------------------------------------------------------- the index */

/* Where it is in the collection. */
static const char *path_in(const struct found *f)
{
	return f->collected ? f->collected : f->origin.path;
}

/* What is at a path; the same path may be there twice in an archive. */
struct place_of {
	struct found *file; /* or NULL: a directory */
	struct found *info; /* metadata beside it, or NULL */
	enum loose_info from;
};

struct index {
	GHashTable *exact;  /* path: struct place_of * */
	GHashTable *folded; /* the same, whatever the case of letters; borrows
	                       one of them */
};

static struct place_of *get(struct index *index, const char *path, size_t n)
{
	char *exact = g_strndup(path, n);
	struct place_of *p = g_hash_table_lookup(index->exact, exact);

	if (p) {
		g_free(exact);
		return p;
	}
	p = g_new0(struct place_of, 1);
	g_hash_table_insert(index->exact, exact, p);
	g_hash_table_insert(index->folded, loose_key(path, n), p);
	return p;
}

/* NULL: nothing is there. */
static struct place_of *look_up(const struct index *index, const char *path,
                                size_t n)
{
	char *exact = g_strndup(path, n);
	char *key = loose_key(path, n);
	struct place_of *p = g_hash_table_lookup(index->exact, exact);

	if (!p)
		p = g_hash_table_lookup(index->folded, key);
	g_free(key);
	g_free(exact);
	return p;
}

/* Directories are known by what is in them, too. */
static void add_parents(struct index *index, const char *path)
{
	for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/'))
		if (p > path)
			(void)get(index, path, (size_t)(p - path));
}

static void make_index(struct index *index, const GPtrArray *files)
{
	index->exact =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	index->folded =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < files->len; i++) {
		struct found *f = files->pdata[i];
		const char *path = path_in(f);
		struct place_of *p = get(index, path, strlen(path));

		add_parents(index, path);
		if (!f->directory)
			p->file = f;
	}
}

static void release_index(struct index *index)
{
	g_hash_table_destroy(index->folded);
	g_hash_table_destroy(index->exact);
}

/* ----------------------------------------------------------- what is loose */

static char *object_path(const struct found *f, const char *path, size_t n)
{
	char *part = g_strndup(path, n);
	char *plain = f->collected ? found_path(part) : g_strdup(part);
	char *full = g_strconcat(*plain == '/' ? "" : "/", plain, NULL);

	g_free(plain);
	g_free(part);
	return full;
}

static void add_loose(struct collection *c, struct loose *l,
                      const struct loose_form *form, const char *path, size_t n)
{
	l->form = form;
	l->path = object_path(l->file ? l->file : l->info, path, n);
	if (l->file)
		c->bytes += l->file->size;
	g_array_append_vals(c->list, l, 1);
}

/* The file `$EFS` that EFS on FAT keeps in a directory. */
static bool is_of_folder(struct found *f)
{
	return !g_ascii_strcasecmp(found_name(f), "$EFS") && loose_is_info(f);
}

/* $EFS in a file of its own: of what is it?  True if it was one. */
static bool add_info(struct collection *c, struct index *index, struct found *f)
{
	struct loose l = { .info = f };
	const char *path = path_in(f);
	struct place_of *base;
	size_t n = loose_base(path, &l.from);

	if (is_of_folder(f)) {
		n = (size_t)(strrchr(path, '$') - path);
		l.directory = true;
		add_loose(c, &l, &loose_metadata, path, n > 1 ? n - 1 : n);
		return true;
	}
	if (!n || f->size > LIMIT_EFS_SIZE ||
	    (l.from == LOOSE_INFO_MAYBE && !loose_is_info(f)))
		return false;
	base = look_up(index, path, n);
	/* Beside its file it may be damaged; alone it has to be what its name
	   says. */
	if (!(base && base->file) && !loose_is_info(f))
		return false;
	if (base && base->file) {
		base->info = f;
		base->from = l.from;
	} else {
		l.directory = base != NULL;
		add_loose(c, &l, &loose_metadata, path, n);
	}
	return true;
}

/* A directory, copied with its extended attribute. */
static void add_folder(struct collection *c, struct found *f)
{
	struct loose l = { .info = f->info,
		           .from = LOOSE_INFO_XATTR,
		           .directory = true };

	if (f->info)
		add_loose(c, &l, &loose_metadata, path_in(f),
		          strlen(path_in(f)));
}

/* NAME:STREAM, as some systems show a stream, has the metadata of NAME. */
static void find_stream(struct loose *l, const struct index *index,
                        const char *path, size_t *n)
{
	const char *slash = strrchr(path, '/');
	const char *colon = strchr(slash ? slash : path, ':');
	const struct place_of *p = NULL;

	if (colon && colon > (slash ? slash + 1 : path) && colon[1])
		p = look_up(index, path, (size_t)(colon - path));
	if (!p || !p->info)
		return;
	l->info = p->info;
	l->from = p->from;
	l->stream = l->file->collected ? found_path(colon + 1)
	                               : g_strdup(colon + 1);
	*n = (size_t)(colon - path);
}

static void find_info(struct loose *l, struct index *index, const char *path,
                      size_t *n)
{
	const struct place_of *p = get(index, path, *n);

	if (l->file->info) {
		l->info = l->file->info;
		l->from = LOOSE_INFO_XATTR;
	} else if (p->file == l->file && p->info) {
		l->info = p->info;
		l->from = p->from;
	} else {
		find_stream(l, index, path, n);
	}
}

static void add_file(struct collection *c, struct index *index, struct found *f)
{
	const char *path = path_in(f);
	size_t n = strlen(path);
	struct loose l = { .file = f };
	uint8_t buf[LOOSE_HEAD];
	const struct loose_form *form;

	find_info(&l, index, path, &n);
	form = loose_find(&l, loose_head(f, buf));
	if (f->rest)
		f->rest(f);
	/* Then it must be an export, whatever is wrong with that. */
	if (!form && f->encrypted)
		form = &loose_raw;
	if (form)
		add_loose(c, &l, form, path, n);
	else
		g_free(l.stream);
}

/* One file; `rest` gets it if it is no metadata. */
static void sort_out(struct collection *c, struct index *index, struct found *f,
                     GPtrArray *rest)
{
	if (f->directory)
		add_folder(c, f);
	else if (!add_info(c, index, f))
		g_ptr_array_add(rest, f);
}

static bool enter(struct collection *c, const struct found *f)
{
	struct error crashed;

	if (!spot_enter(SPOT_CONTENT, path_in(f), 0, &crashed))
		return true;
	g_string_append_printf(c->crashed, "%s%s", c->crashed->len ? ", " : "",
	                       path_in(f));
	return false;
}

static gint by_place(gconstpointer a, gconstpointer b)
{
	const struct found *x = *(const struct found *const *)a;
	const struct found *y = *(const struct found *const *)b;

	return strcmp(path_in(x), path_in(y));
}

static gint by_path(gconstpointer a, gconstpointer b)
{
	const struct loose *x = a, *y = b;

	int order = strcmp(x->path, y->path);

	return order ? order : g_strcmp0(x->stream, y->stream);
}

static void find_loose(struct collection *c)
{
	GPtrArray *rest = g_ptr_array_new();
	struct index index;

	make_index(&index, c->files);
	for (guint i = 0; i < c->files->len; i++) {
		if (!enter(c, c->files->pdata[i]))
			continue;
		sort_out(c, &index, c->files->pdata[i], rest);
		spot_leave();
	}
	/* All metadata is known now. */
	for (guint i = 0; i < rest->len; i++) {
		spot_push(SPOT_CONTENT, path_in(rest->pdata[i]), 0);
		add_file(c, &index, rest->pdata[i]);
		spot_leave();
	}
	g_ptr_array_free(rest, TRUE);
	release_index(&index);
	g_array_sort(c->list, by_path);
	for (uint64_t i = 0; i < c->list->len; i++)
		g_array_append_val(c->records, i);
}

/* ---------------------------------------------------------------- the site */

static enum status load(void *from, uint64_t number, struct object *object,
                        struct error *err)
{
	struct collection *c = from;

	if (number >= c->list->len)
		return fail(err, E_ABSENT, 0, "no loose file");
	loose_load(object, &g_array_index(c->list, struct loose, number));
	return OK;
}

static void keys(void *from, GPtrArray *to)
{
	struct collection *c = from;
	guint n = 0;

	for (guint i = 0; i < c->files->len && n < LIMIT_KEY_MATERIAL; i++) {
		struct found *f = c->files->pdata[i];

		if (f->directory || (f->unnamed && f->size > FOUND_SMALL))
			continue;
		g_ptr_array_add(to, f);
		n++;
	}
	if (n >= LIMIT_KEY_MATERIAL)
		say("over %u files of a collection may be key material; the "
		    "rest was not looked into",
		    LIMIT_KEY_MATERIAL);
}

static void release(void *from)
{
	struct collection *c = from;

	g_array_free(c->records, TRUE);
	g_array_free(c->list, TRUE);
	g_ptr_array_free(c->files, TRUE);
	g_string_free(c->crashed, TRUE);
	g_free(c->image);
	g_free(c);
}

static char *path_of_number(void *from, uint64_t number)
{
	struct collection *c = from;

	return g_strdup(g_array_index(c->list, struct loose, number).path);
}

static const struct finder finder_collection = {
	.load = load,
	.path = path_of_number,
	.keys = keys,
	.free = release,
};

static void release_loose(void *p)
{
	struct loose *l = p;

	g_free(l->path);
	g_free(l->stream);
}

/* A disk of its own, with volumes: not one of the files. */
static enum status add_image(struct run *run, const struct evidence *e,
                             const struct site *site, const char *image,
                             struct error *err)
{
	struct facts facts = { 0 };
	enum status st;

	if (!image)
		return OK;
	say("%s: %s is a disk image, and not opened in there: name it as an "
	    "evidence of its own",
	    e->name, image);
	facts_add(&facts, "disk image, not opened", image);
	st = kind_add_facts(run, e, site->row.id, &facts, err);
	facts_release(&facts);
	return st;
}

enum status collection_finish(struct run *run, const struct evidence *e,
                              const struct site *site, struct error *err)
{
	const struct collection *c = site->place.from;
	enum status st = add_image(run, e, site, c->image, err);

	for (guint i = 0; !st && i < c->files->len; i++) {
		struct found *f = c->files->pdata[i];

		if (!f->directory && mft_is(f))
			st = mft_add(run, e, f, err);
	}
	return st;
}

static void say_reason(struct run *run, const struct evidence *e,
                       const char *reason)
{
	if (!reason)
		return;
	say("%s: %s", e->name, reason);
	run->volume_damaged = true;
}

/* `reason`, or NULL, is taken over. */
static char *join_crashed(const struct collection *c, char *reason)
{
	char *both;

	if (!c->crashed->len)
		return reason;
	both = g_strdup_printf("%s%sreading these crashed the program, so they "
	                       "were passed over: %s",
	                       reason ? reason : "", reason ? "; " : "",
	                       c->crashed->str);
	g_free(reason);
	return both;
}

struct site *collection_site(GPtrArray *files, struct collection_info info)
{
	struct collection *c = g_new0(struct collection, 1);
	struct site *site = g_new0(struct site, 1);

	/* In one order, however they were collected. */
	g_ptr_array_sort(files, by_place);
	c->files = files;
	c->image = info.image;
	c->list = g_array_new(FALSE, FALSE, sizeof(struct loose));
	g_array_set_clear_func(c->list, release_loose);
	c->records = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	c->crashed = g_string_new(NULL);
	find_loose(c);
	site->place.finder = &finder_collection;
	site->place.from = c;
	site->records = c->records;
	site->bytes = c->bytes;
	site->reason = join_crashed(c, info.reason);
	site->row.filesystem = info.form;
	site->row.objects = c->records->len;
	return site;
}

enum status collection_add(struct run *run, const struct evidence *e,
                           GPtrArray *files, struct collection_info info,
                           struct error *err)
{
	struct site *site = collection_site(files, info);
	enum status st;

	say_reason(run, e, site->reason);
	st = kind_add_site(run, e, site, err);
	return st ? st : collection_finish(run, e, site, err);
}
