/* SPDX-License-Identifier: MIT */
/*
 * contain.h - a crash costs what was being read, and not the run
 *
 * Evidence is written by an adversary, and libraries of many lines read it.  So
 * it is read in a process of its own, which is begun when the keys are in
 * memory: where that one crashes, its parent begins another as it was, which
 * passes over the spot (spot.h) that the crash was at, and gives the reason.  A
 * thread that goes round in circles there (watch.h) is ended as by a crash.
 * What the first one had finished is taken over, as of any run that was killed.
 *
 * If that is no help, or the crash was at no spot, the parent ends as the child
 * did.
 */
#ifndef ANALYZER_CONTAIN_H
#define ANALYZER_CONTAIN_H

#include <stdbool.h>

/*
 * Do the work in a process of its own, and return its enum exit_code; say_last
 * is what that one said.  What it changes in memory is not seen here: it
 * releases what it has, and its parent does the same.  There
 * must be one thread.  Where the system grants no process, it is done in this
 * one.
 */
int contain(int (*work)(void *ctx), void *ctx);

/* Did a process before this one crash in this work? */
bool contain_again(void);

/* What follows cannot be done twice: a crash is the end from now on. */
void contain_no_more(void);

#endif
