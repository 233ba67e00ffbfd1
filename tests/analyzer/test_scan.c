/* SPDX-License-Identifier: MIT */
/*
 * test_scan.c - a $MFT scanned by threads, against a look at each record by
 * itself: random ones, some damaged, on a medium that does not give them all
 */
#include "tests/analyzer/mft_writer.h"

#include "analyzer/keyplace.h"
#include "analyzer/scan.h"
#include "parsers/limits.h"

#include <string.h>

/* -------------------------------------------------------------- the medium */

/* $MFT in pieces, which are not on the medium in its order. */
struct world {
	uint8_t *p;
	size_t n;
	GRand *rand;
	uint8_t *bad;  /* of each sector: it cannot be read */
	unsigned wait; /* microseconds that a read takes */
	struct source *s;
	struct ntfs fs;
};

static enum status read_world(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                              struct error *err)
{
	const struct world *w = ctx;

	if (w->wait)
		g_usleep(w->wait);
	for (uint64_t i = at / 512; i * 512 < at + n; i++)
		if (w->bad[i])
			return fail(err, E_IO, i * 512, "bad sector");
	memcpy(buf, w->p + at, n);
	return OK;
}

static unsigned below(struct world *w, unsigned n)
{
	return (unsigned)g_rand_int_range(w->rand, 0, (gint32)n);
}

static bool one_in(struct world *w, unsigned n)
{
	return !below(w, n);
}

/* A reference: of one that there is, or of none. */
static uint64_t any_record(struct world *w)
{
	return (below(w, (unsigned)w->fs.records + 20) + 1) | UINT64_C(1) << 48;
}

static void add_random(struct world *w, struct mft_writer *wr)
{
	static const char *const names[] = {
		"a",     "x.docx", "CREDHIST", "SAM",
		"x.key", "key",    ".p8",      "SAM.LOG1",
	};

	if (!one_in(w, 5))
		mft_standard(wr, one_in(w, 10) ? NTFS_FILE_ENCRYPTED : 0x20);
	while (one_in(w, 2) && wr->used < 400)
		mft_name(wr, any_record(w), (uint8_t)below(w, 5),
		         names[below(w, G_N_ELEMENTS(names))]);
	if (one_in(w, 3))
		(void)mft_resident(wr, NTFS_DATA,
		                   one_in(w, 9) ? NTFS_ATTR_ENCRYPTED : 0, 20);
	else if (one_in(w, 2))
		mft_data(wr, one_in(w, 9) ? NTFS_ATTR_ENCRYPTED : 0,
		         one_in(w, 3) ? 40 : 0, below(w, 1u << 20));
	if (one_in(w, 9))
		mft_stream(wr, one_in(w, 2) ? "$EFS" : "$TXF_DATA");
}

static void make_record(struct world *w, uint8_t *p)
{
	size_t size = w->fs.boot.record;
	uint16_t flags = one_in(w, 8) ? 0 : 1;
	uint64_t base = 0;
	struct mft_writer wr;

	if (one_in(w, 4))
		flags |= 2;
	if (one_in(w, 6))
		base = any_record(w);
	mft_begin(&wr, p, size, 1, flags, base);
	add_random(w, &wr);
	mft_finish(&wr);
	if (one_in(w, 12))
		memcpy(p, one_in(w, 2) ? "BAAD" : "\0\0\0", 4);
	if (one_in(w, 12))
		p[size - 1] ^= 1;
	while (one_in(w, 6))
		p[below(w, 0x180)] ^= (uint8_t)(1u << below(w, 8));
}

static void add_piece(struct world *w, uint64_t first, uint64_t n, uint64_t at)
{
	uint64_t record = w->fs.boot.record;
	const struct extent e = { .offset = first * record,
		                  .n = n * record,
		                  .at = at == EXTENT_HOLE ? at : at * record };

	g_array_append_val(w->fs.mft.list, e);
}

