/* SPDX-License-Identifier: MIT */
#include "analyzer/collection.h"
#include "analyzer/loose.h"
#include "tests/analyzer/evidence.h"

#include <string.h>

/* Of Windows 10: the head of testdata/efs-win10-aes256. */
static void fill_efs(uint8_t *p, uint32_t length)
{
	memset(p, 0, 0x60);
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(length >> 8 * i);
	p[8] = 2;
	p[0x10] = 0x77;
	p[0x40] = 0x54;
	p[0x54] = 1;
}

static const struct loose_form *form_of(struct found *file, struct found *info,
                                        enum loose_info from)
{
	struct loose l = { .file = file, .info = info, .from = from };
	uint8_t buf[LOOSE_HEAD];

	return loose_find(&l,
	                  file ? loose_head(file, buf) : (struct bytes){ 0 });
}

static void load(struct object *o, struct found *file, struct found *info,
                 enum loose_info from)
{
	struct loose l = { .file = file, .info = info, .from = from };

	l.form = form_of(file, info, from);
	l.path = g_strdup("/x");
	object_init(o);
	assert_non_null(l.form);
	loose_load(o, &l);
	g_free(l.path);
}

static const struct stream *only_stream(const struct object *o)
{
	assert_int_equal(o->streams->len, 1);
	return &g_array_index(o->streams, struct stream, 0);
}

static void copies_end_with_their_padding(void **state)
{
	static const struct {
		size_t n;
		uint16_t padding;
		bool copy;
		uint64_t size;
	} t[] = {
		{ 0, 0, true, 0 },       { 514, 0, true, 512 },
		{ 514, 511, true, 1 },   { 514, 512, false, 514 },
		{ 1026, 7, true, 1017 }, { 1024, 0, false, 1024 },
		{ 2, 0, false, 2 },      { 1, 0, false, 1 },
		{ 515, 0, false, 515 },
	};
	uint8_t efs[0x60], bytes[2048] = { 0 };

	(void)state;
	fill_efs(efs, sizeof(efs));
	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		struct found *file, *info;
		struct object o;

		memset(bytes, 0, sizeof(bytes));
		if (t[i].n >= 2) {
			bytes[t[i].n - 2] = (uint8_t)t[i].padding;
			bytes[t[i].n - 1] = (uint8_t)(t[i].padding >> 8);
		}
		file = evidence_of("x", bytes, t[i].n);
		info = evidence_of("x.efsinfo", efs, sizeof(efs));
		assert_ptr_equal(form_of(file, info, LOOSE_INFO_BESIDE),
		                 t[i].copy ? &loose_copy : &loose_pair);
		load(&o, file, info, LOOSE_INFO_BESIDE);
		assert_int_equal(only_stream(&o)->size, t[i].size);
		assert_int_equal(o.doubt != NULL, !t[i].copy);
		object_release(&o);
		found_free(file);
		found_free(info);
	}
}

static void pairs_are_as_long_as_they_are(void **state)
{
	static const size_t sizes[] = { 0, 1, 16, 511, 512, 1000 };
	uint8_t efs[0x60], bytes[1024] = { 0 };

	(void)state;
	fill_efs(efs, sizeof(efs));
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		struct found *file = evidence_of("x", bytes, sizes[i]);
		struct found *info = evidence_of("x.$EFS", efs, sizeof(efs));
		const struct stream *s;
		struct object o;

		load(&o, file, info, LOOSE_INFO_PAIR);
		s = only_stream(&o);
		assert_int_equal(s->size, sizes[i]);
		assert_int_equal(s->stored, sizes[i]);
		assert_int_equal(o.efs->len, sizeof(efs));
		assert_int_equal(o.doubt == NULL, !sizes[i]);
		object_release(&o);
		found_free(file);
		found_free(info);
	}
}

static void fat_has_its_size_in_front(void **state)
{
	/* 0x8000 | size, bytes of ciphertext, size of the plaintext. */
	static const struct {
		uint16_t field;
		size_t n;
		uint64_t size;
	} t[] = {
		{ 0x8001, 16, 1 },        { 0x8010, 16, 16 },
		{ 0x8011, 32, 17 },       { 0x9388, 5008, 5000 },
		{ 0x8000, 65536, 65536 },
	};
	uint8_t *bytes = g_malloc0(4096 + 65536);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		struct found *file;
		struct object o;

		fill_efs(bytes, 4096);
		bytes[0xc] = (uint8_t)t[i].field;
		bytes[0xd] = (uint8_t)(t[i].field >> 8);
		file = evidence_of("x.PFILE", bytes, 4096 + t[i].n);
		assert_ptr_equal(form_of(file, NULL, LOOSE_INFO_NONE),
		                 &loose_pfile);
		load(&o, file, NULL, LOOSE_INFO_NONE);
		assert_int_equal(only_stream(&o)->size, t[i].size);
		assert_int_equal(g_array_index(only_stream(&o)->extents.list,
		                               struct extent, 0)
		                         .at,
		                 4096);
		assert_non_null(o.doubt);
		object_release(&o);
		found_free(file);
	}
	g_free(bytes);
}

