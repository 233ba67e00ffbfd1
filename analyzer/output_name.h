/* SPDX-License-Identifier: MIT */
/*
 * output_name.h - names of hostile evidence, as names on disk
 *
 * All names that are returned are the caller's, to be freed.
 */
#ifndef ANALYZER_OUTPUT_NAME_H
#define ANALYZER_OUTPUT_NAME_H

#include <glib.h>
#include <stdint.h>

/*
 * Escape one component of a path: control characters, '/', and the names "."
 * and ".." become %XX; a name over 255 bytes is cut and marked with a hash.
 */
char *output_escape(const char *name);

/* The last component of a path, with the stream (or NULL), escaped. */
char *output_leaf(const char *leaf, const char *stream);

/* An escaped name, kept apart from equal ones: itself for i = 0, then with the
   record number, then with that and a count. */
char *output_twin(const char *name, uint64_t mft, unsigned i);

/*
 * An escaped name for file systems that refuse it (FAT, exFAT, NTFS, SMB):
 * <>:"|?*\ and a dot or space at the end become %XX.  Equal to the name where
 * it has none of these.
 */
char *output_portable(const char *name);

#endif
