/* SPDX-License-Identifier: MIT */
/*
 * output_internal.h - what the parts of the output folder share
 */
#ifndef ANALYZER_OUTPUT_INTERNAL_H
#define ANALYZER_OUTPUT_INTERNAL_H

#include "analyzer/output.h"

#include <stdatomic.h>

struct output {
	char *dir;
	int root, staging;
	int lock;                 /* of the run that is at work here, or -1 */
	bool used;                /* it is not empty: a run goes on */
	struct case_hints *hints; /* of earlier runs, or NULL; owned */
	unsigned newest;          /* number of the last of them, if any */
	char *when;               /* folder in VANISHED for this run */
	atomic_uint_fast64_t serial;
	/* the folder of the last file: the next one is often in the same */
	char *last_key, *last_path;
	int last;
};

/* Unfinished files, by number; earlier cases; who is at work; and room. */
#define STAGING ".partial"
#define LOCK    "lock"
#define ROOM    "room"
/* What earlier runs wrote, and what of it has vanished since. */
#define FILES    "files"
#define VANISHED "vanished"

/* Set `err` from errno. */
enum status output_error(struct error *err);

/* Rename without replacing; some file systems cannot do both in one step. */
int output_rename_new(int from, const char *name, int to, const char *final);

/*
 * Open the folder of a path of ours below the output folder, without following
 * links; `make`: it is made where it is not there.  `leaf` is the last
 * component.  -1 with errno.
 */
int output_folder_of(const struct output *out, const char *path, bool make,
                     const char **leaf);

/* ------------------------------------------ a folder that is used already */

/* Is it one of ours? */
MUST_USE enum status again_check(const struct output *out, struct error *err);
/* It is, and locked: make hints of its cases. */
MUST_USE enum status again_begin(struct output *out, struct error *err);
/* Throw unfinished files away. */
void again_clean(const struct output *out);

/* ------------------------------------ where there are hints of earlier runs */

/*
 * Give the file this name in out->last, whose path below the folder is `path`.
 * `done` is false, and all is OK, if another has it.
 */
MUST_USE enum status again_name(struct output_file *f, const char *name,
                                const char *path, const struct placement *where,
                                bool *done, struct error *err);
/* A file bears the name of a folder that is to be made in `at`: move it to what
   has vanished, if it is of an earlier run.  False if it stays. */
MUST_USE bool again_vacate(struct output *out, int at, const char *name,
                           const char *path);

#endif
