/* SPDX-License-Identifier: MIT */
/*
 * bitlocker.h - BitLocker (FVE): volume header, metadata, startup key files
 *
 * A volume keeps three copies of its metadata: what encrypts it, and one
 * locked copy of the volume master key (VMK) for each protector; the VMK locks
 * the key that encrypts the sectors (FVEK).  Nothing here decrypts.
 *
 * Sources: J. Metz, "BitLocker Drive Encryption (BDE) format specification";
 * values *observed* in cryptsetup's 21 sample volumes of Windows 7 to 11.
 * No sample of Windows Vista is known: its layout is the specification's.
 */
#ifndef PARSERS_BITLOCKER_H
#define PARSERS_BITLOCKER_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define BITLOCKER_HEADER    512 /* bytes of the volume header */
#define BITLOCKER_COPIES    3
#define BITLOCKER_GUID_SIZE 16

/*
 * One copy of the metadata, the unused rest included.  *Observed*: the block
 * and its validation are this much together in all samples.  Of Vista it is
 * what dislocker takes it for [?].
 */
#define BITLOCKER_AREA       65536
#define BITLOCKER_AREA_VISTA 16384

/* ------------------------------------------------------- the volume header */

enum bitlocker_form {
	BITLOCKER_VISTA, /* NTFS boot sector with another signature */
	BITLOCKER_SEVEN, /* Windows 7 and later */
	BITLOCKER_TO_GO, /* looks like FAT32: removable media */
};

struct bitlocker_header {
	enum bitlocker_form form;
	bool on_write; /* encrypt on write: conversion is not finished */
	uint32_t sector_size;
	uint64_t metadata[BITLOCKER_COPIES]; /* in the volume; 0: not told */
	uint64_t on_write_info[2];           /* the same, if on_write */
};

/*
 * Parse the first sector of a volume.  E_ABSENT: not BitLocker.  E_TRUNCATED:
 * not a whole header.  E_UNSUPPORTED: a GUID that we do not know.  E_CORRUPT:
 * a sector size or a place that cannot be.
 */
MUST_USE enum status bitlocker_header_parse(struct bitlocker_header *h,
                                            struct bytes in, struct error *err);

/* ------------------------------------------------------------------ entries */

/* What an entry is for. */
enum {
	BITLOCKER_PROPERTY = 0x00, /* of the entry that it is in */
	BITLOCKER_VMK = 0x02,
	BITLOCKER_FVEK = 0x03,
	BITLOCKER_EXTERNAL = 0x06,
	BITLOCKER_DESCRIPTION = 0x07,
	BITLOCKER_HEADER_BLOCK = 0x0f,
};

/* What it holds. */
enum {
	BITLOCKER_VALUE_KEY = 0x01,
	BITLOCKER_VALUE_TEXT = 0x02,
	BITLOCKER_VALUE_STRETCH = 0x03,
	BITLOCKER_VALUE_USE = 0x04,
	BITLOCKER_VALUE_LOCKED = 0x05,
	BITLOCKER_VALUE_TPM = 0x06,
	BITLOCKER_VALUE_VMK = 0x08,
	BITLOCKER_VALUE_EXTERNAL = 0x09,
	BITLOCKER_VALUE_PLACE = 0x0f,
};

struct bitlocker_entry {
	struct bytes all;
	uint16_t type, value, version;
	struct bytes data; /* behind its header of 8 bytes */
};

struct bitlocker_entries {
	struct cursor c;
	uint32_t left;
	struct error err; /* why the walk stopped early, if it did */
};

/*
 * Open, then next until it returns false, then see .err.  E_CORRUPT: an entry
 * of a length that cannot be; E_LIMIT: over LIMIT_BITLOCKER_ENTRIES.
 */
struct bitlocker_entries bitlocker_entries_open(struct bytes in);
MUST_USE bool bitlocker_entries_next(struct bitlocker_entries *it,
                                     struct bitlocker_entry *entry);

/* Something encrypted with AES-256-CCM; empty if it is not there. */
struct bitlocker_locked {
	struct bytes nonce; /* 12 bytes */
	struct bytes tag;   /* 16 bytes */
	struct bytes data;  /* ciphertext */
};

struct bitlocker_key {
	uint32_t method; /* the high word repeats the low, or is 0 */
	struct bytes key;
};

/*
 * What is inside of a `bitlocker_locked` when it is open: one entry with a key.
 * E_TRUNCATED or E_CORRUPT if it is not that.
 */
MUST_USE enum status bitlocker_key_parse(struct bitlocker_key *key,
                                         struct bytes in, struct error *err);

/* --------------------------------------------------------------- protectors */

/*
 * How a VMK is protected.  *Observed*: CLEAR, EXTERNAL, RECOVERY, PUBLIC_KEY
 * and PASSWORD.  They look like bits: those with TPM are libbde's [?].
 */
