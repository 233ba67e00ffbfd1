/* SPDX-License-Identifier: MIT */
/*
 * exhausted.c - the end of a run for which there is not enough memory
 */
#define _GNU_SOURCE /* sigaction */

#include "analyzer/exhausted.h"
#include "analyzer/say.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static bool as_signal;

/* Nothing here takes memory or a lock: another thread may hold it. */
G_NORETURN static void exhausted(void)
{
	say_raw("there is not enough memory: what was finished is intact, and "
	        "`recover --resume` goes on; fewer threads (-j) take less");
	if (!as_signal)
		_exit(EXIT_OUTPUT);
	(void)signal(SIGABRT, SIG_DFL);
	abort();
}

/* g_malloc() says so before it ends the process; no other error of GLib's is
   worth a word less. */
static void on_error(const char *domain, GLogLevelFlags level,
                     const char *message, gpointer unused)
{
	if (!(level & G_LOG_LEVEL_ERROR))
		return;
	if (!message || g_strstr_len(message, -1, "failed to allocate"))
		exhausted();
	g_log_default_handler(domain, level, message, unused);
}

/* Slices and locks of GLib's, and threads of the C library's, go straight to
   abort().  So does a failed assertion of ours, which it remains. */
void exhausted_abort(int number)
{
	if (number == SIGABRT && errno == ENOMEM)
		exhausted();
}

static void on_abort(int number)
{
	exhausted_abort(number);
	(void)signal(number, SIG_DFL);
}

void exhausted_watch(bool by_signal)
{
	const int flags = (int)(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_DEBUG) |
	                  G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION;
	struct sigaction sa = { .sa_handler = on_abort };

	as_signal = by_signal;
	sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGABRT, &sa, NULL);
	(void)g_log_set_handler("GLib", (GLogLevelFlags)flags, on_error, NULL);
	/* Who puts a value into JSON does not look whether there was room. */
	json_set_alloc_funcs(g_malloc, g_free);
	/* The first message takes memory of its own. */
	g_log("GLib", G_LOG_LEVEL_DEBUG, "%s", "");
}
