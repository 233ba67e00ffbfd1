/* SPDX-License-Identifier: MIT */
/*
 * world.h - what the tests of the key chain share: a chain, and what goes in
 */
#ifndef TESTS_RECOVERY_WORLD_H
#define TESTS_RECOVERY_WORLD_H

#include "recovery/chain.h"
#include "tests/recovery/material.h"

struct world {
	struct keyring *ring;
	struct passwords passwords;
	struct chain *chain;
	unsigned jobs;        /* 0: one */
	const char *evidence; /* that what is added lies on; NULL: on none */
};

/* `candidates`: lines, or NULL. */
void world_open(struct world *w, const char *candidates);
void world_close(struct world *w);

enum world_piece {
	PIECE_MASTERKEY,
	PIECE_CREDHIST,
	PIECE_PRIVATE,
	PIECE_CERTIFICATE,
	PIECE_KEYFILE,
	PIECE_DOMAIN,
};

/* Add a file, of testdata/ or, with "corpus:" before it, of the corpus. */
enum status world_add(struct world *w, enum world_piece piece, const char *name,
                      const char *sid);
/* The same of bytes. */
enum status world_add_bytes(struct world *w, enum world_piece piece,
                            struct bytes in, const char *name, const char *sid);
void world_hash(struct world *w, enum dpapi_form form, const char *hex,
                const char *sid, const char *label);
/* `guid` in the order of a file, in hexadecimal. */
void world_masterkey(struct world *w, const char *guid, const char *key);
void world_system(struct world *w, const char *machine, const char *user);
void world_unlock(struct world *w);

/* The n-th key of a type, which must be there. */
struct key *world_key(const struct world *w, enum key_type type, size_t n);
size_t world_count(const struct world *w, enum key_type type);
/* chain_links, joined by " > ". */
void assert_links(const struct key *key, const char *expect);
/* chain_closed's needs as "kind id, kind id". */
void assert_needs(const struct closed_link *link, const char *expect);

#endif
