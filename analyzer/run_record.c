/* SPDX-License-Identifier: MIT */
/*
 * run_record.c - the key ring and its people go into the case
 */
#include "analyzer/run.h"
#include "parsers/text.h"
#include "recovery/crypto.h"

#include <string.h>

/*
 * Certificates of the evidence that have nothing to do with its files would
 * hide those that have: a Windows holds hundreds.
 */
static bool is_listed(const struct key *k)
{
	return k->type != KEY_CERTIFICATE || !k->origin.evidence || k->opens ||
	       k->efs || k->current;
}

static bool is_here(const struct run *run, const char *evidence)
{
	for (guint i = 0; evidence && run->items && i < run->items->len; i++) {
		const struct evidence *e = run->items->pdata[i];

		if (!strcmp(e->name, evidence))
			return true;
	}
	return false;
}

/* A certificate from here is listed in its private key, wherever that lies. */
static bool lists_certificate(const struct run *run, const struct key *k)
{
	uint8_t digest[DIGEST_MAX];
	struct bytes thumbprint = { digest, digest_size(DIGEST_SHA1), 0 };
	struct bytes der = { 0 };
	struct error err;

	if (!k->der || !(k->efs || k->current) ||
	    !is_here(run, k->certificate_origin.evidence))
		return false;
	der.p = g_bytes_get_data(k->der, &der.n);
	return !digest_of(DIGEST_SHA1, der, digest, &err) &&
	       keyring_find_certificate(run->ring, thumbprint) == k;
}

/* Those of other images are listed where they open something, or would. */
static bool is_foreign(const struct run *run, const struct key *k)
{
	const char *name = k->origin.evidence;

	return run->o->keyring && name && !k->opens && !is_here(run, name) &&
	       !lists_certificate(run, k);
}

static enum status add_key(struct run *run, struct key *k, GHashTable *ids,
                           struct error *err)
{
	const struct origin *o = &k->origin;
	GPtrArray *lines = chain_crack_lines(run->chain, k);
	struct case_key row = {
		.type = key_type_name(k->type),
		.key_id = k->id,
		.sid = o->sid,
		.user = o->user,
		.name = k->name,
		.source = k->source,
		.evidence = o->evidence,
		.volume = o->volume,
		.snapshot = o->snapshot,
		.path = o->path,
		.offset = o->offset,
		.made = o->made,
		.container = k->container,
		.certificate = k->certificate,
		.state = key_state_name(k->state),
		.unlocked_by = k->unlocked_by,
		.reason = k->reason,
		.bits = k->bits,
		.current = k->current,
		.opens = k->opens,
		.crack = (const char *const *)lines->pdata,
		.n_crack = lines->len,
	};
	enum status st = casefile_add_key(run->cf, &row, err);

	g_hash_table_insert(ids, k, GSIZE_TO_POINTER((gsize)row.id));
	g_ptr_array_unref(lines);
	return st;
}

static enum status link_key(struct run *run, const struct key *k,
                            GHashTable *ids, struct error *err)
{
	gsize id = GPOINTER_TO_SIZE(g_hash_table_lookup(ids, k));
	gsize behind = GPOINTER_TO_SIZE(g_hash_table_lookup(ids, k->behind));

	if (!id || !behind)
		return OK;
	return casefile_link_key(run->cf, (int64_t)id, (int64_t)behind, err);
}

static enum status add_certificate(struct run *run, const struct key *k,
                                   struct error *err)
{
	struct bytes der = { 0 };
	struct key_cert cert;
	char thumbprint[TEXT_SHA1];
	struct text t = text_open(thumbprint, sizeof(thumbprint));
	enum status st;

	if (!k->der)
		return OK;
	der.p = g_bytes_get_data(k->der, &der.n);
	if (certificate_read(&cert, der, err))
		return OK; /* it was read when it came in */
	text_hex(&t,
	         (struct bytes){ cert.thumbprint, sizeof(cert.thumbprint), 0 });
	st = casefile_add_certificate(
		run->cf,
		&(struct case_certificate){
			.thumbprint = thumbprint,
			.subject = cert.subject,
			.issuer = cert.issuer,
			.serial = cert.serial,
			.not_before = cert.not_before,
			.not_after = cert.not_after,
			.kind = cert.kind,
			.bits = cert.key_bits,
			.self_signed = cert.self_signed,
			.efs = cert.efs,
			.recovery = cert.recovery,
			.source = k->certificate ? k->certificate : k->source,
		},
		err);
	certificate_release(&cert);
	return st;
}

static int64_t evidence_id(void *ctx, const char *name)
{
	const struct run *run = ctx;

	for (guint i = 0; run->items && i < run->items->len; i++) {
		const struct evidence *e = run->items->pdata[i];

		if (!g_strcmp0(e->name, name))
			return e->id;
	}
	return 0;
}

enum status run_record_keys(struct run *run, struct error *err)
{
	GHashTable *ids = g_hash_table_new(g_direct_hash, g_direct_equal);
	size_t n = keyring_count(run->ring);
	enum status st = OK;

	for (size_t i = 0; !st && i < n; i++) {
		struct key *k = keyring_get(run->ring, i);

		if (!is_listed(k) || is_foreign(run, k))
			continue;
		st = add_key(run, k, ids, err);
		if (!st)
			st = add_certificate(run, k, err);
	}
	for (size_t i = 0; !st && i < n; i++)
		st = link_key(run, keyring_get(run->ring, i), ids, err);
	g_hash_table_unref(ids);
	return st ? st
	          : people_record(run->people, run->cf, evidence_id, run, err);
}
