/* SPDX-License-Identifier: MIT */
/*
 * dpapi_blob.c - open a DPAPI blob by the hash of its master key
 */
#include "recovery/dpapi_internal.h"

#include "parsers/dpapi_algorithm.h"

#define BYTES_OF(literal)                                      \
	{                                                      \
		(const uint8_t *)(literal), sizeof(literal), 0 \
	}

/* *Observed* in testdata/winkeys: without the NUL nothing opens. */
const struct bytes dpapi_entropy_capi_flag = BYTES_OF("Hj1diQ6kpUx7VC4m");
const struct bytes dpapi_entropy_cng_key = BYTES_OF("xT5rZW5qVVbrvpuA");
const struct bytes dpapi_entropy_cng_properties = BYTES_OF("6jnkd5J3ZdQDtrsu");

#define PARTS_MAX  3
#define SHA1_BLOCK 64
#define HMAC_INNER 0x36
#define HMAC_OUTER 0x5c

static void pad_of(uint8_t pad[SHA1_BLOCK], struct bytes key, uint8_t with)
{
	for (size_t i = 0; i < SHA1_BLOCK; i++)
		pad[i] = (uint8_t)((i < key.n ? key.p[i] : 0) ^ with);
}

static enum status session_sha1(uint8_t *out, struct bytes key,
                                struct bytes salt, const struct bytes *parts,
                                size_t n, struct error *err)
{
	uint8_t pad[SHA1_BLOCK], inner[DIGEST_MAX];
	struct bytes all[2 + PARTS_MAX] = { { pad, sizeof(pad), 0 }, salt };
	enum status status;

	pad_of(pad, key, HMAC_INNER);
	status = digest_of_parts(DIGEST_SHA1, all, 2, inner, err);
	pad_of(pad, key, HMAC_OUTER);
	all[1] = (struct bytes){ inner, digest_size(DIGEST_SHA1), 0 };
	for (size_t i = 0; i < n; i++)
		all[2 + i] = parts[i];
	if (!status)
		status = digest_of_parts(DIGEST_SHA1, all, 2 + n, out, err);
	crypto_wipe(pad, sizeof(pad));
	crypto_wipe(inner, sizeof(inner));
	return status;
}

enum status dpapi_session(uint8_t out[DIGEST_MAX], enum digest_kind hash,
                          struct bytes masterkey_hash, struct bytes salt,
                          const struct bytes *parts, size_t n,
                          struct error *err)
{
	struct bytes all[1 + PARTS_MAX] = { salt };

	memset(out, 0, DIGEST_MAX);
	if (n > PARTS_MAX || masterkey_hash.n > SHA1_BLOCK)
		return fail(err, E_LIMIT, salt.at, "session key of DPAPI");
	if (hash == DIGEST_SHA1)
		return session_sha1(out, masterkey_hash, salt, parts, n, err);
	for (size_t i = 0; i < n; i++)
		all[1 + i] = parts[i];
	return crypto_hmac(hash, masterkey_hash, all, 1 + n, out, err);
}

/*
 * CryptDeriveKey() in the Windows API reference: 3DES and AES of a hash that is
 * no SHA-2 take two digests; everything else takes the start of the hash.
 */
enum status dpapi_cipher_key(uint8_t key[DIGEST_MAX],
                             const struct dpapi_suite *suite,
                             const uint8_t *session, struct error *err)
{
	struct bytes in = { session, suite->digest, 0 };
	uint8_t pad[SHA1_BLOCK];
	struct bytes whole = { pad, sizeof(pad), 0 };
	enum status status;

	memset(key, 0, DIGEST_MAX);
	if (suite->hash != DIGEST_SHA1 || suite->cipher == BLOCK_DES) {
		memcpy(key, session, suite->key);
		return OK;
	}
	pad_of(pad, in, HMAC_INNER);
	status = digest_of(DIGEST_SHA1, whole, key, err);
	pad_of(pad, in, HMAC_OUTER);
	if (!status)
		status =
			digest_of(DIGEST_SHA1, whole, key + suite->digest, err);
	crypto_wipe(pad, sizeof(pad));
	return status;
}

/* What opens a blob. */
struct opener {
	struct dpapi_suite suite;
	struct bytes masterkey_hash, entropy, strong;
};

