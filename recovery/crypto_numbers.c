/* SPDX-License-Identifier: MIT */
/*
 * crypto_numbers.c - the numbers of an RSA private key: read, checked,
 * completed
 */
#include "parsers/limits.h"
#include "recovery/crypto_internal.h"

bool numbers_open(struct numbers *k)
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

void numbers_release(struct numbers *k)
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

bool numbers_read(struct numbers *k, const struct rsa_numbers *from)
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

bool numbers_are_factored(const struct numbers *k)
{
	return !BN_is_zero(k->p) && !BN_is_zero(k->q) && !BN_is_one(k->p) &&
	       !BN_is_one(k->q) && BN_mul(k->t, k->p, k->q, k->ctx) &&
	       !BN_cmp(k->t, k->n);
}

/*
 * One base of numbers_factor(): u = base^odd, squared until it is 1.  The value
 * before is a square root of 1; if it is not 1 or -1 it shares a prime with n.
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
			       numbers_are_factored(k);
		if (!BN_copy(k->u, k->v))
			return false;
	}
	return false;
}

/* NIST SP 800-56B appendix C: the primes from n, e and d. */
bool numbers_factor(struct numbers *k)
{
	static const BN_ULONG bases[NUMBERS_ROUNDS] = {
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
	for (size_t i = 0; i < NUMBERS_ROUNDS; i++)
		if (factor_with(k, bases[i], odd, twos))
			return true;
	return false;
}

/* RFC 8017 3.2: all that follows from n, e, p and q. */
bool numbers_complete(struct numbers *k)
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

/* Has e an inverse modulo p - 1?  Euclid, in single words. */
static bool has_inverse(const BIGNUM *p, BN_ULONG e)
{
	BN_ULONG a = e;
	BN_ULONG b = (BN_mod_word(p, e) + e - 1) % e;

	while (b) {
		BN_ULONG rest = a % b;

		a = b;
		b = rest;
	}
	return a == 1;
}

bool numbers_fit(const struct numbers *k)
{
	BN_ULONG e = BN_get_word(k->e);

	return BN_num_bits(k->e) < BN_BITS2 && BN_cmp(k->p, k->q) &&
	       has_inverse(k->p, e) && has_inverse(k->q, e);
}
