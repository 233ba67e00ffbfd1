/* SPDX-License-Identifier: MIT */
/*
 * people.h - what registry hives say of people, until the case takes it
 *
 * Strings given are copied.
 */
#ifndef ANALYZER_PEOPLE_H
#define ANALYZER_PEOPLE_H

#include "parsers/efs.h"
#include "recovery/casefile_audit.h"
#include "recovery/origin.h"

#include <glib.h>

struct people;
struct people_policy;

struct people *people_new(void); /* never NULL */
void people_free(struct people *people);

/* An account: `local` if it is of the machine's SAM, else of its profiles. */
void people_add_account(struct people *people, const struct origin *origin,
                        const char *sid, const char *name, bool local);

/* A recovery policy, as yet without agents; `reason` says what is wrong with
   it, or is NULL.  Borrowed. */
struct people_policy *people_add_policy(struct people *people,
                                        const struct origin *origin,
                                        const char *reason);
/* Say that it is damaged. */
void people_set_reason(struct people_policy *policy, const char *reason);
/* `thumbprint` of its certificate, or NULL; `sid` and `reason` may be NULL. */
void people_add_agent(struct people_policy *policy,
                      const uint8_t thumbprint[EFS_THUMBPRINT_SIZE],
                      const char *sid, const char *reason);

/* Put all of it into the case; `id_of` gives the evidence's id there. */
MUST_USE enum status
people_record(const struct people *people, struct casefile *cf,
              int64_t (*id_of)(void *ctx, const char *evidence), void *ctx,
              struct error *err);

#endif
