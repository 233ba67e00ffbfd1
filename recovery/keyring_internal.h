/* SPDX-License-Identifier: MIT */
/*
 * keyring_internal.h - the tables of the key ring, for keyring*.c alone
 */
#ifndef RECOVERY_KEYRING_INTERNAL_H
#define RECOVERY_KEYRING_INTERNAL_H

#include "recovery/keyring.h"

/* A key, and what the ring knows of it beyond what it tells. */
struct entry {
	struct key key;      /* first: the two have one address */
	GBytes *public_id;   /* of its public key, or NULL */
	GBytes *file;        /* locked: SHA-256 of the file that it is in */
	GPtrArray *beside;   /* locked: thumbprints of the certificates there */
	bool has_thumbprint; /* a certificate gave the key its id and name */
};

/* A certificate by its thumbprint. */
struct ring_cert {
	GBytes *public_id;   /* or NULL if it is not RSA */
	struct entry *entry; /* that it is listed in */
};

/* All the tables borrow their entries from `keys`. */
struct keyring {
	GPtrArray *keys;      /* of struct entry, in the order they came */
	GHashTable *members;  /* the same, as a set */
	GHashTable *privates; /* public id -> unlocked private key */
	GHashTable *locked;   /* public id -> locked private key */
	GHashTable *named;    /* public id -> entry of the first certificate */
	GHashTable *certs;    /* thumbprint -> struct ring_cert */
	GHashTable *beside;   /* thumbprint -> array of locked entries */
	GHashTable *files;    /* SHA-256 -> array of locked ones of that file */
	GHashTable *containers; /* folded name -> array of entries */
	GHashTable *learned;    /* thumbprint -> unlocked private key */
	GHashTable *sizes;      /* bytes of the modulus -> array of those */
	uint64_t guesses;       /* tries, weighed by keyring_guess */
	GHashTable *given_up;   /* thumbprint -> files that no key opened */
};

/* NULL if it is not in the ring. */
struct entry *ring_entry(const struct keyring *ring, const struct key *key);
/* What a table has under these bytes, or NULL. */
void *ring_look_up(GHashTable *table, struct bytes name);
/* Add to the array under that name, which is taken over. */
void ring_list_add(GHashTable *table, void *name, struct entry *e);
struct entry *ring_entry_new(struct keyring *ring, enum key_type type,
                             enum key_state state, const struct origin *origin);
/* Free it; it leaves the tables that a locked entry of a file is in. */
void ring_entry_remove(struct keyring *ring, guint i);
void ring_set_origin(struct key *key, const struct origin *origin);
/* Index a private key that has its `rsa` and public id by now. */
void ring_open(struct keyring *ring, struct entry *e);
/* It takes id and name of the first certificate of its public id, if any. */
void ring_adopt_name(struct keyring *ring, struct entry *e);
void ring_set_container(struct keyring *ring, struct entry *e,
                        const char *container);
/* "rsa:" or nothing, and the first 20 bytes in hexadecimal; to be freed. */
char *ring_hex(const char *before, const uint8_t *p);

#endif
