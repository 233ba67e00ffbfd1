/* SPDX-License-Identifier: MIT */
/*
 * batch.h - many images: the tasks of a batch, and the folder that they share
 *
 * A batch is three kinds of tasks, each a process of this program that can run
 * anywhere the folder is seen: "keys" collects the keys of all images and
 * unlocks them; one task an image works on it, and needs the keys; "merge"
 * makes one case of what is there.  A task is finished when its result has its
 * name in the folder, by one rename; then doing it again does nothing.
 *
 *	DIR/batch.plan     what the batch is of: nobody else's task gets in
 *	DIR/keyring        the result of "keys": private keys, what stays closed
 *	DIR/images/LABEL   that of an image: as of recover -o, and batch.ini
 *	DIR/failed/LABEL   why a task of an image ended without one
 *	DIR/work           what is under way of "keys" and "merge"
 *	DIR/unfinished     and of images: tasks that go on take it over
 *	DIR/skipped/LABEL  its keys cannot be collected: that crashes
 *	DIR/case.db, DIR/report.*, DIR/batch.csv, DIR/batch.ini   of "merge"
 */
#ifndef ANALYZER_BATCH_H
#define ANALYZER_BATCH_H

#include "analyzer/batch_handed.h"
#include "analyzer/manifest.h"
#include "analyzer/options.h"

/* While it is made it has a longer name. */
#define BATCH_PLAN "batch.plan"

struct batch {
	struct options *o;
	GPtrArray *images; /* of struct image * */
	struct handed handed;
};

/* Read what the arguments name.  Says what is wrong, and returns false. */
MUST_USE bool batch_open(struct batch *b, struct options *o);
void batch_release(struct batch *b);

/* A path below the output folder; `name` may be NULL.  To be freed. */
char *batch_path(const struct batch *b, const char *folder, const char *name);

/*
 * Make the output folder one of this batch, or find that it is.
 * E_IO: it cannot be written, or is another's; it was said.
 */
MUST_USE enum status batch_enter(const struct batch *b);
/* Without --resume nothing may be in it: says so, and returns true. */
MUST_USE bool batch_refuse(const struct batch *b);
/* Is there a batch in it, of whatever kind; is there anything? */
bool batch_is_begun(const struct batch *b);
bool batch_is_empty(const struct batch *b);

/* Do images need the task "keys", and is it finished? */
bool batch_wants_keys(const struct batch *b);
bool batch_has_keys(const struct batch *b);
/*
 * An image that crashes the task "keys" is found by doing it with one core: it
 * says in a file which one it is at.  batch_skip_crashed() puts that one among
 * those that are passed over; false: none is named, or no image is left.
 */
void batch_note_searched(const struct options *o, const char *label);
void batch_forget_searched(const struct batch *b);
MUST_USE bool batch_skip_crashed(const struct batch *b);
bool batch_is_skipped(const struct batch *b, const struct image *image);

/* Are the results of "merge" those of what is finished? */
bool batch_is_merged(const struct batch *b, int *code);
/* What "merge" would see, in few words; to be freed. */
char *batch_digest(const struct batch *b);

/* The tasks.  Each returns an enum exit_code. */
int batch_keys(struct batch *b);
int batch_image(struct batch *b, unsigned number);
int batch_merge(struct batch *b);
/* All of them. */
int batch_run(struct batch *b);
/* Or print them, or hand them to Slurm. */
int batch_print(const struct batch *b);
int batch_slurm(const struct batch *b);

/* The words of the command of a task, `jobs` 0: without -j.  An array of char *
   that it owns, and a NULL. */
GPtrArray *batch_command(const struct batch *b, const char *task,
                         unsigned jobs);

#endif
