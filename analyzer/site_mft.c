/* SPDX-License-Identifier: MIT */
/*
 * site_mft.c - a $MFT that was collected without its volume
 */
#include "analyzer/site_mft.h"
#include "analyzer/kind.h"
#include "analyzer/loose.h"
#include "analyzer/say.h"
#include "analyzer/site_ntfs.h"

#include <string.h>

/* "FILE", and the name of the first file within its first attributes. */
bool mft_begins(struct bytes head)
{
	static const uint8_t name[] = { 4, 3, '$', 0, 'M', 0, 'F', 0, 'T', 0 };

	if (!bytes_begin(head, "FILE", 4))
		return false;
	for (size_t i = 0x30; i + sizeof(name) <= head.n; i++) {
		/* Any namespace will do. */
		if (head.p[i] == name[0] && head.p[i + 1] <= name[1] &&
		    !memcmp(head.p + i + 2, name + 2, sizeof(name) - 2))
			return true;
	}
	return false;
}

bool mft_is(struct found *file)
{
	uint8_t buf[LOOSE_HEAD];

	return file->size > sizeof(buf) && mft_begins(loose_head(file, buf));
}

/* "/C" of "C/$MFT". */
static char *prefix_of(const struct found *file)
{
	const char *path = file->origin.path;
	size_t n = strlen(path) - strlen(found_name(file));

	if (n < 2)
		return g_strdup("");
	return g_strdup_printf("%s%.*s", *path == '/' ? "" : "/", (int)n - 1,
	                       path);
}

static enum status add_closed(struct run *run, const struct evidence *e,
                              struct case_volume *row, const struct error *why,
                              struct error *err)
{
	char *reason = say_error(why);
	enum status st;

	say("%s %s: %s", e->name, row->description, reason);
	run->volume_damaged = true;
	row->evidence = e->id;
	row->reason = reason;
	st = casefile_add_volume(run->cf, row, err);
	g_free(reason);
	return st;
}

enum status mft_add(struct run *run, const struct evidence *e,
                    struct found *file, struct error *err)
{
	const struct reader reader = {
		.read = loose_read,
		.ctx = file,
		.size = file->size,
	};
	struct case_volume row = {
		.size = file->size,
		.filesystem = "$MFT",
		.description = file->origin.path,
	};
	struct source *s;
	char *prefix;
	struct site *site;
	struct error why;

	run->ntfs += !e->keys_only;
	if (run->mode == RUN_INFO) {
		row.evidence = e->id;
		run->walked++;
		return casefile_add_volume(run->cf, &row, err);
	}
	s = source_layer(&reader, "$MFT", NULL, false);
	prefix = prefix_of(file);
	site = site_lone(run, s, prefix, e->keys_only, &why);
	g_free(prefix);
	if (!site)
		return add_closed(run, e, &row, &why, err);
	row.records = site->row.records;
	row.cluster = site->row.cluster;
	row.reason = site->reason;
	site->row = row;
	if (site->reason) {
		say("%s %s: %s", e->name, row.description, site->reason);
		run->volume_damaged = true;
	}
	return kind_add_site(run, e, site, err);
}
