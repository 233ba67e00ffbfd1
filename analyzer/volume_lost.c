/* SPDX-License-Identifier: MIT */
/*
 * volume_lost.c - NTFS volumes in space that no partition claims
 */
#include "analyzer/volume_lost.h"
#include "analyzer/ntfs_backup.h"
#include "parsers/limits.h"

#define SECTOR 512u
/* Where Windows lets partitions begin since Vista, and before. */
#define MIB      (UINT64_C(1) << 20)
#define TRACK    (63 * UINT64_C(512))
#define CYLINDER (255 * TRACK)

struct range {
	uint64_t at, end;
};

struct search {
	struct source *s;
	GPtrArray *volumes; /* found volumes are appended */
	guint known;        /* how many of them were there before */
	unsigned probes;
};

/* ------------------------------------------------------------------- gaps */

/* What a volume takes of the disk; on a dynamic disk, others may follow. */
static struct range claim(const struct volume *v)
{
	uint64_t size = v->size;

	if (v->dynamic)
		size = v->ntfs ? (v->boot.sectors + 1) * v->boot.sector : 0;
	return (struct range){ v->offset,
		               v->offset + MIN(size, INT64_MAX - v->offset) };
}

/* The first gap from `from` on; false if there is none. Volumes are few. */
static bool next_gap(const struct search *search, uint64_t from,
                     struct range *gap)
{
	bool moved = true;

	*gap = (struct range){ from, search->s->size };
	while (moved) {
		moved = false;
		for (guint i = 0; i < search->known; i++) {
			struct range c = claim(search->volumes->pdata[i]);

			if (c.at <= gap->at && c.end > gap->at) {
				gap->at = c.end;
				moved = true;
			}
		}
	}
	for (guint i = 0; i < search->known; i++) {
		struct range c = claim(search->volumes->pdata[i]);

		if (c.end > c.at && c.at > gap->at)
			gap->end = MIN(gap->end, c.at);
	}
	return gap->at < gap->end;
}

/* ------------------------------------------------------------------ places */

static bool is_known(const struct search *search, uint64_t at)
{
	for (guint i = 0; i < search->volumes->len; i++) {
		const struct volume *v = search->volumes->pdata[i];

		if (v->ntfs && v->offset == at)
			return true;
	}
	return false;
}

static const char *note(const struct search *search, uint64_t at)
{
	for (guint i = 0; i < search->known; i++) {
		const struct volume *v = search->volumes->pdata[i];

		if (v->dynamic && at >= v->offset && at - v->offset < v->size)
			return "in a dynamic disk, read as a simple volume of "
			       "one piece";
	}
	return search->known ? "in space that no partition claims"
	                     : "there is no partition table that can be read: "
	                       "found by its boot sector";
}

/* Returns where it ends. */
static uint64_t add(struct search *search, uint64_t at,
                    const struct ntfs_boot *boot)
{
	uint64_t size = (boot->sectors + 1) * boot->sector;
	struct volume *v = volume_new(search->s, at, MIN(size, INT64_MAX - at));

	v->description = g_strdup("Unallocated");
	facts_add(&v->facts, "note", note(search, at));
	(void)volume_recognise(v);
	g_ptr_array_add(search->volumes, v);
	return at + v->size;
}

static bool boot_at(struct ntfs_boot *boot, struct source *s, uint64_t at)
{
	uint8_t buf[SECTOR];
	struct error ignored;

	return s->size - at >= SECTOR &&
	       !source_read(s, at, buf, SECTOR, &ignored) &&
	       !ntfs_boot_parse(boot, (struct bytes){ buf, SECTOR, at },
	                        &ignored) &&
	       ntfs_boot_leads(boot, s, at);
}

/* Does a volume begin at `at`, or end there? Returns from where on the search
   goes on. */
static uint64_t look_at(struct search *search, uint64_t from, uint64_t at)
{
	struct ntfs_boot boot;
	uint64_t first;

	if (at > from && ntfs_backup_at(&boot, &first, search->s, from, at) &&
	    ntfs_boot_leads(&boot, search->s, first) &&
	    !is_known(search, first))
		from = add(search, first, &boot);
	if (at < search->s->size && boot_at(&boot, search->s, at) &&
	    !is_known(search, at))
		from = add(search, at, &boot);
	return from;
}

static uint64_t next_multiple(uint64_t at, uint64_t of)
{
	return at - at % of + of;
}

static uint64_t next_place(const struct range *gap, uint64_t at)
{
	uint64_t next =
		MIN(next_multiple(at, MIB), next_multiple(at, CYLINDER));

	/* The first track of a disk and of a logical partition is not used. */
	if (at < gap->at + TRACK)
		next = MIN(next, gap->at + TRACK);
	if (at % CYLINDER < TRACK)
		next = MIN(next, at - at % CYLINDER + TRACK);
	return MIN(next, gap->end);
}

static void search_gap(struct search *search, const struct range *gap)
{
	uint64_t from = gap->at; /* what lies before is taken */

	for (uint64_t at = gap->at; search->probes < LIMIT_LOST_PROBES;) {
		search->probes++;
		from = look_at(search, from, at);
		if (at >= gap->end || from > gap->end)
			return;
		at = at < from ? from : next_place(gap, at);
	}
	/* A volume hardly ends anywhere but where its gap does. */
	(void)look_at(search, from, gap->end);
}

static gint by_offset(gconstpointer a, gconstpointer b)
{
	const struct volume *x = *(struct volume *const *)a;
	const struct volume *y = *(struct volume *const *)b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

bool volumes_add_lost(GPtrArray *volumes, struct source *s)
{
	struct search search = { s, volumes, volumes->len, 0 };
	struct range gap = { 0, 0 };

	while (next_gap(&search, gap.end, &gap) &&
	       volumes->len < 2 * LIMIT_PARTITIONS)
		search_gap(&search, &gap);
	if (volumes->len > search.known)
		qsort(volumes->pdata + search.known,
		      volumes->len - search.known, sizeof(gpointer), by_offset);
	for (guint i = search.known; i < volumes->len; i++)
		((struct volume *)volumes->pdata[i])->number = i + 1;
	return search.probes < LIMIT_LOST_PROBES;
}
