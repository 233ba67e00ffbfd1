/* SPDX-License-Identifier: MIT */
/*
 * chain_pieces.h - what stays closed in one chain, for another one
 *
 * A chain that has tried all it has on the key material of many images hands
 * on what is still closed, as it lies there, with what it found.  Another one
 * that adds these pieces knows the way of each file as if it had all of that
 * material itself, and tries nothing again.
 */
#ifndef RECOVERY_CHAIN_PIECES_H
#define RECOVERY_CHAIN_PIECES_H

#include "recovery/chain.h"

/* What became of one key of a piece. */
struct piece_key {
	const char *reason; /* why it is locked, or NULL */
	bool hopeless;      /* no secret that is missing would open it */
	bool current;       /* as of struct key */
};

/*
 * A master key that a private key waits for (KEY_MASTER), a private key file of
 * Windows (KEY_PRIVATE), any other key file (KEY_PFX); or a certificate, open
 * as they all are (KEY_CERTIFICATE).
 */
struct piece {
	enum key_type type;
	struct bytes data;            /* the file; of a certificate, its DER */
	struct origin origin;         /* its evidence is never NULL */
	const char *container;        /* of a certificate's key, or NULL */
	const struct piece_key *keys; /* in the order of the file */
	size_t n_keys;
};

/*
 * Call `take` for each piece that lies in evidence, in the order in which they
 * are to be added.  A piece and its strings are borrowed until `take` returns.
 * After chain_unlock.
 */
void chain_each_piece(const struct chain *chain,
                      void (*take)(void *ctx, const struct piece *piece),
                      void *ctx);

/*
 * Add a piece to a chain whose own material is in it, and unlocked.  What it
 * has itself, byte for byte and of the same user, stays where it lies, and is
 * told the reasons.  All is copied.  Errors as of chain_add_masterkey.
 */
MUST_USE enum status chain_add_piece(struct chain *chain,
                                     const struct piece *piece,
                                     struct error *err);
/* All pieces are added: join them with what was here. */
void chain_join_pieces(struct chain *chain);

#endif
