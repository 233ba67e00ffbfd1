/* SPDX-License-Identifier: MIT */
/*
 * credhist.h - the CREDHIST file: the passwords that a user had before
 *
 * Each entry holds the hashes of one old password, encrypted with the next
 * newer one; the newest is encrypted with the password in use, which is not in
 * the file.  The file is read from its end, so the walk goes from the newest
 * to the oldest.  The format has no specification; it is *observed* in
 * dpapick's CREDHIST sample of Windows XP and NTHASH-FPC's of Windows 10.
 */
#ifndef PARSERS_CREDHIST_H
#define PARSERS_CREDHIST_H

#include "parsers/bytes.h"
#include "parsers/status.h"

/* Version, GUID and length: what ends the file, and starts each entry. */
#define CREDHIST_LINK_SIZE 24

struct credhist_entry {
	struct bytes all;
	uint32_t version;     /* 1 */
	struct bytes guid;    /* of the password that is in here */
	uint32_t type;        /* 1 */
	uint32_t hash;        /* see dpapi_algorithm.h */
	uint32_t rounds;      /* 1 to LIMIT_DPAPI_ROUNDS if err is OK */
	uint32_t cipher;      /* see dpapi_algorithm.h */
	uint32_t sha1_length; /* bytes of the plain secret: first the SHA-1, */
	uint32_t nt_length;   /* then the NT hash, then zeros */
	struct bytes salt;    /* 16 bytes */
	struct bytes sid;     /* binary; of the user */
	struct bytes secret;  /* ciphertext */
	struct error err;     /* OK, or what of it is damaged */
};

struct credhist {
	uint32_t version;  /* 1; 0 if this is no CREDHIST file */
	struct bytes guid; /* of the password in use */
	struct cursor c;   /* what is still to be walked */
	uint32_t next;     /* length of the entry at the end of it */
	uint32_t left;
	struct error err; /* why the walk stopped early, if it did */
};

/*
 * Open, then next until it returns false, then see .err.  E_TRUNCATED: shorter
 * than its end.  E_UNSUPPORTED: another version.  E_CORRUPT: an entry of a
 * length that cannot be, or bytes before the oldest one.  E_LIMIT: more than
 * LIMIT_CREDHIST_ENTRIES, after as many as that have been walked.
 *
 * What is wrong inside an entry is its own `err` and does not end the walk.
 */
struct credhist credhist_open(struct bytes in);
MUST_USE bool credhist_next(struct credhist *it, struct credhist_entry *entry);

#endif
