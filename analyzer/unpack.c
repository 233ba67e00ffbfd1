/* SPDX-License-Identifier: MIT */
/*
 * unpack.c - the files of an archive that are worth a look
 */
#include "analyzer/unpack.h"
#include "analyzer/collection.h"
#include "analyzer/loose.h"
#include "analyzer/say.h"
#include "analyzer/spool.h"
#include "analyzer/spot.h"
#include "analyzer/unpack_input.h"
#include "analyzer/unpack_memory.h"
#include "parsers/limits.h"

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <locale.h>
#include <string.h>

#define CHUNK ((size_t)64 * 1024)
/* Members behind a password that the sentence names. */
#define NAMED_MOST 3u
/* Characters of the sentence that says what could not be read. */
#define MOST_REASON 400u

struct job {
	struct unpack *u;
	struct source *s;
	struct unpack_input in;
	uint8_t *out; /* CHUNK bytes: what is unpacked */
	struct archive *a;
	struct spool *spool;
	struct collection_filter filter;
	GHashTable *kept; /* keys of paths that are in u->files */
	GString *locked;  /* names of members behind a password */
	uint64_t unpacked;
	bool (*stopped)(const void *ctx);
	const void *ctx;
	bool again; /* the second pass: only what has metadata beside it */
	bool late;  /* there is something for it */
};

/* ---------------------------------------------------------------- members */

/* A member's path below the archive's root, as it was collected:
   "C%3A/Users/ann/x.docx". */
static char *path_of(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname_utf8(entry);
	char *valid, *path, *p;

	if (!name)
		name = archive_entry_pathname(entry);
	valid = g_utf8_make_valid(name ? name : "", -1);
	/* Some packers of Windows part with its own sign. */
	if (!strchr(valid, '/'))
		g_strdelimit(valid, "\\", '/');
	for (p = valid; *p == '/' || (*p == '.' && p[1] == '/'); p++)
		continue;
	path = g_strdup(p);
	g_free(valid);
	while (*path && path[strlen(path) - 1] == '/')
		path[strlen(path) - 1] = '\0';
	return path;
}

static uint64_t time_of(struct archive_entry *entry)
{
	if (!archive_entry_mtime_is_set(entry))
		return 0;
	return found_time(archive_entry_mtime(entry),
	                  archive_entry_mtime_nsec(entry));
}

static void keep(struct job *j, struct found *found, char *path,
                 struct archive_entry *entry)
{
	found->collected = path;
	found->origin.path = found_path(path);
	found->modified = time_of(entry);
	found->unnamed = !found_wanted(found->origin.path);
	g_hash_table_add(j->kept, loose_key(path, strlen(path)));
	g_ptr_array_add(j->u->files, found);
}

/* The extended attribute that holds $EFS, as a file; NULL: there is none. */
static struct found *info_of(struct job *j, struct archive_entry *entry)
{
	const char *name;
	const void *value;
	struct error ignored;
	size_t n;

	(void)archive_entry_xattr_reset(entry);
	while (archive_entry_xattr_next(entry, &name, &value, &n) ==
	       ARCHIVE_OK) {
		uint64_t at = spool_end(j->spool);

		if (!name || strcmp(name, FOUND_INFO) != 0 || !n ||
		    n > LIMIT_EFS_SIZE)
			continue;
		if (spool_add(j->spool, value, n, &ignored))
			return NULL;
		return spool_found(j->spool, at, n);
	}
	return NULL;
}

static enum status archive_failed(struct job *j, struct error *err)
{
	const char *text = archive_error_string(j->a);

	if (unpack_memory_refused())
		return fail(err, E_LIMIT, j->in.pos,
		            "it takes more memory to unpack than any real one");
	return fail(err, E_CORRUPT, j->in.pos,
	            g_intern_string(text ? text : "the archive is damaged"));
}

static enum status unpacked(struct job *j, uint64_t n, struct error *err)
{
	j->unpacked += n;
	if (j->unpacked > LIMIT_UNPACKED(j->s->size))
		return fail(err, E_LIMIT, 0,
		            "the archive unpacks to more than any real one");
	if (j->stopped(j->ctx))
		return fail(err, E_ABSENT, 0, "interrupted");
	return OK;
}

/* Read up to n bytes of the member; `*got` is less only at its end.  To "retry"
   where its parts are not in order would be in vain. */
static enum status read_member(struct job *j, uint8_t *buf, size_t n,
                               size_t *got, struct error *err)
{
	*got = 0;
	while (*got < n) {
		la_ssize_t r = archive_read_data(j->a, buf + *got, n - *got);

		if (r < 0)
			return archive_failed(j, err);
		if (!r)
			break;
		*got += (size_t)r;
	}
	return unpacked(j, *got, err);
}

/* Keep the rest of a member whose first bytes are in j->out. */
static enum status spool_member(struct job *j, size_t n, uint64_t most,
                                struct error *err)
{
	uint64_t at = spool_end(j->spool);
	enum status st = OK;

