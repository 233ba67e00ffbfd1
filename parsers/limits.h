/* SPDX-License-Identifier: MIT */
/*
 * limits.h - how much of anything the program believes that evidence may hold
 *
 * Counts and sizes that come from evidence are held against these before they
 * size an allocation or a loop.  Each is the format's own maximum, or a figure
 * far above any real volume; going over it is E_LIMIT, and is reported.
 */
#ifndef PARSERS_LIMITS_H
#define PARSERS_LIMITS_H

#include <stdint.h>

/* [MS-EFSR] product behaviour: Windows refuses larger metadata. */
#define LIMIT_EFS_SIZE UINT32_C(262144)
/* Entries of one key ring: what fits into LIMIT_EFS_SIZE at 0x60 bytes each. */
#define LIMIT_EFS_ENTRIES 2730u
/* [MS-EFSR] product behaviour: Windows refuses a larger file key structure. */
#define LIMIT_FEK_SIZE 1086u
/* Datums of one version 4 or 5 protector, nested ones included. */
#define LIMIT_EFS_DATUMS 65536u

#define LIMIT_SECTOR_SIZE  UINT32_C(4096)
#define LIMIT_CLUSTER_SIZE (UINT32_C(2) << 20)
#define LIMIT_RECORD_SIZE  UINT32_C(65536)
/* An attribute list is at most 256 KiB on Windows; 0x20 bytes an entry. */
#define LIMIT_ATTRIBUTE_LIST UINT32_C(262144)
/* Bytes of a stream's name in an export: 255 units, ":", ":$DATA", NUL. */
#define LIMIT_EFS_RAW_NAME 1024u
/* Header of an EFSn.LOG: two paths of 32,767 characters. */
#define LIMIT_EFS_LOG (UINT32_C(1) << 18)
/* Bytes of all attribute lists, and of all $EFS, in clusters of a volume of so
   many bytes: no two of them have a cluster in common, but those of files that
   are deleted. */
#define LIMIT_METADATA(volume) ((UINT64_C(4) << 20) + (volume))
/* Records of other files that attribute lists name, in all, of a volume of so
   many records: one that is given to another file is one of its own, too. */
#define LIMIT_STRAYS(records) (UINT64_C(65536) + (records))
/* Extents of one stream: 16 million are 400 MiB of mapping pairs. */
#define LIMIT_EXTENTS (UINT32_C(1) << 24)
/* Bytes of $MFT in clusters that are not in the evidence: a million records
   of a volume that is cut off.  More are counted, and not looked for. */
#define LIMIT_MFT_LOST (UINT64_C(1) << 30)
/* Bytes of all of $MFT in evidence whose files have so many bytes: deflate
   makes at most 2^10 of one, and no real volume comes near.  Without it a
   virtual disk of a MiB, whose table names one cluster again and again, has
   records for days. */
#define LIMIT_MFT(held)        \
	((UINT64_C(4) << 30) + \
	 ((held) < UINT64_C(1) << 50 ? (held) << 10 : UINT64_C(1) << 60))
/* Extents of $MFT that are put into order, in all: its extension records name
   them in order, and where one does not, all are sorted. */
#define LIMIT_MFT_SORTED (UINT64_C(1) << 24)
/* Bytes of holes (sparse, or past the initialised size) in one stream, and in
   all copies and exports that one folder or archive holds. */
#define LIMIT_HOLES (UINT64_C(1) << 40)
/* Bytes of one stream of a volume that so many bytes of evidence hold.  What is
   over that is zeros, which cost as much to hash as data: a size of a TiB in
   an image of a floppy is no file, but hours.  All that are recovered of one
   volume have the same limit: files may claim the same clusters, or holes. */
#define LIMIT_STREAM(evidence) ((UINT64_C(5) << 30) + ((evidence) << 4))
/* Nested directories of one path; Windows stops at 32,767 characters. */
#define LIMIT_DEPTH 1024u
/* Bytes of one path: those characters, of three bytes at most.  Of all paths of
   the encrypted files of a volume: ten million of 400 bytes.  A link of 90
   bytes may have a path of 96 KiB. */
#define LIMIT_PATH  98301u
#define LIMIT_PATHS (UINT64_C(1) << 32)
/* Names (hard links) of one file: Windows stops at 1,024. */
#define LIMIT_LINKS 1024u
/* Streams of one file that are looked at. */
#define LIMIT_STREAMS 4096u
/* Segments of a split image. */
#define LIMIT_SEGMENTS 1000u
/* Parents of a virtual disk; VMware stops at 32, Hyper-V at 50. */
#define LIMIT_PARENTS 128u
/* Bytes of one table of a virtual disk that is kept; QEMU's limit. */
#define LIMIT_DISK_TABLE (UINT32_C(32) << 20)
/* Of all of them, of the disk, its files and its parents: QEMU's limit is for
   512 TiB, and eight disks of that size. */
