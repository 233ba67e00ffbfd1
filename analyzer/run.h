/* SPDX-License-Identifier: MIT */
/*
 * run.h - one run of the program over its evidence: what audit and recover
 * share
 */
#ifndef ANALYZER_RUN_H
#define ANALYZER_RUN_H

#include "analyzer/options.h"
#include "analyzer/output.h"
#include "analyzer/site.h"
#include "analyzer/source.h"
#include "recovery/casefile.h"
#include "recovery/chain.h"
#include "recovery/description.h"
#include "recovery/filekey.h"

/* What is done with each volume. */
enum run_mode {
	RUN_INFO,    /* named, and no more */
	RUN_AUDIT,   /* its encrypted objects are listed */
	RUN_KEYS,    /* the same; the keys are what is shown */
	RUN_RECOVER, /* and decrypted into the output folder */
};

struct run {
	const struct options *o;
	enum run_mode mode;
	struct passwords passwords;
	struct keyring *ring;
	struct chain *chain;
	struct casefile *cf;
	struct output *out; /* NULL: nothing is decrypted (audit) */
	GPtrArray *items;   /* of struct evidence *, open */
	GPtrArray *sites;   /* of struct site *, scanned */
	GDateTime *started;
	/* what went wrong, for the exit status */
	unsigned evidence, evidence_failed;
	unsigned ntfs, walked; /* NTFS volumes; those that could be read */
	uint64_t objects;      /* encrypted objects in scope */
	uint64_t closed;       /* records that were not recovered, or damaged */
	uint64_t read_errors;
	uint64_t tried; /* candidates on the lock at hand: for the progress */
	bool volume_damaged, output_failed, keys_failed;
};

/* One evidence of the run. */
struct evidence {
	const char *path;   /* borrowed from the options */
	char *name;         /* unique */
	int64_t id;         /* in the case */
	struct source *s;   /* NULL for a directory, or if it did not open */
	GPtrArray *volumes; /* of struct volume *, or NULL */
	bool directory;     /* a plain one */
	bool keys_only;     /* of --keys-from: its files are not listed */
};

/* Read the passwords that the options name.  Prints a sentence for each file
   that cannot be read, and returns false. */
MUST_USE bool run_passwords(struct passwords *pw, const struct options *o);

/*
 * Read the keys and passwords that the options name, into the ring and the
 * chain.  Prints a sentence for each file that cannot be used; false if there
 * were some and none can be.
 */
MUST_USE bool run_keys(struct run *run);

/* Make an empty run of these options, and release it. */
void run_init(struct run *run, const struct options *o, enum run_mode mode);
void run_release(struct run *run);

/* The whole of a command: keys, evidence, case, reports.  Returns an enum
   exit_code. */
int run_all(const struct options *o, enum run_mode mode);

/*
 * Open all evidence of the command line and of --keys-from, find the volumes,
 * and scan them.  Only a failure of the case is an error: what is wrong with
 * the evidence is in the case, and was said.
 */
MUST_USE enum status run_find(struct run *run, struct error *err);
/* Open what opens of the keys that are here by now. */
void run_open(struct run *run);
/* Collect the keys of the evidence, and open what opens. */
void run_unlock(struct run *run);
/* Work on every encrypted object that was found.  Errors as of run_find. */
MUST_USE enum status run_work(struct run *run, struct error *err);
/* Add the keys of the ring to the case, once all work is done. */
MUST_USE enum status run_record_keys(struct run *run, struct error *err);
/* Write each unlocked private key into the folder of --export-keys; says what
   fails, and returns false. */
MUST_USE bool run_export_keys(const struct run *run);

/* Is this evidence to be searched for keys? `keys_only`: of --keys-from. */
bool run_wants_keys(const struct run *run, bool keys_only);

/* Has the user asked to stop, or were there too many read errors? */
bool run_stopped(const struct run *run);
bool run_interrupted(void);
/* Let SIGINT and SIGTERM end the run in order. */
void run_catch_signals(void);

/* Is an object of this path and class in scope of --path and --class? */
bool run_in_scope(const struct options *o, const char *path,
                  const char *class_);

/* Report, and where it is asked for decrypt, one object of a volume. */
MUST_USE enum status work_object(struct place *place, uint64_t number,
                                 struct error *err);

#endif
