/* SPDX-License-Identifier: MIT */
/*
 * test_source_bitlocker.c - BitLocker volumes, read as they are under it
 */
#include "tests/analyzer/folder.h"

#include "analyzer/source_bitlocker.h"
#include "recovery/crypto.h"

#include <string.h>

#define DIR "bitlocker"
/* Where the volume is in its disk. */
#define START 4096u

static char *data_path(const char *name)
{
	const char *dir = g_getenv("TESTDATA");

	return g_build_filename(dir ? dir : "testdata", DIR, name, NULL);
}

static GBytes *load(const char *name)
{
	char *path = data_path(name);
	char *p;
	gsize n;

	assert_true(g_file_get_contents(path, &p, &n, NULL));
	g_free(path);
	return g_bytes_new_take(p, n);
}

/* A volume of testdata/bitlocker, behind START bytes of something else. */
static void unpack(const char *name, const char *to)
{
	char *packed = g_strconcat(name, ".img.xz", NULL);
	char *from = data_path(packed);
	char *argv[] = { (char[]){ "sh" },
		         (char[]){ "-c" },
		         (char[]){ "{ head -c 4096 /dev/zero | tr '\\0' x; "
		                   "xz -dc \"$0\"; } >\"$1\"" },
		         from,
		         NULL,
		         NULL };
	gint rc = -1;

	argv[4] = g_strdup(to);
	assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
	                         NULL, NULL, NULL, &rc, NULL));
	assert_int_equal(rc, 0);
	g_free(argv[4]);
	g_free(from);
	g_free(packed);
}

/* ------------------------------------------------------------- one volume */

struct sample {
	char *path;
	struct source *s;
	struct bitlocker_volume v;
};

static void sample_open(struct sample *t, const char *name)
{
	struct error err;

	t->path = g_build_filename(folder, "disk", NULL);
	unpack(name, t->path);
	assert_int_equal(source_open(&t->s, t->path, &err), OK);
	assert_int_equal(bitlocker_volume_open(&t->v, t->s, START,
	                                       t->s->size - START, &err),
	                 OK);
}

static void sample_close(struct sample *t)
{
	bitlocker_volume_release(&t->v);
	source_free(t->s);
	g_free(t->path);
}

/* By the startup key: costs nothing. */
static void open_keys(struct sample *t, struct bitlocker_keys *keys)
{
	GBytes *usb = load("USB.BEK");
	GBytes *other = load("other.BEK");
	const struct bitlocker_key_file files[] = {
		{ "USB.BEK",
		  { g_bytes_get_data(usb, NULL), g_bytes_get_size(usb), 0 } },
		{ "other.BEK",
		  { g_bytes_get_data(other, NULL), g_bytes_get_size(other),
		    0 } },
	};
	const struct bitlocker_secrets given = { .files = files, .n_files = 2 };
	const struct trial trial = { 0 };
	struct error err;
	char *why;

	assert_int_equal(
		bitlocker_unlock(keys, &why, &t->v.meta, &given, &trial, &err),
		OK);
	assert_true(keys->proved || t->v.meta.version == 1);
	g_bytes_unref(usb);
	g_bytes_unref(other);
}

static uint8_t *read_all(struct sample *t, struct reader *r)
{
	struct bitlocker_keys keys;
	struct error err;
	uint8_t *all;

	open_keys(t, &keys);
	assert_int_equal(bitlocker_reader(r, &t->v, &keys, &err), OK);
	assert_null(keys.fvek.p);
	assert_true(r->shared);
	assert_int_equal(r->size, t->s->size);
	all = g_malloc((size_t)r->size);
	assert_int_equal(r->read(r->ctx, 0, all, (size_t)r->size, &err), OK);
	return all;
}

static void assert_sum(const uint8_t *p, size_t n, const char *hex)
{
	struct digest d;
	struct error err;
	char got[DIGEST_HEX];

	assert_int_equal(digest_init(&d, DIGEST_SHA256, &err), OK);
	assert_int_equal(digest_update(&d, p, n, &err), OK);
	assert_int_equal(digest_finish(&d, got, &err), OK);
	assert_string_equal(got, hex);
}

/* ------------------------------------------------------------------- tests */

static void each_sample(void (*fn)(char **field))
{
	GBytes *text = load("samples.tsv");
	char **lines = g_strsplit(g_bytes_get_data(text, NULL), "\n", -1);
	unsigned n = 0;

	for (char **line = lines; *line; line++) {
		char **field = g_strsplit(*line, "\t", -1);

		if (g_strv_length(field) == 3 && **line != '#') {
			fn(field);
			n++;
		}
		g_strfreev(field);
	}
	assert_int_equal(n, 13);
	g_strfreev(lines);
	g_bytes_unref(text);
}

