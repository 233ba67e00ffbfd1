/* SPDX-License-Identifier: MIT */
/*
 * test_format.c - sizes, times, places and hostile text
 */
#include "tests/reports/sample_case.h"

#include "reports/format.h"

static void check(GString *text, const char *expected)
{
	assert_string_equal(text->str, expected);
	g_string_truncate(text, 0);
}

static void numbers(void **state)
{
	GString *t = g_string_new(NULL);

	(void)state;
	format_number(t, 0);
	check(t, "0");
	format_number(t, 999);
	check(t, "999");
	format_number(t, 1234567);
	check(t, "1,234,567");
	format_number(t, UINT64_MAX);
	check(t, "18,446,744,073,709,551,615");
	format_count(t, 1, "file");
	check(t, "1 file");
	format_count(t, 0, "file");
	check(t, "0 files");
	g_string_free(t, TRUE);
}

static void sizes(void **state)
{
	GString *t = g_string_new(NULL);

	(void)state;
	format_size(t, 1);
	check(t, "1 byte");
	format_size(t, 1023);
	check(t, "1,023 bytes");
	format_size(t, 1024);
	check(t, "1.0 KiB (1,024 bytes)");
	format_size(t, 1572864);
	check(t, "1.5 MiB (1,572,864 bytes)");
	format_size(t, 1048575);
	check(t, "1023.9 KiB (1,048,575 bytes)");
	format_size(t, UINT64_MAX);
	check(t, "15.9 EiB (18,446,744,073,709,551,615 bytes)");
	g_string_free(t, TRUE);
}

static void times(void **state)
{
	const uint64_t unix_epoch = UINT64_C(116444736000000000);
	char buf[TEXT_FILETIME];

	(void)state;
	assert_null(format_time(buf, 0));
	assert_string_equal(format_time(buf, unix_epoch + 1),
	                    "1970-01-01T00:00:00.0000001Z");
	assert_non_null(format_time(buf, UINT64_MAX));
	assert_int_equal(format_unix_time(0), 0);
	assert_int_equal(format_unix_time(unix_epoch - 1), 0);
	assert_int_equal(format_unix_time(unix_epoch + 19999999), 1);
}

static void places(void **state)
{
	GString *t = g_string_new(NULL);
	char buf[FORMAT_LABEL];

	(void)state;
	assert_null(format_label(buf, 'v', 0));
	assert_string_equal(format_label(buf, 's', UINT32_MAX), "s4294967295");
	format_volume(t, 0, 0);
	check(t, "");
	format_volume(t, 2, 0);
	check(t, "v2");
	format_volume(t, 2, 13);
	check(t, "v2.s13");
	g_string_free(t, TRUE);
}

static void visible(void **state)
{
	GString *t = g_string_new(NULL);

	(void)state;
	format_visible(t, "a b<\xc3\xa9\xe6\x97\xa5>");
	check(t, "a b<\xc3\xa9\xe6\x97\xa5>");
	format_visible(t, "\n\x7f\xc2\x85");
	check(t, "<U+000A><U+007F><U+0085>");
	format_visible(t, "\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf");
	check(t, "<U+202E><U+200B><U+FEFF>");
	format_visible(t, "\xef\xbf\xbe\xef\xb7\x90\xf0\x9f\xbf\xbf");
	check(t, "<U+FFFE><U+FDD0><U+1FFFF>");
	g_string_free(t, TRUE);
}

static void line(void **state)
{
	GString *t = g_string_new(NULL);

	(void)state;
	format_line(t, "50% \xf0\x9f\x94\x91 \xc3\xa9");
	check(t, "50% \xf0\x9f\x94\x91 \xc3\xa9");
	format_line(t,
	            "a\n\x1b[31m\x7f\xc2\x9b\xe2\x80\xaegpj.exe\xef\xbb\xbf");
	check(t, "a%0A%1B[31m%7F%C2%9B%E2%80%AEgpj.exe%EF%BB%BF");
	/* A byte alone, what is cut off, a surrogate, and one too long. */
	format_line(t, "\x9b|\xe2\x80|\xed\xa0\x80|\xc0\x8a|\xe2\x80");
	check(t, "%9B|%E2%80|%ED%A0%80|%C0%8A|%E2%80");
	g_string_free(t, TRUE);
}

static void json(void **state)
{
	GString *t = g_string_new(NULL);

	(void)state;
	format_json(t, "{\n \"\xc3\xa9\\n\": "
	               "\"\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81\"\n}");
	check(t, "{\n \"\xc3\xa9\\n\": "
	         "\"\\u007f\\u009b\\u202e\\udb40\\udc41\"\n}");
	g_string_free(t, TRUE);
}

static void percent(void **state)
{
	GString *t = g_string_new(NULL);

	(void)state;
	format_percent(t, "a|b%\n\x7f\xc3\xa9", "");
	check(t, "a|b%%0A%7F\xc3\xa9");
	format_percent(t, "a|b%", "%|");
	check(t, "a%7Cb%25");
	g_string_free(t, TRUE);
}

static void xml(void **state)
{
	GString *t = g_string_new(NULL);

	(void)state;
	assert_false(format_xml_differs("a%<&]]>\n\r\t\x7f\xf0\x9f\x94\x91"));
	assert_true(format_xml_differs("a\x01"));
	assert_true(format_xml_differs("\xef\xbf\xbe"));
	assert_true(format_xml_differs("\xef\xbf\xbf"));
	format_xml(t, "50% \x01\xef\xbf\xbe\n");
	check(t, "50%25 %01%EF%BF%BE\n");
	g_string_free(t, TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers), cmocka_unit_test(sizes),
		cmocka_unit_test(times),   cmocka_unit_test(places),
		cmocka_unit_test(visible), cmocka_unit_test(line),
		cmocka_unit_test(json),    cmocka_unit_test(percent),
		cmocka_unit_test(xml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
