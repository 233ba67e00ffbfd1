/* SPDX-License-Identifier: MIT */
/*
 * test_manifest.c - columns, paths, labels, lines that are wrong
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#undef fail

#include "analyzer/manifest.h"

static struct error err;
static char *unknown;

static struct bytes bytes_of(const char *text)
{
	return (struct bytes){ (const uint8_t *)text, strlen(text), 0 };
}

static GPtrArray *read_list(const char *text)
{
	GPtrArray *images = images_new();

	assert_int_equal(
		manifest_read(images, bytes_of(text), "/lab", &unknown, &err),
		OK);
	images_label(images);
	return images;
}

/* One line of text for each image: label, evidence, and what else it has. */
static void check(const char *text, const char *wanted)
{
	GPtrArray *images = read_list(text);
	GString *got = g_string_new(NULL);

	for (guint i = 0; i < images->len; i++) {
		const struct image *m = images->pdata[i];

		g_string_append_printf(got, "%u %s %s", m->line,
		                       m->label ? m->label : "-",
		                       m->evidence ? m->evidence : "-");
		if (m->volume || m->snapshots || m->keyring)
			g_string_append_printf(
				got, " %s %s %s", m->volume ? m->volume : "-",
				m->snapshots ? m->snapshots : "-",
				m->keyring ? m->keyring : "-");
		g_string_append_printf(got, "%s%s\n", m->problem ? ": " : "",
		                       m->problem ? m->problem : "");
	}
	assert_string_equal(got->str, wanted);
	g_string_free(got, TRUE);
	g_ptr_array_unref(images);
	g_free(unknown);
}

static void columns(void **state)
{
	(void)state;
	check("evidence\na.dd\n/x/b.dd\n",
	      "2 a.dd /lab/a.dd\n3 b.dd /x/b.dd\n");
	check("\xef\xbb\xbf"
	      "Label,Evidence\r\nann,../a.dd\r\n,b.dd\r\n",
	      "2 ann /a.dd\n3 b.dd /lab/b.dd\n");
	check("keyring,snapshots,partition,evidence\nk,all,\"1,2\",a\n,,,b\n",
	      "2 a /lab/a 1,2 all /lab/k\n3 b /lab/b\n");
	check("evidence,label\na\n", "2 a /lab/a\n");
	check("evidence\n", "");
}

static void unknown_columns(void **state)
{
	GPtrArray *images = read_list("case,evidence,note\n7,a,\n");

	(void)state;
	assert_string_equal(unknown, "case, note");
	assert_int_equal(images->len, 1);
	g_ptr_array_unref(images);
	g_free(unknown);
}

static void labels(void **state)
{
	(void)state;
	check("evidence,label\nx/a,\ny/a,\nz/a,a\n",
	      "2 a~2 /lab/x/a\n3 a~3 /lab/y/a\n4 a /lab/z/a\n");
	check("evidence,label\nx,same\ny,same\nz,other\n",
	      "2 same /lab/x\n3 same /lab/y: an image before it has this "
	      "label\n4 other /lab/z\n");
	check("evidence,label\na,../../etc\nb,..\n",
	      "2 ..%2F..%2Fetc /lab/a\n3 %2E%2E /lab/b\n");
}

static void wrong_lines(void **state)
{
	(void)state;
	check("evidence,label\n\"a\"b,c\nd,e\n",
	      "2 - -: text behind a closing quote\n3 e /lab/d\n");
	check("evidence,label\na,b,c\n,d\n",
	      "2 b /lab/a: it has more fields than the first line\n"
	      "3 d -: it names no evidence\n");
	check("evidence,partition\na,x\nb,1\n",
	      "2 a /lab/a x - -: partition takes numbers, as in 1,3\n"
	      "3 b /lab/b 1 - -\n");
	check("evidence,snapshots\na,most\n",
	      "2 a /lab/a - most -: snapshots is none, all, or numbers as in "
	      "1,3\n");
	check("evidence\n\xff\xfe\n", "2 - -: it is not UTF-8\n");
	/* What is wrong takes no name from what is not. */
	check("evidence,label\na,x,y\nb,x\n",
	      "2 x /lab/a: it has more fields than the first line\n"
	      "3 x /lab/b\n");
}

static void wrong_heads(void **state)
{
	static const char *const texts[] = { "", "a,b\nc,d\n", "evidence,\"x\n",
		                             "evidence,evidence\na,b\n" };
	GPtrArray *images = images_new();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_int_equal(manifest_read(images, bytes_of(texts[i]), "/",
		                               &unknown, &err),
		                 E_CORRUPT);
		g_free(unknown);
	}
	assert_int_equal(images->len, 0);
	g_ptr_array_unref(images);
}

static void recognised(void **state)
{
	(void)state;
	assert_true(manifest_is(bytes_of("evidence\n")));
	assert_true(manifest_is(bytes_of("\xef\xbb\xbf\"EVIDENCE\",x\r\n")));
	assert_true(manifest_is(bytes_of("a,b, evidence ,c")));
	assert_false(manifest_is(bytes_of("")));
	assert_false(manifest_is(bytes_of("a\nevidence\n")));
	assert_false(manifest_is(bytes_of("\xeb\x52\x90NTFS    ,evidences")));
}

static void named(void **state)
{
	GPtrArray *images = images_new();
	const struct image *m;

	(void)state;
	images_add(images, "/x/a.dd");
	images_add(images, "/y/a.dd");
	images_label(images);
	m = images->pdata[1];
	assert_string_equal(m->label, "a.dd~2");
	assert_string_equal(m->evidence, "/y/a.dd");
	assert_int_equal(m->line, 0);
	g_ptr_array_unref(images);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns),
		cmocka_unit_test(unknown_columns),
		cmocka_unit_test(labels),
		cmocka_unit_test(wrong_lines),
		cmocka_unit_test(wrong_heads),
		cmocka_unit_test(recognised),
		cmocka_unit_test(named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
