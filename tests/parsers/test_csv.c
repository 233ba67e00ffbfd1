/* SPDX-License-Identifier: MIT */
/*
 * test_csv.c - fields, quotes, ends of lines, damage
 */
#include "tests/parsers/sample.h"

#include "parsers/csv.h"

#include <stdio.h>

/* All rows as "[one|two][three]": "!" is a damaged field; "3:" the line where
   it is not that of the row before, plus one. */
static void write_rows(char *out, size_t cap, const char *text)
{
	struct csv_reader c = csv_open(
		(struct bytes){ (const uint8_t *)text, strlen(text), 0 });
	struct csv_field f;
	struct error err;
	enum status st;
	bool first = true;
	size_t n = 0;

	out[0] = '\0';
	while ((st = csv_next(&c, &f, &err)) != E_ABSENT) {
		uint8_t buf[256];
		size_t len = st ? 0 : csv_copy(buf, &f);

		n += (size_t)snprintf(out + n, cap - n, "%s",
		                      first ? "[" : "|");
		if (first)
			n += (size_t)snprintf(out + n, cap - n, "%u:", f.line);
		n += (size_t)snprintf(out + n, cap - n, "%.*s%s%s", (int)len,
		                      (const char *)buf, st ? "!" : "",
		                      f.last ? "]" : "");
		first = f.last;
	}
}

static void check(const char *text, const char *wanted)
{
	char got[512];

	write_rows(got, sizeof(got), text);
	assert_string_equal(got, wanted);
}

static void plain(void **state)
{
	(void)state;
	check("", "");
	check("a", "[1:a]");
	check("a,b\nc\n", "[1:a|b][2:c]");
	check("a,b\r\nc\r\n", "[1:a|b][2:c]");
	check("a\rb", "[1:a][2:b]");
	check(",\n,", "[1:|][2:|]");
	check("a,", "[1:a|]");
	check("\n\n a \n\r\n\nb\n", "[3: a ][6:b]");
	check("\xef\xbb\xbf"
	      "a\n",
	      "[1:a]");
	check("\xef\xbb\xbf", "");
	check("a\xef\xbb\xbf", "[1:a\xef\xbb\xbf]");
}

static void quoted(void **state)
{
	(void)state;
	check("\"\"", "[1:]");
	check("\"a,b\",c", "[1:a,b|c]");
	check("\"say \"\"x\"\"\"\n", "[1:say \"x\"]");
	check("\"two\nlines\",a\nb", "[1:two\nlines|a][3:b]");
	check("\"two\r\nlines\"\r\nb", "[1:two\r\nlines][3:b]");
	check("a\"b,c", "[1:a\"b|c]");
	check("\xef\xbb\xbf\"a\"", "[1:a]");
}

/* What is wrong costs its own line, and no more. */
static void damaged(void **state)
{
	(void)state;
	check("\"", "[1:!]");
	check("\"a\nb,c\nd", "[1:!][2:b|c][3:d]");
	check("a,\"b\"c,d\ne", "[1:a|!][2:e]");
	check("\"a\"b\"\r\nc", "[1:!][2:c]");
}

static void says_where(void **state)
{
	static const char text[] = "a\n\"b\"c\n";
	struct csv_reader c = csv_open(
		(struct bytes){ (const uint8_t *)text, sizeof(text) - 1, 100 });
	struct csv_field f;
	struct error err;

	(void)state;
	assert_int_equal(csv_next(&c, &f, &err), OK);
	assert_int_equal(f.text.at, 100);
	assert_int_equal(csv_next(&c, &f, &err), E_CORRUPT);
	assert_int_equal(err.at, 102);
	assert_int_equal(f.line, 2);
	assert_int_equal(csv_next(&c, &f, &err), E_ABSENT);
	assert_int_equal(csv_next(&c, &f, &err), E_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(quoted),
		cmocka_unit_test(damaged),
		cmocka_unit_test(says_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
