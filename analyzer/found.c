/* SPDX-License-Identifier: MIT */
/*
 * found.c - a file of the evidence that may hold key material, or be encrypted
 * in a form of its own
 */
#include "analyzer/found.h"
#include "analyzer/keyplace.h"
#include "analyzer/spot.h"

#include <string.h>

void found_free(void *p)
{
	struct found *found = p;

	while (found) {
		struct found *info;

		if (found->release)
			found->release(found);
		info = found->info;
		g_free(found->collected);
		origin_release(&found->origin);
		g_free(found);
		found = info;
	}
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

enum status found_enter(const struct found *found, struct error *err)
{
	const struct origin *o = &found->origin;
	char label[ORIGIN_LABEL];
	enum status st;

	origin_label(label, o->volume, o->snapshot);
	spot_push(SPOT_EVIDENCE, o->evidence, 0);
	spot_push(SPOT_VOLUME, label, 0);
	st = spot_enter(SPOT_KEY_FILE, o->path, 0, err);
	if (st) {
		spot_leave();
		spot_leave();
	}
	return st;
}

void found_leave(void)
{
	for (unsigned i = 0; i < 3; i++)
		spot_leave();
}

const char *found_name(const struct found *found)
{
	const char *slash = strrchr(found->origin.path, '/');

	return slash ? slash + 1 : found->origin.path;
}

char *found_path(const char *collected)
{
	char *valid = g_utf8_make_valid(collected, -1);
	char *plain = g_uri_unescape_string(valid, "/");

	/* A name that is none of a collector's stays as it is. */
	if (!plain)
		return valid;
	g_free(valid);
	valid = g_utf8_make_valid(plain, -1);
	g_free(plain);
	return valid;
}

bool found_wanted(const char *path)
{
	const char *slash = strrchr(path, '/');
	glong units;
	gunichar2 *name = g_utf8_to_utf16(slash ? slash + 1 : path, -1, NULL,
	                                  &units, NULL);
	bool wanted =
		name && keyplace_wants(&(struct bytes){ (const uint8_t *)name,
	                                                (size_t)units * 2, 0 });

	g_free(name);
	return wanted;
}

uint64_t found_time(int64_t seconds, long nanoseconds)
{
	const int64_t to_1970 = INT64_C(11644473600);

	if (seconds < -to_1970 || seconds > INT64_C(1) << 36 ||
	    nanoseconds < 0 || nanoseconds > 999999999)
		return 0;
	return (uint64_t)(seconds + to_1970) * 10000000 +
	       (uint64_t)nanoseconds / 100;
}