	while (!st && n) {
		st = spool_add(j->spool, j->out, n, err);
		if (!st && spool_end(j->spool) - at > most)
			st = fail(err, E_LIMIT, 0, "a member is too large");
		if (!st)
			st = read_member(j, j->out, CHUNK, &n, err);
	}
	return st;
}

/* An encrypted file may be as large as it is; a key is not. */
static uint64_t most_of(const char *path)
{
	return found_wanted(path) ? LIMIT_MEMBER : UINT64_MAX;
}

static enum status look_at_file(struct job *j, struct archive_entry *entry,
                                char **path, struct error *err)
{
	uint64_t at;
	struct found *found, *info = info_of(j, entry);
	uint64_t size = archive_entry_size_is_set(entry)
	                        ? (uint64_t)archive_entry_size(entry)
	                        : UINT64_MAX;
	bool wanted = info || collection_wants(&j->filter, *path, size);
	struct bytes head = { j->out, 0, 0 };
	enum status st = OK;

	if (wanted && size != UINT64_MAX && size > most_of(*path))
		st = fail(err, E_LIMIT, 0, "a member is too large");
	if (!st)
		st = read_member(j, j->out, CHUNK, &head.n, err);

	/* A member whose size was not said may be small all the same. */
	if (!st && head.n < CHUNK)
		size = head.n;
	collection_note(&j->filter, *path, size);
	wanted = wanted || size <= FOUND_SMALL ||
	         collection_wants_head(&j->filter, *path, head, size);
	if (st || !wanted || j->u->files->len >= LIMIT_COLLECTED) {
		found_free(info);
		return st;
	}
	at = spool_end(j->spool);
	st = spool_member(j, head.n, most_of(*path), err);
	if (st) {
		spool_cut(j->spool, at);
		found_free(info);
		return st;
	}
	found = spool_found(j->spool, at, spool_end(j->spool) - at);
	found->info = info;
	keep(j, found, g_steal_pointer(path), entry);
	return OK;
}

static void look_at_directory(struct job *j, struct archive_entry *entry,
                              char **path)
{
	struct found *found = g_new0(struct found, 1);

	found->directory = true;
	found->info = info_of(j, entry);
	keep(j, found, g_steal_pointer(path), entry);
}

static void note_locked(struct job *j, const char *path)
{
	j->u->locked++;
	if (j->u->locked <= NAMED_MOST)
		g_string_append_printf(j->locked, "%s%s",
		                       j->locked->len ? ", " : "", path);
	say_detail("%s: behind a password of the archive", path);
}

/* In the second pass only what the first one could not know. */
static bool is_due(const struct job *j, const char *path)
{
	char *key = loose_key(path, strlen(path));
	bool due = !j->again || (!g_hash_table_contains(j->kept, key) &&
	                         g_hash_table_contains(j->filter.bases, key));

	g_free(key);
	return due && *path;
}

static enum status look_at(struct job *j, struct archive_entry *entry,
                           struct error *err)
{
	mode_t type = archive_entry_filetype(entry);
	char *path = path_of(entry);
	bool due = is_due(j, path);
	bool file = due && type == AE_IFREG && !archive_entry_hardlink(entry);
	enum status st = OK;

	j->u->members += !j->again;
	if (due && type == AE_IFDIR)
		look_at_directory(j, entry, &path);
	else if (file && archive_entry_is_data_encrypted(entry) != 1)
		st = look_at_file(j, entry, &path, err);
	else if (file && !j->again)
		note_locked(j, path);
	g_free(path);
	return st;
}

/* ------------------------------------------------------------------ passes */

static void add_reason(struct unpack *u, const char *reason)
{
	char *both;

	if (u->reason && strstr(u->reason, reason))
		return;
	both = u->reason ? g_strdup_printf("%s; %s", u->reason, reason)
	                 : g_strdup(reason);
	g_free(u->reason);
	u->reason = both;
}

/* One member could not be read; the next may be. */
static bool goes_on(struct job *j, const struct error *err, const char *name)
{
	char *reason;

	if (err->status != E_CORRUPT && err->status != E_LIMIT)
		return false;
	/* The second pass fails where the first one did. */
	if (j->again || (j->u->reason && strlen(j->u->reason) > MOST_REASON))
		return j->unpacked <= LIMIT_UNPACKED(j->s->size);
	reason = g_strdup_printf("%s: %s", name ? name : "a member", err->what);
	add_reason(j->u, reason);
	g_free(reason);
	return j->unpacked <= LIMIT_UNPACKED(j->s->size);
}

/*
 * What is packed is unpacked also where it is passed over, and libarchive does
 * not come back before its end: so it is read here.
 */
static enum status pass_over(struct job *j, struct archive_entry *entry,
                             struct error *err)
{
	const void *data;
	la_int64_t at;
	size_t n = 0;

