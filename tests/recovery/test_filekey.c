/* SPDX-License-Identifier: MIT */
/*
 * test_filekey.c - which key opens a file, and what is said when none does
 *
 * The $EFS is a real one of Windows 10: three entries of 2048 bits, of which
 * the first is for the key at hand.
 */
#include "recovery/filekey.h"
#include "tests/recovery/material.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/limits.h"

#define REAL     "efs-win10-aes256/user.pfx"
#define REAL_KEY "efs-win10-aes256/user-key.pem"

/* Whatever is done beforehand, all that follows must be the same. */
static enum way { ALONE, AHEAD, KNOWN, WAYS } way;

struct scene {
	struct bytes in; /* the $EFS, ours to damage */
	struct efs efs;
	struct keyring *ring;
	struct unwraps *known;
	struct filekey fk;
	struct error err;
};

static int setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	way = *(const enum way *)*state;
	assert_non_null(s);
	s->in = material("efs-win10-aes256/efs-attribute.bin");
	assert_int_equal(efs_parse(&s->efs, s->in, &s->err), OK);
	s->ring = keyring_new();
	s->known = way == KNOWN ? unwraps_new() : NULL;
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	filekey_release(&s->fk);
	filekey_release(&s->fk);
	unwraps_free(s->known);
	keyring_free(s->ring);
	material_free(s->in);
	free(s);
	return 0;
}

static void add(struct scene *s, const char *name)
{
	assert_int_equal(material_add(s->ring, name, "1\n" KEYS_PASSWORD), OK);
}

static enum status open_it(struct scene *s)
{
	enum status status;

	filekey_release(&s->fk);
	s->err = (struct error){ 0 };
	filekey_plan(&s->fk, &s->efs, s->ring, s->known);
	if (way != ALONE)
		filekey_prepare(&s->fk);
	status = filekey_open(&s->fk, &s->efs, s->ring, &s->err);
	assert_int_equal(s->err.status, status);
	assert_true(!s->fk.key == (status && status != E_UNSUPPORTED) ||
	            !s->fk.key);
	assert_true(!s->fk.block.p == !s->fk.key);
	return status;
}

static const struct filekey_try *try_at(const struct scene *s, guint i)
{
	assert_true(i < s->fk.tries->len);
	return &g_array_index(s->fk.tries, struct filekey_try, i);
}

static void tried(const struct scene *s, guint i, enum efs_ring ring,
                  unsigned entry, bool by_thumbprint, enum status status)
{
	const struct filekey_try *t = try_at(s, i);

	assert_int_equal(t->ring, ring);
	assert_int_equal(t->entry, entry);
	assert_int_equal(t->by_thumbprint, by_thumbprint);
	assert_int_equal(t->status, status);
	assert_non_null(t->key);
	if (status)
		assert_string_not_equal(t->result, "opened");
	else
		assert_string_equal(t->result, "opened");
}

/* The file key that the publishers of the sample give. */
static void is_the_real_key(const struct scene *s)
{
	struct bytes plain = material("efs-win10-aes256/fek-structure.bin");

	assert_int_equal(s->fk.fek.algorithm, FEK_AES_256);
	assert_int_equal(s->fk.fek.key.n, 32);
	assert_memory_equal(s->fk.fek.key.p, plain.p + 16, 32);
	material_free(plain);
}

/* The n-th entry of a list. */
static struct efs_key entry_of(struct bytes list, unsigned n)
{
	struct efs_keys it = efs_keys_open(list);
	struct efs_key key;

	for (unsigned i = 0; i <= n; i++)
		assert_true(efs_keys_next(&it, &key));
	return key;
}

/* A byte of the evidence, by its offset. */
static uint8_t *evidence(const struct scene *s, uint64_t at)
{
	return material_at(s->in, (size_t)(at - s->in.at));
}

/* ------------------------------------------------------------------- opening
 */

static void opens_by_thumbprint(void **state)
{
	struct scene *s = *state;

	add(s, "keys/rsa2048.pfx");
	add(s, REAL);
	assert_int_equal(open_it(s), OK);
	assert_int_equal(s->fk.ring, EFS_DDF);
	assert_int_equal(s->fk.entry, 0);
	assert_ptr_equal(s->fk.key, keyring_get(s->ring, 1));
	assert_int_equal(s->fk.tried, 1);
	tried(s, 0, EFS_DDF, 0, true, OK);
	is_the_real_key(s);

	/* the same file, in a shadow copy */
	assert_int_equal(open_it(s), OK);
	assert_int_equal(s->fk.ahead.unpadded, way == KNOWN);
	tried(s, 0, EFS_DDF, 0, true, OK);
	is_the_real_key(s);
}

