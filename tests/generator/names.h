/* SPDX-License-Identifier: MIT */
/*
 * names.h - NTFS names as text: UTF-8 with escapes, and back
 *
 * %XX is the code unit 00XX, %uXXXX any code unit, so that a specification
 * can hold every name that NTFS can: control characters, NUL, a slash inside
 * a name, half a surrogate pair.
 */
#ifndef GENERATOR_NAMES_H
#define GENERATOR_NAMES_H

#include "tests/generator/util.h"

enum { NAME_MAX_UNITS = 255 };

struct name {
	uint16_t u[NAME_MAX_UNITS]; /* in the order of the disk */
	uint8_t n;
};

/* Decode `n` bytes of text. */
void name_decode(struct name *out, const char *text, size_t n);

/* The UTF-16 of a whole text, for the strings inside $EFS. */
void utf16_put(struct buf *out, const char *text);

/* Canonical text: what is harmless is plain, all else is escaped. */
char *name_encode(const struct name *in);

/* Whether a POSIX file may have this name without any escape. */
bool name_is_harmless(const char *encoded);

#endif