	if (archive_entry_is_data_encrypted(entry) == 1 ||
	    (archive_filter_count(j->a) < 2 &&
	     archive_format(j->a) != ARCHIVE_FORMAT_7ZIP))
		return OK;
	while (archive_read_data_block(j->a, &data, &n, &at) == ARCHIVE_OK) {
		enum status st = unpacked(j, n, err);

		if (st)
			return st;
	}
	return OK;
}

/* The next member, if there is one. */
static enum status step(struct job *j, bool *end, struct error *err)
{
	struct archive_entry *entry;
	int r = archive_read_next_header(j->a, &entry);
	char *name = NULL;
	bool more;

	*end = r == ARCHIVE_EOF;
	if (*end)
		return OK;
	if (j->stopped(j->ctx))
		return fail(err, E_ABSENT, 0, "interrupted");
	if (r < ARCHIVE_WARN)
		return archive_failed(j, err);
	if (r == ARCHIVE_RETRY) { /* it looks for a member behind this */
		(void)archive_failed(j, err);
	} else {
		j->u->opened = true;
		if (!look_at(j, entry, err) && !pass_over(j, entry, err))
			return OK;
		name = path_of(entry);
	}
	more = goes_on(j, err, name);
	g_free(name);
	return more ? OK : err->status;
}

/* What crashed a process is the end of the archive: only libarchive knows
   where the next member begins. */
static enum status walk(struct job *j, struct error *err)
{
	enum status st = OK;
	bool end = false;

	for (uint64_t i = 0; !st && !end; i++) {
		if (i == LIMIT_MEMBERS)
			return fail(err, E_LIMIT, 0,
			            "number of members of the archive");
		st = spot_enter(SPOT_CONTENT, j->again ? "again" : NULL, i,
		                err);
		if (st)
			break;
		st = step(j, &end, err);
		spot_leave();
	}
	return st;
}

static enum status pass(struct job *j, struct error *err)
{
	enum status st = OK;

	j->a = unpack_input_open(&j->in, j->s);
	if (archive_read_open1(j->a) != ARCHIVE_OK)
		st = archive_failed(j, err);
	if (!st)
		st = walk(j, err);
	if (!j->again && j->u->opened)
		j->u->form = g_ascii_strdown(archive_format_name(j->a), -1);
	archive_read_free(j->a);
	j->a = NULL;
	unpack_input_release(&j->in);
	return st;
}

/* Is there metadata of a file that was passed over? */
static bool is_incomplete(const struct job *j)
{
	GHashTableIter it;
	gpointer key;

	g_hash_table_iter_init(&it, j->filter.bases);
	while (g_hash_table_iter_next(&it, &key, NULL))
		if (!g_hash_table_contains(j->kept, key))
			return true;
	return false;
}

static void say_locked(struct job *j)
{
	char *text;

	if (!j->u->locked)
		return;
	text = g_strdup_printf("%" PRIu64 " of %" PRIu64
	                       " members are behind a password of the archive "
	                       "and were not read (%s%s): unpack them first",
	                       j->u->locked, j->u->members, j->locked->str,
	                       j->u->locked > NAMED_MOST ? ", ..." : "");
	add_reason(j->u, text);
	g_free(text);
}

static enum status passes(struct job *j, struct error *err)
{
	enum status st = pass(j, err);

	if (st && !j->u->opened)
		return st;
	if (st)
		add_reason(j->u, err->what);
	say_locked(j);
	j->again = true;
	j->unpacked = 0;
	/* What ended the first pass ends the second, and was said. */
	if (is_incomplete(j))
		(void)!pass(j, err);
	return OK;
}

/* libarchive turns names into the locale's letters, which may lack some. */
static enum status passes_in_utf8(struct job *j, struct error *err)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t old = utf8 ? uselocale(utf8) : (locale_t)0;
	enum status st = passes(j, err);

	if (utf8) {
		(void)uselocale(old);
		freelocale(utf8);
	}
	return st;
}

enum status unpack(struct unpack *u, struct source *s,
                   bool (*stopped)(const void *ctx), const void *ctx,
                   struct error *err)
{
	struct job j = { .u = u, .s = s, .stopped = stopped, .ctx = ctx };
	enum status st;

	*u = (struct unpack){ 0 };
	u->files = g_ptr_array_new_with_free_func(found_free);
	st = spool_new(&j.spool, err);
	if (st)
		return st;
	j.out = g_malloc(CHUNK);
	j.locked = g_string_new(NULL);
	j.kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	collection_filter_init(&j.filter);
	st = passes_in_utf8(&j, err);
	collection_filter_release(&j.filter, &u->image);
	g_hash_table_destroy(j.kept);
	g_string_free(j.locked, TRUE);
	g_free(j.out);
	spool_unref(j.spool);
	return st;
}

void unpack_release(struct unpack *u)
{
	if (u->files)
		g_ptr_array_free(u->files, TRUE);
	g_free(u->reason);
	g_free(u->form);
	g_free(u->image);
	*u = (struct unpack){ 0 };
}
