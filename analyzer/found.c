/* SPDX-License-Identifier: MIT */
/*
 * found.c - a file of the evidence that may hold key material
 */
#include "analyzer/found.h"

#include <string.h>

void found_free(void *p)
{
	struct found *found = p;

	if (!found)
		return;
	if (found->release)
		found->release(found);
	origin_release(&found->origin);
	g_free(found);
}

enum status found_load(struct found *found, uint64_t most, struct secret *s,
                       struct error *err)
{
	enum status st;

	*s = (struct secret){ 0 };
	if (!found->size)
		return fail(err, E_ABSENT, found->origin.offset,
		            "the file is empty");
	if (found->size > most)
		return fail(err, E_LIMIT, found->origin.offset,
		            "too large for what it is");
	st = secret_alloc(s, (size_t)found->size, err);
	if (!st)
		st = found->read(found, 0, s->p, s->n, err);
	if (found->rest)
		found->rest(found);
	if (st)
		secret_release(s);
	return st;
}

const char *found_name(const struct found *found)
{
	const char *slash = strrchr(found->origin.path, '/');

	return slash ? slash + 1 : found->origin.path;
}
