/* SPDX-License-Identifier: MIT */
/*
 * crypto_pvk.c - private keys of CryptoAPI: PRIVATEKEYBLOB, and files of it
 */
#include "recovery/crypto.h"
#include "recovery/crypto_internal.h"

#include <openssl/err.h>
#include <openssl/evp.h>

/* [MS-MQQB] 2.2.2.9.1 and wincrypt.h: BLOBHEADER, then RSAPUBKEY. */
#define BLOB_HEADER  8
#define BLOB_PRIVATE 0x07
#define ALG_RSA_KEYX 0xa400u
#define ALG_RSA_SIGN 0x2400u
#define RSA_PRIVATE  0x32415352u /* "RSA2" */

#define PVK_RC4_KEY 16
#define PVK_RC4_40  5 /* bytes of it that are not zero in the weak form */

static void damaged(struct key_reader *r, enum status status, uint64_t at,
                    const char *what)
{
	struct error err;

	(void)fail(&err, status, at, what);
	key_reader_locked(r, "private_key", &err);
}

/*
 * RSAPUBKEY and the numbers, little-endian, after the BLOBHEADER
 *
 *	00  u32  "RSA2"     04  u32  bits     08  u32  public exponent
 *	0c  modulus (bits / 8); prime 1, prime 2, exponents 1 and 2 and
 *	    coefficient (bits / 16 each); private exponent (bits / 8)
 */
static enum status parse_numbers(struct rsa_key **key, struct bytes in,
                                 struct error *err)
{
	struct rsa_numbers numbers = { .little_endian = true };
	struct cursor c = cursor_open(in);
	uint32_t magic = cursor_le32(&c);
	uint32_t bits = cursor_le32(&c);
	size_t whole = bits / 8 + (bits % 8 != 0);
	size_t half = bits / 16 + (bits % 16 != 0);

	*key = NULL;
	numbers.e = cursor_take(&c, 4);
	numbers.n = cursor_take(&c, whole);
	numbers.p = cursor_take(&c, half);
	numbers.q = cursor_take(&c, half);
	cursor_skip(&c, 3 * half);
	numbers.d = cursor_take(&c, whole);
	if (magic != RSA_PRIVATE)
		return fail(err, E_CORRUPT, in.at, "RSA private key blob");
	if (c.bad)
		return fail(err, E_CORRUPT, in.at, "RSA private key blob");
	return rsa_key_new(key, &numbers, err);
}

/* BLOBHEADER: type, version, two reserved bytes, u32 algorithm. */
static enum status parse_blob(struct rsa_key **key, struct bytes in,
                              struct error *err)
{
	struct cursor c = cursor_open(in);
	uint8_t type = cursor_u8(&c);
	uint32_t algorithm;

	*key = NULL;
	cursor_skip(&c, 3);
	algorithm = cursor_le32(&c);
	if (c.bad || type != BLOB_PRIVATE)
		return fail(err, E_CORRUPT, in.at, "private key blob");
	if (algorithm != ALG_RSA_KEYX && algorithm != ALG_RSA_SIGN)
		return fail(err, E_UNSUPPORTED, in.at, "not an RSA key");
	return parse_numbers(key, cursor_tail(&c, c.pos), err);
}

void key_read_blob(struct key_reader *r, struct bytes in)
{
	struct rsa_key *key;
	struct error err;

	if (!parse_blob(&key, in, &err))
		key_reader_private(r, key, false);
	else
		damaged(r, err.status, err.at, err.what);
}

/*
 * A domain's backup key for DPAPI, as its secret in NTDS or LSA holds it;
 * *observed* in testdata/winkeys
 *
 *	00  u32  version, 2    04  u32  key length    08  u32  certificate
 *length 0c  PRIVATEKEYBLOB, then the certificate
 *
 * The certificate only names the key: one that does not parse is passed over.
 */
void key_read_backup(struct key_reader *r, struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t key_length, cert_length;
	struct bytes key, cert;

	cursor_skip(&c, 4);
	key_length = cursor_le32(&c);
	cert_length = cursor_le32(&c);
	key = cursor_take(&c, key_length);
	if (c.bad) {
		damaged(r, E_CORRUPT, in.at, "backup key of a domain");
		return;
	}
	key_read_blob(r, key);
	cert = cursor_take(&c, cert_length);
	if (cert.n)
		key_reader_cert(r, cert);
}

