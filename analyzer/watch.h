/* SPDX-License-Identifier: MIT */
/*
 * watch.h - who goes round in circles is noticed
 *
 * A thread that has worked for LIMIT_STILL_SECONDS of a processor's time
 * without a step (recovery/alive.h) has lost itself in some bytes, as a library
 * may.  Waiting, for a slow disk or for another thread, is not working.
 */
#ifndef ANALYZER_WATCH_H
#define ANALYZER_WATCH_H

/*
 * From here on a thread that is watched calls this, in a signal's handler, once
 * it has lost itself; and again after the same time, if that returns.  Before
 * the first of them.
 */
void watch_begin(void (*lost)(void));

/* Watch this thread, up to its end.  Nothing if there is no watch. */
void watch_thread(void);

#endif
