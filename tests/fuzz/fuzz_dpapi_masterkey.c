/* SPDX-License-Identifier: MIT */
/*
 * fuzz_dpapi_masterkey.c - a DPAPI master key file and its parts
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/dpapi_masterkey.h"
#include "parsers/limits.h"

static void check_key(const struct dpapi_locked_key *key, struct bytes in)
{
	fuzz_inside(key->all, in);
	fuzz_inside(key->salt, key->all);
	fuzz_inside(key->ciphertext, key->all);
	fuzz_error(key->err.status, &key->err, key->all);
	if (!key->all.n || key->err.status)
		return;
	assert(key->version == 2 && key->salt.n == DPAPI_SALT_SIZE);
	assert(key->rounds && key->rounds <= LIMIT_DPAPI_ROUNDS);
	assert(key->ciphertext.n);
}

static void check_domain(const struct dpapi_domain_key *domain, struct bytes in)
{
	fuzz_inside(domain->all, in);
	fuzz_inside(domain->guid, domain->all);
	fuzz_inside(domain->secret, domain->all);
	fuzz_inside(domain->access_check, domain->all);
	fuzz_inside(domain->r2, domain->all);
	fuzz_error(domain->err.status, &domain->err, domain->all);
	if (!domain->all.n || domain->err.status)
		return;
	assert(domain->version >= 1 && domain->version <= 3);
	assert(domain->secret.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct dpapi_masterkey mk;
	enum status status = dpapi_masterkey_parse(&mk, in, &err);

	fuzz_error(status, &err, in);
	assert(status || mk.version);
	assert(!status == !!mk.size && mk.size <= in.n);
	fuzz_inside(mk.name, in);
	assert(!mk.version || mk.name.n == 72);
	check_key(&mk.password, in);
	check_key(&mk.backup, in);
	fuzz_inside(mk.credhist.all, in);
	fuzz_inside(mk.credhist.guid, mk.credhist.all);
	fuzz_error(mk.credhist.err.status, &mk.credhist.err, mk.credhist.all);
	check_domain(&mk.domain, in);
	return 0;
}
