/* SPDX-License-Identifier: MIT */
/*
 * sample_case.c - a small case with every outcome, and every kind of bad name
 */
#include "tests/reports/sample_case.h"

#include "recovery/casefile_audit.h"
#include "reports/report.h"
#include "tests/reports/sample_keys.h"
#include "tests/reports/sample_views.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define SOFT "Microsoft Enhanced Cryptographic Provider v1.0"

static int64_t volumes[5], disk_id;

static void ok(enum status st, const struct error *err)
{
	if (!st)
		return;
	print_error("%s\n", err->what);
	_fail(__FILE__, __LINE__);
}

static void add_tool(struct casefile *cf)
{
	struct error err = { 0 };
	struct case_tool tool = {
		.version = "efsleuth 0.1.0, libtsk 4.11.1, SQLite 3.40.1",
		.command = "efsleuth recover --pfx 'a <b>.pfx' -o out disk.dd",
		.started = "2026-03-04T05:06:07Z",
		.ended = "2026-03-04T05:06:08Z",
	};

	ok(casefile_set_tool(cf, &tool, &err), &err);
}

static int64_t add_evidence(struct casefile *cf, const char *name,
                            const char *path, const char *format, uint64_t size)
{
	struct error err = { 0 };
	struct case_evidence evidence = {
		.name = name,
		.path = path,
		.format = format,
		.size = size,
	};

	if (size > 4096)
		evidence.sha256 = "e3b0c44298fc1c149afbf4c8996fb924"
				  "27ae41e4649b934ca495991b7852b855";
	else
		evidence.reason = "the last sector <could> not be read";
	ok(casefile_add_evidence(cf, &evidence, &err), &err);
	return evidence.id;
}

static int64_t add_volume(struct casefile *cf, struct case_volume volume)
{
	struct error err = { 0 };

	ok(casefile_add_volume(cf, &volume, &err), &err);
	return volume.id;
}

static void add_volumes(struct casefile *cf)
{
	int64_t disk = add_evidence(cf, "disk.dd", "/cases/7/disk.dd", "raw",
	                            UINT64_C(1) << 40);
	int64_t other =
		add_evidence(cf, "disk.dd~2", "b/\"disk\"|,.dd", "raw", 4096);
	int64_t loose = add_evidence(cf, "x & y\n<z>.pfile", "x & y\n<z>.pfile",
	                             "loose file", 621);
	struct case_volume v = { .evidence = disk, .number = 1 };

	disk_id = disk;
	v.offset = 1048576;
	v.size = UINT64_C(1) << 39;
	v.description = "Basic data partition";
	v.filesystem = "NTFS";
	v.sector = 512;
	v.cluster = 4096;
	v.serial = UINT64_C(0xfedcba9876543210);
	v.records = 41000;
	v.objects = 20;
	volumes[0] = add_volume(cf, v);
	v.snapshot = 2;
	v.made = MADE_S2;
	volumes[1] = add_volume(cf, v);
	volumes[2] = add_volume(cf, (struct case_volume){
					    .evidence = disk,
					    .number = 2,
					    .offset = UINT64_C(1) << 39,
					    .size = UINT64_MAX,
					    .filesystem = "FAT32",
					    .reason = "not an NTFS volume",
				    });
	volumes[3] = add_volume(cf, (struct case_volume){
					    .evidence = other,
					    .number = 1,
					    .size = 4096,
					    .filesystem = "NTFS",
					    .sector = 4096,
					    .cluster = 2097152,
				    });
	volumes[4] = add_volume(cf, (struct case_volume){ .evidence = loose });
}

/* ------------------------------------------------------------- objects */

