/* SPDX-License-Identifier: MIT */
/*
 * wrap.h - text for a terminal, in lines that end before its edge
 *
 * All text goes through format_visible.
 */
#ifndef REPORTS_WRAP_H
#define REPORTS_WRAP_H

#include <stdio.h>

#define WRAP_COLUMNS 80u

/* Zero but for `out` is at the start of a line. */
struct wrap {
	FILE *out;
	unsigned indent; /* of the lines that follow the first */
	unsigned column; /* where the next character goes */
};

/*
 * Print `sep` and `text` on this line if both fit, else `text` on the next; it
 * is broken between words only where it is longer than a line.
 */
void wrap_put(struct wrap *w, const char *sep, const char *text);
/* On a line of its own, and never broken: for paths. */
void wrap_line(struct wrap *w, const char *text);
void wrap_end(struct wrap *w);

#endif
