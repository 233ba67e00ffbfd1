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

#include "recovery/ec.h"
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
	struct origin certificate_origin; /* of a private key that has one */
	GBytes *der;                      /* the certificate itself, or NULL */
	bool efs;          /* its purpose is EFS, or the recovery of files */
	char *unlocked_by; /* "password #2", "master key {...}"; or NULL where
	                      it was not locked */
	/* The key that opened it, or would: the master key of a private key,
	   the domain key of that.  NULL: none, or it is not here. */
	struct key *behind;
	char *reason;        /* why it is locked or opens nothing, or NULL */
	bool current;        /* the registry names it as its user's EFS key */
	unsigned bits;       /* of the modulus or the curve, 0 if unknown */
	struct rsa_key *rsa; /* of an unlocked private key or domain key */
	struct ec_key *ec;   /* of an unlocked elliptic key: it opens no file */
	uint64_t opens; /* encrypted objects that it opens or, locked, would
	                   open: the caller's */
};

struct keyring;

/*
 * An unlocked private key as PKCS#8 in PEM, with its certificate behind it.
 * The caller releases `pem`.
 */
MUST_USE enum status key_export(struct secret *pem, const struct key *key,
                                struct error *err);

struct keyring *keyring_new(void); /* never NULL */
void keyring_free(struct keyring *ring);

/*
 * Add what a key file held; `kf` is emptied of its keys.  A key that is here
 * already is not added twice, and takes its id and name from the first
 * certificate that comes; what was locked in this very file (`in`) before gives
 * way to what is now.  So keys and their strings are borrowed when all files
 * are read, and not before.
 */
MUST_USE enum status keyring_add_file(struct keyring *ring, struct key_file *kf,
                                      struct bytes in,
                                      const struct origin *origin,
                                      struct error *err);

/*
 * Add private keys that another ring unlocked and exported, with where they
 * lay, their container there and what opened them (or NULL).  One that lies
 * there in this ring, too, but locked, is opened; one that is open already
 * stays as it is.  `kf` is emptied of its keys; its certificates have places of
 * their own, which it does not tell, and are left.
 */
void keyring_add_unlocked(struct keyring *ring, struct key_file *kf,
                          const struct origin *origin, const char *container,
                          const char *unlocked_by);

/*
 * The ring is also the register of what is no key file: master keys, key files
 * of Windows, secrets of the machine.  Such a key is filled in by the caller,
 * and lives as long as the ring.
 */
struct key *keyring_add_node(struct keyring *ring, enum key_type type,
                             enum key_state state, const struct origin *origin);
/*
 * A private key of Windows that is still locked.  `id` is that of its public
 * key (RSA_ID_SIZE bytes), or NULL if that is not readable or not RSA; by it
 * certificates give the key its name, as they do to an open one.  `container`
 * may be NULL.
 */
struct key *keyring_add_locked(struct keyring *ring, const uint8_t *id,
                               unsigned bits, const char *container,
                               const struct origin *origin);
/* Such a key is open now; takes the numbers over. */
void keyring_open(struct keyring *ring, struct key *key, struct rsa_key *rsa);
/*
 * A certificate that lies by itself, with the container of its key or NULL.
 * Returns the key that it is listed in; NULL and `err` if it is damaged.
 */
struct key *keyring_add_certificate(struct keyring *ring, struct bytes der,
                                    const char *container,
                                    const struct origin *origin,
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
 * The locked private key of the certificate of this thumbprint: by its public
 * key, or because that certificate is in the same file.  NULL if there is none,
 * or if its key is open from elsewhere.
 */
struct key *keyring_find_locked(const struct keyring *ring,
                                struct bytes thumbprint);
/* The i-th locked key that came in a file of these bytes (keyring_add_file), or
   NULL. */
struct key *keyring_locked_in(const struct keyring *ring, struct bytes file,
                              size_t i);
/* What this certificate is listed in, open or not; NULL if it is not here. */
struct key *keyring_find_certificate(const struct keyring *ring,
                                     struct bytes thumbprint);
/* The unlocked private key of this public key, RSA_ID_SIZE bytes; or NULL. */
struct key *keyring_find_public(const struct keyring *ring, const uint8_t *id);
/* The i-th key of this container, in any case of letters; or NULL. */
struct key *keyring_find_container(const struct keyring *ring,
                                   const char *container, size_t i);
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
/* Before a key is tried on an entry of so many bytes that does not name it:
   false where that was done too often already (LIMIT_GUESSES). */
bool keyring_guess(struct keyring *ring, size_t size);

#endif
