/* SPDX-License-Identifier: MIT */
/*
 * collect.h - the key material that the evidence holds
 */
#ifndef ANALYZER_COLLECT_H
#define ANALYZER_COLLECT_H

#include "analyzer/run.h"

/*
 * Add all key material of the scanned volumes and plain directories to the
 * run's chain, recognised by content and, where it is damaged, by its place.
 * What cannot be read is said, and passed over.
 */
void collect_keys(struct run *run);

#endif
