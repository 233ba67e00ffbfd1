/* SPDX-License-Identifier: MIT */
/*
 * bitlocker.h - unlock a BitLocker volume with what the user has
 *
 * Any one protector opens the volume master key (VMK), which opens the key of
 * the sectors (FVEK).  AES-CCM says for certain whether a secret is right.
 */
#ifndef RECOVERY_BITLOCKER_H
#define RECOVERY_BITLOCKER_H

#include "parsers/bitlocker.h"
#include "recovery/crypto_bitlocker.h"
#include "recovery/passwords.h"
#include "recovery/trial.h"

/* The keys of a volume, and what opened them.  Zero is empty. */
struct bitlocker_keys {
	uint16_t method;     /* enum bitlocker_method */
	struct secret fvek;  /* as long as the method wants it */
	struct secret tweak; /* of the diffuser; else empty */
	uint16_t type;       /* BITLOCKER_BY_*: the protector */
	uint8_t guid[BITLOCKER_GUID_SIZE];
	char *by; /* "password #2", "startup key USB.BEK", "clear key" */
	/* The metadata's hash, locked with the VMK, holds: nobody changed it */
	bool proved;
};

void bitlocker_keys_release(struct bitlocker_keys *keys);
/* Leaves `from` empty. */
void bitlocker_keys_move(struct bitlocker_keys *to,
                         struct bitlocker_keys *from);

/* A .BEK file that was given, by the name that it is known by. */
struct bitlocker_key_file {
	const char *name;
	struct bytes content;
};

/* What there is to open volumes with; all borrowed, each may be missing but the
   last. */
struct bitlocker_secrets {
	const struct passwords *passwords;
	/*
	 * Lines with recovery passwords, and others.  Those in `passwords`
	 * count as well.
	 */
	const struct passwords *recovery;
	const struct bitlocker_key_file *files;
	size_t n_files;
	/*
	 * Protectors of one evidence that passwords were tried on, which is
	 * counted up: over LIMIT_BITLOCKER_STRETCHED none is tried.
	 */
	unsigned *stretched;
};

/*
 * Open the volume.  Clear keys come first, then key files, recovery passwords
 * and passwords, on all cores; the result does not depend on threads.
 *
 * E_KEY: nothing opens it; *why then says for each protector what was tried
 * or is missing, one sentence, to be freed; else it is NULL.  E_UNSUPPORTED: it
 * is open, but the cipher of its sectors is not known.  E_CORRUPT: it is open,
 * but the key of its sectors is damaged.
 */
MUST_USE enum status bitlocker_unlock(struct bitlocker_keys *out, char **why,
                                      const struct bitlocker_meta *meta,
                                      const struct bitlocker_secrets *given,
                                      const struct trial *trial,
                                      struct error *err);

/* --------------------------------------------------------- its building stones
 */

/* What is stretched for a password, UTF-8 as typed.  E_CORRUPT: not UTF-8. */
MUST_USE enum status bitlocker_password_hash(uint8_t hash[BITLOCKER_HASH_SIZE],
                                             struct bytes password,
                                             struct error *err);

/*
 * The same for the recovery password in a line: 48 digits, in groups of 6 with
 * dashes or blanks between them or without any.  Text before and after them is
 * passed over, and so are NUL bytes: Windows saves UTF-16.  False, and nothing
 * in `hash`, if there is none; a group must be divisible by 11 and below
 * 720,896.
 */
bool bitlocker_recovery_hash(uint8_t hash[BITLOCKER_HASH_SIZE],
                             struct bytes line);

#endif
