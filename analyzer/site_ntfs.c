/* SPDX-License-Identifier: MIT */
/*
 * site_ntfs.c - the encrypted objects of an NTFS volume or a shadow copy of it
 */
#include "analyzer/site_ntfs.h"
#include "analyzer/found_ntfs.h"
#include "analyzer/object_ntfs.h"
#include "analyzer/progress.h"
#include "analyzer/say.h"
#include "analyzer/scan.h"
#include "analyzer/spot.h"
#include "parsers/limits.h"

#include <inttypes.h>
#include <string.h>

struct ntfs_site {
	struct ntfs fs;
	struct scan scan;
	GPtrArray *found; /* of struct found * */
	struct source *s; /* of a lone $MFT; owned; else NULL */
	char *prefix;     /* the same: of its paths */
};

static enum status load(void *from, uint64_t number, struct object *object,
                        struct error *err)
{
	struct ntfs_site *site = from;

	return object_load_ntfs(object, &site->fs, site->scan.dirs, number,
	                        err);
}

static enum status count_used(void *from, const struct stream *stream,
                              uint64_t limit, uint64_t *used, struct error *err)
{
	struct ntfs_site *site = from;

	return ntfs_count_used(&site->fs, &stream->extents, limit, used, err);
}

static void keys(void *from, GPtrArray *to)
{
	struct ntfs_site *site = from;
	const GArray *records = site->scan.keys;

	for (guint i = 0; i < records->len; i++) {
		uint64_t number = g_array_index(records, uint64_t, i);
		struct found *found;
		struct error err;

		if (spot_enter(SPOT_OBJECT, NULL, number, &err))
			continue;
		(void)!found_ntfs(&found, &site->fs, site->scan.dirs, number,
		                  &err);
		spot_leave();
		if (!found)
			continue;
		if (strlen(found->origin.path) > LIMIT_KEY_PATH) {
			found_free(found);
			continue;
		}
		g_ptr_array_add(site->found, found);
		g_ptr_array_add(to, found);
	}
	if (site->scan.keys_cut)
		say("over %u files of a volume may be key material; the rest "
		    "was not looked into",
		    LIMIT_KEY_MATERIAL);
}

static void release(void *from)
{
	struct ntfs_site *site = from;

	g_ptr_array_free(site->found, TRUE);
	scan_release(&site->scan);
	ntfs_release(&site->fs);
	source_free(site->s);
	g_free(site->prefix);
	g_free(site);
}

static const struct finder finder_ntfs = {
	.load = load,
	.count_used = count_used,
	.keys = keys,
	.free = release,
	.shared = true,
};

/* Paths of the volume, below where its $MFT was found. */
static void add_prefix(GPtrArray *paths, const char *prefix)
{
	for (guint i = 0; *prefix && i < paths->len; i++) {
		char *path = paths->pdata[i];

		paths->pdata[i] = g_strconcat(prefix, path, NULL);
		g_free(path);
	}
}

static enum status load_lone(void *from, uint64_t number, struct object *object,
                             struct error *err)
{
	struct ntfs_site *site = from;
	enum status st = load(from, number, object, err);

	if (st)
		return st;
	add_prefix(object->paths, site->prefix);
	object->absent = g_strdup("only $MFT is here, not the clusters of its "
	                          "volume");
	return OK;
}

static const struct finder finder_lone = {
	.load = load_lone,
	.keys = keys,
	.free = release,
	.shared = true,
};

static bool scan_progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)total;
	progress_set(done);
	return !run_stopped(ctx);
}

/* What the scan could not read, in words; NULL if it read all. */
static char *scan_reason(const struct scan *scan, const struct ntfs *fs)
{
	GString *s = g_string_new(NULL);

	if (fs->mirror)
		g_string_append(s, "the first record of $MFT is damaged: its "
		                   "copy in $MFTMirr was used; ");
	if (fs->mft.resorted >= LIMIT_MFT_SORTED)
		g_string_append(s, "the parts of $MFT come in no order: those "
		                   "at the end of its list are left out; ");
	if (fs->claimed > fs->records)
		g_string_append_printf(s,
		                       "$MFT claims %" PRIu64
		                       " records, and only the first %" PRIu64
		                       " have a place in this evidence; ",
		                       fs->claimed, fs->records);
	if (scan->unreadable)
		g_string_append_printf(s,
		                       "%" PRIu64 " of %" PRIu64
		                       " MFT records could not be read; ",
		                       scan->unreadable, fs->records);
	if (scan->damaged)
		g_string_append_printf(s,
		                       "%" PRIu64 " of %" PRIu64
		                       " MFT records are damaged; ",
		                       scan->damaged, fs->records);
	if (!s->len) {
		g_string_free(s, TRUE);
		return NULL;
	}
	g_string_truncate(s, s->len - 2);
	return g_string_free(s, FALSE);
}

static void scan(struct ntfs_site *site, struct run *run, bool keys_only)
{
	const struct scan_options how = {
		.deleted = run->o->deleted,
		.keys = run_wants_keys(run, keys_only),
		.jobs = (unsigned)run->o->jobs,
		.progress = scan_progress,
		.ctx = run,
	};
	struct error stopped;

	progress_phase("scanning $MFT", site->fs.records, PROGRESS_PARTS);
	(void)!scan_volume(&site->scan, &site->fs, &how, &stopped);
	run->read_errors += site->scan.unreadable;
}

/* Scan what is open. */
static struct site *new_site(struct run *run, struct ntfs_site *from,
                             const struct finder *finder, bool keys_only)
{
	struct site *site = g_new0(struct site, 1);

	scan(from, run, keys_only);
	from->found = g_ptr_array_new_with_free_func(found_free);
	site->place.finder = finder;
	site->place.from = from;
	site->records = from->scan.records;
	site->bytes = from->scan.bytes;
	site->row.records = from->scan.scanned;
	site->reason = scan_reason(&from->scan, &from->fs);
	return site;
}

struct site *site_ntfs(struct run *run, const struct volume *volume,
                       bool keys_only, struct error *why)
{
	struct ntfs_site *from = g_new0(struct ntfs_site, 1);

	if (ntfs_open(&from->fs, volume, why)) {
		g_free(from);
		return NULL;
	}
	return new_site(run, from, &finder_ntfs, keys_only);
}

struct site *site_lone(struct run *run, struct source *s, const char *prefix,
                       bool keys_only, struct error *why)
{
	struct ntfs_site *from = g_new0(struct ntfs_site, 1);
	struct site *site;

	if (ntfs_open_lone(&from->fs, s, why)) {
		source_free(s);
		g_free(from);
		return NULL;
	}
	from->s = s;
	from->prefix = g_strdup(prefix);
	site = new_site(run, from, &finder_lone, keys_only);
	if (from->fs.cluster_known)
		site->row.cluster = from->fs.boot.cluster;
	return site;
}
