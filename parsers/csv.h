/* SPDX-License-Identifier: MIT */
/*
 * csv.h - comma-separated values (RFC 4180), as people and spreadsheets write
 * them
 *
 * Lines end in LF, CRLF or CR; a UTF-8 byte-order mark before the first is
 * skipped, and so are empty lines.  What a line holds wrong is told, and the
 * next one is read all the same.
 */
#ifndef PARSERS_CSV_H
#define PARSERS_CSV_H

#include "parsers/bytes.h"
#include "parsers/status.h"

struct csv_reader {
	struct bytes in;
	size_t pos;
	unsigned line; /* of `pos`, from 1 */
	bool inside;   /* of a row, behind a comma */
};

struct csv_field {
	struct bytes text; /* as it is written, without its outer quotes */
	bool quoted;       /* then "" in it stands for one quote */
	bool last;         /* of its row */
	unsigned line;     /* that it begins on, from 1 */
};

struct csv_reader csv_open(struct bytes in);
/*
 * The next field.  E_ABSENT: there is none after the last row.  E_CORRUPT: a
 * quote that is not closed, or text behind the closing one (`at` and the line
 * say where); then `last` is set, and the next field is that of the next line.
 */
MUST_USE enum status csv_next(struct csv_reader *c, struct csv_field *field,
                              struct error *err);
/* What the field says: into `to`, which has room for text.n bytes.  Returns how
   many there are. */
size_t csv_copy(uint8_t *to, const struct csv_field *field);

#endif
