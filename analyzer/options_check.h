/* SPDX-License-Identifier: MIT */
/*
 * options_check.h - do the options make sense?
 */
#ifndef ANALYZER_OPTIONS_CHECK_H
#define ANALYZER_OPTIONS_CHECK_H

#include "analyzer/options.h"

/* Say a sentence, and where help is; returns false. */
gboolean options_usage(const struct command *command, const char *why);
/* Look at all of them, and bring some into their final form.  Says what is
   wrong, and returns false. */
gboolean options_check(struct options *o, const struct command *command);

/* Call `each` with every file of keys, hashes or passwords that is named. */
void options_each_key_file(const struct options *o,
                           void (*each)(void *ctx, const char *path),
                           void *ctx);

#endif
