/* SPDX-License-Identifier: MIT */
/*
 * vectors.h - tables of known answers in files
 */
#ifndef TESTS_RECOVERY_VECTORS_H
#define TESTS_RECOVERY_VECTORS_H

#include "recovery/dpapi.h"
#include "tests/recovery/material.h"

/* These bytes, in a block of exactly their size; material_free() it. */
struct bytes hexed(const char *hex);
struct bytes view_of(const char *text);

/*
 * Call fn with the fields of each line of `text`, split at tabs, that starts
 * with the field `kind` (NULL: every line) and has n of them.  There must be at
 * least one.
 */
void each_vector(struct bytes text, const char *kind, guint n,
                 void (*fn)(char **field));

/* `part` is somewhere in `whole`. */
void assert_contains(struct bytes whole, struct bytes part);

/* The secret is exactly these bytes. */
void assert_secret(const struct secret *s, struct bytes expect);
void assert_secret_hex(const struct secret *s, const char *hex);

/*
 * Call fn with every truncation of `in`, and with each of its bytes changed in
 * two ways; each copy is a block of exactly its size.
 */
void each_damage(struct bytes in, void (*fn)(struct bytes in, void *ctx),
                 void *ctx);

/* Parse and open a DPAPI blob; `plain` is empty on failure. */
enum status open_blob(struct secret *plain, struct bytes in, struct bytes hash,
                      struct bytes entropy, struct bytes strong);
/* The hash of a master key; a key of 20 bytes is the hash already. */
struct bytes hash_of(uint8_t hash[20], const char *key);

#endif