static void metadata_is_told_from_noise(void **state)
{
	uint8_t efs[0x60];

	(void)state;
	fill_efs(efs, sizeof(efs));
	assert_true(loose_is_efs((struct bytes){ efs, sizeof(efs), 0 },
	                         sizeof(efs)));
	for (size_t n = 0; n < 0x54; n++)
		assert_false(loose_is_efs((struct bytes){ efs, n, 0 }, n));
	/* What must not be changed: the length, the version, an offset. */
	for (size_t at = 0; at < 12; at++) {
		uint8_t was = efs[at];

		if (at >= 4 && at < 8)
			continue;
		efs[at] = 0xff;
		assert_false(loose_is_efs((struct bytes){ efs, sizeof(efs), 0 },
		                          sizeof(efs)));
		efs[at] = was;
	}
	efs[0x41] = 1;
	assert_false(loose_is_efs((struct bytes){ efs, sizeof(efs), 0 },
	                          sizeof(efs)));
	efs[0x41] = 0;
	efs[0x30] = 1;
	assert_false(loose_is_efs((struct bytes){ efs, sizeof(efs), 0 },
	                          sizeof(efs)));
}

static void names_say_whose_metadata_it_is(void **state)
{
	static const struct {
		const char *path;
		size_t n;
		enum loose_info from;
	} t[] = {
		{ "a/x.efsinfo", 3, LOOSE_INFO_BESIDE },
		{ "a/x.EFSINFO", 3, LOOSE_INFO_BESIDE },
		{ "a/x.$EFS", 3, LOOSE_INFO_PAIR },
		{ "a/x.txt.$efs", 7, LOOSE_INFO_PAIR },
		{ "a/x.efs", 3, LOOSE_INFO_MAYBE },
		{ "a/.efs", 0, LOOSE_INFO_NONE },
		{ ".$EFS", 0, LOOSE_INFO_NONE },
		{ "a/$EFS", 0, LOOSE_INFO_NONE },
		{ "a/efs", 0, LOOSE_INFO_NONE },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		enum loose_info from = LOOSE_INFO_NONE;

		assert_int_equal(loose_base(t[i].path, &from), t[i].n);
		assert_int_equal(from, t[i].from);
	}
}

static void plaintext_has_its_own_name(void **state)
{
	static const char *const t[][2] = {
		{ "/a/x.docx.efs", "/a/x.docx" }, { "/a/x.PFILE", "/a/x" },
		{ "/a/x.docx", "/a/x.docx" },     { "/a/.efs", "/a/.efs" },
		{ "/x.efs.efs", "/x.efs" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		char *plain = loose_plain(t[i][0]);

		assert_string_equal(plain, t[i][1]);
		g_free(plain);
	}
}

static void what_collectors_escape_is_undone(void **state)
{
	static const char *const t[][2] = {
		{ "C%3A/Users", "C:/Users" },
		{ "50%", "50%" },
		{ "a%2Fb", "a%2Fb" },
		{ "a%00b", "a%00b" },
		{ "a%FFb", "a\xef\xbf\xbd"
		           "b" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		char *path = found_path(t[i][0]);

		assert_string_equal(path, t[i][1]);
		g_free(path);
	}
}

static void a_filter_knows_what_is_worth_a_look(void **state)
{
	const uint64_t large = UINT64_C(1) << 30;
	static const uint8_t raw[] = "\0\1\0\0R\0O\0B\0S\0\0\0\0\0\0\0\0\0";
	static const uint8_t vhdx[] = "vhdxfile";
	struct collection_filter f;
	char *image;

	(void)state;
	collection_filter_init(&f);
	assert_false(collection_wants(&f, "a/big", large));
	assert_true(collection_wants(&f, "a/small", 65536));
	assert_true(collection_wants(&f, "a/NTUSER.DAT", large));
	collection_note(&f, "a/BIG.efsinfo", 800);
	assert_true(collection_wants(&f, "a/big", large));
	assert_true(collection_wants(&f, "a/big:stream", large));
	assert_false(collection_wants(&f, "b/big", large));
	/* No metadata is so large. */
	collection_note(&f, "b/big.efsinfo", large);
	assert_false(collection_wants(&f, "b/big", large));
	assert_true(collection_wants_head(
		&f, "a", (struct bytes){ raw, sizeof(raw) - 1, 0 }, large));
	assert_false(collection_wants_head(
		&f, "a", (struct bytes){ raw, 11, 0 }, large));
	/* A disk image is no file of a collection, but the first is noted. */
	assert_false(collection_wants_head(
		&f, "c/disk", (struct bytes){ vhdx, 8, 0 }, large));
	assert_false(collection_wants_head(
		&f, "c/more", (struct bytes){ vhdx, 8, 0 }, large));
	collection_filter_release(&f, &image);
	assert_string_equal(image, "c/disk");
	g_free(image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_end_with_their_padding),
		cmocka_unit_test(pairs_are_as_long_as_they_are),
		cmocka_unit_test(fat_has_its_size_in_front),
		cmocka_unit_test(metadata_is_told_from_noise),
		cmocka_unit_test(names_say_whose_metadata_it_is),
		cmocka_unit_test(plaintext_has_its_own_name),
		cmocka_unit_test(what_collectors_escape_is_undone),
		cmocka_unit_test(a_filter_knows_what_is_worth_a_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
