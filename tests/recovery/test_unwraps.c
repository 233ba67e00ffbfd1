/* SPDX-License-Identifier: MIT */
/*
 * test_unwraps.c - file keys that were unwrapped before
 */
#include "recovery/unwraps.h"
#include "tests/recovery/material.h"

#include <string.h>

static struct bytes text(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, strlen(s), 0 };
}

/* Only their addresses count. */
static const struct rsa_key *key(size_t i)
{
	static const char keys[2];

	return (const struct rsa_key *)(const void *)&keys[i];
}

static void is_known(struct unwraps *u, size_t k, const char *wrapped,
                     const char *message)
{
	struct secret s;

	assert_int_equal(unwraps_find(u, key(k), text(wrapped), &s), !!message);
	assert_int_equal(s.n, message ? strlen(message) : 0);
	if (message)
		assert_memory_equal(s.p, message, s.n);
	secret_release(&s);
}

static void finds_what_it_keeps(void **state)
{
	struct unwraps *u = unwraps_new();
	char wrapped[] = "wrapped", message[] = "message";

	(void)state;
	is_known(u, 0, "wrapped", NULL);
	unwraps_keep(u, key(0), text(wrapped), text(message));
	/* copies of both */
	memset(wrapped, 'x', sizeof(wrapped) - 1);
	memset(message, 'x', sizeof(message) - 1);
	is_known(u, 0, "wrapped", "message");
	is_known(u, 0, "wrapped", "message");
	is_known(u, 1, "wrapped", NULL);
	is_known(u, 0, "wrappee", NULL);
	unwraps_free(u);
}

static void keeps_the_first(void **state)
{
	struct unwraps *u = unwraps_new();

	(void)state;
	unwraps_keep(u, key(0), text("a"), text(""));
	is_known(u, 0, "a", NULL);
	unwraps_keep(u, key(0), text("a"), text("1"));
	unwraps_keep(u, key(0), text("a"), text("2"));
	unwraps_keep(u, key(1), text("a"), text("3"));
	is_known(u, 0, "a", "1");
	is_known(u, 1, "a", "3");
	unwraps_free(u);
	unwraps_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_it_keeps),
		cmocka_unit_test(keeps_the_first),
	};

	return cmocka_run_group_tests_name("unwraps", tests, NULL, NULL);
}