/* In five pieces; of the fourth, a part is a hole, and a part is nowhere. */
static void add_pieces(struct world *w)
{
	uint64_t all = w->fs.records, n = all / 5;

	w->fs.mft.list = g_array_new(FALSE, FALSE, sizeof(struct extent));
	if (!n) {
		add_piece(w, 0, all, 0);
		return;
	}
	add_piece(w, 0, n, 3 * n);
	add_piece(w, n, n, 0);
	add_piece(w, 2 * n, n, n);
	add_piece(w, 3 * n, n - n / 4, 2 * n);
	add_piece(w, 4 * n - n / 4, n / 8, EXTENT_HOLE);
	add_piece(w, 4 * n, all - 4 * n, 4 * n);
}

static void world_open(struct world *w, uint64_t records, uint32_t record,
                       guint32 seed)
{
	struct reader reader = { .read = read_world, .ctx = w, .shared = true };

	*w = (struct world){ .n = records * record,
		             .rand = g_rand_new_with_seed(seed) };
	w->p = g_malloc0(w->n);
	w->bad = g_malloc0(w->n / 512 + 1);
	w->fs.boot.record = record;
	w->fs.records = records;
	w->fs.end = reader.size = w->n;
	w->s = w->fs.s = source_layer(&reader, "memory", NULL, false);
	add_pieces(w);
}

static void world_close(struct world *w)
{
	source_free(w->s);
	ntfs_release(&w->fs);
	g_rand_free(w->rand);
	g_free(w->bad);
	g_free(w->p);
}

static void fill(struct world *w, bool faults)
{
	for (size_t at = 0; at < w->n; at += w->fs.boot.record)
		if (!one_in(w, 20))
			make_record(w, w->p + at);
	for (size_t i = 0; faults && i < w->n / 512; i++)
		w->bad[i] = one_in(w, 700);
}

/* ----------------------------------------------------------- the reference */

/* One record, by itself. */
static bool wanted(struct scan *scan, const struct world *w,
                   const struct scan_options *options,
                   const struct ntfs_record *rec, uint64_t number)
{
	struct ntfs_attrs it = ntfs_attrs_open(rec);
	uint16_t sequence =
		rec->base ? (uint16_t)(rec->base >> 48) : rec->sequence;
	struct ntfs_standard si;
	struct ntfs_name name;
	struct ntfs_attr a;
	struct error err;
	bool is = false;

	while (ntfs_attrs_next(&it, &a)) {
		if (a.type == 0x10 && a.resident &&
		    !ntfs_standard_parse(&si, a.value, &err))
			is |= (si.attributes & 0x4000) != 0;
		is |= a.type == 0x100 && ntfs_attr_named(&a, "$EFS");
		is |= a.type == 0x80 && (a.flags & 0x4000);
		if (a.type == 0x80 && (a.flags & 0x4000) && !a.resident &&
		    !a.lowest_vcn)
			scan->bytes += a.size;
		if (a.type != 0x30 || !a.resident ||
		    ntfs_name_parse(&name, a.value, &err))
			continue;
		if (rec->directory || rec->base)
			dirs_add(scan->dirs, number, sequence, rec->in_use,
			         &name);
		if (!options->keys || rec->directory ||
		    number >= w->fs.records || name.namespace_ == 2 ||
		    !keyplace_wants(&name.name))
			continue;
		scan->keys_cut |= scan->keys->len == LIMIT_KEY_MATERIAL;
		if (!scan->keys_cut)
			g_array_append_val(scan->keys, number);
	}
	return is;
}

static void look(struct scan *scan, struct world *w,
                 const struct scan_options *options, GArray *extensions,
                 uint64_t number)
{
	struct ntfs_extension e = { .number = number };
	uint32_t size = w->fs.boot.record;
	uint8_t buf[65536];
	const struct bytes in = { buf, size, 0 };
	struct ntfs_record rec;
	struct error err;
	enum status st;

	if (ntfs_read_extents(&w->fs, &w->fs.mft, number * size, buf, size,
	                      &err)) {
		scan->unreadable++;
		return;
	}
	st = ntfs_record_fixup(buf, size, 0, &err);
	if (st == E_ABSENT)
		return;
	if (!st)
		st = ntfs_record_parse(&rec, in, &err);
	scan->damaged += st != OK;
	if (st || (!rec.in_use && !options->deleted))
		return;
	scan->scanned++;
	e.base = rec.base ? rec.base & UINT64_C(0xffffffffffff) : number;
	if (rec.base && extensions)
		g_array_append_val(extensions, e);
	if (wanted(scan, w, options, &rec, e.base) && e.base < w->fs.records)
		g_array_append_val(scan->records, e.base);
}

