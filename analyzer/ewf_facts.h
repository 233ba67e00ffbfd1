/* SPDX-License-Identifier: MIT */
/*
 * ewf_facts.h - what an EnCase image says of itself
 */
#ifndef ANALYZER_EWF_FACTS_H
#define ANALYZER_EWF_FACTS_H

#include "analyzer/ewf_set.h"

#define HAVE_LIBBFIO 1
#include <libewf.h>

/* Add the facts of an open image to its source, and its stored hashes. */
void ewf_facts(struct source *s, libewf_handle_t *h, const struct ewf_set *set);

#endif
