/* SPDX-License-Identifier: MIT */
/*
 * test_bitlocker.c - the protectors of one volume: what opens it, and what not,
 * and why
 */
#include "parsers/limits.h"
#include "recovery/bitlocker.h"
#include "recovery/crypto.h"
#include "tests/recovery/vectors.h"

#include <string.h>

#define PASSWORD_2 "zweites Pa\xc3\x9fwort \xf0\x9d\x84\x9e \xc2\xa3"
#define RECOVERY   "367037-464706-364892-606100-590799-206173-454905-436238"
#define OTHERS     "042647-302313-590458-071500-554323-116567-412181-516978"

/* The metadata of testdata/bitlocker, and what is given to open it. */
struct world {
	struct bytes block, usb, other;
	struct bitlocker_meta meta;
	struct passwords passwords, recovery;
	struct bitlocker_key_file files[2];
	size_t n_files;
	unsigned stretched;
	struct bitlocker_keys keys;
	char *why;
	struct error err;
};

static void parse(struct world *w)
{
	assert_int_equal(bitlocker_meta_parse(&w->meta, w->block, 512, &w->err),
	                 OK);
}

static void init(struct world *w)
{
	*w = (struct world){ .block = material("bitlocker/metadata.bin"),
		             .usb = material("bitlocker/USB.BEK"),
		             .other = material("bitlocker/other.BEK") };
	parse(w);
	assert_true(w->meta.sound);
}

static void drop(struct world *w)
{
	passwords_release(&w->passwords);
	passwords_release(&w->recovery);
	bitlocker_keys_release(&w->keys);
	g_clear_pointer(&w->why, g_free);
	w->n_files = 0;
}

static void release(struct world *w)
{
	drop(w);
	material_free(w->block);
	material_free(w->usb);
	material_free(w->other);
}

static void give(struct passwords *pw, const char *text)
{
	struct secret s = { 0 };
	struct error err;

	assert_int_equal(secret_alloc(&s, strlen(text), &err), OK);
	memcpy(s.p, text, s.n);
	assert_int_equal(passwords_add(pw, &s, &err), OK);
}

static void give_file(struct world *w, const char *name, struct bytes content)
{
	w->files[w->n_files++] = (struct bitlocker_key_file){ name, content };
}

static enum status unlock(struct world *w)
{
	const struct bitlocker_secrets given = {
		.passwords = &w->passwords,
		.recovery = &w->recovery,
		.files = w->files,
		.n_files = w->n_files,
		.stretched = &w->stretched,
	};
	const struct trial trial = { .jobs = 3 };

	return bitlocker_unlock(&w->keys, &w->why, &w->meta, &given, &trial,
	                        &w->err);
}

/* It opens, by this, with the keys that the .BEK file opens it to. */
static void assert_opens(struct world *w, const char *by, uint16_t type)
{
	struct world usb;

	assert_int_equal(unlock(w), OK);
	assert_null(w->why);
	assert_string_equal(w->keys.by, by);
	assert_int_equal(w->keys.type, type);
	assert_int_equal(w->keys.method, BITLOCKER_XTS_256);
	assert_true(w->keys.proved);
	assert_null(w->keys.tweak.p);
	init(&usb);
	give_file(&usb, "F", usb.usb);
	assert_int_equal(unlock(&usb), OK);
	assert_secret(&w->keys.fvek, secret_view(&usb.keys.fvek));
	assert_int_equal(w->keys.fvek.n, 64);
	release(&usb);
	drop(w);
}

static void assert_says(const struct world *w, const char *text)
{
	if (!strstr(w->why, text))
		print_message("# not \"%s\" in: %s\n", text, w->why);
	assert_non_null(strstr(w->why, text));
}

/* ------------------------------------------------------------------- tests */

