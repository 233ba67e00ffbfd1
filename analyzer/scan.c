/* SPDX-License-Identifier: MIT */
/*
 * scan.c - one pass over $MFT, to find what matters
 *
 * Each record is looked at once, where it lies in a buffer: is it encrypted, is
 * it a directory, is it the extension of one that is.  Nothing is allocated for
 * a record that is neither.
 *
 * Threads take ranges of records, in order.  What a range says is kept apart
 * until all before it are joined, so that the whole is as if one had read it.
 */
#include "analyzer/scan.h"
#include "analyzer/keyplace.h"
#include "analyzer/spot.h"
#include "parsers/limits.h"
#include "recovery/trial.h"

/* Bytes of a range: it stays in a core's second-level cache. */
#define CHUNK (UINT32_C(1) << 18)

/* What is there of a range of records. */
struct part {
	size_t i;           /* of the range */
	struct scan scan;   /* lists that nothing is in are NULL */
	GArray *extensions; /* of struct ntfs_extension; or NULL */
};

/* The work of one scan. */
struct job {
	struct ntfs *fs;
	const struct scan_options *options;
	uint64_t each;     /* records in a range */
	struct spots at;   /* what is scanned */
	GMutex mutex;      /* of what follows, and of the lists in fs */
	GQueue buffers;    /* of CHUNK bytes, that nobody uses */
	struct scan *scan; /* of the first ranges */
	size_t joined;     /* how many they are */
	GQueue waiting;    /* parts behind them, ascending */
};

/* ----------------------------------------------------------------- records */

static void append(GArray **list, const void *row, guint size)
{
	if (!*list)
		*list = g_array_new(FALSE, FALSE, size);
	g_array_append_vals(*list, row, 1);
}

static void add_bytes(struct scan *scan, uint64_t n)
{
	scan->bytes += MIN(n, UINT64_MAX - scan->bytes);
}

/* Look at one attribute; true if it makes its file interesting. */
static bool look_at(struct scan *scan, const struct ntfs_attr *attr)
{
	struct ntfs_standard si;
	struct error ignored;

	if (attr->type == NTFS_STANDARD_INFORMATION && attr->resident)
		return !ntfs_standard_parse(&si, attr->value, &ignored) &&
		       (si.attributes & NTFS_FILE_ENCRYPTED);
	if (attr->type == NTFS_LOGGED_UTILITY_STREAM)
		return ntfs_attr_named(attr, "$EFS");
	if (attr->type != NTFS_DATA || !(attr->flags & NTFS_ATTR_ENCRYPTED))
		return false;
	if (!attr->resident && !attr->lowest_vcn)
		add_bytes(scan, attr->size);
	return true;
}

/* Takes the name by value: one that others have a pointer to stays in memory.
 */
static void add_directory(struct scan *scan, const struct ntfs_record *rec,
                          uint64_t number, struct ntfs_name name)
{
	uint16_t sequence =
		rec->base ? NTFS_REF_SEQUENCE(rec->base) : rec->sequence;

	if (!scan->dirs)
		scan->dirs = dirs_new();
	dirs_add(scan->dirs, number, sequence, rec->in_use, &name);
}

/* Names may have been moved to an extension record, which does not say whether
   its file is a directory. */
static void add_name(const struct job *j, struct scan *scan,
                     const struct ntfs_record *rec, uint64_t number,
                     const struct ntfs_attr *attr)
{
	bool file = j->options->keys && !rec->directory;
	struct ntfs_name name;
	struct error ignored;

	if (!attr->resident || ntfs_name_parse(&name, attr->value, &ignored) ||
	    name.namespace_ == NTFS_NAME_DOS)
		return;
	if (rec->directory || rec->base)
		add_directory(scan, rec, number, name);
	if (file && number < j->fs->records && keyplace_wants(&name.name))
		append(&scan->keys, &number, sizeof(number));
}

