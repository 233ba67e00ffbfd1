/* SPDX-License-Identifier: MIT */
/*
 * alive.h - this thread gets on
 *
 * Counted wherever a step is done of something that has an end: bytes were
 * read, hashed or written, a password or a key was tried.  A thread that works
 * for minutes and counts nothing goes round in circles (analyzer/watch.h).
 */
#ifndef RECOVERY_ALIVE_H
#define RECOVERY_ALIVE_H

/* One step of this thread. */
void alive(void);

/* Its steps, up to a wrap; a signal's handler may ask. */
unsigned alive_steps(void);

#endif
