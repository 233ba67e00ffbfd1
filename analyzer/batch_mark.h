/* SPDX-License-Identifier: MIT */
/*
 * batch_mark.h - how a task ended: a small file beside its result
 */
#ifndef ANALYZER_BATCH_MARK_H
#define ANALYZER_BATCH_MARK_H

#include "recovery/casefile.h"

#include <glib.h>
#include <stdbool.h>

#define MARK_NAME "batch.ini"

struct mark {
	int code;       /* an enum exit_code; 128 and the signal of a crash */
	double seconds; /* that it took */
	char *reason;   /* owned; NULL where all is well */
	char *of;       /* of "merge": batch_digest(); owned */
	struct case_totals totals; /* objects, files, recovered, and bytes */
};

/* Errors: as errno says. */
MUST_USE bool mark_write(const char *path, const struct mark *mark);
/* False: there is none, or it is not whole.  mark_release() in either case. */
MUST_USE bool mark_read(const char *path, struct mark *mark);
void mark_release(struct mark *mark);

#endif