static void scan_attributes(const struct job *j, struct part *part,
                            const struct ntfs_record *rec, uint64_t number)
{
	uint64_t base = rec->base ? NTFS_REF_RECORD(rec->base) : number;
	struct ntfs_attrs it = ntfs_attrs_open(rec);
	bool interesting = false;
	struct ntfs_attr attr;

	while (ntfs_attrs_next(&it, &attr)) {
		if (look_at(&part->scan, &attr))
			interesting = true;
		else if (attr.type == NTFS_FILE_NAME)
			add_name(j, &part->scan, rec, base, &attr);
	}
	if (rec->base && j->fs->extensions) {
		const struct ntfs_extension extension = { base, number };

		append(&part->extensions, &extension, sizeof(extension));
	}
	if (interesting && base < j->fs->records)
		append(&part->scan.records, &base, sizeof(base));
}

static void scan_record(const struct job *j, struct part *part, uint8_t *p,
                        uint64_t number)
{
	size_t n = j->fs->boot.record;
	struct ntfs_record rec;
	struct error err;
	enum status st;

	st = ntfs_record_open(&rec, p, n, 0, &err);
	if (st == E_ABSENT)
		return;
	if (st) {
		part->scan.damaged++;
		return;
	}
	if (!rec.in_use && !j->options->deleted)
		return;
	part->scan.scanned++;
	scan_attributes(j, part, &rec, number);
}

/* ------------------------------------------------------------------ ranges */

/* That it crashed a process does not say what it is: it is taken for the worst,
   and whoever loads it sees why not. */
static void note_crashed(struct part *part, uint64_t number)
{
	part->scan.damaged++;
	append(&part->scan.records, &number, sizeof(number));
}

/* A range with a read error in it, or what crashed a process, is read record by
   record. */
static void scan_slowly(const struct job *j, struct part *part, uint8_t *buf,
                        uint64_t number, uint64_t n)
{
	uint32_t size = j->fs->boot.record;
	struct error ignored;

	for (uint64_t i = number; i < number + n; i++) {
		if (spot_enter(SPOT_OBJECT, NULL, i, &ignored)) {
			note_crashed(part, i);
			continue;
		}
		if (ntfs_read_extents(j->fs, &j->fs->mft, i * size, buf, size,
		                      &ignored))
			part->scan.unreadable++;
		else
			scan_record(j, part, buf, i);
		spot_leave();
	}
}

static void scan_chunk(const struct job *j, struct part *part, uint8_t *buf,
                       uint64_t number, uint64_t n)
{
	uint32_t size = j->fs->boot.record;
	struct error ignored;

	if (spot_enter(SPOT_RECORDS, NULL, number, &ignored)) {
		scan_slowly(j, part, buf, number, n);
		return;
	}
	if (ntfs_read_extents(j->fs, &j->fs->mft, number * size, buf, n * size,
	                      &ignored))
		scan_slowly(j, part, buf, number, n);
	else
		for (uint64_t i = 0; i < n; i++)
			scan_record(j, part, buf + i * size, number + i);
	spot_leave();
}

static void part_free(void *p)
{
	struct part *part = p;

	scan_release(&part->scan);
	if (part->extensions)
		g_array_free(part->extensions, TRUE);
	g_free(part);
}

static void join_list(GArray *to, const GArray *from, guint most)
{
	if (from)
		g_array_append_vals(to, from->data, MIN(from->len, most));
}

static void join(struct job *j, const struct part *part)
{
	const struct scan *from = &part->scan;
	struct scan *to = j->scan;
	guint room = LIMIT_KEY_MATERIAL - to->keys->len;

	join_list(to->records, from->records, G_MAXUINT);
	join_list(to->keys, from->keys, room);
	to->keys_cut |= from->keys && from->keys->len > room;
	if (part->extensions)
		join_list(j->fs->extensions, part->extensions, G_MAXUINT);
	if (from->dirs)
		dirs_join(to->dirs, from->dirs);
	add_bytes(to, from->bytes);
	to->scanned += from->scanned;
	to->unreadable += from->unreadable;
	to->damaged += from->damaged;
}