/*
 * The signature has the bytes of the blob where the session key has the strong
 * password, *observed* in dpapick's unit vectors.
 */
static enum status check_sign(const struct dpapi_blob *blob,
                              const struct opener *with, struct error *err)
{
	const struct bytes parts[] = { with->entropy, blob->signed_part };
	uint8_t sign[DIGEST_MAX];
	enum status status;

	if (blob->sign.n != with->suite.digest)
		return fail(err, E_CORRUPT, blob->sign.at,
		            "length of the blob's signature");
	status = dpapi_session(sign, with->suite.hash, with->masterkey_hash,
	                       blob->hmac_salt, parts, 2, err);
	if (!status && !crypto_equal(sign, blob->sign.p, blob->sign.n))
		status = fail(err, E_KEY, blob->sign.at,
		              "signature of the blob");
	crypto_wipe(sign, sizeof(sign));
	return status;
}

static enum status decrypt(uint8_t *plain, const struct dpapi_blob *blob,
                           const struct opener *with, struct error *err)
{
	static const uint8_t zeros[16];
	const struct dpapi_suite *suite = &with->suite;
	const struct bytes parts[] = { with->entropy, with->strong };
	uint8_t session[DIGEST_MAX], key[DIGEST_MAX];
	struct bytes k = { key, suite->key, 0 };
	struct bytes iv = { zeros, suite->block, 0 };
	enum status status;

	status = dpapi_session(session, suite->hash, with->masterkey_hash,
	                       blob->salt, parts, 2, err);
	if (!status)
		status = dpapi_cipher_key(key, suite, session, err);
	if (!status)
		status = crypto_cbc_decrypt(suite->cipher, k, iv, plain,
		                            blob->data, err);
	crypto_wipe(session, sizeof(session));
	crypto_wipe(key, sizeof(key));
	return status;
}

/* RFC 5652 6.3; the number of bytes before the padding. */
static enum status unpad(size_t *n, struct bytes plain, size_t block,
                         struct error *err)
{
	uint8_t pad = plain.p[plain.n - 1];
	bool good = pad && pad <= block;

	for (size_t i = 0; i < pad && good; i++)
		good = plain.p[plain.n - 1 - i] == pad;
	*n = good ? plain.n - pad : 0;
	return good ? OK : fail(err, E_KEY, plain.at, "padding of the blob");
}

/* `room` has the length of the data. */
static enum status open_into(struct secret *plain, struct secret *room,
                             const struct dpapi_blob *blob,
                             const struct opener *with, struct error *err)
{
	struct bytes view = { room->p, room->n, blob->data.at };
	enum status status;
	size_t n = 0;

	status = decrypt(room->p, blob, with, err);
	if (!status)
		status = unpad(&n, view, with->suite.block, err);
	if (status || !n)
		return status;
	status = secret_alloc(plain, n, err);
	if (!status)
		memcpy(plain->p, room->p, n);
	return status;
}

/* CALG_AES names no length of the key; the blob does, elsewhere. */
static uint32_t cipher_of(const struct dpapi_blob *blob)
{
	if (blob->cipher != DPAPI_AES)
		return blob->cipher;
	switch (blob->cipher_bits) {
	case 128:
		return DPAPI_AES_128;
	case 192:
		return DPAPI_AES_192;
	case 256:
		return DPAPI_AES_256;
	default:
		return DPAPI_AES;
	}
}

enum status dpapi_open_blob(struct secret *plain, const struct dpapi_blob *blob,
                            struct bytes masterkey_hash, struct bytes entropy,
                            struct bytes strong, struct error *err)
{
	struct opener with = { { 0 }, masterkey_hash, entropy, strong };
	struct secret room = { 0 };
	enum status status;

	*plain = (struct secret){ 0 };
	if (!blob->size)
		return fail(err, E_TRUNCATED, blob->provider.at, "DPAPI blob");
	status = dpapi_suite_find(&with.suite, blob->hash, cipher_of(blob),
	                          blob->salt.at, err);
	if (!status)
		status = check_sign(blob, &with, err);
	if (!status && !blob->data.n)
		status = fail(err, E_CORRUPT, blob->data.at,
		              "length of the blob's data");
	if (!status)
		status = secret_alloc(&room, blob->data.n, err);
	if (!status)
		status = open_into(plain, &room, blob, &with, err);
	secret_release(&room);
	return status;
}