#define LIMIT_DISK_TABLES (UINT64_C(256) << 20)
/* Pieces of a virtual disk that are looked at when it is opened. */
#define LIMIT_DISK_PIECES (UINT32_C(1) << 20)
/* Bytes of a VMDK descriptor, and files that one disk is made of. */
#define LIMIT_VMDK_TEXT    (UINT32_C(1) << 20)
#define LIMIT_VMDK_EXTENTS 65536u
/* Segments of an EnCase image: its names end at .ZZZ. */
#define LIMIT_EWF_SEGMENTS 14971u
/* Sections of one of them; a segment of 2 TiB has some 12,000. */
#define LIMIT_EWF_SECTIONS 65536u
/* Bytes of a table of chunks; EnCase writes 64 KiB, others what they have. */
#define LIMIT_EWF_TABLE (UINT32_C(64) << 20)
/* Bytes of a chunk: 32,768 sectors are the most that writers offer. */
#define LIMIT_EWF_CHUNK (UINT32_C(128) << 20)
/* Containers in containers. */
#define LIMIT_NESTING 8u
/* Crashes of a run that it survives: of one evidence, of one volume of that, of
   one object or file in it.  Then that is left alone; each costs a new scan. */
#define LIMIT_CRASHES        64u
#define LIMIT_CRASHES_VOLUME 32u
#define LIMIT_CRASHES_PART   8u
/* Seconds of a processor that a thread works at one spot without a step
   (recovery/alive.h); then it counts as a crash. */
#define LIMIT_STILL_SECONDS 120u
/* Ranges of one evidence that cannot be read; more are not listed. */
#define LIMIT_BAD_RANGES 65536u
/* Partitions of one disk. */
#define LIMIT_PARTITIONS 1024u
/* Places of one disk that are looked at for volumes of no partition: at one a
   MiB or cylinder this is about 14 GiB, and never more than a few minutes. */
#define LIMIT_LOST_PROBES 32768u
/* Shadow copies of one volume: Windows' own maximum. */
#define LIMIT_SNAPSHOTS 512u

/* Files of one collection that are worth a look; each costs some 300 bytes. */
#define LIMIT_COLLECTED (UINT32_C(1) << 20)
/* Members of one archive that are looked at. */
#define LIMIT_MEMBERS (UINT64_C(1) << 26)
/* What an archive may unpack to: no packer makes more than 2^15 bytes of one
   but for zeros, and not of a whole collection. */
#define LIMIT_UNPACKED(packed) ((UINT64_C(4) << 30) + ((packed) << 15))
/* What LZMA may take: the largest dictionary that 7-Zip's levels choose is 256
   MiB, where headers may claim 4 GiB. */
#define LIMIT_UNPACK_MEMORY (UINT64_C(400) << 20)
/* Bytes of one member that bears the name of key material: a SOFTWARE hive of
   many years is 200 MiB. */
#define LIMIT_MEMBER (UINT64_C(512) << 20)

/* A key file, certificate or PFX; real ones are a few KiB. */
#define LIMIT_KEY_FILE (UINT32_C(16) << 20)
/* Files of a volume that are looked into for key material, by their names. */
#define LIMIT_KEY_MATERIAL 262144u
/* Bytes of the path of one: Windows keeps keys within 260 characters. */
#define LIMIT_KEY_PATH 1024u
/* Of DPAPI's key derivation: Windows writes 24,000; more would hang. */
#define LIMIT_DPAPI_ROUNDS UINT32_C(10000000)
/* What is over the usual is summed over all master keys and old passwords: two
   of the most are left, and each try on all of them takes some ten seconds. */
#define LIMIT_DPAPI_USUAL UINT32_C(24000)
#define LIMIT_DPAPI_WORK  UINT32_C(20000000)
/* Old passwords of one user: one a day for ten years. */
#define LIMIT_CREDHIST_ENTRIES 4096u
/* Properties of one certificate or CNG key; real ones have a dozen. */
#define LIMIT_KEY_PROPERTIES 4096u
/* OpenSSL's own limit, and the largest modulus that Windows policy allows. */
#define LIMIT_RSA_BITS 16384u
/* Bytes of a candidate password; a longer line is not one. */
#define LIMIT_PASSWORD 4096u
/* Candidates of one run; each costs 12 bytes beside its text. */
#define LIMIT_PASSWORDS (UINT32_C(1) << 28)
/* Keys and certificates in one PFX. */
#define LIMIT_PFX_BAGS 4096u
/* Windows writes 2,000; more than this would hang, not protect. */
#define LIMIT_PFX_ITERATIONS 10000000
/* The same for all locks of one key file; GnuTLS writes 600,000 for each. */
#define LIMIT_PFX_WORK 100000000

