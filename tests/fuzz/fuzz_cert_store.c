/* SPDX-License-Identifier: MIT */
/*
 * fuzz_cert_store.c - a stored certificate, and where its key is
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/cert_store.h"
#include "parsers/limits.h"

static void check_info(const struct cert_key_info *info, struct bytes in)
{
	fuzz_inside(info->container, in);
	fuzz_inside(info->provider, in);
	assert(info->container.n % 2 == 0 && info->provider.n % 2 == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct cert_key_info info;
	struct cert_entry entry;
	enum status status = cert_entry_parse(&entry, in, &err);

	fuzz_error(status, &err, in);
	assert(entry.properties <= LIMIT_KEY_PROPERTIES);
	assert(status != E_ABSENT || !entry.properties);
	assert(status || entry.properties);
	assert(!entry.thumbprint.n || entry.thumbprint.n == CERT_SHA1_SIZE);
	fuzz_inside(entry.certificate, in);
	fuzz_inside(entry.thumbprint, in);
	fuzz_inside(entry.key_id, in);
	fuzz_inside(entry.name, in);
	fuzz_inside(entry.key_info, in);
	check_info(&entry.key, entry.key_info);
	if (entry.key_info_err.status)
		assert(entry.key_info_err.what);

	err = (struct error){ 0 };
	status = cert_key_info_parse(&info, in, &err);
	fuzz_error(status, &err, in);
	check_info(&info, in);
	return 0;
}
