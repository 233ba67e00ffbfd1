/* SPDX-License-Identifier: MIT */
/*
 * casefile_hint.h - what the cases of earlier runs into the same folder say of
 * its files
 *
 * What an earlier run wrote is a hint, never the result: a new case is written
 * from scratch, and a stream is looked up here before it is decrypted.  All is
 * in a temporary database with an index, so memory does not grow with the
 * number of files.  Not for several threads at a time.
 *
 * An output is the path of a file or folder below the folder of the run.  On a
 * file system that takes "a" for "A", two outputs that differ in no more than
 * that are the same.
 */
#ifndef RECOVERY_CASEFILE_HINT_H
#define RECOVERY_CASEFILE_HINT_H

#include "parsers/status.h"
#include "recovery/outcome.h"

#include <stdbool.h>
#include <stdint.h>

struct case_hints;

/* `fold`: the file system does not tell "a" from "A". */
MUST_USE enum status case_hints_new(struct case_hints **out, bool fold,
                                    struct error *err);
void case_hints_free(struct case_hints *hints);

/*
 * Read the case of an earlier run; they are added from the oldest to the
 * newest, and what a newer one says of an output supersedes the older.  Errors
 * as of casefile_open.
 */
MUST_USE enum status case_hints_add(struct case_hints *hints, const char *path,
                                    struct error *err);
/* Did all of them end in order?  If not, there may be files of theirs that they
   do not list. */
bool case_hints_ended(const struct case_hints *hints);

/* A stream, and all that has to be as it was. */
struct case_hint_key {
	const char *evidence, *volume; /* "v1.s2"; "" for loose files */
	const char *path, *stream;     /* the stream may be NULL */
	const char *algorithm, *efs_id;
	uint64_t mft, size, created, modified, changed;
	uint16_t sequence;
	bool deleted;
};

/* What became of it; all texts are owned, and may be NULL. */
struct case_hint {
	enum outcome outcome; /* recovered, and not in part */
	bool ended;           /* this run and all later ones ended in order */
	char *output, *reason, *md5, *sha1, *sha256;
};

void case_hint_release(struct case_hint *hint);

/*
 * Find the newest hint for a stream.  `hint->output` is NULL if there is none,
 * or if it is not clear which.  Each is found once only.
 */
MUST_USE enum status case_hints_find(struct case_hints *hints,
                                     const struct case_hint_key *key,
                                     struct case_hint *hint, struct error *err);
/* The stream is still there, though this run does not recover it: what was
   written of it has not vanished.  Only what names the stream counts. */
MUST_USE enum status case_hints_hold(struct case_hints *hints,
                                     const struct case_hint_key *key,
                                     struct error *err);

/* Whose is the file or folder that bears the name of an output? */
enum case_owner {
	CASE_OWNER_NONE,  /* no hint lists it */
	CASE_OWNER_SAME,  /* the stream's that the key names */
	CASE_OWNER_OTHER, /* another's */
	CASE_OWNER_NOW,   /* this run gave it */
};

MUST_USE enum status case_hints_owner(struct case_hints *hints,
                                      const char *output,
                                      const struct case_hint_key *key,
                                      enum case_owner *owner,
                                      struct error *err);
/* This run gives it. */
MUST_USE enum status case_hints_give(struct case_hints *hints,
                                     const char *output, struct error *err);
/* What had the name before is now called `staged`, for it may be used yet. */
MUST_USE enum status case_hints_move(struct case_hints *hints,
                                     const char *output, const char *staged,
                                     struct error *err);
/* Where that is; NULL if it was not moved.  The caller frees it. */
MUST_USE enum status case_hints_moved(struct case_hints *hints,
                                      const char *output, char **staged,
                                      struct error *err);

/*
 * Each output of an earlier run that this one neither gave nor holds, those in
 * a folder before the folder; ends at the first error of `each`.
 */
MUST_USE enum status case_hints_vanished(struct case_hints *hints,
                                         enum status (*each)(void *ctx,
                                                             const char *output,
                                                             struct error *err),
                                         void *ctx, struct error *err);

#endif
