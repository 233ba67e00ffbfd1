/* SPDX-License-Identifier: MIT */
/*
 * dpapi_domain.c - the domain part of a master key, [MS-BKRP] 2.2.2
 */
#include "recovery/dpapi_internal.h"

#include "parsers/dpapi_algorithm.h"
#include "parsers/fek.h"

/* What the RSA key opens. */
struct wrapped {
	struct bytes masterkey;
	struct bytes key, iv; /* of the access check */
	struct dpapi_suite suite;
};

/*
 * [MS-BKRP] 2.2.2, the payload of the RSA block
 *
 *	00  u32  master key length    04  u32  length of key and IV
 *	version 3: u32 cipher, u32 hash, and their lengths follow from these
 *	..  master key, key, IV
 */
static enum status cut_wrapped(struct wrapped *w, uint32_t version,
                               struct bytes in, struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t length = cursor_le32(&c);
	uint32_t support = cursor_le32(&c);
	uint32_t cipher = version == 3 ? cursor_le32(&c) : DPAPI_3DES;
	uint32_t hash = version == 3 ? cursor_le32(&c) : DPAPI_SHA1;
	enum status status;

	if (c.bad || length != DPAPI_KEY_SIZE)
		return fail(err, E_KEY, in.at, "domain part's secret");
	status = dpapi_suite_find(&w->suite, hash, cipher, in.at, err);
	if (status)
		return status;
	w->masterkey = cursor_take(&c, length);
	w->key = cursor_take(&c, w->suite.key);
	w->iv = cursor_take(&c, w->suite.block);
	if (c.bad || support != w->key.n + w->iv.n)
		return fail(err, E_KEY, in.at, "domain part's secret");
	return OK;
}

/*
 * [MS-BKRP] 2.2.2, the access check, decrypted
 *
 *	00  u32  1             04  u32  nonce length
 *	08  nonce, SID, zeros up to a block, then the hash of all before it
 */
static enum status read_check(char sid[TEXT_SID], struct bytes check,
                              const struct dpapi_suite *suite,
                              struct error *err)
{
	struct text text = text_open(sid, TEXT_SID);
	struct cursor c = cursor_open(check);
	struct bytes hash = cursor_take_back(&c, suite->digest);
	struct bytes head;
	uint8_t digest[DIGEST_MAX];
	enum status status;
	size_t parts;

	if (c.bad)
		return fail(err, E_CORRUPT, check.at, "domain access check");
	status = digest_of(suite->hash, c.in, digest, err);
	if (status)
		return status;
	if (!crypto_equal(digest, hash.p, hash.n))
		return fail(err, E_KEY, check.at, "domain access check");
	cursor_skip(&c, 4);
	cursor_skip(&c, cursor_le32(&c));
	/* [MS-DTYP] 2.4.2.2: revision, count of the 4-byte parts, 6 bytes. */
	head = cursor_cut(&c, c.pos, 2);
	parts = c.bad ? 0 : head.p[1];
	if (!text_sid(&text, cursor_take(&c, 8 + 4 * parts)) || c.bad) {
		sid[0] = '\0';
		return fail(err, E_CORRUPT, check.at, "SID of the domain part");
	}
	return OK;
}

static enum status open_check(char sid[TEXT_SID], struct bytes check,
                              const struct wrapped *w, struct error *err)
{
	struct secret plain;
	struct bytes view;
	enum status status;

	status = secret_alloc(&plain, check.n + 1, err);
	if (status)
		return status;
	status = crypto_cbc_decrypt(w->suite.cipher, w->key, w->iv, plain.p,
	                            check, err);
	view = (struct bytes){ plain.p, check.n, check.at };
	if (!status)
		status = read_check(sid, view, &w->suite, err);
	secret_release(&plain);
	return status;
}

static enum status open_wrapped(struct secret *key, char sid[TEXT_SID],
                                const struct dpapi_domain_key *part,
                                struct bytes payload, struct error *err)
{
	struct wrapped w;
	enum status status;

	status = cut_wrapped(&w, part->version, payload, err);
	if (!status)
		status = open_check(sid, part->access_check, &w, err);
	if (!status)
		status = secret_alloc(key, w.masterkey.n, err);
	if (!status)
		memcpy(key->p, w.masterkey.p, w.masterkey.n);
	else
		sid[0] = '\0';
	return status;
}

static enum status judge(const struct dpapi_domain_key *part, struct error *err)
{
	if (!part->all.n)
		return fail(err, E_ABSENT, part->all.at, "no domain part");
	if (part->err.status)
		*err = part->err;
	else if (part->version != 2 && part->version != 3)
		return fail(err, E_UNSUPPORTED, part->all.at,
		            "domain part wrapped by the server (version 1)");
	return part->err.status;
}

enum status dpapi_open_domain(struct secret *key, char sid[TEXT_SID],
                              const struct dpapi_domain_key *part,
                              struct rsa_key *rsa, struct error *err)
{
	struct secret block = { 0 };
	struct bytes payload;
	enum status status;

	*key = (struct secret){ 0 };
	memset(sid, 0, TEXT_SID);
	status = judge(part, err);
	if (!status)
		status = rsa_decrypt(rsa, &block, part->secret, err);
	if (!status)
		status = fek_unpad(&payload, secret_view(&block), err);
	if (!status)
		status = open_wrapped(key, sid, part, payload, err);
	secret_release(&block);
	return status;
}
