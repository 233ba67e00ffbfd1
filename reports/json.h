/* SPDX-License-Identifier: MIT */
/*
 * json.h - the parts of a JSON record, and the records that take many
 */
#ifndef REPORTS_JSON_H
#define REPORTS_JSON_H

#include "recovery/casefile.h"

#include <glib.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

/* Of the records; that of the database is CASE_SCHEMA. */
#define JSON_SCHEMA 1

struct json_out {
	FILE *out;
	bool nomem;
	bool listed; /* the open list has an item */
};

/* {"kind":kind,"schema":1} */
json_t *json_record(const char *kind);
/* Write the record as one line, and free it. */
void json_write(struct json_out *out, json_t *record);

/*
 * A record with lists that are too long for memory: open it with the members
 * that come first, list by list put its items, and close it with those that
 * come last.  There must be some of both, which are freed.
 */
void json_open(struct json_out *out, json_t *first);
void json_list_open(struct json_out *out, const char *key);
void json_list_put(struct json_out *out, json_t *item);
void json_list_close(struct json_out *out);
void json_close(struct json_out *out, json_t *last);

/* Add one key, at the end.  Takes `value`, which may be NULL: null. */
void json_add(json_t *to, const char *key, json_t *value);
void json_add_text(json_t *to, const char *key, const char *s);
/* A number over INT64_MAX, which no real one is, comes out as a real. */
void json_add_u64(json_t *to, const char *key, uint64_t v);
void json_add_known(json_t *to, const char *key, uint64_t v); /* 0: null */
void json_add_time(json_t *to, const char *key, uint64_t filetime);
void json_add_label(json_t *to, const char *key, char letter, unsigned n);
void json_add_texts(json_t *to, const char *key, const char *const *texts,
                    size_t n);

/* The entries of one ring, as an array. */
json_t *json_ring(const struct case_entry *entries, size_t n,
                  enum efs_ring which);

/* The records of all evidence, then those of all volumes. */
MUST_USE enum status json_write_evidence(struct casefile *cf,
                                         struct json_out *out,
                                         struct error *err);
MUST_USE enum status json_write_volumes(struct casefile *cf,
                                        struct json_out *out,
                                        struct error *err);
/* The record of one key; `ctx` is the struct json_out. */
void json_write_key(void *ctx, const struct case_key *key);
/* The record of one file; `ctx` is the struct json_out. */
void json_write_file(void *ctx, const struct case_file *file);
/* Who is in key rings; the recovery policies; what the audit found. */
MUST_USE enum status json_write_people(struct casefile *cf,
                                       struct json_out *out, struct error *err);
MUST_USE enum status json_write_policies(struct casefile *cf,
                                         struct json_out *out,
                                         struct error *err);
MUST_USE enum status json_write_findings(struct casefile *cf,
                                         struct json_out *out,
                                         struct error *err);
MUST_USE enum status json_write_summary(struct casefile *cf,
                                        struct json_out *out,
                                        struct error *err);

#endif
