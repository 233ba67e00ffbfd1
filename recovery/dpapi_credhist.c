/* SPDX-License-Identifier: MIT */
/*
 * dpapi_credhist.c - old passwords, each by the next newer one
 */
#include "recovery/dpapi_internal.h"

/* *Observed* in every entry of both files of parsers/credhist.h. */
#define NT_FIELD 20

/*
 * SHA-1, then the NT hash in a field of 20 bytes, so that 4 zeros follow.  What
 * AES needs behind these to fill its block is not known, and not looked at.
 */
static enum status take_hashes(struct dpapi_old_password *old,
                               struct bytes plain, struct error *err)
{
	struct cursor c = cursor_open(plain);
	struct bytes sha1 = cursor_take(&c, DPAPI_SHA1_SIZE);
	struct bytes nt = cursor_take(&c, DPAPI_NT_SIZE);
	struct bytes zeros = cursor_take(&c, NT_FIELD - DPAPI_NT_SIZE);
	uint8_t any = 0;

	if (c.bad)
		return fail(err, E_CORRUPT, plain.at,
		            "length of a CREDHIST entry");
	for (size_t i = 0; i < zeros.n; i++)
		any |= zeros.p[i];
	if (any)
		return fail(err, E_KEY, plain.at, "CREDHIST entry");
	memcpy(old->sha1, sha1.p, sha1.n);
	memcpy(old->nt, nt.p, nt.n);
	return OK;
}

static enum status judge(const struct credhist_entry *entry, struct error *err)
{
	if (entry->err.status) {
		*err = entry->err;
		return err->status;
	}
	if (entry->sha1_length != DPAPI_SHA1_SIZE ||
	    entry->nt_length != NT_FIELD)
		return fail(err, E_UNSUPPORTED, entry->all.at,
		            "lengths of a CREDHIST entry's hashes");
	return OK;
}

enum status dpapi_open_credhist(struct dpapi_old_password *old,
                                const struct credhist_entry *entry,
                                struct bytes prekey, struct error *err)
{
	const struct dpapi_sealed sealed = {
		entry->hash, entry->cipher, entry->rounds,
		entry->salt, entry->secret,
	};
	uint8_t plain[DPAPI_SEALED_MAX];
	struct bytes view = { plain, entry->secret.n, entry->secret.at };
	struct dpapi_suite suite;
	enum status status;

	*old = (struct dpapi_old_password){ 0 };
	status = judge(entry, err);
	if (status)
		return status;
	status = dpapi_unseal(plain, &suite, &sealed, prekey, err);
	if (!status)
		status = take_hashes(old, view, err);
	crypto_wipe(plain, sizeof(plain));
	return status;
}
