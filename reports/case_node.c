/* SPDX-License-Identifier: MIT */
/*
 * case_node.c - the parts of a CASE/UCO graph: identifiers, nodes, facets
 */
#include "reports/case_node.h"

#include "reports/format.h"
#include "reports/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------- identifiers */

/* The namespace of our names (RFC 9562, section 5.5): made once, at random. */
static const uint8_t namespace[16] = {
	0x0f, 0xda, 0x95, 0xce, 0x3e, 0x5c, 0x41, 0xd2,
	0xad, 0xec, 0xc1, 0xf4, 0x4e, 0xbe, 0x94, 0x7f,
};

/* A byte that no text has stands for a text that there is not. */
static void hash_text(GChecksum *sum, const char *s)
{
	if (!s)
		s = "\xff";
	g_checksum_update(sum, (const guchar *)s, (gssize)strlen(s) + 1);
}

struct uco_id uco_id(const char *const *texts, size_t n)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
	uint8_t d[20];
	gsize size = sizeof(d);
	struct uco_id id;

	g_checksum_update(sum, namespace, sizeof(namespace));
	for (size_t i = 0; i < n; i++)
		hash_text(sum, texts[i]);
	g_checksum_get_digest(sum, d, &size);
	g_checksum_free(sum);
	d[6] = (uint8_t)((d[6] & 0x0f) | 0x50); /* version 5 */
	d[8] = (uint8_t)((d[8] & 0x3f) | 0x80); /* its variant */
	(void)g_snprintf(id.iri, sizeof(id.iri),
	                 "urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-"
	                 "%02x%02x-%02x%02x%02x%02x%02x%02x",
	                 d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8],
	                 d[9], d[10], d[11], d[12], d[13], d[14], d[15]);
	return id;
}

struct uco_id uco_evidence_id(const char *name)
{
	return UCO_ID("evidence", name);
}

struct uco_id uco_volume_id(const char *evidence, unsigned number,
                            unsigned snapshot)
{
	char v[FORMAT_LABEL], s[FORMAT_LABEL];

	if (!number)
		return uco_evidence_id(evidence);
	return UCO_ID("volume", evidence, format_label(v, 'v', number),
	              format_label(s, 's', snapshot));
}

struct uco_id uco_file_id(const struct case_file *file)
{
	struct uco_id volume =
		uco_volume_id(file->evidence, file->volume, file->snapshot);
	char mft[24], sequence[24];

	(void)g_snprintf(mft, sizeof(mft), "%" PRIu64, file->object.mft);
	(void)g_snprintf(sequence, sizeof(sequence), "%u",
	                 file->object.sequence);
	return UCO_ID("file", volume.iri, mft, sequence, file->object.path,
	              file->stream.name);
}

struct uco_id uco_plaintext_id(const struct case_file *file)
{
	return UCO_ID("plaintext", file->evidence, file->stream.output);
}

struct uco_id uco_certificate_id(const char *thumbprint)
{
	return UCO_ID("certificate", thumbprint);
}

struct uco_id uco_account_id(enum efs_ring ring, const char *thumbprint,
                             const char *name, const char *sid)
{
	if (thumbprint)
		return UCO_ID("account", efs_ring_name(ring), thumbprint);
	return UCO_ID("account", efs_ring_name(ring), NULL, name, sid);
}

/* ---------------------------------------------------------------- nodes */

json_t *uco_node(const struct uco_id *id, const char *type)
{
	json_t *node = json_object();

	json_add_text(node, "@id", id->iri);
	json_add_text(node, "@type", type);
	return node;
}

json_t *uco_node_of(const struct uco_id *id, const char *type, const char *also)
{
	json_t *node = uco_node(id, type);

	if (also)
		json_add(node, "@type", json_pack("[s,s]", type, also));
	return node;
}

/* To a list, even where it has but one. */
static void append(json_t *node, const char *key, json_t *value)
{
	json_t *list = json_object_get(node, key);

	if (!list) {
		list = json_array();
		json_add(node, key, list);
	}
	(void)json_array_append_new(list, value);
}

void uco_add_text(json_t *node, const char *key, const char *s)
{
	if (s)
		json_add_text(node, key, s);
}

void uco_append_text(json_t *node, const char *key, const char *s)
{
	if (s)
		append(node, key, json_string(s));
}

void uco_append_label(json_t *node, const char *key, const char *label,
                      const char *s)
{
	char *text = s ? g_strconcat(label, s, NULL) : NULL;

	uco_append_text(node, key, text);
	g_free(text);
}

void uco_add_bool(json_t *node, const char *key, bool value)
{
	json_add(node, key, json_boolean(value));
}

