/* SPDX-License-Identifier: MIT */
/*
 * site.c - a place where encrypted objects are
 */
#include "analyzer/site.h"

void site_free(void *p)
{
	struct site *site = p;

	if (site->place.finder)
		site->place.finder->free(site->place.from);
	g_free(site->reason);
	g_free(site);
}
