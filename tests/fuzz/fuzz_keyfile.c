/* SPDX-License-Identifier: MIT */
/*
 * fuzz_keyfile.c - key files of any kind, and the key ring that takes them
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "recovery/keyring.h"

/* Of the seeds; one that is wrong; so few, because each costs its iterations */
static const char candidates[] = "test\nwrong";

static void load_candidates(struct passwords *pw)
{
	struct secret text = { 0 };
	struct error err;

	if (secret_alloc(&text, sizeof(candidates) - 1, &err))
		abort();
	memcpy(text.p, candidates, text.n);
	if (passwords_add(pw, &text, &err))
		abort();
}

/* Whatever is unlocked has a key of a size that we handle, and works. */
static void check(const struct keyring *ring)
{
	for (size_t i = 0; i < keyring_count(ring); i++) {
		const struct key *key = keyring_get(ring, i);

		if ((key->state == KEY_UNLOCKED) != (key->rsa != NULL))
			abort();
		if (key->rsa &&
		    keyring_of_size(ring, rsa_key_size(key->rsa), 0) == NULL)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[] = "fuzz";
	const struct origin origin = { .path = path };
	struct keyring *ring = keyring_new();
	struct bytes in = { data, size, 0 };
	struct passwords pw = { 0 };
	struct error err = { 0 };
	struct key_file kf;

	load_candidates(&pw);
	if (key_file_read(&kf, in, &pw, &err) != err.status)
		abort();
	if (kf.format && keyring_add_file(ring, &kf, in, &origin, &err))
		abort();
	key_file_release(&kf);
	check(ring);
	passwords_release(&pw);
	keyring_free(ring);
	return 0;
}
