/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_fact.c - facts of evidence and volumes, and its bad ranges
 */
#include "tests/recovery/cases.h"

static struct error err;

static void add_fact(struct casefile *cf, int64_t evidence, int64_t volume,
                     const char *name, const char *value)
{
	const struct case_fact fact = { evidence, volume, name, value };

	assert_int_equal(casefile_add_fact(cf, &fact, &err), OK);
}

static void next_fact(struct case_walk *w, const char *name, const char *value)
{
	struct case_fact fact;

	assert_true(case_fact_next(w, &fact));
	assert_string_equal(fact.name, name);
	assert_string_equal(fact.value, value);
}

static void end_facts(struct case_walk *w)
{
	struct case_fact fact;

	assert_false(case_fact_next(w, &fact));
	assert_null(fact.name);
	assert_int_equal(case_walk_close(w, &err), OK);
}

static void facts_come_back(void **state)
{
	struct casefile *cf = new_case(NULL);
	int64_t volume = add_volume(cf); /* of evidence 1 */
	const struct case_fact odd = { 99, 0, "a", "b" };
	const struct case_fact no_name = { 1, 0, NULL, "b" };
	struct case_walk *w;

	(void)state;
	add_fact(cf, 1, volume, "key", "TPM");
	add_fact(cf, 1, 0, "case number", "\xff 7");
	add_fact(cf, 0, volume, "key", "password");
	add_fact(cf, 1, 0, "examiner", "x");
	assert_int_equal(casefile_add_fact(cf, &odd, &err), E_CORRUPT);
	assert_int_equal(casefile_add_fact(cf, &no_name, &err), E_CORRUPT);

	assert_int_equal(case_fact_open(&w, cf, 1, 0, &err), OK);
	next_fact(w, "case number", "%FF 7");
	next_fact(w, "examiner", "x");
	end_facts(w);
	assert_int_equal(case_fact_open(&w, cf, 0, volume, &err), OK);
	next_fact(w, "key", "TPM");
	next_fact(w, "key", "password");
	end_facts(w);
	assert_int_equal(case_fact_open(&w, cf, 0, volume + 1, &err), OK);
	end_facts(w);
	casefile_free(cf);
}

static void add_bad(struct casefile *cf, int64_t evidence, uint64_t offset,
                    uint64_t size)
{
	const struct case_bad bad = { .evidence = evidence,
		                      .offset = offset,
		                      .size = size };

	assert_int_equal(casefile_add_bad(cf, &bad, &err), OK);
}

static void next_bad(struct case_walk *w, const char *name, uint64_t offset,
                     uint64_t size)
{
	struct case_bad bad;

	assert_true(case_bad_next(w, &bad));
	assert_string_equal(bad.evidence_name, name);
	assert_true(bad.offset == offset);
	assert_true(bad.size == size);
}

static void bad_ranges_come_back(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_evidence a = { .name = "a" }, b = { .name = "b" };
	const struct case_bad odd = { .evidence = 99 };
	struct case_totals totals;
	struct case_walk *w;
	struct case_bad bad;

	(void)state;
	assert_int_equal(casefile_add_evidence(cf, &a, &err), OK);
	assert_int_equal(casefile_add_evidence(cf, &b, &err), OK);
	assert_int_equal(casefile_totals(cf, &totals, &err), OK);
	assert_int_equal(totals.bad + totals.bad_bytes, 0);
	add_bad(cf, b.id, 7, 8);
	add_bad(cf, a.id, UINT64_MAX - 9, 9);
	add_bad(cf, a.id, 4096, 512);
	add_bad(cf, a.id, 0, 512);
	add_bad(cf, a.id, 4096, 1024); /* it grew */
	assert_int_equal(casefile_add_bad(cf, &odd, &err), E_CORRUPT);

	assert_int_equal(case_bad_open(&w, cf, 0, &err), OK);
	next_bad(w, "a", 0, 512);
	next_bad(w, "a", 4096, 1024);
	next_bad(w, "a", UINT64_MAX - 9, 9);
	next_bad(w, "b", 7, 8);
	assert_false(case_bad_next(w, &bad));
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(case_bad_open(&w, cf, b.id, &err), OK);
	next_bad(w, "b", 7, 8);
	assert_false(case_bad_next(w, &bad));
	assert_int_equal(case_walk_close(w, &err), OK);

	assert_int_equal(casefile_totals(cf, &totals, &err), OK);
	assert_int_equal(totals.bad, 4);
	assert_int_equal(totals.bad_bytes, 512 + 1024 + 9 + 8);
	casefile_free(cf);
}

static void evidence_is_updated(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_evidence e = { .name = "a", .format = "raw", .size = 9 };
	struct case_walk *w;

	(void)state;
	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	e = (struct case_evidence){ .id = e.id, .sha256 = "e3b0" };
	assert_int_equal(casefile_update_evidence(cf, &e, &err), OK);
	e.reason = "cut";
	assert_int_equal(casefile_update_evidence(cf, &e, &err), OK);
	assert_int_equal(case_evidence_open(&w, cf, &err), OK);
	assert_true(case_evidence_next(w, &e));
	assert_string_equal(e.name, "a");
	assert_string_equal(e.format, "raw");
	assert_int_equal(e.size, 9);
	assert_string_equal(e.sha256, "e3b0");
	assert_string_equal(e.reason, "cut");
	assert_int_equal(case_walk_close(w, &err), OK);
	e = (struct case_evidence){ .id = 99 };
	assert_int_equal(casefile_update_evidence(cf, &e, &err), E_ABSENT);
	casefile_free(cf);
}

/* Loose files are on no volume, and a snapshot is no volume of its own. */
static void volumes_are_counted(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_volume v = { .number = 1, .made = UINT64_MAX };
	struct case_totals totals;
	struct case_walk *w;

	(void)state;
	(void)add_volume(cf); /* v1.s3 */
	v.evidence = 1;
	assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
	v.number = 0;
	v.made = 0;
	assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
	assert_int_equal(casefile_totals(cf, &totals, &err), OK);
	assert_int_equal(totals.volumes, 1);
	assert_int_equal(totals.snapshots, 1);
	assert_int_equal(case_volume_open(&w, cf, &err), OK);
	assert_true(case_volume_next(w, &v) && case_volume_next(w, &v));
	assert_true(v.made == UINT64_MAX);
	assert_true(case_volume_next(w, &v));
	assert_int_equal(v.made, 0);
	assert_int_equal(v.number, 0);
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_come_back),
		cmocka_unit_test(bad_ranges_come_back),
		cmocka_unit_test(evidence_is_updated),
		cmocka_unit_test(volumes_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
