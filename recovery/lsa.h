/* SPDX-License-Identifier: MIT */
/*
 * lsa.h - the boot key of a Windows, and the LSA secrets that it opens
 *
 * Values of the hives SYSTEM and SECURITY come in as bytes; no hive is read
 * here.  Nothing of it has a specification; it is *observed* in the values of
 * Windows XP, Vista, 7 and 10 that dissect.target and dpapick test with.
 * Where a status is not listed below: E_TRUNCATED and E_CORRUPT are damage.
 */
#ifndef RECOVERY_LSA_H
#define RECOVERY_LSA_H

#include "recovery/dpapi.h"

#define LSA_BOOT_KEY_SIZE 16

/* Control\Lsa, value SecureBoot: where the boot key is. */
enum lsa_boot_mode {
	LSA_BOOT_REGISTRY = 1,
	LSA_BOOT_PASSWORD = 2, /* typed at each start */
	LSA_BOOT_FILE = 3,     /* StartKey.Key, on a floppy disk */
};

/*
 * Of the class names of the keys JD, Skew1, GBG and Data below Control\Lsa, in
 * this order: eight hexadecimal digits each.
 */
MUST_USE enum status lsa_boot_key(struct secret *key,
                                  const char *const classes[4],
                                  struct error *err);
/* Of a startup password, UTF-8; whether it is the right one, a use tells. */
MUST_USE enum status lsa_boot_key_password(struct secret *key,
                                           struct bytes password,
                                           struct error *err);
/* Of the contents of StartKey.Key. */
MUST_USE enum status lsa_boot_key_file(struct secret *key, struct bytes file,
                                       struct error *err);

/* What LSA secrets are opened by; zero is empty. */
struct lsa_keys {
	bool old;            /* of Windows 2000 to 2003 */
	struct secret plain; /* the list of keys or, if old, one key */
};

/* Policy\PolRevision, default value: do the hive's secrets have the old form?
 */
MUST_USE enum status lsa_is_old(bool *old, struct bytes revision,
                                struct error *err);
/*
 * Open Policy\PolEKList or, if old, Policy\PolSecretEncryptionKey (default
 * values) by the boot key.  E_KEY: it is not the one of this hive.
 */
MUST_USE enum status lsa_keys_open(struct lsa_keys *keys, bool old,
                                   struct bytes value, struct bytes boot_key,
                                   struct error *err);
void lsa_keys_release(struct lsa_keys *keys);

/*
 * Open Policy\Secrets\NAME\CurrVal or OldVal (default values).  E_ABSENT: it is
 * empty.  E_KEY: none of the keys opens it.
 */
MUST_USE enum status lsa_secret_open(struct secret *plain,
                                     const struct lsa_keys *keys,
                                     struct bytes value, struct error *err);

/* The two keys in the secret DPAPI_SYSTEM; borrowed from it. */
struct lsa_dpapi {
	struct bytes machine; /* DPAPI_SHA1_SIZE bytes each */
	struct bytes user;
};
MUST_USE enum status lsa_dpapi_parse(struct lsa_dpapi *keys,
                                     struct bytes secret, struct error *err);

/*
 * The hashes in M$_MSV1_0_TBAL_PRIMARY_{...}, which opens the session of a user
 * after an update; borrowed.  E_ABSENT: there are none in it.
 */
struct lsa_tbal {
	struct bytes nt;   /* DPAPI_NT_SIZE bytes, or none */
	struct bytes sha1; /* DPAPI_SHA1_SIZE bytes, or none */
};
MUST_USE enum status lsa_tbal_parse(struct lsa_tbal *hashes,
                                    struct bytes secret, struct error *err);

#endif
