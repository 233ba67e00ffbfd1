/* SPDX-License-Identifier: MIT */
/*
 * source_other.c - containers that are known by name, so that none is read as
 * if it were raw
 */
#include "analyzer/source.h"

static const struct {
	const char *magic;
	size_t n;
	const char *what;
} known[] = {
	{ "EVF2\x0d\x0a\x81", 7,
	  "an EnCase 7 image (Ex01), which this version does not read: "
	  "libewf 20140813 does not; EnCase and other programs make an E01 or "
	  "a raw image of it" },
	{ "LEF2\x0d\x0a\x81", 7,
	  "an EnCase 7 logical image (Lx01), which holds files and no disk, "
	  "and which this version does not read" },
	{ "LVF\x09\x0d\x0a\xff", 7,
	  "an EnCase logical image (L01), which holds files and no disk, and "
	  "which this version does not read" },
	{ "AFF10\x0d\x0a", 7,
	  "an AFF image, which this version does not read; `affconvert -r` "
	  "makes a raw image of it" },
	{ "<<< ", 4,
	  "a VDI image, which this version does not read; `qemu-img "
	  "convert -O raw` makes a raw image of it" },
};

static const char *find(const struct probe *probe, size_t *bits)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		if (!bytes_begin(probe->head, known[i].magic, known[i].n))
			continue;
		*bits = 8 * known[i].n;
		return known[i].what;
	}
	return NULL;
}

static unsigned bid(const struct probe *probe)
{
	size_t bits = 0;

	return find(probe, &bits) ? (unsigned)bits : 0;
}

static enum status refuse(struct source *s, const struct probe *probe,
                          struct error *err)
{
	size_t bits;

	(void)s;
	return fail(err, E_UNSUPPORTED, 0, find(probe, &bits));
}

const struct source_type source_other = {
	.name = "unsupported container",
	.bid = bid,
	.open = refuse,
};
