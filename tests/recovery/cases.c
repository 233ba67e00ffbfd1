/* SPDX-License-Identifier: MIT */
/*
 * cases.c - new cases, and simple rows
 */
#include "tests/recovery/cases.h"

struct casefile *new_case(const char *path)
{
	struct error err = { 0 };
	struct casefile *cf;

	assert_int_equal(casefile_new(&cf, path, &err), OK);
	return cf;
}

int64_t add_volume(struct casefile *cf)
{
	struct error err = { 0 };
	struct case_evidence e = { .name = "disk.dd", .size = UINT64_MAX };
	struct case_volume v = { .number = 1, .snapshot = 3 };

	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	v.evidence = e.id;
	v.serial = UINT64_C(0xfedcba9876543210);
	v.cluster = 2097152;
	assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
	return v.id;
}

void add_file(struct casefile *cf, int64_t volume, const char *path)
{
	struct error err = { 0 };
	struct case_object o = { .volume = volume, .path = path };
	struct case_stream s = { .outcome = OUTCOME_NO_KEY };

	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	s.object = o.id;
	assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
}

uint64_t count_files(struct casefile *cf)
{
	struct error err = { 0 };
	struct case_totals totals;

	assert_int_equal(casefile_totals(cf, &totals, &err), OK);
	return totals.files;
}
