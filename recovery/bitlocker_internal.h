/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_internal.h - what the files bitlocker*.c share, and nobody else
 */
#ifndef RECOVERY_BITLOCKER_INTERNAL_H
#define RECOVERY_BITLOCKER_INTERNAL_H

#include "recovery/bitlocker.h"

/* One call of bitlocker_unlock. */
struct attempt {
	struct bitlocker_keys *out; /* `by` is set by who opens */
	struct secret vmk;          /* the same */
	const struct bitlocker_secrets *given;
	const struct trial *trial;
	GString *why; /* ends in the name of the protector that is tried */
};

/* Open the volume master key of a protector with its key of 32 bytes. */
bool bitlocker_open_vmk(struct secret *vmk, const struct bitlocker_protector *p,
                        struct bytes key);

/*
 * Try all that there is on a protector of one type, whose parts are all there.
 * False leaves a reason in `why`.
 */
bool bitlocker_try_clear(struct attempt *a,
                         const struct bitlocker_protector *p);
bool bitlocker_try_files(struct attempt *a,
                         const struct bitlocker_protector *p);
bool bitlocker_try_recovery(struct attempt *a,
                            const struct bitlocker_protector *p);
bool bitlocker_try_passwords(struct attempt *a,
                             const struct bitlocker_protector *p);

#endif
