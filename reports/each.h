/* SPDX-License-Identifier: MIT */
/*
 * each.h - call a function for every row of one kind that the case holds
 */
#ifndef REPORTS_EACH_H
#define REPORTS_EACH_H

#include "recovery/casefile.h"
#include "recovery/casefile_audit.h"

#include <stdio.h>

MUST_USE enum status each_tool(struct casefile *cf,
                               void (*row)(void *ctx, const struct case_tool *),
                               void *ctx, struct error *err);
MUST_USE enum status each_evidence(struct casefile *cf,
                                   void (*row)(void *ctx,
                                               const struct case_evidence *),
                                   void *ctx, struct error *err);
MUST_USE enum status each_volume(struct casefile *cf,
                                 void (*row)(void *ctx,
                                             const struct case_volume *),
                                 void *ctx, struct error *err);
/* Of one evidence, or of one volume: give one id, and 0 for the other. */
MUST_USE enum status each_fact(struct casefile *cf, int64_t evidence,
                               int64_t volume,
                               void (*row)(void *ctx, const struct case_fact *),
                               void *ctx, struct error *err);
/* Of one evidence, or of all for 0. */
MUST_USE enum status each_bad(struct casefile *cf, int64_t evidence,
                              void (*row)(void *ctx, const struct case_bad *),
                              void *ctx, struct error *err);
MUST_USE enum status each_change(struct casefile *cf,
                                 void (*row)(void *ctx,
                                             const struct case_change *),
                                 void *ctx, struct error *err);
MUST_USE enum status each_key(struct casefile *cf,
                              void (*row)(void *ctx, const struct case_key *),
                              void *ctx, struct error *err);
/* The most useful first. */
MUST_USE enum status each_key_by_use(struct casefile *cf,
                                     void (*row)(void *ctx,
                                                 const struct case_key *),
                                     void *ctx, struct error *err);
MUST_USE enum status each_need(struct casefile *cf,
                               void (*row)(void *ctx, const struct case_need *),
                               void *ctx, struct error *err);
MUST_USE enum status each_person(struct casefile *cf,
                                 void (*row)(void *ctx,
                                             const struct case_person *),
                                 void *ctx, struct error *err);
MUST_USE enum status each_count(struct casefile *cf, enum case_field field,
                                void (*row)(void *ctx,
                                            const struct case_count *),
                                void *ctx, struct error *err);
MUST_USE enum status each_file(struct casefile *cf,
                               void (*row)(void *ctx, const struct case_file *),
                               void *ctx, struct error *err);

/* What the audit found: see recovery/casefile_audit.h. */
MUST_USE enum status each_finding(struct casefile *cf,
                                  void (*row)(void *ctx,
                                              const struct case_finding *),
                                  void *ctx, struct error *err);
MUST_USE enum status each_place(struct casefile *cf, int64_t finding,
                                void (*row)(void *ctx,
                                            const struct case_place *),
                                void *ctx, struct error *err);
MUST_USE enum status each_policy(struct casefile *cf,
                                 void (*row)(void *ctx,
                                             const struct case_policy *),
                                 void *ctx, struct error *err);
MUST_USE enum status each_agent(struct casefile *cf, int64_t policy,
                                void (*row)(void *ctx,
                                            const struct case_agent *),
                                void *ctx, struct error *err);
MUST_USE enum status each_account(struct casefile *cf,
                                  void (*row)(void *ctx,
                                              const struct case_account *),
                                  void *ctx, struct error *err);
MUST_USE enum status each_folder(struct casefile *cf,
                                 void (*row)(void *ctx,
                                             const struct case_folder *),
                                 void *ctx, struct error *err);
MUST_USE enum status each_share(struct casefile *cf, int64_t folder,
                                void (*row)(void *ctx,
                                            const struct case_share *),
                                void *ctx, struct error *err);
MUST_USE enum status each_day(struct casefile *cf,
                              void (*row)(void *ctx, const struct case_day *),
                              void *ctx, struct error *err);

/* Flush; E_IO if anything since the stream was opened was not written. */
MUST_USE enum status report_flush(FILE *out, struct error *err);

#endif
