/* SPDX-License-Identifier: MIT */
/*
 * facts.h - what a container or a volume says of itself, for `info` and the
 * reports
 */
#ifndef ANALYZER_FACTS_H
#define ANALYZER_FACTS_H

#include <glib.h>

/* Named texts in the order in which they were added; zero is empty. */
struct facts {
	GPtrArray *list; /* of char *: name, value, name, value; owned */
};

/* Text is copied, and made valid UTF-8.  An empty or NULL value is left out. */
void facts_add(struct facts *facts, const char *name, const char *value);
G_GNUC_PRINTF(3, 4)
void facts_addf(struct facts *facts, const char *name, const char *format, ...);
size_t facts_count(const struct facts *facts);
const char *facts_name(const struct facts *facts, size_t i);
const char *facts_value(const struct facts *facts, size_t i);
void facts_release(struct facts *facts);

#endif
