/* SPDX-License-Identifier: MIT */
/*
 * sandbox.h - what this process can still do while it looks at evidence
 *
 * Evidence is written by an adversary, and many libraries read it.  So whatever
 * takes this process over must find that it can do little: before the first
 * byte of evidence or of a key file is read, while there is one thread, the
 * process gives up for good
 *
 *	network, programs, other processes, all that is not on the list of
 *	sandbox_calls.h: by seccomp;
 *	files but those that it is told of here: by Landlock.
 *
 * What may be read is what the command line names, and what may belong to it.
 * Of an image that is every file in its folder, though not in those below:
 * segments, extents and parents lie there, under names that the image says.
 * Where the folder has over a thousand files, cannot be listed, or is in a file
 * system without a disk of its own (a network's, a container's, tmpfs), it is
 * all that is below.
 *
 * What may be written is the output folder and that of --export-keys, with all
 * that is below them.  A report elsewhere is opened before, and gets its name
 * by another process (sandbox_aide.h).  Temporary files go into a folder of
 * the run, in that of TMPDIR, else in /var/tmp or /tmp; it is gone at the end.
 *
 * Of the system there is left, to be read:
 *
 *	/dev/urandom            SQLite and jansson are seeded from it
 *	the modules of OpenSSL  the old ciphers are in one, loaded when needed
 *	.../gconv               the character sets of the C library: the same
 *	/usr/lib/locale         UTF-8, where the user's locale is another
 *
 * Landlock came with Linux 5.13.  Up to 5.18 it lets no file move from one
 * folder to another, which the output folder needs: there it is used only by
 * what writes to none.
 *
 * A kernel that has neither, or that is not willing, is no reason not to work.
 * What is active is said with -v and in the log, and --version says what there
 * is.  The tasks of a batch are each in a sandbox; the process that starts them
 * is not: it must start programs, and reads no evidence.
 */
#ifndef ANALYZER_SANDBOX_H
#define ANALYZER_SANDBOX_H

#include "parsers/status.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* A plan of what is to be left. */
struct sandbox;

/* An empty plan.  Not wanted (--no-sandbox): all that follows does nothing. */
struct sandbox *sandbox_new(bool wanted);

/* These go into the plan.  What is not there is passed over: it will be said
   when it is opened. */
void sandbox_read_file(struct sandbox *s, const char *path);
/* An image with all that may belong to it; or a folder. */
void sandbox_read_evidence(struct sandbox *s, const char *path);
/* A case.db.  Where a run was killed, the half of a transaction in it has to be
   undone: then all in its folder may be written. */
void sandbox_read_case(struct sandbox *s, const char *path);
/* To ask for a password. */
void sandbox_use_terminal(struct sandbox *s);
/* A folder and all below it.  It is made, and removed again if it is empty when
   the run ends.  False: it cannot be made. */
MUST_USE bool sandbox_write_folder(struct sandbox *s, const char *path,
                                   mode_t mode);
/* A report.  `folder`, or NULL, may be written as a whole.  `replaced`: see
   replace.h; else it is there, and written as it is. */
void sandbox_write_report(struct sandbox *s, const char *path,
                          const char *folder, bool replaced);
/* The folder of the results cannot be made: the run will end with the reason
   for that, and must not be told another. */
void sandbox_give_up(struct sandbox *s);

/* It will read evidence in another process of its own (contain.h). */
void sandbox_is_parent(struct sandbox *s);

/* Enter it, say so, and free the plan. */
void sandbox_enter(struct sandbox *s);
/* In that other process, before it reads: it begins none. */
void sandbox_narrow(void);
/* The end of the run: what was there for this process alone is removed. */
void sandbox_leave(void);

/* The process outside, or NULL: there is none, and none is needed. */
struct aide *sandbox_aide(void);

/* What this kernel has, "seccomp, Landlock 6"; to be freed. */
char *sandbox_offers(void);

#endif
