/* SPDX-License-Identifier: MIT */
/*
 * pfile.h - the ".pfile" container of Rights Management (EFS version 6)
 *
 * [MS-EFSR] 2.2.2.3.  It needs a use licence of the rights server to open, so
 * it is recognised and described only.
 */
#ifndef PARSERS_PFILE_H
#define PARSERS_PFILE_H

#include "parsers/bytes.h"
#include "parsers/status.h"

struct pfile {
	uint32_t major, minor;
	struct bytes redirect; /* UTF-8: the text shown by an unaware program */
	struct bytes extension; /* original extension, UTF-8 */
	struct bytes licence;   /* publishing licence; empty if not found */
	struct bytes metadata;
	uint32_t header_length;
	uint32_t data_offset; /* of the encrypted data, from the start */
	uint64_t original_size;
};

/* E_ABSENT if it does not begin with ".pfile". */
MUST_USE enum status pfile_parse(struct pfile *pfile, struct bytes in,
                                 struct error *err);

#endif
