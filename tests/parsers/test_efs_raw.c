/* SPDX-License-Identifier: MIT */
/*
 * test_efs_raw.c - raw exports, whole and damaged, through a small window
 *
 * The samples are in testdata/efs-raw, written in Python from the text.
 */
#include "tests/parsers/sample.h"

#include <stdio.h>
#include <string.h>

#include "parsers/efs_raw.h"
#include "parsers/limits.h"

/* The bytes of the file that a reader at `at` would get: a copy. */
static struct bytes window(struct bytes file, uint64_t at, size_t n)
{
	struct cursor c = cursor_open(file);
	struct bytes rest;

	assert_true(at >= file.at);
	rest = cursor_tail(&c, (size_t)(at - file.at));
	assert_false(c.bad);
	return sample_copy(rest, n < rest.n ? n : rest.n);
}

static struct efs_raw open_file(struct bytes file)
{
	struct bytes head = window(file, file.at, EFS_RAW_FILE_HEADER);
	struct efs_raw it = efs_raw_open(head, file.n);

	sample_free(head);
	return it;
}

/* As a caller does it; the header stays in *head until the next call. */
static bool next(struct efs_raw *it, struct bytes file, struct bytes *head,
                 struct efs_raw_record *r)
{
	struct bytes peek = window(file, it->next, EFS_RAW_PEEK);
	size_t need = efs_raw_need(it, peek);

	sample_free(peek);
	if (head->p)
		sample_free(*head);
	assert_true(need <= EFS_RAW_HEADER_MOST);
	*head = window(file, it->next, need);
	return efs_raw_next(it, *head, r);
}

static const char *flat(struct bytes utf16)
{
	static char text[64];
	size_t n = 0;

	for (size_t i = 0; i < utf16.n && n + 1 < sizeof(text); i += 2)
		text[n++] = (char)utf16.p[i];
	text[n] = '\0';
	return text;
}

/* One line a record, one a block. */
static char listing[65536];

static void add_blocks(char **p, const struct efs_raw_segment *s)
{
	struct efs_raw_blocks it = efs_raw_blocks_open(s);
	struct efs_raw_block b;

	while (efs_raw_blocks_next(&it, &b))
		*p += sprintf(*p, " %u+%u=%u%s", (unsigned)b.offset,
		              (unsigned)b.span, (unsigned)b.present,
		              b.over ? "!" : "");
}

static void add_record(char **p, const struct efs_raw_record *r)
{
	const struct efs_raw_segment *s = &r->segment;

	if (r->kind == EFS_RAW_STREAM) {
		*p += sprintf(*p, "%s [%s]%s%s\n", flat(r->stream.name),
		              r->stream.metadata ? "metadata" : "data",
		              r->stream.encrypted ? " encrypted" : "",
		              r->err.status ? " bad" : "");
		return;
	}
	*p += sprintf(*p, " %u %u/%u f%d @%u:%u%s%s", (unsigned)s->offset,
	              (unsigned)s->valid, (unsigned)s->size,
	              s->extended ? (int)s->flags : -1, (unsigned)s->data_at,
	              (unsigned)s->data_n, s->cut ? " cut" : "",
	              r->err.status ? " bad" : "");
	if (!r->err.status && s->encrypted)
		add_blocks(p, s);
	*p += sprintf(*p, "\n");
}

static enum status list(struct bytes file, struct error *err)
{
	struct efs_raw it = open_file(file);
	struct bytes head = { 0 };
	struct efs_raw_record r;
	uint64_t at = it.next;
	char *p = listing;

	*p = '\0';
	while (next(&it, file, &head, &r)) {
		assert_int_equal(r.at, at);
		assert_inside(r.stream.name, head);
		assert_inside(r.segment.blocks, head);
		if (r.err.status)
			assert_error(&r.err, r.err.status, file);
		assert_true(r.segment.data_n <= file.n);
		assert_true(it.next > at && it.next <= file.at + file.n);
		at = it.next;
		if (p - listing < (long)sizeof(listing) / 2)
			add_record(&p, &r);
	}
	assert_int_equal(r.kind, 0);
	assert_false(next(&it, file, &head, &r));
	sample_free(head);
	if (it.err.status)
		assert_error(&it.err, it.err.status, file);
	*err = it.err;
	return it.err.status;
}

/* sample_load says that files begin at SAMPLE_AT; here they begin at 0. */
static struct bytes load(const char *name)
{
	struct bytes b = sample_load(name);

