/* SPDX-License-Identifier: MIT */
/*
 * test_bitlocker_cipher.c - sectors of every method, near and far
 */
#include "recovery/bitlocker_cipher.h"
#include "tests/recovery/vectors.h"

#include <string.h>

#define SECTOR 512u

static const struct {
	const char *name;
	enum bitlocker_method method;
} methods[] = {
	{ "cbc-128", BITLOCKER_CBC_128 },
	{ "cbc-256", BITLOCKER_CBC_256 },
	{ "cbc-128-diffuser", BITLOCKER_CBC_128_DIFFUSER },
	{ "cbc-256-diffuser", BITLOCKER_CBC_256_DIFFUSER },
	{ "xts-128", BITLOCKER_XTS_128 },
	{ "xts-256", BITLOCKER_XTS_256 },
};

static uint16_t method_of(const char *name)
{
	for (size_t i = 0; i < COUNT(methods); i++)
		if (!strcmp(name, methods[i].name))
			return (uint16_t)methods[i].method;
	return 0;
}

static void take(struct secret *to, const char *hex)
{
	struct bytes b;
	struct error err;

	if (!strcmp(hex, "-"))
		return;
	b = hexed(hex);
	assert_int_equal(secret_alloc(to, b.n, &err), OK);
	memcpy(to->p, b.p, b.n);
	material_free(b);
}

static void assert_pattern(const uint8_t *p)
{
	for (size_t i = 0; i < SECTOR; i++)
		assert_int_equal(p[i], (uint8_t)(7 * i + i / 256));
}

/* Those before it are somewhere else, and so different. */
static void check_last_of_several(struct bitlocker_cipher *c, struct bytes in,
                                  uint64_t offset)
{
	uint8_t buf[40][SECTOR];
	struct error err;

	for (size_t i = 0; i < COUNT(buf); i++)
		memcpy(buf[i], in.p, SECTOR);
	assert_int_equal(bitlocker_decrypt(c, buf[0], sizeof(buf),
	                                   offset - (COUNT(buf) - 1) * SECTOR,
	                                   &err),
	                 OK);
	assert_pattern(buf[COUNT(buf) - 1]);
	for (size_t i = 0; i + 1 < COUNT(buf); i++)
		assert_memory_not_equal(buf[i], buf[COUNT(buf) - 1], SECTOR);
}

/* Method, offset, key, tweak key, ciphertext: by mkbitlocker.py. */
static void check_sector(char **field)
{
	uint64_t offset = g_ascii_strtoull(field[1], NULL, 10);
	struct bytes in = hexed(field[4]);
	struct bitlocker_keys keys = { .method = method_of(field[0]) };
	struct bitlocker_cipher c;
	uint8_t buf[SECTOR];
	struct error err;

	assert_int_equal(in.n, SECTOR);
	take(&keys.fvek, field[2]);
	take(&keys.tweak, field[3]);
	assert_int_equal(bitlocker_cipher_init(&c, &keys, SECTOR, &err), OK);
	memcpy(buf, in.p, SECTOR);
	assert_int_equal(bitlocker_decrypt(&c, buf, SECTOR, offset, &err), OK);
	assert_pattern(buf);
	if (offset)
		check_last_of_several(&c, in, offset);
	bitlocker_cipher_release(&c);
	bitlocker_keys_release(&keys);
	material_free(in);
}

static void decrypts_sectors(void **state)
{
	struct bytes text = material("bitlocker/sectors.tsv");

	(void)state;
	for (size_t i = 0; i < COUNT(methods); i++)
		each_vector(text, methods[i].name, 5, check_sector);
	material_free(text);
}

static void refuses_other_methods(void **state)
{
	struct bitlocker_keys keys = { .method = 0x8006 };
	struct bitlocker_cipher c;
	struct error err;

	(void)state;
	assert_int_equal(bitlocker_cipher_init(&c, &keys, SECTOR, &err),
	                 E_UNSUPPORTED);
	assert_null(c.xts.ctx);
	keys.method = BITLOCKER_XTS_128;
	assert_int_equal(bitlocker_cipher_init(&c, &keys, SECTOR, &err),
	                 E_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decrypts_sectors),
		cmocka_unit_test(refuses_other_methods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
