/* SPDX-License-Identifier: MIT */
/*
 * loose.c - one encrypted file in a form in which it lives outside of NTFS
 */
#include "analyzer/loose.h"
#include "parsers/efs.h"
#include "parsers/limits.h"

#include <string.h>

static const struct loose_form *const forms[] = {
#define LOOSE_FORM(name) &loose_##name,
#include "analyzer/loose_forms.def"
#undef LOOSE_FORM
};

const struct loose_form *loose_find(const struct loose *l, struct bytes head)
{
	const struct loose_form *best = NULL;
	unsigned high = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		unsigned bid = forms[i]->bid(l, head);

		if (bid <= high)
			continue;
		high = bid;
		best = forms[i];
	}
	return best;
}

struct bytes loose_head(struct found *file, uint8_t *buf)
{
	size_t n = (size_t)MIN(file->size, LOOSE_HEAD);
	struct error ignored;
	bool good = n && !file->read(file, 0, buf, n, &ignored);

	if (file->rest)
		file->rest(file);
	return good ? (struct bytes){ buf, n, 0 } : (struct bytes){ 0 };
}

bool loose_begins(struct bytes head, uint64_t size)
{
	struct found file = { .size = size };
	const struct loose l = { .file = &file };

	return loose_find(&l, head) != NULL;
}

/* ------------------------------------------------------------------- names */

static const struct {
	const char *ending;
	enum loose_info from;
} endings[] = {
	{ ".efsinfo", LOOSE_INFO_BESIDE },
	{ ".$EFS", LOOSE_INFO_PAIR },
	{ ".efs", LOOSE_INFO_MAYBE },
};

/* Does the path end so, behind a name that is not empty? */
static bool has_ending(const char *path, const char *ending)
{
	size_t n = strlen(path), len = strlen(ending);

	return n > len && path[n - len - 1] != '/' &&
	       !g_ascii_strcasecmp(path + n - len, ending);
}

size_t loose_base(const char *path, enum loose_info *from)
{
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		if (!has_ending(path, endings[i].ending))
			continue;
		*from = endings[i].from;
		return strlen(path) - strlen(endings[i].ending);
	}
	return 0;
}

char *loose_key(const char *path, size_t n)
{
	return g_utf8_casefold(path, (gssize)n);
}

char *loose_plain(const char *path)
{
	static const char *const ours[] = { ".efs", ".pfile" };

	for (size_t i = 0; i < G_N_ELEMENTS(ours); i++)
		if (has_ending(path, ours[i]))
			return g_strndup(path, strlen(path) - strlen(ours[i]));
	return g_strdup(path);
}

/* ---------------------------------------------------------------- metadata */

static bool is_zero(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i])
			return false;
	return true;
}

/*
 * There is no magic number.  Versions 1 to 3 hold 28 reserved bytes that are
 * zero in every sample, and offsets that must lie behind the header; 4 and 5
 * have never been met.
 */
bool loose_is_efs(struct bytes head, uint64_t size)
{
	struct cursor c = cursor_open(head);
	uint32_t length = cursor_le32(&c);
	uint32_t version, ddf, drf;
	struct error ignored;
	bool reserved;

	if (efs_version(&version, head, &ignored) || version > 5 ||
	    length < EFS_HEADER_SIZE || length > size ||
	    length > LIMIT_EFS_SIZE)
		return false;
	if (version > 3)
		return true;
	reserved = is_zero(cursor_cut(&c, 0x30, 16)) &&
	           is_zero(cursor_cut(&c, 0x48, 12));
	cursor_skip(&c, 0x40 - c.pos);
	ddf = cursor_le32(&c);
	drf = cursor_le32(&c);
	return !c.bad && reserved && (ddf || drf) &&
	       (!ddf || (ddf >= EFS_HEADER_SIZE && ddf < length)) &&
	       (!drf || (drf >= EFS_HEADER_SIZE && drf < length));
}

bool loose_is_info(struct found *file)
{
	uint8_t buf[LOOSE_HEAD];

	return file->size <= LIMIT_EFS_SIZE &&
	       loose_is_efs(loose_head(file, buf), file->size);
}

/* ----------------------------------------------------------------- objects */

enum status loose_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                       struct error *err)
{
	struct found *file = ctx;
	uint64_t end = file->size + file->slack;

	if (at > end || n > end - at)
		return fail(err, E_TRUNCATED, file->size, "the file ends here");
	return file->read(file, at, buf, n, err);
}

static void rest(void *ctx)
{
	struct found *file = ctx;

	if (file->rest)
		file->rest(file);
}

void loose_take_efs(struct object *o, struct found *file, uint64_t at,
                    uint64_t n)
{
	o->has_efs = true;
	o->efs_at = at;
	if (n > LIMIT_EFS_SIZE) {
		(void)fail(&o->efs_err, E_LIMIT, at, "size of $EFS");
		return;
	}
	g_byte_array_set_size(o->efs, (guint)n);
	if (loose_read(file, at, o->efs->data, (size_t)n, &o->efs_err))
		g_byte_array_set_size(o->efs, 0);
	rest(file);
}

void loose_take_data(struct object *o, const struct loose *l, uint64_t at,
                     uint64_t stored, uint64_t size)
{
	struct extent e = { .at = at };
	struct stream *s = object_stream(o, l->stream);

	s->begins = true;
	s->flags = NTFS_ATTR_ENCRYPTED;
	s->at = at;
	s->allocated = s->stored = stored;
	s->size = s->initialized = size;
	if (!stored)
		return;
	/* Nothing is read behind what is stored. */
	e.n = stored + (EFS_UNIT - stored % EFS_UNIT) % EFS_UNIT;
	s->extents.list = g_array_new(FALSE, FALSE, sizeof(struct extent));
	s->extents.stored = e.n;
	g_array_append_val(s->extents.list, e);
}

static void set_plain(struct object *o, const char *path)
{
	char *plain = loose_plain(path);

	if (strcmp(plain, path) != 0)
		o->plain = plain;
	else
		g_free(plain);
}

void loose_load(struct object *o, const struct loose *l)
{
	const struct found *any = l->file ? l->file : l->info;

	g_ptr_array_add(o->paths, g_strdup(l->path));
	set_plain(o, l->path);
	o->created = any->origin.made;
	o->modified = any->modified;
	o->accessed = any->accessed;
	o->mft = any->number;
	o->deleted = any->deleted;
	o->cluster = EFS_UNIT;
	o->alone = true;
	o->together = LIMIT_HOLES;
	if (l->file) {
		o->read = loose_read;
		o->read_ctx = l->file;
		o->rest = rest;
		o->room = l->file->size + EFS_UNIT;
	}
	l->form->load(o, l);
}
