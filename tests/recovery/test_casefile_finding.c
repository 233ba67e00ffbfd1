/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_finding.c - every finding: a case that has it, and one that has
 * not
 *
 * Each test builds a small case and says which findings must come out, as
 * "kind subject objects" lines; what is not listed must not be there.
 */
#include "tests/recovery/cases.h"

#include "recovery/casefile_audit.h"

#include <glib.h>
#include <string.h>

#define ANN   "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
#define BOB   "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"
#define AGENT "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3"
#define OLD   "d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4"
#define SID   "S-1-5-21-1-2-3-1001"

/* FILETIMEs of the first of January of these years, by date(1). */
#define Y2020 UINT64_C(132223104000000000)
#define Y2022 UINT64_C(132854688000000000)
#define Y2030 UINT64_C(135379296000000000)

static struct error err;
static int64_t volume, evidence, snapshot;

static struct casefile *machine(void)
{
	const struct case_tool tool = { .started = "2025-06-01T00:00:00Z" };
	struct case_evidence e = { .name = "disk.dd" };
	struct case_volume v = { .number = 1 };
	struct casefile *cf = new_case(NULL);

	assert_int_equal(casefile_set_tool(cf, &tool, &err), OK);
	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	v.evidence = evidence = e.id;
	assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
	volume = v.id;
	v.snapshot = 1;
	assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
	snapshot = v.id;
	return cf;
}

/* "ddf A drf B": who can open it; a thumbprint of none is an empty one. */
struct rings {
	const char *ddf[2], *drf[2];
};

static size_t fill(struct case_entry *entries, const struct rings *r,
                   unsigned bits)
{
	size_t n = 0;

	for (unsigned i = 0; i < 2 && r->ddf[i]; i++)
		entries[n++] = (struct case_entry){ .ring = EFS_DDF,
			                            .entry = i,
			                            .thumbprint = r->ddf[i],
			                            .name = r->ddf[i],
			                            .wrapped_bits = bits };
	for (unsigned i = 0; i < 2 && r->drf[i]; i++)
		entries[n++] = (struct case_entry){ .ring = EFS_DRF,
			                            .entry = i,
			                            .thumbprint = r->drf[i],
			                            .wrapped_bits = bits };
	return n;
}

static void add_object(struct casefile *cf, struct case_object o,
                       const struct rings *rings)
{
	struct case_entry entries[4];

	if (!o.volume)
		o.volume = volume;
	o.has_efs = true;
	o.efs_class = o.efs_class ? o.efs_class : "user";
	o.entries = entries;
	o.n_entries = fill(entries, rings, 2048);
	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
}

static void add(struct casefile *cf, const char *path,
                const struct rings *rings)
{
	add_object(cf, (struct case_object){ .path = path }, rings);
}

static const struct rings shared = { { ANN, BOB }, { AGENT } };
static const struct rings alone = { { ANN }, { NULL } };

static void add_policy(struct casefile *cf, const char *agent,
                       unsigned in_snapshot)
{
	const struct case_agent a = { .thumbprint = agent };
	struct case_policy p = { .evidence = evidence,
		                 .volume = 1,
		                 .snapshot = in_snapshot,
		                 .agents = &a,
		                 .n_agents = agent ? 1 : 0 };

	assert_int_equal(casefile_add_policy(cf, &p, &err), OK);
}

static void add_certificate(struct casefile *cf, struct case_certificate c)
{
	assert_int_equal(casefile_add_certificate(cf, &c, &err), OK);
}

static void expect_without(struct casefile *cf, const char *const *without,
                           size_t n, const char *lines)
{
	GString *got = g_string_new(NULL);
	struct case_finding f;
	struct case_walk *w;

	assert_int_equal(casefile_audit(cf, without, n, &err), OK);
	assert_int_equal(case_finding_open(&w, cf, &err), OK);
	while (case_finding_next(w, &f))
		g_string_append_printf(got, "%s %.4s %u\n", f.kind,
		                       f.subject ? f.subject : "-",
		                       (unsigned)f.objects);
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_string_equal(got->str, lines);
	g_string_free(got, TRUE);
	casefile_free(cf);
}

static void expect(struct casefile *cf, const char *lines)
{
	expect_without(cf, NULL, 0, lines);
}

static void nothing_to_find(void **state)
{
	struct casefile *cf = machine();

	(void)state;
	add_policy(cf, AGENT, 0);
	add(cf, "/x", &shared);
	add_certificate(cf, (struct case_certificate){ .thumbprint = AGENT,
	                                               .not_after = Y2030,
	                                               .bits = 2048 });
	expect(cf, "");
}

