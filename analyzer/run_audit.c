/* SPDX-License-Identifier: MIT */
/*
 * run_audit.c - what follows from the facts of a case, as the options ask
 */
#include "analyzer/run_audit.h"
#include "analyzer/say.h"
#include "recovery/casefile_audit.h"
#include "reports/each.h"

struct search {
	const char *id;
	bool found;
};

static void look(void *ctx, const struct case_person *p)
{
	struct search *search = ctx;

	search->found |= !g_strcmp0(p->thumbprint, search->id) ||
	                 !g_strcmp0(p->sid, search->id);
}

/* A finding that is not there must not be for a slip of the pen. */
static enum status say_unknown(struct casefile *cf, const struct options *o,
                               struct error *err)
{
	enum status st = OK;

	for (char **id = o->without; id && *id && !st; id++) {
		struct search search = { .id = *id };

		st = each_person(cf, look, &search, err);
		if (!st && !search.found)
			say("--without %s: no key ring names it", *id);
	}
	return st;
}

enum status run_audit(struct casefile *cf, const struct options *o,
                      struct error *err)
{
	size_t n = o->without ? g_strv_length(o->without) : 0;
	enum status st =
		casefile_audit(cf, (const char *const *)o->without, n, err);

	return st ? st : say_unknown(cf, o, err);
}
