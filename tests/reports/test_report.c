/* SPDX-License-Identifier: MIT */
/*
 * test_report.c - all reports of one case tell the same numbers
 */
#include "tests/reports/sample_case.h"

#include "reports/report.h"
#include "reports/summary.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

static struct casefile *cf;
static struct summary summary;

static int set_up(void **state)
{
	struct error err = { 0 };

	(void)state;
	cf = sample_case();
	return (int)summary_read(&summary, cf, &err);
}

static int tear_down(void **state)
{
	(void)state;
	casefile_free(cf);
	xmlCleanupParser();
	return 0;
}

static void assert_counts(const uint64_t files[OUTCOME_COUNT])
{
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		assert_int_equal(files[i], summary.files[i]);
}

static void count(uint64_t files[OUTCOME_COUNT], const char *status)
{
	enum outcome outcome;

	assert_true(outcome_find(&outcome, status));
	files[outcome]++;
}

static void jsonl_agrees(void **state)
{
	uint64_t files[OUTCOME_COUNT] = { 0 };
	size_t n;
	char *text = sample_report(cf, "jsonl", &n);
	char **lines = g_strsplit(text, "\n", -1);

	(void)state;
	for (size_t i = 0; lines[i] && *lines[i]; i++) {
		json_t *r = json_loads(lines[i], 0, NULL);
		const char *status =
			json_string_value(json_object_get(r, "status"));

		if (status)
			count(files, status);
		json_decref(r);
	}
	assert_counts(files);
	g_strfreev(lines);
	free(text);
}

/* A report that is XML. */
static xmlDocPtr document(const char *report)
{
	size_t n;
	char *text = sample_report(cf, report, &n);
	xmlDocPtr doc =
		xmlReadMemory(text, (int)n, report, NULL, XML_PARSE_NONET);

	assert_non_null(doc);
	free(text);
	return doc;
}

/* Hand each node that the XPath finds to `node`. */
static void each_node(xmlDocPtr doc, const char *xpath,
                      void (*node)(void *ctx, const char *content), void *ctx)
{
	xmlXPathContextPtr context = xmlXPathNewContext(doc);
	xmlXPathObjectPtr found =
		xmlXPathEvalExpression((const xmlChar *)xpath, context);

	for (int i = 0; i < found->nodesetval->nodeNr; i++) {
		xmlChar *content =
			xmlNodeGetContent(found->nodesetval->nodeTab[i]);

		node(ctx, (const char *)content);
		xmlFree(content);
	}
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
}

static void count_status(void *ctx, const char *status)
{
	count(ctx, status);
}

static void dfxml_agrees(void **state)
{
	uint64_t files[OUTCOME_COUNT] = { 0 };
	xmlDocPtr doc = document("dfxml");

	(void)state;
	each_node(doc, "//*[local-name()='file']/@status", count_status, files);
	assert_counts(files);
	xmlFreeDoc(doc);
}

/* The place of its status in a row of the page: html_row.js. */
#define STATUS 8

struct page {
	json_t *statuses;
	uint64_t files[OUTCOME_COUNT];
};

static void read_statuses(void *ctx, const char *content)
{
	struct page *page = ctx;

	page->statuses = json_loads(content, 0, NULL);
	assert_true(json_is_array(page->statuses));
}

static void count_rows(void *ctx, const char *content)
{
	struct page *page = ctx;
	json_t *piece = json_loads(content, 0, NULL);
	json_t *row;
	size_t i;

	assert_non_null(piece);
	json_array_foreach(json_object_get(piece, "rows"), i, row)
	{
		json_int_t status =
			json_integer_value(json_array_get(row, STATUS));
		json_t *words = json_array_get(page->statuses, (size_t)status);

		count(page->files, json_string_value(json_array_get(words, 0)));
	}
	json_decref(piece);
}

static void html_agrees(void **state)
{
	struct page page = { 0 };
	xmlDocPtr doc = document("html");

	(void)state;
	each_node(doc, "//*[@id='statuses']", read_statuses, &page);
	each_node(doc, "//*[@class='rows']", count_rows, &page);
	assert_counts(page.files);
	json_decref(page.statuses);
	xmlFreeDoc(doc);
}

/* RFC 4180, the reading side: the text of one field, or NULL at a row's end. */
static char *csv_field(const char **at)
{
	GString *field = g_string_new(NULL);
	bool quoted = false;

	for (; quoted || !strchr(",\r", **at); (*at)++) {
		if (**at != '"')
			g_string_append_c(field, **at);
		else if (quoted && (*at)[1] == '"')
			g_string_append_c(field, *++*at);
		else
			quoted = !quoted;
	}
	return g_string_free(field, FALSE);
}

