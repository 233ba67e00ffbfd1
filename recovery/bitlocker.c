/* SPDX-License-Identifier: MIT */
/*
 * bitlocker.c - unlock a BitLocker volume: the protectors, one after the other
 *
 * J. Metz, "BitLocker Drive Encryption (BDE) format": Volume master key, full
 * volume encryption key.
 */
#include "recovery/bitlocker_internal.h"

#include "parsers/text.h"
#include "recovery/crypto.h"

#define VMK_SIZE 32
/* *Observed* with the diffuser: the tweak key is in the second half of 64. */
#define TWEAK_OFF 32u

void bitlocker_keys_release(struct bitlocker_keys *keys)
{
	secret_release(&keys->fvek);
	secret_release(&keys->tweak);
	g_free(keys->by);
	*keys = (struct bitlocker_keys){ 0 };
}

void bitlocker_keys_move(struct bitlocker_keys *to, struct bitlocker_keys *from)
{
	*to = *from;
	*from = (struct bitlocker_keys){ 0 };
}

/* -------------------------------------------------------------------- keys */

bool bitlocker_open_vmk(struct secret *vmk, const struct bitlocker_protector *p,
                        struct bytes key)
{
	struct secret plain = { 0 };
	struct bitlocker_key inside;
	struct error err;
	bool opened;

	*vmk = (struct secret){ 0 };
	opened = !crypto_ccm_open(&plain, key, p->vmk.nonce, p->vmk.tag,
	                          p->vmk.data, &err) &&
	         !bitlocker_key_parse(&inside, secret_view(&plain), &err) &&
	         inside.key.n == VMK_SIZE && !secret_alloc(vmk, VMK_SIZE, &err);
	if (opened)
		memcpy(vmk->p, inside.key.p, VMK_SIZE);
	secret_release(&plain);
	return opened;
}

struct key_shape {
	uint16_t method;
	uint8_t fvek, tweak; /* bytes */
};

static const struct key_shape shapes[] = {
	{ BITLOCKER_CBC_128_DIFFUSER, 16, 16 },
	{ BITLOCKER_CBC_256_DIFFUSER, 32, 32 },
	{ BITLOCKER_CBC_128, 16, 0 },
	{ BITLOCKER_CBC_256, 32, 0 },
	{ BITLOCKER_XTS_128, 32, 0 },
	{ BITLOCKER_XTS_256, 64, 0 },
};

static const struct key_shape *shape_of(uint16_t method)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
		if (shapes[i].method == method)
			return &shapes[i];
	return NULL;
}

static enum status take(struct secret *to, struct bytes key, size_t at,
                        size_t n, struct error *err)
{
	struct cursor c = cursor_open(key);
	struct bytes part = cursor_cut(&c, at, n);

	if (c.bad)
		return fail(err, E_CORRUPT, key.at, "length of a volume's key");
	if (!n)
		return OK;
	if (secret_alloc(to, n, err))
		return err->status;
	memcpy(to->p, part.p, n);
	return OK;
}

static enum status take_keys(struct bitlocker_keys *out, struct bytes plain,
                             struct error *err)
{
	const struct key_shape *shape;
	struct bitlocker_key key;

	if (bitlocker_key_parse(&key, plain, err))
		return err->status;
	out->method = (uint16_t)key.method;
	shape = shape_of(out->method);
	if (!shape)
		return fail(err, E_UNSUPPORTED, 0,
		            "encryption method of a BitLocker volume");
	if (take(&out->fvek, key.key, 0, shape->fvek, err))
		return err->status;
	return take(&out->tweak, key.key, shape->tweak ? TWEAK_OFF : 0,
	            shape->tweak, err);
}

/* SHA-256 of the metadata; only who has the VMK can change both. */
static bool prove(const struct bitlocker_meta *meta, const struct secret *vmk)
{
	const struct bitlocker_locked *l = &meta->hash;
	uint8_t hash[BITLOCKER_HASH_SIZE];
	struct secret plain = { 0 };
	struct bitlocker_key stored;
	struct error err;
	bool proved;

	proved = !crypto_ccm_open(&plain, secret_view(vmk), l->nonce, l->tag,
	                          l->data, &err) &&
	         !bitlocker_key_parse(&stored, secret_view(&plain), &err) &&
	         !digest_of(DIGEST_SHA256, meta->all, hash, &err) &&
	         stored.key.n == sizeof(hash) &&
	         crypto_equal(stored.key.p, hash, sizeof(hash));
	secret_release(&plain);
	return proved;
}

