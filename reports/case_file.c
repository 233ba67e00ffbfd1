/* SPDX-License-Identifier: MIT */
/*
 * case_file.c - an encrypted stream and its plaintext as CASE/UCO observables
 */
#include "reports/case_parts.h"

#include "reports/format.h"

#include <string.h>

/* What of an algorithm's name is ours, as the ontology's examples have it. */
static const struct {
	const char *ours, *method;
} methods[] = {
	{ "desx", "DESX" },       { "des", "DES" },
	{ "3des", "3DES" },       { "aes-128", "AES-128" },
	{ "aes-192", "AES-192" }, { "aes-256", "AES-256" },
};

/* All of EFS is CBC ([MS-EFSR] 2.2.2.1); with what is known once it is open. */
static void add_encryption(json_t *node, const struct case_object *o)
{
	json_t *facet = uco_facet(node, "uco-observable:EncryptedStreamFacet");

	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (g_strcmp0(o->algorithm, methods[i].ours) != 0)
			continue;
		uco_add_text(facet, "uco-observable:encryptionMethod",
		             methods[i].method);
		uco_add_text(facet, "uco-observable:encryptionMode", "CBC");
	}
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void add_name(json_t *facet, const char *path, const char *stream)
{
	char *name = g_strconcat(path ? path : "", stream ? ":" : NULL, stream,
	                         NULL);

	/* A stream's name may have slashes, a file's has none. */
	uco_append_text(
		facet, "uco-observable:fileName",
		name + (last_name(path ? path : "") - (path ? path : "")));
	uco_append_text(facet, "uco-observable:filePath", name);
	g_free(name);
}

static void add_file_facet(json_t *node, const struct case_file *f)
{
	json_t *facet = uco_facet(node, "uco-observable:FileFacet");
	const struct case_object *o = &f->object;

	add_name(facet, o->path, f->stream.name);
	for (size_t i = 0; i < o->n_links; i++)
		add_name(facet, o->links[i], f->stream.name);
	uco_add_bool(facet, "uco-observable:isDirectory", o->directory);
	uco_add_u64(facet, "uco-observable:sizeInBytes", f->stream.size);
	uco_add_text(facet, "uco-observable:allocationStatus",
	             o->deleted ? "unallocated" : "allocated");
	uco_add_time(facet, "uco-observable:observableCreatedTime", o->created);
	uco_add_time(facet, "uco-observable:modifiedTime", o->modified);
	uco_add_time(facet, "uco-observable:accessedTime", o->accessed);
	uco_add_time(facet, "uco-observable:metadataChangeTime", o->changed);
}

static void add_ntfs_facet(json_t *node, const struct case_file *f,
                           const struct uco_id *id)
{
	json_t *facet;

	if (!format_has_record(f) && !f->stream.name)
		return;
	facet = uco_facet(node, "uco-observable:NTFSFileFacet");
	if (format_has_record(f))
		uco_add_u64(facet, "uco-observable:entryID", f->object.mft);
	if (!f->stream.name)
		return;
	uco_add_ref(facet, "uco-observable:alternateDataStreams", id);
	facet = uco_facet(node, "uco-observable:AlternateDataStreamFacet");
	uco_add_text(facet, "uco-core:name", f->stream.name);
	uco_add_u64(facet, "uco-observable:size", f->stream.size);
}

/* What the ontology has no property for. */
static void add_words(json_t *node, const struct case_file *f)
{
	const struct case_object *o = &f->object;
	char *chain = NULL, *opened;

	uco_append_label(node, "uco-core:tag",
	                 "efs-status:", outcome_name(f->stream.outcome));
	uco_append_label(node, "uco-core:tag", "efs-class:", o->efs_class);
	uco_append_text(node, "uco-core:description", f->stream.reason);
	for (size_t i = 0; i < o->n_chain; i++) {
		char *longer =
			g_strconcat(chain ? chain : "", chain ? ", " : "",
		                    o->chain[i], NULL);

		g_free(chain);
		chain = longer;
	}
	opened = chain ? g_strconcat("opened by: ", chain, NULL) : NULL;
	uco_append_text(node, "uco-core:description", opened);
	g_free(opened);
	g_free(chain);
}

