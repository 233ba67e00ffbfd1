/* SPDX-License-Identifier: MIT */
/*
 * hive.h - a registry hive, with what its transaction logs add to it
 *
 * It is seen as Windows would have it after loading.  Of a hive that is damaged
 * or cut short, what can be reached is read.
 */
#ifndef ANALYZER_HIVE_H
#define ANALYZER_HIVE_H

#include "analyzer/found.h"

struct hive;
struct hive_key;

/*
 * Open a hive; `logs` are n files that may be its logs, in any order.  All are
 * borrowed, the hive file until hive_free.
 * E_ABSENT: not a hive.  E_CORRUPT, E_TRUNCATED: damaged beyond use; `what`
 * says in which way.
 */
MUST_USE enum status hive_open(struct hive **out, struct found *file,
                               struct found *const *logs, size_t n,
                               struct error *err);
void hive_free(struct hive *hive);

/*
 * What is to be known of the hive that was opened all the same: it is dirty and
 * its log is not there, or a log is damaged; or NULL.  Or, later, that nothing
 * more is read of it: LIMIT_HIVE_READ.
 */
const char *hive_note(const struct hive *hive);

/*
 * A key by its path from the root, as "Control\Lsa": parts are compared without
 * case.  An empty path is the root.  The caller frees it, before the hive.
 * E_ABSENT: there is none.  E_CORRUPT: the way to it is damaged.
 */
MUST_USE enum status hive_find(struct hive_key **key, struct hive *hive,
                               const char *path, struct error *err);
/* The same from a key on; the path is not empty. */
MUST_USE enum status hive_key_find(struct hive_key **key,
                                   const struct hive_key *from,
                                   const char *path, struct error *err);
void hive_key_free(struct hive_key *key);

/* Sub keys: how many, at most LIMIT_HIVE_KEYS, and the i-th of them. */
size_t hive_key_count(const struct hive_key *key);
MUST_USE enum status hive_key_get(struct hive_key **sub,
                                  const struct hive_key *key, size_t i,
                                  struct error *err);

/* UTF-8; the caller frees it; "" if it cannot be read. */
char *hive_key_name(const struct hive_key *key);
/* The class name in UTF-8, which the caller frees.  E_ABSENT: it has none. */
MUST_USE enum status hive_key_class(char **name, const struct hive_key *key,
                                    struct error *err);
/*
 * The bytes of a value; its name is compared without case, "" is the default
 * value.  They may be none.  E_ABSENT: there is no such value.  E_LIMIT: over
 * LIMIT_HIVE_VALUE.
 */
MUST_USE enum status hive_key_value(struct secret *data,
                                    const struct hive_key *key,
                                    const char *name, struct error *err);
/* hive_find and hive_key_value in one. */
MUST_USE enum status hive_value(struct secret *data, struct hive *hive,
                                const char *path, const char *name,
                                struct error *err);

#endif
