/* SPDX-License-Identifier: MIT */
/*
 * snapshots_catalog.h - which shadow copies a volume has, and where their data
 * is: what is read before libvshadow is asked
 */
#ifndef ANALYZER_SNAPSHOTS_CATALOG_H
#define ANALYZER_SNAPSHOTS_CATALOG_H

#include "analyzer/volume.h"
#include "parsers/vss.h"

struct shadow {
	uint8_t id[VSS_ID_SIZE]; /* of its store */
	uint64_t size, made;
	bool here; /* its store is on this volume */
	uint64_t header, list, ranges, bitmap, previous;
	struct facts facts;
	struct error err; /* why its store cannot be read */
};

struct catalog {
	uint8_t volume[VSS_ID_SIZE], storage[VSS_ID_SIZE];
	GArray *shadows; /* of struct shadow, the oldest first */
	unsigned others; /* stores of other volumes' shadow copies */
};

/*
 * Read the catalog of a volume and check the chains of each store.  `catalog`
 * is released by the caller, also on error, and holds what was good.
 * E_ABSENT: no shadow copy was ever made.
 */
MUST_USE enum status catalog_read(struct catalog *catalog,
                                  const struct volume *v, struct error *err);
void catalog_release(struct catalog *catalog);

#endif
