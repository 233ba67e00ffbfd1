/* SPDX-License-Identifier: MIT */
/*
 * test_console.c - what info, audit and recover print
 */
#include "tests/reports/sample_case.h"

#include "reports/console.h"
#include "tests/reports/sample_keys.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static enum status recovered(struct casefile *cf, FILE *out, struct error *err)
{
	return console_recovered(cf, "out", "files", out, err);
}

static char *text_of(enum status (*print)(struct casefile *cf, FILE *out,
                                          struct error *err),
                     struct casefile *cf, size_t *n)
{
	struct error err = { 0 };
	char *text = NULL;
	FILE *out = open_memstream(&text, n);

	assert_non_null(out);
	assert_int_equal(print(cf, out, &err), OK);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void golden(void **state)
{
	static const struct {
		enum status (*print)(struct casefile *cf, FILE *out,
		                     struct error *err);
		const char *name;
	} prints[] = {
		{ console_info, "info.txt" },
		{ console_audit, "audit.txt" },
		{ recovered, "recovered.txt" },
	};
	struct casefile *cf = sample_case();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(prints); i++) {
		size_t n;
		char *text = text_of(prints[i].print, cf, &n);

		sample_golden(text, n, prints[i].name);
		assert_null(strchr(text, '\x01'));
		assert_null(strstr(text, "\xe2\x80\xae"));
		free(text);
	}
	casefile_free(cf);
}

/* Ann is exchanged for Bob in n files. */
static struct casefile *changed_case(unsigned n)
{
	static const struct case_entry ring[] = { { .thumbprint = ANN },
		                                  { .thumbprint = BOB } };
	struct case_evidence e = { .name = "d" };
	struct error err = { 0 };
	struct casefile *cf;

	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	for (unsigned i = 0; i < 2; i++) {
		struct case_volume v = { .evidence = e.id,
			                 .number = 1,
			                 .snapshot = 1 - i };

		assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
		for (unsigned k = 0; k < n; k++) {
			struct case_object o = { .volume = v.id,
				                 .mft = k,
				                 .path = "/x",
				                 .has_efs = true,
				                 .entries = &ring[i],
				                 .n_entries = 1 };
			struct case_stream s = { .outcome = 0 };

			assert_int_equal(casefile_add_object(cf, &o, &err), OK);
			s.object = o.id;
			assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
		}
	}
	return cf;
}

static void some_of_many_changes(void **state)
{
	struct casefile *cf = changed_case(15);
	size_t n;
	char *text = text_of(recovered, cf, &n);

	(void)state;
	assert_non_null(strstr(text,
	                       "\nHow key rings changed\n\n/x\n"
	                       "    d, from v1.s1 to v1\n"
	                       "    removed  user   " ANN "  (no name)\n"
	                       "    added    user   " BOB "  (no name)\n"));
	assert_non_null(strstr(text, "\n... and 10 more\n"));
	free(text);
	casefile_free(cf);
}

static void silent_where_nothing_changed(void **state)
{
	struct casefile *cf = changed_case(0);
	size_t n;
	char *text = text_of(recovered, cf, &n);

	(void)state;
	assert_null(strstr(text, "How key rings"));
	assert_null(strstr(text, "could not be read"));
	free(text);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(some_of_many_changes),
		cmocka_unit_test(silent_where_nothing_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