struct pvk_lock {
	EVP_MD *sha1;
	EVP_CIPHER *rc4;
	struct bytes salt, numbers;
};

static bool pvk_derive(const struct pvk_lock *lock,
                       const struct candidate *candidate,
                       uint8_t digest[DIGEST_MAX])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	good = ctx && EVP_DigestInit_ex2(ctx, lock->sha1, NULL) == 1 &&
	       EVP_DigestUpdate(ctx, lock->salt.p, lock->salt.n) == 1 &&
	       EVP_DigestUpdate(ctx, candidate->p, (size_t)candidate->n) == 1 &&
	       EVP_DigestFinal_ex(ctx, digest, NULL) == 1;
	EVP_MD_CTX_free(ctx); /* wipes its state */
	return good;
}

static bool pvk_decrypt(const struct pvk_lock *lock, struct secret *to,
                        const uint8_t key[PVK_RC4_KEY])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	bool good;

	good = ctx &&
	       EVP_DecryptInit_ex2(ctx, lock->rc4, key, NULL, NULL) == 1 &&
	       EVP_DecryptUpdate(ctx, to->p, &n, lock->numbers.p,
	                         (int)lock->numbers.n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

/*
 * The key is the start of SHA-1(salt, password); programs under the export
 * rules of their day cut it to 40 bits, and the file does not say which.
 */
static bool try_pvk(const void *opaque, const struct candidate *candidate,
                    void *keep)
{
	const struct pvk_lock *lock = opaque;
	struct rsa_key *found = NULL;
	struct rsa_key **to = keep;
	bool opened;
	struct secret plain = { 0 };
	struct secret key = { 0 };
	struct error err;

	if (secret_alloc(&key, DIGEST_MAX, &err) ||
	    secret_alloc(&plain, lock->numbers.n, &err) ||
	    !pvk_derive(lock, candidate, key.p))
		goto out;
	for (int weak = 0; weak < 2 && !found; weak++) {
		if (weak)
			memset(key.p + PVK_RC4_40, 0, PVK_RC4_KEY - PVK_RC4_40);
		if (pvk_decrypt(lock, &plain, key.p))
			(void)parse_numbers(&found, secret_view(&plain), &err);
	}
out:
	secret_release(&plain);
	secret_release(&key);
	opened = found;
	if (to)
		*to = g_steal_pointer(&found);
	rsa_key_free(found);
	return opened;
}

static void read_pvk_locked(struct key_reader *r, struct bytes salt,
                            struct bytes blob)
{
	struct cursor c = cursor_open(blob);
	struct pvk_lock lock = { .salt = salt };
	struct rsa_key *key = NULL;

	lock.numbers = cursor_tail(&c, BLOB_HEADER);
	lock.sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	lock.rc4 = EVP_CIPHER_fetch(NULL, "RC4", NULL);
	if (!lock.sha1 || !lock.rc4)
		damaged(r, E_UNSUPPORTED, blob.at,
		        "RC4 not in OpenSSL (legacy provider missing)");
	else if (!lock.numbers.n)
		damaged(r, E_CORRUPT, blob.at, "PVK file");
	else if (!key_reader_unlock(r, try_pvk, &lock, &key, false))
		damaged(r, E_KEY, blob.at, "PVK file");
	else
		key_reader_private(r, key, true);
	EVP_CIPHER_free(lock.rc4);
	EVP_MD_free(lock.sha1);
	ERR_clear_error();
}

/*
 * The PVK file, as everyone writes it (Microsoft published none of it)
 *
 *	00  u32  magic         04  u32  reserved     08  u32  key type
 *	0c  u32  encrypted     10  u32  salt length  14  u32  key length
 *	18  salt, then BLOBHEADER, then the numbers, these encrypted
 */
void key_read_pvk(struct key_reader *r, struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t magic = cursor_le32(&c);
	uint32_t encrypted, salt_len, key_len;
	struct bytes salt, blob;

	cursor_skip(&c, 8);
	encrypted = cursor_le32(&c);
	salt_len = cursor_le32(&c);
	key_len = cursor_le32(&c);
	salt = cursor_take(&c, salt_len);
	blob = cursor_take(&c, key_len);
	if (c.bad || magic != KEY_PVK_MAGIC)
		damaged(r, E_CORRUPT, in.at, "PVK file");
	else if (encrypted || salt.n)
		read_pvk_locked(r, salt, blob);
	else
		key_read_blob(r, blob);
}
