/* SPDX-License-Identifier: MIT */
/*
 * bitlocker.c - find the metadata of a BitLocker volume
 */
#include "analyzer/bitlocker.h"

#include <string.h>

void bitlocker_volume_release(struct bitlocker_volume *v)
{
	g_free(v->area);
	*v = (struct bitlocker_volume){ 0 };
}

static enum status read_header(struct bitlocker_volume *v, struct error *err)
{
	uint8_t first[BITLOCKER_HEADER];
	size_t n = (size_t)MIN(v->size, sizeof(first));

	if (source_read(v->under, v->offset, first, n, err))
		return err->status;
	return bitlocker_header_parse(
		&v->header, (struct bytes){ first, n, v->offset }, err);
}

/* One copy, into `area`. */
static enum status read_copy(struct bitlocker_volume *v, uint64_t place,
                             struct bitlocker_meta *m, uint8_t *area,
                             struct error *err)
{
	struct bytes in = { area, 0, v->offset + place };

	*m = (struct bitlocker_meta){ 0 };
	if (!place)
		return fail(err, E_ABSENT, v->offset,
		            "place of BitLocker metadata is not known");
	if (place >= v->size)
		return fail(err, E_TRUNCATED, v->offset + v->size,
		            "BitLocker metadata beyond the volume's end");
	in.n = (size_t)MIN(v->size - place, BITLOCKER_AREA);
	if (source_read(v->under, in.at, area, in.n, err))
		return err->status;
	return bitlocker_meta_parse(m, in, v->header.sector_size, err);
}

/* Take copy i if it is the first that can be read, or the first sound one. */
static void consider(struct bitlocker_volume *v, unsigned i,
                     uint64_t places[BITLOCKER_COPIES])
{
	uint8_t *area = g_malloc(BITLOCKER_AREA);
	struct bitlocker_meta m;
	bool read = !read_copy(v, places[i], &m, area, &v->damaged[i]);

	/* Vista's header tells the first place only. */
	for (unsigned k = 0; read && k < BITLOCKER_COPIES; k++)
		places[k] = places[k] ? places[k] : m.copies[k];
	if (read && !m.sound)
		(void)fail(&v->damaged[i], E_CORRUPT, m.all.at,
		           "checksum of BitLocker metadata");
	if (read && (!v->area || m.sound)) {
		g_free(v->area);
		v->area = g_steal_pointer(&area);
		v->meta = m;
		v->copy = i;
	}
	g_free(area);
}

static enum status choose(struct bitlocker_volume *v, struct error *err)
{
	uint64_t places[BITLOCKER_COPIES];

	memcpy(places, v->header.metadata, sizeof(places));
	for (unsigned i = 0; i < BITLOCKER_COPIES && !v->meta.sound; i++)
		consider(v, i, places);
	if (v->area)
		return OK;
	*err = v->damaged[0];
	if (err->status == E_ABSENT)
		return fail(err, E_CORRUPT, err->at,
		            "BitLocker metadata is not where it should be");
	return err->status;
}

enum status bitlocker_volume_open(struct bitlocker_volume *v,
                                  struct source *under, uint64_t offset,
                                  uint64_t size, struct error *err)
{
	enum status st;

	*v = (struct bitlocker_volume){ .under = under, .offset = offset };
	if (offset > under->size)
		return fail(err, E_TRUNCATED, under->size,
		            "the evidence ends before the volume");
	v->size = MIN(size, under->size - offset);
	st = read_header(v, err);
	if (!st) {
		v->size -= v->size % v->header.sector_size;
		st = choose(v, err);
	}
	if (st)
		bitlocker_volume_release(v);
	return st;
}
