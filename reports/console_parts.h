/* SPDX-License-Identifier: MIT */
/*
 * console_parts.h - what the commands' prints have in common
 */
#ifndef REPORTS_CONSOLE_PARTS_H
#define REPORTS_CONSOLE_PARTS_H

#include "recovery/casefile.h"

#include <stdio.h>

/* Any text, made visible; `none` for NULL. */
void console_text(FILE *out, const char *s, const char *none);
/* "1.5 MiB" */
void console_size(FILE *out, uint64_t n);
/* The path, behind "[v1.s2] " if it is in a shadow copy. */
void console_path(FILE *out, const struct case_file *file);

/* "2 ranges of the evidence could not be read ..."; nothing if all could. */
MUST_USE enum status console_bad(struct casefile *cf, FILE *out,
                                 struct error *err);
/* Who was added to key rings and removed from them, some of the lines. */
MUST_USE enum status console_changes(struct casefile *cf, FILE *out,
                                     struct error *err);

/* What the audit found, worst first; nothing if it found nothing.  Lists the
   objects that --without would lose. */
MUST_USE enum status console_findings(struct casefile *cf, FILE *out,
                                      struct error *err);

#endif
