/* SPDX-License-Identifier: MIT */
/*
 * ewf_segment.c - which part of a segment of an EnCase image is whole
 */
#include "analyzer/ewf_set.h"
#include "parsers/limits.h"
#include "parsers/wrap.h"

#include <inttypes.h>

#define PIECE 65536u

struct look {
	struct source *s;
	struct ewf_segment *segment;
	bool lost;      /* a table and its copy are damaged */
	bool pending;   /* a damaged table, whose copy may yet come */
	bool unsure;    /* no checksum says that the last table is whole */
	bool past;      /* a chunk of the table ends past 2 GiB */
	uint32_t chunk; /* bytes of one */
	uint32_t entry; /* the last of a table, so far */
	guint before;   /* chunks of other segments that are wild */
	struct error why;
};

/* A chunk of n bytes; 0: not even that can be told. */
static void look_at_size(struct look *l, uint64_t chunk, uint64_t n)
{
	if (n && n <= EWF_CHUNK_MOST * (uint64_t)l->chunk)
		return;
	if (l->before + l->segment->wild->len < LIMIT_BAD_RANGES)
		g_array_append_val(l->segment->wild, chunk);
	else
		l->lost = true;
}

/* Up to 2 GiB the highest bit of an entry says that the chunk is packed; past
   that, which EnCase 6.7 began with, it is a part of the place. */
static uint32_t place_of(const struct look *l, uint32_t entry)
{
	return l->past ? entry : entry & EWF_PLACE;
}

/*
 * An entry is where a chunk is, and the next one where it ends: the bytes of
 * the last chunk so far.  This is how libewf reckons, and must be: it would
 * take so much memory.
 */
WRAPS static uint32_t up_to(struct look *l, uint32_t entry)
{
	uint32_t from = place_of(l, l->entry), to = place_of(l, entry);
	uint32_t n = (to < from ? entry : to) - from;

	l->past |= from + n > INT32_MAX;
	return n;
}

/* `chunk`: of the first entry in the piece. */
static void look_at_entries(struct look *l, struct bytes piece, uint64_t chunk)
{
	struct cursor c = cursor_open(piece);

	for (; c.pos < piece.n; chunk++) {
		uint32_t entry = cursor_le32(&c);

		if (chunk > l->segment->chunks)
			look_at_size(l, chunk - 1, up_to(l, entry));
		else
			l->past = false;
		l->entry = entry;
	}
}

/*
 * The bytes of the last chunk of a table, which ends where the table begins;
 * where that has the chunks in it, with the table.  A copy has the first table
 * between.  As libewf reckons, too.
 */
static uint64_t last_size(const struct look *l,
                          const struct ewf_section *section, uint64_t base)
{
	uint64_t between = section->next - section->at, at, n = 0;

	if (base > INT64_MAX - (uint64_t)UINT32_MAX)
		return 0;
	at = base + place_of(l, l->entry);
	if (at < section->at)
		n = section->at - at;
	else if (at < section->next)
		n = section->next - at;
	if (section->type == EWF_TABLE_2)
		n -= MIN(n, between);
	return n;
}

/* Are the entries of a table as they were written?  Their base is `base`. */
static bool entries_whole(struct look *l, const struct ewf_section *section,
                          uint64_t base, uint32_t chunks)
{
	uint64_t at = section->at + EWF_SECTION_SIZE + EWF_TABLE_SIZE;
	uint64_t left = (uint64_t)chunks * EWF_ENTRY_SIZE;
	uint64_t end = section->at + section->size;
	/* Where more follows in the same section, that may be chunks. */
	bool summed = end == at + left + 4, more = end > at + left + 4;
	bool sure = false;
	uint64_t chunk = l->segment->chunks;
	uint8_t buf[PIECE];
	uint32_t sum = 1;
	struct error err;
	struct cursor c;

	if (end < at + left)
		return false;
	while (left) {
		size_t n = (size_t)MIN(left, sizeof(buf));
		struct bytes piece = { buf, n, at };

		if (source_read(l->s, at, buf, n, &err))
			return false;
		sum = ewf_checksum(sum, piece);
		look_at_entries(l, piece, chunk);
		chunk += n / EWF_ENTRY_SIZE;
		at += n;
		left -= n;
	}
	if (chunks)
		look_at_size(l, chunk - 1, last_size(l, section, base));
	if ((summed || more) && !source_read(l->s, at, buf, 4, &err)) {
		c = cursor_open((struct bytes){ buf, 4, at });
		sure = cursor_le32(&c) == sum;
	}
	l->unsure = !summed && !sure;
	return !summed || sure;
}

