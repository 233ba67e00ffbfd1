/* SPDX-License-Identifier: MIT */
/*
 * html.h - the parts of the HTML page
 *
 * The page is well-formed XML too, so that any reader and our tests can check
 * it.  Only html_text writes what comes from the case.
 */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include "recovery/casefile.h"

#include <stdio.h>

/* In pieces, NULL-terminated: C has a limit on the length of a string. */
extern const char *const html_style[];
extern const char *const html_script[];
void html_pieces(FILE *out, const char *const *pieces);

/* Any text: escaped, and what has no look of its own made visible. */
void html_text(FILE *out, const char *s);
/* <tag>text</tag>; an empty one for NULL. */
void html_element(FILE *out, const char *tag, const char *s);
void html_number_cell(FILE *out, uint64_t n);
void html_size_cell(FILE *out, uint64_t n);
/* <dt>label</dt><dd>text</dd>; nothing for NULL. */
void html_fact(FILE *out, const char *label, const char *s);
/* <span class="status ...">status in words</span> */
void html_status(FILE *out, enum outcome outcome);

/* A table from its caption to its body; `heads` is NULL-terminated. */
void html_table_start(FILE *out, const char *caption, const char *const *heads);
void html_table_end(FILE *out);

/* A row of the table of files. */
void html_file_row(FILE *out, const struct case_file *file);

/* The section on how key rings changed; nothing without shadow copies. */
MUST_USE enum status html_changes(struct casefile *cf, FILE *out,
                                  const struct case_totals *totals,
                                  struct error *err);

/* The sections on the keys, and on the secrets that are missing. */
MUST_USE enum status html_keys(struct casefile *cf, FILE *out,
                               struct error *err);

/* The section on the evidence, its volumes, and how the program was run. */
MUST_USE enum status html_run(struct casefile *cf, FILE *out,
                              struct error *err);

#endif
