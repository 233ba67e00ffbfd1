/* SPDX-License-Identifier: MIT */
/*
 * test_sam.c - accounts of real machines, and their hashes
 */
#include "tests/recovery/vectors.h"

#include "tests/recovery/vectors_sam.h"

#include "recovery/sam.h"

static void open_sam(struct secret *key, size_t i)
{
	struct bytes boot = hexed(sams[i].boot);
	struct bytes f = hexed(sams[i].f);
	struct error err;

	assert_int_equal(sam_key_open(key, f, boot, &err), OK);
	assert_int_equal(key->n, 16);
	material_free(boot);
	material_free(f);
}

static void test_key(void **state)
{
	struct bytes wrong = hexed("00112233445566778899aabbccddeeff");
	struct secret key;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(sams) / sizeof(*sams); i++) {
		struct bytes f = hexed(sams[i].f);

		open_sam(&key, i);
		secret_release(&key);
		assert_int_equal(sam_key_open(&key, f, wrong, &err), E_KEY);
		assert_int_equal(key.n, 0);
		for (size_t n = 0; n < f.n; n++) {
			struct bytes cut = material_copy(f, n);

			if (!sam_key_open(&key, cut, wrong, &err))
				assert_null("a wrong key");
			material_free(cut);
		}
		material_free(f);
	}
	material_free(wrong);
}

static void assert_name(struct bytes utf16, const char *name)
{
	assert_int_equal(utf16.n, 2 * strlen(name));
	for (size_t i = 0; i < utf16.n; i += 2)
		assert_int_equal(utf16.p[i], (uint8_t)name[i / 2]);
}

static void test_users(void **state)
{
	struct sam_user user;
	struct secret key, nt;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(*users); i++) {
		struct bytes v = hexed(users[i].v);
		struct bytes want = hexed(users[i].nt);

		open_sam(&key, users[i].sam);
		assert_int_equal(sam_user_parse(&user, v, &err), OK);
		assert_name(user.name, users[i].name);
		assert_int_equal(sam_user_nt(&nt, &user, users[i].rid,
		                             secret_view(&key), &err),
		                 want.n ? OK : E_ABSENT);
		assert_int_equal(nt.n, want.n);
		if (want.n)
			assert_memory_equal(nt.p, want.p, want.n);
		secret_release(&nt);
		secret_release(&key);
		material_free(v);
		material_free(want);
	}
}

static void test_damage(void **state)
{
	struct sam_user user;
	struct secret key, nt;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(*users); i++) {
		struct bytes v = hexed(users[i].v);

		open_sam(&key, users[i].sam);
		for (size_t n = 0; n < v.n; n++) {
			struct bytes cut = material_copy(v, n);

			if (!sam_user_parse(&user, cut, &err) &&
			    !sam_user_nt(&nt, &user, users[i].rid,
			                 secret_view(&key), &err))
				secret_release(&nt);
			material_free(cut);
		}
		secret_release(&key);
		material_free(v);
	}
}

/* [MS-DTYP] 2.4.2.2; what is before it does not matter. */
static void test_machine_sid(void **state)
{
	struct bytes v =
		hexed("ffff010400000000000515000000a64ddd54933204de30f57de4");
	struct bytes sid;
	struct error err;

	(void)state;
	assert_int_equal(sam_machine_sid(&sid, v, &err), OK);
	assert_ptr_equal(sid.p, v.p + 2);
	assert_int_equal(sid.n, 24);
	v.n--;
	assert_int_equal(sam_machine_sid(&sid, v, &err), E_CORRUPT);
	assert_int_equal(sid.n, 0);
	v.n = 23;
	assert_int_equal(sam_machine_sid(&sid, v, &err), E_TRUNCATED);
	material_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_machine_sid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
