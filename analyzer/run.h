/* SPDX-License-Identifier: MIT */
/*
 * run.h - one run of the program over its evidence: what audit and recover
 * share
 */
#ifndef ANALYZER_RUN_H
#define ANALYZER_RUN_H

#include "analyzer/hash_source.h"
#include "analyzer/options.h"
#include "analyzer/output.h"
#include "analyzer/people.h"
#include "analyzer/site.h"
#include "analyzer/source.h"
#include "recovery/casefile.h"
#include "recovery/chain.h"
#include "recovery/description.h"
#include "recovery/filekey.h"
#include "recovery/trial.h"

/* What is done with each volume. */
enum run_mode {
	RUN_INFO,    /* named, and no more */
	RUN_AUDIT,   /* its encrypted objects are listed */
	RUN_KEYS,    /* the same; the keys are what is shown */
	RUN_RECOVER, /* and decrypted into the output folder */
};

/* What opens BitLocker volumes, beside the passwords; zero is empty. */
struct bitlocker_given {
	struct passwords recovery; /* lines with recovery passwords */
	GPtrArray *files; /* .BEK files, see run_bitlocker.c; or NULL */
};
struct found;
struct hashing;

struct run {
	const struct options *o;
	enum run_mode mode;
	struct passwords passwords;
	struct bitlocker_given bitlocker;
	struct keyring *ring;
	struct unwraps *unwraps; /* of volumes with shadow copies */
	struct chain *chain;
	struct people *people;
	struct casefile *cf;
	struct output *folder;   /* of the case and its reports; or NULL */
	struct output *out;      /* the same; NULL: nothing is decrypted */
	const char *files;       /* where plaintexts are in the output folder */
	struct crew *crew;       /* while objects are worked on */
	struct same *same;       /* what shadow copies need not recover again */
	GPtrArray *items;        /* of struct evidence *, open */
	struct hashing *hashing; /* of them, see hash_evidence.h; or NULL */
	GPtrArray *sites;        /* of struct site *, scanned */
	GDateTime *started;
	/* what went wrong, for the exit status */
	unsigned evidence, evidence_failed;
	unsigned named, named_failed; /* those that are not of --keys-from */
	unsigned ntfs, walked; /* NTFS volumes; sites that could be read */
	uint64_t objects;      /* encrypted objects in scope */
	uint64_t closed;       /* records that were not recovered, or damaged */
	uint64_t read_errors;
	uint64_t unloadable;  /* objects of which nothing could be read */
	uint64_t made, taken; /* files written, and those that were there */
	uint64_t tried; /* candidates on the lock at hand: for the progress */
	unsigned bitlocker_locked; /* volumes that stayed closed */
	bool volume_damaged, output_failed, keys_failed;
	bool case_failed;        /* it stopped there: rows may be lost */
	bool hashes[HASHES];     /* of each plaintext */
	unsigned snapshots_most; /* that a volume of the run has */
	bool snapshot_missing;   /* one was asked for that none has */
};

/* One evidence of the run. */
struct evidence {
	const char *path;     /* borrowed from the options */
	char *name;           /* unique */
	int64_t id;           /* in the case */
	const char *form;     /* what it is, out of its containers; or NULL */
	struct source *s;     /* NULL for a directory, or if it did not open */
	char *sha256;         /* of its contents, where it was asked for */
	GPtrArray *volumes;   /* of struct volume *, or NULL */
	GPtrArray *snapshots; /* of struct volume *: of all of them; or NULL */
	struct found *file;   /* its contents as a file, or NULL */
	bool directory;       /* a plain one */
	bool keys_only;       /* of --keys-from: its files are not listed */
	unsigned stretched;   /* see struct bitlocker_secrets */
};

/* Read the passwords that the options name.  Prints a sentence for each file
   that cannot be read, and returns false. */
MUST_USE bool run_passwords(struct passwords *pw, const struct options *o);

/* Add a file of passwords; as run_passwords. */
MUST_USE bool run_password_file(struct passwords *pw, const char *path);

/* Ask for a password on the terminal: what was typed, to be released.  Says why
   there is none, and returns false. */
MUST_USE bool run_prompt(struct secret *line);

/*
 * Read the keys and passwords that the options name, into the ring and the
 * chain.  Prints a sentence for each file that cannot be used; false if there
 * were some and none can be.
 */
MUST_USE bool run_keys(struct run *run);

/* Make an empty run of these options, and release it: once or twice. */
void run_init(struct run *run, const struct options *o, enum run_mode mode);
void run_release(struct run *run);

/* Note when the run began and whether it has ended. */
MUST_USE enum status run_set_tool(struct run *run, bool ended,
                                  struct error *err);
/* Print what the command prints of the case. */
MUST_USE enum status run_print_result(struct run *run, struct error *err);

/* The whole of a command: keys, evidence, case, reports.  Returns an enum
   exit_code. */
int run_all(const struct options *o, enum run_mode mode);

/*
 * Open all evidence of the command line and of --keys-from, find the volumes,
 * and scan them.  Only a failure of the case is an error: what is wrong with
 * the evidence is in the case, and was said.
 */
MUST_USE enum status run_find(struct run *run, struct error *err);
/* How candidates are tried: on all cores, with a progress line. */
struct trial run_trials(struct run *run);
/* Open what opens of the keys that are here by now. */
void run_open(struct run *run);
/* Collect the keys of the evidence, and open what opens. */
void run_unlock(struct run *run);
/* Work on every encrypted object that was found.  Errors as of run_find. */
MUST_USE enum status run_work(struct run *run, struct error *err);
/* Add the keys of the ring, their certificates, and what hives say of people to
   the case, once all work is done. */
MUST_USE enum status run_record_keys(struct run *run, struct error *err);
/* Add the ranges of all evidence that could not be read to the case, once all
   work is done; where there were some, the run says so. */
MUST_USE enum status run_record_bad(struct run *run, struct error *err);
/*
 * The run has come to its end, and its case is on disk: with --mirror, what
 * earlier runs wrote and this one does not list is moved aside; their cases go.
 * Says so; false, and said, if something could not be moved.
 */
MUST_USE bool run_resumed(struct run *run);
/* Write each unlocked private key into the folder of --export-keys, and count
   them; says what fails, and returns false. */
MUST_USE bool run_export_keys(const struct run *run, size_t *exported);

/* Write what stays closed of the evidence's key material into a new file at
   `path`; says what fails, and returns false. */
MUST_USE bool run_export_pieces(const struct run *run, const char *path);
/* Add it to the chain, which is unlocked by now; as run_export_pieces. */
MUST_USE bool run_add_pieces(struct run *run, const char *path);
#define PIECES_NAME "closed.jsonl" /* in the folder of the keyring */

/* Add the keys that were unlocked for all images of a batch, and what stays
   closed; says what fails, and returns false. */
MUST_USE bool run_keyring(struct run *run);
/* The name of a key's file in the folder of --export-keys; to be freed. */
char *run_export_name(const char *id);

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

#endif
