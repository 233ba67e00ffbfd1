/* SPDX-License-Identifier: MIT */
/*
 * test_html.c - the page: text stays text, and nothing comes from elsewhere
 *
 * It is parsed as XML by libxml2, which stops at anything that is not escaped.
 */
#include "tests/reports/sample_page.h"

#include "reports/html.h"

#include <glib.h>
#include <jansson.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------- rows as data */

static json_t *shared, *rows; /* arrays of all pieces, put together */

static void read_piece(const xmlNode *script)
{
	xmlChar *text = xmlNodeGetContent(script);
	json_error_t error;
	json_t *piece = json_loads((const char *)text, 0, &error);

	if (!piece)
		print_error("%s, at %d\n", error.text, error.position);
	assert_non_null(piece);
	json_array_extend(shared, json_object_get(piece, "shared"));
	json_array_extend(rows, json_object_get(piece, "rows"));
	json_decref(piece);
	xmlFree(text);
}

static void read_rows(void)
{
	xmlXPathContextPtr ctx = xmlXPathNewContext(sample_doc);
	xmlXPathObjectPtr found = xmlXPathEvalExpression(
		(const xmlChar *)"//script[@class='rows']", ctx);

	shared = json_pack("[n]");
	rows = json_array();
	for (int i = 0; i < found->nodesetval->nodeNr; i++)
		read_piece(found->nodesetval->nodeTab[i]);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(ctx);
}

static int set_up(void **state)
{
	if (sample_page(state))
		return -1;
	read_rows();
	return 0;
}

static int tear_down(void **state)
{
	json_decref(shared);
	json_decref(rows);
	return sample_page_free(state);
}

static json_t *value(size_t row, size_t place)
{
	json_t *v = json_array_get(json_array_get(rows, row), place);

	if (json_is_integer(v))
		v = json_array_get(shared, (size_t)json_integer_value(v));
	return v;
}

static void assert_text(const json_t *v, const char *expected)
{
	assert_true(json_is_string(v));
	assert_string_equal(json_string_value(v), expected);
}

/* The places of html_row.js. */
enum {
	VIEW = 2,
	FOLDER,
	NAME,
	STREAM,
	FLAGS,
	SIZE,
	STATUS,
	REASON,
	RING = 11,
	TRIES,
	OPENED,
	MISSING,
	RECORD,
	TIMES,
	SAME = 18,
	MORE = 21
};

static void names_are_text(void **state)
{
	(void)state;
	assert_xpath("count(//script[not(@type)])", "1");
	assert_xpath("count(//b)", "0");
	assert_null(strstr(sample_text, "<script>alert"));
	assert_text(value(2, FOLDER), "/<script>alert(1)</");
	assert_text(value(2, NAME), "script>");
	assert_text(value(2, VIEW), "disk.dd v1");
	assert_text(value(4, NAME),
	            "a<U+0001><U+001F><U+000A><U+000D><U+0009>|b%0A");
	assert_text(value(5, NAME), "<U+FFFE><U+FFFF>");
	assert_text(value(7, NAME), "<U+202E>gnp.exe \xc3\xa9\xe6\x97\xa5"
	                            "\xf0\x9f\x94\x91");
}

static void rows_hold_everything(void **state)
{
	const json_t *ring, *holes;

	(void)state;
	assert_int_equal(json_array_size(rows), 29);
	assert_text(value(1, STREAM), "=notes,\"1\"");
	ring = value(0, RING);
	assert_int_equal(json_array_size(ring), 3);
	ring = json_array_get(
		shared, (size_t)json_integer_value(json_array_get(ring, 1)));
	assert_text(json_array_get(ring, 3),
	            "=HYPERLINK(\"x\") <U+202E><script>alert(1)</script>");
	assert_text(json_array_get(ring, 9), "the SID of its owner is damaged");
	assert_int_equal(json_array_size(value(0, TRIES)), 2);
	assert_text(json_array_get(json_array_get(value(0, OPENED), 3), 0),
	            "password #2");
	assert_text(value(0, REASON), "the file key's structure is valid; the "
	                              "padding is zero");
	assert_text(value(0, RECORD), "40-1");
	holes = json_array_get(value(8, MORE), 1);
	assert_text(json_array_get(json_array_get(holes, 1), 0),
	            "18446744073709551104");
	/* more than JavaScript's numbers hold */
	assert_text(value(10, SIZE), "18446744073709551615");
}

