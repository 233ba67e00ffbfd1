/* SPDX-License-Identifier: MIT */
/*
 * exhausted.h - the end of a run for which there is not enough memory
 *
 * GLib and we hand no failure of an allocation up: it ends the run where it is,
 * with a sentence, and the exit status of output that could not be written.
 * What has its final name is whole, as after a kill, and --resume goes on.
 */
#ifndef ANALYZER_EXHAUSTED_H
#define ANALYZER_EXHAUSTED_H

#include <stdbool.h>

/*
 * From now on.  `by_signal`: the parent wants to know of it as of a crash, and
 * goes on without what the process was at.
 */
void exhausted_watch(bool by_signal);
/* For a handler of SIGABRT that is set behind that one: does not return if it
   is for want of memory. */
void exhausted_abort(int number);

#endif
