/* SPDX-License-Identifier: MIT */
/*
 * test_dfxml.c - DFXML: valid by the schema, and names come back from it
 */
#include "tests/reports/sample_case.h"

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdlib.h>
#include <string.h>

#define NS "http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML"

static xmlDocPtr document(struct casefile *cf)
{
	size_t n;
	char *text = sample_report(cf, "dfxml", &n);
	xmlDocPtr doc = xmlReadMemory(text, (int)n, "report.dfxml", NULL,
	                              XML_PARSE_NONET);

	assert_non_null(doc);
	free(text);
	return doc;
}

static void assert_valid(struct casefile *cf)
{
	const char *dir = getenv("TESTDATA");
	char *path = g_build_filename(dir ? dir : "testdata", "dfxml/dfxml.xsd",
	                              NULL);
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
	xmlSchemaPtr schema = xmlSchemaParse(parser);
	xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
	xmlDocPtr doc = document(cf);

	assert_non_null(schema);
	assert_int_equal(xmlSchemaValidateDoc(valid, doc), 0);
	xmlFreeDoc(doc);
	xmlSchemaFreeValidCtxt(valid);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(parser);
	g_free(path);
}

/* The XPath expression's value as text; the caller frees it. */
static char *find(xmlDocPtr doc, const char *xpath)
{
	xmlXPathContextPtr ctx = xmlXPathNewContext(doc);
	xmlXPathObjectPtr found;
	xmlChar *text;
	char *copy;

	(void)xmlXPathRegisterNs(ctx, (const xmlChar *)"d",
	                         (const xmlChar *)NS);
	(void)xmlXPathRegisterNs(ctx, (const xmlChar *)"efs",
	                         (const xmlChar *)"urn:efsleuth:case:1");
	found = xmlXPathEvalExpression((const xmlChar *)xpath, ctx);
	assert_non_null(found);
	text = xmlXPathCastToString(found);
	copy = g_strdup((const char *)text);
	xmlFree(text);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(ctx);
	return copy;
}

static void assert_xpath(xmlDocPtr doc, const char *xpath, const char *expected)
{
	char *text = find(doc, xpath);

	assert_string_equal(text, expected);
	g_free(text);
}

static void valid_by_schema(void **state)
{
	struct casefile *cf = sample_case();
	struct error err = { 0 };

	(void)state;
	assert_valid(cf);
	casefile_free(cf);

	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	assert_valid(cf); /* with nothing in it */
	casefile_free(cf);
}

static void names_come_back(void **state)
{
	struct casefile *cf = sample_case();
	xmlDocPtr doc = document(cf);

	(void)state;
	assert_xpath(doc, "//d:fileobject[d:id=3]/d:filename",
	             "<script>alert(1)</script>");
	assert_xpath(doc, "//d:fileobject[d:id=4]/d:filename",
	             "]]>&amp;<!--'\"");
	/* '%' is escaped only where the element says so */
	assert_xpath(doc, "//d:fileobject[d:id=5]/d:filename",
	             "a%01%1F\n\r\t|b%250A");
	assert_xpath(doc, "//d:fileobject[d:id=5]/d:filename/@efs:escaped",
	             "true");
	assert_xpath(doc, "//d:fileobject[d:id=6]/d:filename",
	             "%EF%BF%BE%EF%BF%BF");
	assert_xpath(doc, "//d:fileobject[d:id=7]/d:filename",
	             "lone %ED%A0%80 surrogate");
	assert_xpath(doc, "count(//d:fileobject[d:id=7]//@efs:escaped)", "0");
	assert_xpath(doc, "//d:fileobject[d:id=1]/d:filename[2]",
	             "Users/ann/also me");
	assert_xpath(doc, "//d:fileobject[d:id=2]/d:filename[1]",
	             "Users/ann/x.docx:=notes,\"1\"");
	xmlFreeDoc(doc);
	casefile_free(cf);
}

static void findings_stand_at_the_end(void **state)
{
	struct casefile *cf = sample_case();
	xmlDocPtr doc = document(cf);

	(void)state;
	assert_xpath(doc, "string(/d:dfxml/*[last()]/@kind)", "key-weak");
	assert_xpath(doc, "//efs:finding[@kind='key-weak']/@objects", "18");
	assert_xpath(doc, "//efs:finding[@kind='key-weak']/efs:subject",
	             "a9e47a9e47a9e47a9e47a9e47a9e47a9e47a9e47");
	assert_xpath(doc, "count(//efs:finding)", "3");
	xmlFreeDoc(doc);
	casefile_free(cf);
}

