/* SPDX-License-Identifier: MIT */
/*
 * hives_world.h - sets of hives in memory, and what is found in them
 *
 * No complete set of one machine is public: the hives are written here, and
 * hold the values of real machines (tests/recovery/vectors_*.h).
 */
#ifndef TESTS_ANALYZER_HIVES_WORLD_H
#define TESTS_ANALYZER_HIVES_WORLD_H

#include "tests/analyzer/evidence.h"
#include "tests/analyzer/hive_writer.h"

#include "analyzer/hives.h"
#include "recovery/chain_internal.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* One run: files in, a ring and a chain out. */
struct world {
	GPtrArray *files;
	struct keyring *ring;
	struct passwords passwords;
	struct chain *chain;
	struct people *people;
};
extern struct world world;

/* Set-up and teardown of each test. */
int world_open(void **state);
int world_close(void **state);
void add_file(const char *path, const void *p, size_t n);
/* Takes the writer. */
void add_hive(const char *path, struct writer *w);
void add_password(const char *text);
bool has_password(const char *text);
/* n bytes of hexadecimal text. */
void unhex_to(uint8_t *to, size_t n, const char *hex);
/* hives_read of all of it. */
void world_read(void);
/* The only key of this type, or a failure. */
struct key *only_key(enum key_type type);
/* A SYSTEM whose boot key is in its class names. */
struct writer *system_hive(const char *boot_key, uint8_t mode);
/* A SECURITY of that revision, with these locked keys. */
struct writer *security_hive(const uint8_t minor, const char *value);
/* That of one of the policies, with its secrets. */
struct writer *machine_hive(size_t policy);
/* The chain has the two keys in the secret of that policy, and no others. */
void assert_system(size_t policy);
/* There is one secret of a machine, and it is closed. */
void assert_closed(const char *id, const char *reason);
bool has_hash(enum dpapi_form form, const uint8_t *hash, size_t n,
              const char *sid, const char *label);

#endif
