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

#include "parsers/status.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

struct output;

/*
 * Create the folder, or take an empty one.  E_IO: it is not empty, or cannot
 * be made or written.
 */
MUST_USE enum status output_new(struct output **out, const char *dir,
                                struct error *err);
/* Removes the staging area; the results stay. */
void output_free(struct output *out);

/* The path of a file of ours at the top of the folder; the caller frees it. */
char *output_path(const struct output *out, const char *name);

/* Where a stream goes, and what it is called there. */
struct placement {
	const char *evidence;        /* unique name of the evidence */
	const char *volume;          /* "v1" or "v1.s2" */
	const char *path;            /* "/Users/ann/x.docx" */
	const char *stream;          /* or NULL */
	uint64_t mft;                /* keeps equal names apart */
	uint64_t accessed, modified; /* FILETIME, 0 if unknown */
};

/* A file that is being written; zero is empty. */
struct output_file {
	struct output *out;
	int fd;
	char name[32]; /* in the staging area */
	uint64_t size;
	bool open;
};

MUST_USE enum status output_begin(struct output_file *f, struct output *out,
                                  struct error *err);
MUST_USE enum status output_write(struct output_file *f, const void *p,
                                  size_t n, struct error *err);
/* n zero bytes, as a hole. */
MUST_USE enum status output_zeros(struct output_file *f, uint64_t n,
                                  struct error *err);
/*
 * Give the whole file its final name and times.  `*path` is that name below
 * the folder; the caller frees it.  On error the file is gone.
 */
MUST_USE enum status output_finish(struct output_file *f,
                                   const struct placement *where, char **path,
                                   struct error *err);
/* Throw an unfinished file away; free for an empty one. */
void output_abandon(struct output_file *f);

/* Make the folder of an encrypted directory; as output_finish. */
MUST_USE enum status output_directory(struct output *out,
                                      const struct placement *where,
                                      char **path, struct error *err);

/*
 * Escape one component of a path: control characters, '/', and the names "."
 * and ".." become %XX; a name over 255 bytes is cut and marked with a hash.
 * The caller frees it.
 */
char *output_escape(const char *name);

#endif
