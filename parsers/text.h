/* SPDX-License-Identifier: MIT */
/*
 * text.h - print evidence as text, into a buffer of the caller's
 *
 * A `struct text` borrows a buffer and fills it from the left.  The buffer is
 * NUL-terminated at every moment; what does not fit (a string, a number, one
 * character of UTF-16, one byte of hexadecimal) is left out whole with all that
 * comes after it, and `cut` says so.  All output is valid UTF-8.
 */
#ifndef PARSERS_TEXT_H
#define PARSERS_TEXT_H

#include "parsers/bytes.h"

struct text {
	char *p;
	size_t n;   /* bytes used, without the NUL */
	size_t cap; /* bytes of the buffer, with the NUL; at least 1 */
	bool cut;   /* something did not fit */
};

/* Bytes of buffer that each printer needs at most, NUL included. */
#define TEXT_GUID     39 /* {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx} */
#define TEXT_SHA1     41
#define TEXT_SHA256   65
#define TEXT_FILETIME 30 /* 2026-01-02T03:04:05.1234567Z; to year 60056 */
#define TEXT_SID      185
/* n bytes of UTF-16 are n/2 units of at most 9 bytes ("%ED%A0%80"). */
#define TEXT_UTF16(n) ((n) / 2 * 9 + 1)

/* Start an empty text in `buf`, of `cap` bytes (at least 1). */
struct text text_open(char *buf, size_t cap);

void text_char(struct text *t, char c);
void text_str(struct text *t, const char *s);
void text_dec(struct text *t, uint64_t v);
/* Lower-case hexadecimal, two digits a byte. */
void text_hex(struct text *t, struct bytes b);

/*
 * UTF-16LE to UTF-8.  A lone surrogate has no UTF-8 form: its three would-be
 * bytes are written as %XX, so that no two names become one.
 * text_utf16 escapes U+0000 as %00 and is for display strings;
 * text_name also escapes '/' as %2F and is for one component of a path.
 */
void text_utf16(struct text *t, struct bytes b);
void text_name(struct text *t, struct bytes b);

/* 16 bytes in Windows' mixed byte order, with braces, lower case. */
void text_guid(struct text *t, struct bytes b);

/*
 * [MS-DTYP] 2.4.2.2, a binary SID as S-1-5-21-...  Writes nothing and returns
 * false if it is not one whole SID of revision 1 with at most 15 parts.
 */
bool text_sid(struct text *t, struct bytes b);

/* [MS-DTYP] 2.3.3: 100 ns since 1601 (UTC), with all seven digits. */
void text_filetime(struct text *t, uint64_t filetime);

#endif