static void write_stream(struct uco_out *out, const struct case_file *f,
                         const struct uco_id *id)
{
	json_t *node, *facet;

	if (format_is_folder(f))
		node = uco_node(id, "uco-observable:Directory");
	else
		node = uco_node_of(
			id, "uco-observable:File",
			f->stream.name ? "uco-observable:AlternateDataStream"
				       : NULL);
	add_words(node, f);
	add_file_facet(node, f);
	add_ntfs_facet(node, f, id);
	if (!format_is_folder(f)) {
		facet = uco_facet(node, "uco-observable:ContentDataFacet");
		uco_add_bool(facet, "uco-observable:isEncrypted", true);
		add_encryption(node, &f->object);
	}
	uco_write(out, node);
}

/* ------------------------------------------------------- relationships */

/* An entry's owner: by certificate, or where it bears none by account. */
static void relate_entry(struct uco_out *out, const struct case_object *o,
                         const struct case_entry *e, const struct uco_id *file)
{
	bool opened = o->opened && o->opened_ring == e->ring &&
	              o->opened_entry == e->entry;
	struct uco_id who =
		e->thumbprint ? uco_certificate_id(e->thumbprint)
			      : uco_account_id(e->ring, NULL, e->name, e->sid);

	uco_write(out, uco_relation(file, "Decryptable_By", &who));
	if (opened)
		uco_write(out, uco_relation(file, "Decrypted_By", &who));
}

static void write_plaintext(struct uco_out *out, const struct case_file *f,
                            const struct uco_id *id)
{
	const struct case_stream *s = &f->stream;
	json_t *node = uco_node_of(id, "uco-observable:File",
	                           "uco-observable:RecoveredObject");
	json_t *facet = uco_facet(node, "uco-observable:FileFacet");

	uco_append_text(facet, "uco-observable:fileName", last_name(s->output));
	uco_append_text(facet, "uco-observable:filePath", s->output);
	uco_add_bool(facet, "uco-observable:isDirectory", false);
	uco_add_u64(facet, "uco-observable:sizeInBytes", s->size);
	facet = uco_facet(node, "uco-observable:ContentDataFacet");
	uco_add_u64(facet, "uco-observable:sizeInBytes", s->size);
	uco_add_bool(facet, "uco-observable:isEncrypted", false);
	uco_add_hash(facet, "uco-observable:hash", id, "MD5", s->md5);
	uco_add_hash(facet, "uco-observable:hash", id, "SHA1", s->sha1);
	uco_add_hash(facet, "uco-observable:hash", id, "SHA256", s->sha256);
	facet = uco_facet(node, "uco-observable:RecoveredObjectFacet");
	uco_add_text(facet, "uco-observable:contentRecoveredStatus",
	             outcome_recovered(s->outcome) ? "recovered"
	                                           : "partially recovered");
	uco_write(out, node);
}

void uco_write_file(void *ctx, const struct case_file *f)
{
	struct uco_id file = uco_file_id(f);
	struct uco_id plain = uco_plaintext_id(f);
	struct uco_id in = uco_volume_id(f->evidence, f->volume, f->snapshot);
	json_t *relation;

	write_stream(ctx, f, &file);
	uco_write(ctx, uco_relation(&file, "Contained_Within", &in));
	for (size_t i = 0; i < f->object.n_entries; i++)
		relate_entry(ctx, &f->object, &f->object.entries[i], &file);
	if (!format_has_plaintext(f))
		return;
	/* What is the same in another view has its plaintext there. */
	if (!f->stream.same_as)
		write_plaintext(ctx, f, &plain);
	relation = uco_relation(&plain, "Decrypted_From", &file);
	add_encryption(relation, &f->object);
	uco_write(ctx, relation);
}
