/* SPDX-License-Identifier: MIT */
/*
 * test_hive.c - hives of real machines: keys, classes, values, logs, damage
 *
 * The oracles: M. Suhanov's hives and what Windows made of them; boot keys that
 * others computed; values that hivexsh(1) and regipy show.
 */
#include "tests/analyzer/evidence.h"
#include "tests/analyzer/hive_writer.h"

#include "analyzer/hive.h"

#include <string.h>

static struct hive *open_corpus(struct found **file, const char *name)
{
	struct hive *h;
	struct error err;

	*file = evidence_corpus("/config/HIVE", name);
	assert_int_equal(hive_open(&h, *file, NULL, 0, &err), OK);
	return h;
}

static void assert_class(struct hive *h, const char *path, const char *want)
{
	struct hive_key *key;
	struct error err;
	char *name;

	assert_int_equal(hive_find(&key, h, path, &err), OK);
	assert_int_equal(hive_key_class(&name, key, &err), OK);
	assert_string_equal(name, want);
	g_free(name);
	hive_key_free(key);
}

static void assert_value(struct hive *h, const char *path, const char *name,
                         const void *want, size_t n)
{
	struct secret data;
	struct error err;

	assert_int_equal(hive_value(&data, h, path, name, &err), OK);
	assert_int_equal(data.n, n);
	assert_memory_equal(data.p, want, n);
	secret_release(&data);
}

static void assert_missing(struct hive *h, const char *path, const char *name)
{
	struct secret data;
	struct error err;

	assert_int_equal(hive_value(&data, h, path, name, &err), E_ABSENT);
	assert_int_equal(data.n, 0);
}

/* The four class names, in the order of the boot key that regipy expects. */
static void test_classes(void **state)
{
	static const uint8_t one[] = { 1, 0, 0, 0 };
	struct found *file;
	struct hive *h = open_corpus(&file, "keys/regipy/SYSTEM_win7.xz");
	struct hive_key *key;
	struct error err;
	char *class;

	(void)state;
	assert_null(hive_note(h));
	assert_value(h, "Select", "Current", one, 4);
	assert_value(h, "sELECT", "cURRENT", one, 4);
	assert_value(h, "ControlSet001\\Control\\Lsa", "SecureBoot", one, 4);
	assert_class(h, "ControlSet001\\Control\\Lsa\\JD", "67cd88ed");
	assert_class(h, "controlset001\\control\\lsa\\skew1", "8df2db5b");
	assert_class(h, "ControlSet001\\Control\\Lsa\\GBG", "e770d1f4");
	assert_class(h, "ControlSet001\\Control\\Lsa\\Data", "b6cf2e27");
	assert_missing(h, "Select", "Currentt");
	assert_missing(h, "Select", "");
	assert_missing(h, "Selec", "Current");
	assert_missing(h, "Select\\Current", "Current");
	assert_missing(h, "", "Current");
	assert_int_equal(hive_find(&key, h, "Select", &err), OK);
	assert_int_equal(hive_key_class(&class, key, &err), E_ABSENT);
	assert_null(class);
	assert_int_equal(hive_key_count(key), 0);
	hive_key_free(key);
	hive_free(h);
	found_free(file);
}

static void test_walk(void **state)
{
	static const char *const want[] = { "ControlSet001", "ControlSet002" };
	struct found *file;
	struct hive *h = open_corpus(&file, "keys/regipy/SYSTEM_win7.xz");
	struct hive_key *root, *sub;
	struct error err;
	size_t n;

	(void)state;
	assert_int_equal(hive_find(&root, h, "", &err), OK);
	n = hive_key_count(root);
	assert_true(n >= 4 && n < 20);
	for (size_t i = 0; i < n; i++) {
		char *name;

		assert_int_equal(hive_key_get(&sub, root, i, &err), OK);
		name = hive_key_name(sub);
		if (i < G_N_ELEMENTS(want))
			assert_string_equal(name, want[i]);
		g_free(name);
		hive_key_free(sub);
	}
	assert_int_equal(hive_key_get(&sub, root, n, &err), E_ABSENT);
	assert_null(sub);
	hive_key_free(root);
	hive_free(h);
	found_free(file);
}

