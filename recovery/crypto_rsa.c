/* SPDX-License-Identifier: MIT */
/*
 * crypto_rsa.c - RSA private keys, and the raw operation with them (RFC 8017)
 */
#include "parsers/limits.h"
#include "recovery/alive.h"
#include "recovery/crypto.h"
#include "recovery/crypto_internal.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <stdatomic.h>

#define RSA_BITS_MIN 512

static _Atomic uint64_t work; /* since rsa_begin(); see LIMIT_RSA_WORK */

void rsa_begin(void)
{
	work = 0;
}

/*
 * Most keys of a large ring are never used, and to make one ready takes much
 * longer than to read it.  So a key is four numbers until its first use.
 */
struct rsa_key {
	struct secret room;         /* of the four; empty after that */
	struct rsa_numbers numbers; /* n, e, p and q, in the room */
	EVP_PKEY *pkey;             /* NULL before that, or if it cannot work */
	/* Of EVP_PKEY_CTX, made ready for raw decryption: one for each thread
	   that was at work with the key at a time. */
	GPtrArray *idle;
	GMutex lock; /* of all the above */
	uint8_t id[RSA_ID_SIZE];
	unsigned bits;
	size_t size;
};

static void context_free(void *ctx)
{
	EVP_PKEY_CTX_free(ctx);
}

void rsa_key_free(struct rsa_key *key)
{
	if (!key)
		return;
	g_ptr_array_unref(key->idle);
	EVP_PKEY_free(key->pkey); /* wipes the private numbers */
	secret_release(&key->room);
	g_mutex_clear(&key->lock);
	g_free(key);
}

unsigned rsa_key_bits(const struct rsa_key *key)
{
	return key->bits;
}

size_t rsa_key_size(const struct rsa_key *key)
{
	return key->size;
}

uint64_t rsa_work(size_t size)
{
	uint64_t times = MAX(1, size / 256);

	return times * times * times;
}

void rsa_key_public_id(uint8_t id[RSA_ID_SIZE], const struct rsa_key *key)
{
	memcpy(id, key->id, RSA_ID_SIZE);
}

/* ---------------------------------------------------- making it ready for use
 */

/* The numbers as OpenSSL takes them, in memory that is wiped. */
static EVP_PKEY *pkey_new(const struct numbers *k, size_t size)
{
	const struct {
		const char *name;
		const BIGNUM *number;
	} all[] = {
		{ OSSL_PKEY_PARAM_RSA_N, k->n },
		{ OSSL_PKEY_PARAM_RSA_E, k->e },
		{ OSSL_PKEY_PARAM_RSA_D, k->d },
		{ OSSL_PKEY_PARAM_RSA_FACTOR1, k->p },
		{ OSSL_PKEY_PARAM_RSA_FACTOR2, k->q },
		{ OSSL_PKEY_PARAM_RSA_EXPONENT1, k->dp },
		{ OSSL_PKEY_PARAM_RSA_EXPONENT2, k->dq },
		{ OSSL_PKEY_PARAM_RSA_COEFFICIENT1, k->qi },
	};
	OSSL_PARAM params[G_N_ELEMENTS(all) + 1];
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *pkey = NULL;
	struct secret room = { 0 };
	struct error err;
	uint8_t *p;

	if (secret_alloc(&room, G_N_ELEMENTS(all) * size, &err))
		return NULL;
	p = room.p;
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++, p += size) {
		if (BN_bn2nativepad(all[i].number, p, (int)size) < 0)
			goto out;
		params[i] = OSSL_PARAM_construct_BN(all[i].name, p, size);
	}
	params[G_N_ELEMENTS(all)] = OSSL_PARAM_construct_end();

	ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
out:
	EVP_PKEY_CTX_free(ctx);
	secret_release(&room);
	return pkey;
}