static json_t *typed(const char *type, const char *value)
{
	json_t *typed = json_object();

	json_add_text(typed, "@type", type);
	json_add_text(typed, "@value", value);
	return typed;
}

void uco_add_u64(json_t *node, const char *key, uint64_t v)
{
	char digits[24];

	/* Those that every reader of JSON takes as they are. */
	if (v < UINT64_C(1) << 53) {
		json_add_u64(node, key, v);
		return;
	}
	(void)g_snprintf(digits, sizeof(digits), "%" PRIu64, v);
	json_add(node, key, typed("xsd:integer", digits));
}

void uco_add_known(json_t *node, const char *key, uint64_t v)
{
	if (v)
		uco_add_u64(node, key, v);
}

void uco_add_date(json_t *node, const char *key, const char *date)
{
	if (date)
		json_add(node, key, typed("xsd:dateTime", date));
}

void uco_add_time(json_t *node, const char *key, uint64_t filetime)
{
	char buf[TEXT_FILETIME];

	uco_add_date(node, key, format_time(buf, filetime));
}

void uco_add_ref(json_t *node, const char *key, const struct uco_id *id)
{
	json_t *ref = json_object();

	json_add_text(ref, "@id", id->iri);
	json_add(node, key, ref);
}

void uco_add_hash(json_t *facet, const char *key, const struct uco_id *of,
                  const char *method, const char *hex)
{
	struct uco_id id = UCO_ID("hash", of->iri, method);
	json_t *hash;

	if (!hex)
		return;
	hash = uco_node(&id, "uco-types:Hash");
	json_add_text(hash, "uco-types:hashMethod", method);
	json_add(hash, "uco-types:hashValue", typed("xsd:hexBinary", hex));
	append(facet, key, hash);
}

json_t *uco_facet(json_t *node, const char *type)
{
	const char *of = json_string_value(json_object_get(node, "@id"));
	struct uco_id id = UCO_ID("facet", of, type);
	json_t *facet = uco_node(&id, type);

	append(node, "uco-core:hasFacet", facet);
	return facet;
}

json_t *uco_relation(const struct uco_id *source, const char *kind,
                     const struct uco_id *target)
{
	struct uco_id id = UCO_ID("relation", source->iri, kind, target->iri);
	json_t *node = uco_node(&id, "uco-observable:ObservableRelationship");

	uco_add_ref(node, "uco-core:source", source);
	uco_add_ref(node, "uco-core:target", target);
	json_add_text(node, "uco-core:kindOfRelationship", kind);
	uco_add_bool(node, "uco-core:isDirectional", true);
	return node;
}

/* -------------------------------------------------------------- writing */

#define UCO "https://ontology.unifiedcyberontology.org/uco/"

void uco_begin(struct uco_out *out)
{
	static const char *const parts[] = { "action", "configuration",
		                             "core",   "observable",
		                             "tool",   "types" };

	(void)fputs("{\"@context\":{\"case-investigation\":\"https://"
	            "ontology.caseontology.org/case/investigation/\",\n",
	            out->out);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		(void)fprintf(out->out, "\"uco-%s\":\"" UCO "%s/\",\n",
		              parts[i], parts[i]);
	(void)fputs("\"xsd\":\"http://www.w3.org/2001/XMLSchema#\"},\n"
	            "\"@graph\":[",
	            out->out);
}

/* The next line of the graph: `size` bytes less than the node's text. */
static void write_node(struct uco_out *out, json_t *node, size_t less)
{
	char *text = node ? json_dumps(node, JSON_COMPACT) : NULL;

	if (text) {
		(void)fputs(out->begun ? ",\n" : "\n", out->out);
		(void)fwrite(text, 1, strlen(text) - less, out->out);
		out->begun = true;
	} else {
		out->nomem = true;
	}
	free(text);
	json_decref(node);
}

void uco_write(struct uco_out *out, json_t *node)
{
	write_node(out, node, 0);
}

void uco_end(struct uco_out *out)
{
	(void)fputs("\n]}\n", out->out);
}

void uco_list_begin(struct uco_out *out, json_t *node, const char *key)
{
	write_node(out, node, 1); /* without its '}' */
	(void)fprintf(out->out, ",\"%s\":[", key);
}

void uco_list_add(struct uco_out *out, bool *begun, const struct uco_id *id)
{
	(void)fprintf(out->out, "%s\n{\"@id\":\"%s\"}", *begun ? "," : "",
	              id->iri);
	*begun = true;
}

void uco_list_end(struct uco_out *out)
{
	(void)fputs("]}", out->out);
}
