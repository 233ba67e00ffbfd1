/* SPDX-License-Identifier: MIT */
/*
 * crypto_rsa.c - RSA private keys, and the raw operation with them (RFC 8017)
 */
#include "parsers/limits.h"
#include "recovery/crypto.h"
#include "recovery/crypto_internal.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#define RSA_BITS_MIN 512
/* Each round of factor() fails for half of all bases at most. */
#define FACTOR_ROUNDS 24

struct rsa_key {
	EVP_PKEY *pkey;
	/* Of EVP_PKEY_CTX, made ready for raw decryption: one for each thread
	   that was at work with the key at a time. */
	GPtrArray *idle;
	GMutex lock; /* of idle */
	unsigned bits;
	size_t size;
};

/* All of them belong to ctx, which wipes them. */
struct numbers {
	BN_CTX *ctx;
	BIGNUM *n, *e, *d, *p, *q, *dp, *dq, *qi;
	BIGNUM *t, *u, *v; /* scratch */
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

bool rsa_public_id(uint8_t id[RSA_ID_SIZE], EVP_PKEY *pkey)
{
	unsigned char *der = NULL;
	struct error err;
	bool good = false;
	int n;

	memset(id, 0, RSA_ID_SIZE);
	if (!pkey || EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA)
		return false;
	n = i2d_PublicKey(pkey, &der);
	if (n > 0)
		good = digest_of(DIGEST_SHA256,
		                 (struct bytes){ der, (size_t)n, 0 }, id,
		                 &err) == OK;
	OPENSSL_free(der);
	ERR_clear_error();
	return good;
}

void rsa_key_id(uint8_t id[RSA_ID_SIZE], const struct rsa_key *key)
{
	(void)rsa_public_id(id, key->pkey);
}

enum status rsa_key_pem(struct secret *pem, const struct rsa_key *key,
                        struct bytes certificate, struct error *err)
{
	return crypto_pem(pem, key->pkey, certificate, err);
}

/* ------------------------------------------------- completing the numbers */

static bool numbers_open(struct numbers *k)
{
	BIGNUM **const all[] = { &k->n,  &k->e,  &k->d, &k->p, &k->q, &k->dp,
		                 &k->dq, &k->qi, &k->t, &k->u, &k->v };

	k->ctx = BN_CTX_secure_new();
	if (!k->ctx)
		return false;
	BN_CTX_start(k->ctx);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		*all[i] = BN_CTX_get(k->ctx);
		if (!*all[i])
			return false;
		BN_set_flags(*all[i], BN_FLG_CONSTTIME);
	}
	return true;
}

static void numbers_release(struct numbers *k)
{
	if (k->ctx)
		BN_CTX_end(k->ctx);
	BN_CTX_free(k->ctx);
	*k = (struct numbers){ 0 };
}

/* No number of a key is longer than its modulus. */
static bool number_read(BIGNUM *to, struct bytes from, bool little_endian)
{
	if (from.n > LIMIT_RSA_BITS / 8 + 1)
		return false;
	if (little_endian)
		return BN_lebin2bn(from.p, (int)from.n, to);
	return BN_bin2bn(from.p, (int)from.n, to);
}

static bool numbers_read(struct numbers *k, const struct rsa_numbers *from)
{
	bool le = from->little_endian;

	return number_read(k->n, from->n, le) &&
	       number_read(k->e, from->e, le) &&
	       number_read(k->d, from->d, le) &&
	       number_read(k->p, from->p, le) &&
	       number_read(k->q, from->q, le) && BN_is_odd(k->n) &&
	       BN_is_odd(k->e) && !BN_is_one(k->e) && BN_cmp(k->e, k->n) < 0 &&
	       BN_cmp(k->d, k->n) < 0 && BN_cmp(k->p, k->n) < 0 &&
	       BN_cmp(k->q, k->n) < 0;
}

static bool is_factored(const struct numbers *k)
{
	return !BN_is_zero(k->p) && !BN_is_zero(k->q) && !BN_is_one(k->p) &&
	       !BN_is_one(k->q) && BN_mul(k->t, k->p, k->q, k->ctx) &&
	       !BN_cmp(k->t, k->n);
}

/*
 * One base of factor(): u = base^odd, squared until it is 1.  The value before
 * is a square root of 1; if it is not 1 or -1 it shares a prime with n.
 */
static bool factor_with(struct numbers *k, BN_ULONG base, const BIGNUM *odd,
                        int twos)
{
	if (!BN_set_word(k->u, base) ||
	    !BN_mod_exp(k->u, k->u, odd, k->n, k->ctx))
		return false;
	for (int i = 0; i < twos && !BN_is_one(k->u); i++) {
		if (!BN_mod_sqr(k->v, k->u, k->n, k->ctx))
			return false;
		if (BN_is_one(k->v))
			return BN_sub_word(k->u, 1) &&
			       BN_gcd(k->p, k->u, k->n, k->ctx) &&
			       BN_div(k->q, NULL, k->n, k->p, k->ctx) &&
			       is_factored(k);
		if (!BN_copy(k->u, k->v))
			return false;
	}
	return false;
}

