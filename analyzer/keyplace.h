/* SPDX-License-Identifier: MIT */
/*
 * keyplace.h - what a path says about key material: which kind, and whose
 *
 * Windows finds its keys by their place, so we may too.  A path may lie below
 * anything (C:\Windows.old, a folder of collected files), so that only its last
 * components count.
 */
#ifndef ANALYZER_KEYPLACE_H
#define ANALYZER_KEYPLACE_H

#include "parsers/bytes.h"
#include "recovery/origin.h"

/* What must be in a file of this place. */
enum key_place {
	PLACE_ANY,         /* anything, or nothing of ours */
	PLACE_MASTERKEY,   /* Protect\SID\GUID */
	PLACE_CREDHIST,    /* Protect\CREDHIST */
	PLACE_PRIVATE,     /* Crypto\RSA\SID\..., Crypto\Keys\... */
	PLACE_CERTIFICATE, /* SystemCertificates\My\Certificates\... */
};

/*
 * Does a file of this name (UTF-16LE, as in $FILE_NAME) deserve a look?  It may
 * be key material, or a hive.  Fast: it is asked for every file of a volume,
 * and so takes a pointer, since a range that is handed on goes through memory.
 */
bool keyplace_wants(const struct bytes *name);

enum key_place keyplace_of(const char *path);

/*
 * The owner by path (UTF-8, '/' between parts): sets `sid` and `user` of an
 * empty origin where the path tells.  True if the file lies in a profile: then
 * `*profile` is how much of the path (bytes) is the profile's folder; 0 where
 * that is the collected folder itself.
 */
bool keyplace_owner(struct origin *origin, const char *path, size_t *profile);

#endif
