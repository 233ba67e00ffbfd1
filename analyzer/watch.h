/* SPDX-License-Identifier: MIT */
/*
 * watch.h - who goes round in circles is noticed
 *
 * A thread that has worked for LIMIT_STILL_SECONDS of a processor's time
 * without a step (recovery/alive.h) has lost itself in some bytes, as a library
 * may.  Waiting, for a slow disk or for another thread, is not working.
 *
 * To read is a step where it was not read before.  What was is known for the
 * last ten thousands of reads at least, so a circle may be as long as that.
 */
#ifndef ANALYZER_WATCH_H
#define ANALYZER_WATCH_H

#include <stdint.h>

/*
 * From here on a thread that is watched calls this, in a signal's handler, once
 * it has lost itself; and again after the same time, if that returns.  Before
 * the first of them.
 */
void watch_begin(void (*lost)(void));

/* Watch this thread, up to its end.  Nothing if there is no watch. */
void watch_thread(void);

/* It is about to read at this byte of something, whose address is `of`. */
void watch_read(const void *of, uint64_t at);
/* It is somewhere else now: what it has read there counts no more. */
void watch_forget(void);

#endif