/* NIST SP 800-56B appendix C: the primes from n, e and d. */
static bool factor(struct numbers *k)
{
	static const BN_ULONG bases[FACTOR_ROUNDS] = {
		2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
		41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89,
	};
	BIGNUM *odd = k->dp; /* not in use yet */
	int twos = 0;

	if (BN_is_zero(k->d) || !BN_mul(odd, k->e, k->d, k->ctx) ||
	    !BN_sub_word(odd, 1) || BN_is_zero(odd))
		return false;
	while (!BN_is_bit_set(odd, twos))
		twos++;
	if (!twos || !BN_rshift(odd, odd, twos))
		return false;
	/* If base^(e*d) is not base, nothing below can succeed. */
	if (!BN_set_word(k->t, 2) ||
	    !BN_mod_exp(k->u, k->t, k->e, k->n, k->ctx) ||
	    !BN_mod_exp(k->u, k->u, k->d, k->n, k->ctx) || BN_cmp(k->u, k->t))
		return false;
	for (size_t i = 0; i < FACTOR_ROUNDS; i++)
		if (factor_with(k, bases[i], odd, twos))
			return true;
	return false;
}

/* RFC 8017 3.2: all that follows from n, e, p and q. */
static bool complete(struct numbers *k)
{
	if (BN_cmp(k->p, k->q) < 0)
		BN_swap(k->p, k->q);
	return BN_sub(k->t, k->p, BN_value_one()) &&
	       BN_sub(k->u, k->q, BN_value_one()) &&
	       BN_mul(k->v, k->t, k->u, k->ctx) &&
	       BN_mod_inverse(k->d, k->e, k->v, k->ctx) &&
	       BN_mod(k->dp, k->d, k->t, k->ctx) &&
	       BN_mod(k->dq, k->d, k->u, k->ctx) &&
	       BN_mod_inverse(k->qi, k->q, k->p, k->ctx);
}

/* ---------------------------------------------------------- making the key */

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

/* 2^e, decrypted, is 2: or the numbers are not those of one key. */
static bool works(struct rsa_key *key, const struct numbers *k)
{
	g_autofree uint8_t *block = g_malloc(key->size);
	struct secret out = { 0 };
	struct error err;
	bool good;

	good = BN_set_word(k->t, 2) &&
	       BN_mod_exp(k->u, k->t, k->e, k->n, k->ctx) &&
	       BN_bn2lebinpad(k->u, block, (int)key->size) > 0 &&
	       rsa_decrypt(key, &out, (struct bytes){ block, key->size, 0 },
	                   &err) == OK &&
	       BN_bin2bn(out.p, (int)out.n, k->u) && BN_is_word(k->u, 2);
	secret_release(&out);
	return good;
}

static struct rsa_key *key_from(const struct numbers *k)
{
	struct rsa_key *key = g_new0(struct rsa_key, 1);

	key->bits = (unsigned)BN_num_bits(k->n);
	key->size = (size_t)BN_num_bytes(k->n);
	key->idle = g_ptr_array_new_with_free_func(context_free);
	g_mutex_init(&key->lock);
	key->pkey = pkey_new(k, key->size);
	if (key->pkey && works(key, k))
		return key;
	rsa_key_free(key);
	return NULL;
}

/* The modulus' own length, without leading zeros. */
static size_t significant(struct bytes b, bool little_endian)
{
	struct cursor c = cursor_open(b);
	size_t n = 0;

	for (size_t i = 1; i <= b.n; i++)
		if (cursor_u8(&c)) {
			n = little_endian ? i : b.n - i + 1;
			if (!little_endian)
				break;
		}
	return n;
}

enum status rsa_key_new(struct rsa_key **key, const struct rsa_numbers *from,
                        struct error *err)
{
	size_t size = significant(from->n, from->little_endian);
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
	if ((is_factored(&k) || factor(&k)) && complete(&k))
		*key = key_from(&k);
	if (!*key)
		status = fail(err, E_CORRUPT, at,
		              "numbers of an RSA key do not fit together");
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

static EVP_PKEY_CTX *context_new(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);

	if (ctx && EVP_PKEY_decrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
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
	size_t n = key->size;
	bool good;

	*out = (struct secret){ 0 };
	if (wrapped.n != key->size)
		return fail(err, E_KEY, wrapped.at,
		            "wrapped key is not of the modulus' length");
	for (size_t i = key->size; i--;)
		block[i] = cursor_u8(&c);
	if (secret_alloc(out, key->size, err))
		return err->status;
	ctx = context_take(key);
	good = ctx && EVP_PKEY_decrypt(ctx, out->p, &n, block, n) == 1 &&
	       n == key->size;
	context_give(key, ctx);
	if (good)
		return OK;
	secret_release(out);
	ERR_clear_error();
	return fail(err, E_KEY, wrapped.at, "wrapped key is over the modulus");
}