static size_t csv_row(const char **at, char *fields[64])
{
	size_t n = 0;

	for (;;) {
		assert_true(n < 64);
		fields[n++] = csv_field(at);
		if (**at != ',')
			break;
		(*at)++;
	}
	assert_memory_equal(*at, "\r\n", 2);
	*at += 2;
	return n;
}

static void csv_agrees(void **state)
{
	uint64_t files[OUTCOME_COUNT] = { 0 };
	size_t n, status = 0, columns;
	char *text = sample_report(cf, "csv", &n);
	const char *at = text;
	char *fields[64];

	(void)state;
	columns = csv_row(&at, fields);
	for (size_t i = 0; i < columns; i++) {
		if (!strcmp(fields[i], "status"))
			status = i;
		g_free(fields[i]);
	}
	while (*at) {
		assert_int_equal(csv_row(&at, fields), columns);
		count(files, fields[status]);
		for (size_t i = 0; i < columns; i++)
			g_free(fields[i]);
	}
	assert_counts(files);
	free(text);
}

static uint64_t lines_of(const char *report)
{
	uint64_t lines = 0;
	size_t n;
	char *text = sample_report(cf, report, &n);

	for (const char *s = text; *s; s = strchr(s, '\n') + 1)
		lines += *s != '%' && *s != '#';
	free(text);
	return lines;
}

static void line_reports_agree(void **state)
{
	(void)state;
	assert_int_equal(lines_of("bodyfile"), summary.totals.files);
	assert_int_equal(lines_of("hashdeep"),
	                 summary.totals.recovered - 1 /* same_as */ +
	                         summary.files[OUTCOME_RECOVERED_PARTIAL]);
}

/* ------------------------------------------------------------- the table */

static void found_by_name(void **state)
{
	(void)state;
	assert_string_equal(report_find("html")->file, "report.html");
	assert_string_equal(report_find("dfxml")->file, "report.dfxml");
	assert_string_equal(report_find("jsonl")->file, "report.jsonl");
	assert_string_equal(report_find("hashdeep")->file, "hashes.txt");
	assert_null(report_find("csv")->file);
	assert_null(report_find("bodyfile")->file);
	assert_null(report_find("hashcat")->file);
	assert_null(report_find("map")->file);
	assert_null(report_find("rings")->file);
	assert_null(report_find("markdown")->file);
	assert_null(report_find("case")->file);
	assert_null(report_find("HTML"));
	for (size_t i = 0; report_table[i]; i++) {
		assert_non_null(report_table[i]->about);
		assert_ptr_equal(report_find(report_table[i]->name),
		                 report_table[i]);
	}
}

static void a_full_disk_is_an_error(void **state)
{
	(void)state;
	for (size_t i = 0; report_table[i]; i++) {
		FILE *full = fopen("/dev/full", "wb");
		struct error err = { 0 };

		assert_non_null(full);
		assert_int_equal(report_table[i]->write(cf, full, &err), E_IO);
		assert_int_equal(err.status, E_IO);
		assert_non_null(err.what);
		(void)fclose(full);
	}
}

/* Of lines without a head, so that nothing is an empty file. */
static bool is_list(const char *name)
{
	static const char *const lists[] = { "bodyfile", "hashcat", "map" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (!strcmp(name, lists[i]))
			return true;
	return false;
}

static void an_empty_case_has_reports(void **state)
{
	struct casefile *empty;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(casefile_new(&empty, NULL, &err), OK);
	for (size_t i = 0; report_table[i]; i++) {
		size_t n;
		char *text = sample_report(empty, report_table[i]->name, &n);

		assert_int_equal(!n, is_list(report_table[i]->name));
		free(text);
	}
	casefile_free(empty);
}

static void the_same_case_gives_the_same_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; report_table[i]; i++) {
		const char *name = report_table[i]->name;
		size_t n, m;
		char *a = sample_report(cf, name, &n);
		char *b = sample_report(cf, name, &m);

		assert_int_equal(n, m);
		assert_memory_equal(a, b, n);
		free(a);
		free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jsonl_agrees),
		cmocka_unit_test(dfxml_agrees),
		cmocka_unit_test(html_agrees),
		cmocka_unit_test(csv_agrees),
		cmocka_unit_test(line_reports_agree),
		cmocka_unit_test(found_by_name),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(an_empty_case_has_reports),
		cmocka_unit_test(the_same_case_gives_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
