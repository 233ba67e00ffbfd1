/* SPDX-License-Identifier: MIT */
/*
 * fuzz_efs_log.c - EFSn.LOG
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/efs_log.h"
#include "parsers/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct efs_log log;
	enum status status = efs_log_parse(&log, in, &err);

	fuzz_error(status, &err, in);
	fuzz_inside(log.target, in);
	fuzz_inside(log.temporary, in);
	fuzz_inside(log.target_id, in);
	fuzz_inside(log.temporary_id, in);
	assert(log.header <= LIMIT_EFS_LOG && log.header <= size);
	assert(status ||
	       (log.sound && log.states[0].sound && log.states[1].sound));
	assert(log.header || (status && status != E_CORRUPT));
	return 0;
}