static gint by_range(gconstpointer a, gconstpointer b, gpointer unused)
{
	const struct part *x = a, *y = b;

	(void)unused;
	return x->i < y->i ? -1 : x->i > y->i;
}

static uint8_t *take_buffer(struct job *j)
{
	uint8_t *buf;

	g_mutex_lock(&j->mutex);
	buf = g_queue_pop_head(&j->buffers);
	g_mutex_unlock(&j->mutex);
	return buf ? buf : g_malloc(CHUNK);
}

/* Join the part, and those that waited for it; or let it wait. Takes both. */
static void deliver(struct job *j, struct part *part, uint8_t *buf)
{
	g_mutex_lock(&j->mutex);
	g_queue_push_head(&j->buffers, buf);
	g_queue_insert_sorted(&j->waiting, part, by_range, NULL);
	while ((part = g_queue_peek_head(&j->waiting)) &&
	       part->i == j->joined) {
		join(j, part);
		part_free(g_queue_pop_head(&j->waiting));
		j->joined++;
	}
	g_mutex_unlock(&j->mutex);
}

/* What trial_run asks for each range: none of them ends the scan. */
static bool scan_range(void *job, size_t i)
{
	struct job *j = job;
	uint64_t number = i * j->each;
	uint8_t *buf = take_buffer(j);
	struct part *part = g_new0(struct part, 1);
	struct spots before;

	spots_save(&before);
	spots_restore(&j->at);
	part->i = i;
	scan_chunk(j, part, buf, number, MIN(j->each, j->fs->records - number));
	deliver(j, part, buf);
	spots_restore(&before);
	return false;
}

/* -------------------------------------------------------------------- scan */

static gint by_value(gconstpointer a, gconstpointer b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* A file is noted once for each of its records that says so. */
static void sort_records(GArray *records)
{
	guint kept = 0;

	g_array_sort(records, by_value);
	for (guint i = 0; i < records->len; i++) {
		uint64_t v = g_array_index(records, uint64_t, i);

		if (!kept || g_array_index(records, uint64_t, kept - 1) != v)
			g_array_index(records, uint64_t, kept++) = v;
	}
	g_array_set_size(records, kept);
}

static bool report(void *job, uint64_t done, uint64_t total)
{
	const struct job *j = job;

	(void)total;
	return !j->options->progress ||
	       j->options->progress(j->options->ctx,
	                            MIN(done * j->each, j->fs->records),
	                            j->fs->records);
}

static enum status run(struct job *j, struct error *err)
{
	const struct trial trial = { j->options->jobs, report, j };
	size_t n = (size_t)((j->fs->records + j->each - 1) / j->each);

	/* One range is sooner read than a thread is started. */
	if (n == 1)
		(void)scan_range(j, 0);
	else
		(void)trial_run(&trial, n, scan_range, j);
	return j->joined == n ? OK : fail(err, E_ABSENT, 0, "stopped");
}

enum status scan_volume(struct scan *scan, struct ntfs *fs,
                        const struct scan_options *options, struct error *err)
{
	struct job j = { .scan = scan,
		         .fs = fs,
		         .options = options,
		         .each = CHUNK / fs->boot.record,
		         .buffers = G_QUEUE_INIT,
		         .waiting = G_QUEUE_INIT };
	enum status st;

	*scan = (struct scan){ .dirs = dirs_new() };
	scan->records = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	scan->keys = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g_mutex_init(&j.mutex);
	spots_save(&j.at);
	st = run(&j, err);
	g_queue_clear_full(&j.buffers, g_free);
	g_queue_clear_full(&j.waiting, part_free);
	g_mutex_clear(&j.mutex);
	dirs_sort(scan->dirs);
	ntfs_lone_sort(fs);
	sort_records(scan->records);
	sort_records(scan->keys);
	return st;
}

void scan_release(struct scan *scan)
{
	dirs_free(scan->dirs);
	if (scan->records)
		g_array_free(scan->records, TRUE);
	if (scan->keys)
		g_array_free(scan->keys, TRUE);
	*scan = (struct scan){ 0 };
}
