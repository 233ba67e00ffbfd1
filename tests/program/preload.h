/* SPDX-License-Identifier: MIT */
/*
 * preload.h - the processes of the program, for what is preloaded into it
 *
 * They are the one that is known outside, the child that reads evidence, and
 * one that tidies up behind them, which is to be left alone.  The first two
 * never do anything at the same time.
 */
#ifndef TESTS_PROGRAM_PRELOAD_H
#define TESTS_PROGRAM_PRELOAD_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_ulong *calls; /* counted by the first two together */
static pid_t known;         /* that is known outside */
static int tidies;          /* this is the one that tidies up */

static void preload_begin(void)
{
	known = getpid();
	calls = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE,
	             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (calls == MAP_FAILED)
		abort();
}

/* It gives itself a name. */
int prctl(int option, ...)
{
	unsigned long arg[4];
	va_list ap;

	va_start(ap, option);
	for (size_t i = 0; i < 4; i++)
		arg[i] = va_arg(ap, unsigned long);
	va_end(ap);
	tidies |= option == PR_SET_NAME;
	return (int)syscall(SYS_prctl, option, arg[0], arg[1], arg[2], arg[3]);
}

#endif
