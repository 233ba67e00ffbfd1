/* SPDX-License-Identifier: MIT */
/*
 * wim.c - the files of a Windows image (WIM) that are worth a look
 */
#include "analyzer/wim.h"
#include "analyzer/spool.h"
#include "analyzer/spot.h"
#include "analyzer/wim_tree.h"
#include "parsers/limits.h"

#include <inttypes.h>
#include <string.h>
#include <wimlib.h>

/* Files that the sentence of what is missing names. */
#define NAMED_MOST 3u
/* Copies that are made to find the damaged ones. */
#define TRIES_MOST 256u
#define ALL        WIMLIB_ITERATE_DIR_TREE_FLAG_RECURSIVE

/* One file that is worth a look. */
struct member {
	int image; /* from 1 */
	char *path;
	uint64_t size;
	bool encrypted;
};

struct job {
	struct wim *w;
	const char *path; /* of the WIM */
	WIMStruct *wim;
	struct wimlib_wim_info info;
	struct spool *spool;
	GArray *members;           /* of struct member, in their order */
	int image;                 /* that is being looked at */
	uint64_t missing, damaged; /* files whose data cannot be had */
	GString *names;            /* of the first of them */
	bool cut;
	bool (*stopped)(const void *ctx);
	const void *ctx;
};

static void release_member(void *p)
{
	struct member *m = p;

	g_free(m->path);
}

static enum status wim_failed(int code, struct error *err)
{
	const char *text =
		wimlib_get_error_string((enum wimlib_error_code)code);

	switch (code) {
	case WIMLIB_ERR_OPEN:
	case WIMLIB_ERR_READ:
	case WIMLIB_ERR_WRITE:
	case WIMLIB_ERR_NOMEM:
		return fail(err, E_IO, 0, text);
	case WIMLIB_ERR_WIM_IS_ENCRYPTED:
	case WIMLIB_ERR_UNKNOWN_VERSION:
	case WIMLIB_ERR_UNSUPPORTED:
		return fail(err, E_UNSUPPORTED, 0, text);
	case WIMLIB_ERR_ABORTED_BY_PROGRESS:
		return fail(err, E_ABSENT, 0, "interrupted");
	default:
		return fail(err, E_CORRUPT, 0, text);
	}
}

static enum wimlib_progress_status on_progress(enum wimlib_progress_msg message,
                                               union wimlib_progress_info *info,
                                               void *ctx)
{
	const struct job *j = ctx;

	(void)message, (void)info;
	return j->stopped(j->ctx) ? WIMLIB_PROGRESS_STATUS_ABORT
	                          : WIMLIB_PROGRESS_STATUS_CONTINUE;
}

/* --------------------------------------------------- what is worth a look */

static bool is_here(const struct wimlib_dir_entry *d)
{
	return !d->streams[0].resource.is_missing;
}

static void note_name(struct job *j, const char *path)
{
	if (j->missing + j->damaged <= NAMED_MOST)
		g_string_append_printf(j->names, "%s%s",
		                       j->names->len ? ", " : "", path);
}

/* Below the number of its image, where there are several. */
static char *path_of(const struct job *j, int image, const char *full)
{
	char *valid = g_utf8_make_valid(full + 1, -1);
	char *path;

	if (j->info.image_count < 2)
		return valid;
	path = g_strdup_printf("%d/%s", image, valid);
	g_free(valid);
	return path;
}

static enum status refuse(struct found *found, uint64_t at, uint8_t *buf,
                          size_t n, struct error *err)
{
	(void)found, (void)buf, (void)n;
	return fail(err, E_IO, at,
	            "the file's data in the WIM is damaged, or "
	            "in another part that is not here");
}

/* An encrypted file is listed also where its data cannot be had. */
static void add_lost(struct job *j, int image, const char *path, uint64_t size)
{
	struct found *found = g_new0(struct found, 1);

	found->origin.path = path_of(j, image, path);
	found->size = size;
	found->unnamed = found->encrypted = true;
	found->read = refuse;
	g_ptr_array_add(j->w->files, found);
}

static int choose(const struct wimlib_dir_entry *d, void *ctx)
{
	struct job *j = ctx;
	struct member m = { .image = j->image,
		            .size = d->streams[0].resource.uncompressed_size,
		            .encrypted = wim_is_encrypted(d) };

	if (j->stopped(j->ctx))
		return WIMLIB_ERR_ABORTED_BY_PROGRESS;
	if (!wim_wants(d))
		return 0;
	if (!is_here(d)) {
		j->missing++;
		note_name(j, d->full_path);
		if (m.encrypted)
			add_lost(j, m.image, d->full_path, 1);
	} else if (j->members->len >= LIMIT_COLLECTED) {
		j->cut = true;
	} else {
		m.path = g_strdup(d->full_path);
		g_array_append_val(j->members, m);
	}
	return 0;
}

