/* SPDX-License-Identifier: MIT */
/*
 * fuzz_efs.c - $EFS metadata of version 1 to 3, both rings, every credential
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/efs.h"
#include "parsers/limits.h"

static void check_credential(const struct efs_credential *cred, struct bytes in)
{
	fuzz_inside(cred->sid, in);
	fuzz_inside(cred->thumbprint, in);
	fuzz_inside(cred->container, in);
	fuzz_inside(cred->provider, in);
	fuzz_inside(cred->name, in);
	fuzz_inside(cred->certificate, in);
	fuzz_inside(cred->public_key, in);
	assert(cred->sid.n <= 68);
	assert(!cred->thumbprint.n ||
	       cred->thumbprint.n == EFS_THUMBPRINT_SIZE);
	assert(cred->container.n % 2 == 0 && cred->provider.n % 2 == 0);
	assert(cred->name.n % 2 == 0);
}

static void walk(struct bytes ring)
{
	struct efs_keys it = efs_keys_open(ring);
	struct efs_key key;
	size_t n = 0;

	while (efs_keys_next(&it, &key)) {
		assert(key.at >= ring.at && key.at - ring.at < ring.n);
		fuzz_inside(key.fek, ring);
		check_credential(&key.credential, ring);
		fuzz_error(key.credential_err.status, &key.credential_err,
		           ring);
		assert(++n <= LIMIT_EFS_ENTRIES);
	}
	assert(!key.fek.n && !key.credential.type);
	fuzz_error(it.err.status, &it.err, ring);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct efs_credential cred;
	struct error err = { 0 };
	uint32_t version;
	struct efs efs;
	enum status status;

	status = efs_version(&version, in, &err);
	fuzz_error(status, &err, in);
	assert(version <= 6 && (version > 0) == !status);
	err.status = OK;
	status = efs_parse(&efs, in, &err);
	fuzz_error(status, &err, in);
	fuzz_inside(efs.id, in);
	fuzz_inside(efs.hash, in);
	fuzz_inside(efs.ddf, in);
	fuzz_inside(efs.drf, in);
	(void)efs_has_hash(&efs);
	walk(efs.ddf);
	walk(efs.drf);

	/* A credential also stands alone, in policies. */
	err.status = OK;
	status = efs_credential_parse(&cred, in, &err);
	fuzz_error(status, &err, in);
	check_credential(&cred, in);
	return 0;
}
