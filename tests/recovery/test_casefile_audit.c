/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_audit.c - people, folders and days that follow from a case
 */
#include "tests/recovery/cases.h"

#include "recovery/casefile_audit.h"

#include <glib.h>

#define ANN   "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
#define AGENT "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3"
#define SID   "S-1-5-21-1-2-3-1001"

/* 2024-02-29T23:59:59.9999999Z and the tick after it, by date(1). */
#define LEAP UINT64_C(133537247999999999)

static struct error err;

static void add(struct casefile *cf, int64_t volume, const char *path,
                bool agent)
{
	const struct case_entry entries[] = {
		{ .ring = EFS_DDF, .thumbprint = ANN, .name = "ann" },
		{ .ring = EFS_DRF, .thumbprint = AGENT, .wrapped_bits = 1024 },
	};
	struct case_object o = { .volume = volume,
		                 .path = path,
		                 .has_efs = true,
		                 .efs_class = "user",
		                 .created = agent ? LEAP : LEAP + 1,
		                 .modified = LEAP + 1,
		                 .entries = entries,
		                 .n_entries = agent ? 2 : 1 };

	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
}

/* "path depth parent objects: person=objects ..." of each folder */
static char *folders(struct casefile *cf)
{
	GString *s = g_string_new(NULL);
	struct case_folder f;
	struct case_share share;
	struct case_walk *w, *v;

	assert_int_equal(case_folder_open(&w, cf, &err), OK);
	while (case_folder_next(w, &f)) {
		g_string_append_printf(s, "%s %u %d %u:", f.path, f.depth,
		                       (int)f.parent, (unsigned)f.objects);
		assert_int_equal(case_share_open(&v, cf, f.id, &err), OK);
		while (case_share_next(v, &share))
			g_string_append_printf(s, " %d=%u", (int)share.person,
			                       (unsigned)share.objects);
		assert_int_equal(case_walk_close(v, &err), OK);
		g_string_append_c(s, '\n');
	}
	assert_int_equal(case_walk_close(w, &err), OK);
	return g_string_free(s, FALSE);
}

static void folders_and_shares(void **state)
{
	struct casefile *cf = new_case(NULL);
	int64_t volume = add_volume(cf);
	char *got;

	(void)state;
	add(cf, volume, "/a/b/x", true);
	add(cf, volume, "/a-b/x", false);
	add(cf, volume, "/a/b/c/d/x", true);
	add(cf, volume, "/a/y", false);
	add(cf, volume, "loose", false);
	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	got = folders(cf);
	/* person 1 is the user, 2 the agent; below comes behind above */
	assert_string_equal(got, "/ 0 0 5: 1=5 2=2\n"
	                         "/a-b 1 1 1: 1=1\n"
	                         "/a 1 1 3: 1=3 2=2\n"
	                         "/a/b 2 3 2: 1=2 2=2\n"
	                         "/a/b/c 3 4 1: 1=1 2=1\n"
	                         "/a/b/c/d 4 5 1: 1=1 2=1\n");
	g_free(got);
	casefile_free(cf);
}

/* A path of any depth costs no more than the deepest folder that counts. */
static void very_deep(void **state)
{
	struct casefile *cf = new_case(NULL);
	int64_t volume = add_volume(cf);
	GString *path = g_string_new(NULL);
	struct case_folder f;
	struct case_walk *w;
	unsigned n = 0, deepest = 0;

	(void)state;
	for (unsigned i = 0; i < 300; i++)
		g_string_append(path, "/d");
	add(cf, volume, path->str, true);
	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	assert_int_equal(case_folder_open(&w, cf, &err), OK);
	while (case_folder_next(w, &f)) {
		assert_int_equal(f.objects, 1);
		assert_int_equal(f.depth, n++);
		deepest = f.depth;
	}
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(deepest, 64);
	g_string_free(path, TRUE);
	casefile_free(cf);
}

