/* SPDX-License-Identifier: MIT */
/*
 * batch_table.h - batch.csv: how each image ended
 */
#ifndef ANALYZER_BATCH_TABLE_H
#define ANALYZER_BATCH_TABLE_H

#include "analyzer/batch.h"
#include "analyzer/batch_mark.h"

enum image_state {
	IMAGE_REFUSED,    /* its line of the manifest is wrong */
	IMAGE_UNFINISHED, /* no task of it has ended well */
	IMAGE_FAILED,     /* nothing in it could be worked on */
	IMAGE_CLOSED,     /* it was worked on, but not all of it opened */
	IMAGE_DONE,
	IMAGE_STATES
};

/* "refused", "unfinished", "failed", "closed", "done" */
const char *image_state_name(enum image_state state);

/* How it ended, and that in numbers; `mark` is released by the caller.  Its
   reason names the line of the manifest. */
enum image_state image_state(const struct batch *b, const struct image *image,
                             struct mark *mark);

/* Is there an image that its task has still to be done for? */
bool batch_is_unfinished(const struct batch *b);

/* Write the table into a new file.  E_IO. */
MUST_USE enum status batch_table_write(const struct batch *b, const char *path,
                                       struct error *err);

#endif
