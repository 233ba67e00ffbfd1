/* SPDX-License-Identifier: MIT */
/*
 * test_fek.c - the file key structure, and the padding that it comes in
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/fek.h"
#include "parsers/limits.h"

#define SAMPLE "efs-win10-aes256/fek-structure.bin"

static void reads_the_real_one(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct error err = { 0 };
	struct fek fek;

	(void)state;
	assert_int_equal(fek_parse(&fek, in, &err), OK);
	assert_int_equal(fek.algorithm, FEK_AES_256);
	assert_int_equal(fek.entropy, 32);
	assert_range(fek.key, in, 16, 32);
	sample_free(in);
}

static void knows_the_algorithms(void **state)
{
	static const struct {
		uint32_t id;
		size_t size;
		const char *name;
	} cases[] = {
		{ 0x6601, 8, "des" },      { 0x6603, 24, "3des" },
		{ 0x6604, 16, "desx" },    { 0x660e, 16, "aes-128" },
		{ 0x660f, 24, "aes-192" }, { 0x6610, 32, "aes-256" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(fek_key_size(cases[i].id), cases[i].size);
		assert_string_equal(fek_algorithm_name(cases[i].id),
		                    cases[i].name);
	}
	assert_null(fek_algorithm_name(0));
	assert_null(fek_algorithm_name(0x6602));
	assert_int_equal(fek_key_size(0x6611), 0);
	assert_int_equal(fek_key_size(UINT32_MAX), 0);
}

static void truncated(struct bytes in)
{
	struct error err = { 0 };
	struct fek fek;

	assert_int_equal(fek_parse(&fek, in, &err), E_CORRUPT);
	assert_error(&err, E_CORRUPT, in);
	assert_int_equal(fek.key.n, 0);
}

static void corrupted(struct bytes in)
{
	struct error err = { 0 };
	struct fek fek;
	enum status status = fek_parse(&fek, in, &err);

	assert_inside(fek.key, in);
	if (status)
		assert_error(&err, status, in);
	if (status == OK)
		assert_int_equal(fek.key.n, fek_key_size(fek.algorithm));
	else if (status == E_UNSUPPORTED)
		assert_int_equal(fek_key_size(fek.algorithm), 0);
	else
		assert_int_equal(status, E_CORRUPT);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(SAMPLE);

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, in.n, corrupted);
	sample_free(in);
}

/* Made structures: key length, algorithm, reserved, and bytes there are. */
static const struct {
	uint32_t length, algorithm, reserved;
	size_t n;
	enum status status;
} made[] = {
	{ 8, FEK_DES, 0, 24, OK },
	{ 24, FEK_3DES, 0, 40, OK },
	{ 16, FEK_DESX, 0, 32, OK },
	{ 16, FEK_AES_128, 0, 32, OK },
	{ 24, FEK_AES_192, 0, 40, OK },
	{ 32, FEK_AES_256, 0xdead, 48, OK }, /* ignored, as by Windows */
	{ 16, FEK_AES_256, 0, 32, E_CORRUPT },
	{ 32, FEK_AES_128, 0, 48, E_CORRUPT },
	{ 32, FEK_AES_256, 0, 47, E_CORRUPT },
	{ 32, FEK_AES_256, 0, 49, E_CORRUPT },
	{ 0, FEK_AES_256, 0, 16, E_CORRUPT },
	{ UINT32_MAX, FEK_AES_256, 0, 48, E_CORRUPT },
	{ 16, 0x6602, 0, 32, E_UNSUPPORTED },
	{ 5, 0x6602, 0, 21, E_UNSUPPORTED },
	{ 16, 0x6602, 1, 32, E_CORRUPT },
	{ 0, 0x6602, 0, 16, E_CORRUPT },
	{ LIMIT_FEK_SIZE - 16, 0x6602, 0, LIMIT_FEK_SIZE, E_UNSUPPORTED },
	{ LIMIT_FEK_SIZE - 15, 0x6602, 0, LIMIT_FEK_SIZE + 1, E_CORRUPT },
};