static void people(void **state)
{
	const struct case_certificate c = { .thumbprint = ANN,
		                            .subject = "CN=Ann",
		                            .issuer = "CN=CA",
		                            .not_before = 5,
		                            .not_after = 7,
		                            .bits = 4096 };
	const struct case_agent agent = { .thumbprint = AGENT };
	struct casefile *cf = new_case(NULL);
	int64_t volume = add_volume(cf);
	struct case_account account = { .sid = SID, .name = "Ann A." };
	struct case_policy policy = { .agents = &agent, .n_agents = 1 };
	struct case_key key = { .type = "certificate",
		                .key_id = ANN,
		                .sid = SID,
		                .state = "public" };
	struct case_person p;
	struct case_walk *w;

	(void)state;
	add(cf, volume, "/x", true);
	add(cf, volume, "/y", false);
	assert_int_equal(casefile_add_certificate(cf, &c, &err), OK);
	assert_int_equal(casefile_add_account(cf, &account, &err), OK);
	account.name = "another"; /* of the same SID: ignored */
	account.evidence = 1;
	assert_int_equal(casefile_add_account(cf, &account, &err), OK);
	assert_int_equal(casefile_add_policy(cf, &policy, &err), OK);
	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	assert_int_equal(case_person_open(&w, cf, &err), OK);
	assert_true(case_person_next(w, &p));
	assert_string_equal(p.name, "ann");
	assert_string_equal(p.sid, SID); /* of its key's owner */
	assert_string_equal(p.account, "Ann A.");
	assert_string_equal(p.subject, "CN=Ann");
	assert_string_equal(p.issuer, "CN=CA");
	assert_int_equal(p.not_before, 5);
	assert_int_equal(p.not_after, 7);
	assert_int_equal(p.bits, 4096);
	assert_int_equal(p.objects, 2);
	assert_int_equal(p.alone, 1);
	assert_null(p.policy);
	assert_true(case_person_next(w, &p));
	assert_string_equal(p.thumbprint, AGENT);
	assert_null(p.subject);
	assert_int_equal(p.bits, 1024);
	assert_int_equal(p.alone, 0);
	assert_string_equal(p.policy, "current");
	assert_false(case_person_next(w, &p));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

static void policies_come_back(void **state)
{
	const struct case_agent agents[] = {
		{ .thumbprint = AGENT, .sid = SID },
		{ .reason = "its certificate is damaged" },
	};
	struct casefile *cf = new_case(NULL);
	struct case_policy in = { .source = "disk.dd v1 SOFTWARE",
		                  .volume = 1,
		                  .snapshot = 2,
		                  .agents = agents,
		                  .n_agents = 2 };
	struct case_policy p;
	struct case_agent a;
	struct case_account account;
	struct case_walk *w;

	(void)state;
	(void)add_volume(cf);
	in.evidence = 1;
	assert_int_equal(casefile_add_policy(cf, &in, &err), OK);
	assert_int_equal(case_policy_open(&w, cf, &err), OK);
	assert_true(case_policy_next(w, &p));
	assert_int_equal(p.id, in.id);
	assert_string_equal(p.evidence_name, "disk.dd");
	assert_int_equal(p.volume, 1);
	assert_int_equal(p.snapshot, 2);
	assert_string_equal(p.source, in.source);
	assert_null(p.reason);
	assert_false(case_policy_next(w, &p));
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(case_agent_open(&w, cf, in.id, &err), OK);
	assert_true(case_agent_next(w, &a));
	assert_string_equal(a.thumbprint, AGENT);
	assert_string_equal(a.sid, SID);
	assert_true(case_agent_next(w, &a));
	assert_null(a.thumbprint);
	assert_string_equal(a.reason, "its certificate is damaged");
	assert_false(case_agent_next(w, &a));
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(case_account_open(&w, cf, &err), OK);
	assert_false(case_account_next(w, &account));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

static void days(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_evidence e = { .name = "disk.dd" };
	struct case_volume v = { .number = 1 };
	struct case_day day;
	struct case_walk *w;

	(void)state;
	add(cf, add_volume(cf), "/in a shadow copy", true);
	e.name = "other.dd";
	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	v.evidence = e.id;
	assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
	add(cf, v.id, "/x", true);
	add(cf, v.id, "/y", false);
	assert_int_equal(case_day_open(&w, cf, &err), OK);
	assert_true(case_day_next(w, &day));
	assert_string_equal(day.day, "2024-02-29");
	assert_int_equal(day.created, 1);
	assert_int_equal(day.modified, 0);
	assert_true(case_day_next(w, &day));
	assert_string_equal(day.day, "2024-03-01");
	assert_int_equal(day.created, 1);
	assert_int_equal(day.modified, 2);
	assert_false(case_day_next(w, &day));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders_and_shares),
		cmocka_unit_test(very_deep),
		cmocka_unit_test(people),
		cmocka_unit_test(policies_come_back),
		cmocka_unit_test(days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
