/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_file.c - facts come back from a case as they went in
 */
#include "tests/recovery/cases.h"

#include "recovery/casefile_audit.h"

#define HEX "1911cf1e1911cf1e1911cf1e1911cf1e1911cf1e"

static struct error err;

static void tool_comes_back(void **state)
{
	struct case_tool in = { .version = "1", .command = "\xff%\xc3\xa9" };
	struct casefile *cf = new_case(NULL);
	struct case_tool out;

	(void)state;
	assert_int_equal(casefile_tool(cf, &out, &err), E_ABSENT);
	assert_int_equal(casefile_set_tool(cf, &in, &err), OK);
	in.ended = "2026-01-02T03:04:05Z";
	in.interrupted = true;
	assert_int_equal(casefile_set_tool(cf, &in, &err), OK);
	assert_int_equal(casefile_tool(cf, &out, &err), OK);
	assert_string_equal(out.version, "1");
	/* A command line may be any bytes; a case holds UTF-8. */
	assert_string_equal(out.command, "%FF%\xc3\xa9");
	assert_null(out.started);
	assert_string_equal(out.ended, in.ended);
	assert_true(out.interrupted);
	casefile_free(cf);
}

static void volume_comes_back(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_volume v = { .id = add_volume(cf), .records = 7 };
	struct case_walk *w;

	(void)state;
	v.objects = UINT64_MAX;
	v.reason = "cut";
	assert_int_equal(casefile_update_volume(cf, &v, &err), OK);
	assert_int_equal(case_volume_open(&w, cf, &err), OK);
	assert_true(case_volume_next(w, &v));
	assert_string_equal(v.evidence_name, "disk.dd");
	assert_int_equal(v.number, 1);
	assert_int_equal(v.snapshot, 3);
	assert_int_equal(v.cluster, 2097152);
	assert_int_equal(v.sector, 0);
	assert_true(v.serial == UINT64_C(0xfedcba9876543210));
	assert_true(v.objects == UINT64_MAX);
	assert_int_equal(v.records, 7);
	assert_string_equal(v.reason, "cut");
	assert_null(v.filesystem);
	assert_false(case_volume_next(w, &v));
	assert_int_equal(case_walk_close(w, &err), OK);

	v = (struct case_volume){ .id = 99 };
	assert_int_equal(casefile_update_volume(cf, &v, &err), E_ABSENT);
	casefile_free(cf);
}

static const struct case_entry ring[] = {
	{ .ring = EFS_DRF, .entry = 0, .thumbprint = HEX, .name = "Agent" },
	{ .ring = EFS_DDF,
	  .entry = 1,
	  .thumbprint = HEX,
	  .sid = "S-1-5-18",
	  .wrapped_bits = 16384,
	  .flags = UINT32_MAX },
	{ .ring = EFS_DDF, .entry = 0, .name = "ann", .reason = "cut" },
};

static void add_rich_file(struct casefile *cf)
{
	static const char *const names[] = { "/b", "/c" };
	static const struct case_try try = { .ring = EFS_DRF, .result = "no" };
	static const struct case_hole hole = { .offset = UINT64_MAX };
	struct case_object o = {
		.volume = add_volume(cf),
		.mft = UINT64_C(1) << 47,
		.sequence = UINT16_MAX,
		.path = "/\xef\xbf\xbe\x01\n",
		.directory = true,
		.created = UINT64_MAX,
		.links = names,
		.n_links = 2,
		.has_efs = true,
		.entries = ring,
		.n_entries = 3,
		.tries = &try,
		.n_tries = 1,
		.opened = true,
		.opened_ring = EFS_DRF,
		.opened_key = HEX,
		.chain = names,
		.n_chain = 2,
	};
	struct case_stream s = {
		.name = "ads",
		.size = UINT64_MAX,
		.outcome = OUTCOME_KEY_LOCKED,
		.md5 = "d4",
		.sha1 = "da",
		.sha256 = "e3",
		.holes = &hole,
		.n_holes = 1,
	};

	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	s.object = o.id;
	assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
}

static void check_object(const struct case_object *o)
{
	assert_true(o->mft == UINT64_C(1) << 47);
	assert_int_equal(o->sequence, UINT16_MAX);
	assert_string_equal(o->path, "/\xef\xbf\xbe\x01\n");
	assert_true(o->directory && !o->deleted && o->has_efs);
	assert_true(o->created == UINT64_MAX && !o->modified);
	assert_int_equal(o->n_links, 2);
	assert_string_equal(o->links[1], "/c");
	assert_true(o->opened);
	assert_int_equal(o->opened_ring, EFS_DRF);
	assert_string_equal(o->opened_key, HEX);
	assert_int_equal(o->n_chain, 2);
	assert_string_equal(o->chain[0], "/b");
	assert_int_equal(o->n_tries, 1);
	assert_int_equal(o->tries[0].ring, EFS_DRF);
	assert_false(o->tries[0].by_thumbprint);
	assert_string_equal(o->tries[0].result, "no");
}

/* The users first, then the agents, each in the order of their numbers. */
static void check_ring(const struct case_object *o)
{
	assert_int_equal(o->n_entries, 3);
	assert_int_equal(o->entries[0].ring, EFS_DDF);
	assert_string_equal(o->entries[0].name, "ann");
	assert_string_equal(o->entries[0].reason, "cut");
	assert_null(o->entries[0].thumbprint);
	assert_int_equal(o->entries[1].entry, 1);
	assert_string_equal(o->entries[1].sid, "S-1-5-18");
	assert_int_equal(o->entries[1].wrapped_bits, 16384);
	assert_true(o->entries[1].flags == UINT32_MAX);
	assert_int_equal(o->entries[2].ring, EFS_DRF);
	assert_string_equal(o->entries[2].name, "Agent");
}