static void stands_alone(void **state)
{
	(void)state;
	assert_xpath("count(//@src | //link | //iframe | //img)", "0");
	assert_xpath("count(//@*[starts-with(name(), 'on')])", "0");
	assert_xpath("count(//a[not(starts-with(@href, '#'))])", "0");
	assert_null(strstr(sample_text, "://"));
	assert_null(strstr(sample_text, "url("));
	assert_xpath("starts-with(//meta[@http-equiv]/@content,"
	             " \"default-src 'none';\")",
	             "true");
}

/* What the browser hashes is the text between the tags. */
static void assert_hashed(const char *tag, const char *policy)
{
	char *open = g_strdup_printf("<%s>", tag);
	char *close = g_strdup_printf("</%s>", tag);
	const char *start = strstr(sample_text, open) + strlen(open);
	const char *end = strstr(start, close);
	gsize n = 32;
	guint8 digest[32];
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	char *base64, *wanted;

	g_checksum_update(sum, (const guchar *)start, end - start);
	g_checksum_get_digest(sum, digest, &n);
	base64 = g_base64_encode(digest, n);
	wanted = g_strdup_printf("%s 'sha256-%s'", policy, base64);
	assert_non_null(strstr(sample_text, wanted));
	g_free(wanted);
	g_free(base64);
	g_free(open);
	g_free(close);
	g_checksum_free(sum);
}

static void names_its_style_and_script(void **state)
{
	(void)state;
	assert_hashed("style", "style-src");
	assert_hashed("script", "script-src");
	assert_xpath("count(//@style)", "0");
}

static void can_be_read_aloud(void **state)
{
	(void)state;
	assert_xpath("string(/html/@lang)", "en");
	assert_xpath("count(//table[not(caption)])", "0");
	assert_xpath("count(//th[not(@scope)])", "0");
	assert_xpath("count(//input[not(ancestor::label)])", "0");
	assert_xpath("count(//h1)", "1");
	assert_xpath("count(//tr[count(td | th) = 0])", "0");
	/* every row of a table is as wide as its head */
	assert_xpath("count(//tbody/tr[count(td | th) !="
	             " count(ancestor::table/thead/tr/th)])",
	             "0");
	assert_xpath("count(//dl[*[not(self::dt) and not(self::dd)]])", "0");
}

static void says_who_can_open(void **state)
{
	(void)state;
	assert_xpath("string(//section[@id='who']//tr[th='ann(ann@PC)']"
	             "/td[6])",
	             "23");
	assert_xpath("string(//section[@id='who']//tr[th='ann(ann@PC)']"
	             "/td[7])",
	             "15");
	assert_xpath("string(//p[@class='result'])",
	             "13 of 29 encrypted files were recovered, 12 of them"
	             " verified; 1 more has holes.");
}

static unsigned changed_rows(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < json_array_size(rows); i++)
		n += json_array_size(json_array_get(value(i, MORE), 2)) > 0;
	return n;
}

static void says_how_rings_changed(void **state)
{
#define CHANGES "//section[@id='changes']//tbody"
	(void)state;
	assert_xpath("count(" CHANGES "/tr)", "2");
	assert_xpath("normalize-space(" CHANGES "/tr[1]/th)",
	             "disk.dd /Users/ann/<shared>.txt");
	assert_xpath("string(" CHANGES "/tr[1]/td[1])",
	             "v1.s1 of 2025-12-31 03:04:05 UTC");
	assert_xpath("string(" CHANGES "/tr[1]/td[2])", "v1");
	assert_xpath("string(" CHANGES "/tr[1]/td[3])",
	             "=bob <b><U+0001> b0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb"
	             " S-1-5-21-7");
	assert_xpath("string(" CHANGES "/tr[1]/td[4])",
	             "Agent ]]> (agent)"
	             " a9e47a9e47a9e47a9e47a9e47a9e47a9e47a9e47");
	assert_xpath("string(" CHANGES "/tr[2]/td[2])",
	             "v1.s2 of 2026-01-01 03:04:05 UTC");
	assert_xpath("count(" CHANGES "/tr[2]/td[3]/*)", "0");
	assert_xpath("count(//a[@href='#changes'])", "1");
	assert_int_equal(changed_rows(), 2);
}

static unsigned same_rows(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < json_array_size(rows); i++)
		n += json_is_string(value(i, SAME)) &&
		     !strcmp(json_string_value(value(i, SAME)), "v1");
	return n;
}

