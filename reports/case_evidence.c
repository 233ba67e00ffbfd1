/* SPDX-License-Identifier: MIT */
/*
 * case_evidence.c - evidence and volumes as CASE/UCO observables
 */
#include "reports/case_parts.h"

#include "reports/each.h"
#include "reports/format.h"

#include <inttypes.h>
#include <string.h>

/* Each of the facts is a description. */
static void add_fact(void *ctx, const struct case_fact *fact)
{
	char *text = g_strdup_printf("%s: %s", fact->name ? fact->name : "",
	                             fact->value ? fact->value : "");

	uco_append_text(ctx, "uco-core:description", text);
	g_free(text);
}

/* ------------------------------------------------------------- evidence */

enum form { FORM_IMAGE, FORM_FOLDER, FORM_LOOSE };

static enum form form_of(const struct case_evidence *e)
{
	if (!g_strcmp0(e->format, "directory") ||
	    !g_strcmp0(e->format, "folder"))
		return FORM_FOLDER;
	return g_strcmp0(e->format, "loose file") ? FORM_IMAGE : FORM_LOOSE;
}

static json_t *evidence_node(const struct uco_id *id, enum form form)
{
	if (form == FORM_FOLDER)
		return uco_node(id, "uco-observable:Directory");
	return uco_node_of(id, "uco-observable:File",
	                   form == FORM_IMAGE ? "uco-observable:Image" : NULL);
}

/* The size and the digest are of the contents, whatever the container. */
static void add_evidence_facets(json_t *node, const struct case_evidence *e,
                                const struct uco_id *id)
{
	enum form form = form_of(e);
	json_t *facet = uco_facet(node, "uco-observable:FileFacet");

	uco_add_text(facet, "uco-observable:fileName", e->name);
	uco_add_text(facet, "uco-observable:filePath", e->path);
	uco_add_bool(facet, "uco-observable:isDirectory", form == FORM_FOLDER);
	if (form == FORM_IMAGE) {
		facet = uco_facet(node, "uco-observable:ImageFacet");
		uco_add_text(facet, "uco-observable:imageType", e->format);
	}
	if (form == FORM_FOLDER)
		return;
	facet = uco_facet(node, "uco-observable:ContentDataFacet");
	uco_add_u64(facet, "uco-observable:sizeInBytes", e->size);
	uco_add_hash(facet, "uco-observable:hash", id, "SHA256", e->sha256);
}

static enum status write_evidence(struct casefile *cf, struct uco_out *out,
                                  const struct case_evidence *e,
                                  struct error *err)
{
	struct uco_id id = uco_evidence_id(e->name);
	json_t *node = evidence_node(&id, form_of(e));
	enum status st;

	uco_add_text(node, "uco-core:name", e->name);
	uco_append_text(node, "uco-core:description", e->reason);
	st = each_fact(cf, e->id, 0, add_fact, node, err);
	add_evidence_facets(node, e, &id);
	uco_write(out, node);
	return st;
}

enum status uco_write_evidence(struct casefile *cf, struct uco_out *out,
                               struct error *err)
{
	struct case_evidence e;
	struct case_walk *w;
	enum status st = case_evidence_open(&w, cf, err);
	enum status closed;

	if (st)
		return st;
	while (!st && case_evidence_next(w, &e))
		st = write_evidence(cf, out, &e, err);
	closed = case_walk_close(w, err);
	return st ? st : closed;
}

/* -------------------------------------------------------------- volumes */

static void add_volume_facets(json_t *node, const struct case_volume *v)
{
	json_t *facet = uco_facet(node, "uco-observable:VolumeFacet");
	char text[32];

	if (v->serial) {
		(void)g_snprintf(text, sizeof(text), "%016" PRIx64, v->serial);
		uco_add_text(facet, "uco-observable:volumeID", text);
	}
	uco_add_known(facet, "uco-observable:sectorSize", v->sector);
	facet = uco_facet(node, "uco-observable:FileSystemFacet");
	uco_add_text(facet, "uco-observable:fileSystemType", v->filesystem);
	uco_add_known(facet, "uco-observable:clusterSize", v->cluster);
	if (v->snapshot)
		return;
	facet = uco_facet(node, "uco-observable:DiskPartitionFacet");
	(void)g_snprintf(text, sizeof(text), "%u", v->number);
	uco_add_text(facet, "uco-observable:partitionID", text);
	uco_add_text(facet, "uco-observable:diskPartitionType", v->description);
	uco_add_u64(facet, "uco-observable:partitionOffset", v->offset);
	uco_add_u64(facet, "uco-observable:partitionLength", v->size);
}

/* A shadow copy is in its volume, a volume in the evidence. */
static void relate_volume(struct uco_out *out, const struct case_volume *v,
                          const struct uco_id *id)
{
	struct uco_id in =
		uco_volume_id(v->evidence_name, v->snapshot ? v->number : 0, 0);
	json_t *relation = uco_relation(id, "Contained_Within", &in);
	json_t *facet;

	if (!v->snapshot) {
		facet = uco_facet(relation, "uco-observable:DataRangeFacet");
		uco_add_u64(facet, "uco-observable:rangeOffset", v->offset);
		uco_add_u64(facet, "uco-observable:rangeSize", v->size);
	}
	uco_write(out, relation);
}

static enum status write_volume(struct casefile *cf, struct uco_out *out,
                                const struct case_volume *v, struct error *err)
{
	struct uco_id id =
		uco_volume_id(v->evidence_name, v->number, v->snapshot);
	json_t *node = uco_node(&id, "uco-observable:Volume");
	GString *name = g_string_new(v->evidence_name);
	enum status st;

	g_string_append_c(name, ' ');
	format_view(name, v->number, v->snapshot, v->made);
	uco_add_text(node, "uco-core:name", name->str);
	uco_append_text(node, "uco-core:description", v->reason);
	st = each_fact(cf, 0, v->id, add_fact, node, err);
	add_volume_facets(node, v);
	uco_write(out, node);
	relate_volume(out, v, &id);
	g_string_free(name, TRUE);
	return st;
}

enum status uco_write_volumes(struct casefile *cf, struct uco_out *out,
                              struct error *err)
{
	struct case_volume v;
	struct case_walk *w;
	enum status st = case_volume_open(&w, cf, err);
	enum status closed;

	if (st)
		return st;
	while (!st && case_volume_next(w, &v))
		if (v.number)
			st = write_volume(cf, out, &v, err);
	closed = case_walk_close(w, err);
	return st ? st : closed;
}
