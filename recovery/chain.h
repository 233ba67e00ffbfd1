/* SPDX-License-Identifier: MIT */
/*
 * chain.h - the Windows key chain: password, master key, private key
 *
 * What the evidence holds is added piece by piece, in any order; then all that
 * can be opened is opened, to a fixed point: every unlocker (unlockers.def) is
 * offered every locked thing until nothing more opens.  All that is added, and
 * what became of it, is in the key ring as a struct key.
 *
 * Bytes and strings given to the _add functions are copied.  What is damaged
 * is added to the ring all the same, as locked, with its reason; so those fail
 * only with E_ABSENT (it is nothing of the kind) or E_LIMIT (too many, or too
 * large).
 */
#ifndef RECOVERY_CHAIN_H
#define RECOVERY_CHAIN_H

#include "recovery/dpapi.h"
#include "recovery/keyring.h"
#include "recovery/origin.h"
#include "recovery/trial.h"

struct chain;

/* Both are borrowed and outlive the chain.  Never NULL. */
struct chain *chain_new(struct keyring *ring, struct passwords *passwords);
void chain_free(struct chain *chain);

/* ------------------------------------------------------------ what is found */

/* Master key file, Protect\SID\GUID; origin.sid is that of its folder. */
MUST_USE enum status chain_add_masterkey(struct chain *chain, struct bytes in,
                                         const struct origin *origin,
                                         struct error *err);
MUST_USE enum status chain_add_credhist(struct chain *chain, struct bytes in,
                                        const struct origin *origin,
                                        struct error *err);
/* Private key file of CryptoAPI or of CNG. */
MUST_USE enum status chain_add_private(struct chain *chain, struct bytes in,
                                       const struct origin *origin,
                                       struct error *err);
/* Certificate with its properties: file of a store, or registry value. */
MUST_USE enum status chain_add_certificate(struct chain *chain, struct bytes in,
                                           const struct origin *origin,
                                           struct error *err);
/*
 * A loose PFX, PEM, PVK or certificate; its locks are tried in chain_unlock.
 * An RSA key in it also serves as a domain's backup key.
 */
MUST_USE enum status chain_add_keyfile(struct chain *chain, struct bytes in,
                                       const struct origin *origin,
                                       struct error *err);
/* The two keys of the LSA secret DPAPI_SYSTEM; `unlocked_by` says in words what
   opened their hive. */
MUST_USE enum status
chain_add_system(struct chain *chain, const uint8_t machine[DPAPI_SHA1_SIZE],
                 const uint8_t user[DPAPI_SHA1_SIZE], const char *unlocked_by,
                 const struct origin *origin, struct error *err);
/* A system secret that stays closed, and why: for the record. */
void chain_add_system_locked(struct chain *chain, const char *id,
                             const char *reason, const struct origin *origin);
/*
 * A hash of a password: DPAPI_FORM_SHA1 or DPAPI_FORM_NT.  `sid` is whose, or
 * NULL: then it is tried for everybody.  `label` says what it is in words:
 * "NT hash #2", "NT hash of ann in SAM".
 */
MUST_USE enum status chain_add_hash(struct chain *chain, enum dpapi_form form,
                                    struct bytes hash, const char *sid,
                                    const char *label, struct error *err);
/*
 * A master key that is open already: 64 bytes, or the 20 of its SHA-1, which
 * are as good.  `guid` in the byte order of a blob's.
 */
MUST_USE enum status chain_add_open_masterkey(struct chain *chain,
                                              const uint8_t guid[16],
                                              struct bytes key,
                                              const struct origin *origin,
                                              struct error *err);
/* A domain's DPAPI backup key: .pvk, or any key file with an RSA key. */
MUST_USE enum status chain_add_domain_key(struct chain *chain, struct bytes in,
                                          const struct origin *origin,
                                          struct error *err);
/* The certificate that the user's registry calls the one for EFS. */
void chain_add_current(struct chain *chain, struct bytes thumbprint,
                       const struct origin *origin);

/* ---------------------------------------------------------------- unlocking */

/*
 * Open all that opens.  May be called again after more was added.  Each lock
 * records what opened it, or why nothing did.
 * E_ABSENT: `trial` was stopped by its progress function.
 */
MUST_USE enum status chain_unlock(struct chain *chain,
                                  const struct trial *trial, struct error *err);

/*
 * What opened a key, in words and in order, as char * of its own: "password
 * #2", "master key {9ac1...}", "private key 5f28...".
 */
void chain_links(const struct key *key, GPtrArray *out);

/* ------------------------------------------------------- what is missing */

enum need_kind {
	NEED_PRIVATE_KEY,   /* id: thumbprint.  Nothing of that key is here */
	NEED_KEY_FILE,      /* id: container.  Its certificate is here */
	NEED_MASTER_KEY,    /* id: {GUID}.  A key file waits for it */
	NEED_PASSWORD,      /* id: SID.  A master key is locked by it */
	NEED_DOMAIN_KEY,    /* id: {GUID}.  The other way to the same */
	NEED_SYSTEM,        /* id: "DPAPI_SYSTEM".  SYSTEM and SECURITY hives */
	NEED_FILE_PASSWORD, /* id: source of a locked PFX or key file */
};

/* "private_key", "key_file", "master_key", "password", ... */
const char *need_kind_name(enum need_kind kind);

/* One secret that would open an entry of a file's ring. */
struct need {
	enum need_kind kind;
	char *id;
	char *what; /* in words: "the password of S-1-5-... (ann) from before
	               2019-05-04 ..." */
};

/* Why an entry stays closed. */
struct closed_link {
	/* The locked keys on the way, first the one nearest to the file: struct
	   key *, borrowed.  Empty: nothing of the key is here. */
	GPtrArray *locked;
	GArray *needs; /* of struct need: each one of them is enough */
	char *reason;  /* a sentence: the first missing or locked link */
};

/*
 * What is missing to open an entry of this thumbprint and container (UTF-8, or
 * NULL).  Borrowed until the next call; never NULL.  Ask after chain_unlock,
 * and not before.
 */
const struct closed_link *chain_closed(struct chain *chain,
                                       struct bytes thumbprint,
                                       const char *container);

/* ------------------------------------------------------------------- cracking
 */

/*
 * The lines that hashcat and john take for a locked key, without line ends: a
 * GPtrArray of char *, to be freed by the caller; empty if there is none for
 * its kind.  A master key gives one for each form that its password may have
 * ($DPAPImk$...); a PFX gives $pfxng$....
 */
GPtrArray *chain_crack_lines(const struct chain *chain, const struct key *key);

#endif
