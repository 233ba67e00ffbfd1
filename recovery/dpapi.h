/* SPDX-License-Identifier: MIT */
/*
 * dpapi.h - open what DPAPI locked: master keys, blobs, old passwords
 *
 * Only [MS-BKRP] is public; the rest is *observed*, and proved by the samples
 * of testdata/dpapi and their known passwords.  All of this is pure: it keeps
 * nothing, and any number of threads may call it.
 *
 * Errors of everything here.  E_KEY: not opened by this key (or damaged).
 * E_UNSUPPORTED: an algorithm or a version that is not known; `what` names it.
 * E_CORRUPT, E_TRUNCATED, E_LIMIT: the part is damaged (its own `err`).
 * E_ABSENT: there is no such part.
 */
#ifndef RECOVERY_DPAPI_H
#define RECOVERY_DPAPI_H

#include "parsers/credhist.h"
#include "parsers/dpapi_blob.h"
#include "parsers/dpapi_masterkey.h"
#include "parsers/text.h"
#include "recovery/rsa.h"
#include "recovery/secret.h"

/*
 * What a password, or a hash of it, gives: the bytes that its owner's pre-key
 * is made of.
 */
enum dpapi_form {
	DPAPI_FORM_SHA1,    /* local account: SHA-1 of the UTF-16 password */
	DPAPI_FORM_NT,      /* domain account: NT hash, MD4 of the same */
	DPAPI_FORM_NT_1607, /* domain since Windows 10 1607: PBKDF2 of it */
};

#define DPAPI_SHA1_SIZE   20 /* also of every pre-key made of a hash */
#define DPAPI_NT_SIZE     16
#define DPAPI_KEY_SIZE    64 /* of a master key */
#define DPAPI_BACKUP_SIZE 32 /* of what a backup part holds */
#define DPAPI_PREKEY_MOST 20

/*
 * The hash of a password, UTF-8 as typed: DPAPI_SHA1_SIZE or DPAPI_NT_SIZE
 * bytes.  DPAPI_FORM_NT_1607 is made of the NT hash by dpapi_strengthen.
 * E_CORRUPT: not UTF-8.
 */
MUST_USE enum status dpapi_password_hash(uint8_t *hash, enum dpapi_form form,
                                         struct bytes password,
                                         struct error *err);
/* The form of Windows 10 1607, of an NT hash; 10,001 rounds. */
MUST_USE enum status dpapi_strengthen(uint8_t out[DPAPI_NT_SIZE],
                                      const uint8_t nt[DPAPI_NT_SIZE],
                                      const char *sid, struct error *err);
/* The pre-key of a hash (of either length) and its owner's SID. */
MUST_USE enum status dpapi_prekey(uint8_t prekey[DPAPI_SHA1_SIZE],
                                  struct bytes hash, const char *sid,
                                  struct error *err);

/*
 * Open the password part (or the backup part) of a master key file by a
 * pre-key: of dpapi_prekey, or one of the two keys of DPAPI_SYSTEM as it is.
 * `key` receives the master key, 64 bytes (32 of a backup part).
 */
MUST_USE enum status dpapi_open_part(struct secret *key,
                                     const struct dpapi_locked_key *part,
                                     struct bytes prekey, struct error *err);

/*
 * Open the domain part by the domain's backup key, [MS-BKRP] 2.2.2; proved by
 * its access check.  `sid` receives the owner's.  Version 1, wrapped by the
 * server, is E_UNSUPPORTED.
 */
MUST_USE enum status dpapi_open_domain(struct secret *key, char sid[TEXT_SID],
                                       const struct dpapi_domain_key *part,
                                       struct rsa_key *rsa, struct error *err);

/* What blobs are opened by: the SHA-1 of a master key (64 bytes). */
MUST_USE enum status dpapi_masterkey_hash(uint8_t out[DPAPI_SHA1_SIZE],
                                          struct bytes key, struct error *err);

/*
 * Open a blob.  Its signature is checked first: it proves the master key and
 * the entropy without any decryption.  `entropy` may be empty; `strong` is the
 * hash of the extra password of the strong protection, mostly empty: its
 * UTF-16 text hashed by the blob's own hash.  It is not part of the signature,
 * so a wrong one shows in the padding (once in 255 it does not).  `plain` is
 * empty if nothing was in the blob.
 */
MUST_USE enum status dpapi_open_blob(struct secret *plain,
                                     const struct dpapi_blob *blob,
                                     struct bytes masterkey_hash,
                                     struct bytes entropy, struct bytes strong,
                                     struct error *err);

/* The two hashes of one old password. */
struct dpapi_old_password {
	uint8_t sha1[DPAPI_SHA1_SIZE];
	uint8_t nt[DPAPI_NT_SIZE];
};

/*
 * Open an entry of CREDHIST by the pre-key of the next newer password (with
 * the SID that the entry holds).  There is no MAC: the proof are four zeros
 * behind the hashes, so a wrong key passes once in 2^32.
 */
MUST_USE enum status dpapi_open_credhist(struct dpapi_old_password *old,
                                         const struct credhist_entry *entry,
                                         struct bytes prekey,
                                         struct error *err);

/* Fixed entropies, with their NUL. */
extern const struct bytes dpapi_entropy_capi_flag;      /* export flag, CAPI */
extern const struct bytes dpapi_entropy_cng_key;        /* private key, CNG */
extern const struct bytes dpapi_entropy_cng_properties; /* of the same */

#endif