static void files_stand_in_their_volumes(void **state)
{
	struct casefile *cf = sample_case();
	xmlDocPtr doc = document(cf);

	(void)state;
	assert_xpath(doc, "count(//d:fileobject)", "29");
	assert_xpath(doc, "count(//d:volume)", "5");
	assert_xpath(doc, "count(//d:volume[@efs:volume='v1.s2']/d:fileobject)",
	             "2");
	assert_xpath(doc, "count(//d:volume[@efs:volume='v1.s1']/d:fileobject)",
	             "2");
	assert_xpath(doc, "//d:volume[@efs:volume='v1.s2']/@efs:made",
	             "2026-01-01T03:04:05.1234567Z");
	assert_xpath(doc, "count(/d:dfxml/d:fileobject)", "3"); /* loose */
	assert_xpath(doc, "count(/d:dfxml/d:fileobject/d:inode)", "0");
	assert_xpath(doc, "//d:volume[3]/d:error", "not an NTFS volume");
	xmlFreeDoc(doc);
	casefile_free(cf);
}

static void facts_and_changes(void **state)
{
	struct casefile *cf = sample_case();
	xmlDocPtr doc = document(cf);

	(void)state;
	assert_xpath(doc, "count(/d:dfxml/efs:evidence)", "4");
	assert_xpath(doc, "/d:dfxml/efs:evidence[1]/efs:fact[1]/efs:value",
	             "7 <b>&amp;</b>");
	assert_xpath(doc, "count(/d:dfxml/efs:evidence[1]/efs:bad)", "4");
	assert_xpath(doc, "/d:dfxml/efs:evidence[1]/efs:bad[1]/@offset", "512");
	assert_xpath(doc,
	             "//d:volume[@efs:volume='v1.s1']/efs:fact[2]/efs:value",
	             "TPM {2}");
	assert_xpath(doc, "count(//efs:same_as)", "1");
	assert_xpath(doc,
	             "//d:volume[@efs:volume='v1.s2']//efs:file/efs:same_as",
	             "v1");
	assert_xpath(doc, "count(//efs:added)", "2");
	assert_xpath(doc, "count(//efs:removed)", "1");
	assert_xpath(doc, "//efs:removed/@from_snapshot", "s1");
	assert_xpath(doc, "count(//efs:removed/@to)", "0");
	assert_xpath(doc, "//efs:removed/efs:name", "=bob <b>%01");
	xmlFreeDoc(doc);
	casefile_free(cf);
}

static void keys_and_needs(void **state)
{
	struct casefile *cf = sample_case();
	xmlDocPtr doc = document(cf);

	(void)state;
	assert_xpath(doc, "count(/d:dfxml/efs:key)", "17");
	assert_xpath(doc, "/d:dfxml/efs:key[2]/@made",
	             "2026-01-02T03:04:05.1234567Z");
	assert_xpath(doc, "count(/d:dfxml/efs:key[@current='true'])", "1");
	assert_xpath(doc, "/d:dfxml/efs:key[2]/efs:behind",
	             "{1eccdbd2-0001-4f5e-9a65"
	             "-000000000001}");
	assert_xpath(doc, "//efs:need[1]/@objects", "3");
	assert_xpath(doc, "//efs:need[3]/efs:id", "bob%01.pfx");
	assert_xpath(doc, "//efs:need[3]/efs:id/@efs:escaped", "true");
	xmlFreeDoc(doc);
	casefile_free(cf);
}

static void says_who_wrote_it(void **state)
{
	struct casefile *cf = sample_case();
	xmlDocPtr doc = document(cf);

	(void)state;
	assert_xpath(doc, "//d:creator/d:program", "efsleuth");
	assert_xpath(doc, "//d:creator/d:version", "0.1.0");
	assert_xpath(doc, "//d:creator/d:library[@name='libtsk']/@version",
	             "4.11.1");
	assert_xpath(doc, "//d:source/d:image_filename[1]/@efs:sha256",
	             "e3b0c44298fc1c149afbf4c8996fb924"
	             "27ae41e4649b934ca495991b7852b855");
	xmlFreeDoc(doc);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_by_schema),
		cmocka_unit_test(names_come_back),
		cmocka_unit_test(findings_stand_at_the_end),
		cmocka_unit_test(files_stand_in_their_volumes),
		cmocka_unit_test(facts_and_changes),
		cmocka_unit_test(keys_and_needs),
		cmocka_unit_test(says_who_wrote_it),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	xmlCleanupParser();
	return failed;
}
