/* SPDX-License-Identifier: MIT */
/*
 * html.h - the parts of the HTML page
 *
 * The page is well-formed XML too, so that any reader and our tests can check
 * it.  Only html_text and html_json_text write what comes from the case.
 */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include "recovery/casefile.h"
#include "reports/summary.h"

#include <glib.h>
#include <stdio.h>

/* Lines of html.css and html*.js, NULL-terminated: see the Makefile. */
extern const char *const html_css[];
extern const char *const html_js[];

/* Any text: escaped, and what has no look of its own made visible. */
void html_text(FILE *out, const char *s);
/* <tag>text</tag>; an empty one for NULL. */
void html_element(FILE *out, const char *tag, const char *s);
void html_number_cell(FILE *out, uint64_t n);
void html_size_cell(FILE *out, uint64_t n);
/* <dt>label</dt><dd>text</dd>; nothing for NULL. */
void html_fact(FILE *out, const char *label, const char *s);
/* A further line of a cell; nothing for NULL. */
void html_line(FILE *out, const char *label, const char *s);

/* "no key"; the caller frees it. */
char *html_status_words(enum outcome outcome);
/* The class of its look: "good", "some", "bad" or "info". */
const char *html_status_look(enum outcome outcome);

/* The start of a chapter and its heading; its end is </section>. */
void html_chapter(FILE *out, const char *id, const char *title);
/* A table from its caption to its body; `heads` is NULL-terminated. */
void html_table_start(FILE *out, const char *caption, const char *const *heads);
void html_table_end(FILE *out);

/* -------------------------------------------- links that filter the files */

/* "disk.dd v1.s2" */
void html_view(GString *to, const char *evidence, unsigned volume,
               unsigned snapshot);
/* What the filter knows a person by; the caller frees it. */
char *html_person_value(const struct case_person *p);
/* "ann(ann@PC)", "Agent (agent)" */
void html_person_label(GString *to, const struct case_person *p);

/* Append "#field=value" to the target of a link, or "&field=value". */
void html_link_field(GString *to, const char *field, const char *value);
void html_link_to(FILE *out, const char *target, const char *text);
/* To the files of one field and value. */
void html_link(FILE *out, const char *field, const char *value,
               const char *text);
void html_number_link_cell(FILE *out, uint64_t n, const char *field,
                           const char *value);

/* ----------------------------------------------------------- rows as data */

/* A JSON string, or null for NULL: safe in a script, as XML, and visible. */
void html_json_text(GString *to, const char *s);
/* A string where JavaScript's numbers are not exact. */
void html_json_number(GString *to, uint64_t n);

/*
 * Values that rows have in common are told once, in front of the rows that
 * first have them, and are numbers from then on, from 1.  When there are too
 * many to remember, the others are written where they are.
 */
struct html_shared;
struct html_shared *html_shared_new(void);
void html_shared_free(struct html_shared *s);
/* Append the number of this JSON value, or the value. */
void html_share(struct html_shared *s, GString *to, const char *json);
/* The same for a text; 0 for NULL. */
void html_share_text(struct html_shared *s, GString *to, const char *text);
/* Bytes that html_shared_tell would write. */
size_t html_shared_waiting(const struct html_shared *s);
/* Write those that have not been told, in the order of their numbers. */
void html_shared_tell(struct html_shared *s, FILE *out);

/* Append a row of the table of files. */
void html_row(GString *to, struct html_shared *s, const struct case_file *f);

/* ---------------------------------------------------------------- chapters */

MUST_USE enum status html_summary(struct casefile *cf, FILE *out,
                                  const struct summary *summary,
                                  struct error *err);
/* What an auditor should look at, with the objects as data. */
MUST_USE enum status html_findings(struct casefile *cf, FILE *out,
                                   struct error *err);
/* The people, then people by folders. */
MUST_USE enum status html_who(struct casefile *cf, FILE *out,
                              struct error *err);
MUST_USE enum status html_matrix(struct casefile *cf, FILE *out,
                                 struct error *err);
/* How key rings changed; nothing without shadow copies. */
MUST_USE enum status html_changes(struct casefile *cf, FILE *out,
                                  const struct case_totals *totals,
                                  struct error *err);
/* The chain of keys drawn, then the table of keys; the missing secrets. */
MUST_USE enum status html_keys(struct casefile *cf, FILE *out,
                               struct error *err);
MUST_USE enum status html_graph(struct casefile *cf, FILE *out,
                                struct error *err);
MUST_USE enum status html_needs(struct casefile *cf, FILE *out,
                                struct error *err);
MUST_USE enum status html_timeline(struct casefile *cf, FILE *out,
                                   struct error *err);
/* Objects whose class is not "user". */
MUST_USE enum status html_other(struct casefile *cf, FILE *out,
                                struct error *err);
MUST_USE enum status html_files(struct casefile *cf, FILE *out,
                                const struct summary *summary,
                                struct error *err);
/* The evidence, its volumes, and how the program was run. */
MUST_USE enum status html_run(struct casefile *cf, FILE *out,
                              struct error *err);

#endif
