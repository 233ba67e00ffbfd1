/* SPDX-License-Identifier: MIT */
/*
 * test_html.c - the page: text stays text, and nothing comes from elsewhere
 *
 * It is parsed as XML by libxml2, which stops at anything that is not escaped.
 */
#include "tests/reports/sample_case.h"

#include "reports/html.h"

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

static char *page;
static xmlDocPtr doc;

static int set_up(void **state)
{
	struct casefile *cf = sample_case();
	size_t n;

	(void)state;
	page = sample_report(cf, "html", &n);
	casefile_free(cf);
	doc = xmlReadMemory(page, (int)n, "report.html", NULL, XML_PARSE_NONET);
	return doc ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	xmlFreeDoc(doc);
	free(page);
	xmlCleanupParser();
	return 0;
}

static void assert_xpath(const char *xpath, const char *expected)
{
	xmlXPathContextPtr ctx = xmlXPathNewContext(doc);
	xmlXPathObjectPtr found =
		xmlXPathEvalExpression((const xmlChar *)xpath, ctx);
	xmlChar *text = xmlXPathCastToString(found);

	assert_string_equal((const char *)text, expected);
	xmlFree(text);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(ctx);
}

#define FILE_ROW "(//section[@id='files']//tbody/tr)"

static void names_are_text(void **state)
{
	(void)state;
	assert_xpath("count(//script)", "1");
	assert_xpath("count(//b)", "0");
	assert_xpath("normalize-space(" FILE_ROW "[3]/th//summary)",
	             "disk.dd v1/<script>alert(1)</script>");
	assert_xpath("normalize-space(" FILE_ROW "[5]/th//summary)",
	             "disk.dd v1/a<U+0001><U+001F><U+000A><U+000D><U+0009>"
	             "|b%0A");
	assert_xpath("normalize-space(" FILE_ROW "[8]/th//summary)",
	             "disk.dd v1/<U+202E>gnp.exe \xc3\xa9\xe6\x97\xa5"
	             "\xf0\x9f\x94\x91");
}

static void stands_alone(void **state)
{
	(void)state;
	assert_xpath("count(//@src | //link | //iframe | //img)", "0");
	assert_xpath("count(//@*[starts-with(name(), 'on')])", "0");
	assert_xpath("count(//a[not(starts-with(@href, '#'))])", "0");
	assert_null(strstr(page, "://"));
	assert_null(strstr(page, "url("));
	assert_xpath("starts-with(//meta[@http-equiv]/@content,"
	             " \"default-src 'none';\")",
	             "true");
}

/* What the browser hashes is the text between the tags. */
static void names_its_script(void **state)
{
	const char *start = strstr(page, "<script>") + strlen("<script>");
	const char *end = strstr(start, "</script>");
	gsize n = 32;
	guint8 digest[32];
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	char *base64, *wanted;

	(void)state;
	g_checksum_update(sum, (const guchar *)start, end - start);
	g_checksum_get_digest(sum, digest, &n);
	base64 = g_base64_encode(digest, n);
	wanted = g_strdup_printf("script-src 'sha256-%s'", base64);
	assert_non_null(strstr(page, wanted));
	g_free(wanted);
	g_free(base64);
	g_checksum_free(sum);
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
	             "/td[4])",
	             "23");
	assert_xpath("string(//section[@id='who']//tr[th='ann(ann@PC)']"
	             "/td[5])",
	             "15");
	assert_xpath("string(//p[@class='result'])",
	             "13 of 29 encrypted files were recovered, 12 of them"
	             " verified; 1 more has holes.");
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
	assert_xpath("count(//section[@id='files']//dt[.='Ring changed'])",
	             "2");
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
	assert_xpath("count(//tr[contains(th//summary,"
	             " '(the same as in v1)')])",
	             "1");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_text),
		cmocka_unit_test(stands_alone),
		cmocka_unit_test(names_its_script),
		cmocka_unit_test(can_be_read_aloud),
		cmocka_unit_test(says_who_can_open),
		cmocka_unit_test(says_how_rings_changed),
		cmocka_unit_test(says_what_the_evidence_says),
		cmocka_unit_test(says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
