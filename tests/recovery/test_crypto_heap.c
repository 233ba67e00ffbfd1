/* SPDX-License-Identifier: MIT */
/*
 * test_crypto_heap.c - the memory that OpenSSL works with
 */
#include "recovery/crypto_internal.h"
#include "tests/recovery/material.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifndef SANITIZED

static const size_t sizes[] = { 1,    16,    17,    31,    32,    33,     48,
	                        4096, 32767, 49136, 49137, 65536, 1 << 20 };

static void is_taken_by_openssl(void **state)
{
	CRYPTO_malloc_fn take = NULL;
	CRYPTO_realloc_fn change = NULL;
	CRYPTO_free_fn give = NULL;

	(void)state;
	assert_true(crypto_heap_use());
	assert_true(crypto_heap_use());
	CRYPTO_get_mem_functions(&take, &change, &give);
	assert_ptr_not_equal(take, CRYPTO_malloc);
}

/* Two rooms of each size, and none reaches into another. */
static void is_whole_and_aligned(void **state)
{
	uint8_t *p[2 * COUNT(sizes)];

	(void)state;
	for (size_t i = 0; i < COUNT(p); i++) {
		p[i] = OPENSSL_malloc(sizes[i / 2]);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % 16, 0);
		memset(p[i], (int)i + 1, sizes[i / 2]);
	}
	for (size_t i = 0; i < COUNT(p); i++)
		for (size_t k = 0; k < sizes[i / 2]; k++)
			assert_int_equal(p[i][k], i + 1);
	for (size_t i = 0; i < COUNT(p); i++)
		OPENSSL_free(p[i]);
}

/* The pages of a room stay, so it can be looked at: but for its first words,
   which lead to the next that is free. */
static void is_wiped_and_used_again(void **state)
{
	uint8_t *p, *again;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes) && sizes[i] <= 49136; i++) {
		p = OPENSSL_malloc(sizes[i]);
		memset(p, 0xa5, sizes[i]);
		OPENSSL_free(p);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(p[k], 0);
		again = OPENSSL_malloc(sizes[i]);
		assert_ptr_equal(again, p);
		OPENSSL_free(again);
	}
}

static void keeps_what_it_moves(void **state)
{
	uint8_t *p = NULL;
	size_t had = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		p = OPENSSL_realloc(p, sizes[i]);
		for (size_t k = 0; k < had; k++)
			assert_int_equal(p[k], 0x5a);
		memset(p, 0x5a, sizes[i]);
		had = sizes[i];
	}
	p = OPENSSL_realloc(p, 3);
	assert_memory_equal(p, "ZZZ", 3);
	OPENSSL_free(p);
	OPENSSL_free(NULL);
}

/* Locked and in no core file, where this process may lock as much. */
static void is_secret_memory(void **state)
{
	uint8_t *p = OPENSSL_malloc(100);
	FILE *maps = fopen("/proc/self/smaps", "r");
	unsigned long long from, to;
	bool here = false, kept = false;
	char line[512];

	(void)state;
	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%llx-%llx ", &from, &to) == 2)
			here = from <= (uintptr_t)p && (uintptr_t)p < to;
		else if (here && !strncmp(line, "VmFlags:", 8))
			kept = strstr(line, " dd");
	}
	if (maps)
		fclose(maps);
	OPENSSL_free(p);
	if (!maps)
		skip();
	assert_true(kept);
}

#else

static void is_taken_by_openssl(void **state)
{
	(void)state;
	skip(); /* a sanitizer has memory of its own */
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_taken_by_openssl),
#ifndef SANITIZED
		cmocka_unit_test(is_whole_and_aligned),
		cmocka_unit_test(is_wiped_and_used_again),
		cmocka_unit_test(keeps_what_it_moves),
		cmocka_unit_test(is_secret_memory),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
