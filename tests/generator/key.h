/* SPDX-License-Identifier: MIT */
/*
 * key.h - the people and agents that a file key is wrapped for
 */
#ifndef GENERATOR_KEY_H
#define GENERATOR_KEY_H

#include "tests/generator/cipher.h"

enum wrap {
	WRAP_GOOD,
	WRAP_WRONG,   /* well formed, of another file key */
	WRAP_GARBAGE, /* noise instead of a wrapped key */
	WRAP_DAMAGED, /* opens, but to an impossible structure */
};

/* One certificate as key list entries name it. */
struct key {
	char *id; /* in the specification and in manifests */
	uint8_t thumbprint[20];
	struct buf modulus, exponent;               /* big-endian */
	char *sid, *container, *provider, *display; /* NULL is absent */
	uint32_t flags;
	enum wrap wrap;
};

/* Thumbprint and public key of a DER certificate with an RSA key. */
void key_load(struct key *key, const char *path);
void key_thumbprint_of(struct key *key, const char *path);

/* Whether an entry made for this key gives back the file key. */
bool key_opens(const struct key *key);

/* The file key for one entry, in the byte order of CryptoAPI. */
void key_wrap(struct buf *out, const struct key *key, const struct fek *fek,
              uint64_t seed);

#endif