static enum status open_fvek(struct bitlocker_keys *out,
                             const struct bitlocker_meta *meta,
                             const struct secret *vmk, struct error *err)
{
	const struct bitlocker_locked *l = &meta->fvek;
	struct secret plain = { 0 };
	enum status st;

	st = crypto_ccm_open(&plain, secret_view(vmk), l->nonce, l->tag,
	                     l->data, err);
	if (st == E_KEY || st == E_CORRUPT)
		st = fail(err, E_CORRUPT, l->data.at,
		          "a protector opens, but the key of the BitLocker "
		          "volume is damaged");
	if (!st)
		st = take_keys(out, secret_view(&plain), err);
	secret_release(&plain);
	out->proved = !st && prove(meta, vmk);
	return st;
}

/* ----------------------------------------------------------------- reasons */

static void put_protector(GString *why, const struct bitlocker_protector *p)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));

	text_guid(&t, p->guid);
	g_string_append_printf(why, "%s%s %s: ", why->len ? "; " : "",
	                       bitlocker_protector_name(p->type), buf);
}

static const char *closed_type(uint16_t type)
{
	switch (type) {
	case BITLOCKER_BY_TPM:
	case BITLOCKER_BY_TPM_EXTERNAL:
	case BITLOCKER_BY_TPM_PIN:
	case BITLOCKER_BY_TPM_PIN_EXTERNAL:
		return "needs the TPM of its computer";
	case BITLOCKER_BY_PUBLIC_KEY:
		return "needs the private key of the certificate, which is not "
		       "supported";
	default:
		return "not known";
	}
}

/* ------------------------------------------------------------------- order */

/* Every protector of one kind, until one opens. */
typedef bool try_protector(struct attempt *a,
                           const struct bitlocker_protector *p);

struct way {
	uint16_t type;
	try_protector *try;
};

static const struct way ways[] = {
	{ BITLOCKER_BY_CLEAR, bitlocker_try_clear },
	{ BITLOCKER_BY_EXTERNAL, bitlocker_try_files },
	{ BITLOCKER_BY_RECOVERY, bitlocker_try_recovery },
	{ BITLOCKER_BY_PASSWORD, bitlocker_try_passwords },
};

static bool try_one(struct attempt *a, const struct way *way,
                    const struct bitlocker_protector *p)
{
	if (p->type != way->type)
		return false;
	put_protector(a->why, p);
	if (p->err.status) {
		g_string_append_printf(a->why, "damaged (%s)", p->err.what);
		return false;
	}
	if (!way->try(a, p))
		return false;
	a->out->type = p->type;
	memcpy(a->out->guid, p->guid.p, sizeof(a->out->guid));
	return true;
}

static bool try_ways(struct attempt *a, struct bytes entries)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		struct bitlocker_entries it = bitlocker_entries_open(entries);
		struct bitlocker_protector p;

		while (bitlocker_protectors_next(&it, &p))
			if (try_one(a, &ways[i], &p))
				return true;
	}
	return false;
}

static bool has_way(uint16_t type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
		if (ways[i].type == type)
			return true;
	return false;
}

static void name_others(struct attempt *a, struct bytes entries)
{
	struct bitlocker_entries it = bitlocker_entries_open(entries);
	struct bitlocker_protector p;

	while (bitlocker_protectors_next(&it, &p)) {
		if (has_way(p.type))
			continue;
		put_protector(a->why, &p);
		(void)g_string_append(a->why, closed_type(p.type));
		if (bitlocker_protector_name(p.type) ==
		    bitlocker_protector_name(UINT16_MAX))
			g_string_append_printf(a->why, " (0x%04x)", p.type);
	}
	if (it.err.status)
		g_string_append_printf(a->why, "%sthe rest is damaged (%s)",
		                       a->why->len ? "; " : "", it.err.what);
	if (!a->why->len)
		(void)g_string_append(a->why, "it has no protector");
}

enum status bitlocker_unlock(struct bitlocker_keys *out, char **why,
                             const struct bitlocker_meta *meta,
                             const struct bitlocker_secrets *given,
                             const struct trial *trial, struct error *err)
{
	struct attempt a = { .out = out,
		             .given = given,
		             .trial = trial,
		             .why = g_string_new(NULL) };
	enum status st;

	*out = (struct bitlocker_keys){ 0 };
	*why = NULL;
	if (try_ways(&a, meta->entries)) {
		st = open_fvek(out, meta, &a.vmk, err);
	} else {
		name_others(&a, meta->entries);
		*why = g_string_free(g_steal_pointer(&a.why), FALSE);
		st = fail(err, E_KEY, meta->all.at,
		          "BitLocker volume is locked");
	}
	if (st)
		bitlocker_keys_release(out);
	secret_release(&a.vmk);
	if (a.why)
		(void)g_string_free(a.why, TRUE);
	return st;
}
