/* SPDX-License-Identifier: MIT */
/*
 * efs_fat.h - NAME.PFILE: an encrypted file of FAT or exFAT
 *
 * FAT has no attributes, so the $EFS value stands in front of the data, padded
 * to whole 4,096 bytes; the ciphertext is cut to a multiple of 16.  No
 * published text but two patents (US10726147B2, US10049228B2): *observed* in
 * ten files of a Windows of 2022, of 0 to 32 bytes.
 */
#ifndef PARSERS_EFS_FAT_H
#define PARSERS_EFS_FAT_H

#include "parsers/bytes.h"
#include "parsers/status.h"

/* Of this many bytes a header is at least, and a multiple. */
#define EFS_FAT_PAGE 4096u

struct efs_fat {
	uint64_t header; /* bytes before the data: the $EFS value, padded */
	uint64_t data;   /* bytes of ciphertext */
	/*
	 * Bytes of plaintext: the header gives the bytes of the last block of
	 * 16, the file's size the number of blocks.  In each file that is known
	 * the header gives all of it, but it has 15 bits at most.
	 */
	uint64_t size;
	uint16_t told; /* these 15 bits */
	bool cut; /* the data ends inside a block, or should not be empty */
};

/*
 * The first bytes of a file of `file_size` bytes; EFS_FAT_PAGE of them are
 * enough, or all.  E_ABSENT: it is no such file, as far as can be told.
 * E_LIMIT: a header larger than LIMIT_EFS_SIZE.  The $EFS value itself is
 * for efs_parse, on the first `header` bytes.
 */
MUST_USE enum status efs_fat_parse(struct efs_fat *fat, struct bytes head,
                                   uint64_t file_size, struct error *err);

#endif
