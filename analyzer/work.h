/* SPDX-License-Identifier: MIT */
/*
 * work.h - what is known of one object while it is worked on
 */
#ifndef ANALYZER_WORK_H
#define ANALYZER_WORK_H

#include "analyzer/run.h"
#include "recovery/description.h"
#include "recovery/filekey.h"

struct work {
	struct place *place;
	struct object object;
	struct description description;
	struct filekey filekey;
	bool opened;          /* filekey holds a key that we can use */
	enum outcome outcome; /* where it is not opened: why */
	char *reason;         /* the same in words; NULL where opened */
	struct case_object row;
	uint64_t closed; /* records that were not recovered */
};

/*
 * Load an object and describe its ring.  Zeroes `w` first, and fails as
 * the finder of the place.  The caller releases it.
 */
MUST_USE enum status work_load(struct work *w, struct place *place,
                               uint64_t number, struct error *err);
/* Find the key: sets `opened`, or `outcome` and `reason`. */
void work_find_key(struct work *w);
void work_release(struct work *w);

/* Decrypt one of its streams into a sink, once it is opened; as
   decrypt_stream. */
MUST_USE enum status work_decrypt(struct work *w, const struct stream *s,
                                  const struct sink *sink, struct proof *proof,
                                  struct error *err);

/*
 * Decide what becomes of one stream, do it, and add its record to the case.
 * `s` is NULL for an object that has no stream (a directory).
 */
MUST_USE enum status work_stream(struct work *w, struct stream *s,
                                 struct error *err);

/* Why no key helps with this stream, and which outcome that is; NULL if one
   would.  The caller frees it. */
char *work_impossible(const struct work *w, const struct stream *s,
                      enum outcome *outcome);

#endif