	b.at = 0;
	return b;
}

static void reads_what_windows_writes(void **state)
{
	struct bytes in = load("efs-raw/windows.raw");
	struct error err;

	(void)state;
	assert_int_equal(list(in, &err), OK);
	assert_string_equal(listing, " [metadata]\n"
	                             " 0 0/0 f-1 @66:1496\n"
	                             " [data] encrypted\n"
	                             " 0 621/621 f0 @2116:1024 0+1024=1024\n");
	sample_free(in);
}

static void reads_all_forms(void **state)
{
	static const char wanted[] =
		" [metadata]\n"
		" 0 0/0 f-1 @66:1496\n"
		" [data] encrypted\n"
		" 32768 982/4732 f1 @2118:1024 32768+4096=1024 36864+4096=0\n"
		" 16384 16384/16384 f1 @3654:8192 16384+8192=8192 "
		"24576+8192=0\n"
		" 0 16384/16384 f-1 @12018:9728";
	struct bytes in = load("efs-raw/many.raw");
	const char *rest;
	struct error err;

	(void)state;
	assert_int_equal(list(in, &err), OK);
	assert_memory_equal(listing, wanted, sizeof(wanted) - 1);
	rest = strstr(listing, "second");
	assert_non_null(rest);
	assert_string_equal(
		rest, "second [data] encrypted\n"
		      " 0 1100/1100 f0 @22314:1536 0+512=512 512+512=512 "
		      "1024+512=512\n"
		      "Zone.Identifier [data]\n"
		      " 0 0/0 f-1 @23938:16\n"
		      " 0 0/0 f-1 @23970:10\n"
		      "empty [data] encrypted\n"
		      "empty with segment [data] encrypted\n"
		      " 0 0/0 f-1 @24126:0\n"
		      "empty with header [data] encrypted\n"
		      " 0 0/0 f0 @24714:0\n"
		      "cut [data] encrypted\n"
		      " 0 3000/3000 f0 @25274:3000 0+4096=3000\n"
		      "over [data] encrypted\n"
		      " 0 4000/4000 f0 @28836:3072 0+2048=2048! 2048+1024=0 "
		      "3072+1024=1024\n");
	sample_free(in);
}

static void reads_a_directory_and_a_trailer(void **state)
{
	struct bytes in = load("efs-raw/directory.raw");
	struct error err;

	(void)state;
	assert_int_equal(list(in, &err), OK);
	assert_string_equal(listing, " [metadata]\n 0 0/0 f-1 @66:1496\n");
	sample_free(in);

	in = load("efs-raw/trailer.raw");
	assert_int_equal(list(in, &err), E_ABSENT);
	assert_int_equal(err.at, 3140);
	assert_non_null(strstr(listing, "0+1024=1024"));
	sample_free(in);
}

/* Every prefix: what is there is given, and its end is named. */
static void truncated(struct bytes in)
{
	struct error err;
	enum status st = list(in, &err);

	if (in.n < 12)
		assert_int_equal(st, E_ABSENT);
	else if (in.n == 20 || in.n == 50 || in.n == 1562 || in.n == 1604)
		assert_int_equal(st, OK);
	else
		assert_int_equal(st, E_TRUNCATED);
	if (in.n >= 66 && in.n < 1562)
		assert_non_null(strstr(listing, "cut\n"));
	assert_int_equal(strstr(listing, "encrypted") != NULL, in.n >= 1604);
	/* The segment needs its header, and as much of its data as there is. */
	if (in.n > 2116)
		assert_non_null(strstr(listing, "0+1024="));
}

static void corrupted(struct bytes in)
{
	struct error err;

	(void)list(in, &err);
}

static void survives_damage(void **state)
{
	struct bytes in = load("efs-raw/windows.raw");

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, 66, corrupted);
	sample_free(in);
	/* The segment's header is behind 1,500 bytes: begin a file with it. */
	in = load("efs-raw/many.raw");
	each_truncation(in, corrupted);
	sample_free(in);
}

/* The second stream of windows.raw directly behind the file's header. */
static struct bytes short_file(void)
{
	struct bytes in = load("efs-raw/windows.raw");
	static uint8_t p[20 + 1578];
	struct cursor c = cursor_open(in);

