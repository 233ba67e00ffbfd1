/* SPDX-License-Identifier: MIT */
/*
 * sandbox_aide.h - what a process outside of the sandbox does for the one in it
 *
 * To rename a file, or to remove a folder, takes rights in the folder above it,
 * and with Landlock rights hold for all that is below: who may rename a report
 * in a folder may remove the evidence beside it.  So a second process, which
 * reads no evidence, is begun before the rights are given up.  It knows from
 * the beginning what it may do, does it when it is told, and tidies up when the
 * first ends, however that ends; but for what kills both at once, as Slurm does
 * with all of a job: the temporary folder may stay then.
 */
#ifndef ANALYZER_SANDBOX_AIDE_H
#define ANALYZER_SANDBOX_AIDE_H

#include "parsers/status.h"

#include <stdbool.h>

struct aide;

struct aide *aide_new(void);

/* What is to be done at the end: remove a folder if it is empty, or with all
   that is in it. */
void aide_add_folder(struct aide *aide, const char *path);
void aide_add_tree(struct aide *aide, const char *path);
/* A report is to have this name: make PATH.part beside it.  Where that cannot
   be, it shows in aide_part(). */
void aide_add_part(struct aide *aide, const char *path);

/* Begin the process, if there is anything to do; false: errno says why not. */
MUST_USE bool aide_start(struct aide *aide);
/* It tidies up and ends; where none was begun, it is done here.  Parts that
   have not been renamed are removed. */
void aide_free(struct aide *aide);

/* The next part for this name that was not asked for yet; -1: there is none. */
int aide_find(struct aide *aide, const char *path);
/* Its descriptor, which the caller closes; -1: errno says why. */
int aide_open(struct aide *aide, int part);
/* Give it its name; 0, or an errno. */
MUST_USE int aide_rename(struct aide *aide, int part);

#endif