static void file_comes_back(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_walk *w;
	struct case_file f;

	(void)state;
	add_rich_file(cf);
	assert_int_equal(case_file_open(&w, cf, &err), OK);
	assert_true(case_file_next(w, &f));
	assert_string_equal(f.evidence, "disk.dd");
	assert_int_equal(f.volume, 1);
	assert_int_equal(f.snapshot, 3);
	check_object(&f.object);
	check_ring(&f.object);
	assert_string_equal(f.stream.name, "ads");
	assert_true(f.stream.size == UINT64_MAX);
	assert_int_equal(f.stream.outcome, OUTCOME_KEY_LOCKED);
	assert_string_equal(f.stream.md5, "d4");
	assert_string_equal(f.stream.sha1, "da");
	assert_string_equal(f.stream.sha256, "e3");
	assert_int_equal(f.stream.n_holes, 1);
	assert_true(f.stream.holes[0].offset == UINT64_MAX);
	/* The thumbprint stands in two entries and is missing once. */
	assert_int_equal(f.n_missing, 1);
	assert_string_equal(f.missing[0], HEX);
	assert_false(case_file_next(w, &f));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

static void lists_do_not_leak_into_the_next_row(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_walk *w;
	struct case_file f;

	(void)state;
	add_rich_file(cf);
	add_file(cf, 0, "/plain");
	assert_int_equal(case_file_open(&w, cf, &err), OK);
	assert_true(case_file_next(w, &f) && case_file_next(w, &f));
	assert_null(f.evidence);
	assert_false(f.object.has_efs || f.object.opened);
	assert_false(f.stream.md5 || f.stream.sha1 || f.stream.sha256);
	assert_int_equal(f.object.n_entries + f.object.n_links +
	                         f.object.n_tries + f.object.n_chain +
	                         f.stream.n_holes + f.n_missing,
	                 0);
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

static void files_of_one_volume(void **state)
{
	struct casefile *cf = new_case(NULL);
	int64_t volume = add_volume(cf);
	struct case_walk *w;
	struct case_file f;

	(void)state;
	add_file(cf, volume, "/a");
	add_file(cf, 0, "/loose");
	add_file(cf, volume, "/b");
	assert_int_equal(case_volume_file_open(&w, cf, volume, &err), OK);
	assert_true(case_file_next(w, &f));
	assert_string_equal(f.object.path, "/a");
	assert_true(case_file_next(w, &f));
	assert_string_equal(f.object.path, "/b");
	assert_false(case_file_next(w, &f));
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(case_volume_file_open(&w, cf, 0, &err), OK);
	assert_true(case_file_next(w, &f));
	assert_string_equal(f.object.path, "/loose");
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

static void people_and_counts(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_person p;
	struct case_totals t;
	struct case_count c;
	struct case_walk *w;

	(void)state;
	add_rich_file(cf);
	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	assert_int_equal(case_person_open(&w, cf, &err), OK);
	assert_true(case_person_next(w, &p)); /* no name sorts first */
	assert_int_equal(p.ring, EFS_DDF);
	assert_string_equal(p.thumbprint, HEX);
	assert_true(case_person_next(w, &p));
	assert_string_equal(p.name, "ann");
	assert_int_equal(p.opened, 0);
	assert_true(case_person_next(w, &p));
	assert_int_equal(p.ring, EFS_DRF);
	assert_int_equal(p.objects, 1);
	assert_int_equal(p.opened, 1);
	assert_false(case_person_next(w, &p));
	assert_int_equal(case_walk_close(w, &err), OK);

	add_file(cf, 0, "/x");
	assert_int_equal(case_count_open(&w, cf, CASE_BY_AGENT, &err), OK);
	assert_true(case_count_next(w, &c));
	assert_string_equal(c.name, "Agent");
	assert_int_equal(c.files, 1);
	assert_true(c.bytes == UINT64_MAX);
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(casefile_totals(cf, &t, &err), OK);
	assert_int_equal(t.files, 2);
	assert_int_equal(t.recovered, 0);
	assert_true(t.bytes == UINT64_MAX);
	casefile_free(cf);
}

/* Sums stop at the largest number: sizes are what the evidence says. */
static void sums_do_not_wrap(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_totals t;

	(void)state;
	add_rich_file(cf);
	add_file(cf, 0, "/x");
	for (unsigned i = 0; i < 3; i++) {
		struct case_stream s = { .object = 1,
			                 .size = UINT64_MAX / 2,
			                 .outcome = (enum outcome)i };

		assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
	}
	assert_int_equal(casefile_totals(cf, &t, &err), OK);
	assert_true(t.bytes == UINT64_MAX);
	assert_true(t.recovered_bytes == UINT64_MAX - 1);
	casefile_free(cf);
}

static void contradictions_are_refused(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_evidence e = { .name = "disk.dd" };
	struct case_stream s = { .object = 77 };

	(void)state;
	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	assert_int_equal(casefile_add_evidence(cf, &e, &err), E_CORRUPT);
	assert_int_equal(casefile_add_stream(cf, &s, &err), E_CORRUPT);
	assert_int_equal(s.id, 0);
	casefile_free(cf);
	casefile_free(NULL);
	assert_int_equal(case_walk_close(NULL, &err), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tool_comes_back),
		cmocka_unit_test(volume_comes_back),
		cmocka_unit_test(file_comes_back),
		cmocka_unit_test(lists_do_not_leak_into_the_next_row),
		cmocka_unit_test(files_of_one_volume),
		cmocka_unit_test(people_and_counts),
		cmocka_unit_test(sums_do_not_wrap),
		cmocka_unit_test(contradictions_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
