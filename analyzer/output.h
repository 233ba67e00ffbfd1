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
	const char *evidence; /* unique name of the evidence */
	const char *volume;   /* "v1" or "v1.s2" */
	const char *path;     /* "/Users/ann/x.docx" */
	const char *stream;   /* or NULL */
	uint64_t mft;         /* keeps equal names apart */
};

/* A file that is being written; zero is empty. */
struct output_file {
	struct output *out;
	int fd;
	char name[32]; /* in the staging area */
	bool open;     /* it is there */
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

/* Make the folder of an encrypted directory; as output_finish. */
MUST_USE enum status output_directory(struct output *out,
                                      const struct placement *where,
                                      char **path, struct error *err);

#endif
