/* SPDX-License-Identifier: MIT */
/*
 * fuzz_chain.c - pieces of the Windows key chain, of any kind
 *
 * The first byte says which kind.  What would cost the rounds of a master key
 * is added and explained, but no password is tried on it.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "recovery/chain.h"

static enum status add(struct chain *chain, unsigned kind, struct bytes in,
                       struct error *err)
{
	static char path[] = "fuzz";
	static char sid[] = "S-1-5-21-1-2-3-1000";
	const struct origin origin = { .path = path, .sid = sid };

	switch (kind % 4) {
	case 0:
		return chain_add_masterkey(chain, in, &origin, err);
	case 1:
		return chain_add_credhist(chain, in, &origin, err);
	case 2:
		return chain_add_private(chain, in, &origin, err);
	default:
		return chain_add_certificate(chain, in, &origin, err);
	}
}

/* The master key that opens testdata/winkeys/cng-rsa-locked.bin. */
static void add_master(struct chain *chain)
{
	const struct origin origin = { 0 };
	uint8_t key[DPAPI_KEY_SIZE];
	struct error err;

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	if (chain_add_open_masterkey(chain, key,
	                             (struct bytes){ key, sizeof(key), 0 },
	                             &origin, &err))
		abort();
}

/* Every key can be asked for all that is known of it. */
static void check(struct chain *chain, const struct keyring *ring)
{
	static const uint8_t thumbprint[EFS_THUMBPRINT_SIZE];

	for (size_t i = 0; i < keyring_count(ring); i++) {
		struct key *key = keyring_get(ring, i);
		GPtrArray *lines = chain_crack_lines(chain, key);

		g_ptr_array_unref(lines);
		lines = g_ptr_array_new_with_free_func(g_free);
		chain_links(key, lines);
		g_ptr_array_unref(lines);
		if (key->rsa && key->state != KEY_UNLOCKED)
			abort();
		if (key->container &&
		    !chain_closed(chain,
		                  (struct bytes){ thumbprint,
		                                  sizeof(thumbprint), 0 },
		                  key->container)
		             ->reason)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct trial trial = { .jobs = 1 };
	struct keyring *ring = keyring_new();
	struct passwords pw = { 0 };
	struct chain *chain = chain_new(ring, &pw);
	struct error err = { 0 };
	unsigned kind = size ? data[0] : 0;
	struct bytes in = { data + (size > 0), size - (size > 0), 0 };

	if (add(chain, kind, in, &err) != err.status)
		abort();
	add_master(chain);
	if (kind % 4 >= 2 && chain_unlock(chain, &trial, &err))
		abort();
	check(chain, ring);
	chain_free(chain);
	keyring_free(ring);
	passwords_release(&pw);
	return 0;
}
