/* SPDX-License-Identifier: MIT */
/*
 * artefact_efs.c - the value of a $EFS attribute, of any version; alone, or in
 * front of an encrypted file of FAT
 */
#include "analyzer/artefact.h"
#include "parsers/efs_fat.h"
#include "parsers/efsx.h"
#include "parsers/pfile.h"
#include "recovery/description.h"

/* The shorter of the two headers there are. */
#define EFSX_HEADER 0x28

static void add_rsa(json_t *to, const struct description *d)
{
	json_add_u64(to, "length", d->efs.length);
	if (!efs_has_hash(&d->efs))
		return;
	artefact_add_hex(to, "hash", d->efs.hash);
	json_add(to, "hash_valid", json_boolean(!d->hash_wrong));
}

static json_t *datum_json(const struct efsx_datum *datum)
{
	json_t *item = json_object();

	json_add_u64(item, "offset", datum->at);
	json_add_u64(item, "depth", datum->depth);
	json_add_u64(item, "type", datum->type);
	json_add_u64(item, "role", datum->role);
	json_add_u64(item, "flags", datum->flags);
	json_add_u64(item, "kind", datum->kind);
	json_add_u64(item, "kind_flags", datum->kind_flags);
	artefact_add_hex(item, "value", datum->value);
	return item;
}

static void add_datums(json_t *to, const char *key, struct efsx_walk it)
{
	json_t *list = json_array();
	struct efsx_datum datum;

	while (efsx_next(&it, &datum))
		(void)json_array_append_new(list, datum_json(&datum));
	json_add(to, key, list);
}

static void add_efsx(json_t *to, struct bytes in)
{
	struct efsx efs;
	struct error err;

	if (efsx_parse(&efs, in, &err))
		return;
	json_add_u64(to, "length", efs.length);
	json_add_u64(to, "algorithm", efs.algorithm);
	add_datums(to, "fek_info", efsx_datums_open(efs.fek_info));
	add_datums(to, "ddf_datums", efsx_protectors_open(efs.ddf));
	add_datums(to, "drf_datums", efsx_protectors_open(efs.drf));
}

static void add_pfile(json_t *to, struct bytes in)
{
	struct pfile p;
	struct error err;

	if (pfile_parse(&p, in, &err))
		return;
	json_add_u64(to, "major", p.major);
	json_add_u64(to, "minor", p.minor);
	artefact_add_utf8(to, "redirect", p.redirect);
	artefact_add_utf8(to, "extension", p.extension);
	json_add_u64(to, "licence_size", p.licence.n);
	json_add_u64(to, "header_length", p.header_length);
	json_add_u64(to, "data_offset", p.data_offset);
	json_add_u64(to, "original_size", p.original_size);
}

/* What is behind the value is the file's ciphertext. */
static void add_fat(json_t *to, const struct efs_fat *fat)
{
	json_add_u64(to, "header_size", fat->header);
	json_add_u64(to, "data_size", fat->data);
	json_add_u64(to, "plaintext_size", fat->size);
	if (fat->cut)
		json_add(to, "cut", json_true());
}

static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct efs_fat fat;
	bool is_fat = !efs_fat_parse(&fat, in, in.n, err);
	struct description d;

	(void)pw;
	description_init(&d, in);
	json_add_text(to, "type",
	              is_fat ? "encrypted file of FAT (.PFILE)" : "$EFS");
	if (is_fat)
		add_fat(to, &fat);
	json_add_known(to, "version", d.version);
	json_add_text(to, "class", d.class_);
	json_add_text(to, "id", d.id);
	if (d.version == 6)
		add_pfile(to, in);
	else if (d.version >= 4)
		add_efsx(to, in);
	else if (d.openable)
		add_rsa(to, &d);
	json_add(to, "ddf",
	         json_ring((const void *)d.entries->data, d.entries->len,
	                   EFS_DDF));
	json_add(to, "drf",
	         json_ring((const void *)d.entries->data, d.entries->len,
	                   EFS_DRF));
	json_add_text(to, "reason", d.reason);
	description_release(&d);
	return OK;
}

/*
 * A $EFS value has no magic number: it is one if its version is a known one
 * and its length is no more than the file's.
 */
static unsigned bid(struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t length = cursor_le32(&c);
	struct error ignored;
	uint32_t version;

	if (efs_version(&version, in, &ignored))
		return 0;
	if (version == 6)
		return 48; /* ".pfile" */
	return length >= EFSX_HEADER && length <= in.n ? 40 : 0;
}

const struct artefact artefact_efs = {
	.name = "$EFS attribute",
	.bid = bid,
	.describe = describe,
};