/* Two values over 16,344 bytes, in several cells each: reglookup(1) says so. */
static void test_big_data(void **state)
{
	static const struct {
		const char *name;
		size_t n;
		uint8_t c;
	} values[] = { { "", 16345, '1' }, { "v", 81725, '2' } };
	struct found *file;
	struct hive *h = open_corpus(&file, "hives/yarp/BigDataHive");
	struct secret data;
	struct error err;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		assert_int_equal(hive_value(&data, h, "key_with_bigdata",
		                            values[i].name, &err),
		                 OK);
		assert_int_equal(data.n, values[i].n);
		for (size_t k = 0; k < data.n; k++)
			assert_int_equal(data.p[k], values[i].c);
		secret_release(&data);
	}
	hive_free(h);
	found_free(file);
}

/* U+009F of one byte, U+0178 of two; a hive with newer flags of keys. */
static void test_names(void **state)
{
	struct found *file;
	struct hive *h = open_corpus(&file, "hives/yarp/NewFlagsHive");
	struct hive_key *key;
	struct error err;

	(void)state;
	assert_int_equal(hive_find(&key, h, "1\\2", &err), OK);
	hive_key_free(key);
	assert_int_equal(hive_find(&key, h, "1\\3", &err), E_ABSENT);
	assert_null(key);
	hive_free(h);
	found_free(file);
	h = open_corpus(&file, "hives/yarp/CompHive");
	assert_int_equal(hive_find(&key, h, "\xc5\xb8", &err), OK);
	hive_key_free(key);
	assert_int_equal(hive_find(&key, h, "\xc2\x9f\\123", &err), OK);
	hive_key_free(key);
	hive_free(h);
	found_free(file);
}

/* Its 5,000 sub keys are behind its end. */
static void test_cut_short(void **state)
{
	struct found *file;
	struct hive *h = open_corpus(&file, "hives/yarp/TruncatedHive");
	struct hive_key *key, *sub;
	struct error err;

	(void)state;
	assert_string_equal(hive_note(h), "bins at the end of a registry hive");
	assert_int_equal(hive_find(&key, h, "key_with_many_subkeys", &err), OK);
	assert_int_equal(hive_key_find(&sub, key, "4500", &err), E_CORRUPT);
	assert_null(sub);
	hive_key_free(key);
	hive_free(h);
	found_free(file);
}

static void test_log(void **state)
{
	struct found *file = evidence_corpus(
		"/config/H", "hives/yarp/NewDirtyHive1/NewDirtyHive");
	struct found *logs[] = {
		evidence_corpus("/config/H.LOG1",
		                "hives/yarp/NewDirtyHive1/NewDirtyHive.LOG1"),
		evidence_corpus("/config/H.LOG2",
		                "hives/yarp/NewDirtyHive1/NewDirtyHive.LOG2"),
	};
	struct hive_key *key;
	struct hive *h;
	struct error err;

	(void)state;
	assert_int_equal(hive_open(&h, file, logs, 2, &err), OK);
	assert_null(hive_note(h));
	assert_int_equal(hive_find(&key, h, "Key3\\Key3_3", &err), OK);
	hive_key_free(key);
	assert_int_equal(hive_find(&key, h, "Key1", &err), E_ABSENT);
	hive_free(h);
	assert_int_equal(hive_open(&h, file, NULL, 0, &err), OK);
	assert_string_equal(hive_note(h), "transaction log of a dirty hive");
	assert_int_equal(hive_find(&key, h, "Key1", &err), OK);
	hive_key_free(key);
	assert_int_equal(hive_find(&key, h, "Key3", &err), E_ABSENT);
	hive_free(h);
	found_free(logs[0]);
	found_free(logs[1]);
	found_free(file);
}

