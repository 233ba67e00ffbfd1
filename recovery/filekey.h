/* SPDX-License-Identifier: MIT */
/*
 * filekey.h - from a $EFS and a key ring to the file encryption key
 *
 * Windows tries the DDF, then the DRF.  So do we: first each entry whose
 * thumbprint names a key at hand, then every RSA key on every entry of the
 * same modulus length, because a renewed certificate keeps the key and changes
 * the thumbprint.  Each try is recorded.
 */
#ifndef RECOVERY_FILEKEY_H
#define RECOVERY_FILEKEY_H

#include "parsers/fek.h"
#include "recovery/keyring.h"
#include "recovery/unwraps.h"

/* One key on one entry, and what came of it. */
struct filekey_try {
	enum efs_ring ring;
	unsigned entry;        /* from 0 within its ring */
	const struct key *key; /* borrowed from the key ring */
	bool by_thumbprint;    /* else by mathematics */
	enum status status;
	const char *result; /* "opened", or why not; literal */
};

/*
 * The one RSA operation that a file will most likely cost, done before its
 * turn and on any thread: filekey_open takes what came of it, and decides in
 * the order of the files, for what one of them teaches is used for the next.
 */
struct filekey_ahead {
	const struct key *key; /* NULL: none is needed, or which one is not
	                          known yet */
	struct bytes wrapped;  /* borrowed from the file's $EFS */
	struct unwraps *known; /* borrowed; or NULL */
	bool done, unpadded;
	struct secret block; /* with its padding, if not `unpadded` */
	struct error err;
};

struct filekey {
	struct secret block; /* what was unwrapped, which `fek` borrows */
	struct fek fek;
	enum efs_ring ring;
	unsigned entry;
	struct key *key; /* borrowed from the key ring */
	bool gave_up;    /* keys were not tried on some entries, because
	                    all failed on those of the same owner before */
	bool spent;      /* nor on others, because too many were */
	struct filekey_ahead ahead;
	GArray *tries;  /* of struct filekey_try: the first LIMIT_TRIES */
	uint64_t tried; /* how many there were in all */
};

/* Make `out` empty, and find that operation: the first entry that names a key
   of the ring.  `efs` outlives it, and `known`, which may be NULL, too. */
void filekey_plan(struct filekey *out, const struct efs *efs,
                  const struct keyring *ring, struct unwraps *known);
/* Do it.  From any thread, with several files at once. */
void filekey_prepare(struct filekey *out);
/*
 * Find the key that opens one of the file's entries; `out` comes from
 * filekey_plan.
 * E_ABSENT: no key at hand matches.
 * E_KEY: the matching key is at hand, but locked (`err` names it).
 * E_UNSUPPORTED: opened, with a cipher that we do not know (fek.algorithm); or
 * the only entries that could match have flags that we cannot open: `err` says.
 * E_CORRUPT: a key that the thumbprint names does not open its entry, and
 * nothing else does: the wrapped key is damaged.
 * `out` holds the tries in every case, and is released by the caller.
 */
MUST_USE enum status filekey_open(struct filekey *out, const struct efs *efs,
                                  struct keyring *ring, struct error *err);
void filekey_release(struct filekey *fk);

#endif
