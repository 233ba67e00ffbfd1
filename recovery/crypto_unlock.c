/* SPDX-License-Identifier: MIT */
/*
 * crypto_unlock.c - candidates on locks, and what a key file turned out to hold
 */
#include "parsers/limits.h"
#include "recovery/crypto.h"
#include "recovery/crypto_internal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>

/* The candidates that come before those of the user. */
enum { CANDIDATE_NONE, CANDIDATE_BLANK, CANDIDATE_FIRST };

/* ------------------------------------------------------------- candidates */

static size_t listed(const struct key_reader *r)
{
	const struct passwords *pw = r->tries->passwords;

	return pw ? passwords_count(pw) : 0;
}

/* False for one that cannot be a password. */
static bool candidate_get(const struct key_reader *r, size_t i,
                          struct candidate *candidate)
{
	struct bytes line;

	*candidate = (struct candidate){ .p = i == CANDIDATE_NONE ? NULL : "" };
	if (i < CANDIDATE_FIRST)
		return true;
	line = passwords_get(r->tries->passwords, i - CANDIDATE_FIRST);
	if (line.n > LIMIT_PASSWORD)
		return false;
	if (line.n) {
		candidate->p = (const char *)line.p;
		candidate->n = (int)line.n;
	}
	return true;
}

static char *candidate_name(const struct key_reader *r, size_t i)
{
	if (i == CANDIDATE_NONE)
		return g_strdup("no password");
	if (i == CANDIDATE_BLANK)
		return g_strdup("blank password");
	return passwords_label(r->tries->passwords, i - CANDIDATE_FIRST);
}

/* One lock, as the threads see it. */
struct lock_trial {
	const struct key_reader *r;
	key_lock_try *try;
	const void *lock;
};

static bool fits(const struct lock_trial *t, size_t i, void *keep)
{
	struct candidate candidate;
	bool opened;

	opened = candidate_get(t->r, i, &candidate) &&
	         t->try(t->lock, &candidate, keep);
	ERR_clear_error();
	return opened;
}

static bool fits_listed(void *ctx, size_t i)
{
	return fits(ctx, CANDIDATE_FIRST + i, NULL);
}

static bool opens(struct key_reader *r, const struct lock_trial *t, size_t i,
                  void *keep)
{
	if (!fits(t, i, keep))
		return false;
	r->last = i;
	if (!r->out->unlocked_by)
		r->out->unlocked_by = candidate_name(r, i);
	if (i >= CANDIDATE_FIRST) {
		i -= CANDIDATE_FIRST;
		g_array_append_val(r->out->opened, i);
	}
	return true;
}

/* Those that cost next to nothing, because they are few. */
static bool opens_early(struct key_reader *r, const struct lock_trial *t,
                        size_t first, void *keep)
{
	size_t last = MAX(r->last, first);
	size_t i;

	if (opens(r, t, last, keep))
		return true;
	for (i = first; i < CANDIDATE_FIRST; i++)
		if (i != last && opens(r, t, i, keep))
			return true;
	for (size_t k = 0; listed(r); k++) {
		i = passwords_proven(r->tries->passwords, k);
		if (i == PASSWORDS_NONE)
			break;
		if (opens(r, t, CANDIDATE_FIRST + i, keep))
			return true;
	}
	return false;
}

bool key_reader_unlock(struct key_reader *r, key_lock_try *try,
                       const void *lock, void *keep, bool none)
{
	static const struct trial alone = { .jobs = 1 };
	const struct key_tries *tries = r->tries;
	struct lock_trial t = { r, try, lock };
	size_t i;

	if (tries->none)
		return false;
	if (opens_early(r, &t, none ? CANDIDATE_NONE : CANDIDATE_BLANK, keep))
		return true;
	if (tries->proven_only || !listed(r))
		return false;
	i = trial_run(tries->trial ? tries->trial : &alone, listed(r),
	              fits_listed, &t);
	return i != TRIAL_NONE && opens(r, &t, CANDIDATE_FIRST + i, keep);
}

/* ----------------------------------------------------------------- budget */

enum status key_reader_spend(struct key_reader *r, uint64_t n,
                             struct error *err)
{
	if (n > LIMIT_PFX_ITERATIONS || r->iterations + n > LIMIT_PFX_WORK)
		return fail(err, E_LIMIT, 0, "iterations of a password");
	r->iterations += n;
	return OK;
}

