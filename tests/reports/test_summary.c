/* SPDX-License-Identifier: MIT */
/*
 * test_summary.c - the one sentence says what the numbers say
 */
#include "tests/reports/sample_case.h"

#include "reports/summary.h"

static const struct {
	struct summary summary;
	const char *sentence;
} cases[] = {
	{ { .totals = { 0 } }, "No encrypted file was found." },
	{ { .interrupted = true, .runs = 1 },
	  "The run was interrupted. No encrypted file is listed; the list is "
	  "not complete." },
	{ { .totals = { .files = 3 }, .files = { [OUTCOME_NO_KEY] = 3 } },
	  "3 encrypted files were found; there is no key to open them with." },
	{ { .totals = { .files = 1 }, .files = { [OUTCOME_NO_KEY] = 1 } },
	  "1 encrypted file was found; there is no key to open it with." },
	{ { .totals = { .files = 1 }, .files = { [OUTCOME_KEY_LOCKED] = 1 } },
	  "1 encrypted file was found; its key is here, but locked." },
	{ { .totals = { .files = 3 }, .files = { [OUTCOME_KEY_LOCKED] = 3 } },
	  "3 encrypted files were found; keys are here, but locked." },
	{ { .totals = { .files = 3 },
	    .files = { [OUTCOME_NO_KEY] = 1, [OUTCOME_KEY_LOCKED] = 2 } },
	  "3 encrypted files were found; keys for 2 of them are here, but "
	  "locked." },
	{ { .totals = { .files = 3 },
	    .files = { [OUTCOME_NO_KEY] = 3 },
	    .keys = 1 },
	  "The keys at hand open none of the 3 encrypted files." },
	{ { .totals = { .files = 3 },
	    .files = { [OUTCOME_NO_KEY] = 1, [OUTCOME_OPENABLE] = 2 },
	    .keys = 1 },
	  "The keys at hand open 2 of 3 encrypted files." },
	{ { .totals = { .files = 2 },
	    .files = { [OUTCOME_OPENABLE] = 2 },
	    .keys = 1 },
	  "The keys at hand open all 2 encrypted files." },
	{ { .totals = { .files = 1 },
	    .files = { [OUTCOME_OPENABLE] = 1 },
	    .keys = 1 },
	  "The keys at hand open the only encrypted file." },
	{ { .totals = { .files = 1 },
	    .files = { [OUTCOME_NO_KEY] = 1 },
	    .keys = 1 },
	  "The keys at hand open none of the 1 encrypted file." },
	{ { .totals = { .files = 1200, .recovered = 1100 },
	    .files = { [OUTCOME_RECOVERED_VERIFIED] = 1099 } },
	  "1,100 of 1,200 encrypted files were recovered,"
	  " 1,099 of them verified." },
	{ { .totals = { .files = 2, .recovered = 1 },
	    .files = { [OUTCOME_RECOVERED_VERIFIED] = 1,
	               [OUTCOME_RECOVERED_PARTIAL] = 1 },
	    .interrupted = true },
	  "The run was interrupted. 1 of 2 encrypted files was recovered,"
	  " 1 of them verified; 1 more has holes." },
	{ { .totals = { .files = 2 },
	    .files = { [OUTCOME_OUTPUT_FAILED] = 2 } },
	  "0 of 2 encrypted files were recovered, 0 of them verified." },
};

static void sentences(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GString *text = g_string_new(NULL);

		summary_sentence(text, &cases[i].summary);
		assert_string_equal(text->str, cases[i].sentence);
		g_string_free(text, TRUE);
	}
}

static void adds_up(void **state)
{
	struct casefile *cf = sample_case();
	struct error err = { 0 };
	struct summary s;
	uint64_t files = 0;

	(void)state;
	assert_int_equal(summary_read(&s, cf, &err), OK);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		assert_true(s.files[i] > 0); /* the sample has them all */
		files += s.files[i];
	}
	assert_int_equal(files, s.totals.files);
	assert_int_equal(s.files[OUTCOME_RECOVERED_VERIFIED] +
	                         s.files[OUTCOME_RECOVERED_UNVERIFIED],
	                 s.totals.recovered);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences),
		cmocka_unit_test(adds_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
