/* SPDX-License-Identifier: MIT */
/*
 * manifest.h - the images of a batch: from a list that a user wrote, or as they
 * were named
 */
#ifndef ANALYZER_MANIFEST_H
#define ANALYZER_MANIFEST_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#include <glib.h>
#include <stdbool.h>

/* One evidence of a batch.  Strings are owned; NULL: not given. */
struct image {
	char *evidence; /* absolute path */
	char *label;    /* unique, and a safe name, unless there is a problem */
	char *volume, *snapshots; /* as the options of these names */
	char *keyring; /* a file or folder of keys, for this one alone */
	unsigned line; /* of its manifest; 0: it is of none */
	char *problem; /* why it cannot be worked on */
};

/* A GPtrArray of struct image *, which it owns. */
GPtrArray *images_new(void);

/* Is it a manifest: does the first line name a column "evidence"? */
bool manifest_is(struct bytes text);
/*
 * Add the images of a manifest.  Paths in it are relative to `folder`, which is
 * absolute.  A line that is wrong becomes an image with a problem.
 * `*unknown`: the columns that are not known, as "a, b"; NULL if there are
 * none; to be freed.
 * E_CORRUPT: its first line is wrong.  E_LIMIT: too many lines.
 */
MUST_USE enum status manifest_read(GPtrArray *images, struct bytes text,
                                   const char *folder, char **unknown,
                                   struct error *err);
/* Add an evidence that is named itself. */
void images_add(GPtrArray *images, const char *path);
/*
 * Once all are there: those without a label get the name of their evidence,
 * with ~2, ~3 where one was used before; all labels become safe names.  The
 * second of two equal labels that were given is a problem.
 */
void images_label(GPtrArray *images);

#endif