static void every_protector_opens_it(void **state)
{
	struct world w;

	(void)state;
	init(&w);
	give(&w.passwords, "correct horse battery\n");
	assert_opens(&w, "password #1", BITLOCKER_BY_PASSWORD);
	give(&w.passwords, "wrong\n\nstill wrong\n" PASSWORD_2 "\nmore\n");
	assert_opens(&w, "password #4", BITLOCKER_BY_PASSWORD);
	give(&w.recovery, "Key:\n" OTHERS "\n  " RECOVERY "  \n");
	assert_opens(&w, "recovery password #3", BITLOCKER_BY_RECOVERY);
	/* One in the list of passwords is as good. */
	give(&w.recovery, OTHERS);
	give(&w.passwords, "x\n" RECOVERY);
	assert_opens(&w, "recovery password #2", BITLOCKER_BY_RECOVERY);
	give_file(&w, "other.BEK", w.other);
	give_file(&w, "USB.BEK", w.usb);
	assert_opens(&w, "startup key USB.BEK", BITLOCKER_BY_EXTERNAL);
	release(&w);
}

/* A cheaper way first, however many there are. */
static void the_cheapest_way_is_named(void **state)
{
	struct world w;

	(void)state;
	init(&w);
	give(&w.passwords, "correct horse battery");
	give(&w.recovery, RECOVERY);
	give_file(&w, "USB.BEK", w.usb);
	assert_opens(&w, "startup key USB.BEK", BITLOCKER_BY_EXTERNAL);
	give(&w.passwords, "correct horse battery");
	give(&w.recovery, RECOVERY);
	assert_opens(&w, "recovery password #1", BITLOCKER_BY_RECOVERY);
	release(&w);
}

static void assert_locked(struct world *w)
{
	assert_int_equal(unlock(w), E_KEY);
	assert_non_null(w->why);
	assert_null(w->keys.fvek.p);
	assert_null(w->keys.by);
	assert_says(w, "; TPM {");
	assert_says(w, "}: needs the TPM of its computer; certificate {");
	assert_says(w, "}: needs the private key of the certificate, which is "
	               "not supported");
}

/* Each costs a million rounds for each password; files are free. */
static void not_on_protectors_without_end(void **state)
{
	struct world w;

	(void)state;
	init(&w);
	give(&w.passwords, "correct horse battery");
	w.stretched = LIMIT_BITLOCKER_STRETCHED - 1;
	assert_opens(&w, "password #1", BITLOCKER_BY_PASSWORD);
	assert_int_equal(w.stretched, LIMIT_BITLOCKER_STRETCHED);

	give(&w.passwords, "correct horse battery");
	give(&w.recovery, RECOVERY);
	assert_locked(&w);
	assert_says(&w, "; recovery password {");
	assert_says(&w, "}: over the limit of protectors that passwords are "
	                "tried on; password {");
	assert_int_equal(w.stretched, LIMIT_BITLOCKER_STRETCHED);
	drop(&w);
	give(&w.passwords, "correct horse battery");
	give_file(&w, "USB.BEK", w.usb);
	assert_opens(&w, "startup key USB.BEK", BITLOCKER_BY_EXTERNAL);
	release(&w);
}

static void it_says_what_is_missing(void **state)
{
	struct world w;

	(void)state;
	init(&w);
	assert_locked(&w);
	assert_says(&w, "startup key {");
	assert_says(&w, "}: no key file was given; recovery password {");
	assert_says(&w, "}: no recovery password was given; password {");
	assert_says(&w, "}: no password was given; password {");
	drop(&w);

	give(&w.passwords, "one\ntwo");
	give(&w.recovery, OTHERS);
	give_file(&w, "other.BEK", w.other);
	assert_locked(&w);
	assert_says(&w, "}: other.BEK is another one's, {");
	assert_says(&w, "}: 1 recovery password tried, none opens it; ");
	assert_says(&w, "}: 2 passwords tried, none opens it; ");
	drop(&w);

	give(&w.recovery, "no digits");
	give_file(&w, "x.BEK", w.block);
	assert_locked(&w);
	assert_says(&w, "}: x.BEK cannot be used (no BitLocker key file); ");
	assert_says(&w,
	            "}: no given line is a recovery password: 8 groups of 6 "
	            "digits, each divisible by 11 and below 720896; ");
	release(&w);
}

