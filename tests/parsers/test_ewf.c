/* SPDX-License-Identifier: MIT */
/*
 * test_ewf.c - sections of images that libewf wrote, whole and damaged
 */
#include "tests/parsers/sample.h"

#include "parsers/ewf.h"

#include <string.h>

static const struct {
	const char *file;
	struct ewf_section sections[10];
	uint64_t volume, table;
	size_t volume_size;
} golden[] = {
	{ "ewf/tiny.E01",
	  { { EWF_OTHER, 13, 258, 271 },
	    { EWF_OTHER, 271, 258, 529 },
	    { EWF_OTHER, 529, 163, 692 },
	    { EWF_VOLUME, 692, 1128, 1820 },
	    { EWF_OTHER, 1820, 308, 2128 },
	    { EWF_TABLE, 2128, 112, 2240 },
	    { EWF_TABLE_2, 2240, 112, 2352 },
	    { EWF_VOLUME, 2352, 1128, 3480 },
	    { EWF_OTHER, 3480, 112, 3592 },
	    { EWF_DONE, 3592, 76, 3592 } },
	  692 + 76,
	  2128 + 76,
	  EWF_VOLUME_SIZE },
	{ "ewf/tiny.s01",
	  { { EWF_OTHER, 13, 154, 167 },
	    { EWF_VOLUME, 167, 170, 337 },
	    { EWF_TABLE, 337, 340, 677 },
	    { EWF_OTHER, 677, 112, 789 },
	    { EWF_DONE, 789, 76, 789 } },
	  167 + 76,
	  337 + 76,
	  EWF_SMART_SIZE },
};

/* A part of a sample, at its offset in the file. */
static struct bytes part(struct bytes in, uint64_t at, size_t n)
{
	return sample_copy((struct bytes){ in.p + at, n, at }, n);
}

static void reads_sections(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct bytes in = sample_load(golden[i].file);
		struct error err = { 0 };
		unsigned number;

		assert_int_equal(ewf_kind(in), EWF_DISK);
		assert_int_equal(ewf_segment_parse(&number, in, &err), OK);
		assert_int_equal(number, 1);
		for (size_t j = 0; j < 10 && golden[i].sections[j].at; j++) {
			const struct ewf_section *want = &golden[i].sections[j];
			struct bytes head =
				part(in, want->at, EWF_SECTION_SIZE);
			struct ewf_section got;

			assert_int_equal(ewf_section_parse(&got, head, &err),
			                 OK);
			assert_int_equal(got.type, want->type);
			assert_int_equal(got.at, want->at);
			assert_int_equal(got.size, want->size);
			assert_int_equal(got.next, want->next);
			sample_free(head);
		}
		sample_free(in);
	}
}

static void reads_volume_and_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct bytes in = sample_load(golden[i].file);
		struct bytes v =
			part(in, golden[i].volume, golden[i].volume_size);
		struct bytes t = part(in, golden[i].table, EWF_TABLE_SIZE);
		struct ewf_volume volume;
		struct error err = { 0 };
		uint32_t chunks;

		assert_int_equal(ewf_volume_parse(&volume, v, &err), OK);
		assert_int_equal(volume.chunks, 2);
		assert_int_equal(volume.chunk, 32768);
		assert_int_equal(volume.sector, 512);
		assert_int_equal(volume.sectors, 80);
		assert_int_equal(ewf_table_parse(&chunks, t, &err), OK);
		assert_int_equal(chunks, 2);
		sample_free(t);
		sample_free(v);
		sample_free(in);
	}
}

/* Each says that it is damaged, and gives nothing. */
static void refused_section(struct bytes in)
{
	struct ewf_section section;
	struct error err = { 0 };
	enum status st = ewf_section_parse(&section, in, &err);

	assert_true(st == E_TRUNCATED || st == E_CORRUPT);
	assert_int_equal(section.next, 0);
}

static void refused_table(struct bytes in)
{
	struct error err = { 0 };
	uint32_t chunks = 1;
	enum status st = ewf_table_parse(&chunks, in, &err);

	assert_true(st == E_TRUNCATED || st == E_CORRUPT);
	assert_int_equal(chunks, 0);
}

static void refused_volume(struct bytes in)
{
	struct ewf_volume volume;
	struct error err = { 0 };
	enum status st = ewf_volume_parse(&volume, in, &err);

	assert_true(st == E_TRUNCATED || st == E_CORRUPT);
	assert_int_equal(volume.chunk, 0);
}

static void refused_head(struct bytes in)
{
	struct error err = { 0 };
	unsigned number = 1;

	assert_int_equal(ewf_segment_parse(&number, in, &err), E_TRUNCATED);
	assert_int_equal(number, 0);
}

static void refuses_damage(void **state)
{
	struct bytes in = sample_load("ewf/tiny.s01");
	struct bytes head = part(in, 0, EWF_HEAD_SIZE);
	struct bytes section = part(in, 167, EWF_SECTION_SIZE);
	struct bytes volume = part(in, 167 + 76, EWF_SMART_SIZE);
	struct bytes table = part(in, 337 + 76, EWF_TABLE_SIZE);

	(void)state;
	each_truncation(head, refused_head);
	each_truncation(section, refused_section);
	each_corruption(section, section.n, refused_section);
	each_truncation(volume, refused_volume);
	each_corruption(volume, volume.n, refused_volume);
	each_truncation(table, refused_table);
	/* what lies in its padding is not read, but summed all the same */
	each_corruption(table, table.n, refused_table);
	sample_free(table);
	sample_free(volume);
	sample_free(section);
	sample_free(head);
	sample_free(in);
}

