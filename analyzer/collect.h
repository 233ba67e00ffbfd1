/* SPDX-License-Identifier: MIT */
/*
 * collect.h - the key material that the evidence holds
 */
#ifndef ANALYZER_COLLECT_H
#define ANALYZER_COLLECT_H

#include "analyzer/run.h"

/*
 * Add all key material of the volumes and plain directories that `from` has
 * scanned to the chain of `run`, which may be another, recognised by content
 * and, where it is damaged, by its place.
 * What cannot be read is said, and passed over.
 */
void collect_keys(struct run *run, struct run *from);

#endif
