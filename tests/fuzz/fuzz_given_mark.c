/* SPDX-License-Identifier: MIT */
/*
 * fuzz_given_mark.c - how a task of a batch ended, as its folder says
 */
#include "tests/fuzz/file.h"
#include "tests/fuzz/fuzz.h"

#include "analyzer/batch_mark.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path = fuzz_file(data, size);
	struct mark mark, again;

	/* What was read is written, and reads as the same. */
	if (mark_read(path, &mark)) {
		assert(mark_write(path, &mark));
		assert(mark_read(path, &again));
		assert(again.code == mark.code);
		assert(!g_strcmp0(again.reason, mark.reason));
		assert(!g_strcmp0(again.of, mark.of));
		assert(!memcmp(&again.totals, &mark.totals,
		               sizeof(mark.totals)));
		mark_release(&again);
	}
	mark_release(&mark);
	return 0;
}
