/* SPDX-License-Identifier: MIT */
/*
 * hives_internal.h - what the files hives*.c share
 */
#ifndef ANALYZER_HIVES_INTERNAL_H
#define ANALYZER_HIVES_INTERNAL_H

#include "analyzer/hive.h"
#include "analyzer/hives.h"
#include "recovery/lsa.h"

enum hive_kind {
	HIVE_NONE,
	HIVE_SYSTEM, /* before those that it opens */
	HIVE_SAM,    /* before SECURITY: it proves a startup password fast */
	HIVE_SECURITY,
	HIVE_SOFTWARE,
	HIVE_USER,
	HIVE_START_KEY, /* no hive: StartKey.Key */
};

/* A hive, opened once. */
struct hive_file {
	enum hive_kind kind;
	struct found *found; /* borrowed */
	char *folder;        /* where, on what: to compare */
	struct hive *hive;
	const char *note; /* of it, that was said */
};

/* A boot key, and what it is from. */
struct boot_key {
	struct secret key;
	const char *folder; /* borrowed from its hive_file */
	char *path;         /* in words, for messages */
};

struct hives {
	struct chain *chain;
	struct passwords *passwords;
	struct people *people;
	GPtrArray *files; /* of struct hive_file *, by kind */
	GPtrArray *boots; /* of struct boot_key * */
};

/* What a boot key is tried on. */
struct boot_lock {
	/* E_KEY: not by this key.  Anything else ends the search. */
	enum status (*open)(void *ctx, struct bytes boot_key,
	                    struct error *err);
	void *ctx;
};

/* The boot keys that SYSTEM hives and key files hold. */
void hives_read_boot_keys(struct hives *hs);
/*
 * Try boot keys until one opens: of the same folder, then of the others, then
 * startup passwords, if a SYSTEM of the folder asks for one.
 * `how` says in words which one it was or, in every failure, why there is none
 * (E_KEY: none of them opens it); to be freed.
 */
MUST_USE enum status hives_open_with(struct hives *hs,
                                     const struct hive_file *file,
                                     const struct boot_lock *lock, char **how,
                                     struct error *err);

void hives_read_security(struct hives *hs, struct hive_file *file);
void hives_read_sam(struct hives *hs, struct hive_file *file);
void hives_read_software(struct hives *hs, struct hive_file *file);
void hives_read_user(struct hives *hs, struct hive_file *file);

/* A password that a hive holds, UTF-16 up to a NUL, joins the candidates.
   E_ABSENT: it is empty. */
MUST_USE enum status hives_add_password(struct hives *hs, struct bytes utf16,
                                        const char *label, struct error *err);

/* Origin of a key or value in a hive: "PATH: KEY".  The caller releases it. */
struct origin hives_origin(const struct hive_file *file, const char *key);
/* Say what of a hive cannot be read; E_ABSENT is no news. */
void hives_say(const struct hive_file *file, const char *key,
               const struct error *err);

#endif
