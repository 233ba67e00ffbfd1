/* SPDX-License-Identifier: MIT */
/*
 * crypto_kdf.c - PBKDF2 and DPAPI's variant of it, two compressions a round
 *
 * A round hashes two short messages under one key.  The states after the key's
 * blocks are the same in all rounds, and so is the padding behind the message,
 * so nothing is left to do but the two compressions.  OpenSSL offers those
 * alone only by its old interface, which 3.0 deprecates without a substitute:
 * its new one copies a context on the heap for each of them.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "recovery/alive.h"
#include "recovery/crypto_internal.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

union sha {
	SHA_CTX sha1;
	SHA256_CTX sha256;
	SHA512_CTX sha512; /* and SHA-384 */
};

/* HMAC with one key, and the message of the next round. */
struct hmac_key {
	const struct engine *engine;
	union sha inner, outer;     /* after the key's block */
	union sha work;             /* here, so that it is wiped */
	uint8_t next[HMAC_PAD_MAX]; /* one digest, and its padding */
};

struct engine {
	size_t block;
	/* The state after the first block of a message. */
	void (*start)(union sha *to, const uint8_t *block);
	/*
	 * One compression of `block` from such a state, which is copied to
	 * `work`; the digest replaces the start of `block`.
	 */
	void (*step)(union sha *work, const union sha *from, uint8_t *block);
};

/* ---------------------------------------------------------------- engines */

