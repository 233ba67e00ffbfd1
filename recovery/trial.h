/* SPDX-License-Identifier: MIT */
/*
 * trial.h - numbered tries, on all cores: candidate passwords on one lock,
 * ranges of one volume
 */
#ifndef RECOVERY_TRIAL_H
#define RECOVERY_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How trials are made; zero is one thread, in silence. */
struct trial {
	unsigned jobs; /* threads; 0 is 1 */
	/*
	 * Called a few times a second, and at the end, from the thread that
	 * called: so many of `total` are tried by now.  False stops the trial,
	 * but for the last call.  May be NULL; not called if `total` is 0.
	 */
	bool (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

#define TRIAL_NONE SIZE_MAX

/*
 * Ask `opens` for candidates 0 to n - 1, from several threads at a time, until
 * one is found.  Returns the lowest that opens, so the result does not depend
 * on the threads; TRIAL_NONE if none does, or if it was stopped.  `opens` must
 * say the same of one candidate whatever was asked before.  They are handed out
 * in order, a few at a time; where none opens, each was asked of once.
 */
size_t trial_run(const struct trial *trial, size_t n,
                 bool (*opens)(void *lock, size_t i), void *lock);

#endif
