/* SPDX-License-Identifier: MIT */
/*
 * description.c - a $EFS attribute in words: class, version, every ring entry
 */
#include "recovery/description.h"
#include "parsers/efsx.h"
#include "parsers/pfile.h"
#include "parsers/text.h"
#include "recovery/crypto.h"

#include <inttypes.h>
#include <string.h>

static char *utf16(struct description *d, struct bytes b)
{
	size_t cap = TEXT_UTF16(b.n);
	char *buf, *kept;
	struct text t;

	if (!b.n)
		return NULL;
	buf = g_malloc(cap);
	t = text_open(buf, cap);
	text_utf16(&t, b);
	kept = g_string_chunk_insert(d->strings, buf);
	g_free(buf);
	return kept;
}

static char *hex(struct description *d, struct bytes b)
{
	char buf[2 * 64 + 1];
	struct text t = text_open(buf, sizeof(buf));

	if (!b.n || b.n > 64)
		return NULL;
	text_hex(&t, b);
	return g_string_chunk_insert(d->strings, buf);
}

static char *sid(struct description *d, struct bytes b)
{
	char buf[TEXT_SID];
	struct text t = text_open(buf, sizeof(buf));

	return text_sid(&t, b) ? g_string_chunk_insert(d->strings, buf) : NULL;
}

static char *error_text(struct description *d, const struct error *err)
{
	char *s =
		g_strdup_printf("%s, at offset 0x%" PRIx64, err->what, err->at);
	char *kept = g_string_chunk_insert(d->strings, s);

	g_free(s);
	return kept;
}

static void damaged(struct description *d, enum outcome outcome,
                    const struct error *err)
{
	if (outcome == OUTCOME_METADATA_DAMAGED)
		d->ring_cut = true;
	if (d->reason)
		return;
	d->outcome = outcome;
	d->reason = error_text(d, err);
}

static void add_entry(struct description *d, enum efs_ring ring,
                      unsigned number, const struct efs_key *key)
{
	const struct efs_credential *c = &key->credential;
	struct case_entry e = {
		.ring = ring,
		.entry = number,
		.thumbprint = hex(d, c->thumbprint),
		.name = utf16(d, c->name),
		.sid = sid(d, c->sid),
		.container = utf16(d, c->container),
		.provider = utf16(d, c->provider),
		.flags = key->flags,
		.wrapped_bits = (unsigned)key->fek.n * 8,
	};

	if (key->credential_err.status)
		e.reason = error_text(d, &key->credential_err);
	g_array_append_val(d->entries, e);
}

static void describe_ring(struct description *d, enum efs_ring ring,
                          struct bytes list)
{
	struct efs_keys it = efs_keys_open(list);
	struct efs_key key;
	unsigned n = 0;

	while (efs_keys_next(&it, &key))
		add_entry(d, ring, n++, &key);
	if (it.err.status)
		damaged(d, OUTCOME_METADATA_DAMAGED, &it.err);
}

static char *guid(struct description *d, struct bytes b)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));

	if (b.n != 16)
		return NULL;
	text_guid(&t, b);
	return g_string_chunk_insert(d->strings, buf);
}

/*
 * [MS-EFSR] 2.2.2.1, EFS_Hash of Windows 2000: the MD5 of the metadata with
 * this field zeroed.  Later versions write zeros and look at nothing.
 */
static bool hash_is_wrong(const struct efs *efs, struct bytes in)
{
	size_t at = (size_t)(efs->hash.at - in.at);
	uint8_t md5[DIGEST_MAX];
	struct error ignored;
	uint8_t *copy;
	bool wrong;

	if (!efs_has_hash(efs) || efs->length > in.n)
		return false;
	/* The length is a claim, too: metadata that ends before its hash. */
	if (efs->length < at + efs->hash.n)
		return true;
	copy = g_memdup2(in.p, efs->length);
	memset(copy + at, 0, efs->hash.n);
	wrong = digest_of(DIGEST_MD5, (struct bytes){ copy, efs->length, 0 },
	                  md5, &ignored) ||
	        memcmp(md5, efs->hash.p, efs->hash.n) != 0;
	g_free(copy);
	return wrong;
}

static void describe_rsa(struct description *d, struct bytes in)
{
	struct error err;

	d->class_ = "user";
	if (efs_parse(&d->efs, in, &err))
		damaged(d, OUTCOME_METADATA_DAMAGED, &err);
	if (!d->efs.version)
		return;
	d->id = guid(d, d->efs.id);
	d->hash_wrong = hash_is_wrong(&d->efs, in);
	d->openable = true;
	describe_ring(d, EFS_DDF, d->efs.ddf);
	describe_ring(d, EFS_DRF, d->efs.drf);
	if (!d->entries->len && !d->reason) {
		d->outcome = OUTCOME_METADATA_DAMAGED;
		d->reason = g_string_chunk_insert(
			d->strings, "$EFS has no entry in its DDF and DRF");
	}
}

