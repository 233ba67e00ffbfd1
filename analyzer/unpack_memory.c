/* SPDX-License-Identifier: MIT */
/*
 * unpack_memory.c - LZMA's dictionary in an archive has a limit
 *
 * libarchive 3.6 asks liblzma for whatever a header claims, in an xz, a zip and
 * a 7z, and has no option against that.  So the functions that it calls are
 * ours: the program comes before its libraries where names are looked up, and
 * each goes on to the one of liblzma with a limit of its memory.  What
 * libarchive says of a refusal has many wordings, so it is noted here.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "analyzer/unpack_memory.h"
#include "parsers/limits.h"

#include <dlfcn.h>
#include <lzma.h>
#include <stdbool.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))

typedef lzma_ret (*limited)(lzma_stream *stream, uint64_t most);
typedef lzma_ret (*limited_flags)(lzma_stream *stream, uint64_t most,
                                  uint32_t flags);
typedef lzma_ret (*raw)(lzma_stream *stream, const lzma_filter *filters);
typedef lzma_ret (*code)(lzma_stream *stream, lzma_action action);

static _Thread_local bool refused;

bool unpack_memory_refused(void)
{
	bool was = refused;

	refused = false;
	return was;
}

/* C has no other way from a pointer to data to one to a function. */
static bool find_next(void *function, size_t n, const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);

	memcpy(function, &p, n);
	return p;
}

static uint64_t at_most(uint64_t asked)
{
	return asked < LIMIT_UNPACK_MEMORY ? asked : LIMIT_UNPACK_MEMORY;
}

EXPORTED lzma_ret lzma_stream_decoder(lzma_stream *stream, uint64_t most,
                                      uint32_t flags)
{
	limited_flags next;

	if (!find_next(&next, sizeof(next), "lzma_stream_decoder"))
		return LZMA_PROG_ERROR;
	return next(stream, at_most(most), flags);
}

EXPORTED lzma_ret lzma_alone_decoder(lzma_stream *stream, uint64_t most)
{
	limited next;

	if (!find_next(&next, sizeof(next), "lzma_alone_decoder"))
		return LZMA_PROG_ERROR;
	return next(stream, at_most(most));
}

EXPORTED lzma_ret lzma_raw_decoder(lzma_stream *stream,
                                   const lzma_filter *filters)
{
	uint64_t takes = lzma_raw_decoder_memusage(filters);
	raw next;

	if (takes != UINT64_MAX && takes > LIMIT_UNPACK_MEMORY) {
		refused = true;
		return LZMA_MEMLIMIT_ERROR;
	}
	if (!find_next(&next, sizeof(next), "lzma_raw_decoder"))
		return LZMA_PROG_ERROR;
	return next(stream, filters);
}

/* The others find their header, and what it takes, in what they decode. */
EXPORTED lzma_ret lzma_code(lzma_stream *stream, lzma_action action)
{
	static _Thread_local code next;
	lzma_ret rc;

	if (!next && !find_next(&next, sizeof(next), "lzma_code"))
		return LZMA_PROG_ERROR;
	rc = next(stream, action);
	refused |= rc == LZMA_MEMLIMIT_ERROR;
	return rc;
}
