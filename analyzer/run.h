/* SPDX-License-Identifier: MIT */
/*
 * run.h - one run of the program over its evidence: what audit and recover
 * share
 */
#ifndef ANALYZER_RUN_H
#define ANALYZER_RUN_H

#include "analyzer/object.h"
#include "analyzer/options.h"
#include "analyzer/output.h"
#include "analyzer/scan.h"
#include "recovery/casefile.h"
#include "recovery/description.h"
#include "recovery/filekey.h"

/* What is done with each volume. */
enum run_mode {
	RUN_INFO,    /* named, and no more */
	RUN_AUDIT,   /* its encrypted objects are listed */
	RUN_RECOVER, /* and decrypted into the output folder */
};

struct run {
	const struct options *o;
	enum run_mode mode;
	struct passwords passwords;
	struct keyring *ring;
	struct casefile *cf;
	struct output *out; /* NULL: nothing is decrypted (audit) */
	GDateTime *started;
	/* what went wrong, for the exit status */
	unsigned evidence, evidence_failed;
	unsigned ntfs, walked; /* NTFS volumes; those that could be read */
	uint64_t objects;      /* encrypted objects in scope */
	uint64_t closed;       /* records that were not recovered, or damaged */
	uint64_t read_errors;
	bool volume_damaged, output_failed, keys_failed;
};

/* The volume that is being worked on. */
struct place {
	struct run *run;
	struct ntfs *fs;
	const struct dirs *dirs;
	const char *evidence; /* unique name */
	char volume[16];      /* "v1" */
	int64_t volume_id;    /* in the case */
};

/* Read the passwords that the options name.  Prints a sentence for each file
   that cannot be read, and returns false. */
MUST_USE bool run_passwords(struct passwords *pw, const struct options *o);

/*
 * Read the keys and passwords that the options name.  Prints a sentence for
 * each file that cannot be used; false if there were some and none can be.
 */
MUST_USE bool run_keys(struct run *run);

/* The whole of a command: keys, evidence, case, reports.  Returns an enum
   exit_code. */
int run_all(const struct options *o, enum run_mode mode);

/* Work on all evidence of the command line.  Only a failure of the case is an
   error: what is wrong with the evidence is in the case, and was said. */
MUST_USE enum status run_evidence(struct run *run, struct error *err);

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