/* Put what one datum says about its protector into the ring entry. */
static void note_datum(struct description *d, struct case_entry *e,
                       const struct efsx_datum *datum)
{
	if (datum->role == EFSX_ROLE_DISPLAY ||
	    datum->role == EFSX_ROLE_DESCRIPTION)
		e->name = utf16(d, datum->value);
	else if (datum->role == EFSX_ROLE_CONTAINER)
		e->container = utf16(d, datum->value);
	else if (datum->role == EFSX_ROLE_PROVIDER)
		e->provider = utf16(d, datum->value);
	else if (datum->role == EFSX_ROLE_SID)
		e->sid = sid(d, datum->value);
	else if (datum->role == EFSX_ROLE_CERTIFICATE &&
	         datum->value.n == EFS_THUMBPRINT_SIZE)
		e->thumbprint = hex(d, datum->value);
	else if (datum->role == EFSX_ROLE_ENCRYPTED_FMK ||
	         datum->role == EFSX_ROLE_ENCRYPTED_FEK)
		e->wrapped_bits = (unsigned)datum->value.n * 8;
}

static void describe_protectors(struct description *d, enum efs_ring ring,
                                struct bytes list)
{
	struct efsx_walk it = efsx_protectors_open(list);
	struct case_entry e = { .ring = ring };
	struct efsx_datum datum;
	unsigned n = 0;

	while (efsx_next(&it, &datum)) {
		if (datum.type == EFSX_PROTECTOR && !datum.depth) {
			if (n)
				g_array_append_val(d->entries, e);
			e = (struct case_entry){ .ring = ring,
				                 .entry = n++,
				                 .flags = datum.kind };
		}
		note_datum(d, &e, &datum);
	}
	if (n)
		g_array_append_val(d->entries, e);
	if (it.err.status)
		damaged(d, OUTCOME_METADATA_DAMAGED, &it.err);
}

static void describe_efsx(struct description *d, struct bytes in)
{
	struct efsx efsx;
	struct error err;

	d->class_ = d->version == 5 ? "dpapi-ng" : "user";
	if (efsx_parse(&efsx, in, &err)) {
		damaged(d, OUTCOME_METADATA_DAMAGED, &err);
		return;
	}
	d->id = guid(d, efsx.id);
	describe_protectors(d, EFS_DDF, efsx.ddf);
	describe_protectors(d, EFS_DRF, efsx.drf);
	if (d->reason)
		return;
	d->outcome = OUTCOME_UNSUPPORTED_PROTECTOR;
	d->reason = g_string_chunk_insert(
		d->strings,
		d->version == 5
			? "$EFS version 5 (DPAPI-NG protectors): the "
			  "derivation "
			  "of its keys is not public"
			: "$EFS version 4 (elliptic-curve protectors): the "
			  "derivation of its keys is not public");
}

static void describe_pfile(struct description *d, struct bytes in)
{
	struct pfile pfile;
	struct error err;

	d->class_ = "rms";
	if (pfile_parse(&pfile, in, &err)) {
		damaged(d, OUTCOME_METADATA_DAMAGED, &err);
		return;
	}
	d->outcome = OUTCOME_UNSUPPORTED_PROTECTOR;
	d->reason = g_string_chunk_insert(
		d->strings, "Rights Management (.pfile): only a use licence of "
			    "its rights server opens it");
}

void description_init(struct description *d, struct bytes efs)
{
	struct error err;

	*d = (struct description){ .class_ = "unknown",
		                   .outcome = OUTCOME_NO_KEY };
	d->strings = g_string_chunk_new(1024);
	d->entries = g_array_new(FALSE, FALSE, sizeof(struct case_entry));
	if (efs_version(&d->version, efs, &err))
		damaged(d, OUTCOME_METADATA_DAMAGED, &err);
	else if (d->version <= 3)
		describe_rsa(d, efs);
	else if (d->version <= 5)
		describe_efsx(d, efs);
	else
		describe_pfile(d, efs);
}

void description_release(struct description *d)
{
	if (d->entries)
		g_array_free(d->entries, TRUE);
	if (d->strings)
		g_string_chunk_free(d->strings);
	*d = (struct description){ 0 };
}
