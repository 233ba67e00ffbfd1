/* SPDX-License-Identifier: MIT */
/*
 * ewf.c - read EnCase images to their end as libewf's own tools do
 *
 *	ewf FILE.E01...
 *
 * The peer of source.c: its buffered read, in pieces of 1 MiB, and nothing else
 * (ewfexport computes MD5, too).
 */
#include <libewf.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)1 << 20)

static int read_all(libewf_handle_t *h)
{
	void *buf = malloc(PIECE);
	uint64_t done = 0;
	size64_t size = 0;
	ssize_t n = 1;

	if (libewf_handle_get_media_size(h, &size, NULL) != 1)
		size = 0;
	while (buf && n > 0 && done < size) {
		n = libewf_handle_read_buffer(h, buf, PIECE, NULL);
		done += n > 0 ? (uint64_t)n : 0;
	}
	free(buf);
	return size && done == size ? 0 : 1;
}

static int bench(const char *path)
{
	libewf_handle_t *h = NULL;
	char **names = NULL;
	int n = 0, bad = 1;

	if (libewf_glob(path, strlen(path), LIBEWF_FORMAT_UNKNOWN, &names, &n,
	                NULL) != 1)
		return 1;
	if (libewf_handle_initialize(&h, NULL) == 1 &&
	    libewf_handle_open(h, names, n, libewf_get_access_flags_read(),
	                       NULL) == 1) {
		bad = read_all(h);
		(void)libewf_handle_close(h, NULL);
	}
	(void)libewf_handle_free(&h, NULL);
	(void)libewf_glob_free(names, n, NULL);
	return bad;
}

int main(int argc, char **argv)
{
	int bad = argc < 2;

	for (int i = 1; i < argc; i++)
		bad |= bench(argv[i]);
	return bad;
}
