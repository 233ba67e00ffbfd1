/* SPDX-License-Identifier: MIT */
/*
 * alive.c - this thread gets on
 */
#include "recovery/alive.h"
#include "parsers/wrap.h"

/* Of no other thread, but of a handler that interrupts this one. */
static _Thread_local volatile unsigned steps;

WRAPS void alive(void)
{
	steps = steps + 1;
}

unsigned alive_steps(void)
{
	return steps;
}
