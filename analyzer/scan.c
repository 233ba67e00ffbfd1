/* SPDX-License-Identifier: MIT */
/*
 * scan.c - one sequential pass over $MFT, to find what matters
 *
 * Each record is looked at once, where it lies in a large buffer: is it
 * encrypted, is it a directory, is it the extension of one that is.  Nothing is
 * allocated for a record that is neither.
 */
#include "analyzer/scan.h"
#include "analyzer/keyplace.h"
#include "parsers/limits.h"

#define CHUNK (UINT32_C(1) << 20)

/* The work of one scan. */
struct job {
	struct scan *scan;
	struct ntfs *fs;
	const struct scan_options *options;
};

static void note_stream(struct scan *scan, const struct ntfs_attr *attr)
{
	if (!attr->resident && !attr->lowest_vcn &&
	    attr->size <= UINT64_MAX - scan->bytes)
		scan->bytes += attr->size;
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
	note_stream(scan, attr);
	return true;
}

static void add_key(struct job *j, uint64_t number,
                    const struct ntfs_name *name)
{
	GArray *keys = j->scan->keys;

	if (name->namespace_ == NTFS_NAME_DOS || number >= j->fs->records ||
	    !keyplace_wants(name->name))
		return;
	if (keys->len < LIMIT_KEY_MATERIAL)
		g_array_append_val(keys, number);
	else
		j->scan->keys_cut = true;
}

/* Names may have been moved to an extension record, which does not say whether
   its file is a directory. */
static void add_name(struct job *j, const struct ntfs_record *rec,
                     uint64_t number, const struct ntfs_attr *attr)
{
	bool directory = rec->directory || rec->base;
	bool file = j->options->keys && !rec->directory;
	uint16_t sequence =
		rec->base ? NTFS_REF_SEQUENCE(rec->base) : rec->sequence;
	struct ntfs_name name;
	struct error ignored;

	if ((!directory && !file) || !attr->resident ||
	    ntfs_name_parse(&name, attr->value, &ignored))
		return;
	if (directory)
		dirs_add(j->scan->dirs, number, sequence, rec->in_use, &name);
	if (file)
		add_key(j, number, &name);
}

static void scan_attributes(struct job *j, const struct ntfs_record *rec,
                            uint64_t number)
{
	uint64_t base = rec->base ? NTFS_REF_RECORD(rec->base) : number;
	const struct ntfs_extension extension = { base, number };
	struct ntfs_attrs it = ntfs_attrs_open(rec);
	bool interesting = false;
	struct ntfs_attr attr;

	while (ntfs_attrs_next(&it, &attr)) {
		if (look_at(j->scan, &attr))
			interesting = true;
		else if (attr.type == NTFS_FILE_NAME)
			add_name(j, rec, base, &attr);
	}
	if (rec->base && j->fs->extensions)
		g_array_append_val(j->fs->extensions, extension);
	if (interesting && base < j->fs->records)
		g_array_append_val(j->scan->records, base);
}

static void scan_record(struct job *j, uint8_t *p, uint64_t number)
{
	size_t n = j->fs->boot.record;
	struct ntfs_record rec;
	struct error err = { 0 };

	if (ntfs_record_fixup(p, n, 0, &err) == E_ABSENT)
		return;
	if (err.status ||
	    ntfs_record_parse(&rec, (struct bytes){ p, n, 0 }, &err)) {
		j->scan->damaged++;
		return;
	}
	if (!rec.in_use && !j->options->deleted)
		return;
	j->scan->scanned++;
	scan_attributes(j, &rec, number);
}

/* A chunk with a read error in it is read record by record. */
static void scan_slowly(struct job *j, uint8_t *buf, uint64_t number,
                        uint64_t n)
{
	uint32_t size = j->fs->boot.record;
	struct error ignored;

	for (uint64_t i = number; i < number + n; i++) {
		if (ntfs_read_extents(j->fs, &j->fs->mft, i * size, buf, size,
		                      &ignored))
			j->scan->unreadable++;
		else
			scan_record(j, buf, i);
	}
}

static void scan_chunk(struct job *j, uint8_t *buf, uint64_t number, uint64_t n)
{
	uint32_t size = j->fs->boot.record;
	struct error ignored;

	if (ntfs_read_extents(j->fs, &j->fs->mft, number * size, buf, n * size,
	                      &ignored)) {
		scan_slowly(j, buf, number, n);
		return;
	}
	for (uint64_t i = 0; i < n; i++)
		scan_record(j, buf + i * size, number + i);
}

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

enum status scan_volume(struct scan *scan, struct ntfs *fs,
                        const struct scan_options *options, struct error *err)
{
	struct job j = { .scan = scan, .fs = fs, .options = options };
	uint64_t each = CHUNK / fs->boot.record;
	uint8_t *buf = g_malloc(CHUNK);
	enum status st = OK;

	*scan = (struct scan){ .dirs = dirs_new() };
	scan->records = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	scan->keys = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	for (uint64_t i = 0; !st && i < fs->records; i += each) {
		uint64_t n = MIN(each, fs->records - i);

		scan_chunk(&j, buf, i, n);
		if (options->progress &&
		    !options->progress(options->ctx, i + n, fs->records))
			st = fail(err, E_ABSENT, 0, "stopped");
	}
	dirs_sort(scan->dirs);
	ntfs_lone_sort(fs);
	sort_records(scan->records);
	sort_records(scan->keys);
	g_free(buf);
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
