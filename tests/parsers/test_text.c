/* SPDX-License-Identifier: MIT */
/*
 * test_text.c - printing evidence: UTF-8, escapes, identifiers, times
 */
#define _DEFAULT_SOURCE /* timegm() */

#include "tests/parsers/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parsers/text.h"

/* Seconds from 1601 to 1970: [MS-DTYP] 2.3.3 against POSIX. */
#define EPOCH INT64_C(11644473600)

#define UNITS(...) { __VA_ARGS__ }, sizeof((uint16_t[]){ __VA_ARGS__ }) / 2

static const struct {
	uint16_t unit[6];
	size_t n;
	const char *display, *name; /* name: NULL if it is the same */
} strings[] = {
	{ UNITS('a', 'b'), "ab", NULL },
	{ UNITS('a', 0, 'b'), "a%00b", NULL },
	{ UNITS('a', '/', 'b'), "a/b", "a%2Fb" },
	{ UNITS('%', '\\'), "%\\", NULL },
	{ UNITS(0x7f, 0x80, 0x7ff), "\x7f\xc2\x80\xdf\xbf", NULL },
	{ UNITS(0x800, 0xffff), "\xe0\xa0\x80\xef\xbf\xbf", NULL },
	{ UNITS(0x5165, 0x4e61), "\xe5\x85\xa5\xe4\xb9\xa1", NULL },
	{ UNITS(0xd7ff, 0xe000), "\xed\x9f\xbf\xee\x80\x80", NULL },
	{ UNITS(0xd83d, 0xde00), "\xf0\x9f\x98\x80", NULL },
	{ UNITS(0xd800, 0xdc00), "\xf0\x90\x80\x80", NULL },
	{ UNITS(0xdbff, 0xdfff), "\xf4\x8f\xbf\xbf", NULL },
	{ UNITS(0xd800), "%ED%A0%80", NULL },
	{ UNITS(0xd800, 'x'), "%ED%A0%80x", NULL },
	{ UNITS(0xdfff, 0xd800), "%ED%BF%BF%ED%A0%80", NULL },
	{ UNITS(0xd800, 0xd83d, 0xde00), "%ED%A0%80\xf0\x9f\x98\x80", NULL },
	{ { 0 }, 0, "", NULL },
};

static struct bytes from_units(const uint16_t *unit, size_t n)
{
	static const uint8_t zero[2 * COUNT(strings[0].unit)];
	struct bytes b = sample_copy(BYTES(zero), 2 * n);

	for (size_t i = 0; i < n; i++)
		sample_le16(b, 2 * i, unit[i]);
	return b;
}

static void prints_utf16(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		struct bytes b = from_units(strings[i].unit, strings[i].n);
		const char *display = strings[i].display;
		const char *name = strings[i].name;
		char buf[TEXT_UTF16(2 * COUNT(strings[0].unit))];
		struct text t = text_open(buf, TEXT_UTF16(b.n));

		text_utf16(&t, b);
		assert_string_equal(buf, display);
		assert_int_equal(t.n, strlen(display));
		t = text_open(buf, TEXT_UTF16(b.n));
		text_name(&t, b);
		assert_string_equal(buf, name ? name : display);
		assert_false(t.cut);
		sample_free(b);
	}
}

/* A byte that is not the second of a unit is no character. */
static void leaves_out_half_a_unit(void **state)
{
	static const uint8_t odd[] = { 'a', 0, 'b' };
	struct bytes b = sample_copy(BYTES(odd), sizeof(odd));
	char buf[TEXT_UTF16(sizeof(odd))];
	struct text t = text_open(buf, sizeof(buf));

	(void)state;
	text_utf16(&t, b);
	assert_string_equal(buf, "a");
	sample_free(b);
}