static const struct case_entry ring[] = {
	{ .ring = EFS_DDF,
	  .thumbprint = ANN,
	  .name = "ann(ann@PC)",
	  .sid = SID,
	  .container = "5f28\"c,\n",
	  .provider = SOFT,
	  .wrapped_bits = 2048 },
	{ .ring = EFS_DDF,
	  .entry = 1,
	  .thumbprint = BOB,
	  .name = "=HYPERLINK(\"x\") \xe2\x80\xae<script>alert(1)</script>",
	  .flags = 1,
	  .wrapped_bits = 4096,
	  .reason = "the SID of its owner is damaged" },
	{ .ring = EFS_DRF,
	  .thumbprint = AGENT,
	  .name = "Agent ]]> \xc3\xa9\xf0\x9f\x94\x91",
	  .wrapped_bits = 1024 },
};

static const struct case_try tries[] = {
	{ .ring = EFS_DDF,
	  .entry = 1,
	  .key = ANN,
	  .result = "does not decrypt: wrong key" },
	{ .ring = EFS_DDF,
	  .key = ANN,
	  .by_thumbprint = true,
	  .result = "opened" },
};

static const char *const chain[] = { "password #2", "private key 1911cf1e" };
static const char *const links[] = { "/Users/ann/also me", "/b|c,\"d\"\x7f" };
static const struct case_hole holes[] = {
	{ .offset = 512, .size = 1024 },
	{ .offset = UINT64_MAX - 511, .size = 512 },
};

#define X16 "xxxxxxxxxxxxxxxx"
#define X80 X16 X16 X16 X16 X16

struct sample {
	unsigned volume; /* index into volumes[] */
	enum outcome outcome;
	const char *path, *stream, *reason;
	uint64_t size;
	bool directory, deleted;
};

static const struct sample samples[] = {
	{ 0, OUTCOME_RECOVERED_VERIFIED, "/Users/ann/x.docx", NULL,
	  "the file key's structure is valid; the padding is zero", 0, 0, 0 },
	{ 0, OUTCOME_RECOVERED_VERIFIED, "/Users/ann/x.docx", "=notes,\"1\"",
	  "the file key's structure is valid", 0, 0, 0 },
	{ 0, OUTCOME_RECOVERED_UNVERIFIED, "/<script>alert(1)</script>", NULL,
	  "nothing in the file allows a proof", 0, 0, 0 },
	{ 0, OUTCOME_RECOVERED_VERIFIED, "/]]>&amp;<!--'\"", NULL, "proved", 0,
	  0, 0 },
	{ 0, OUTCOME_RECOVERED_VERIFIED, "/a\x01\x1f\n\r\t|b%0A", NULL,
	  "proved", 0, 0, 0 },
	{ 0, OUTCOME_RECOVERED_VERIFIED, "/\xef\xbf\xbe\xef\xbf\xbf", NULL,
	  "proved", 0, 0, 0 },
	{ 0, OUTCOME_RECOVERED_VERIFIED, "/lone %ED%A0%80 surrogate", NULL,
	  "proved", 0, 0, 0 },
	{ 0, OUTCOME_RECOVERED_VERIFIED,
	  "/\xe2\x80\xaegnp.exe \xc3\xa9\xe6\x97\xa5\xf0\x9f\x94\x91", NULL,
	  "proved", 0, 0, 0 },
	{ 0, OUTCOME_RECOVERED_PARTIAL, "/Users/ann/holes.bin", NULL,
	  "2 of 9 units could not be read", 0, 0, 0 },
	{ 0, OUTCOME_OPENABLE, "/Users/ann/Secret", NULL, NULL, 0, 1, 0 },
	{ 0, OUTCOME_NO_KEY, "/Users/bob/y.xlsx", NULL, "no key matches",
	  UINT64_MAX, 0, 0 },
	{ 0, OUTCOME_KEY_LOCKED, "/Users/bob/z.xlsx", NULL,
	  "bob.pfx: no password at hand opens it", 1234567, 0, 0 },
	{ 0, OUTCOME_UNSUPPORTED_PROTECTOR, "/Store/app.dat", NULL,
	  "DPAPI-NG protector", 99, 0, 0 },
	{ 0, OUTCOME_UNSUPPORTED_ALGORITHM, "/odd", NULL, "algorithm 0x6613", 1,
	  0, 0 },
	{ 0, OUTCOME_METADATA_MISSING, "/none", NULL, "no $EFS attribute", 512,
	  0, 1 },
	{ 0, OUTCOME_METADATA_DAMAGED, "/half", NULL,
	  "the key list ends at offset 84", 1u << 31, 0, 1 },
	{ 0, OUTCOME_DATA_UNREADABLE, "/gone", NULL, "read error", 4096, 0, 0 },
	{ 0, OUTCOME_OUTPUT_FAILED, "/full", NULL, "the disk is full", 4096, 0,
	  0 },
	{ 1, OUTCOME_RECOVERED_VERIFIED, "/Users/ann/x.docx", NULL, "proved", 0,
	  0, 0 },
	{ 3, OUTCOME_RECOVERED_VERIFIED, "/$Orphan/1~77", NULL, "proved", 0, 0,
	  1 },
	{ 0, OUTCOME_RECOVERED_VERIFIED, "/" X80 X80 X80, NULL, "proved", 0, 0,
	  0 },
	{ 4, OUTCOME_NO_KEY, "/x & y\n<z>.pfile", NULL, NULL, 621, 0, 0 },
};