static void put_be32(uint8_t *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void put_be64(uint8_t *to, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		to[i] = (uint8_t)(v >> (56 - 8 * i));
}

static void sha1_start(union sha *to, const uint8_t *block)
{
	(void)SHA1_Init(&to->sha1);
	SHA1_Transform(&to->sha1, block);
}

static void sha1_step(union sha *work, const union sha *from, uint8_t *block)
{
	SHA_CTX *c = &work->sha1;

	*c = from->sha1;
	SHA1_Transform(c, block);
	put_be32(block, c->h0);
	put_be32(block + 4, c->h1);
	put_be32(block + 8, c->h2);
	put_be32(block + 12, c->h3);
	put_be32(block + 16, c->h4);
}

static void sha256_start(union sha *to, const uint8_t *block)
{
	(void)SHA256_Init(&to->sha256);
	SHA256_Transform(&to->sha256, block);
}

static void sha256_step(union sha *work, const union sha *from, uint8_t *block)
{
	SHA256_CTX *c = &work->sha256;

	memcpy(c->h, from->sha256.h, sizeof(c->h));
	SHA256_Transform(c, block);
	for (size_t i = 0; i < G_N_ELEMENTS(c->h); i++)
		put_be32(block + 4 * i, c->h[i]);
}

static void sha384_start(union sha *to, const uint8_t *block)
{
	(void)SHA384_Init(&to->sha512);
	SHA512_Transform(&to->sha512, block);
}

static void sha512_start(union sha *to, const uint8_t *block)
{
	(void)SHA512_Init(&to->sha512);
	SHA512_Transform(&to->sha512, block);
}

static void wide_step(SHA512_CTX *c, const SHA512_CTX *from, uint8_t *block,
                      size_t words)
{
	memcpy(c->h, from->h, sizeof(c->h));
	SHA512_Transform(c, block);
	for (size_t i = 0; i < words; i++)
		put_be64(block + 8 * i, c->h[i]);
}

static void sha384_step(union sha *work, const union sha *from, uint8_t *block)
{
	wide_step(&work->sha512, &from->sha512, block, 6);
}

static void sha512_step(union sha *work, const union sha *from, uint8_t *block)
{
	wide_step(&work->sha512, &from->sha512, block, 8);
}

static const struct engine *engine_of(enum digest_kind hash)
{
	static const struct engine engines[] = {
		[DIGEST_SHA1] = { 64, sha1_start, sha1_step },
		[DIGEST_SHA256] = { 64, sha256_start, sha256_step },
		[DIGEST_SHA384] = { 128, sha384_start, sha384_step },
		[DIGEST_SHA512] = { 128, sha512_start, sha512_step },
	};

	return engines[hash].step ? &engines[hash] : NULL;
}

/* ----------------------------------------------------------------- rounds */

/* What runs through the rounds of one block of the result. */
struct chain {
	enum kdf_kind kind;
	enum digest_kind hash;
	struct bytes password;
	struct hmac_key key; /* empty if the hash has no engine */
	uint8_t sum[DIGEST_MAX];
};

static enum status hmac_key_init(struct hmac_key *key,
                                 const struct engine *engine,
                                 const struct chain *chain, struct error *err)
{
	size_t size = digest_size(chain->hash);
	uint8_t pad[HMAC_PAD_MAX];
	enum status status;

	status = hmac_pad(chain->hash, chain->password, pad, err);
	if (!status) {
		hmac_pad_xor(pad, HMAC_INNER);
		engine->start(&key->inner, pad);
		hmac_pad_xor(pad, HMAC_INNER ^ HMAC_OUTER);
		engine->start(&key->outer, pad);
		/* FIPS 180-4 5.1: a one bit, zeros, the length in bits. */
		key->next[size] = 0x80;
		put_be32(key->next + engine->block - 4,
		         (uint32_t)(8 * (engine->block + size)));
		key->engine = engine;
	}
	OPENSSL_cleanse(pad, sizeof(pad));
	return status;
}

static enum status rounds_slow(struct chain *chain, uint32_t rounds,
                               struct error *err)
{
	size_t size = digest_size(chain->hash);
	uint8_t u[DIGEST_MAX];
	struct bytes message = { u, size, 0 };
	enum status status = OK;

	memcpy(u, chain->sum, size);
	for (uint32_t r = 1; r < rounds && !status; r++) {
		status = crypto_hmac(chain->hash, chain->password, &message, 1,
		                     u, err);
		for (size_t i = 0; i < size; i++)
			chain->sum[i] ^= u[i];
		if (chain->kind == KDF_DPAPI)
			memcpy(u, chain->sum, size);
	}
	OPENSSL_cleanse(u, sizeof(u));
	return status;
}

static void rounds_fast(struct chain *chain, uint32_t rounds)
{
	size_t size = digest_size(chain->hash);
	struct hmac_key *key = &chain->key;
	uint8_t *sum = chain->sum;
	uint8_t *u = key->next;

	memcpy(u, sum, size);
	for (uint32_t r = 1; r < rounds; r++) {
		key->engine->step(&key->work, &key->inner, u);
		key->engine->step(&key->work, &key->outer, u);
		for (size_t i = 0; i < size; i++)
			sum[i] ^= u[i];
		if (chain->kind == KDF_DPAPI)
			memcpy(u, sum, size);
	}
}

/* RFC 8018 5.2, F: block `index` of the result, from 1, is left in `sum`. */
static enum status derive_block(struct chain *chain, struct bytes salt,
                                uint32_t rounds, uint32_t index,
                                struct error *err)
{
	uint8_t be[4];
	const struct bytes parts[] = { salt, { be, sizeof(be), 0 } };
	enum status status;

	put_be32(be, index);
	status = crypto_hmac(chain->hash, chain->password, parts, 2, chain->sum,
	                     err);
	if (status)
		return status;
	if (!chain->key.engine)
		return rounds_slow(chain, rounds, err);
	rounds_fast(chain, rounds);
	return OK;
}

enum status crypto_kdf(enum kdf_kind kind, enum digest_kind hash,
                       struct bytes password, struct bytes salt,
                       uint32_t rounds, uint8_t *out, size_t n,
                       struct error *err)
{
	struct chain chain = { kind, hash, password, { 0 }, { 0 } };
	const struct engine *engine = engine_of(hash);
	size_t size = digest_size(hash);
	enum status status = OK;
	uint32_t index = 1;

	memset(out, 0, n);
	if (!rounds)
		return fail(err, E_CORRUPT, salt.at, "no rounds");
	if (engine)
		status = hmac_key_init(&chain.key, engine, &chain, err);
	for (size_t at = 0; at < n && !status; at += size) {
		status = derive_block(&chain, salt, rounds, index++, err);
		if (!status)
			memcpy(out + at, chain.sum, MIN(size, n - at));
		alive();
	}
	if (status)
		OPENSSL_cleanse(out, n);
	OPENSSL_cleanse(&chain, sizeof(chain));
	return status;
}
