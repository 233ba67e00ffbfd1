/* SPDX-License-Identifier: MIT */
/*
 * batch_again.h - what an earlier task of an image has left unfinished
 */
#ifndef ANALYZER_BATCH_AGAIN_H
#define ANALYZER_BATCH_AGAIN_H

#include "analyzer/batch.h"
#include "analyzer/workspace.h"

/*
 * Put what earlier tasks of the image left in the folder `in` of workspaces
 * into this new one, as a result that a run can go on with (output_resume), and
 * remove the rest of what nobody works in.  False: there was nothing of use,
 * and the workspace is as it was.
 */
bool batch_again(const struct workspace *ws, const char *in, const char *label);

/* Remove what was left behind by tasks that are finished since, what else is
   nothing to go on with, and the keys when all is merged. */
void batch_tidy(const struct batch *b);

#endif
