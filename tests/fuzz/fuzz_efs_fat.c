/* SPDX-License-Identifier: MIT */
/*
 * fuzz_efs_fat.c - the header of an encrypted file of FAT
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/efs_fat.h"
#include "parsers/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct efs_fat fat;
	enum status status = efs_fat_parse(&fat, in, size, &err);

	fuzz_error(status, &err, in);
	if (status) {
		assert(!fat.header && !fat.size);
		return 0;
	}
	assert(fat.header && fat.header % EFS_FAT_PAGE == 0);
	assert(fat.header <= LIMIT_EFS_SIZE);
	assert(fat.header + fat.data == size);
	assert(fat.size < fat.data + 16);
	return 0;
}
