/* SPDX-License-Identifier: MIT */
/*
 * output.h - the output folder: the only place where the program writes
 *
 * Names come from hostile evidence.  Every component is escaped, every step
 * down is opened relative to the folder above it without following links, and
 * a file gets its name only when it is whole.
 */
#ifndef ANALYZER_OUTPUT_H
#define ANALYZER_OUTPUT_H

#include "analyzer/output_name.h"
#include "recovery/casefile_hint.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

struct output;

/*
 * Create the folder, or take an empty one.  E_IO: it is not empty, or cannot
 * be made or written, or another run is at work in it.
 */
MUST_USE enum status output_new(struct output **out, const char *dir,
                                struct error *err);
/* Removes the staging area, unless earlier cases are in it; the results stay.
 */
void output_free(struct output *out);
/*
 * A disk gets full by plaintext, and then the case has to say so, for which
 * it takes room, too.  So some is held from the beginning, and given when it is
 * needed.
 */
void output_give_room(const struct output *out);
void output_hold_room(const struct output *out);
/* All that was written is on disk. */
MUST_USE enum status output_sync(const struct output *out, struct error *err);

/*
 * Or take the folder of an earlier run, to go on: what that left unfinished is
 * thrown away, and its case is a hint from now on, beside those of earlier
 * runs that did not come to an end.  E_IO: the folder is not empty, and not
 * one of this program.  E_UNSUPPORTED: its case is of another schema.
 */
MUST_USE enum status output_resume(struct output **out, const char *dir,
                                   struct error *err);
/* The hints; NULL if there is no earlier run. */
struct case_hints *output_hints(const struct output *out);
/* The hints are not needed any more. */
void output_forget(struct output *out);
/* There is nothing to go on with: the case of the last run is in its place
   again, for that of this one, which is closed. */
void output_restore(struct output *out);

/* The path of a file of ours at the top of the folder; the caller frees it. */
char *output_path(const struct output *out, const char *name);

/* Where a stream goes, and what it is called there. */
struct placement {
	const char *evidence; /* unique name of the evidence */
	const char *volume;   /* "v1" or "v1.s2" */
	const char *path;     /* "/Users/ann/x.docx" */
	const char *stream;   /* or NULL */
	const char *listed;   /* its path in the case, if not that one */
	uint64_t mft;         /* keeps equal names apart */
};

/* A file that is being written; zero is empty. */
struct output_file {
	struct output *out;
	int fd;
	char name[32];    /* in the staging area */
	bool open;        /* it is there */
	const char *here; /* or it is an output of an earlier run */
};

/* Up to output_close several threads may be at work, each on a file of its
   own; and several may write into one. */
MUST_USE enum status output_begin(struct output_file *f, struct output *out,
                                  struct error *err);
/* n bytes at the offset `at`, in any order. */
MUST_USE enum status output_write(struct output_file *f, uint64_t at,
                                  const void *p, size_t n, struct error *err);
/* It is so long; what was not written reads as zeros, and takes no room. */
MUST_USE enum status output_resize(struct output_file *f, uint64_t size,
                                   struct error *err);
/* All is written: give it its times, FILETIMEs or 0. */
MUST_USE enum status output_close(struct output_file *f, uint64_t accessed,
                                  uint64_t modified, struct error *err);
/*
 * Give the closed file its final name.  `*path` is that name below the folder;
 * the caller frees it.  On error the file is gone.
 */
MUST_USE enum status output_finish(struct output_file *f,
                                   const struct placement *where, char **path,
                                   struct error *err);
/* Throw an unfinished file away; free for an empty one. */
void output_abandon(struct output_file *f);

/* ------------------------------------------- outputs of earlier runs: hints */

/* The attributes of one, links not followed; -1 with errno. */
int output_stat(const struct output *out, const char *path, struct stat *sb);
/* Open one for reading; any thread.  -1 with errno. */
int output_reopen(const struct output *out, const char *path);
/* Give it its times, as output_close; false if it has them already. */
bool output_has_times(const struct stat *sb, uint64_t modified);
void output_set_times(int fd, uint64_t accessed, uint64_t modified);
/* Where it is now, if it had to make way for another; the caller frees it. */
MUST_USE enum status output_whereabouts(const struct output *out,
                                        const char *path, char **now,
                                        struct error *err);
/* It is what belongs at a place: it gets its name, if it has not got it.  As
   output_finish. */
MUST_USE enum status output_take(struct output *out, const char *path,
                                 const struct placement *where, char **now,
                                 struct error *err);
/* One that has vanished from the evidence is moved to vanished/TIME; `moved`
   is false if it was not there, or is a folder that is not empty. */
MUST_USE enum status output_vanish(struct output *out, const char *path,
                                   bool *moved, struct error *err);
/* That folder, below the output folder; the caller frees it. */
char *output_vanished(const struct output *out);

/* Make the folder of an encrypted directory; as output_finish. */
MUST_USE enum status output_directory(struct output *out,
                                      const struct placement *where,
                                      char **path, struct error *err);

#endif
