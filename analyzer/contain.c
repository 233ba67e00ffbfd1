/* SPDX-License-Identifier: MIT */
/*
 * contain.c - a crash costs what was being read, and not the run
 */
#define _GNU_SOURCE /* prctl */

#include "analyzer/contain.h"
#include "analyzer/exhausted.h"
#include "analyzer/sandbox.h"
#include "analyzer/say.h"
#include "analyzer/spot.h"
#include "analyzer/watch.h"
#include "parsers/limits.h"
#include "recovery/secret.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME_SIZE 256
#define SAID_SIZE 4096

/* What a child leaves behind; nothing of it is trusted but to be shown. */
struct page {
	atomic_bool no_more;
	atomic_bool crashed; /* what follows is of the first thread that did */
	bool still;          /* it was no crash: it did not come to an end */
	struct spots at;     /* without the pointer */
	char evidence[NAME_SIZE];
	char said[SAID_SIZE]; /* its last word, where it ended in order */
};

static const int deadly[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL,
	                      SIGSEGV, SIGSYS, SIGTRAP };

static struct page *page; /* of the child that this is, or that runs */
static bool again;

/* All crashes of one work. */
struct crashes {
	GArray *all;   /* of struct spots */
	GArray *avoid; /* of struct spot */
};

/* ------------------------------------------------------------- in the child */

#ifndef SANITIZED
/* Only what a handler may do: copy, and end as it would have ended. */
static void leave(int number, bool still)
{
	const struct spots *here = spots_here();

	if (!atomic_exchange(&page->crashed, true)) {
		page->still = still;
		page->at = *here;
		for (size_t i = 0; here->n && i < NAME_SIZE - 1; i++) {
			page->evidence[i] = here->evidence[i];
			if (!here->evidence[i])
				break;
		}
	}
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

static void on_crash(int number)
{
	exhausted_abort(number);
	leave(number, false);
}

/* What is at no spot is no evidence, and ours to end. */
static void on_lost(void)
{
	if (spots_any())
		leave(SIGXCPU, true);
}

/* On a stack of its own: that of the first thread may have come to its end. */
static void catch_crashes(void)
{
	static uint8_t room[64 * 1024];
	const stack_t stack = { .ss_sp = room, .ss_size = sizeof(room) };
	struct sigaction sa = { .sa_handler = on_crash,
		                .sa_flags = SA_ONSTACK };

	sigemptyset(&sa.sa_mask);
	(void)sigaltstack(&stack, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(deadly); i++)
		(void)sigaction(deadly[i], &sa, NULL);
	watch_begin(on_lost);
}
#else
/* A sanitizer has more to say of it. */
static void catch_crashes(void)
{
}
#endif

/* It does not outlive its parent, which is the one that is known outside. */
static void tie(pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_INTERRUPTED);
}

G_NORETURN static void be_child(int (*work)(void *ctx), void *ctx,
                                const struct crashes *crashes, pid_t parent)
{
	char *said;
	int code;

	tie(parent);
	sandbox_narrow();
	secret_lock_again();
	catch_crashes();
	again = crashes->all->len != 0;
	spots_avoid((const struct spot *)(const void *)crashes->avoid->data,
	            crashes->avoid->len);
	code = work(ctx);
	said = say_last();
	if (said)
		(void)g_strlcpy(page->said, said, SAID_SIZE);
	g_free(said);
	exit(code);
}

bool contain_again(void)
{
	return again;
}

void contain_no_more(void)
{
	if (page)
		atomic_store(&page->no_more, true);
}

/* ------------------------------------------------------------ in the parent */

/* A signal that asks for the end is handed on: the child ends in order. */
static int wait_for(pid_t child, const sigset_t *signals)
{
	int status;

	for (;;) {
		int number = sigwaitinfo(signals, NULL);

		if (number == SIGINT || number == SIGTERM)
			(void)kill(child, SIGTERM);
		else if (waitpid(child, &status, WNOHANG) == child)
			return status;
	}
}

static bool is_crash(int status)
{
	for (size_t i = 0; i < G_N_ELEMENTS(deadly); i++)
		if (WIFSIGNALED(status) && WTERMSIG(status) == deadly[i])
			return true;
	return page->still && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGXCPU;
}

