/* SPDX-License-Identifier: MIT */
/*
 * cng_key.h - a private key file of CNG's software provider: Crypto\Keys\<name>
 *
 * The format has no specification; it is *observed* in testdata/winkeys.  Every
 * range borrows from the bytes that the file was parsed from.
 */
#ifndef PARSERS_CNG_KEY_H
#define PARSERS_CNG_KEY_H

#include "parsers/bytes.h"
#include "parsers/status.h"

/* Types of a key; more exist. */
enum {
	CNG_KEY_SYMMETRIC = 0x10002,
	CNG_KEY_RSA = 0x30001,
	CNG_KEY_ECDSA = 0x30004,
};

struct cng_key {
	uint32_t version;                /* 1 */
	uint32_t type;                   /* CNG_KEY_*, or an unknown number */
	struct bytes name;               /* UTF-16 */
	struct bytes public_properties;  /* a list, see below */
	struct bytes private_properties; /* DPAPI blob of such a list */
	struct bytes private_key; /* DPAPI blob; see key_blob_parse_bcrypt() */
	uint64_t size;            /* of the whole */
};

/*
 * Parse a file, which may go on after its parts.  E_ABSENT: it is none.
 * E_TRUNCATED: a part lies outside; if the header is whole, `version` is not 0
 * and the parts before that one are filled all the same, and `size` is 0.  In
 * every other failure `key` is zero.
 */
MUST_USE enum status cng_key_parse(struct cng_key *key, struct bytes in,
                                   struct error *err);

/* Types of a property; more exist. */
enum {
	CNG_PROPERTY_NAMED = 0, /* what it is says its name */
	CNG_PROPERTY_EXPORT_POLICY = 3,
	CNG_PROPERTY_PUBLIC_KEY = 10, /* see key_blob_parse_bcrypt() */
};

struct cng_property {
	uint64_t at; /* evidence offset */
	uint32_t type;
	struct bytes name; /* UTF-16; empty but for CNG_PROPERTY_NAMED */
	struct bytes value;
};

struct cng_properties {
	struct cursor c;
	uint32_t left;
	struct error err; /* why the walk stopped early, if it did */
};

/*
 * Walk a list: open, then next until it returns false, then see .err.  A
 * damaged property ends the walk; those before it are good.  E_LIMIT: over
 * LIMIT_KEY_PROPERTIES.
 */
struct cng_properties cng_properties_open(struct bytes list);
MUST_USE bool cng_properties_next(struct cng_properties *it,
                                  struct cng_property *property);

/* The value of the first property of that type; empty if there is none. */
struct bytes cng_property_find(struct bytes list, uint32_t type);

#endif