	memcpy(p, in.p, 20);
	memcpy(p + 20, cursor_tail(&c, 1562).p, in.n - 1562);
	sample_free(in);
	return sample_copy((struct bytes){ p, sizeof(p), 0 }, sizeof(p));
}

static void survives_damage_of_data_headers(void **state)
{
	struct bytes in = short_file();

	(void)state;
	each_corruption(in, 62 + 16 + 28 + 4 + 16, corrupted);
	sample_free(in);
}

enum { S = 20, G = 62, D = 78 }; /* stream, segment, its data's header */

static const struct {
	size_t off, width;
	uint64_t v;
	enum status end; /* of the walk */
	enum status err; /* of the second record */
} fields[] = {
	{ 0, 1, 1, E_ABSENT, OK },
	{ 1, 1, 2, E_ABSENT, OK },
	{ 5, 1, 1, E_ABSENT, OK },
	{ 12, 8, UINT64_MAX, OK, OK }, /* reserved */
	{ S, 4, 0, E_CORRUPT, OK },
	{ S, 4, 27, E_CORRUPT, OK },
	{ S, 4, 41, E_CORRUPT, OK },
	{ S, 4, UINT32_MAX, E_TRUNCATED, OK },
	{ S + 4, 1, 'M', E_ABSENT, OK },
	{ S + 12, 4, 2, OK, OK },
	{ S + 12, 4, 1, OK, OK }, /* not encrypted */
	{ S + 24, 4, UINT32_MAX, E_CORRUPT, OK },
	{ S + 24, 4, 13, OK, OK },
	{ G, 4, 0, E_CORRUPT, OK },
	{ G, 4, 15, E_CORRUPT, OK },
	{ G, 4, 16, E_ABSENT, OK },
	{ G, 4, 16 + 27, E_ABSENT, E_CORRUPT },
	{ G, 4, 0x5ff, E_TRUNCATED, OK },
	{ G, 4, 0x601, E_TRUNCATED, OK },
	{ G, 4, UINT32_MAX, E_TRUNCATED, OK },
	{ G + 4, 1, 'M', E_ABSENT, OK },
	{ G + 12, 4, UINT32_MAX, OK, OK }, /* reserved */
	{ D, 8, 512, OK, OK },
	{ D, 8, 511, OK, E_CORRUPT },
	{ D, 8, UINT64_MAX - 511, OK, E_CORRUPT },
	{ D, 8, INT64_MAX - 511, OK, E_CORRUPT },
	{ D, 8, UINT64_C(1) << 62, OK, OK },
	{ D + 8, 4, 0, OK, E_CORRUPT },
	{ D + 8, 4, 31, OK, E_CORRUPT },
	{ D + 8, 4, 32, OK, OK },
	{ D + 8, 4, 47, OK, OK },
	{ D + 8, 4, 0x5f0, OK, OK },
	{ D + 8, 4, 0x5f1, OK, E_CORRUPT },
	{ D + 8, 4, UINT32_MAX, OK, E_CORRUPT },
	{ D + 12, 4, 620, OK, E_CORRUPT },
	{ D + 12, 4, UINT32_MAX, OK, OK },
	{ D + 16, 4, 622, OK, E_CORRUPT },
	{ D + 16, 4, 0, OK, OK },
	{ D + 20, 2, 1, OK, E_UNSUPPORTED },
	{ D + 22, 1, 8, OK, E_CORRUPT },
	{ D + 22, 1, 9, OK, OK },
	{ D + 22, 1, 30, OK, OK },
	{ D + 22, 1, 31, OK, E_CORRUPT },
	{ D + 22, 1, 255, OK, E_CORRUPT },
	{ D + 25, 1, 0, OK, E_UNSUPPORTED },
	{ D + 25, 1, 2, OK, E_UNSUPPORTED },
	{ D + 26, 2, 0, OK, OK },
	{ D + 26, 2, 117, OK, OK },
	{ D + 26, 2, 118, OK, E_CORRUPT },
	{ D + 26, 2, 65535, OK, E_CORRUPT },
	{ D + 28, 4, UINT32_MAX, OK, OK },
	{ D + 32, 4, 0, OK, OK },
	{ D + 36, 4, 0, OK, OK },
};

static void set(struct bytes b, size_t off, uint64_t v, size_t width)
{
	struct cursor c = cursor_open(b);
	uint64_t next = cursor_tail(&c, off).p[1];

	if (width == 8)
		sample_le64(b, off, v);
	else if (width == 4)
		sample_le32(b, off, (uint32_t)v);
	else
		sample_le16(b, off, (uint16_t)(width == 2 ? v : v | next << 8));
}