static EVP_PKEY_CTX *context_new(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);

	if (ctx && EVP_PKEY_decrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

/* `block` is big-endian, and as long as `out`. */
static bool operate(EVP_PKEY_CTX *ctx, struct secret *out, const uint8_t *block)
{
	size_t n = out->n;

	return EVP_PKEY_decrypt(ctx, out->p, &n, block, n) == 1 && n == out->n;
}

/* 2^e, decrypted, is 2: or the numbers are not those of one key. */
static bool works(EVP_PKEY *pkey, const struct numbers *k, size_t size)
{
	EVP_PKEY_CTX *ctx = context_new(pkey);
	uint8_t block[LIMIT_RSA_BITS / 8];
	struct secret out = { 0 };
	struct error err;
	bool good;

	good = ctx && !secret_alloc(&out, size, &err) && BN_set_word(k->t, 2) &&
	       BN_mod_exp(k->u, k->t, k->e, k->n, k->ctx) &&
	       BN_bn2binpad(k->u, block, (int)size) > 0 &&
	       operate(ctx, &out, block) &&
	       BN_bin2bn(out.p, (int)out.n, k->u) && BN_is_word(k->u, 2);
	secret_release(&out);
	EVP_PKEY_CTX_free(ctx);
	return good;
}

static EVP_PKEY *make_pkey(const struct rsa_key *key)
{
	struct numbers k = { 0 };
	EVP_PKEY *pkey = NULL;

	if (numbers_open(&k) && numbers_read(&k, &key->numbers) &&
	    numbers_complete(&k))
		pkey = pkey_new(&k, key->size);
	if (pkey && !works(pkey, &k, key->size))
		g_clear_pointer(&pkey, EVP_PKEY_free);
	numbers_release(&k);
	ERR_clear_error();
	return pkey;
}

static enum status misfit(uint64_t at, struct error *err)
{
	return fail(err, E_CORRUPT, at,
	            "numbers of an RSA key do not fit together");
}

/* Any thread; what failed once will always fail. */
static enum status make_ready(struct rsa_key *key, uint64_t at,
                              struct error *err)
{
	EVP_PKEY *pkey;

	g_mutex_lock(&key->lock);
	if (key->room.p)
		key->pkey = make_pkey(key);
	secret_release(&key->room);
	pkey = key->pkey;
	g_mutex_unlock(&key->lock);
	return pkey ? OK : misfit(at, err);
}

/* -------------------------------------------------------------- coming in */

/* The numbers that all others follow from. */
static bool keep_numbers(struct rsa_key *key, const struct numbers *k)
{
	const struct {
		struct bytes *to;
		const BIGNUM *number;
	} all[] = {
		{ &key->numbers.n, k->n },
		{ &key->numbers.e, k->e },
		{ &key->numbers.p, k->p },
		{ &key->numbers.q, k->q },
	};
	struct error err;
	uint8_t *p;

	if (secret_alloc(&key->room, G_N_ELEMENTS(all) * key->size, &err))
		return false;
	p = key->room.p;
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++, p += key->size) {
		if (BN_bn2binpad(all[i].number, p, (int)key->size) < 0)
			return false;
		*all[i].to = (struct bytes){ p, key->size, 0 };
	}
	return rsa_public_id(key->id, key->numbers.n, key->numbers.e);
}

static struct rsa_key *key_from(const struct numbers *k)
{
	struct rsa_key *key = g_new0(struct rsa_key, 1);

	key->bits = (unsigned)BN_num_bits(k->n);
	key->size = (size_t)BN_num_bytes(k->n);
	key->idle = g_ptr_array_new_with_free_func(context_free);
	g_mutex_init(&key->lock);
	if (keep_numbers(key, k))
		return key;
	rsa_key_free(key);
	return NULL;
}

/* So many operations with the modulus, at most, if that is not too much. */
static bool may_work(const struct numbers *k, unsigned operations)
{
	uint64_t more = operations * rsa_work((size_t)BN_num_bytes(k->n));

	return atomic_fetch_add(&work, more) < LIMIT_RSA_WORK;
}

/*
 * A modulus that came with two factors needs no trial yet, if e is of the usual
 * size: damage would not leave it their product.  All that could be wrong then
 * is that they are no primes.
 */
static enum status key_of(struct rsa_key **key, struct numbers *k, uint64_t at,
                          struct error *err)
{
	bool given = numbers_are_factored(k), sure = given && numbers_fit(k);

	if (!sure && !may_work(k, given ? 2 : NUMBERS_ROUNDS + 2))
		return fail(
			err, E_LIMIT, at,
			"number of RSA keys that must be tried, most without "
			"their primes");
	if (!given && !numbers_factor(k))
		return misfit(at, err);
	*key = key_from(k);
	if (!*key)
		return fail(err, E_NOMEM, at, "memory for an RSA key");
	if (sure || !make_ready(*key, at, err))
		return OK;
	g_clear_pointer(key, rsa_key_free);
	return err->status;
}