/* RFC 3629 4: bytes of the well-formed character at s, 0 if it is none. */
static size_t well_formed(const uint8_t *s)
{
	static const struct {
		uint8_t lead, lead_max, second, second_max;
		size_t n;
	} rows[] = {
		{ 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (s[0] < rows[i].lead || s[0] > rows[i].lead_max)
			continue;
		if (rows[i].n > 1 &&
		    (s[1] < rows[i].second || s[1] > rows[i].second_max))
			return 0;
		for (size_t k = 2; k < rows[i].n; k++) {
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		}
		return rows[i].n;
	}
	return 0;
}

static void assert_utf8(const char *s, size_t n)
{
	assert_int_equal(strlen(s), n);
	while (*s) {
		size_t k = well_formed((const uint8_t *)s);

		assert_int_not_equal(k, 0);
		s += k;
	}
}

static void every_unit_gives_utf8(void **state)
{
	(void)state;
	for (uint32_t u = 0; u < 0x10000; u++) {
		uint16_t unit[] = { (uint16_t)u, 0xdc01, (uint16_t)u };
		struct bytes b = from_units(unit, COUNT(unit));
		char buf[TEXT_UTF16(sizeof(unit))];
		struct text t = text_open(buf, sizeof(buf));

		text_name(&t, b);
		assert_false(t.cut);
		assert_utf8(buf, t.n);
		sample_free(b);
	}
}

static const uint8_t guid[] = {
	0xf2, 0xbf, 0xdd, 0xdb, 0x72, 0x3d, 0xe6, 0x43,
	0x80, 0x9b, 0x86, 0x80, 0x39, 0xdb, 0x99, 0x99
};

static void prints_guid(void **state)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));

	(void)state;
	text_guid(&t, (struct bytes){ guid, 15, 0 });
	assert_string_equal(buf, "");
	text_guid(&t, BYTES(guid));
	assert_string_equal(buf, "{dbddbff2-3d72-43e6-809b-868039db9999}");
	assert_int_equal(t.n, TEXT_GUID - 1);
}

/* The second is the owner of the real sample, efs-win10-aes256. */
static const struct {
	uint8_t raw[12 + 15 * 4];
	size_t n;
	const char *text; /* NULL: not a SID */
} sids[] = {
	{ { 1, 1, 0, 0, 0, 0, 0, 5, 18 }, 12, "S-1-5-18" },
	{ { 1,    5,    0,    0,    0,    0,    0,    5,    0x15, 0,
	    0,    0,    0x32, 0x7b, 0x8e, 0x5c, 0xb9, 0x0c, 0x9b, 0xe4,
	    0x55, 0x98, 0x2e, 0xfa, 0xe9, 0x03, 0,    0 },
	  28,
	  "S-1-5-21-1552841522-3835366585-4197357653-1001" },
	{ { 1, 0, 0, 0, 0, 0, 0, 5 }, 8, "S-1-5" },
	{ { 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 8, "S-1-4294967295" },
	{ { 1, 0, 0, 1, 0, 0, 0, 0 }, 8, "S-1-0x000100000000" },
	{ { 1, 15, 1 },
	  68,
	  "S-1-0x010000000000-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0" },
	{ { 2, 1, 0, 0, 0, 0, 0, 5, 18 }, 12, NULL },
	{ { 1, 16 }, 72, NULL },
	{ { 1, 1, 0, 0, 0, 0, 0, 5, 18 }, 11, NULL },
	{ { 1, 1, 0, 0, 0, 0, 0, 5, 18 }, 13, NULL },
	{ { 1 }, 1, NULL },
	{ { 0 }, 0, NULL },
};

static void prints_sid(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sids); i++) {
		struct bytes b = sample_copy(BYTES(sids[i].raw), sids[i].n);
		char buf[TEXT_SID];
		struct text t = text_open(buf, sizeof(buf));

		assert_int_equal(text_sid(&t, b), sids[i].text != NULL);
		assert_string_equal(buf, sids[i].text ? sids[i].text : "");
		assert_false(t.cut);
		sample_free(b);
	}
}

static void longest_sid_fits(void **state)
{
	uint8_t raw[68];
	char buf[TEXT_SID];
	struct text t = text_open(buf, sizeof(buf));

	(void)state;
	memset(raw, 0xff, sizeof(raw));
	raw[0] = 1;
	raw[1] = 15;
	assert_true(text_sid(&t, BYTES(raw)));
	assert_false(t.cut);
	assert_int_equal(t.n, strlen("S-1-0xffffffffffff") +
	                              15 * strlen("-4294967295"));
}

