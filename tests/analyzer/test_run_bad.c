/* SPDX-License-Identifier: MIT */
/*
 * test_run_bad.c - a whole run over a volume with sectors that cannot be read
 *
 * The volume is the generator's odd.img, and what its files should hold is in
 * odd.expect: needs build/images, and is skipped where they were not made.
 */
#include "tests/analyzer/faulty.h"

#include "analyzer/kind.h"
#include "analyzer/volume.h"

#include <stdio.h>
#include <string.h>

static char image[] = "build/images/odd.img";
static const char expect[] = "build/images/odd.expect";

/* One run: of which the evidence is not opened by its path. */
struct attempt {
	struct options o;
	struct run run;
	struct evidence e;
	struct faulty medium;
	GMappedFile *file;
};

static char *pfx[] = { (char[]){ "testdata/keys/ann.pfx" }, NULL };
static char *passwords[] = { (char[]){ "testdata/keys/password.txt" }, NULL };

static void begin(struct attempt *t, const char *name)
{
	char *dir = g_build_filename(folder, name, NULL);
	struct case_evidence row = { .name = "odd.img",
		                     .path = image,
		                     .format = "raw" };
	struct error err;

	*t = (struct attempt){
		.o = { .pfx = pfx, .password_file = passwords, .jobs = 1 }
	};
	t->file = g_mapped_file_new(image, FALSE, NULL);
	if (!t->file)
		skip();
	t->medium.p = (const uint8_t *)g_mapped_file_get_contents(t->file);
	t->medium.size = g_mapped_file_get_length(t->file);
	run_init(&t->run, &t->o, RUN_RECOVER);
	assert_true(run_keys(&t->run));
	assert_int_equal(output_new(&t->run.folder, dir, &err), OK);
	t->run.out = t->run.folder;
	assert_int_equal(casefile_new(&t->run.cf, NULL, &err), OK);
	t->run.items = g_ptr_array_new();
	t->run.sites = g_ptr_array_new_with_free_func(site_free);
	assert_int_equal(casefile_add_evidence(t->run.cf, &row, &err), OK);
	t->e.name = g_strdup("odd.img");
	t->e.id = row.id;
	g_free(dir);
}

static void work(struct attempt *t)
{
	struct error err;

	t->e.s = faulty_source(&t->medium);
	g_ptr_array_add(t->run.items, &t->e);
	t->run.evidence = 1;
	assert_int_equal(kind_disk.find(&t->run, &t->e, &err), OK);
	run_unlock(&t->run);
	assert_int_equal(run_work(&t->run, &err), OK);
	assert_int_equal(run_record_bad(&t->run, &err), OK);
}

static void end(struct attempt *t)
{
	run_release(&t->run);
	volumes_free(t->e.volumes);
	source_free(t->e.s);
	g_free(t->e.name);
	g_mapped_file_unref(t->file);
}

/* The sector of a unit of a stream, as the records of the volume say. */
static uint64_t sector_of(struct attempt *t, const char *path, const char *name,
                          uint64_t unit)
{
	struct site *site = t->run.sites->pdata[0];
	uint64_t sector = 0;

	for (guint i = 0; i < site->records->len; i++) {
		uint64_t number = g_array_index(site->records, uint64_t, i);
		struct object o;
		struct error err;

		object_init(&o);
		if (!site->place.finder->load(site->place.from, number, &o,
		                              &err) &&
		    !strcmp(o.paths->pdata[0], path)) {
			const struct stream *s = object_stream(&o, name);
			const struct extent *e =
				extents_find(&s->extents, unit * 512);

			assert_non_null(e);
			sector = (e->at + unit * 512 - e->offset) / 512;
		}
		object_release(&o);
	}
	assert_int_not_equal(sector, 0);
	return sector;
}

/* What the generator wrote; or, for a stream in the clear, what icat(1) of The
   Sleuth Kit reads. */
static char *expected(const struct case_file *f, gsize *n)
{
	const char *name = f->stream.name;
	char *path = g_strdup_printf("%s/mft/%u%s%s", expect,
	                             (unsigned)f->object.mft, name ? ":" : "",
	                             name ? name : "");
	char *argv[] = { (char[]){ "icat" }, image, NULL, NULL };
	GString *all = g_string_new(NULL);
	char *p;
	FILE *in;
	int out, c;

	if (g_file_get_contents(path, &p, n, NULL)) {
		g_free(path);
		g_string_free(all, TRUE);
		return p;
	}
	assert_null(name);
	g_free(path);
	argv[2] = g_strdup_printf("%u", (unsigned)f->object.mft);
	assert_true(g_spawn_async_with_pipes(NULL, argv, NULL,
	                                     G_SPAWN_SEARCH_PATH, NULL, NULL,
	                                     NULL, NULL, &out, NULL, NULL));
	in = fdopen(out, "rb");
	while ((c = getc(in)) != EOF)
		g_string_append_c(all, (char)c);
	(void)fclose(in);
	g_free(argv[2]);
	*n = all->len;
	return g_string_free(all, FALSE);
}

/* The record of a stream must say this, and the file hold that: what is
   expected, but for the holes. */
