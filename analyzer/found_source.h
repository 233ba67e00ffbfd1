/* SPDX-License-Identifier: MIT */
/*
 * found_source.h - a whole evidence as one collected file
 */
#ifndef ANALYZER_FOUND_SOURCE_H
#define ANALYZER_FOUND_SOURCE_H

#include "analyzer/run.h"

/* The contents of an evidence, by the name of its file; what of it lies on this
   machine as a file of its own has that file's time and extended attribute. */
struct found *found_source(const struct evidence *e);

#endif
