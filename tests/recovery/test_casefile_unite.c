/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_unite.c - the keys of several parts as those of one run
 */
#include "tests/recovery/cases.h"

#include "recovery/casefile_audit.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

static struct error err;
static char *dir;

static int make_dir(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("unite-XXXXXX", NULL);
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	(void)g_rmdir(dir);
	g_free(dir);
	return 0;
}

/* The two keys of the story: the private one lies on "b.dd", and is opened by a
   master key that lies on "a.dd". */
struct story {
	const char *name; /* of the part, and its evidence */
	int64_t master;   /* what it opens here; -1: it is not listed */
	int64_t private;
	const char *state; /* of the private key */
	bool linked;
	const char *container; /* of the private key */
};

static void add_keys(struct casefile *cf, const struct story *s)
{
	struct case_key master = { .type = "master_key",
		                   .key_id = "{1}",
		                   .source = "a.dd v1 /m",
		                   .evidence = "a.dd",
		                   .volume = 1,
		                   .path = "/m",
		                   .state = "unlocked",
		                   .opens = (uint64_t)s->master };
	struct case_key private = { .type = "private_key",
		                    .key_id = "5f28",
		                    .source = "b.dd v1 /p",
		                    .evidence = "b.dd",
		                    .volume = 1,
		                    .path = "/p",
		                    .container = s->container,
		                    .state = s->state,
		                    .reason = strcmp(s->state, "locked")
		                                      ? NULL
		                                      : "why",
		                    .opens = (uint64_t)s->private };

	if (s->master >= 0)
		assert_int_equal(casefile_add_key(cf, &master, &err), OK);
	if (s->private >= 0)
		assert_int_equal(casefile_add_key(cf, &private, &err), OK);
	if (s->linked)
		assert_int_equal(
			casefile_link_key(cf, private.id, master.id, &err), OK);
}

static char *write_part(const struct story *s)
{
	const struct case_tool tool = { .version = s->name };
	struct case_evidence e = { .name = s->name };
	char *path = g_build_filename(dir, s->name, NULL);
	struct casefile *cf = new_case(path);

	assert_int_equal(casefile_set_tool(cf, &tool, &err), OK);
	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	add_keys(cf, s);
	assert_int_equal(casefile_commit(cf, &err), OK);
	casefile_free(cf);
	return path;
}

static void merge_part(struct casefile *cf, const struct story *s)
{
	char *path = write_part(s);

	assert_int_equal(casefile_merge_part(cf, path, "x/", &err), OK);
	(void)unlink(path);
	g_free(path);
}

/* "TYPE STATE OPENS BEHIND" of each key. */
static void check_keys(struct casefile *cf, const char *wanted)
{
	GString *got = g_string_new(NULL);
	struct case_walk *w;
	struct case_key k;

	assert_int_equal(case_key_open(&w, cf, &err), OK);
	while (case_key_next(w, &k))
		g_string_append_printf(
			got, "%s %s %u %s%s%s\n", k.type, k.state,
			(unsigned)k.opens, k.behind_id ? k.behind_id : "-",
			k.reason ? " " : "", k.reason ? k.reason : "");
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_string_equal(got->str, wanted);
	g_string_free(got, TRUE);
}

static struct casefile *three_parts(void)
{
	const struct case_tool tool = { .version = "whole" };
	struct casefile *cf = new_case(NULL);

	assert_int_equal(casefile_set_tool(cf, &tool, &err), OK);
	/* a.dd has files for the key of b.dd, too; so has c.dd */
	merge_part(cf,
	           &(struct story){ "a.dd", 0, 2, "unlocked", false, NULL });
	merge_part(cf,
	           &(struct story){ "b.dd", -1, 3, "unlocked", false, NULL });
	merge_part(cf,
	           &(struct story){ "c.dd", -1, 5, "unlocked", false, NULL });
	return cf;
}

static void with_their_keys(void **state)
{
	struct casefile *cf = three_parts();
	char *keys = write_part(
		&(struct story){ "keys.dd", 0, 0, "unlocked", true, NULL });
	struct case_tool read;
	struct case_totals totals;

	(void)state;
	assert_int_equal(casefile_unite(cf, keys, &err), OK);
	check_keys(cf, "master_key unlocked 10 -\n"
	               "private_key unlocked 10 {1}\n");
	assert_int_equal(casefile_totals(cf, &totals, &err), OK);
	assert_int_equal(totals.evidence, 4); /* that of the keys, too */
	assert_int_equal(casefile_tool(cf, &read, &err), OK);
	assert_string_equal(read.version, "whole");
	casefile_free(cf);
	(void)unlink(keys);
	g_free(keys);
}

static void without_them(void **state)
{
	struct casefile *cf = three_parts();

	(void)state;
	assert_int_equal(casefile_unite(cf, NULL, &err), OK);
	check_keys(cf, "master_key unlocked 0 -\n"
	               "private_key unlocked 10 -\n");
	casefile_free(cf);
}

/* What a part opened by a secret of its own counts more than a lock. */
static void open_in_one_part(void **state)
{
	struct casefile *cf = new_case(NULL);
	char *keys = write_part(
		&(struct story){ "keys.dd", -1, 0, "locked", false, NULL });

	(void)state;
	merge_part(cf, &(struct story){ "a.dd", 1, 1, "unlocked", true, NULL });
	merge_part(cf, &(struct story){ "b.dd", -1, 4, "locked", false, NULL });
	assert_int_equal(casefile_unite(cf, keys, &err), OK);
	/* 4 would be opened, had b.dd been given that secret */
	check_keys(cf, "master_key unlocked 5 -\n"
	               "private_key unlocked 5 {1}\n");
	casefile_free(cf);
	(void)unlink(keys);
	g_free(keys);
}

/* A part may have seen a certificate that gives the key another one. */
static void with_two_containers(void **state)
{
	struct casefile *cf = new_case(NULL);
	char *keys = write_part(
		&(struct story){ "keys.dd", 0, 0, "unlocked", true, "c" });

	(void)state;
	merge_part(cf,
	           &(struct story){ "b.dd", -1, 2, "unlocked", false, "d" });
	assert_int_equal(casefile_unite(cf, keys, &err), OK);
	check_keys(cf, "master_key unlocked 2 -\n"
	               "private_key unlocked 2 {1}\n");
	casefile_free(cf);
	(void)unlink(keys);
	g_free(keys);
}

static void nothing_to_unite(void **state)
{
	struct casefile *cf = new_case(NULL);

	(void)state;
	assert_int_equal(casefile_unite(cf, NULL, &err), OK);
	assert_int_not_equal(casefile_unite(cf, "/nonexistent", &err), OK);
	check_keys(cf, "");
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_their_keys),
		cmocka_unit_test(without_them),
		cmocka_unit_test(open_in_one_part),
		cmocka_unit_test(with_two_containers),
		cmocka_unit_test(nothing_to_unite),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