/* A directory is no file that is lost; nor is what only a shadow copy, a
   deleted record or another class holds found here. */
static void one_user_alone(void **state)
{
	struct casefile *cf = machine();

	(void)state;
	add(cf, "/x", &alone);
	add(cf, "/y", &alone);
	add(cf, "/z", &shared);
	add_object(cf, (struct case_object){ .path = "/d", .directory = true },
	           &alone);
	add_object(cf, (struct case_object){ .path = "/s", .volume = snapshot },
	           &alone);
	add_object(cf, (struct case_object){ .path = "/g", .deleted = true },
	           &alone);
	add_object(cf, (struct case_object){ .path = "/r", .efs_class = "rms" },
	           &alone);
	expect(cf, "no-agent a1a1 2\n");
}

/* The same key as user and as agent is still one key. */
static void one_key_twice(void **state)
{
	struct casefile *cf = machine();
	const struct rings both = { { ANN }, { ANN } };

	(void)state;
	add(cf, "/x", &both);
	expect(cf, "no-agent a1a1 1\n");
}

static void ring_not_known(void **state)
{
	struct casefile *cf = machine();

	(void)state;
	add_object(cf, (struct case_object){ .path = "/x", .ring_cut = true },
	           &alone);
	expect(cf, "ring-damaged - 1\n");
}

static void agents_by_policy(void **state)
{
	struct casefile *cf = machine();
	const struct rings old = { { ANN, BOB }, { OLD } };
	const struct rings unknown = {
		{ ANN, BOB }, { "e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5" }
	};

	(void)state;
	add_policy(cf, AGENT, 0);
	add_policy(cf, OLD, 1); /* as it was */
	add(cf, "/new", &shared);
	add(cf, "/old", &old);
	add(cf, "/odd", &unknown);
	expect(cf, "agent-missing c3c3 2\n"
	           "agent-stale d4d4 1\n"
	           "agent-unknown e5e5 1\n");
}

/* Without a policy, nobody is stale. */
static void no_policy_no_judgement(void **state)
{
	struct casefile *cf = machine();
	const struct rings old = { { ANN, BOB }, { OLD } };

	(void)state;
	add_policy(cf, AGENT, 1);
	add(cf, "/old", &old);
	expect(cf, "");
}

static void policy_without_agents(void **state)
{
	struct casefile *cf = machine();
	const struct rings none = { { ANN, BOB }, { NULL } };

	(void)state;
	add_policy(cf, NULL, 0);
	add(cf, "/x", &none);
	expect(cf, "no-policy-agent - 1\n");
}

/* On a disk with two systems, whose file it is is not known. */
static void two_policies(void **state)
{
	struct casefile *cf = machine();

	(void)state;
	add_policy(cf, AGENT, 0);
	add_policy(cf, OLD, 0);
	add(cf, "/x", &shared);
	expect(cf, "");
}

static void certificates(void **state)
{
	struct casefile *cf = machine();

	(void)state;
	add_policy(cf, AGENT, 0);
	add(cf, "/x", &shared);
	add(cf, "/y", &shared);
	add_certificate(cf, (struct case_certificate){ .thumbprint = AGENT,
	                                               .not_before = Y2020,
	                                               .not_after = Y2022,
	                                               .bits = 2048 });
	add_certificate(cf, (struct case_certificate){ .thumbprint = ANN,
	                                               .kind = "rsa",
	                                               .not_after = Y2030,
	                                               .bits = 1024 });
	add_certificate(cf, (struct case_certificate){ .thumbprint = BOB,
	                                               .kind = "ec",
	                                               .bits = 256,
	                                               .self_signed = true });
	expect(cf, "policy-expired c3c3 0\n"
	           "key-weak a1a1 2\n"
	           "certificate-expired c3c3 2\n"
	           "self-signed b2b2 2\n");
}

/* Without a certificate, the length of what is wrapped tells the key's. */
static void weak_by_ring(void **state)
{
	struct casefile *cf = machine();
	struct case_entry entries[4];
	struct case_object o = { .volume = volume,
		                 .path = "/x",
		                 .has_efs = true,
		                 .efs_class = "user",
		                 .entries = entries };

	(void)state;
	o.n_entries = fill(entries, &shared, 1024);
	entries[1].wrapped_bits = 2048;
	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	expect(cf, "key-weak a1a1 1\nkey-weak c3c3 1\n");
}