static void says_what_the_evidence_says(void **state)
{
	(void)state;
	assert_xpath("count(//section[@id='run']//table[caption='disk.dd']"
	             "//tbody/tr)",
	             "4");
	assert_xpath("string(//table[caption='disk.dd']//tr[1]/td)",
	             "7 <b>&amp;</b>");
	assert_xpath("string(//table[caption='disk.dd']//tbody/tr[3]/td)",
	             "<U+202E>two");
	assert_xpath("count(//table[caption='disk.dd v1.s1']//tbody/tr)", "3");
	assert_xpath("string(//section[@id='run']//pre)",
	             "#      pos        size  status\n"
	             "0x00000200  0x00000200  -\n"
	             "0x00100000  0x00000200  -\n"
	             "0x00100200  0x00001000  -\n"
	             "0xFFFFFFFE00  0x00100000  -\n");
	assert_xpath("count(//section[@id='run']//td[. = 'loose files'])", "1");
	assert_int_equal(same_rows(), 1);
}

static void says_what_is_missing(void **state)
{
	(void)state;
	assert_xpath("count(//section[@id='keys']//tbody/tr)", "17");
	assert_xpath("count(//section[@id='keys']//strong)", "1");
	assert_xpath("string(//section[@id='needs']//tbody/tr[1]/td[3])", "3");
	assert_xpath("string(//section[@id='needs']//tbody/tr[3]/th)",
	             "the password of bob<U+0001>.pfx");
}

/* ---------------------------------------------------------------- audit */

/* Is the object in one of these runs: [first, how many]? */
static bool in_runs(const json_t *runs, json_int_t object)
{
	const json_t *run;
	size_t i;

	json_array_foreach(runs, i, run)
	{
		json_int_t from = json_integer_value(json_array_get(run, 0));
		json_int_t n = json_integer_value(json_array_get(run, 1));

		if (object >= from && object < from + n)
			return true;
	}
	return false;
}

/* The names of the rows of a finding, each with a space behind it. */
static char *names_of_finding(const char *kind)
{
	GString *names = g_string_new(NULL);
	char *xpath = g_strdup_printf(
		"//script[@id = concat('finding-', substring-after("
		"//section[@id='findings']//tr[td[1] = '%s']//a/@href,"
		" 'finding='))]",
		kind);
	xmlXPathContextPtr ctx = xmlXPathNewContext(sample_doc);
	xmlXPathObjectPtr found =
		xmlXPathEvalExpression((const xmlChar *)xpath, ctx);
	xmlChar *text = xmlXPathCastToString(found);
	json_t *runs = json_loads((const char *)text, 0, NULL);

	for (size_t i = 0; i < json_array_size(rows); i++)
		if (in_runs(runs, json_integer_value(json_array_get(
					  json_array_get(rows, i), 1))))
			g_string_append_printf(
				names, "%s ",
				json_string_value(value(i, NAME)));
	json_decref(runs);
	xmlFree(text);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(ctx);
	g_free(xpath);
	return g_string_free(names, FALSE);
}

static void says_what_to_look_at(void **state)
{
#define FINDINGS \
	"//section[@id='findings']//table[contains(caption, 'auditor')]"
	char *names = names_of_finding("ring-damaged");

	(void)state;
	assert_xpath("count(" FINDINGS "//tbody/tr)", "3");
	assert_xpath("string(" FINDINGS "//tbody/tr[1]/th)", "high");
	assert_xpath("string(" FINDINGS "//tr[td[1] = 'key-weak']/td[4])",
	             "18");
	assert_string_equal(names, "half c.pfile ");
	assert_xpath("count(//section[@id='summary']//li[contains(.,"
	             " 'is damaged')])",
	             "1");
	g_free(names);
}

/* A case in which nothing is the same twice must not fill the memory. */
static void remembers_so_many_values(void **state)
{
	struct html_shared *s = html_shared_new();
	GString *to = g_string_new(NULL);
	char *large = g_strnfill(40u << 20, 'x');
	unsigned n = 0;

	(void)state;
	html_share_text(s, to, large);
	assert_int_equal(to->len, (40u << 20) + 2);
	for (;;) {
		char *text = g_strdup_printf("text %u", ++n);

		g_string_truncate(to, 0);
		html_share_text(s, to, text);
		g_free(text);
		if (to->str[0] == '"')
			break;
		assert_int_equal(strtoul(to->str, NULL, 10), n);
	}
	assert_in_range(n, 200000, 300000);
	g_string_truncate(to, 0);
	html_share_text(s, to, "text 77");
	assert_string_equal(to->str, "77");
	g_string_free(to, TRUE);
	g_free(large);
	html_shared_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_text),
		cmocka_unit_test(rows_hold_everything),
		cmocka_unit_test(stands_alone),
		cmocka_unit_test(names_its_style_and_script),
		cmocka_unit_test(can_be_read_aloud),
		cmocka_unit_test(says_who_can_open),
		cmocka_unit_test(says_how_rings_changed),
		cmocka_unit_test(says_what_the_evidence_says),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(says_what_to_look_at),
		cmocka_unit_test(remembers_so_many_values),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
