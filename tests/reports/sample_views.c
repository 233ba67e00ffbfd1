/* SPDX-License-Identifier: MIT */
/*
 * sample_views.c - shadow copies, facts and bad ranges of the small case
 */
#include "tests/reports/sample_case.h"

#include "tests/reports/sample_keys.h"
#include "tests/reports/sample_views.h"

#include <glib.h>
#include <string.h>

#define OUTPUT "files/disk.dd/v1/Users/ann/new name.txt"

static const struct case_entry ann_bob[] = {
	{ .ring = EFS_DDF, .thumbprint = ANN, .name = "ann(ann@PC)" },
	{ .ring = EFS_DDF,
	  .entry = 1,
	  .thumbprint = BOB,
	  .name = "=bob <b>\x01",
	  .sid = "S-1-5-21-7" },
};
static const struct case_entry ann_agent[] = {
	{ .ring = EFS_DDF, .thumbprint = ANN, .name = "ann(ann@PC)" },
	{ .ring = EFS_DRF, .thumbprint = AGENT, .name = "Agent ]]>" },
};

static void ok(enum status st)
{
	assert_int_equal(st, OK);
}

static void add_facts(struct casefile *cf, int64_t disk, int64_t volume,
                      int64_t loose)
{
	const struct case_fact facts[] = {
		{ disk, 0, "case number", "7 <b>&amp;</b>" },
		{ disk, 0, "note", "one\nline" },
		{ disk, 0, "note", "\xe2\x80\xaetwo" },
		{ disk, 0, "note", "three" },
		{ 0, volume, "BitLocker protector", "password {1}" },
		{ 0, volume, "BitLocker protector", "TPM {2}" },
		{ 0, volume, "label", "" },
		{ 0, loose, "kind", "files of a backup" },
	};
	struct error err;

	for (size_t i = 0; i < G_N_ELEMENTS(facts); i++)
		ok(casefile_add_fact(cf, &facts[i], &err));
}

/* Out of order, touching, and one past the end of the evidence. */
static void add_bad(struct casefile *cf, int64_t disk)
{
	const struct case_bad bad[] = {
		{ .evidence = disk, .offset = 0x100000, .size = 0x200 },
		{ .evidence = disk, .offset = 0x200, .size = 0x200 },
		{ .evidence = disk, .offset = 0x100200, .size = 0x1000 },
		{ .evidence = disk,
		  .offset = (UINT64_C(1) << 40) - 512,
		  .size = UINT64_C(1) << 20 },
	};
	struct error err;

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		ok(casefile_add_bad(cf, &bad[i], &err));
}

static void add_file(struct casefile *cf, struct case_object o,
                     struct case_stream s)
{
	struct error err;

	o.has_efs = true;
	o.efs_version = 2;
	o.efs_class = "user";
	o.algorithm = o.opened ? "aes-256" : NULL;
	o.opened_key = o.opened ? ANN : NULL;
	ok(casefile_add_object(cf, &o, &err));
	s.object = o.id;
	ok(casefile_add_stream(cf, &s, &err));
}

/* Renamed, and then the agent came to its ring. */
static void add_same(struct casefile *cf, int64_t first, int64_t second,
                     int64_t volume)
{
	char *md5 = g_compute_checksum_for_string(G_CHECKSUM_MD5, OUTPUT, -1);
	char *sha =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, OUTPUT, -1);
	struct case_object o = { .volume = first,
		                 .mft = 1001,
		                 .sequence = 1,
		                 .path = "/Users/ann/old name.txt",
		                 .entries = ann_agent,
		                 .n_entries = 1 };
	struct case_stream s = { .outcome = OUTCOME_NO_KEY, .size = 7 };

	add_file(cf, o, s);
	o.volume = volume;
	o.path = "/Users/ann/new name.txt";
	o.n_entries = 2;
	o.opened = true;
	s.outcome = OUTCOME_RECOVERED_VERIFIED;
	s.size = strlen(OUTPUT);
	s.output = OUTPUT;
	s.md5 = md5;
	s.sha256 = sha;
	add_file(cf, o, s);
	o.volume = second;
	s.same_as = "v1";
	add_file(cf, o, s);
	g_free(md5);
	g_free(sha);
}

static int64_t add_folder(struct casefile *cf)
{
	struct case_evidence e = { .name = "collected", .format = "folder" };
	struct case_volume v = { .filesystem = "folder" };
	struct case_stream s = { .outcome = OUTCOME_NO_KEY, .size = 9 };
	struct case_object o = { .path = "/a/b.efs",
		                 .entries = &ann_bob[1],
		                 .n_entries = 1 };
	struct error err;

	ok(casefile_add_evidence(cf, &e, &err));
	v.evidence = e.id;
	ok(casefile_add_volume(cf, &v, &err));
	o.volume = v.id;
	add_file(cf, o, s);
	o.path = "/c.pfile";
	o.entries = ann_agent;
	o.n_entries = 0;
	add_file(cf, o, s);
	return v.id;
}

void sample_views(struct casefile *cf, int64_t disk, int64_t volume,
                  int64_t second)
{
	struct case_volume v = { .evidence = disk,
		                 .number = 1,
		                 .snapshot = 1,
		                 .made = MADE_S1,
		                 .offset = 1048576,
		                 .size = UINT64_C(1) << 39,
		                 .filesystem = "NTFS",
		                 .sector = 512,
		                 .cluster = 4096,
		                 .serial = UINT64_C(0xfedcba9876543210) };
	struct case_object o = { .mft = 1000,
		                 .sequence = 3,
		                 .path = "/Users/ann/<shared>.txt",
		                 .entries = ann_agent,
		                 .n_entries = 2 };
	struct case_stream s = { .outcome = OUTCOME_NO_KEY, .size = 100 };
	struct error err;

	ok(casefile_add_volume(cf, &v, &err));
	o.volume = volume;
	add_file(cf, o, s);
	o.volume = v.id;
	o.entries = ann_bob;
	add_file(cf, o, s);
	add_same(cf, v.id, second, volume);
	add_facts(cf, disk, v.id, add_folder(cf));
	add_bad(cf, disk);
}
