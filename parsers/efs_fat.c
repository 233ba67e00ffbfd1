/* SPDX-License-Identifier: MIT */
/*
 * efs_fat.c - NAME.PFILE: an encrypted file of FAT or exFAT
 */
#include "parsers/efs_fat.h"

#include "parsers/efs.h"
#include "parsers/limits.h"

#define ENCRYPTED 0x8000u
#define BLOCK     16u

/* An empty file: the value as on NTFS, and zeros to the end of the page. */
static bool is_empty_file(struct bytes head, uint32_t length, uint64_t size)
{
	struct cursor c = cursor_open(head);
	uint64_t pages = ((uint64_t)length + EFS_FAT_PAGE - 1) / EFS_FAT_PAGE;
	struct bytes rest;
	uint8_t any = 0;

	if (length < EFS_HEADER_SIZE || size != pages * EFS_FAT_PAGE)
		return false;
	rest = cursor_tail(&c, length < head.n ? length : head.n);
	c = cursor_open(rest);
	while (c.pos < rest.n)
		any |= cursor_u8(&c);
	return !any;
}

static void read_sizes(struct efs_fat *fat, uint64_t file_size)
{
	uint64_t pad = (BLOCK - fat->told % BLOCK) % BLOCK;
	uint64_t blocks;

	fat->data = file_size - fat->header;
	blocks = (fat->data + BLOCK - 1) / BLOCK;
	fat->size = blocks ? blocks * BLOCK - pad : 0;
	fat->cut = fat->data % BLOCK || (!blocks && fat->told);
}

/*
 * In the $EFS value:
 *
 *	00  u32  length: of the header    08  u32  version
 *	0c  u16  0x8000 | bytes of plaintext, as far as they fit
 */
enum status efs_fat_parse(struct efs_fat *fat, struct bytes head,
                          uint64_t file_size, struct error *err)
{
	struct cursor c = cursor_open(head);
	uint32_t length = cursor_le32(&c), version;
	uint16_t told;

	*fat = (struct efs_fat){ 0 };
	cursor_skip(&c, 8);
	told = cursor_le16(&c);
	if (efs_version(&version, head, err) || version > 5 || c.bad ||
	    length > file_size)
		return fail(err, E_ABSENT, head.at, "no encrypted file of FAT");
	if (told & ENCRYPTED && length && length % EFS_FAT_PAGE == 0)
		fat->header = length;
	else if (!told && is_empty_file(head, length, file_size))
		fat->header = file_size;
	else
		return fail(err, E_ABSENT, head.at, "no encrypted file of FAT");
	if (fat->header > LIMIT_EFS_SIZE) {
		*fat = (struct efs_fat){ 0 };
		return fail(err, E_LIMIT, head.at,
		            "header of an encrypted file of FAT");
	}
	fat->told = told & (ENCRYPTED - 1);
	read_sizes(fat, file_size);
	return OK;
}
