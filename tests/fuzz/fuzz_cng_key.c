/* SPDX-License-Identifier: MIT */
/*
 * fuzz_cng_key.c - a private key file of CNG, and its list of properties
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/cng_key.h"
#include "parsers/limits.h"

static void walk(struct bytes list)
{
	struct cng_properties it = cng_properties_open(list);
	struct cng_property property;
	uint64_t last = 0;
	size_t n = 0;

	while (cng_properties_next(&it, &property)) {
		assert(property.at > last && ++n <= LIMIT_KEY_PROPERTIES);
		last = property.at;
		fuzz_inside(property.name, list);
		fuzz_inside(property.value, list);
	}
	fuzz_error(it.err.status, &it.err, list);
	fuzz_inside(cng_property_find(list, CNG_PROPERTY_PUBLIC_KEY), list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct cng_key key;
	enum status status = cng_key_parse(&key, in, &err);

	fuzz_error(status, &err, in);
	assert(!status == !!key.size && key.size <= in.n);
	assert(!status || status == E_ABSENT || status == E_TRUNCATED);
	fuzz_inside(key.name, in);
	fuzz_inside(key.public_properties, in);
	fuzz_inside(key.private_properties, in);
	fuzz_inside(key.private_key, in);
	walk(key.public_properties);
	walk(in);
	return 0;
}