/* Tries of keys on one file's entries that are recorded; more are counted. */
#define LIMIT_TRIES 1000u

/* Master keys, key files and the like of one run, of each kind. */
#define LIMIT_LOCKS (UINT32_C(1) << 20)
/* Hashes of passwords that are known in one run: CREDHIST has many. */
#define LIMIT_CREDENTIALS 65536u
/* Users, by their SIDs, whose master key one of an unknown user may be. */
#define LIMIT_SIDS 256u
/* Open master keys that are tried on a private key that names none of them. */
#define LIMIT_MASTER_GUESSES 1024u
/* Tries, in all, of RSA keys on the domain parts of master keys, in tries of
   RSA 2048: a minute.  Any private key may be the domain's. */
#define LIMIT_DOMAIN_WORK UINT64_C(65536)
/* Work, in all of a run, on RSA keys that come without their primes, or with an
   exponent of no usual size, in operations of RSA 2048: minutes.  No writer is
   known that leaves the primes out, and one key may take half a minute. */
#define LIMIT_RSA_WORK UINT64_C(65536)
/* Tries of open master keys on private keys, in all: minutes.  A user has some
   hundred of both, and most private keys name the one that opens them; evidence
   may have many by one name. */
#define LIMIT_MASTER_TRIES UINT64_C(16777216)
/* Known hashes that are tried on master keys for users they are not from. */
#define LIMIT_DPAPI_GUESSES 65536u
/* Candidates whose slow hashes are kept for the next master key of a user. */
#define LIMIT_STRENGTHENED 1000000u

/* Tries, in all, of keys on entries that do not name them, in tries of RSA
   2048: minutes.  All keys are tried on each thumbprint that is new, in three
   files, and a hostile $EFS has 700 new ones. */
#define LIMIT_GUESSES UINT64_C(262144)
/* Entries for which it is kept what would open them. */
#define LIMIT_CLOSED 65536u
/* Thumbprints that the key ring remembers to have opened, or not to open. */
#define LIMIT_LEARNED  65536u
#define LIMIT_GIVEN_UP 65536u
/* Unwrapped file keys of volumes with shadow copies: each takes 150 bytes. */
#define LIMIT_UNWRAPS 262144u

/* What `inspect` reads whole: a SOFTWARE hive of many years is 200 MiB. */
#define LIMIT_INSPECT (UINT32_C(512) << 20)
/* A registry transaction log; Windows keeps them below 64 MiB or so. */
#define LIMIT_HIVE_LOG (UINT32_C(128) << 20)
/* Pages of 4 KiB that logs change in one hive: 256 MiB of memory. */
#define LIMIT_HIVE_PAGES 65536u
/* Sub keys of one registry key that are looked at. */
#define LIMIT_HIVE_KEYS 65536u
/* Bytes that are read of a hive of so many: all lookups in a real one take less
   than it has, where each key of a hostile one is 256 KiB, and read each time.
   Each read counts as some more. */
#define LIMIT_HIVE_READ(size)   \
	((UINT64_C(64) << 20) + \
	 ((size) < UINT64_C(1) << 29 ? (size) : UINT64_C(1) << 29))
#define LIMIT_HIVE_READ_LEAST 64u
/* Bytes of a registry value, and of a key's class name. */
#define LIMIT_HIVE_VALUE (UINT32_C(16) << 20)
#define LIMIT_HIVE_CLASS 4096u

/* Images of one batch, and bytes of a list of them. */
#define LIMIT_IMAGES   1000000u
#define LIMIT_MANIFEST (UINT32_C(64) << 20)

/* Entries of BitLocker metadata, of one level: 64 KiB hold a few hundred. */
#define LIMIT_BITLOCKER_ENTRIES 4096u
/* Protectors of one evidence that passwords are tried on, which costs a million
   rounds of each: a volume has two or three, where its metadata has room for
   hundreds. */
#define LIMIT_BITLOCKER_STRETCHED 64u
/* Bytes that BitLocker moves from a volume's start; 5 MiB are observed. */
#define LIMIT_BITLOCKER_HEADER (UINT64_C(64) << 20)

#endif