static void judges_each_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct bytes in = short_file(), head = { 0 };
		struct efs_raw_record r;
		enum status second = OK;
		struct efs_raw it;

		set(in, fields[i].off, fields[i].v, fields[i].width);
		it = open_file(in);
		while (next(&it, in, &head, &r))
			if (r.kind == EFS_RAW_SEGMENT)
				second = r.err.status;
		if (it.err.status != fields[i].end || second != fields[i].err)
			print_message("field %zu: %d %d\n", i, it.err.status,
			              second);
		assert_int_equal(it.err.status, fields[i].end);
		assert_int_equal(second, fields[i].err);
		sample_free(head);
		sample_free(in);
	}
}

/* Names, as UTF-16 in a header of their own. */
static const struct {
	const char *text;
	size_t nuls;
	const char *name;
	enum status err;
	bool metadata;
} names[] = {
	{ "::$DATA", 0, "", OK, false },
	{ "::$DATA", 1, "", OK, false },
	{ "::$DATA", 3, "", OK, false },
	{ ":a:$DATA", 0, "a", OK, false },
	{ ":a:b:$DATA", 0, "a:b", OK, false },
	{ "::::$DATA", 1, "::", OK, false },
	{ ":$DATA", 0, ":$DATA", E_CORRUPT, false },
	{ "$DATA", 0, "$DATA", E_CORRUPT, false },
	{ "a:$DATA", 0, "a:$DATA", E_CORRUPT, false },
	{ ":a:$DAT", 0, ":a:$DAT", E_CORRUPT, false },
	{ ":a:$DATA2", 0, ":a:$DATA2", E_CORRUPT, false },
	{ ":a:", 0, ":a:", E_CORRUPT, false },
	{ "::", 0, "::", E_CORRUPT, false },
	{ ":", 0, ":", E_CORRUPT, false },
	{ "", 0, "", E_CORRUPT, false },
	{ "", 1, "", E_CORRUPT, false },
	{ "\x10", 0, "", OK, true },
	{ "\x10", 1, "", OK, true },
};

static struct bytes named(size_t i)
{
	uint8_t p[128] = { 0, 1, 0, 0, 'R', 0, 'O', 0, 'B', 0, 'S' };
	static const uint8_t ntfs[] = { 'N', 0, 'T', 0, 'F', 0, 'S' };
	size_t n = strlen(names[i].text);

	memcpy(p + 24, ntfs, sizeof(ntfs));
	for (size_t k = 0; k < n; k++)
		p[48 + 2 * k] = (uint8_t)names[i].text[k];
	if (names[i].metadata)
		p[49] = 0x19;
	n = 2 * (n + names[i].nuls);
	p[20] = (uint8_t)(28 + n);
	p[44] = (uint8_t)n;
	return sample_copy((struct bytes){ p, 48 + n, 0 }, 48 + n);
}

static void reads_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct bytes in = named(i), head = { 0 };
		struct efs_raw it = open_file(in);
		struct efs_raw_record r;

		assert_true(next(&it, in, &head, &r));
		assert_int_equal(r.err.status, names[i].err);
		assert_string_equal(flat(r.stream.name), names[i].name);
		assert_int_equal(r.stream.metadata, names[i].metadata);
		assert_int_equal(r.stream.encrypted, !names[i].metadata);
		assert_false(next(&it, in, &head, &r));
		assert_int_equal(it.err.status, OK);
		sample_free(head);
		sample_free(in);
	}
}

/* A segment that no stream goes before. */
static void wants_a_stream_first(void **state)
{
	struct bytes in = short_file();
	static uint8_t p[2048];
	struct error err;

	(void)state;
	memcpy(p, in.p, 20);
	memcpy(p + 20, in.p + G, in.n - G);
	assert_int_equal(list((struct bytes){ p, in.n - G + 20, 0 }, &err), OK);
	assert_string_equal(listing, " 0 0/0 f-1 @36:1520 bad\n");
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_windows_writes),
		cmocka_unit_test(reads_all_forms),
		cmocka_unit_test(reads_a_directory_and_a_trailer),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(survives_damage_of_data_headers),
		cmocka_unit_test(judges_each_field),
		cmocka_unit_test(reads_names),
		cmocka_unit_test(wants_a_stream_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