static bool table_whole(struct look *l, const struct ewf_section *section,
                        uint32_t *chunks)
{
	uint64_t at = section->at + EWF_SECTION_SIZE;
	guint wild = l->segment->wild->len;
	uint8_t buf[EWF_TABLE_SIZE];
	struct bytes head = { buf, sizeof(buf), at };
	struct cursor c = cursor_open(head);
	struct error err;

	*chunks = 0;
	l->unsure = false;
	if (source_read(l->s, at, buf, sizeof(buf), &err) ||
	    ewf_table_parse(chunks, head, &err))
		return false;
	cursor_skip(&c, 8);
	if (entries_whole(l, section, cursor_le64(&c), *chunks) && !l->lost)
		return true;
	g_array_set_size(l->segment->wild, wild);
	return false;
}

/* A table, or the copy behind it, of which one is enough. */
static void look_at_table(struct look *l, const struct ewf_section *section)
{
	bool copy = section->type == EWF_TABLE_2;
	struct ewf_segment *segment = l->segment;
	uint32_t chunks;

	/* libewf would take the copy, which has not been looked at. */
	if (copy && l->unsure)
		l->lost = true;
	if (copy && !l->pending && !l->lost) {
		segment->keep = section->next;
		segment->table.size = 0;
		return;
	}
	l->lost |= l->pending && !copy;
	l->pending = false;
	if (l->lost || !table_whole(l, section, &chunks)) {
		l->lost |= copy;
		l->pending = !copy;
		(void)fail(&l->why, E_CORRUPT, section->at, "table of chunks");
		return;
	}
	segment->chunks += chunks;
	segment->keep = section->next;
	segment->table = *section;
	/* With chunks in it, or as a copy, it has no other. */
	if (copy || section->size != EWF_SECTION_SIZE + EWF_TABLE_SIZE + 4 +
	                                     (uint64_t)chunks * EWF_ENTRY_SIZE)
		segment->table.size = 0;
}

static void look_at_volume(struct look *l, const struct ewf_section *section)
{
	uint64_t at = section->at + EWF_SECTION_SIZE;
	struct ewf_segment *segment = l->segment;
	size_t n =
		(size_t)MIN(section->size - EWF_SECTION_SIZE, EWF_VOLUME_SIZE);
	uint8_t buf[EWF_VOLUME_SIZE];
	struct error err;

	if (segment->volume || source_read(l->s, at, buf, n, &err))
		return;
	segment->volume = !ewf_volume_parse(&segment->v,
	                                    (struct bytes){ buf, n, at }, &err);
	/* What a later one says must not be believed: the first's is used. */
	if (segment->volume && !l->chunk)
		l->chunk = segment->v.chunk;
}

/* False at the last section, or where the segment is damaged. */
static bool look_at_section(struct look *l, uint64_t *at)
{
	uint8_t buf[EWF_SECTION_SIZE];
	struct ewf_section section;

	if (*at > l->s->size || l->s->size - *at < sizeof(buf)) {
		(void)fail(&l->why, E_TRUNCATED, l->s->size, "it is cut short");
		return false;
	}
	if (source_read(l->s, *at, buf, sizeof(buf), &l->why) ||
	    ewf_section_parse(&section, (struct bytes){ buf, sizeof(buf), *at },
	                      &l->why))
		return false;
	if (section.type == EWF_NEXT || section.type == EWF_DONE) {
		l->lost |= l->pending;
		l->segment->whole = !l->lost;
		l->segment->last = section.type == EWF_DONE;
		return false;
	}
	if (section.next > l->s->size) {
		(void)fail(&l->why, E_TRUNCATED, l->s->size, "it is cut short");
		return false;
	}
	if (section.type == EWF_TABLE || section.type == EWF_TABLE_2)
		look_at_table(l, &section);
	else if (section.type == EWF_VOLUME)
		look_at_volume(l, &section);
	/* Behind the volume there are no chunks yet, and nothing to lose. */
	if (!l->segment->chunks && section.type == EWF_VOLUME && !l->pending)
		l->segment->keep = section.next;
	*at = section.next;
	return !l->lost;
}

void ewf_segment_look(struct ewf_set *set, struct ewf_segment *segment,
                      struct source *s)
{
	struct look l = {
		.s = s,
		.segment = segment,
		.chunk = set->v.chunk,
		.before = set->all_wild,
	};
	uint64_t at = EWF_HEAD_SIZE;
	unsigned n = 0;

	segment->size = s->size;
	segment->keep = EWF_HEAD_SIZE;
	segment->wild = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	while (n < LIMIT_EWF_SECTIONS && look_at_section(&l, &at))
		n++;
	set->all_wild += segment->wild->len;
	if (segment->whole)
		return;
	if (!l.why.status)
		(void)fail(&l.why, E_LIMIT, at, "number of sections");
	g_string_append_printf(set->problem,
	                       "%s%s is damaged at offset 0x%" PRIx64 " (%s)",
	                       set->problem->len ? "; " : "",
	                       segment->path ? segment->path : "the segment",
	                       l.why.at, l.why.what);
}
