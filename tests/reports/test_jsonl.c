/* SPDX-License-Identifier: MIT */
/*
 * test_jsonl.c - the JSON records: the order of keys, and values
 */
#include "tests/reports/sample_case.h"

#include "recovery/casefile_audit.h"

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

/* The i-th record of that kind in the text, which is freed. */
static json_t *record_of(char *text, const char *kind, size_t i)
{
	char **lines = g_strsplit(text, "\n", -1);
	json_t *found = NULL;
	size_t seen = 0;

	for (size_t k = 0; lines[k] && *lines[k] && !found; k++) {
		json_t *r = json_loads(lines[k], JSON_REJECT_DUPLICATES, NULL);

		assert_non_null(r);
		if (!strcmp(json_string_value(json_object_get(r, "kind")),
		            kind) &&
		    seen++ == i)
			found = json_incref(r);
		json_decref(r);
	}
	g_strfreev(lines);
	free(text);
	assert_non_null(found);
	return found;
}

static json_t *record(const char *kind, size_t i)
{
	size_t n;

	return record_of(report(&n), kind, i);
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

static void keys_in_order(void **state)
{
	json_t *r = record("file", 0);
	json_t *efs = json_object_get(r, "efs");

	(void)state;
	assert_keys(r,
	            "kind schema evidence volume snapshot mft sequence path"
	            " stream directory deleted size created modified accessed"
	            " changed efs status reason opened_by output md5 sha256"
	            " missing holes tries links same_as changes");
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
	r = record("evidence", 0);
	assert_keys(r, "kind schema name format size sha256 path reason facts"
	               " bad");
	json_decref(r);
	r = record("volume", 0);
	assert_keys(r, "kind schema evidence volume snapshot offset size"
	               " cluster_size serial encrypted_objects sector_size"
	               " filesystem description records reason made facts");
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

static void facts_are_values_or_arrays(void **state)
{
	json_t *r = record("evidence", 0);
	json_t *facts = json_object_get(r, "facts");
	json_t *bad = json_object_get(r, "bad");

	(void)state;
	assert_keys(facts, "case number note");
	assert_string_equal(text_of(facts, "case number"), "7 <b>&amp;</b>");
	facts = json_object_get(facts, "note");
	assert_int_equal(json_array_size(facts), 3);
	assert_string_equal(json_string_value(json_array_get(facts, 2)),
	                    "three");
	assert_int_equal(json_array_size(bad), 4);
	assert_keys(json_array_get(bad, 0), "offset size");
	json_decref(r);
	r = record("volume", 5);
	assert_string_equal(text_of(r, "snapshot"), "s1");
	assert_string_equal(text_of(r, "made"), "2025-12-31T03:04:05.1234567Z");
	facts = json_object_get(r, "facts");
	assert_int_equal(
		json_array_size(json_object_get(facts, "BitLocker protector")),
		2);
	assert_string_equal(text_of(facts, "label"), "");
	json_decref(r);
	r = record("volume", 6); /* of a folder */
	assert_true(json_is_null(json_object_get(r, "volume")));
	assert_true(json_is_null(json_object_get(r, "made")));
	json_decref(r);
}

static void changes_are_of_the_later_view(void **state)
{
	json_t *r = record("file", 22);
	json_t *changes = json_object_get(r, "changes");
	json_t *c = json_array_get(changes, 0);

	(void)state;
	assert_int_equal(json_array_size(changes), 2);
	assert_keys(c, "change ring thumbprint name from to from_snapshot"
	               " to_snapshot sid");
	assert_string_equal(text_of(c, "change"), "removed");
	assert_string_equal(text_of(c, "from"), "2025-12-31T03:04:05.1234567Z");
	assert_string_equal(text_of(c, "from_snapshot"), "s1");
	assert_true(json_is_null(json_object_get(c, "to")));
	c = json_array_get(changes, 1);
	assert_string_equal(text_of(c, "change"), "added");
	assert_string_equal(text_of(c, "ring"), "drf");
	json_decref(r);
	for (size_t i = 23; i <= 25; i++) {
		r = record("file", i);
		changes = json_object_get(r, "changes");
		assert_int_equal(json_array_size(changes), 0);
		assert_true(json_is_null(json_object_get(r, "same_as")));
		json_decref(r);
	}
	r = record("file", 26);
	c = json_array_get(json_object_get(r, "changes"), 0);
	assert_string_equal(text_of(r, "same_as"), "v1");
	assert_string_equal(text_of(c, "to_snapshot"), "s2");
	json_decref(r);
}

static void people_and_findings(void **state)
{
	json_t *r = record("person", 0);

	(void)state;
	assert_keys(r, "kind schema ring thumbprint name sid account objects"
	               " opened alone subject issuer not_before not_after bits"
	               " self_signed policy");
	assert_string_equal(text_of(r, "ring"), "ddf");
	json_decref(r);
	r = record("finding", 0);
	assert_keys(r, "kind schema finding severity title advice subject name"
	               " objects places more");
	assert_keys(json_array_get(json_object_get(r, "places"), 0),
	            "evidence volume snapshot mft path");
	json_decref(r);
}

/* A file of one user, and no agent. */
static void add_lonely(struct casefile *cf, int64_t volume, uint64_t mft)
{
	static const struct case_entry entry = {
		.ring = EFS_DDF,
		.thumbprint = "1911cf1e1911cf1e1911cf1e1911cf1e1911cf1e",
	};
	struct error err = { 0 };
	struct case_object o = { .volume = volume,
		                 .mft = mft,
		                 .path = "/x",
		                 .has_efs = true,
		                 .efs_class = "user",
		                 .entries = &entry,
		                 .n_entries = 1 };

	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
}

static void places_are_cut(void **state)
{
	struct error err = { 0 };
	struct case_evidence e = { .name = "a" };
	struct case_volume v = { .number = 1 };
	struct casefile *cf;
	size_t n;
	json_t *r;

	(void)state;
	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	v.evidence = e.id;
	assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
	for (uint64_t i = 0; i < 1002; i++)
		add_lonely(cf, v.id, i);
	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	r = record_of(sample_report(cf, "jsonl", &n), "finding", 0);
	assert_int_equal(json_integer_value(json_object_get(r, "objects")),
	                 1002);
	assert_int_equal(json_array_size(json_object_get(r, "places")), 1000);
	assert_int_equal(json_integer_value(json_object_get(r, "more")), 2);
	json_decref(r);
	casefile_free(cf);
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
		cmocka_unit_test(keys_in_order),
		cmocka_unit_test(names_come_back),
		cmocka_unit_test(unknown_is_null),
		cmocka_unit_test(keys_know_their_place),
		cmocka_unit_test(facts_are_values_or_arrays),
		cmocka_unit_test(changes_are_of_the_later_view),
		cmocka_unit_test(people_and_findings),
		cmocka_unit_test(places_are_cut),
		cmocka_unit_test(summary_adds_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
