/* SPDX-License-Identifier: MIT */
/*
 * sample_page.h - the HTML page of the small case, parsed as XML
 *
 * libxml2 stops at anything that is not escaped.
 */
#ifndef TESTS_REPORTS_SAMPLE_PAGE_H
#define TESTS_REPORTS_SAMPLE_PAGE_H

#include "tests/reports/sample_case.h"

#include <libxml/tree.h>

extern char *sample_text;
extern xmlDocPtr sample_doc;

/* For cmocka's group set-up and tear-down. */
int sample_page(void **state);
int sample_page_free(void **state);

/* Fail unless this is the string value of an expression. */
void assert_xpath(const char *xpath, const char *expected);

#endif