/* Whole by its checksum, and impossible. */
static void refuses_contradictions(void **state)
{
	struct bytes in = sample_load("ewf/tiny.s01");
	struct bytes section = part(in, 337, EWF_SECTION_SIZE);
	struct bytes volume = part(in, 167 + 76, EWF_SMART_SIZE);
	struct bytes head = part(in, 0, EWF_HEAD_SIZE);
	struct ewf_section s;
	struct ewf_volume v;
	struct error err;
	unsigned number;

	(void)state;
	/* the next section is this one */
	sample_le64(section, 0x10, 337);
	sample_le32(section, 0x48,
	            ewf_checksum(1, (struct bytes){ section.p, 0x48, 0 }));
	assert_int_equal(ewf_section_parse(&s, section, &err), E_CORRUPT);
	assert_int_equal(err.at, 337 + 0x10);
	/* chunks of no sectors, and of 2 TiB */
	for (uint32_t n = 0; n < 2; n++) {
		sample_le32(volume, 8, n ? UINT32_MAX : 0);
		sample_le32(volume, 90,
		            ewf_checksum(1, (struct bytes){ volume.p, 90, 0 }));
		assert_int_equal(ewf_volume_parse(&v, volume, &err), E_LIMIT);
	}
	sample_le16(head, 9, 0);
	assert_int_equal(ewf_segment_parse(&number, head, &err), E_CORRUPT);
	sample_free(head);
	sample_free(volume);
	sample_free(section);
	sample_free(in);
}

/* So does libewf, which would have a table that we know nothing of. */
static void ends_types_at_a_zero(void **state)
{
	struct bytes in = sample_load("ewf/tiny.s01");
	struct bytes section = part(in, 789, EWF_SECTION_SIZE);
	struct ewf_section s;
	struct error err;

	(void)state;
	sample_le32(section, 5, 0x78797a);
	sample_le32(section, 0x48,
	            ewf_checksum(1, (struct bytes){ section.p, 0x48, 0 }));
	assert_int_equal(ewf_section_parse(&s, section, &err), OK);
	assert_int_equal(s.type, EWF_DONE);
	sample_free(section);
	sample_free(in);
}

static void knows_kinds(void **state)
{
	static const struct {
		const char *magic;
		enum ewf_kind kind;
	} cases[] = {
		{ "EVF\x09\x0d\x0a\xff\0", EWF_DISK },
		{ "LVF\x09\x0d\x0a\xff\0", EWF_LOGICAL },
		{ "EVF2\x0d\x0a\x81\0", EWF_DISK_2 },
		{ "LEF2\x0d\x0a\x81\0", EWF_LOGICAL_2 },
		{ "EVF\x09\x0d\x0a\xfe\0", EWF_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes b = { (const uint8_t *)cases[i].magic, 8, 0 };

		assert_int_equal(ewf_kind(b), cases[i].kind);
		b.n = 7;
		assert_int_equal(ewf_kind(b), EWF_NONE);
	}
}

/* RFC 1950's example of the web: "Wikipedia" is 0x11e60398. */
static void sums(void **state)
{
	static const uint8_t text[] = "Wikipedia";
	static uint8_t many[100000];
	struct bytes b = { text, 9, 0 };
	uint32_t whole;

	(void)state;
	assert_int_equal(ewf_checksum(1, b), 0x11e60398);
	memset(many, 0xff, sizeof(many));
	/* zlib.adler32(b"\xff" * 100000) */
	whole = ewf_checksum(1, BYTES(many));
	assert_int_equal(whole, 0x149a302c);
	b = (struct bytes){ many, 6000, 0 };
	whole = ewf_checksum(1, b);
	b = (struct bytes){ many, sizeof(many) - 6000, 0 };
	assert_int_equal(ewf_checksum(whole, b), 0x149a302c);
}

/* What we write is what we would read. */
static void writes_ends(void **state)
{
	uint8_t buf[EWF_SECTION_SIZE], head[EWF_HEAD_SIZE];
	struct bytes in = sample_load("ewf/tiny.s01");
	struct error err;
	struct ewf_section s;

	(void)state;
	/* libewf's own */
	s = (struct ewf_section){ EWF_DONE, 789, 76, 865 };
	ewf_section_head(buf, &s);
	assert_memory_equal(buf, in.p + 789, sizeof(buf));
	assert_int_equal(
		ewf_section_parse(&s, (struct bytes){ buf, sizeof(buf), 789 },
	                          &err),
		OK);
	assert_int_equal(s.type, EWF_DONE);
	assert_int_equal(s.next, 789);
	ewf_segment_head(head, 1);
	assert_memory_equal(head, in.p, sizeof(head));
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_sections),
		cmocka_unit_test(ends_types_at_a_zero),
		cmocka_unit_test(reads_volume_and_table),
		cmocka_unit_test(refuses_damage),
		cmocka_unit_test(refuses_contradictions),
		cmocka_unit_test(knows_kinds),
		cmocka_unit_test(sums),
		cmocka_unit_test(writes_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