static void sharing(void **state)
{
	struct casefile *cf = machine();
	const struct rings pair = { { BOB, ANN }, { NULL } };
	const struct rings other = { { BOB }, { AGENT } };

	(void)state;
	add_object(cf, (struct case_object){ .path = "/d", .directory = true },
	           &shared);
	add(cf, "/d/same people, other order", &pair);
	add(cf, "/d/one fewer", &other);
	add(cf, "/elsewhere", &other);
	add(cf, "/d/below/not of this folder", &other);
	expect(cf, "sharing-differs - 1\n");
}

static void accounts(void **state)
{
	struct casefile *cf = machine();
	const struct case_account known = { .evidence = evidence,
		                            .sid = "S-1-5-21-1-2-3-1000",
		                            .name = "ann",
		                            .local = true };
	const char *const sids[] = { "S-1-5-21-1-2-3-1000", SID,
		                     "S-1-5-21-9-9-9-1001" };
	struct case_entry entries[4];

	(void)state;
	assert_int_equal(casefile_add_account(cf, &known, &err), OK);
	for (size_t i = 0; i < G_N_ELEMENTS(sids); i++) {
		char thumbprint[41];
		const struct rings r = { { thumbprint, BOB }, { AGENT } };
		struct case_object o = { .volume = volume,
			                 .path = "/x",
			                 .has_efs = true,
			                 .efs_class = "user",
			                 .entries = entries };

		(void)g_snprintf(thumbprint, sizeof(thumbprint), "%040zu", i);
		o.n_entries = fill(entries, &r, 2048);
		entries[0].sid = sids[i];
		assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	}
	expect(cf, "account-unknown S-1- 1\n");
}

static void weak_cipher(void **state)
{
	struct casefile *cf = machine();

	(void)state;
	add_object(cf, (struct case_object){ .path = "/x", .algorithm = "des" },
	           &shared);
	add_object(cf,
	           (struct case_object){ .path = "/y", .algorithm = "3des" },
	           &shared);
	expect(cf, "cipher-weak - 1\n");
}

static void what_if(void **state)
{
	struct casefile *cf = machine();
	const char *const without[] = { ANN, AGENT };
	const struct rings pair = { { ANN }, { AGENT } };

	(void)state;
	add(cf, "/x", &shared);
	add(cf, "/y", &pair);
	add(cf, "/z", &alone);
	expect_without(cf, without, 2,
	               "lost-without a1a1 2\nno-agent a1a1 1\n");
}

static void what_if_sid(void **state)
{
	struct casefile *cf = machine();
	const char *const without[] = { SID };
	struct case_key key = { .type = "certificate",
		                .key_id = ANN,
		                .sid = SID,
		                .state = "public" };

	(void)state;
	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
	add(cf, "/x", &shared);
	add(cf, "/z", &alone);
	expect_without(cf, without, 1,
	               "lost-without S-1- 1\nno-agent a1a1 1\n");
}

/* Computed anew, it replaces what was; the objects are those of the finding. */
static void twice(void **state)
{
	struct casefile *cf = machine();
	const char *const without[] = { ANN };
	struct case_finding f;
	struct case_place place;
	struct case_walk *w;
	int64_t id;

	(void)state;
	add(cf, "/b", &alone);
	add(cf, "/a", &shared);
	assert_int_equal(casefile_audit(cf, without, 1, &err), OK);
	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	assert_int_equal(case_finding_open(&w, cf, &err), OK);
	assert_true(case_finding_next(w, &f));
	assert_string_equal(f.kind, "no-agent");
	assert_string_equal(f.severity, "high");
	assert_string_equal(f.name, ANN);
	id = f.id;
	assert_false(case_finding_next(w, &f));
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(case_place_open(&w, cf, id, &err), OK);
	assert_true(case_place_next(w, &place));
	assert_string_equal(place.path, "/b");
	assert_string_equal(place.evidence, "disk.dd");
	assert_int_equal(place.volume, 1);
	assert_false(case_place_next(w, &place));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_find),
		cmocka_unit_test(one_user_alone),
		cmocka_unit_test(one_key_twice),
		cmocka_unit_test(ring_not_known),
		cmocka_unit_test(agents_by_policy),
		cmocka_unit_test(no_policy_no_judgement),
		cmocka_unit_test(policy_without_agents),
		cmocka_unit_test(two_policies),
		cmocka_unit_test(certificates),
		cmocka_unit_test(weak_by_ring),
		cmocka_unit_test(sharing),
		cmocka_unit_test(accounts),
		cmocka_unit_test(weak_cipher),
		cmocka_unit_test(what_if),
		cmocka_unit_test(what_if_sid),
		cmocka_unit_test(twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