/* Pieces of every length and place are those of the whole. */
static void check_pieces(const struct reader *r, const uint8_t *all)
{
	static const size_t sizes[] = { 1, 15, 511, 512, 513, 4096, 10001 };
	size_t end = (size_t)r->size;
	uint8_t buf[10001];
	struct error err;

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
		for (size_t at = 0; at < end; at += 1 + sizes[i] * 7 / 3) {
			size_t n = MIN(sizes[i], end - at);

			assert_int_equal(r->read(r->ctx, at, buf, n, &err), OK);
			assert_memory_equal(buf, all + at, n);
		}
}

static void reads_one(char **field)
{
	struct sample t;
	struct reader r;
	uint8_t *all;

	print_message("# %s\n", field[0]);
	sample_open(&t, field[0]);
	assert_int_equal(t.v.copy, 0);
	assert_true(t.v.meta.sound);
	all = read_all(&t, &r);
	for (size_t i = 0; i < START; i++)
		assert_int_equal(all[i], 'x');
	assert_sum(all + START, (size_t)t.v.size, field[2]);
	check_pieces(&r, all);
	r.free(r.ctx);
	g_free(all);
	sample_close(&t);
}

static void all_read_as_they_should(void **state)
{
	(void)state;
	each_sample(reads_one);
}

struct racer {
	const struct reader *r;
	const uint8_t *all;
	unsigned wrong;
};

static void *race(void *opaque)
{
	struct racer *racer = opaque;
	const struct reader *r = racer->r;
	uint8_t buf[3000];
	struct error err;

	for (size_t at = 0; at + sizeof(buf) < r->size; at += 701)
		racer->wrong += r->read(r->ctx, at, buf, sizeof(buf), &err) ||
		                memcmp(buf, racer->all + at, sizeof(buf)) != 0;
	return NULL;
}

static void threads_share_a_reader(void **state)
{
	struct racer racers[4];
	GThread *threads[4];
	struct sample t;
	struct reader r;
	uint8_t *all;

	(void)state;
	sample_open(&t, "cbc-128-diffuser");
	all = read_all(&t, &r);
	for (size_t i = 0; i < 4; i++) {
		racers[i] = (struct racer){ &r, all, 0 };
		threads[i] = g_thread_new("race", race, &racers[i]);
	}
	for (size_t i = 0; i < 4; i++) {
		(void)g_thread_join(threads[i]);
		assert_int_equal(racers[i].wrong, 0);
	}
	r.free(r.ctx);
	g_free(all);
	sample_close(&t);
}

/* ------------------------------------------------------------------ damage */

/* Overwrite a byte of the disk, and look at the volume anew. */
static enum status damage(struct sample *t, uint64_t at, struct error *err)
{
	char *p;
	gsize n;

	bitlocker_volume_release(&t->v);
	source_free(t->s);
	assert_true(g_file_get_contents(t->path, &p, &n, NULL));
	assert_true(at < n);
	p[at] = (char)(p[at] ^ 0x55);
	assert_true(g_file_set_contents(t->path, p, (gssize)n, NULL));
	g_free(p);
	assert_int_equal(source_open(&t->s, t->path, err), OK);
	return bitlocker_volume_open(&t->v, t->s, START, t->s->size - START,
	                             err);
}

static void another_copy_is_used(void **state)
{
	uint64_t places[BITLOCKER_COPIES];
	struct sample t;
	struct error err;

	(void)state;
	sample_open(&t, "xts-128");
	memcpy(places, t.v.header.metadata, sizeof(places));
	/* Its checksum, its signature, its checksum, and then all of them. */
	assert_int_equal(damage(&t, START + places[0] + 0x80, &err), OK);
	assert_int_equal(t.v.copy, 1);
	assert_int_equal(t.v.damaged[0].status, E_CORRUPT);
	assert_int_equal(damage(&t, START + places[1], &err), OK);
	assert_int_equal(t.v.copy, 2);
	assert_true(t.v.meta.sound);
	assert_int_equal(t.v.damaged[1].status, E_ABSENT);
	assert_int_equal(damage(&t, START + places[2] + 0x80, &err), OK);
	assert_int_equal(t.v.copy, 0);
	assert_false(t.v.meta.sound);
	assert_int_equal(damage(&t, START + places[0], &err), OK);
	assert_int_equal(t.v.copy, 2);
	assert_int_equal(damage(&t, START + places[2], &err), E_CORRUPT);
	assert_int_equal(err.at, START + places[0]);
	sample_close(&t);
}