static bool has_output(enum outcome outcome)
{
	return outcome_recovered(outcome) ||
	       outcome == OUTCOME_RECOVERED_PARTIAL;
}

static void set_efs(struct case_object *o, const struct sample *s)
{
	if (s->outcome == OUTCOME_METADATA_MISSING)
		return;
	o->has_efs = true;
	o->efs_version = s->outcome == OUTCOME_UNSUPPORTED_PROTECTOR ? 5 : 2;
	o->efs_class = o->efs_version == 5 ? "dpapi-ng" : "user";
	o->efs_id = "{9ac1d7f0-0102-0304-0506-0708090a0b0c}";
	if (s->outcome == OUTCOME_METADATA_DAMAGED || o->efs_version == 5)
		return;
	o->entries = ring;
	o->n_entries = G_N_ELEMENTS(ring);
	if (s->outcome == OUTCOME_OPENABLE || has_output(s->outcome) ||
	    s->outcome == OUTCOME_OUTPUT_FAILED) {
		o->algorithm = "aes-256";
		o->tries = tries;
		o->n_tries = G_N_ELEMENTS(tries);
		o->chain = chain;
		o->n_chain = G_N_ELEMENTS(chain);
		o->opened = true;
		o->opened_key = ANN;
	}
}

static int64_t add_object(struct casefile *cf, const struct sample *s, size_t n)
{
	struct error err = { 0 };
	struct case_object o = {
		.volume = volumes[s->volume],
		/* what lies on no volume has no record */
		.mft = s->volume == 4 ? 0 : n + 40,
		.sequence = s->volume != 4,
		.path = s->path,
		.directory = s->directory,
		.deleted = s->deleted,
		.created = n == 6 ? UINT64_MAX : NEW_YEAR,
		.modified = n == 6 ? 0 : NEW_YEAR + 10000000,
		.accessed = n == 6 ? 1 : NEW_YEAR + 20000000,
		.changed = NEW_YEAR + 30000000,
	};

	set_efs(&o, s);
	if (n == 0) {
		o.links = links;
		o.n_links = G_N_ELEMENTS(links);
	}
	ok(casefile_add_object(cf, &o, &err), &err);
	return o.id;
}

/* The escaping of the contract's output folder. */
static char *output_path(const struct sample *s)
{
	static const char *const folder[] = { "disk.dd/v1", "disk.dd/v1.s2",
		                              NULL, "disk.dd~2/v1", NULL };
	GString *path = g_string_new("files/");

	g_string_append(path, folder[s->volume]);
	for (const char *c = s->path; *c; c++)
		g_string_append_printf(
			path, *c < ' ' && *c > 0 ? "%%%02X" : "%c", *c);
	if (s->stream)
		g_string_append_printf(path, ":%s", s->stream);
	return g_string_free(path, FALSE);
}

