/* SPDX-License-Identifier: MIT */
/*
 * format.h - how every report writes sizes, times, places and hostile text
 *
 * The functions that take a GString append to it.
 */
#ifndef REPORTS_FORMAT_H
#define REPORTS_FORMAT_H

#include "parsers/text.h"
#include "recovery/casefile.h"

#include <glib.h>

/* 1234567 as "1,234,567". */
void format_number(GString *to, uint64_t n);
/* "621 bytes", or "1.5 MiB (1,572,864 bytes)". */
void format_size(GString *to, uint64_t n);
/* "1 file", "2 files": the number and the noun, with an s where it needs one */
void format_count(GString *to, uint64_t n, const char *noun);

/* RFC 3339 in `buf`, with all seven digits; NULL for 0, which is "unknown". */
const char *format_time(char buf[TEXT_FILETIME], uint64_t filetime);
/* Seconds since 1970, or 0 if unknown or earlier. */
uint64_t format_unix_time(uint64_t filetime);

/* "v1", "s2" in `buf`; NULL for 0. */
#define FORMAT_LABEL 16
const char *format_label(char buf[FORMAT_LABEL], char letter, unsigned n);
/* "v1", "v1.s2"; nothing for a loose file. */
void format_volume(GString *to, unsigned volume, unsigned snapshot);
/* "v1.s2 of 2026-01-02 03:04:05 UTC", "v1": a view of a volume. */
void format_view(GString *to, unsigned volume, unsigned snapshot,
                 uint64_t made);
/* "/Users/ann/x.docx:stream" */
void format_path(GString *to, const struct case_file *file);

/* Can an XML 1.0 document contain this character at all? */
bool format_in_xml(gunichar c);

/*
 * For people: what has no look of its own, or changes the look of its
 * neighbours (controls, bidirectional overrides, zero width), as <U+202E>.
 */
void format_visible(GString *to, const char *s);
/* The same for one line of any bytes: all of that, and what is no UTF-8, as %XX
   of its bytes. */
void format_line(GString *to, const char *s);
/* JSON of the same value, with all that as \uXXXX.  `json` is UTF-8. */
void format_json(GString *to, const char *json);
/* For line formats: controls, and the ASCII characters in `also`, as %XX. */
void format_percent(GString *to, const char *s, const char *also);
/* For XML: what it cannot contain as %XX of its UTF-8 bytes, and % as %25. */
void format_xml(GString *to, const char *s);
/* Is there anything in `s` that XML cannot contain? */
bool format_xml_differs(const char *s);

/* Does the file have a record number?  A loose one has none; one of a $MFT that
   lies on no volume does. */
bool format_has_record(const struct case_file *file);
/* Is it a folder, not a stream of one?  What is in it is to be encrypted. */
bool format_is_folder(const struct case_file *file);
/* Was its plaintext written? */
bool format_has_plaintext(const struct case_file *file);

#endif