enum status rsa_key_new(struct rsa_key **key, const struct rsa_numbers *from,
                        struct error *err)
{
	size_t size = rsa_number_length(from->n, from->little_endian);
	uint64_t at = from->n.at;
	struct numbers k = { 0 };
	enum status status = OK;

	*key = NULL;
	crypto_ready();
	if (size > LIMIT_RSA_BITS / 8)
		return fail(err, E_LIMIT, at, "RSA modulus");
	if (!numbers_open(&k)) {
		status = fail(err, E_NOMEM, at, "memory for an RSA key");
		goto out;
	}
	if (!numbers_read(&k, from)) {
		status = fail(err, E_CORRUPT, at, "numbers of an RSA key");
		goto out;
	}
	if (BN_num_bits(k.n) < RSA_BITS_MIN) {
		status = fail(err, E_UNSUPPORTED, at,
		              "RSA modulus of less than 512 bits");
		goto out;
	}
	status = key_of(key, &k, at, err);
out:
	numbers_release(&k);
	ERR_clear_error();
	return status;
}

enum status rsa_key_from_pkcs1(struct rsa_key **key, struct bytes in,
                               struct error *err)
{
	struct rsa_numbers numbers = { 0 };
	struct bytes *const all[] = { &numbers.n, &numbers.e, &numbers.d,
		                      &numbers.p, &numbers.q };
	struct cursor c = cursor_open(in);
	struct bytes part;

	*key = NULL;
	if (der_next(&c, &part) != DER_SEQUENCE)
		return fail(err, E_CORRUPT, in.at, "RSA private key");
	c = cursor_open(part);
	if (der_next(&c, &part) != DER_INTEGER || part.n != 1)
		return fail(err, E_CORRUPT, in.at, "RSA private key");
	if (*part.p)
		return fail(err, E_UNSUPPORTED, in.at,
		            "RSA key of more than two primes");
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (der_next(&c, all[i]) != DER_INTEGER)
			return fail(err, E_CORRUPT, in.at, "RSA private key");
	return rsa_key_new(key, &numbers, err);
}

/* ------------------------------------------------------------- using it */

enum status rsa_key_pem(struct secret *pem, struct rsa_key *key,
                        struct bytes certificate, struct error *err)
{
	*pem = (struct secret){ 0 };
	if (make_ready(key, 0, err))
		return err->status;
	return crypto_pem(pem, key->pkey, certificate, err);
}

static EVP_PKEY_CTX *context_take(struct rsa_key *key)
{
	EVP_PKEY_CTX *ctx = NULL;

	g_mutex_lock(&key->lock);
	if (key->idle->len)
		ctx = g_ptr_array_steal_index_fast(key->idle,
		                                   key->idle->len - 1);
	g_mutex_unlock(&key->lock);
	return ctx ? ctx : context_new(key->pkey);
}

static void context_give(struct rsa_key *key, EVP_PKEY_CTX *ctx)
{
	if (!ctx)
		return;
	g_mutex_lock(&key->lock);
	g_ptr_array_add(key->idle, ctx);
	g_mutex_unlock(&key->lock);
}

enum status rsa_decrypt(struct rsa_key *key, struct secret *out,
                        struct bytes wrapped, struct error *err)
{
	struct cursor c = cursor_open(wrapped);
	uint8_t block[LIMIT_RSA_BITS / 8];
	EVP_PKEY_CTX *ctx;
	bool good;

	*out = (struct secret){ 0 };
	if (wrapped.n != key->size)
		return fail(err, E_KEY, wrapped.at,
		            "wrapped key is not of the modulus' length");
	for (size_t i = key->size; i > 0; i--)
		block[i - 1] = cursor_u8(&c);
	if (make_ready(key, wrapped.at, err) ||
	    secret_alloc(out, key->size, err))
		return err->status;
	ctx = context_take(key);
	good = ctx && operate(ctx, out, block);
	context_give(key, ctx);
	alive();
	if (good)
		return OK;
	secret_release(out);
	ERR_clear_error();
	return fail(err, E_KEY, wrapped.at, "wrapped key is over the modulus");
}