/* A value that is in the log alone, as hivexsh(1) shows it in Windows' own. */
static void test_old_log(void **state)
{
	struct found *file = evidence_corpus(
		"/config/H", "hives/yarp/OldDirtyHive/OldDirtyHive");
	struct found *log = evidence_corpus(
		"/config/H.LOG1", "hives/yarp/OldDirtyHive/OldDirtyHive.LOG1");
	struct hive *h;
	struct error err;

	(void)state;
	assert_int_equal(hive_open(&h, file, &log, 1, &err), OK);
	assert_value(h, "key_with_many_subkeys\\4500", "V",
	             "a\0\0\0b\0b\0\0\0c\0c\0c\0\0\0\0", 20);
	assert_missing(h, "key_with_many_subkeys\\4501", "V");
	hive_free(h);
	found_free(log);
	found_free(file);
}

static void assert_refused(struct found *file, enum status status,
                           const char *what)
{
	struct hive *h;
	struct error err;

	assert_int_equal(hive_open(&h, file, NULL, 0, &err), status);
	assert_null(h);
	assert_string_equal(err.what, what);
	found_free(file);
}

static void test_refused(void **state)
{
	static const uint8_t none[5000] = "none";

	(void)state;
	assert_refused(evidence_of("/H", none, sizeof(none)), E_ABSENT,
	               "no registry hive");
	assert_refused(evidence_of("/H", none, 0), E_ABSENT,
	               "the file is empty");
	assert_refused(evidence_of("/H", "regf", 4), E_TRUNCATED,
	               "base block of a hive");
	assert_refused(
		evidence_corpus("/H",
	                        "hives/yarp/NewDirtyHive1/NewDirtyHive.LOG1"),
		E_UNSUPPORTED, "a log where a hive is wanted");
}

/* Walk a hive wherever it leads, within bounds. */
static void walk(struct hive *h)
{
	struct hive_key *root, *sub;
	struct secret data;
	struct error err;
	char *s;

	if (hive_find(&root, h, "", &err))
		return;
	for (size_t i = 0; i < hive_key_count(root) && i < 20; i++) {
		if (hive_key_get(&sub, root, i, &err))
			continue;
		s = hive_key_name(sub);
		g_free(s);
		if (!hive_key_class(&s, sub, &err))
			g_free(s);
		if (!hive_key_value(&data, sub, "", &err))
			secret_release(&data);
		if (!hive_key_value(&data, sub, "v", &err))
			secret_release(&data);
		hive_key_free(sub);
	}
	hive_key_free(root);
}

/* Every byte of the base block, and of the keys and values behind it. */
static void test_damaged(void **state)
{
	struct found *file =
		evidence_corpus("/H", "hives/yarp/NewDirtyHive1/NewDirtyHive");
	uint8_t *p = evidence_bytes(file);

	(void)state;
	for (size_t i = 0; i < 0x1800; i++) {
		static const uint8_t changes[] = { 0x01, 0x80, 0xff };
		uint8_t was = p[i];

		for (size_t k = 0; k < sizeof(changes); k++) {
			struct hive *h;
			struct error err;

			p[i] = was ^ changes[k];
			if (!hive_open(&h, file, NULL, 0, &err))
				walk(h);
			else
				assert_non_null(err.what);
			hive_free(h);
		}
		p[i] = was;
	}
	found_free(file);
}

/* Every sector at which the file may end. */
static void test_cut(void **state)
{
	struct found *file = evidence_corpus("/H", "hives/yarp/CompHive");
	uint64_t size = file->size;

	(void)state;
	for (file->size = 0; file->size < size && file->size < 0x4000;
	     file->size += 512) {
		struct hive *h;
		struct error err;

		if (!hive_open(&h, file, NULL, 0, &err))
			walk(h);
		else
			assert_non_null(err.what);
		hive_free(h);
	}
	file->size = size;
	found_free(file);
}