enum {
	BITLOCKER_BY_CLEAR = 0x0000, /* the key is beside it: suspended */
	BITLOCKER_BY_TPM = 0x0100,
	BITLOCKER_BY_EXTERNAL = 0x0200,
	BITLOCKER_BY_TPM_EXTERNAL = 0x0300,
	BITLOCKER_BY_TPM_PIN = 0x0500,
	BITLOCKER_BY_TPM_PIN_EXTERNAL = 0x0700,
	BITLOCKER_BY_RECOVERY = 0x0800,
	BITLOCKER_BY_PUBLIC_KEY = 0x1000, /* smart card, agent, NKP */
	BITLOCKER_BY_PASSWORD = 0x2000,
};

struct bitlocker_protector {
	struct bytes all;
	struct bytes guid;
	uint64_t changed;  /* FILETIME */
	uint16_t type;     /* BITLOCKER_BY_* */
	struct bytes name; /* UTF-16: "DiskPassword", "ExternalKey"; or empty */
	struct bytes salt; /* 16 bytes, of the stretched key; or empty */
	struct bytes clear; /* the key of a clear protector; or empty */
	struct bitlocker_locked vmk;
	struct error err; /* OK, or what of it is damaged */
};

/* What a type is called: "password", "TPM and PIN"; never NULL. */
const char *bitlocker_protector_name(uint16_t type);

/* ----------------------------------------------------------------- metadata */

enum {
	BITLOCKER_DECRYPTED = 1,
	BITLOCKER_SWITCHING = 2,
	BITLOCKER_ON_WRITE = 3,
	BITLOCKER_ENCRYPTED = 4,
	BITLOCKER_PAUSED = 5,
};

enum bitlocker_method {
	BITLOCKER_CBC_128_DIFFUSER = 0x8000,
	BITLOCKER_CBC_256_DIFFUSER = 0x8001,
	BITLOCKER_CBC_128 = 0x8002,
	BITLOCKER_CBC_256 = 0x8003,
	BITLOCKER_XTS_128 = 0x8004,
	BITLOCKER_XTS_256 = 0x8005,
};

struct bitlocker_meta {
	struct bytes all;           /* what the checksum and hash are of */
	uint16_t version;           /* 1: Vista; 2 */
	uint16_t state, next_state; /* BITLOCKER_DECRYPTED ... */
	uint64_t encrypted;         /* bytes from the volume's start */
	uint64_t copies[BITLOCKER_COPIES];
	/*
	 * The first header_size bytes of the volume are kept at header_at.
	 * Vista: size 0, and mirror is the $MFTMirr that the header hides.
	 */
	uint64_t header_at, header_size;
	uint64_t mirror;
	struct bytes guid; /* of the volume */
	uint16_t method;   /* enum bitlocker_method, or another one */
	uint64_t created;  /* FILETIME */
	struct bytes entries;
	struct bytes description; /* UTF-16: computer, label, date */
	struct bitlocker_locked fvek;
	bool sound;                   /* the checksum holds */
	struct bitlocker_locked hash; /* SHA-256 of `all`, locked with VMK */
	struct error err;             /* OK, or why the entries end early */
};

/*
 * Parse a copy of the metadata; `in` is BITLOCKER_AREA bytes, or what of them
 * the volume has.  `sector_size` is the header's.  E_ABSENT: none there.
 * E_TRUNCATED, E_CORRUPT, E_LIMIT: not whole; E_UNSUPPORTED: another version.
 * A checksum that does not hold is no failure, but `sound` is false then.
 */
MUST_USE enum status bitlocker_meta_parse(struct bitlocker_meta *m,
                                          struct bytes in, uint32_t sector_size,
                                          struct error *err);

/* "AES-XTS 256"; NULL for one that we do not know. */
const char *bitlocker_method_name(uint16_t method);
/* "encrypted"; NULL for one that we do not know. */
const char *bitlocker_state_name(uint16_t state);

/*
 * The protectors, in their order in the metadata: give `entries` of the
 * metadata to open; next passes over all else.
 */
MUST_USE bool bitlocker_protectors_next(struct bitlocker_entries *it,
                                        struct bitlocker_protector *p);

/* --------------------------------------------------------- startup key files
 */

/* A .BEK file: a startup key, or a recovery key in a file. */
struct bitlocker_bek {
	struct bytes guid; /* of the protector that it opens */
	uint64_t changed;  /* FILETIME */
	struct bytes name; /* UTF-16: "ExternalKey" */
	struct bytes key;  /* 32 bytes */
};

/*
 * E_ABSENT: no such file.  E_TRUNCATED, E_CORRUPT: damaged, or without a key.
 */
MUST_USE enum status bitlocker_bek_parse(struct bitlocker_bek *bek,
                                         struct bytes in, struct error *err);

/* ---------------------------------------------------------- between the files
 */

/*
 * Metadata header: what stands before the entries in the metadata and in .BEK
 * files.
 */
struct bitlocker_dataset {
	struct bytes guid;
	uint32_t method;
	uint64_t created;
	struct bytes entries;
	uint32_t size; /* of all, from its start */
};

MUST_USE enum status bitlocker_dataset_parse(struct bitlocker_dataset *d,
                                             struct bytes in,
                                             struct error *err);
/* E_CORRUPT: too short for nonce, tag and anything. */
MUST_USE enum status bitlocker_locked_parse(struct bitlocker_locked *l,
                                            struct bytes in, struct error *err);

#endif