static gint by_value(gconstpointer a, gconstpointer b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void once(GArray *list)
{
	guint n = 0;

	g_array_sort(list, by_value);
	for (guint i = 0; i < list->len; i++) {
		uint64_t v = g_array_index(list, uint64_t, i);

		if (!i || v != g_array_index(list, uint64_t, n - 1))
			g_array_index(list, uint64_t, n++) = v;
	}
	g_array_set_size(list, n);
}

/* Records 0 to n - 1. */
static struct scan reference(struct world *w,
                             const struct scan_options *options,
                             GArray *extensions, uint64_t n)
{
	struct scan scan = { .dirs = dirs_new() };

	scan.records = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	scan.keys = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	for (uint64_t i = 0; i < n; i++)
		look(&scan, w, options, extensions, i);
	once(scan.records);
	once(scan.keys);
	dirs_sort(scan.dirs);
	return scan;
}

/* ------------------------------------------------------------------- tests */

static void check_lists(const GArray *a, const GArray *b, size_t size)
{
	assert_int_equal(a->len, b->len);
	if (a->len)
		assert_memory_equal(a->data, b->data, a->len * size);
}

static void check(const struct scan *a, const struct scan *b, uint64_t records)
{
	assert_int_equal(a->scanned, b->scanned);
	assert_int_equal(a->unreadable, b->unreadable);
	assert_int_equal(a->damaged, b->damaged);
	assert_int_equal(a->bytes, b->bytes);
	assert_int_equal(a->keys_cut, b->keys_cut);
	check_lists(a->records, b->records, sizeof(uint64_t));
	check_lists(a->keys, b->keys, sizeof(uint64_t));
	for (uint64_t i = 0; i < records + 25; i++) {
		uint64_t ref = i | UINT64_C(1) << 48;
		const char *over;
		char *x = dirs_path(a->dirs, ref, "x", &over);
		char *y = dirs_path(b->dirs, ref, "x", &over);

		assert_string_equal(x, y);
		g_free(x);
		g_free(y);
	}
}

static bool go_on(void *ctx, uint64_t done, uint64_t total)
{
	uint64_t *last = ctx;

	assert_true(done >= *last && done <= total);
	*last = done;
	return true;
}

static void compare(struct world *w, struct scan_options options)
{
	static const unsigned jobs[] = { 0, 1, 2, 3, 7 };
	GArray *extensions =
		g_array_new(FALSE, FALSE, sizeof(struct ntfs_extension));
	struct scan expected =
		reference(w, &options, extensions, w->fs.records);
	struct error err;

	for (size_t i = 0; i < G_N_ELEMENTS(jobs); i++) {
		struct scan scan;
		uint64_t last = 0;

		if (w->fs.extensions)
			g_array_set_size(w->fs.extensions, 0);
		options.jobs = jobs[i];
		options.progress = i % 2 ? go_on : NULL;
		options.ctx = &last;
		assert_int_equal(scan_volume(&scan, &w->fs, &options, &err),
		                 OK);
		check(&scan, &expected, w->fs.records);
		scan_release(&scan);
		/* by base; of one base in the order of records */
		g_array_sort(extensions, by_value);
		if (w->fs.extensions)
			check_lists(w->fs.extensions, extensions,
			            sizeof(struct ntfs_extension));
	}
	scan_release(&expected);
	g_array_free(extensions, TRUE);
}

static void check_world(uint64_t records, uint32_t record, guint32 seed)
{
	struct world w;

	world_open(&w, records, record, seed);
	fill(&w, seed % 2);
	compare(&w, (struct scan_options){ .keys = true });
	compare(&w, (struct scan_options){ .deleted = true });
	w.fs.lone = true;
	w.fs.extensions =
		g_array_new(FALSE, FALSE, sizeof(struct ntfs_extension));
	compare(&w, (struct scan_options){ .keys = true, .deleted = true });
	world_close(&w);
}

static void threads_find_what_one_finds(void **state)
{
	(void)state;
	check_world(5000, 1024, 1);
	check_world(5000, 1024, 2);
	check_world(1500, 4096, 3);
	check_world(1025, 1024, 5);
}

static void small_volumes(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 8; i++)
		check_world(i, 1024, i);
	check_world(3, 65536, 8);
	check_world(9, 65536, 9);
}

