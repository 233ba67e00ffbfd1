/* SPDX-License-Identifier: MIT */
/*
 * hex.h - ranges of bytes from hexadecimal text, and cmocka
 */
#ifndef TESTS_RECOVERY_HEX_H
#define TESTS_RECOVERY_HEX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ours is that of status.h. */
#undef fail

#include "parsers/bytes.h"

/* In a block of exactly its own size; to be freed. */
struct bytes bytes_of_hex(const char *hex);
/* The first n bytes, in the same way. */
struct bytes bytes_copy(struct bytes b, size_t n);
void bytes_of_hex_free(struct bytes b);

#endif
