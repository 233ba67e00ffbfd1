/* SPDX-License-Identifier: MIT */
/*
 * site.c - a place where encrypted objects are
 */
#include "analyzer/site.h"

/* Of all places that one thread at a time may read: they are worked on one
   after the other. */
static GMutex reading;

void place_lock(const struct place *place)
{
	if (!place->finder->shared)
		g_mutex_lock(&reading);
}

void place_unlock(const struct place *place)
{
	if (!place->finder->shared)
		g_mutex_unlock(&reading);
}

void site_free(void *p)
{
	struct site *site = p;

	if (site->place.finder)
		site->place.finder->free(site->place.from);
	g_free(site->reason);
	g_free(site);
}