/* What was written is known without a parser, too. */
static void what_was_written_is_found(void **state)
{
	static const uint64_t records[] = { 3, 700 }, keys[] = { 5, 900 };
	struct scan_options options = { .keys = true, .jobs = 3 };
	struct world w;
	struct scan scan;
	struct error err;
	const char *over;
	char *path;

	(void)state;
	world_open(&w, 1000, 1024, 0);
	g_array_set_size(w.fs.mft.list, 0);
	add_piece(&w, 0, 1000, 0);
	for (uint64_t i = 0; i < 1000; i++) {
		const uint64_t dir = 2 | UINT64_C(4) << 48;
		struct mft_writer wr;

		mft_begin(&wr, w.p + i * 1024, 1024, 4, i == 2 ? 3 : 1,
		          i == 999 ? 3 | UINT64_C(4) << 48 : 0);
		mft_standard(&wr, i == 700 ? NTFS_FILE_ENCRYPTED : 0);
		mft_name(&wr, i == 2 ? 5 | UINT64_C(5) << 48 : dir, 1,
		         i == 5 || i == 900 ? "SYSTEM" : "d");
		if (i == 3 || i == 999)
			mft_data(&wr, NTFS_ATTR_ENCRYPTED, i == 3 ? 0 : 9,
			         1000);
		mft_finish(&wr);
	}
	w.p[600 * 1024 + 1022]++;
	w.bad[2 * 400 + 1] = 1;
	assert_int_equal(scan_volume(&scan, &w.fs, &options, &err), OK);
	assert_int_equal(scan.scanned, 998);
	assert_int_equal(scan.damaged, 1);
	assert_int_equal(scan.unreadable, 1);
	assert_int_equal(scan.bytes, 1000);
	assert_int_equal(scan.records->len, G_N_ELEMENTS(records));
	assert_memory_equal(scan.records->data, records, sizeof(records));
	assert_int_equal(scan.keys->len, G_N_ELEMENTS(keys));
	assert_memory_equal(scan.keys->data, keys, sizeof(keys));
	path = dirs_path(scan.dirs, 2 | UINT64_C(4) << 48, "x", &over);
	assert_string_equal(path, "/d/x");
	g_free(path);
	scan_release(&scan);
	world_close(&w);
}

/* More names than are looked into: the first of them are, whoever saw them. */
static void too_many_keys(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, 560, 65536, 0);
	for (size_t at = 0; at < w.n; at += w.fs.boot.record) {
		struct mft_writer wr;

		mft_begin(&wr, w.p + at, w.fs.boot.record, 1, 1, 0);
		while (wr.used + 200 < w.fs.boot.record)
			mft_name(&wr, 5, 0, "SAM");
		mft_finish(&wr);
	}
	compare(&w, (struct scan_options){ .keys = true });
	world_close(&w);
}

static bool stop(void *ctx, uint64_t done, uint64_t total)
{
	return ctx || done > total;
}

/* What is there then is that of the first records, and no gap in it. */
static void stopping(void **state)
{
	struct scan_options options = { .progress = stop };
	struct world w;

	(void)state;
	world_open(&w, 20000, 1024, 6);
	fill(&w, false);
	for (options.jobs = 1; options.jobs < 4; options.jobs++) {
		struct scan scan, expected;
		uint64_t n = 0;
		struct error err;

		w.wait = 20000;
		assert_int_equal(scan_volume(&scan, &w.fs, &options, &err),
		                 E_ABSENT);
		w.wait = 0;
		expected = reference(&w, &options, NULL, n);
		while (expected.scanned < scan.scanned) {
			scan_release(&expected);
			n += 64;
			expected = reference(&w, &options, NULL, n);
		}
		assert_true(n < w.fs.records);
		check(&scan, &expected, w.fs.records);
		scan_release(&expected);
		scan_release(&scan);
	}
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_find_what_one_finds),
		cmocka_unit_test(small_volumes),
		cmocka_unit_test(what_was_written_is_found),
		cmocka_unit_test(too_many_keys),
		cmocka_unit_test(stopping),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
