/* SPDX-License-Identifier: MIT */
/*
 * casefile_audit.h - what a case says about people: who they are, what they can
 * open, what an auditor should look at
 *
 * Facts come in while a run goes on: certificates, accounts, recovery policies.
 * What follows from them and from the key rings is computed once, at the end,
 * by casefile_audit(), and read by walks as those of casefile.h.  Cases can be
 * put together before that.
 */
#ifndef RECOVERY_CASEFILE_AUDIT_H
#define RECOVERY_CASEFILE_AUDIT_H

#include "recovery/casefile.h"

/* ------------------------------------------------------------------ facts */

/* A certificate that the run has seen and that concerns EFS. */
struct case_certificate {
	const char *thumbprint; /* 40 lower-case hex digits */
	const char *subject, *issuer;
	const char *serial;             /* hex */
	uint64_t not_before, not_after; /* FILETIMEs; 0: unknown */
	const char *kind; /* of its key: "rsa", "ec", ...; or NULL */
	unsigned bits;    /* of its key; 0: unknown */
	bool self_signed;
	bool efs, recovery; /* its purposes: EFS, file recovery */
	const char *source; /* where it was seen first, in words */
};

/* A second one of the same thumbprint is ignored. */
MUST_USE enum status
casefile_add_certificate(struct casefile *cf,
                         const struct case_certificate *certificate,
                         struct error *err);

/* A user account of a machine: of its SAM, or of its list of profiles. */
struct case_account {
	int64_t evidence;
	const char *evidence_name; /* set by the walk */
	const char *sid, *name;
	bool local; /* of the machine's own SAM, which lists all of them */
	const char *source; /* in words */
};

/* A second one of the same evidence and SID is ignored. */
MUST_USE enum status casefile_add_account(struct casefile *cf,
                                          const struct case_account *account,
                                          struct error *err);

/* A recovery agent of a machine's policy ([MS-GPEF] 2.2.1.2). */
struct case_agent {
	const char *thumbprint; /* of its certificate; NULL: not readable */
	const char *sid;
	const char *reason; /* what of it is damaged, or NULL */
};

/* The recovery policy of a machine, as its registry has it. */
struct case_policy {
	int64_t id; /* set by _add and by the walk */
	int64_t evidence;
	const char *evidence_name; /* set by the walk */
	unsigned volume, snapshot; /* where its hive is: vN, sM; 0: on none */
	const char *source;        /* in words */
	const char *reason;        /* damage; or that there is none: then it has
	                              no agents */
	const struct case_agent *agents;
	size_t n_agents;
};

MUST_USE enum status casefile_add_policy(struct casefile *cf,
                                         struct case_policy *policy,
                                         struct error *err);

/*
 * Add all facts of the case at `path`, behind those that are here.  Its
 * evidence gets ~2, ~3 where a name is here already, and its outputs are below
 * `folder`
 * ("cases/7/"; NULL: as they are).  What follows from the facts is to be
 * computed anew.  Errors as of casefile_open; then nothing was added.
 */
MUST_USE enum status casefile_merge(struct casefile *cf, const char *path,
                                    const char *folder, struct error *err);

/*
 * The same for a case that is a part of this one's run: that run is the only
 * one that is listed.  When all parts are in, casefile_unite() follows.
 */
MUST_USE enum status casefile_merge_part(struct casefile *cf, const char *path,
                                         const char *folder, struct error *err);
/*
 * Make one key of all that are the same: of one id, from one place.  Each part
 * lists those that opened its files, so what they open adds up.
 * `keys` is the path of a case that saw the keys of all parts, or NULL: it
 * knows best what opens which; evidence that only it saw is added, too.
 * Errors as of casefile_merge; then nothing was changed.
 */
MUST_USE enum status casefile_unite(struct casefile *cf, const char *keys,
                                    struct error *err);

/* ------------------------------------------------------------ conclusions */

/*
 * Compute what follows from the facts of the case, and replace what was
 * computed before.  `without` are thumbprints or SIDs whose keys are taken to
 * be lost: the objects that nobody else can open are a finding then.
 * Certificates have expired, or not, at the start of the run.
 */
MUST_USE enum status casefile_audit(struct casefile *cf,
                                    const char *const *without,
                                    size_t n_without, struct error *err);

/* A finding: one kind about one subject. */
struct case_finding {
	int64_t id;
	const char *kind;     /* stable: "no-agent" */
	const char *severity; /* "high", "medium", "low", "info" */
	const char *title;    /* in words, without the subject */
	const char *advice;   /* what to do about it */
	const char *subject;  /* thumbprint or SID; NULL: it is about no one */
	const char *name;     /* of the subject, or NULL */
	uint64_t objects;     /* that it concerns; 0: it is about none */
};

/* High ones first, then in the order of findings.def, then those with
   most objects. */
MUST_USE enum status case_finding_open(struct case_walk **w,
                                       struct casefile *cf, struct error *err);
MUST_USE bool case_finding_next(struct case_walk *w,
                                struct case_finding *finding);

/* An encrypted object, and where it is. */
struct case_place {
	int64_t object;
	const char *evidence;
	unsigned volume, snapshot;
	uint64_t mft;
	const char *path;
	bool directory, deleted;
};

/* The objects of a finding, by place. */
MUST_USE enum status case_place_open(struct case_walk **w, struct casefile *cf,
                                     int64_t finding, struct error *err);
MUST_USE bool case_place_next(struct case_walk *w, struct case_place *place);

/* What the machine's recovery policies were, in the order of evidence. */
MUST_USE enum status case_policy_open(struct case_walk **w, struct casefile *cf,
                                      struct error *err);
/* Hands out no agents: those come from case_agent_open. */
MUST_USE bool case_policy_next(struct case_walk *w, struct case_policy *policy);
MUST_USE enum status case_agent_open(struct case_walk **w, struct casefile *cf,
                                     int64_t policy, struct error *err);
MUST_USE bool case_agent_next(struct case_walk *w, struct case_agent *agent);

MUST_USE enum status case_account_open(struct case_walk **w,
                                       struct casefile *cf, struct error *err);
MUST_USE bool case_account_next(struct case_walk *w,
                                struct case_account *account);

/*
 * A folder with encrypted objects in it or below; a directory that is encrypted
 * itself is an object of the folder above it.  A folder comes behind the one
 * above it, and before that one's next.
 */
struct case_folder {
	int64_t id, parent;   /* 0: none */
	const char *evidence; /* name */
	unsigned volume, snapshot;
	const char *path; /* "/Users/ann" */
	unsigned depth;   /* "/" is 0 */
	uint64_t objects; /* in it and below */
};

MUST_USE enum status case_folder_open(struct case_walk **w, struct casefile *cf,
                                      struct error *err);
MUST_USE bool case_folder_next(struct case_walk *w, struct case_folder *folder);

/* How many objects of a folder, and below, a person (by its id) can open. */
struct case_share {
	int64_t person;
	uint64_t objects;
};

MUST_USE enum status case_share_open(struct case_walk **w, struct casefile *cf,
                                     int64_t folder, struct error *err);
MUST_USE bool case_share_next(struct case_walk *w, struct case_share *share);

/* What happened on a day: for a timeline. */
struct case_day {
	const char *day; /* "2024-03-01", UTC */
	/* encrypted objects by their times; one counts once in each */
	uint64_t created, modified;
};

/* By day; live objects only, each once, whatever shadow copies hold. */
MUST_USE enum status case_day_open(struct case_walk **w, struct casefile *cf,
                                   struct error *err);
MUST_USE bool case_day_next(struct case_walk *w, struct case_day *day);

#endif
