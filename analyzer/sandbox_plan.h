/* SPDX-License-Identifier: MIT */
/*
 * sandbox_plan.h - what the options of a command leave in the sandbox
 *
 * Each of the first four is the `plan` of a command.
 */
#ifndef ANALYZER_SANDBOX_PLAN_H
#define ANALYZER_SANDBOX_PLAN_H

#include "analyzer/batch.h"
#include "analyzer/sandbox.h"

/* All arguments are evidence; the first is. */
void plan_evidence(struct sandbox *s, const struct options *o);
void plan_first(struct sandbox *s, const struct options *o);
/* They are files that are read as a whole; cases, or output folders. */
void plan_files(struct sandbox *s, const struct options *o);
void plan_cases(struct sandbox *s, const struct options *o);

/* A task of a batch, as --task names it. */
void plan_task(struct sandbox *s, const struct batch *b, const char *task);

#endif