static bool positive(uint64_t *to, const ASN1_INTEGER *from)
{
	return ASN1_INTEGER_get_uint64(to, from) == 1 && *to;
}

static bool count_pbe1(uint64_t *n, const ASN1_TYPE *parameter)
{
	PBEPARAM *pbe =
		ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), parameter);
	bool good = pbe && positive(n, pbe->iter);

	PBEPARAM_free(pbe);
	return good;
}

static bool count_pbkdf2(uint64_t *n, const ASN1_TYPE *parameter)
{
	PBKDF2PARAM *kdf = ASN1_TYPE_unpack_sequence(
		ASN1_ITEM_rptr(PBKDF2PARAM), parameter);
	bool good = kdf && positive(n, kdf->iter);

	PBKDF2PARAM_free(kdf);
	return good;
}

/* RFC 7914: each of N * r * p steps is one Salsa20/8 and a half, and a bit. */
static bool count_scrypt(uint64_t *n, const ASN1_TYPE *parameter)
{
	SCRYPT_PARAMS *kdf = ASN1_TYPE_unpack_sequence(
		ASN1_ITEM_rptr(SCRYPT_PARAMS), parameter);
	uint64_t cost, block, parallel;
	bool good;

	good = kdf && positive(&cost, kdf->costParameter) &&
	       positive(&block, kdf->blockSize) &&
	       positive(&parallel, kdf->parallelizationParameter);
	if (good) {
		*n = LIMIT_PFX_ITERATIONS + UINT64_C(1);
		if (cost < *n && block < *n && parallel < *n &&
		    cost * block < *n)
			*n = cost * block * parallel;
	}
	SCRYPT_PARAMS_free(kdf);
	return good;
}

static bool count_pbes2(uint64_t *n, const ASN1_TYPE *parameter)
{
	PBE2PARAM *pbe =
		ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), parameter);
	bool good = false;

	if (pbe && OBJ_obj2nid(pbe->keyfunc->algorithm) == NID_id_pbkdf2)
		good = count_pbkdf2(n, pbe->keyfunc->parameter);
	else if (pbe && OBJ_obj2nid(pbe->keyfunc->algorithm) == NID_id_scrypt)
		good = count_scrypt(n, pbe->keyfunc->parameter);
	PBE2PARAM_free(pbe);
	return good;
}

enum status key_reader_spend_pbe(struct key_reader *r,
                                 const X509_ALGOR *algorithm, struct error *err)
{
	uint64_t n = 0;
	bool good;

	if (OBJ_obj2nid(algorithm->algorithm) == NID_pbes2)
		good = count_pbes2(&n, algorithm->parameter);
	else
		good = count_pbe1(&n, algorithm->parameter);
	ERR_clear_error();
	if (!good)
		return fail(err, E_UNSUPPORTED, 0,
		            "password-based encryption of an unknown kind");
	return key_reader_spend(r, n, err);
}

/* --------------------------------------------------------------- findings */

void key_reader_failed(struct key_reader *r, const struct error *why)
{
	if (!r->first.status)
		r->first = *why;
}

void key_reader_cert(struct key_reader *r, struct bytes der)
{
	struct key_cert cert;
	struct error err;

	if (key_cert_parse(&cert, der, &err))
		key_reader_failed(r, &err);
	else
		g_array_append_val(r->out->certs, cert);
}

void key_reader_private(struct key_reader *r, struct rsa_key *key, bool locked)
{
	struct key_private private = { .rsa = key };

	rsa_key_public_id(private.id, key);
	if (locked)
	private.unlocked_by = candidate_name(r, r->last);
	g_array_append_val(r->out->privates, private);
}

static size_t tried(const struct key_reader *r)
{
	const struct passwords *pw = r->tries->passwords;

	if (!pw || !r->tries->proven_only)
		return listed(r);
	return pw->proven ? pw->proven->len : 0;
}

void key_reader_locked(struct key_reader *r, const char *type,
                       const struct error *why)
{
	struct key_locked locked = { .type = type };

	if (why->status == E_KEY && !tried(r))
		locked.reason = g_strdup_printf(
			"%s: the blank password does not open it", why->what);
	else if (why->status == E_KEY)
		locked.reason = g_strdup_printf(
			"%s: neither the blank password nor any of %zu opens "
			"it",
			why->what, tried(r));
	else
		locked.reason = g_strdup(why->what);
	g_array_append_val(r->out->locked, locked);
	key_reader_failed(r, why);
}
