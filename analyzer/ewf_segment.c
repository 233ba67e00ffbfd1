/* SPDX-License-Identifier: MIT */
/*
 * ewf_segment.c - which part of a segment of an EnCase image is whole
 */
#include "analyzer/ewf_set.h"
#include "parsers/limits.h"

#include <inttypes.h>

#define PIECE 65536u

struct look {
	struct source *s;
	struct ewf_segment *segment;
	bool lost;       /* a table and its copy are damaged */
	bool pending;    /* a damaged table, whose copy may yet come */
	uint64_t chunks; /* since `keep`, of a table that is whole */
	struct error why;
};

/* Are the entries of a table as they were written? */
static bool entries_whole(struct look *l, const struct ewf_section *section,
                          uint32_t chunks)
{
	uint64_t at = section->at + EWF_SECTION_SIZE + EWF_TABLE_SIZE;
	uint64_t left = (uint64_t)chunks * EWF_ENTRY_SIZE;
	uint8_t buf[PIECE];
	uint32_t sum = 1;
	struct error err;
	struct cursor c;

	/* Where chunks follow in the same section, no checksum does. */
	if (section->at + section->size != at + left + 4)
		return section->at + section->size >= at + left;
	while (left) {
		size_t n = (size_t)MIN(left, sizeof(buf));

		if (source_read(l->s, at, buf, n, &err))
			return false;
		sum = ewf_checksum(sum, (struct bytes){ buf, n, at });
		at += n;
		left -= n;
	}
	if (source_read(l->s, at, buf, 4, &err))
		return false;
	c = cursor_open((struct bytes){ buf, 4, at });
	return cursor_le32(&c) == sum;
}

static bool table_whole(struct look *l, const struct ewf_section *section,
                        uint32_t *chunks)
{
	uint64_t at = section->at + EWF_SECTION_SIZE;
	uint8_t buf[EWF_TABLE_SIZE];
	struct error err;

	*chunks = 0;
	return !source_read(l->s, at, buf, sizeof(buf), &err) &&
	       !ewf_table_parse(chunks, (struct bytes){ buf, sizeof(buf), at },
	                        &err) &&
	       entries_whole(l, section, *chunks);
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
	struct look l = { .s = s, .segment = segment };
	uint64_t at = EWF_HEAD_SIZE;
	unsigned n = 0;

	segment->size = s->size;
	segment->keep = EWF_HEAD_SIZE;
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
