/* SPDX-License-Identifier: MIT */
/*
 * test_jsonl.c - the JSON records: key order, values, and the golden file
 */
#include "tests/reports/sample_case.h"

#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static char *report(size_t *n)
{
	struct casefile *cf = sample_case();
	char *text = sample_report(cf, "jsonl", n);

	casefile_free(cf);
	return text;
}

/* The i-th record of that kind. */
static json_t *record(const char *kind, size_t i)
{
	size_t n;
	char *text = report(&n);
	char **lines = g_strsplit(text, "\n", -1);
	json_t *found = NULL;

	for (size_t k = 0; lines[k] && *lines[k] && !found; k++) {
		json_t *r = json_loads(lines[k], JSON_REJECT_DUPLICATES, NULL);

		assert_non_null(r);
		if (!strcmp(json_string_value(json_object_get(r, "kind")),
		            kind) &&
		    !i--)
			found = json_incref(r);
		json_decref(r);
	}
	g_strfreev(lines);
	free(text);
	assert_non_null(found);
	return found;
}

static void assert_keys(json_t *object, const char *keys)
{
	GString *list = g_string_new(NULL);
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
		g_string_append_printf(list, "%s%s", list->len ? " " : "", key);
	assert_string_equal(list->str, keys);
	g_string_free(list, TRUE);
}

static void golden(void **state)
{
	size_t n;
	char *text = report(&n);

	(void)state;
	sample_golden(text, n, "sample.jsonl");
	free(text);
}

static void keys_in_order(void **state)
{
	json_t *r = record("file", 0);
	json_t *efs = json_object_get(r, "efs");

	(void)state;
	assert_keys(r,
	            "kind schema evidence volume snapshot mft sequence path"
	            " stream directory deleted size created modified accessed"
	            " changed efs status reason opened_by output md5 sha256"
	            " missing holes tries links");
	assert_keys(efs, "version id class algorithm ddf drf");
	/* "reason" only where there is one. */
	assert_keys(json_array_get(json_object_get(efs, "ddf"), 0),
	            "entry thumbprint name sid container provider flags"
	            " wrapped_bits");
	assert_keys(json_array_get(json_object_get(efs, "ddf"), 1),
	            "entry thumbprint name sid container provider flags"
	            " wrapped_bits reason");
	assert_keys(json_object_get(r, "opened_by"), "ring entry key chain");
	assert_keys(json_array_get(json_object_get(r, "tries"), 0),
	            "ring entry key by result");
	json_decref(r);
	r = record("key", 0);
	assert_keys(r, "kind schema type id sid name source state unlocked_by"
	               " reason opens user container bits made current behind"
	               " certificate");
	assert_keys(json_object_get(r, "source"),
	            "evidence volume snapshot path offset");
	json_decref(r);
	r = record("summary", 0);
	assert_keys(json_array_get(json_object_get(r, "needs"), 0),
	            "kind id what objects");
	json_decref(r);
}

static const char *text_of(json_t *r, const char *key)
{
	return json_string_value(json_object_get(r, key));
}

static void names_come_back(void **state)
{
	json_t *r = record("file", 4);

	(void)state;
	assert_string_equal(text_of(r, "path"), "/a\x01\x1f\n\r\t|b%0A");
	json_decref(r);
	r = record("file", 5);
	assert_string_equal(text_of(r, "path"), "/\xef\xbf\xbe\xef\xbf\xbf");
	json_decref(r);
}

static void unknown_is_null(void **state)
{
	json_t *r = record("file", 21); /* the loose file */

	(void)state;
	assert_true(json_is_null(json_object_get(r, "volume")));
	assert_true(json_is_null(json_object_get(r, "mft")));
	assert_true(json_is_null(json_object_get(r, "opened_by")));
	assert_int_equal(json_array_size(json_object_get(r, "missing")), 3);
	json_decref(r);
	r = record("file", 6);
	assert_true(json_is_null(json_object_get(r, "modified")));
	assert_string_equal(text_of(r, "accessed"),
	                    "1601-01-01T00:00:00.0000001Z");
	json_decref(r);
}

static void keys_know_their_place(void **state)
{
	json_t *r = record("key", 6); /* in a snapshot */
	json_t *source = json_object_get(r, "source");

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(r, "schema")), 1);
	assert_string_equal(text_of(source, "evidence"), "disk.dd");
	assert_string_equal(text_of(source, "volume"), "v1");
	assert_string_equal(text_of(source, "snapshot"), "s2");
	json_decref(r);
	r = record("key", 0); /* that the user named */
	source = json_object_get(r, "source");
	assert_true(json_is_null(json_object_get(source, "evidence")));
	assert_true(json_is_null(json_object_get(source, "volume")));
	assert_string_equal(text_of(source, "path"), "agent.cer");
	json_decref(r);
	r = record("key", 1);
	assert_string_equal(text_of(r, "behind"),
	                    "{1eccdbd2-0001-4f5e-9a65-000000000001}");
	json_decref(r);
}

static void summary_adds_up(void **state)
{
	static const char *const lists[] = { "by_status", "by_algorithm",
		                             "by_class" };
	json_t *r = record("summary", 0);
	json_t *item;
	size_t i;

	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(lists); k++) {
		json_int_t files = 0;

		json_array_foreach(json_object_get(r, lists[k]), i, item)
			files +=
			json_integer_value(json_object_get(item, "files"));
		assert_int_equal(
			files, json_integer_value(json_object_get(r, "files")));
	}
	json_decref(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(keys_in_order),
		cmocka_unit_test(names_come_back),
		cmocka_unit_test(unknown_is_null),
		cmocka_unit_test(keys_know_their_place),
		cmocka_unit_test(summary_adds_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
