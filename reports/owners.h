/* SPDX-License-Identifier: MIT */
/*
 * owners.h - the keys of a case, by where they lie and whose they are
 */
#ifndef REPORTS_OWNERS_H
#define REPORTS_OWNERS_H

#include "recovery/casefile.h"

#include <glib.h>

struct owner;

struct owned_key {
	struct case_key key;      /* without `crack`; n_crack is kept */
	struct owned_key *behind; /* the key that opened it, or would */
	struct owner *owner;
	bool needed; /* it is behind some key, */
	bool inner;  /* and behind one of the same owner */
};

enum owner_kind { OWNER_USER, OWNER_MACHINE, OWNER_NONE };

/* One owner in one place. */
struct owner {
	const char *evidence; /* NULL: given on the command line */
	unsigned volume, snapshot;
	enum owner_kind kind;
	const char *user, *sid; /* of OWNER_USER: one of them, or both */
	uint64_t opens;         /* by the key of it that opens the most */
	unsigned place, order;  /* of their first keys, in the case */
	GPtrArray *keys;        /* of struct owned_key: most used first */
};

struct owners {
	GPtrArray *list; /* of struct owner, sorted: place by place, what was
	                    given last; users, most useful first, machine */
	GPtrArray *keys; /* all of them, as in the case */
	GStringChunk *text;
};

MUST_USE enum status owners_read(struct owners *owners, struct casefile *cf,
                                 struct error *err);
void owners_release(struct owners *owners);

/* Do both lie in the same place? */
bool owner_same_place(const struct owner *a, const struct owner *b);

#endif
