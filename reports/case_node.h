/* SPDX-License-Identifier: MIT */
/*
 * case_node.h - the parts of a CASE/UCO graph: identifiers, nodes, facets
 *
 * Nodes are jansson objects, one at a time: uco_write() writes one as a line of
 * the graph and frees it, so memory does not grow with the case.  What is
 * unknown is left out.
 */
#ifndef REPORTS_CASE_NODE_H
#define REPORTS_CASE_NODE_H

#include "recovery/casefile.h"

#include <jansson.h>
#include <stdio.h>

/* "urn:uuid:...": hexadecimal digits of ours, nothing from evidence. */
struct uco_id {
	char iri[46];
};

struct uco_out {
	FILE *out;
	bool begun; /* the graph has a node already */
	bool nomem;
	struct uco_id record; /* of all that the run found */
};

/*
 * The name-based UUID (RFC 9562, version 5) of these texts: what is of the same
 * name has the same identifier in every report.  NULL is not the same as "".
 */
struct uco_id uco_id(const char *const *texts, size_t n);
#define UCO_ID(...)                                           \
	uco_id((const char *const[]){ __VA_ARGS__ },          \
	       sizeof((const char *const[]){ __VA_ARGS__ }) / \
	               sizeof(const char *))

struct uco_id uco_evidence_id(const char *name);
/* Of what lies on no volume (number 0): that of the evidence. */
struct uco_id uco_volume_id(const char *evidence, unsigned number,
                            unsigned snapshot);
struct uco_id uco_file_id(const struct case_file *file);
struct uco_id uco_plaintext_id(const struct case_file *file);
struct uco_id uco_certificate_id(const char *thumbprint);
/* An owner without a thumbprint is told apart by name and SID. */
struct uco_id uco_account_id(enum efs_ring ring, const char *thumbprint,
                             const char *name, const char *sid);

/* A new node, with "@id" and "@type"; the caller writes it. */
json_t *uco_node(const struct uco_id *id, const char *type);
/* The same of two types; `also` may be NULL. */
json_t *uco_node_of(const struct uco_id *id, const char *type,
                    const char *also);

void uco_add_text(json_t *node, const char *key, const char *s);
/* One more text of a property that may have several. */
void uco_append_text(json_t *node, const char *key, const char *s);
/* The same with a word of ours before it: "efs-status:" "no_key". */
void uco_append_label(json_t *node, const char *key, const char *label,
                      const char *s);
void uco_add_bool(json_t *node, const char *key, bool value);
/* Exact up to 2^64 - 1, which no JSON number is. */
void uco_add_u64(json_t *node, const char *key, uint64_t v);
void uco_add_known(json_t *node, const char *key, uint64_t v); /* 0: unknown */
void uco_add_time(json_t *node, const char *key, uint64_t filetime);
/* RFC 3339 */
void uco_add_date(json_t *node, const char *key, const char *date);
void uco_add_ref(json_t *node, const char *key, const struct uco_id *id);
/* A Hash in `facet`, which is one of `of`; NULL: none. */
void uco_add_hash(json_t *facet, const char *key, const struct uco_id *of,
                  const char *method, const char *hex);

/* A new facet of the node, which keeps it. */
json_t *uco_facet(json_t *node, const char *type);

void uco_begin(struct uco_out *out);
void uco_write(struct uco_out *out, json_t *node);
void uco_end(struct uco_out *out);

/* A relationship; the caller may add facets, and writes it. */
json_t *uco_relation(const struct uco_id *source, const char *kind,
                     const struct uco_id *target);

/* A node whose last property is a list that may be long: write the node, then
   the identifiers, then the end. */
void uco_list_begin(struct uco_out *out, json_t *node, const char *key);
void uco_list_add(struct uco_out *out, bool *begun, const struct uco_id *id);
void uco_list_end(struct uco_out *out);

#endif