/* How many crashes were in there; `innermost`: in nothing that lies in it. */
static unsigned count_in(const struct crashes *crashes, const struct spot *spot,
                         bool innermost)
{
	unsigned n = 0;

	for (guint i = 0; i < crashes->all->len; i++) {
		const struct spots *at =
			&g_array_index(crashes->all, struct spots, i);

		for (unsigned k = innermost ? at->n - 1 : 0; k < at->n; k++)
			n += spot_is(&at->s[k], spot);
	}
	return n;
}

static unsigned most_in(enum spot_kind kind)
{
	return kind == SPOT_EVIDENCE ? LIMIT_CRASHES
	       : kind == SPOT_VOLUME ? LIMIT_CRASHES_VOLUME
	                             : LIMIT_CRASHES_PART;
}

static bool is_avoided(const struct crashes *crashes, const struct spot *spot)
{
	for (guint i = 0; i < crashes->avoid->len; i++)
		if (spot_is(&g_array_index(crashes->avoid, struct spot, i),
		            spot))
			return true;
	return false;
}

/*
 * What to pass over: the innermost spot; what it lies in where that was no
 * help, or has had too many crashes.  NULL: there is nothing left.
 */
static const struct spot *choose(const struct crashes *crashes,
                                 const struct spots *at)
{
	unsigned i = 0;

	while (i + 1 < at->n &&
	       count_in(crashes, &at->s[i], false) < most_in(at->s[i].kind))
		i++;
	if (i + 1 == at->n && count_in(crashes, &at->s[i], true) && i)
		i--;
	while (i && is_avoided(crashes, &at->s[i]))
		i--;
	return is_avoided(crashes, &at->s[i]) ? NULL : &at->s[i];
}

/* False: to begin again would be no help. */
static bool learn(struct crashes *crashes, int status)
{
	const struct spot *spot;
	struct spot avoid;
	struct spots at = page->at;
	char *what;

	page->evidence[NAME_SIZE - 1] = '\0';
	if (!is_crash(status) || !page->crashed || page->no_more || !at.n ||
	    at.n > SPOTS_DEEP)
		return false;
	spot = choose(crashes, &at);
	if (!spot)
		return false;
	avoid = *spot;
	avoid.still = page->still;
	what = spot_text(spot);
	if (avoid.still)
		say("%s: %s did not come to an end: it begins again without "
		    "that",
		    page->evidence, what);
	else
		say("%s: %s crashed the program (%s): it begins again without "
		    "that",
		    page->evidence, what, g_strsignal(WTERMSIG(status)));
	g_free(what);
	g_array_append_val(crashes->avoid, avoid);
	g_array_append_vals(crashes->all, &at, 1);
	return true;
}

/* As the child did. */
static int end(int status)
{
	page->said[SAID_SIZE - 1] = '\0';
	if (*page->said)
		say_remember(page->said);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	/* One that had no memory has said so. */
	if (is_crash(status) && (page->crashed || WTERMSIG(status) != SIGABRT))
		say("the program %s (%s): this is a fault in it; what was "
		    "finished is intact",
		    page->still ? "did not come to an end" : "crashed",
		    g_strsignal(WTERMSIG(status)));
	(void)signal(WTERMSIG(status), SIG_DFL);
	(void)raise(WTERMSIG(status));
	return 128 + WTERMSIG(status);
}

/* One child; false: there is none. */
static bool run_child(int (*work)(void *ctx), void *ctx,
                      const struct crashes *crashes, int *status)
{
	pid_t parent = getpid(), child;
	sigset_t signals, before;

	memset(page, 0, sizeof(*page));
	(void)fflush(stdout);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &signals, &before);
	child = fork();
	if (!child) {
		(void)sigprocmask(SIG_SETMASK, &before, NULL);
		be_child(work, ctx, crashes, parent);
	}
	if (child > 0)
		*status = wait_for(child, &signals);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return child > 0;
}

int contain(int (*work)(void *ctx), void *ctx)
{
	struct crashes crashes = {
		.all = g_array_new(FALSE, FALSE, sizeof(struct spots)),
		.avoid = g_array_new(FALSE, FALSE, sizeof(struct spot)),
	};
	void *p = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
	               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0, code;
	bool ran;

	page = p == MAP_FAILED ? NULL : p;
	do {
		ran = page && run_child(work, ctx, &crashes, &status);
	} while (ran && learn(&crashes, status));
	code = ran ? end(status) : work(ctx);
	if (page)
		(void)munmap(page, sizeof(*page));
	page = NULL;
	g_array_free(crashes.avoid, TRUE);
	g_array_free(crashes.all, TRUE);
	return code;
}
