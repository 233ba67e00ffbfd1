/* SPDX-License-Identifier: MIT */
/*
 * site_mft.h - a $MFT that was collected without its volume
 */
#ifndef ANALYZER_SITE_MFT_H
#define ANALYZER_SITE_MFT_H

#include "analyzer/found.h"
#include "analyzer/run.h"

/* Is this the first record of a $MFT?  By its first 512 bytes or more. */
bool mft_begins(struct bytes head);
/* The same of a file. */
bool mft_is(struct found *file);

/*
 * Add it as a site on no volume; the file is borrowed, and outlives the site.
 * Its paths begin with the folder that the file is in, where its volume's other
 * files were collected to.
 */
MUST_USE enum status mft_add(struct run *run, const struct evidence *e,
                             struct found *file, struct error *err);

#endif