static void opens_by_mathematics(void **state)
{
	struct scene *s = *state;

	add(s, "keys/rsa2048.key");
	add(s, "keys/rsa4096.key"); /* not of the length: never tried */
	add(s, REAL_KEY);
	assert_int_equal(open_it(s), OK);
	assert_int_equal(s->fk.ring, EFS_DDF);
	assert_int_equal(s->fk.entry, 0);
	assert_int_equal(s->fk.tried, 2);
	tried(s, 0, EFS_DDF, 0, false, E_KEY);
	tried(s, 1, EFS_DDF, 0, false, OK);
	is_the_real_key(s);

	/* the next file of this user is quicker */
	assert_int_equal(open_it(s), OK);
	assert_int_equal(s->fk.tried, 1);
	tried(s, 0, EFS_DDF, 0, false, OK);
}

/* Keys that failed on the entries of an owner three times are left alone,
   until another key comes. */
static void gives_up(void **state)
{
	struct scene *s = *state;

	add(s, "keys/rsa2048.key");
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(open_it(s), E_ABSENT);
		assert_int_equal(s->fk.tried, 3);
		assert_false(s->fk.gave_up);
	}
	assert_int_equal(open_it(s), E_ABSENT);
	assert_int_equal(s->fk.tried, 0);
	assert_true(s->fk.gave_up);
	add(s, REAL_KEY);
	assert_int_equal(open_it(s), OK);
	is_the_real_key(s);
}

/* Another's entry under the thumbprint of one that we can open: that it does
   not open is no damage. */
static void learns_nothing_wrong(void **state)
{
	struct scene *s = *state;
	struct efs_keys it = efs_keys_open(s->efs.drf);
	struct efs_key agent;

	add(s, REAL_KEY);
	assert_true(efs_keys_next(&it, &agent));
	keyring_learn(s->ring, agent.credential.thumbprint,
	              keyring_get(s->ring, 0));
	s->efs.ddf = (struct bytes){ 0 };
	assert_int_equal(open_it(s), E_ABSENT);
	assert_int_equal(s->fk.tried, 1);
}

/* The same wrapped key in the agents' list. */
static void opens_the_drf(void **state)
{
	struct scene *s = *state;
	struct bytes drf = s->efs.drf;

	s->efs.drf = s->efs.ddf;
	s->efs.ddf = drf;
	add(s, REAL_KEY);
	assert_int_equal(open_it(s), OK);
	assert_int_equal(s->fk.ring, EFS_DRF);
	assert_int_equal(s->fk.entry, 0);
	is_the_real_key(s);
	s->efs.ddf = (struct bytes){ 0 };
	assert_int_equal(open_it(s), OK);
	assert_int_equal(s->fk.ring, EFS_DRF);
}

/* An entry may hold the certificate where others hold its thumbprint. */
static void opens_by_embedded_certificate(void **state)
{
	struct scene *s = *state;
	struct bytes fek = entry_of(s->efs.ddf, 0).fek;
	const struct key_cert *cert;
	struct key_file kf;
	GByteArray *list = g_byte_array_new();
	uint32_t head[12];
	struct bytes der;

	assert_int_equal(material_read(&kf, REAL, "1"), OK);
	cert = &g_array_index(kf.certs, struct key_cert, 0);
	der.p = g_bytes_get_data(cert->der, &der.n);
	head[0] = 1;
	head[1] = (uint32_t)(20 + 28 + der.n + fek.n);
	head[2] = 20;
	head[3] = (uint32_t)fek.n;
	head[4] = (uint32_t)(20 + 28 + der.n);
	head[5] = 0;
	head[6] = (uint32_t)(28 + der.n);
	head[7] = 0;
	head[8] = EFS_CREDENTIAL_CERTIFICATE;
	head[9] = (uint32_t)der.n;
	head[10] = 28;
	head[11] = 0;
	for (size_t i = 0; i < COUNT(head); i++)
		head[i] = GUINT32_TO_LE(head[i]);
	g_byte_array_append(list, (uint8_t *)head, sizeof(head));
	g_byte_array_append(list, (const uint8_t *)"\0\0\0\0", 4);
	g_byte_array_append(list, der.p, (guint)der.n);
	g_byte_array_append(list, fek.p, (guint)fek.n);
	s->efs.ddf = (struct bytes){ list->data, list->len, 0 };
	s->efs.drf = (struct bytes){ 0 };

	add(s, REAL);
	assert_int_equal(open_it(s), OK);
	tried(s, 0, EFS_DDF, 0, true, OK);
	is_the_real_key(s);
	(void)g_byte_array_free(list, TRUE);
	key_file_release(&kf);
}

