/* SPDX-License-Identifier: MIT */
/*
 * options_batch.h - the options of a batch, and options as words again
 */
#ifndef ANALYZER_OPTIONS_BATCH_H
#define ANALYZER_OPTIONS_BATCH_H

#include "analyzer/options.h"

void options_add_batch(GOptionContext *context, struct options *o);
/* What is wrong with those; NULL: nothing. */
const char *options_check_batch(const struct options *o);

/*
 * The words that say the same again, in one order whatever that of the command
 * line was, with absolute paths: a GPtrArray of char * that it owns.  Without
 * -j, the output folder, the reports, and what is about messages alone.
 */
GPtrArray *options_words(const struct options *o);

#endif
