/* SPDX-License-Identifier: MIT */
/*
 * options.h - the command line
 */
#ifndef ANALYZER_OPTIONS_H
#define ANALYZER_OPTIONS_H

#include "analyzer/hash_source.h"
#include "parsers/status.h"

#include <glib.h>

/* The groups of options that a command may take. */
enum {
	TAKES_KEYS = 1,     /* key files; with them TAKES_PASSWORDS */
	TAKES_EVIDENCE = 2, /* which volume, which records */
	TAKES_FILTER = 4,   /* which files */
	TAKES_REPORTS = 8,
	TAKES_OUTPUT = 16,
	TAKES_PASSWORDS = 32,
	TAKES_EXPORT = 64, /* may write private keys */
	TAKES_VERIFY = 128,
	TAKES_AUDIT = 256, /* what if? */
	TAKES_BATCH = 512, /* many images */
};

struct options {
	/* keys */
	char **pfx, **key, **password_file;
	gboolean password_prompt;
	char **hash_file, **master_key, **domain_key;
	char **keys_from; /* evidence */
	gboolean no_evidence_keys;
	char *export_keys; /* a folder, or NULL */
	gint jobs;         /* threads, at least 1 */
	bool jobs_given;
	/* evidence */
	gint64 offset;   /* sectors of 512 bytes */
	char *volume;    /* "1,3" as given, or NULL */
	char *snapshots; /* "none", "all", "1,3"; or NULL: none */
	char **bitlocker_password_file, **bitlocker_recovery_file;
	gboolean deleted;
	gboolean verify; /* read all, and compare with the stored hashes */
	gboolean hash_evidence; /* the same beside the work; SHA-256 */
	/* filter */
	char *path;   /* glob, or NULL */
	char *class_; /* "user", "app" or "all" */
	/* reports */
	char **report;  /* FORMAT[=FILE] */
	char **without; /* thumbprints in lower case, and SIDs */
	/* output */
	char *output;
	gboolean resume, mirror;
	char *hash;          /* as given, or NULL: md5 and sha256 */
	bool hashes[HASHES]; /* the same: digests of each plaintext */
	/* batch */
	gboolean audit; /* and no files */
	gboolean keep_keyring;
	gboolean print_tasks;
	gboolean slurm;
	char *slurm_options; /* words for sbatch, as in a shell; or NULL */
	gint progress_json;  /* a file descriptor, or -1 */
	char *task;          /* "keys", "merge", or the number of an image */
	/* of one image of a batch; no option says so */
	const char *label;   /* what its evidence is called; or NULL */
	const char *keyring; /* folder of the keys of all images; or NULL */
	/* all */
	char *log;
	char *progress; /* "auto" or "never" */
	gboolean quiet, verbose;
	gboolean no_sandbox; /* see sandbox.h */
	gint max_errors;     /* 0: never stop */

	char **args;        /* what is left: EVIDENCE..., FILE..., PATH */
	char *command_line; /* as typed, for the report */
};

struct sandbox;

struct command {
	const char *name;
	const char *args;     /* "EVIDENCE..." */
	const char *about;    /* one line for --help and the manual */
	const char *help;     /* a paragraph for `efsleuth NAME --help` */
	unsigned takes;       /* TAKES_* */
	unsigned least, most; /* number of arguments; most 0: no limit */
	/* What it needs in the sandbox that it runs in, see sandbox_plan.h;
	   NULL: it enters one by itself, if any. */
	void (*plan)(struct sandbox *s, const struct options *o);
	/* Returns an enum exit_code. */
	int (*run)(const struct options *o);
};

#define COMMAND(name) extern const struct command command_##name;
#include "analyzer/commands.def"
#undef COMMAND

/* NULL-terminated. */
extern const struct command *const command_table[];

/*
 * Parse the words after the command's name.  Prints a sentence and returns
 * false if they are wrong (usage); exits by itself for --help.
 */
MUST_USE gboolean options_parse(struct options *o,
                                const struct command *command, int argc,
                                char **argv);
void options_release(struct options *o);

/* Is it a value of --volume, and of --snapshots? */
gboolean options_is_list(const char *s);
gboolean options_is_snapshots(const char *s);

/* Is shadow copy number n among those that --snapshots names? */
gboolean options_snapshot(const struct options *o, unsigned n);

/* Does --snapshots name a number that is not from 1 to `most`, and which? */
gboolean options_snapshot_over(const struct options *o, unsigned most,
                               unsigned *number);

/* Is volume number n among those that --volume names (all if it names none)? */
gboolean options_volume(const struct options *o, unsigned n);

#endif
