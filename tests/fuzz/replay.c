/* SPDX-License-Identifier: MIT */
/*
 * replay.c - run a fuzz target over saved inputs, with any compiler
 *
 * Each input is in a block of exactly its own size, so that a sanitizer sees a
 * read of one byte too many.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define INPUT_MAX ((size_t)1 << 24)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The size of a file that can be read whole into a block, or -1. */
static long input_size(FILE *f)
{
	long n;

	if (fseek(f, 0, SEEK_END))
		return -1;
	n = ftell(f);
	if (n < 0 || (size_t)n > INPUT_MAX || fseek(f, 0, SEEK_SET))
		return -1;
	return n;
}

/* A hang is a failure, too: the signal ends the program. */
#define SECONDS_MOST 120u

static int replay(FILE *f)
{
	long n = input_size(f);
	uint8_t *data;
	int rc = -1;

	if (n < 0)
		return -1;
	data = malloc(n ? (size_t)n : 1);
	(void)alarm(SECONDS_MOST);
	if (data && fread(data, 1, (size_t)n, f) == (size_t)n)
		rc = LLVMFuzzerTestOneInput(data, (size_t)n);
	(void)alarm(0);
	free(data);
	return rc;
}

int main(int argc, char **argv)
{
	int failed = 0;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		int rc = f ? replay(f) : -1;

		if (f)
			(void)fclose(f);
		printf("%sok %d - %s\n", rc ? "not " : "", i, argv[i]);
		failed += rc != 0;
	}
	return failed || argc < 2;
}
