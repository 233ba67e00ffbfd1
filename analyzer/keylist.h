/* SPDX-License-Identifier: MIT */
/*
 * keylist.h - secrets in hexadecimal: --hash-file and --master-key
 */
#ifndef ANALYZER_KEYLIST_H
#define ANALYZER_KEYLIST_H

#include "analyzer/run.h"

/*
 * Add the hashes of a file to the chain: NT:HEX, SHA1:HEX, or the same behind
 * a SID and a comma, one a line; blank lines and those that begin with # are
 * passed over.  Says a sentence for each line that is none, and returns false
 * if the file cannot be read or holds none at all.
 */
MUST_USE bool keylist_hashes(struct run *run, const char *path);

/*
 * GUID:HEXFILE, a master key that is open: 64 bytes, or the 20 of its SHA-1.
 * Says what is wrong, and returns false.
 */
MUST_USE bool keylist_masterkey(struct run *run, const char *spec);

#endif
