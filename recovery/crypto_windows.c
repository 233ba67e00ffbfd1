/* SPDX-License-Identifier: MIT */
/*
 * crypto_windows.c - RSA keys out of the blobs that Windows keeps them in
 */
#include "parsers/limits.h"
#include "recovery/crypto_internal.h"

#define NUMBER_MOST (LIMIT_RSA_BITS / 8 + 1)

/* Big-endian, in `room`; false: too long, or even. */
static bool number(struct bytes *to, uint8_t room[NUMBER_MOST],
                   struct bytes from, bool little_endian)
{
	struct cursor c = cursor_open(from);

	if (!from.n || from.n > NUMBER_MOST)
		return false;
	for (size_t i = 0; i < from.n; i++)
		room[little_endian ? from.n - i - 1 : i] = cursor_u8(&c);
	*to = (struct bytes){ room, from.n, from.at };
	return room[from.n - 1] & 1;
}

enum status rsa_blob_id(uint8_t id[RSA_ID_SIZE], const struct key_blob *blob,
                        struct error *err)
{
	uint8_t room_n[NUMBER_MOST] = { 0 }, room_e[NUMBER_MOST] = { 0 };
	struct bytes n, e;

	memset(id, 0, RSA_ID_SIZE);
	if (blob->kind != KEY_BLOB_RSA)
		return fail(err, E_UNSUPPORTED, blob->n.at, "not an RSA key");
	if (number(&n, room_n, blob->n, blob->little_endian) &&
	    number(&e, room_e, blob->e, blob->little_endian) &&
	    rsa_public_id(id, n, e))
		return OK;
	return fail(err, E_CORRUPT, blob->n.at, "public key");
}

enum status rsa_key_from_blob(struct rsa_key **key, const struct key_blob *blob,
                              struct error *err)
{
	const struct rsa_numbers numbers = {
		.n = blob->n,
		.e = blob->e,
		.d = blob->d,
		.p = blob->p,
		.q = blob->q,
		.little_endian = blob->little_endian,
	};

	*key = NULL;
	if (blob->kind != KEY_BLOB_RSA || !blob->is_private)
		return fail(err, E_UNSUPPORTED, blob->n.at,
		            "not an RSA private key");
	return rsa_key_new(key, &numbers, err);
}

enum status certificate_read(struct key_cert *cert, struct bytes der,
                             struct error *err)
{
	return key_cert_parse(cert, der, err);
}

void certificate_release(struct key_cert *cert)
{
	key_cert_release(cert);
}
