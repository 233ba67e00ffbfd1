/* SPDX-License-Identifier: MIT */
/*
 * file.h - an input as a file, for what reads files
 */
#ifndef TESTS_FUZZ_FILE_H
#define TESTS_FUZZ_FILE_H

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static char *fuzz_file_path;

static inline void fuzz_file_remove(void)
{
	(void)unlink(fuzz_file_path);
}

/* Its path, the same for each input; it goes with the process. */
static inline char *fuzz_file(const uint8_t *data, size_t size)
{
	if (!fuzz_file_path) {
		int fd = g_file_open_tmp("efsleuth-fuzz-XXXXXX",
		                         &fuzz_file_path, NULL);

		if (fd < 0 || close(fd) || atexit(fuzz_file_remove))
			abort();
	}
	if (!g_file_set_contents(fuzz_file_path, (const char *)data,
	                         (gssize)size, NULL))
		abort();
	return fuzz_file_path;
}

#endif
