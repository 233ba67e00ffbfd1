/* SPDX-License-Identifier: MIT */
#include "analyzer/ntfs.h"
#include "analyzer/object_ntfs.h"
#include "analyzer/scan.h"
#include "tests/analyzer/folder.h"

#include <stdlib.h>
#include <string.h>

struct lone {
	struct source *s;
	struct ntfs fs;
	struct scan scan;
};

/* A $MFT of the corpus; skips the test without it. */
static void open_sample(struct lone *l, const char *name)
{
	static const struct scan_options options = { .keys = false };
	const char *corpus = getenv("CORPUS");
	char *path;
	struct error err;

	if (!corpus)
		skip();
	path = g_strdup_printf("%s/mft/%s", corpus, name);
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_free(path);
		skip();
	}
	assert_int_equal(source_file(&l->s, path, &err), OK);
	assert_int_equal(ntfs_open_lone(&l->fs, l->s, &err), OK);
	assert_int_equal(scan_volume(&l->scan, &l->fs, &options, &err), OK);
	g_free(path);
}

static void close_sample(struct lone *l)
{
	scan_release(&l->scan);
	ntfs_release(&l->fs);
	source_free(l->s);
}

static bool has_path(struct lone *l, uint64_t number, const char *path)
{
	struct object o;
	struct error err;
	bool has = false;

	object_init(&o);
	if (!object_load_ntfs(&o, &l->fs, l->scan.dirs, number, &err))
		for (guint i = 0; i < o.paths->len; i++)
			has |= !strcmp((char *)o.paths->pdata[i] + 1, path);
	object_release(&o);
	return has;
}

/* One line of fls: "r/r 28-128-4:\tPATH\tTIME..."; its record and path. */
static bool parse_line(char *line, uint64_t *number, const char **path)
{
	char *tab = strchr(line, '\t'), *end;

	if (!tab || (strncmp(line, "r/r ", 4) && strncmp(line, "d/d ", 4)) ||
	    line[4] == '*')
		return false;
	*number = g_ascii_strtoull(line + 4, NULL, 10);
	*path = tab + 1;
	end = strchr(tab + 1, '\t');
	if (end)
		*end = '\0';
	return !strchr(*path, ':');
}

/* What fls of sleuthkit lists of the image that the $MFT is from. */
static void compare_with_fls(const char *mft, const char *fls, guint least)
{
	struct lone l = { 0 };
	char *path, *text = NULL, **lines;
	guint n = 0, missing = 0;

	open_sample(&l, mft);
	path = g_strdup_printf("%s/mft/%s", getenv("CORPUS"), fls);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		const char *wanted;
		uint64_t number;

		if (!parse_line(lines[i], &number, &wanted))
			continue;
		if (has_path(&l, number, wanted))
			n++;
		else
			missing++, print_message("%s: no %s\n", mft, wanted);
	}
	assert_int_equal(missing, 0);
	assert_true(n >= least);
	g_strfreev(lines);
	g_free(text);
	g_free(path);
	close_sample(&l);
}

static void paths_are_those_of_fls(void **state)
{
	(void)state;
	compare_with_fls("unicode.mft", "unicode.fls", 20);
	compare_with_fls("4k-large.mft", "4k-large.fls", 20);
}

static void geometry_follows_from_the_records(void **state)
{
	struct lone l = { 0 };

	(void)state;
	open_sample(&l, "unicode.mft");
	assert_int_equal(l.fs.boot.record, 1024);
	assert_true(l.fs.cluster_known);
	assert_int_equal(l.fs.boot.cluster, 4096);
	/* fls: $BadClus:$Bad is as long as the volume. */
	assert_int_equal(l.fs.boot.clusters * 4096, 1070592000);
	close_sample(&l);
	open_sample(&l, "4k-large.mft");
	assert_int_equal(l.fs.boot.record, 4096);
	close_sample(&l);
}

static void no_cluster_can_be_read(void **state)
{
	struct lone l = { 0 };
	uint8_t buf[16];
	struct error err;

	(void)state;
	open_sample(&l, "unicode.mft");
	assert_int_equal(ntfs_read(&l.fs, NTFS_NOWHERE + 4096, buf, 16, &err),
	                 E_ABSENT);
	assert_int_equal(ntfs_read(&l.fs, l.s->size, buf, 16, &err),
	                 E_TRUNCATED);
	close_sample(&l);
}

static void what_is_no_mft_is_refused(void **state)
{
	static const char junk[4096] = "FILE and no more";
	char *path = g_build_filename(folder, "junk", NULL);
	struct ntfs fs;
	struct source *s;
	struct error err;

	(void)state;
	assert_true(g_file_set_contents(path, junk, sizeof(junk), NULL));
	assert_int_equal(source_file(&s, path, &err), OK);
	assert_int_equal(ntfs_open_lone(&fs, s, &err), E_CORRUPT);
	source_free(s);
	assert_true(g_file_set_contents(path, "FILE", 4, NULL));
	assert_int_equal(source_file(&s, path, &err), OK);
	assert_int_equal(ntfs_open_lone(&fs, s, &err), E_TRUNCATED);
	source_free(s);
	g_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_those_of_fls),
		cmocka_unit_test(geometry_follows_from_the_records),
		cmocka_unit_test(no_cluster_can_be_read),
		cmocka_unit_test(what_is_no_mft_is_refused),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