/* Only these members stay in the image. */
static int reduce_image(struct job *j, guint first, guint n)
{
	GHashTable *needed =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int r;

	for (guint i = first; i < first + n; i++) {
		const struct member *m =
			&g_array_index(j->members, struct member, i);

		if (m->image == j->image)
			wim_need(needed, m->path);
	}
	r = wim_keep_only(j->wim, j->image, needed);
	g_hash_table_destroy(needed);
	return r;
}

/* -------------------------------------------------------------- what stays */

static uint64_t filetime(const struct wimlib_timespec *t, int32_t high)
{
	int64_t seconds = (int64_t)t->tv_sec;

	if (sizeof(t->tv_sec) == 4)
		seconds = (int64_t)((uint64_t)(uint32_t)t->tv_sec |
		                    (uint64_t)(uint32_t)high << 32);
	return found_time(seconds, t->tv_nsec);
}

static int take(const struct wimlib_dir_entry *d, void *ctx)
{
	struct job *j = ctx;
	const struct wimlib_resource_entry *r = &d->streams[0].resource;
	struct found *found;

	if (wim_is_root(d))
		return 0;
	/* The export of a directory is a file, as far as we are concerned. */
	if (wim_is_directory(d) && !wim_is_encrypted(d))
		return 0;
	found = spool_found(j->spool, r->offset, r->uncompressed_size);
	found->origin.path = path_of(j, j->image, d->full_path);
	found->origin.made = filetime(&d->creation_time, d->creation_time_high);
	found->modified =
		filetime(&d->last_write_time, d->last_write_time_high);
	found->unnamed = !found_wanted(found->origin.path);
	found->encrypted = wim_is_encrypted(d);
	g_ptr_array_add(j->w->files, found);
	return 0;
}

static int take_images(struct job *j)
{
	int r = wimlib_open_wim(spool_path(j->spool), 0, &j->wim);

	spool_hide(j->spool);
	for (j->image = 1; !r && j->image <= (int)j->info.image_count;
	     j->image++)
		r = wimlib_iterate_dir_tree(j->wim, j->image, "/", ALL, take,
		                            j);
	wimlib_free(j->wim);
	j->wim = NULL;
	return r;
}

/* ----------------------------------------------------------------- reading */

static void add_facts(struct job *j)
{
	struct facts *f = &j->w->facts;

	facts_addf(f, "images", "%" PRIu32, j->info.image_count);
	for (int i = 1; i <= (int)j->info.image_count; i++) {
		char *name = g_strdup_printf("image %d", i);

		facts_add(f, name, wimlib_get_image_name(j->wim, i));
		g_free(name);
	}
	if (j->info.total_parts > 1)
		facts_addf(f, "part", "%u of %u", j->info.part_number,
		           j->info.total_parts);
	facts_add(f, "compression",
	          wimlib_get_compression_type_string(
			  (enum wimlib_compression_type)
				  j->info.compression_type));
}

/* NAME2.swm and so on, beside NAME.swm; what is not there will be missing. */
static void add_parts(struct job *j, const char *path)
{
	size_t n = strlen(path);
	size_t base = n > 4 && path[n - 4] == '.' ? n - 4 : n;

	for (unsigned i = 2; i <= j->info.total_parts; i++) {
		char *part = g_strdup_printf("%.*s%u%s", (int)base, path, i,
		                             path + base);
		const char *const one = part;

		(void)wimlib_reference_resource_files(j->wim, &one, 1, 0, 0);
		g_free(part);
	}
}

static enum status open_wim(struct job *j, struct error *err)
{
	int r = wimlib_open_wim_with_progress(j->path, 0, &j->wim, on_progress,
	                                      j);

	if (!r)
		r = wimlib_get_wim_info(j->wim, &j->info);
	if (!r)
		add_parts(j, j->path);
	return r ? wim_failed(r, err) : OK;
}

static void close_wim(struct job *j)
{
	wimlib_free(j->wim);
	j->wim = NULL;
}

static enum status write_rest(struct job *j, uint64_t bytes, struct error *err)
{
	int r;

	if (!spool_has_room(j->spool, bytes))
		return fail(err, E_LIMIT, 0,
		            "the disk of the temporary folder is full (TMPDIR "
		            "names another)");
	r = wimlib_set_output_compression_type(j->wim,
	                                       WIMLIB_COMPRESSION_TYPE_NONE);
	if (!r)
		r = wimlib_write_to_fd(j->wim, spool_fd(j->spool),
		                       WIMLIB_ALL_IMAGES, 0, 1);
	return r ? wim_failed(r, err) : OK;
}

/* Take n members over; all of them, or none. */
static enum status copy(struct job *j, guint first, guint n, struct error *err)
{
	uint64_t bytes = 0;
	enum status st = spool_new_named(&j->spool, err);
	int r = 0;

