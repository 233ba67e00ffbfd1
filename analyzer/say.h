/* SPDX-License-Identifier: MIT */
/*
 * say.h - sentences for people: on standard error, and in the log
 *
 * Names from evidence may hold what a terminal obeys, or what turns the text
 * beside it round: format_line() shows that as %XX.
 */
#ifndef ANALYZER_SAY_H
#define ANALYZER_SAY_H

#include "parsers/status.h"

#include <glib.h>
#include <stdbool.h>

/* Exit status, as the manual lists them. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_CLOSED = 1, /* some objects could not be recovered */
	EXIT_USAGE = 2,
	EXIT_EVIDENCE = 3, /* cannot be opened, or holds nothing for us */
	EXIT_KEYS = 4,     /* key material could not be used */
	EXIT_OUTPUT = 5,   /* output could not be written */
	EXIT_INTERRUPTED = 130,
};

enum say_level { SAY_QUIET, SAY_NORMAL, SAY_VERBOSE };

/* Where messages go. `log` may be NULL; false if it cannot be written. */
MUST_USE bool say_open(enum say_level level, const char *log);
void say_close(void);

/* An error or a warning: always shown, also with -q. */
void say(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* Progress in words: not with -q. */
void say_info(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* Details: with -v, and in the log. */
void say_detail(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* One sentence without memory or locks, as it is. */
void say_raw(const char *sentence);

/* "what, at offset 0x1f00 of the evidence"; the caller frees it. */
char *say_error(const struct error *err);
/* What say() said last, without the program's name; NULL: nothing yet.  The
   caller frees it. */
char *say_last(void);
/* Another process of this run said that. */
void say_remember(const char *text);
/* Say what is wrong with a file of the user's; false, to be returned. */
bool say_file(const char *path, const struct error *err);

/* Something else stands on the terminal's line, to be wiped before a message.
 */
void say_wipes(void (*wipe)(void));

#endif
