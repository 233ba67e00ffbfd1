/* SPDX-License-Identifier: MIT */
/*
 * cert_store.h - a certificate as Windows' stores keep it, with its properties
 *
 * [MS-GPEF] 2.2.1.1.  The file of a store (SystemCertificates\My\Certificates)
 * and the registry value `Blob` are the same: a list of properties, of which
 * the certificate is one.  Every range borrows from the bytes parsed.
 */
#ifndef PARSERS_CERT_STORE_H
#define PARSERS_CERT_STORE_H

#include "parsers/bytes.h"
#include "parsers/status.h"

/* wincrypt.h: CERT_*_PROP_ID; more exist. */
enum {
	CERT_KEY_PROV_INFO = 2,
	CERT_SHA1 = 3,
	CERT_FRIENDLY_NAME = 11,
	CERT_KEY_IDENTIFIER = 20,
	CERT_CERTIFICATE = 32,
};

#define CERT_SHA1_SIZE 20

struct cert_property {
	uint64_t at; /* evidence offset */
	uint32_t id;
	struct bytes value;
};

struct cert_properties {
	struct cursor c;
	uint32_t left;
	struct error err; /* why the walk stopped early, if it did */
};

/*
 * Walk a list: open, then next until it returns false, then see .err.  A
 * damaged property ends the walk; those before it are good.  E_LIMIT: over
 * LIMIT_KEY_PROPERTIES.
 */
struct cert_properties cert_properties_open(struct bytes list);
MUST_USE bool cert_properties_next(struct cert_properties *it,
                                   struct cert_property *property);

/* wincrypt.h, CRYPT_KEY_PROV_INFO: where the private key is. */
struct cert_key_info {
	struct bytes container; /* UTF-16 without NUL, as is the provider */
	struct bytes provider;
	uint32_t provider_type; /* 0: CNG; else PROV_*, 1 is RSA */
	uint32_t flags;         /* 0x20: of the machine, not of a user */
	uint32_t parameters;    /* how many follow, which nobody uses */
	uint32_t key_spec;      /* 0: CNG; 1: exchange; 2: signature */
};

/*
 * E_TRUNCATED: shorter than its header, and `info` is zero.  E_CORRUPT: a name
 * lies outside; it is left empty, and the rest is filled all the same.
 */
MUST_USE enum status cert_key_info_parse(struct cert_key_info *info,
                                         struct bytes in, struct error *err);

/* The properties that matter; empty if absent, the last one if repeated. */
struct cert_entry {
	uint32_t properties;       /* how many were read */
	struct bytes certificate;  /* DER */
	struct bytes thumbprint;   /* SHA-1 as stored, CERT_SHA1_SIZE bytes */
	struct bytes key_id;       /* subject key identifier */
	struct bytes name;         /* friendly name, UTF-16 without NUL */
	struct bytes key_info;     /* CERT_KEY_PROV_INFO whole */
	struct cert_key_info key;  /* what was read of it */
	struct error key_info_err; /* OK, or what of it is damaged */
};

/*
 * Parse a whole list.  E_ABSENT: it does not begin with a property.  Every
 * other failure is that of the walk, and the properties before the damage are
 * filled all the same: `properties` says how many.
 */
MUST_USE enum status cert_entry_parse(struct cert_entry *entry, struct bytes in,
                                      struct error *err);

#endif
