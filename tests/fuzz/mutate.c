/* SPDX-License-Identifier: MIT */
/*
 * mutate.c - what libFuzzer makes, with its checksums repaired
 */
#include "tests/fuzz/repair.h"

/* libFuzzer's: the first is called by it, the second is there for the first. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* One in eight stays as it is: a wrong checksum has a path of its own. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned seed)
{
	size = LLVMFuzzerMutate(data, size, most);
	if (seed % 8)
		fuzz_repair(data, size);
	return size;
}
