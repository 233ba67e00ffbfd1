/* SPDX-License-Identifier: MIT */
/*
 * console.h - what a command prints for people on standard output
 *
 * These are views of the case like the reports, but their form is not for
 * programs: it may change.
 */
#ifndef REPORTS_CONSOLE_H
#define REPORTS_CONSOLE_H

#include "recovery/casefile.h"

#include <stdio.h>

/* `info`: evidence, partitions and volumes. */
MUST_USE enum status console_info(struct casefile *cf, FILE *out,
                                  struct error *err);
/* `audit`: users and agents with what each can open, then the files. */
MUST_USE enum status console_audit(struct casefile *cf, FILE *out,
                                   struct error *err);
/* `keys`: key material with what unlocks it, and the secrets that are missing.
 */
MUST_USE enum status console_keys(struct casefile *cf, FILE *out,
                                  struct error *err);
/* `recover`: counts, what stays closed and why, and where the reports and, in
   the folder `files` of the same, the plaintexts are. */
MUST_USE enum status console_recovered(struct casefile *cf, const char *dir,
                                       const char *files, FILE *out,
                                       struct error *err);

#endif
