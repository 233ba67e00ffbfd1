/* SPDX-License-Identifier: MIT */
/*
 * replace.h - a file that is written beside its name, and gets it when whole
 *
 * In the sandbox only the output folder is written to: what was named to it
 * (sandbox_write_report) is renamed by the process outside.
 */
#ifndef ANALYZER_REPLACE_H
#define ANALYZER_REPLACE_H

#include "parsers/status.h"

#include <stdbool.h>
#include <stdio.h>

struct replacement {
	FILE *out;
	/* private */
	const char *path; /* borrowed */
	char *part;
	int number; /* to the process outside; -1: this one does it */
};

/* Write to r->out what `path` is to hold.  False: errno says why; nothing is to
   be ended then. */
MUST_USE bool replace_begin(struct replacement *r, const char *path);

/* Close it, and let it take the place of what is there; or, where it is not to
   be kept, remove it.  0, or the errno that says why it is not there. */
MUST_USE int replace_end(struct replacement *r, bool keep);

#endif
