/* SPDX-License-Identifier: MIT */
/*
 * sam.h - the accounts of a machine, and the hashes of their passwords
 *
 * Values of the hive SAM come in as bytes; no hive is read here.  *Observed* in
 * the values of Windows 7 and 10 that dissect.target tests with.
 * E_TRUNCATED and E_CORRUPT are damage.
 */
#ifndef RECOVERY_SAM_H
#define RECOVERY_SAM_H

#include "recovery/dpapi.h"

/*
 * The key of all hashes: of SAM\Domains\Account, value F, and the boot key.
 * E_KEY: that is not the one of this hive.
 */
MUST_USE enum status sam_key_open(struct secret *key, struct bytes f,
                                  struct bytes boot_key, struct error *err);

/* The machine's SID, binary, of value V beside it; borrowed. */
MUST_USE enum status sam_machine_sid(struct bytes *sid, struct bytes v,
                                     struct error *err);

/* An account: SAM\Domains\Account\Users\RID, value V; borrowed. */
struct sam_user {
	struct bytes name; /* UTF-16 */
	struct bytes nt;   /* the encrypted NT hash, or what there is for it */
};
MUST_USE enum status sam_user_parse(struct sam_user *user, struct bytes v,
                                    struct error *err);
/*
 * Its NT hash: DPAPI_NT_SIZE bytes.  E_ABSENT: none is stored.
 */
MUST_USE enum status sam_user_nt(struct secret *nt, const struct sam_user *user,
                                 uint32_t rid, struct bytes key,
                                 struct error *err);

#endif