/* --------------------------------------------------------------- not opening
 */

static void says_that_no_key_matches(void **state)
{
	struct scene *s = *state;

	assert_int_equal(open_it(s), E_ABSENT);
	assert_int_equal(s->fk.tries->len, 0);

	add(s, "keys/rsa2048.pfx");
	add(s, "keys/rsa1024.pfx");
	assert_int_equal(open_it(s), E_ABSENT);
	assert_int_equal(s->fk.tried, 3);
	tried(s, 0, EFS_DDF, 0, false, E_KEY);
	tried(s, 1, EFS_DDF, 1, false, E_KEY);
	tried(s, 2, EFS_DRF, 0, false, E_KEY);
	assert_null(s->fk.fek.key.p);
	assert_null(s->fk.block.p);
}

static void says_that_the_entry_is_damaged(void **state)
{
	struct scene *s = *state;
	struct efs_key entry = entry_of(s->efs.ddf, 0);

	*evidence(s, entry.fek.at + 100) ^= 1;
	add(s, REAL);
	assert_int_equal(open_it(s), E_CORRUPT);
	assert_int_equal(s->err.at, entry.fek.at);
	/* the other entries may still be for this key; this one is not again */
	assert_int_equal(s->fk.tried, 3);
	tried(s, 0, EFS_DDF, 0, true, E_KEY);
	tried(s, 1, EFS_DDF, 1, false, E_KEY);
	tried(s, 2, EFS_DRF, 0, false, E_KEY);
}

/* Damaged for one key, sound for another. */
static void goes_on_behind_a_damaged_entry(void **state)
{
	struct scene *s = *state;
	struct efs_key good = entry_of(s->efs.ddf, 0);
	struct efs_key other = entry_of(s->efs.ddf, 1);

	for (size_t i = 0; i < good.fek.n; i++)
		*evidence(s, other.fek.at + i) = good.fek.p[i];
	*evidence(s, good.fek.at) ^= 1;
	add(s, REAL);
	assert_int_equal(open_it(s), OK);
	assert_int_equal(s->fk.entry, 1);
	assert_int_equal(s->fk.tried, 2);
	tried(s, 0, EFS_DDF, 0, true, E_KEY);
	tried(s, 1, EFS_DDF, 1, false, OK);
	is_the_real_key(s);
}

static void says_that_the_key_is_locked(void **state)
{
	struct scene *s = *state;

	assert_int_equal(material_add(s->ring, REAL, "wrong"), E_KEY);
	assert_int_equal(open_it(s), E_KEY);
	assert_int_equal(s->err.at, entry_of(s->efs.ddf, 0).at);
	assert_int_equal(s->fk.tried, 0);
	add(s, "keys/rsa2048.key");
	assert_int_equal(open_it(s), E_KEY);
	assert_int_equal(s->fk.tried, 3);
	add(s, REAL_KEY);
	assert_int_equal(open_it(s), OK);
}

/* Entry flags are the u32 at 0x10. */
static void says_that_flags_are_not_ours(void **state)
{
	struct scene *s = *state;
	const uint64_t entries[] = { entry_of(s->efs.ddf, 0).at,
		                     entry_of(s->efs.ddf, 1).at,
		                     entry_of(s->efs.drf, 0).at };

	/* ours is the one that cannot be opened */
	*evidence(s, entries[0] + 0x10) = EFS_FLAG_SMARTCARD;
	add(s, REAL);
	assert_int_equal(open_it(s), E_UNSUPPORTED);
	assert_null(s->fk.key);
	assert_int_equal(s->fk.tried, 2);

	/* all of them are such */
	*evidence(s, entries[1] + 0x10) = EFS_FLAG_SMARTCARD;
	*evidence(s, entries[2] + 0x13) = 0x80;
	assert_int_equal(open_it(s), E_UNSUPPORTED);
	assert_int_equal(s->fk.tried, 0);
	keyring_free(s->ring);
	s->ring = keyring_new();
	assert_int_equal(open_it(s), E_UNSUPPORTED);
}