static void judges_made_ones(void **state)
{
	static const uint8_t zero[LIMIT_FEK_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(made); i++) {
		struct bytes in = sample_copy(BYTES(zero), made[i].n);
		struct error err = { 0 };
		enum status status;
		struct fek fek;

		sample_le32(in, 0, made[i].length);
		sample_le32(in, 4, 0x38);
		sample_le32(in, 8, made[i].algorithm);
		sample_le32(in, 12, made[i].reserved);
		status = fek_parse(&fek, in, &err);
		assert_int_equal(status, made[i].status);
		if (status == OK || status == E_UNSUPPORTED) {
			assert_range(fek.key, in, 16, made[i].length);
			assert_int_equal(fek.algorithm, made[i].algorithm);
			assert_int_equal(fek.entropy, 0x38);
			if (status)
				assert_int_equal(err.at, in.at + 8);
		} else {
			assert_int_equal(fek.key.n, 0);
		}
		sample_free(in);
	}
}

#define PAD8 1, 2, 3, 4, 5, 6, 7, 0xff

static const struct {
	uint8_t raw[24];
	size_t n;
	enum status status;
	size_t off, length;
} blocks[] = {
	{ { 0, 2, PAD8, 0, 'm', 's', 'g' }, 14, OK, 11, 3 },
	{ { 0, 2, PAD8, 9, 9, 0, 'm' }, 14, OK, 13, 1 },
	{ { 0, 2, PAD8, 0, 0, 0, 'm' }, 14, OK, 11, 3 },
	{ { 0, 2, PAD8, 0 }, 11, OK, 11, 0 },
	{ { 0, 2, PAD8, 0, 'm' }, 10, E_KEY, 0, 0 },
	{ { 0, 2, PAD8, 9, 9, 9, 9 }, 14, E_KEY, 0, 0 },
	{ { 0, 1, PAD8, 0, 'm' }, 12, E_KEY, 0, 0 },
	{ { 0, 3, PAD8, 0, 'm' }, 12, E_KEY, 0, 0 },
	{ { 1, 2, PAD8, 0, 'm' }, 12, E_KEY, 0, 0 },
	{ { 2, 0, PAD8, 0, 'm' }, 12, E_KEY, 0, 0 },
	{ { 0, 2, 1, 2, 3, 4, 5, 6, 7, 0, 'm', 's' }, 12, E_KEY, 0, 0 },
	{ { 0, 2, 0, 2, 3, 4, 5, 6, 7, 8, 9, 0, 'm' }, 13, E_KEY, 0, 0 },
	{ { 0, 2 }, 2, E_KEY, 0, 0 },
	{ { 0 }, 1, E_KEY, 0, 0 },
	{ { 0 }, 0, E_KEY, 0, 0 },
};

static void takes_the_padding_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		struct bytes in =
			sample_copy(BYTES(blocks[i].raw), blocks[i].n);
		struct error err = { 0 };
		struct bytes msg;

		assert_int_equal(fek_unpad(&msg, in, &err), blocks[i].status);
		if (blocks[i].status)
			assert_error(&err, blocks[i].status, in);
		if (blocks[i].length)
			assert_range(msg, in, blocks[i].off, blocks[i].length);
		else
			assert_int_equal(msg.n, 0);
		sample_free(in);
	}
}

/* The first zero from the eleventh byte on ends the padding, and only that. */
static void unpadded(struct bytes in)
{
	const uint8_t *zero = in.n > 2 ? memchr(in.p + 2, 0, in.n - 2) : NULL;
	bool good = zero && zero - in.p >= 10 && in.p[0] == 0 && in.p[1] == 2;
	struct error err = { 0 };
	struct bytes msg;

	assert_int_equal(fek_unpad(&msg, in, &err), good ? OK : E_KEY);
	assert_inside(msg, in);
	if (good)
		assert_int_equal(msg.n, in.n - 1 - (size_t)(zero - in.p));
}

static void survives_damage_to_the_padding(void **state)
{
	static const uint8_t block[] = { 0, 2, PAD8, PAD8, 0, 'm', 's', 'g' };

	(void)state;
	each_truncation(BYTES(block), unpadded);
	each_corruption(BYTES(block), sizeof(block), unpadded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_real_one),
		cmocka_unit_test(knows_the_algorithms),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_made_ones),
		cmocka_unit_test(takes_the_padding_off),
		cmocka_unit_test(survives_damage_to_the_padding),
	};

	return cmocka_run_group_tests_name("fek", tests, NULL, NULL);
}
