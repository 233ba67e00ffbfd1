/* SPDX-License-Identifier: MIT */
/*
 * work.h - what is known of one object while it is worked on
 *
 * It is loaded, its key is found, its streams are decrypted, and it goes into
 * the case.  The RSA operation and the streams may be the work of other
 * threads; all else is done by the one that has the run, in the order of the
 * objects, so that the result is the same for any number of threads.
 */
#ifndef ANALYZER_WORK_H
#define ANALYZER_WORK_H

#include "analyzer/crew.h"
#include "analyzer/plaintext.h"
#include "analyzer/run.h"
#include "recovery/description.h"
#include "recovery/filekey.h"

struct job;

/* How far an object is. */
enum work_state {
	WORK_LOADED,   /* its RSA operation may be under way */
	WORK_PREPARED, /* that is done, if there is one */
	WORK_STARTED,  /* its streams are under way */
	WORK_DONE,     /* they are done: what is left is the record */
};

struct work {
	struct task task;      /* its RSA operation */
	enum work_state state; /* under the lock of the crew, as `waiting` */
	unsigned waiting;      /* streams that are not done */

	struct place *place;
	uint64_t number; /* of the object, for the finder */
	struct object object;
	struct error unloadable; /* why there is no object but its number */
	struct description description;
	struct filekey filekey;
	bool opened;          /* filekey holds a key that we can use */
	enum outcome outcome; /* where it is not opened: why */
	char *reason;         /* the same in words; NULL where opened */
	struct case_object row;
	uint64_t closed;  /* records that were not recovered */
	GPtrArray *jobs;  /* of struct job *: its streams, once started */
	unsigned buffers; /* that its pipelines have */
};

/*
 * Load an object, describe its ring, and plan its RSA operation.  Zeroes `w`
 * first, and fails as the finder of the place.  The caller releases it.
 */
MUST_USE enum status work_load(struct work *w, struct place *place,
                               uint64_t number, struct error *err);
/* Around what is done with an object: its spot; see spot.h.  Left by
   spot_leave. */
MUST_USE enum status work_enter(const struct place *place, uint64_t number,
                                struct error *err);
/* Find the key: sets `opened`, or `outcome` and `reason`. */
void work_find_key(struct work *w);
void work_release(struct work *w);

/* Decrypt one of its streams into a sink, once it is opened; as
   decrypt_stream. */
MUST_USE enum status work_decrypt(struct work *w, const struct stream *s,
                                  const struct sink *sink, struct proof *proof,
                                  struct error *err);

/* Read n bytes of what its extents count in; from any thread.  The `read` of
   struct ciphertext, with the struct work as its context. */
MUST_USE enum status work_read(void *work, uint64_t at, uint8_t *buf, size_t n,
                               struct error *err);

/* Why no key helps with this stream, and which outcome that is; NULL if one
   would.  The caller frees it. */
char *work_impossible(const struct work *w, const struct stream *s,
                      enum outcome *outcome);

/* ------------------------------------------- the objects of a run, in order */

/* Do its RSA operation on a thread of the crew; it is prepared then. */
void work_prepare(struct work *w);
/* Find its key, decide what becomes of its streams, and begin with that; it is
   done when they all are. */
void work_start(struct work *w);
/* Did one of its streams end because the run was stopped? */
bool work_was_stopped(const struct work *w);
/* Give what was written its name, and add the object to the case.  Only a
   failure of that is an error. */
MUST_USE enum status work_finish(struct work *w, struct error *err);

/*
 * The streams of an object, for work.c: decide what becomes of each, begin,
 * and later add its record to the case, with what became of it.
 */
void jobs_start(struct work *w);
/* One of them is done; from any thread. */
void work_stream_done(struct work *w);
/* How many bytes they have written that have no name yet, each one more. */
uint64_t jobs_nameless(const struct work *w);
/* Could one of them not be written? */
bool jobs_failed(const struct work *w);
/* Those that have: they did not get to the disk. */
void jobs_fail(struct work *w, const struct error *why);
MUST_USE enum status jobs_finish(struct work *w, struct error *err);

#endif
