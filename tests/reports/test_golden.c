/* SPDX-License-Identifier: MIT */
/*
 * test_golden.c - cases written in SQL, and every report of each, byte for byte
 *
 * testdata/cases/NAME.sql fills the tables of the facts; what follows from them
 * is computed here.  testdata/cases/NAME/REPORT is what that report is to
 * write. UPDATE=1 writes them anew: read the difference before you commit it.
 */
#include "tests/reports/sample_case.h"

#include "recovery/casefile_audit.h"
#include "reports/report.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static char *cases; /* the folder */

static bool updating(void)
{
	return !g_strcmp0(g_getenv("UPDATE"), "1");
}

static void ok(enum status st, const struct error *err)
{
	if (!st)
		return;
	print_error("%s\n", err->what);
	_fail(__FILE__, __LINE__);
}

/* ------------------------------------------------------------- the case */

/* The layers below know no SQL: sqlite3(1) runs it. */
static void fill(const char *db, const char *sql)
{
	char *read = g_strdup_printf(".read '%s'", sql);
	char *quoted = g_shell_quote(read);
	char *command =
		g_strdup_printf("sqlite3 -batch -bail %s %s", db, quoted);
	char *said = NULL;
	int status = -1;

	if (!g_spawn_command_line_sync(command, NULL, &said, &status, NULL) ||
	    status) {
		print_error("sqlite3 does not take %s: %s\n", sql,
		            said ? said : "it is not installed");
		_fail(__FILE__, __LINE__);
	}
	g_free(said);
	g_free(command);
	g_free(quoted);
	g_free(read);
}

static struct casefile *load(const char *name)
{
	char *dir = g_dir_make_tmp("golden-XXXXXX", NULL);
	char *db = g_build_filename(dir, "case.db", NULL);
	char *sql = g_strdup_printf("%s/%s.sql", cases, name);
	struct error err = { 0 };
	struct casefile *cf;

	ok(casefile_new(&cf, db, &err), &err);
	ok(casefile_commit(cf, &err), &err);
	casefile_free(cf);
	fill(db, sql);
	ok(casefile_new(&cf, NULL, &err), &err);
	ok(casefile_merge(cf, db, NULL, &err), &err);
	ok(casefile_audit(cf, NULL, 0, &err), &err);
	(void)g_remove(db);
	(void)g_rmdir(dir);
	g_free(sql);
	g_free(db);
	g_free(dir);
	return cf;
}

/* ---------------------------------------------------------- the reports */

/* Where the two part: the line, from a bit before it. */
static void explain(const char *path, const char *text, const char *golden)
{
	const char *a = text, *b = golden;
	size_t line = 1, column = 0;

	for (; *a && *a == *b; a++, b++, column++)
		if (*a == '\n') {
			line++;
			column = 0;
		}
	column = column < 30 ? column : 30;
	print_error("%s, line %zu:\n  is     ...%.90s\n  wanted ...%.90s\n",
	            path, line, a - column, b - column);
}

static bool same(struct casefile *cf, const char *name, const char *report)
{
	char *path = g_build_filename(cases, name, report, NULL);
	size_t n;
	char *text = sample_report(cf, report, &n);
	char *golden = NULL;
	gsize size;
	bool same;

	if (updating())
		assert_true(g_file_set_contents(path, text, (gssize)n, NULL));
	same = g_file_get_contents(path, &golden, &size, NULL);
	if (!same)
		print_error("%s is not there: UPDATE=1 makes it; read it "
		            "before you commit it\n",
		            path);
	else if (size != n || memcmp(text, golden, n) != 0)
		same = false;
	if (!same && golden)
		explain(path, text, golden);
	g_free(golden);
	free(text);
	g_free(path);
	return same;
}

/* Each file of the folder is a report's. */
static bool no_other(const char *name)
{
	char *path = g_build_filename(cases, name, NULL);
	GDir *dir = g_dir_open(path, 0, NULL);
	bool good = dir != NULL;
	const char *file;

	while (dir && (file = g_dir_read_name(dir))) {
		if (report_find(file))
			continue;
		print_error("%s/%s: there is no such report\n", path, file);
		good = false;
	}
	if (dir)
		g_dir_close(dir);
	g_free(path);
	return good;
}

static void reports_are_golden(void **state)
{
	const char *name = *state;
	struct casefile *cf = load(name);
	char *path = g_build_filename(cases, name, NULL);
	bool good = true;

	if (updating())
		assert_int_equal(g_mkdir_with_parents(path, 0777), 0);
	for (size_t i = 0; report_table[i]; i++)
		good &= same(cf, name, report_table[i]->name);
	good &= no_other(name);
	casefile_free(cf);
	g_free(path);
	assert_true(good);
}

/* ------------------------------------------------------------ the cases */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *find_cases(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(cases, 0, NULL);
	const char *file;

	while (dir && (file = g_dir_read_name(dir)))
		if (g_str_has_suffix(file, ".sql"))
			g_ptr_array_add(names,
			                g_strndup(file, strlen(file) - 4));
	if (dir)
		g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	return names;
}

int main(void)
{
	const char *dir = getenv("TESTDATA");
	struct CMUnitTest *tests;
	GPtrArray *names;
	int failed = 1;

	cases = g_build_filename(dir ? dir : "testdata", "cases", NULL);
	names = find_cases();
	tests = g_new0(struct CMUnitTest, names->len + 1);
	for (guint i = 0; i < names->len; i++) {
		tests[i].name = names->pdata[i];
		tests[i].test_func = reports_are_golden;
		tests[i].initial_state = names->pdata[i];
	}
	if (names->len)
		failed = _cmocka_run_group_tests("cases", tests, names->len,
		                                 NULL, NULL);
	else
		print_error("there is no case in %s\n", cases);
	g_free(tests);
	g_ptr_array_unref(names);
	g_free(cases);
	return failed;
}
