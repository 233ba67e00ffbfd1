/* SPDX-License-Identifier: MIT */
/*
 * source_raw.c - a raw image: the bytes of one file or device as they are
 */
#include "analyzer/source.h"

#include <string.h>

static unsigned bid(const struct probe *probe)
{
	(void)probe;
	return 1; /* anything can be raw, but nothing says so */
}

static enum status open_raw(struct source *s, const struct probe *probe,
                            struct error *err)
{
	s->size = probe->size;
	if (libbfio_file_initialize(&s->io, NULL) == 1 &&
	    libbfio_file_set_name(s->io, probe->path, strlen(probe->path),
	                          NULL) == 1 &&
	    libbfio_handle_open(s->io, LIBBFIO_OPEN_READ, NULL) == 1)
		return OK;
	return fail(err, E_IO, 0, "cannot be opened");
}

const struct source_type source_raw = {
	.name = "raw",
	.bid = bid,
	.open = open_raw,
};
