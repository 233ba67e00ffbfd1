/* SPDX-License-Identifier: MIT */
/*
 * fuzz_ntfs_boot.c - boot sectors: a geometry that can be divided by, or none
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/limits.h"
#include "parsers/ntfs_boot.h"

static bool power_of_two(uint32_t v)
{
	return v && !(v & (v - 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct ntfs_boot boot;
	enum status status = ntfs_boot_parse(&boot, in, &err);

	fuzz_error(status, &err, in);
	assert(ntfs_boot_backup(in) <= INT64_MAX);
	if (status) {
		assert(!boot.cluster && !boot.clusters);
		return 0;
	}
	assert(ntfs_boot_backup(in) == boot.sectors * boot.sector);
	assert(power_of_two(boot.sector) && boot.sector <= LIMIT_SECTOR_SIZE);
	assert(power_of_two(boot.cluster) && boot.cluster >= boot.sector);
	assert(boot.cluster <= LIMIT_CLUSTER_SIZE);
	assert(power_of_two(boot.record) && boot.record >= 512);
	assert(boot.record <= LIMIT_RECORD_SIZE);
	assert(power_of_two(boot.index));
	assert(boot.sectors <= INT64_MAX / boot.sector);
	assert(boot.clusters <= INT64_MAX / boot.cluster);
	assert(boot.mft < boot.clusters);
	return 0;
}
