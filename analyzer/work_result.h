/* SPDX-License-Identifier: MIT */
/*
 * work_result.h - what becomes of one stream, on its way into the case
 */
#ifndef ANALYZER_WORK_RESULT_H
#define ANALYZER_WORK_RESULT_H

#include "analyzer/same.h"
#include "analyzer/work.h"

/* All owned. */
struct result {
	enum outcome outcome;
	char *reason;
	char *output;
	const char *same_as; /* borrowed from a place */
	char hash[HASHES][DIGEST_HEX];
	GArray *holes; /* of struct case_hole */
};

/* What is to be done for a stream. */
enum job_kind {
	JOB_NOTHING, /* its result is known */
	JOB_FOLDER,  /* make the folder of a directory */
	JOB_DECRYPT, /* into the output folder */
	JOB_COPY,    /* in the clear, beside encrypted ones: the file is not
	                whole without it */
};

/* One stream of an object. */
struct job {
	struct task task;
	struct work *work;
	struct stream *s; /* NULL: the object has none (a directory) */
	enum job_kind kind;
	struct result r;

	/* What a thread of the crew made of it. */
	const struct sameness *same; /* another view has it already; or NULL */
	struct earlier *earlier;     /* an earlier run may have it; or NULL */
	bool taken;                  /* it has */
	struct plaintext p;
	struct proof proof; /* JOB_DECRYPT */
	struct error err;   /* why the plaintext is not there */
};

/* Takes the reason over. */
void result_set(struct result *r, enum outcome outcome, char *reason);

/* Decide what is to be done, or set its result. */
void job_decide(struct job *job);

/* Buffers that a pipeline for this job takes; 0 if it needs none, because the
   stream is small or there is one thread only. */
unsigned job_buffers(const struct job *job);

/*
 * Do it, on any thread; job_done follows, now or later.  The plaintext has no
 * name yet.
 */
void job_decrypt(struct job *job);
void job_copy(struct job *job);
/* Say what became of it, in job->r; true if the plaintext is worth a name. */
bool job_judge_decrypted(struct job *job);
bool job_judge_copied(struct job *job);

/*
 * Where this run goes on with the folder of an earlier one: look for the stream
 * in its hints, and at its file; on the run's own thread, in order.
 */
void job_look_back(struct job *job);
/* Is that what the stream has to be?  On any thread. */
void job_take_over(struct job *job);
/* It is: the job's result, and the file's name. */
MUST_USE enum status job_finish_taken(struct job *job,
                                      const struct placement *where,
                                      struct error *err);
/* What tells this stream from all others. */
struct case_hint_key job_hint_key(const struct job *job);
void earlier_free(struct earlier *earlier);

/* The stream is done.  What it could not write whole is gone at once: the room
   on the disk may be what others need. */
void job_done(struct job *job);
/* All of it is in the file: end that. */
MUST_USE enum status job_end(struct job *job, struct error *err);

#endif