/* ---------------------------------------- what stops or crashes libregf */

#define ROOM  32u /* cell of the first value's data, at the bin's start */
#define LISTS 40u

static uint32_t get_at(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return GUINT32_FROM_LE(v);
}

static void put_at(uint8_t *p, uint32_t v)
{
	v = GUINT32_TO_LE(v);
	memcpy(p, &v, 4);
}

static uint8_t *cell_of(struct found *file, uint32_t cell)
{
	return evidence_bytes(file) + 4096 + cell + 4;
}

static uint8_t *root_of(struct found *file)
{
	return cell_of(file, get_at(evidence_bytes(file) + 0x24));
}

/* A key "k" with two values, the first with room for cells. */
static struct found *small_hive(void)
{
	static const uint8_t room[16 * (LISTS + 1) - 4];
	struct writer *w = writer_new();
	struct found *file;
	GByteArray *b;

	writer_value(w, "k", "room", room, sizeof(room));
	writer_value(w, "k", "v", "abc", 3);
	b = writer_finish(w);
	file = evidence_of("/H", b->data, b->len);
	g_byte_array_unref(b);
	return file;
}

/* A cell of 16 bytes: a list of n lists, all of them `item`. */
static void put_list(struct found *file, uint32_t at, uint8_t n, uint32_t item)
{
	uint8_t *p = cell_of(file, at);

	put_at(p - 4, UINT32_MAX - 16 + 1);
	memcpy(p, (const uint8_t[]){ 'r', 'i', n, 0 }, 4);
	put_at(p + 4, item);
	put_at(p + 8, item);
}

static void assert_no_key(struct found *file)
{
	struct hive_key *key;
	struct hive *h;
	struct error err;

	assert_int_equal(hive_open(&h, file, NULL, 0, &err), OK);
	assert_int_equal(hive_find(&key, h, "k", &err), E_CORRUPT);
	assert_string_equal(err.what, "sub keys of a hive");
	assert_null(key);
	hive_free(h);
}

/* regfexport(1) of libregf 20201007: SIGSEGV, for want of stack. */
static void test_list_of_itself(void **state)
{
	struct found *file = small_hive();

	(void)state;
	for (uint32_t at = ROOM; at <= ROOM + 16 * LISTS; at += 16)
		put_list(file, at, 1, at);
	put_at(root_of(file) + 0x1c, ROOM);
	assert_no_key(file);
	found_free(file);
}

/* The same: no end within a minute; each names the next, the last nothing. */
static void test_lists_of_two(void **state)
{
	struct found *file = small_hive();

	(void)state;
	for (uint32_t i = 0; i < LISTS; i++)
		put_list(file, ROOM + 16 * i, 2, ROOM + 16 * (i + 1));
	put_list(file, ROOM + 16 * LISTS, 1, INT32_MAX - 15);
	put_at(root_of(file) + 0x1c, ROOM);
	assert_no_key(file);
	found_free(file);
}

/* The same: 4 * count overflows, it reads past the list and takes 2.6 GB. */
static void test_value_count(void **state)
{
	struct found *file = small_hive();
	uint8_t *list = cell_of(file, get_at(root_of(file) + 0x1c));
	uint8_t *k = cell_of(file, get_at(list + 4));
	struct secret data;
	struct hive *h;
	struct error err;

	(void)state;
	assert_int_equal(get_at(k + 0x24), 2);
	put_at(k + 0x24, 0x40000002);
	assert_int_equal(hive_open(&h, file, NULL, 0, &err), OK);
	assert_value(h, "k", "v", "abc", 3);
	assert_int_equal(hive_value(&data, h, "k", "x", &err), E_CORRUPT);
	assert_string_equal(err.what, "value of a hive");
	hive_free(h);
	found_free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_big_data),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_old_log),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_list_of_itself),
		cmocka_unit_test(test_lists_of_two),
		cmocka_unit_test(test_value_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