	if (!st)
		st = open_wim(j, err);
	for (guint i = first; i < first + n; i++)
		bytes += g_array_index(j->members, struct member, i).size;
	for (j->image = 1; !st && !r && j->image <= (int)j->info.image_count;
	     j->image++)
		r = reduce_image(j, first, n);
	if (r)
		st = wim_failed(r, err);
	if (!st)
		st = write_rest(j, bytes, err);
	close_wim(j);
	if (!st)
		r = take_images(j);
	spool_unref(j->spool);
	j->spool = NULL;
	return r && !st ? wim_failed(r, err) : st;
}

struct part {
	guint first, n;
};

static void give_up(struct job *j, struct part p)
{
	for (guint i = p.first; i < p.first + p.n; i++) {
		const struct member *m =
			&g_array_index(j->members, struct member, i);

		j->damaged++;
		note_name(j, m->path);
		if (m->encrypted)
			add_lost(j, m->image, m->path, m->size);
	}
}

/* What crashed a process is damaged, too. */
static enum status copy_at_spot(struct job *j, struct part p, struct error *err)
{
	uint64_t at = (uint64_t)p.first << 32 | p.n;
	enum status st = spot_enter(SPOT_CONTENT, "members", at, err);

	if (st)
		return fail(err, E_CORRUPT, 0, err->what);
	st = copy(j, p.first, p.n, err);
	spot_leave();
	return st;
}

/* libwim ends at the first damaged member: find out which it is. */
static enum status copy_parts(struct job *j, struct error *err)
{
	GArray *todo = g_array_new(FALSE, FALSE, sizeof(struct part));
	struct part p = { 0, j->members->len };
	unsigned tries = 0;
	enum status st = OK;

	g_array_append_val(todo, p);
	while (todo->len && (!st || st == E_CORRUPT)) {
		p = g_array_index(todo, struct part, todo->len - 1);
		g_array_set_size(todo, todo->len - 1);
		if (!p.n)
			continue;
		st = tries++ < TRIES_MOST
		             ? copy_at_spot(j, p, err)
		             : fail(err, E_CORRUPT, 0, "damaged throughout");
		if (st == E_CORRUPT && p.n > 1 && tries < TRIES_MOST) {
			struct part right = { p.first + p.n / 2,
				              p.n - p.n / 2 };

			p.n /= 2;
			g_array_append_val(todo, right);
			g_array_append_val(todo, p);
		} else if (st == E_CORRUPT) {
			give_up(j, p);
		}
	}
	g_array_free(todo, TRUE);
	return st == E_CORRUPT ? OK : st;
}

static void say_lost(struct job *j)
{
	GString *s = g_string_new(NULL);

	if (j->missing)
		g_string_append_printf(s,
		                       "the data of %" PRIu64
		                       " file%s is in another part or WIM that "
		                       "is not here; ",
		                       j->missing, j->missing == 1 ? "" : "s");
	if (j->damaged)
		g_string_append_printf(
			s, "the data of %" PRIu64 " file%s is damaged; ",
			j->damaged, j->damaged == 1 ? "" : "s");
	if (j->names->len)
		g_string_append_printf(
			s, "these are %s%s; ", j->names->str,
			j->missing + j->damaged > NAMED_MOST ? ", ..." : "");
	if (j->cut)
		g_string_append_printf(s,
		                       "over %u files are worth a look, the "
		                       "rest was not looked into; ",
		                       LIMIT_COLLECTED);
	if (s->len)
		g_string_truncate(s, s->len - 2);
	j->w->reason = g_string_free(s, !s->len);
}

static enum status choose_all(struct job *j, struct error *err)
{
	enum status st = open_wim(j, err);
	int r = 0;

	if (!st && j->info.part_number != 1)
		st = fail(err, E_ABSENT, 0,
		          "not the first part of a split WIM: name that one");
	if (!st)
		add_facts(j);
	for (j->image = 1; !st && !r && j->image <= (int)j->info.image_count;
	     j->image++)
		r = wimlib_iterate_dir_tree(j->wim, j->image, "/", ALL, choose,
		                            j);
	close_wim(j);
	return r ? wim_failed(r, err) : st;
}

enum status wim_read(struct wim *w, const char *path,
                     bool (*stopped)(const void *ctx), const void *ctx,
                     struct error *err)
{
	struct job j = { .w = w, .path = path, .stopped = stopped, .ctx = ctx };
	enum status st;

	*w = (struct wim){ 0 };
	w->files = g_ptr_array_new_with_free_func(found_free);
	j.names = g_string_new(NULL);
	j.members = g_array_new(FALSE, FALSE, sizeof(struct member));
	g_array_set_clear_func(j.members, release_member);
	st = choose_all(&j, err);
	if (!st)
		st = copy_parts(&j, err);
	if (!st)
		say_lost(&j);
	g_array_free(j.members, TRUE);
	g_string_free(j.names, TRUE);
	return st;
}

void wim_release(struct wim *w)
{
	if (w->files)
		g_ptr_array_free(w->files, TRUE);
	g_free(w->reason);
	facts_release(&w->facts);
	*w = (struct wim){ 0 };
}