/* The key of a file that says it is the right one, but is not. */
static void a_wrong_key_file_is_named(void **state)
{
	struct world w;

	(void)state;
	init(&w);
	*material_at(w.usb, w.usb.n - 1) ^= 1;
	give_file(&w, "USB.BEK", w.usb);
	assert_locked(&w);
	assert_says(&w, "}: USB.BEK does not open it; ");
	drop(&w);
	/* And one of the right key, but of another GUID. */
	*material_at(w.usb, w.usb.n - 1) ^= 1;
	*material_at(w.usb, 0x38) ^= 1;
	give_file(&w, "USB.BEK", w.usb);
	assert_opens(&w, "startup key USB.BEK", BITLOCKER_BY_EXTERNAL);
	release(&w);
}

/* ------------------------------------------------------------------ damage */

/* The entry of metadata with this type; its offset in the block. */
static size_t entry_at(const struct world *w, uint16_t type)
{
	struct bitlocker_entries it = bitlocker_entries_open(w->meta.entries);
	struct bitlocker_entry e;

	while (bitlocker_entries_next(&it, &e))
		if (e.type == type)
			break;
	assert_int_equal(e.type, type);
	return (size_t)(e.all.at - w->block.at);
}

static void a_damaged_sector_key_is_no_wrong_secret(void **state)
{
	struct world w;

	(void)state;
	init(&w);
	*material_at(w.block, entry_at(&w, BITLOCKER_FVEK) + 40) ^= 1;
	parse(&w);
	assert_false(w.meta.sound);
	give_file(&w, "USB.BEK", w.usb);
	assert_int_equal(unlock(&w), E_CORRUPT);
	assert_null(w.why);
	assert_null(w.keys.by);
	release(&w);
}

/* The checksum anybody can mend; the hash only who has the key. */
static void changed_metadata_is_not_proved(void **state)
{
	struct world w;

	(void)state;
	init(&w);
	w.meta.all.n -= 1;
	give_file(&w, "USB.BEK", w.usb);
	assert_int_equal(unlock(&w), OK);
	assert_false(w.keys.proved);
	drop(&w);
	w.meta.all.n += 1;
	w.meta.hash = (struct bitlocker_locked){ 0 };
	give_file(&w, "USB.BEK", w.usb);
	assert_int_equal(unlock(&w), OK);
	assert_false(w.keys.proved);
	release(&w);
}

static void damaged_protectors_are_named(void **state)
{
	struct world w;
	size_t at;

	(void)state;
	init(&w);
	/* The first protector's stretch key becomes something unknown. */
	at = entry_at(&w, BITLOCKER_VMK) + 36;
	assert_int_equal(w.block.p[at + 4], BITLOCKER_VALUE_STRETCH);
	*material_at(w.block, at + 4) = 0x70;
	parse(&w);
	assert_locked(&w);
	assert_says(&w, "}: damaged (protector without a salt); ");
	drop(&w);
	/* Its type becomes unknown. */
	*material_at(w.block, at - 1) = 0x40;
	parse(&w);
	assert_int_equal(unlock(&w), E_KEY);
	assert_says(&w, "unknown protector {");
	assert_says(&w, "}: not known (0x4000)");
	drop(&w);
	/* Its length leads past the end: the rest is not there. */
	*material_at(w.block, at - 36 + 1) = 0x40;
	parse(&w);
	assert_int_equal(unlock(&w), E_KEY);
	assert_string_equal(w.why, "the rest is damaged (length of a BitLocker "
	                           "entry)");
	drop(&w);
	w.meta.entries.n = 0;
	assert_int_equal(unlock(&w), E_KEY);
	assert_string_equal(w.why, "it has no protector");
	release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_protector_opens_it),
		cmocka_unit_test(the_cheapest_way_is_named),
		cmocka_unit_test(not_on_protectors_without_end),
		cmocka_unit_test(it_says_what_is_missing),
		cmocka_unit_test(a_wrong_key_file_is_named),
		cmocka_unit_test(a_damaged_sector_key_is_no_wrong_secret),
		cmocka_unit_test(changed_metadata_is_not_proved),
		cmocka_unit_test(damaged_protectors_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
