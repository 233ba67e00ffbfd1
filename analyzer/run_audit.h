/* SPDX-License-Identifier: MIT */
/*
 * run_audit.h - what follows from the facts of a case, as the options ask
 */
#ifndef ANALYZER_RUN_AUDIT_H
#define ANALYZER_RUN_AUDIT_H

#include "analyzer/options.h"
#include "recovery/casefile.h"

/*
 * Commit the facts, and compute what follows; says which ids of --without no
 * key ring names.  Errors as of casefile_audit.
 */
MUST_USE enum status run_audit(struct casefile *cf, const struct options *o,
                               struct error *err);

#endif