static void check_file(struct attempt *t, const char *path, const char *name,
                       enum outcome outcome, const struct case_hole *holes,
                       size_t n)
{
	char *got, *wanted, *file;
	struct case_walk *w;
	struct case_file f;
	struct error err;
	bool found = false;
	gsize n_got, n_wanted;

	assert_int_equal(case_file_open(&w, t->run.cf, &err), OK);
	while (!found && case_file_next(w, &f))
		found = !strcmp(f.object.path, path) &&
		        !g_strcmp0(f.stream.name, name);
	assert_true(found);
	assert_int_equal(f.stream.outcome, outcome);
	assert_int_equal(f.stream.n_holes, n);
	wanted = expected(&f, &n_wanted);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(f.stream.holes[i].offset, holes[i].offset);
		assert_int_equal(f.stream.holes[i].size, holes[i].size);
		memset(wanted + holes[i].offset, 0, holes[i].size);
	}
	file = output_path(t->run.out, f.stream.output);
	assert_true(g_file_get_contents(file, &got, &n_got, NULL));
	assert_int_equal(n_got, n_wanted);
	assert_memory_equal(got, wanted, n_wanted);
	g_free(file);
	g_free(got);
	g_free(wanted);
	assert_int_equal(case_walk_close(w, &err), OK);
}

static const char both[] = "/streams/both", third[] = "third";
static const char plain[] = "/streams/main-plain";

/* Units 0, 5 and 6, 100, and the last one, of 100,000 % 512 bytes. */
static void test_units(void **state)
{
	static const uint64_t units[] = { 0, 5, 6, 100, 195 };
	static const struct case_hole holes[] = {
		{ 0, 512 }, { 2560, 1024 }, { 51200, 512 }, { 99840, 160 }
	};
	static const struct case_hole plain_hole = { 512, 488 };
	uint64_t bad[G_N_ELEMENTS(units) + 1];
	struct attempt t;
	uint64_t closed;

	(void)state;
	begin(&t, "whole");
	work(&t);
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		bad[i] = sector_of(&t, both, third, units[i]);
	bad[G_N_ELEMENTS(units)] = sector_of(&t, plain, NULL, 1);
	check_file(&t, both, third, OUTCOME_RECOVERED_VERIFIED, NULL, 0);
	check_file(&t, plain, NULL, OUTCOME_RECOVERED_UNVERIFIED, NULL, 0);
	assert_int_equal(t.e.s->bad->len, 0);
	assert_false(t.run.output_failed);
	closed = t.run.closed;
	end(&t);

	begin(&t, "bad");
	t.medium.bad = bad;
	t.medium.n_bad = G_N_ELEMENTS(bad);
	work(&t);
	check_file(&t, both, third, OUTCOME_RECOVERED_PARTIAL, holes,
	           G_N_ELEMENTS(holes));
	check_file(&t, plain, NULL, OUTCOME_RECOVERED_PARTIAL, &plain_hole, 1);
	/* the other streams of that file are whole */
	check_file(&t, both, NULL, OUTCOME_RECOVERED_VERIFIED, NULL, 0);
	check_file(&t, both, "second", OUTCOME_RECOVERED_VERIFIED, NULL, 0);
	assert_int_equal(t.run.closed, closed + 2);
	/* a read error is none of the output's */
	assert_false(t.run.output_failed);
	assert_true(t.run.volume_damaged);
	for (guint i = 0; i < t.e.s->bad->len; i++) {
		const struct bad_range *r =
			&g_array_index(t.e.s->bad, struct bad_range, i);
		bool known = false;

		for (size_t j = 0; j < G_N_ELEMENTS(bad); j++)
			known |= r->at == bad[j] * 512;
		assert_true(known);
	}
	/* units 5 and 6 lie side by side */
	assert_int_equal(t.e.s->bad->len, G_N_ELEMENTS(bad) - 1);
	end(&t);
}

/* The boot sector of the volume is in a bad sector: its backup is used. */
static void test_boot(void **state)
{
	static const uint64_t bad[] = { 0 };
	const struct volume *v;
	struct attempt t;

	(void)state;
	begin(&t, "boot");
	t.medium.bad = bad;
	t.medium.n_bad = 1;
	work(&t);
	assert_int_equal(t.e.volumes->len, 1);
	v = t.e.volumes->pdata[0];
	assert_true(v->ntfs && v->backup);
	check_file(&t, both, third, OUTCOME_RECOVERED_VERIFIED, NULL, 0);
	assert_true(t.run.volume_damaged);
	end(&t);
}

/* Nothing of a stream can be read. */
static void test_all_of_it(void **state)
{
	struct case_walk *w;
	struct case_file f;
	struct error err;
	uint64_t bad[2];
	struct attempt t;
	bool found = false;

	(void)state;
	begin(&t, "where");
	work(&t);
	bad[0] = sector_of(&t, plain, NULL, 0);
	bad[1] = sector_of(&t, plain, NULL, 1);
	end(&t);
	begin(&t, "none");
	t.medium.bad = bad;
	t.medium.n_bad = 2;
	work(&t);
	assert_int_equal(case_file_open(&w, t.run.cf, &err), OK);
	while (case_file_next(w, &f)) {
		if (strcmp(f.object.path, plain) || f.stream.name)
			continue;
		found = true;
		assert_int_equal(f.stream.outcome, OUTCOME_DATA_UNREADABLE);
		assert_null(f.stream.output);
		assert_int_equal(f.stream.n_holes, 1);
	}
	assert_true(found);
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_false(t.run.output_failed);
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_boot),
		cmocka_unit_test(test_all_of_it),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