static void add_stream(struct casefile *cf, const struct sample *s, int64_t id)
{
	bool written = has_output(s->outcome);
	char *output = written ? output_path(s) : NULL;
	char *md5 = NULL, *sha256 = NULL;
	struct error err = { 0 };
	struct case_stream stream = {
		.object = id,
		.name = s->stream,
		.size = s->size,
		.outcome = s->outcome,
		.reason = s->reason,
		.output = output,
	};

	if (written) {
		stream.size = strlen(output);
		stream.md5 = md5 = g_compute_checksum_for_string(G_CHECKSUM_MD5,
		                                                 output, -1);
		stream.sha256 = sha256 = g_compute_checksum_for_string(
			G_CHECKSUM_SHA256, output, -1);
	}
	if (s->outcome == OUTCOME_RECOVERED_PARTIAL) {
		stream.holes = holes;
		stream.n_holes = G_N_ELEMENTS(holes);
	}
	ok(casefile_add_stream(cf, &stream, &err), &err);
	g_free(output);
	g_free(md5);
	g_free(sha256);
}

struct casefile *sample_case(void)
{
	struct error err = { 0 };
	struct casefile *cf;
	int64_t object = 0;

	ok(casefile_new(&cf, NULL, &err), &err);
	add_tool(cf);
	add_volumes(cf);
	sample_keys(cf);
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
		if (!samples[i].stream)
			object = add_object(cf, &samples[i], i);
		if (samples[i].outcome == OUTCOME_NO_KEY ||
		    samples[i].outcome == OUTCOME_KEY_LOCKED)
			sample_needs(cf, object, samples[i].path);
		add_stream(cf, &samples[i], object);
	}
	sample_views(cf, disk_id, volumes[0], volumes[1]);
	ok(casefile_audit(cf, NULL, 0, &err), &err);
	ok(casefile_commit(cf, &err), &err);
	return cf;
}

/* ------------------------------------------------------------- outputs */

void sample_outputs(struct casefile *cf, const char *dir)
{
	struct error err = { 0 };
	struct case_file file;
	struct case_walk *w;

	ok(case_file_open(&w, cf, &err), &err);
	while (case_file_next(w, &file)) {
		const char *output = file.stream.output;
		char *path, *parent;

		if (!output)
			continue;
		path = g_build_filename(dir, output, NULL);
		parent = g_path_get_dirname(path);
		assert_int_equal(g_mkdir_with_parents(parent, 0777), 0);
		assert_true(g_file_set_contents(path, output, -1, NULL));
		g_free(parent);
		g_free(path);
	}
	ok(case_walk_close(w, &err), &err);
}

char *sample_report(struct casefile *cf, const char *name, size_t *n)
{
	struct error err = { 0 };
	char *text = NULL;
	FILE *out = open_memstream(&text, n);

	assert_non_null(out);
	ok(report_find(name)->write(cf, out, &err), &err);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Where the two part, as far as people care: the line. */
static void explain(const char *text, const char *golden, const char *name)
{
	size_t line = 1;

	while (*text && *text == *golden) {
		line += *text == '\n';
		text++;
		golden++;
	}
	print_error("%s, line %zu: \"%.60s\" is not \"%.60s\"\n", name, line,
	            text, golden);
	_fail(__FILE__, __LINE__);
}

/* UPDATE=1 makes them anew: read the difference before you commit it. */
void sample_golden(const char *text, size_t n, const char *name)
{
	char *path = g_build_filename("tests/reports/golden", name, NULL);
	char *golden = NULL;
	gsize size;

	if (!g_strcmp0(g_getenv("UPDATE"), "1"))
		assert_true(g_file_set_contents(path, text, (gssize)n, NULL));
	assert_true(g_file_get_contents(path, &golden, &size, NULL));
	if (size != n || memcmp(text, golden, n) != 0)
		explain(text, golden, name);
	g_free(golden);
	g_free(path);
}
