/* SPDX-License-Identifier: MIT */
/*
 * kind.h - what an evidence is once it is out of its containers: a disk, an
 * archive of collected files, one loose file
 *
 * Recognised by content.  Adding one is one file and one line in kinds.def.
 */
#ifndef ANALYZER_KIND_H
#define ANALYZER_KIND_H

#include "analyzer/run.h"

struct kind {
	const char *name;
	/* Bits of evidence that it is this; 0 if it is not. */
	unsigned (*bid)(const struct probe *probe);
	/* What the evidence is called then: "zip"; NULL: what its container
	   is. */
	const char *(*form)(const struct probe *probe);
	/*
	 * Find what is in `e->s`: add volumes to the case, sites to the run.
	 * Only a failure of the case is an error: what is wrong with the
	 * evidence is said, counted in the run, and goes into the case.
	 */
	enum status (*find)(struct run *run, struct evidence *e,
	                    struct error *err);
};

#define KIND(name) extern const struct kind kind_##name;
#include "analyzer/kinds.def"
#undef KIND
/* A plain directory, which is not recognised by content. */
extern const struct kind kind_folder;

/* The kind that says most that it is in, never NULL; sets its form.  E_IO: not
   readable. */
MUST_USE enum status kind_find(const struct kind **out, struct evidence *e,
                               struct error *err);

/*
 * Add a site to the run and the case: its row is filled but for the evidence
 * and the id.  Takes the site over.
 */
MUST_USE enum status kind_add_site(struct run *run, const struct evidence *e,
                                   struct site *site, struct error *err);
/* Add what a container or volume says of itself; volume 0: the evidence. */
MUST_USE enum status kind_add_facts(struct run *run, const struct evidence *e,
                                    int64_t volume, const struct facts *facts,
                                    struct error *err);

#endif