/* Of Vista the header tells one place; the metadata there tells the others. */
static void vista_finds_the_other_copies(void **state)
{
	struct sample t;
	struct error err;

	(void)state;
	sample_open(&t, "vista");
	assert_int_equal(t.v.header.metadata[1], 0);
	assert_int_equal(damage(&t, t.v.meta.all.at + 0x80, &err), OK);
	assert_int_equal(t.v.copy, 1);
	assert_true(t.v.meta.sound);
	sample_close(&t);
}

static void a_damaged_place_is_refused(void **state)
{
	struct bitlocker_keys keys;
	struct reader r;
	struct sample t;
	struct error err;

	(void)state;
	sample_open(&t, "xts-256");
	open_keys(&t, &keys);
	t.v.meta.header_at = t.v.size - 512;
	assert_int_equal(bitlocker_reader(&r, &t.v, &keys, &err), E_CORRUPT);
	assert_null(keys.fvek.p);
	assert_null(r.read);
	sample_close(&t);
}

static void no_volume_is_absent(void **state)
{
	struct bitlocker_volume v;
	struct sample t;
	struct error err;

	(void)state;
	sample_open(&t, "clear");
	assert_int_equal(bitlocker_volume_open(&v, t.s, 0, t.s->size, &err),
	                 E_ABSENT);
	assert_int_equal(bitlocker_volume_open(&v, t.s, t.s->size, 0, &err),
	                 E_ABSENT);
	assert_int_equal(bitlocker_volume_open(&v, t.s, t.s->size + 1, 0, &err),
	                 E_TRUNCATED);
	/* Cut before its metadata. */
	assert_int_equal(bitlocker_volume_open(&v, t.s, START, 8192, &err),
	                 E_TRUNCATED);
	assert_null(v.area);
	sample_close(&t);
}

/* ------------------------------------------------------------------- facts */

static void add_fact(void *ctx, const char *name, const char *value)
{
	g_string_append_printf(ctx, "%s: %s\n", name, value);
}

static void assert_facts(const char *sample, const char *const *wanted)
{
	GString *facts = g_string_new(NULL);
	struct sample t;

	sample_open(&t, sample);
	bitlocker_facts(&t.v, add_fact, facts);
	for (; *wanted; wanted++) {
		if (!strstr(facts->str, *wanted))
			print_message("# %s\nnot in:\n%s", *wanted, facts->str);
		assert_non_null(strstr(facts->str, *wanted));
	}
	(void)g_string_free(facts, TRUE);
	sample_close(&t);
}

static void volumes_say_what_they_are(void **state)
{
	static const char *const seven[] = {
		"BitLocker: Windows 7 or later\n",
		"identifier: {",
		"method: AES-XTS 256\n",
		"state: encrypted (4)\n",
		"encrypted: 229376 of 229376 bytes\n",
		"created: 2025-07-28T20:41:31.4272256Z\n",
		"description: EFSLEUTH C: 1/1/2025\n",
		"metadata copy: first, at 28672\n",
		"protector 1: password {",
		"protector 3: recovery password {",
		"} of 2025-07-28T20:41:31.4272256Z, named ExternalKey\n",
		"protector 5: TPM {",
		"protector 6: certificate {",
		NULL,
	};
	static const char *const partial[] = {
		"state: conversion paused (5)\n",
		"next state: encrypted (4)\n",
		"encrypted: 12800 of 229376 bytes\n",
		NULL,
	};
	static const char *const on_write[] = {
		"conversion: not finished",
		NULL,
	};
	static const char *const to_go[] = { "BitLocker: To Go\n", NULL };
	static const char *const vista[] = {
		"BitLocker: Windows Vista\n",
		"method: AES-CBC 256 with diffuser\n",
		NULL,
	};

	(void)state;
	assert_facts("xts-256", seven);
	assert_facts("partial", partial);
	assert_facts("on-write", on_write);
	assert_facts("to-go", to_go);
	assert_facts("vista", vista);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_read_as_they_should),
		cmocka_unit_test(threads_share_a_reader),
		cmocka_unit_test(another_copy_is_used),
		cmocka_unit_test(vista_finds_the_other_copies),
		cmocka_unit_test(a_damaged_place_is_refused),
		cmocka_unit_test(no_volume_is_absent),
		cmocka_unit_test(volumes_say_what_they_are),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
