/* SPDX-License-Identifier: MIT */
/*
 * keyring.h - all key material of the run, and how to find the right key
 *
 * Certificates and private keys are joined by public key, never by a label or
 * by the file that they came in: a certificate from one place gives its
 * thumbprint to the private key from another.
 */
#ifndef RECOVERY_KEYRING_H
#define RECOVERY_KEYRING_H

#include "recovery/origin.h"
#include "recovery/rsa.h"

enum key_type {
	KEY_CERTIFICATE,
	KEY_PRIVATE,
	KEY_PFX,
	KEY_MASTER,   /* DPAPI master key */
	KEY_CREDHIST, /* the old passwords of a user */
	KEY_DOMAIN,   /* DPAPI backup key of a domain */
	KEY_SYSTEM,   /* secret of the machine: DPAPI_SYSTEM */
};
enum key_state { KEY_PUBLIC, KEY_LOCKED, KEY_UNLOCKED };

/* "certificate", "private_key", "master_key"; "public", "locked", ... */
const char *key_type_name(enum key_type type);
const char *key_state_name(enum key_state state);

struct key {
	enum key_type type;
	enum key_state state;
	char *id;        /* a thumbprint (40 hex digits), else "rsa:" and the
	                    first 40 of the public key's id; NULL for a PFX;
	                    {GUID} of a master key or a domain key */
	char *name;      /* subject of its certificate, or NULL */
	char *container; /* of a private key on Windows, or NULL */
	struct origin origin;
	char *source;      /* the same in words */
	char *certificate; /* where its certificate is from, if from elsewhere
	                    */
	char *unlocked_by; /* "password #2", "master key {...}"; or NULL where
	                      it was not locked */
	/* The key that opened it, or would: the master key of a private key,
	   the domain key of that.  NULL: none, or it is not here. */
	struct key *behind;
	char *reason;        /* why it is locked, or NULL */
	bool current;        /* the registry names it as its user's EFS key */
	unsigned bits;       /* of the modulus, 0 if unknown */
	struct rsa_key *rsa; /* of an unlocked private key */
	uint64_t opens; /* encrypted objects that it opens or, locked, would
	                   open: the caller's */
};

struct keyring;

struct keyring *keyring_new(void); /* never NULL */
void keyring_free(struct keyring *ring);

/*
 * Read a key file and add what it holds.  A key that is here already is not
 * added twice, and takes its id and name from the first certificate that comes;
 * what was locked in this very file before gives way to what is now.  So keys
 * and their strings are borrowed when all files are read, and not before.
 * Errors as of key_file_read; what was readable is added, and what is locked is
 * added as locked.
 */
MUST_USE enum status keyring_add(struct keyring *ring, struct bytes in,
                                 const struct origin *origin,
                                 const struct passwords *passwords,
                                 struct error *err);

/* All keys, in the order in which they came. */
size_t keyring_count(const struct keyring *ring);
struct key *keyring_get(const struct keyring *ring, size_t i);
/* How many unlocked private keys there are. */
size_t keyring_usable(const struct keyring *ring);

/* The unlocked private key whose certificate has this thumbprint, or NULL. */
struct key *keyring_find(const struct keyring *ring, struct bytes thumbprint);
/* The one that opened an entry of this thumbprint before (keyring_learn). */
struct key *keyring_find_learned(const struct keyring *ring,
                                 struct bytes thumbprint);
/*
 * The locked key or PFX of a file whose readable certificates include one of
 * this thumbprint; NULL if there is none, or if its key is open from elsewhere.
 */
struct key *keyring_find_locked(const struct keyring *ring,
                                struct bytes thumbprint);
/*
 * The i-th unlocked private key of this modulus length in bytes, or NULL after
 * the last.
 */
struct key *keyring_of_size(const struct keyring *ring, size_t size, size_t i);
/* Remember that this key opens entries of this thumbprint. */
void keyring_learn(struct keyring *ring, struct bytes thumbprint,
                   struct key *key);

/*
 * A thumbprint names one public key, so keys that did not open its entry in a
 * few files open it in none: note that all of them failed on one file more, and
 * ask whether that was often enough to stop trying.  A key that comes later
 * begins anew.
 */
void keyring_give_up(struct keyring *ring, struct bytes thumbprint);
bool keyring_gave_up(const struct keyring *ring, struct bytes thumbprint);

#endif
