/* SPDX-License-Identifier: MIT */
/*
 * table_gpt.c - the types and attributes of a GPT's partitions
 *
 * Types: UEFI Specification 2.10, 5.3.3; PARTITION_INFORMATION_GPT of the
 * Windows SDK; the Discoverable Partitions Specification.
 */
#include "analyzer/table_gpt.h"
#include "parsers/gpt.h"
#include "parsers/limits.h"
#include "parsers/text.h"

#include <string.h>

static const struct {
	const char *guid, *holds;
	bool dynamic;
} types[] = {
	{ "{e3c9e316-0b5c-4db8-817d-f92df00215ae}", "reserved by Windows",
	  false },
	{ "{5808c8aa-7e8f-42e0-85d2-e1e90434cfb3}",
	  "metadata of a dynamic disk (LDM)", false },
	{ "{af9b60a0-1431-4f62-bc68-3311714a69ad}", "dynamic disk (LDM)",
	  true },
	{ "{e75caf8f-f680-4cee-afa3-b001e56efc2d}", "Storage Spaces", false },
	{ "{e6d6d379-f507-44c2-a23c-238f2a3df928}", "LVM", false },
	{ "{a19d880f-05fc-4d3b-a006-743f0f84911e}", "Linux RAID", false },
	{ "{0657fd6d-a4ab-43c4-84e5-0933c84b4f4f}", "Linux swap", false },
};

/* All attributes below are of Windows' own types. */
static const char *const windows[] = {
	"{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}", /* basic data */
	"{de94bba4-06d1-4d40-a16a-bfd50179d6ac}", /* recovery */
};

static void apply(struct partition *p, const struct gpt_entry *e)
{
	char type[TEXT_GUID];
	struct text guid = text_open(type, sizeof(type));

	text_guid(&guid, e->type);

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		if (strcmp(type, types[i].guid) != 0)
			continue;
		p->holds = types[i].holds;
		p->dynamic = types[i].dynamic;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(windows); i++) {
		if (strcmp(type, windows[i]) != 0)
			continue;
		p->hidden = e->attributes & GPT_HIDDEN;
		p->no_letter = e->attributes & GPT_NO_LETTER;
	}
}

static void look_at_entry(GArray *partitions, const struct gpt_entry *e,
                          unsigned sector)
{
	for (guint i = 0; i < partitions->len; i++) {
		struct partition *p =
			&g_array_index(partitions, struct partition, i);

		if (p->at / sector == e->first)
			apply(p, e);
	}
}

static bool read_header(struct gpt_header *header, struct source *s,
                        unsigned sector, bool backup)
{
	uint64_t sectors = s->size / sector;
	uint64_t at = backup && sectors ? (sectors - 1) * sector : sector;
	uint8_t buf[512];
	struct error ignored;

	return !source_read(s, at, buf, sizeof(buf), &ignored) &&
	       !gpt_header_parse(header, (struct bytes){ buf, sizeof(buf), at },
	                         &ignored);
}

bool table_gpt_is_long(struct source *s, unsigned blind)
{
	struct gpt_header header;
	bool is_long = false, found = false;

	for (unsigned sector = 512; sector <= 4096; sector *= 2) {
		if (sector == blind || !read_header(&header, s, sector, false))
			continue;
		found = true;
		is_long |= header.claimed > LIMIT_PARTITIONS;
	}
	for (unsigned sector = 512; !found && sector <= 4096; sector *= 2)
		is_long |= read_header(&header, s, sector, true) &&
		           header.claimed > LIMIT_PARTITIONS;
	return is_long;
}

void table_gpt_types(GArray *partitions, struct source *s, unsigned sector,
                     bool backup)
{
	struct gpt_header header;
	uint8_t buf[4096];

	if (!read_header(&header, s, sector, backup) ||
	    header.entries > s->size / sector)
		return;
	for (uint32_t i = 0; i < header.count; i++) {
		uint64_t at =
			header.entries * sector + (uint64_t)i * header.size;
		struct bytes in = { buf, header.size, at };
		struct gpt_entry entry;
		struct error ignored;

		if (!source_read(s, at, buf, in.n, &ignored) &&
		    !gpt_entry_parse(&entry, in, &ignored))
			look_at_entry(partitions, &entry, sector);
	}
}
