/* SPDX-License-Identifier: MIT */
/*
 * sample_page.c - the HTML page of the small case, parsed as XML
 */
#include "tests/reports/sample_page.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <stdlib.h>

char *sample_text;
xmlDocPtr sample_doc;

int sample_page(void **state)
{
	struct casefile *cf = sample_case();
	size_t n;

	(void)state;
	sample_text = sample_report(cf, "html", &n);
	casefile_free(cf);
	sample_doc = xmlReadMemory(sample_text, (int)n, "report.html", NULL,
	                           XML_PARSE_NONET);
	return sample_doc ? 0 : -1;
}

int sample_page_free(void **state)
{
	(void)state;
	xmlFreeDoc(sample_doc);
	free(sample_text);
	xmlCleanupParser();
	return 0;
}

void assert_xpath(const char *xpath, const char *expected)
{
	xmlXPathContextPtr ctx = xmlXPathNewContext(sample_doc);
	xmlXPathObjectPtr found =
		xmlXPathEvalExpression((const xmlChar *)xpath, ctx);
	xmlChar *text = xmlXPathCastToString(found);

	assert_string_equal((const char *)text, expected);
	xmlFree(text);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(ctx);
}