static void reports_damaged_lists(void **state)
{
	static const uint8_t cut[] = { 1, 0, 0, 0, 99 };
	static const uint8_t none[] = { 0, 0, 0, 0 };
	struct scene *s = *state;

	add(s, REAL);
	s->efs.ddf = (struct bytes){ cut, sizeof(cut), 50 };
	s->efs.drf = (struct bytes){ 0 };
	assert_int_equal(open_it(s), E_CORRUPT);
	assert_int_equal(s->err.at, 54);
	s->efs.ddf = (struct bytes){ none, sizeof(none), 50 };
	assert_int_equal(open_it(s), E_ABSENT);
	s->efs.ddf = (struct bytes){ 0 };
	assert_int_equal(open_it(s), E_ABSENT);
}

/* ---------------------------------------------------------- lists of our own
 */

/* `n` entries of one wrapped key, and no credential. */
static GByteArray *list_of(struct bytes fek, uint32_t n)
{
	const uint32_t head[] = { GUINT32_TO_LE(20 + (uint32_t)fek.n),
		                  GUINT32_TO_LE(20 + (uint32_t)fek.n),
		                  GUINT32_TO_LE((uint32_t)fek.n),
		                  GUINT32_TO_LE(20), 0 };
	const uint32_t count = GUINT32_TO_LE(n);
	GByteArray *list = g_byte_array_new();

	g_byte_array_append(list, (const uint8_t *)&count, sizeof(count));
	for (; n; n--) {
		g_byte_array_append(list, (const uint8_t *)head, sizeof(head));
		g_byte_array_append(list, fek.p, (guint)fek.n);
	}
	return list;
}

static void opens_unknown_ciphers(void **state)
{
	struct scene *s = *state;
	struct bytes fek = material("pfx/wrapped-unknown.bin");
	GByteArray *list = list_of(fek, 1);

	s->efs.ddf = (struct bytes){ list->data, list->len, 0 };
	s->efs.drf = (struct bytes){ 0 };
	add(s, "keys/rsa512.key");
	assert_int_equal(open_it(s), E_UNSUPPORTED);
	assert_ptr_equal(s->fk.key, keyring_get(s->ring, 0));
	assert_int_equal(s->fk.fek.algorithm, 0x6699);
	assert_int_equal(s->fk.fek.key.n, 16);
	assert_memory_equal(s->fk.fek.key.p, "0123456789abcdef", 16);
	tried(s, 0, EFS_DDF, 0, false, E_UNSUPPORTED);
	(void)g_byte_array_free(list, TRUE);
	material_free(fek);
}

static void caps_the_record(void **state)
{
	struct scene *s = *state;
	static const uint8_t wrong[64] = { 2 };
	GByteArray *list;

	list = list_of((struct bytes){ wrong, sizeof(wrong), 0 },
	               LIMIT_TRIES + 5);
	s->efs.ddf = (struct bytes){ list->data, list->len, 0 };
	s->efs.drf = (struct bytes){ 0 };
	add(s, "keys/rsa512.key");
	assert_int_equal(open_it(s), E_ABSENT);
	assert_int_equal(s->fk.tried, LIMIT_TRIES + 5);
	assert_int_equal(s->fk.tries->len, LIMIT_TRIES);
	(void)g_byte_array_free(list, TRUE);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(opens_by_thumbprint),
		TEST(opens_by_mathematics),
		TEST(gives_up),
		TEST(learns_nothing_wrong),
		TEST(opens_the_drf),
		TEST(opens_by_embedded_certificate),
		TEST(says_that_no_key_matches),
		TEST(says_that_the_entry_is_damaged),
		TEST(goes_on_behind_a_damaged_entry),
		TEST(says_that_the_key_is_locked),
		TEST(says_that_flags_are_not_ours),
		TEST(reports_damaged_lists),
		TEST(opens_unknown_ciphers),
		TEST(caps_the_record),
	};

	static enum way ways[] = { ALONE, AHEAD, KNOWN };
	struct CMUnitTest all[WAYS * COUNT(tests)];

	for (size_t i = 0; i < COUNT(all); i++) {
		all[i] = tests[i % COUNT(tests)];
		all[i].initial_state = &ways[i / COUNT(tests)];
	}
	return cmocka_run_group_tests_name("filekey", all, NULL, NULL);
}
