/* SPDX-License-Identifier: MIT */
/*
 * output_internal.h - what the parts of the output folder share
 */
#ifndef ANALYZER_OUTPUT_INTERNAL_H
#define ANALYZER_OUTPUT_INTERNAL_H

#include "analyzer/output.h"

#include <stdatomic.h>

struct output {
	char *dir;
	int root, staging;
	atomic_uint_fast64_t serial;
	/* the folder of the last file: the next one is often in the same */
	char *last_key, *last_path;
	int last;
};

/* Set `err` from errno. */
enum status output_error(struct error *err);

#endif