/* The third is that of testdata/ntfs/record-list.bin as istat(1) prints it. */
static const struct {
	uint64_t filetime;
	const char *text;
} times[] = {
	{ 0, "1601-01-01T00:00:00.0000000Z" },
	{ UINT64_C(116444736000000000), "1970-01-01T00:00:00.0000000Z" },
	{ UINT64_C(0x01d9a577f642d864), "2023-06-23T02:11:03.5407460Z" },
	{ UINT64_C(9999999), "1601-01-01T00:00:00.9999999Z" },
	{ UINT64_MAX, "60056-05-28T05:36:10.9551615Z" },
};

static void prints_filetime(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		char buf[TEXT_FILETIME];
		struct text t = text_open(buf, sizeof(buf));

		text_filetime(&t, times[i].filetime);
		assert_string_equal(buf, times[i].text);
		assert_false(t.cut);
	}
}

/* Every day for 1,200 years, as the C library counts them. */
static void agrees_with_gmtime(void **state)
{
	(void)state;
	for (int64_t day = 0; day < 1200 * 365; day++) {
		int64_t s = day * 86400 + day % 86400;
		time_t posix = (time_t)(s - EPOCH);
		char buf[TEXT_FILETIME], expect[64];
		struct text t = text_open(buf, sizeof(buf));
		struct tm tm;

		assert_non_null(gmtime_r(&posix, &tm));
		assert_int_not_equal(strftime(expect, sizeof(expect),
		                              "%Y-%m-%dT%H:%M:%S.0000007Z",
		                              &tm),
		                     0);
		text_filetime(&t, (uint64_t)s * 10000000 + 7);
		assert_string_equal(buf, expect);
	}
}

static void prints_numbers(void **state)
{
	char buf[64];
	struct text t = text_open(buf, sizeof(buf));

	(void)state;
	text_dec(&t, 0);
	text_char(&t, ' ');
	text_dec(&t, UINT64_MAX);
	text_str(&t, " ");
	text_str(&t, "");
	text_hex(&t, (struct bytes){ guid, 4, 0 });
	assert_string_equal(buf, "0 18446744073709551615 f2bfdddb");
	assert_int_equal(t.n, strlen(buf));
}

/* One of each, in the order that shows a later one filling an earlier gap. */
static void print_all(struct text *t)
{
	static const uint16_t unit[] = { 'x', 0xd800, 0xd83d, 0xde00 };
	struct bytes b = from_units(unit, COUNT(unit));

	text_str(t, "string");
	text_guid(t, BYTES(guid));
	text_char(t, 'c');
	(void)text_sid(t, (struct bytes){ sids[1].raw, sids[1].n, 0 });
	text_dec(t, 1234567890);
	text_hex(t, BYTES(guid));
	text_filetime(t, times[1].filetime);
	text_utf16(t, b);
	text_char(t, 'c');
	sample_free(b);
}

static void what_does_not_fit_is_left_out(void **state)
{
	char whole[512];
	struct text all = text_open(whole, sizeof(whole));

	(void)state;
	print_all(&all);
	assert_false(all.cut);
	for (size_t cap = 1; cap <= all.n + 1; cap++) {
		char *buf = malloc(cap);
		struct text t;

		assert_non_null(buf);
		t = text_open(buf, cap);
		print_all(&t);
		assert_utf8(buf, t.n);
		assert_memory_equal(buf, whole, t.n);
		assert_int_equal(t.cut, t.n < all.n);
		assert_int_equal(t.cut, cap <= all.n);
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_utf16),
		cmocka_unit_test(leaves_out_half_a_unit),
		cmocka_unit_test(every_unit_gives_utf8),
		cmocka_unit_test(prints_guid),
		cmocka_unit_test(prints_sid),
		cmocka_unit_test(longest_sid_fits),
		cmocka_unit_test(prints_filetime),
		cmocka_unit_test(agrees_with_gmtime),
		cmocka_unit_test(prints_numbers),
		cmocka_unit_test(what_does_not_fit_is_left_out),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
