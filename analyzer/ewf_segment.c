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
	bool lost;       /* a table and its copy are damaged */
	bool pending;    /* a damaged table, whose copy may yet come */
	uint64_t chunks; /* since `keep`, of a table that is whole */
	uint32_t chunk;  /* bytes of one */
	uint32_t entry;  /* the last of a table, so far */
	struct error why;
};

static void add_wild(struct look *l, uint64_t chunk)
{
	if (l->segment->wild->len < LIMIT_BAD_RANGES)
		g_array_append_val(l->segment->wild, chunk);
}

/* Of two places of 31 bits; past 2 GiB they begin anew. */
WRAPS static uint32_t from_to(uint32_t from, uint32_t to)
{
	return (to - from) & EWF_PLACE;
}

/*
 * An entry is where a chunk is, and the next one where it ends.  Up to 2 GiB
 * the highest bit says that it is packed; past that it may be a part of the
 * place.  `chunk`: of the first entry in the piece.
 */
static void look_at_entries(struct look *l, struct bytes piece, uint64_t chunk)
{
	uint64_t most = EWF_CHUNK_MOST * (uint64_t)l->chunk;
	struct cursor c = cursor_open(piece);

	for (; c.pos < piece.n; chunk++) {
		uint32_t entry = cursor_le32(&c) & EWF_PLACE;

		if (chunk > l->segment->chunks &&
		    from_to(l->entry, entry) > most)
			add_wild(l, chunk - 1);
		l->entry = entry;
	}
}

/* Are the entries of a table as they were written?  Their base is `base`. */
static bool entries_whole(struct look *l, const struct ewf_section *section,
                          uint64_t base, uint32_t chunks)
{
	uint64_t at = section->at + EWF_SECTION_SIZE + EWF_TABLE_SIZE;
	uint64_t left = (uint64_t)chunks * EWF_ENTRY_SIZE;
	uint64_t end = section->at + section->size;
	/* Where chunks follow in the same section, no checksum does. */
	bool summed = end == at + left + 4;
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
	if (chunks && l->entry > end - MIN(base, end))
		add_wild(l, chunk - 1);
	if (!summed)
		return true;
	if (source_read(l->s, at, buf, 4, &err))
		return false;
	c = cursor_open((struct bytes){ buf, 4, at });
	return cursor_le32(&c) == sum;
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
	if (source_read(l->s, at, buf, sizeof(buf), &err) ||
	    ewf_table_parse(chunks, head, &err))
		return false;
	cursor_skip(&c, 8);
	if (entries_whole(l, section, cursor_le64(&c), *chunks))
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

	if (copy && !l->pending) {
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
	if (segment->volume)
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
	struct look l = { .s = s, .segment = segment, .chunk = set->v.chunk };
	uint64_t at = EWF_HEAD_SIZE;
	unsigned n = 0;

	segment->size = s->size;
	segment->keep = EWF_HEAD_SIZE;
	segment->wild = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	while (n < LIMIT_EWF_SECTIONS && look_at_section(&l, &at))
		n++;
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
