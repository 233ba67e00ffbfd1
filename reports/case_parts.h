/* SPDX-License-Identifier: MIT */
/*
 * case_parts.h - the rows of a case as nodes of a CASE/UCO graph
 *
 * Where the functions are for each_NAME(), `ctx` is the struct uco_out.
 */
#ifndef REPORTS_CASE_PARTS_H
#define REPORTS_CASE_PARTS_H

#include "recovery/casefile_audit.h"
#include "reports/case_node.h"

MUST_USE enum status uco_write_evidence(struct casefile *cf,
                                        struct uco_out *out, struct error *err);
MUST_USE enum status uco_write_volumes(struct casefile *cf, struct uco_out *out,
                                       struct error *err);
/* Their certificates, and the accounts that use them. */
void uco_write_person(void *ctx, const struct case_person *person);
MUST_USE enum status uco_write_findings(struct casefile *cf,
                                        struct uco_out *out, struct error *err);
/* A stream, its plaintext, and how it is related to what holds it and to those
   who can decrypt it. */
void uco_write_file(void *ctx, const struct case_file *file);

#endif
