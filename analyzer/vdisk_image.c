/* SPDX-License-Identifier: MIT */
/*
 * vdisk_image.c - what the formats of virtual disks have in common
 */
#include "analyzer/vdisk_internal.h"
#include "parsers/limits.h"
#include "parsers/text.h"

#include <string.h>

#define SLOTS   16u
#define UNKNOWN 0xfe

/* Small tables by their place; any may be overwritten by a later one. */
struct vdisk_cache {
	GMutex lock;
	struct slot {
		struct source *file;
		uint64_t at;
		uint32_t n;
		uint8_t *p;
	} slots[SLOTS];
};

struct vdisk_image *vdisk_image_new(const struct vdisk_format *format,
                                    const char *path, struct source *file)
{
	struct vdisk_image *im = g_new0(struct vdisk_image, 1);

	im->format = format;
	im->path = g_strdup(path);
	im->file = file;
	im->held = file->held;
	im->parents = g_ptr_array_new_with_free_func(g_free);
	im->problem = g_string_new(NULL);
	im->reserved = g_array_new(FALSE, FALSE, sizeof(struct vdisk_range));
	im->cache = g_new0(struct vdisk_cache, 1);
	g_mutex_init(&im->cache->lock);
	return im;
}

void vdisk_image_free(struct vdisk_image *im, bool with_file)
{
	if (im->ctx)
		im->format->free(im->ctx);
	if (with_file)
		source_free(im->file);
	for (unsigned i = 0; i < SLOTS; i++)
		g_free(im->cache->slots[i].p);
	g_mutex_clear(&im->cache->lock);
	g_free(im->cache);
	g_array_free(im->reserved, TRUE);
	g_string_free(im->problem, TRUE);
	g_ptr_array_free(im->parents, TRUE);
	g_free(im->parent_id2);
	g_free(im->parent_id);
	g_free(im->id);
	g_free(im->path);
	g_free(im);
}

/* ------------------------------------------------------------------ tables */

/* Whole, or what of its sectors can be had. */
static void read_table(struct source *file, uint64_t at, uint8_t *p, uint64_t n)
{
	struct error ignored;

	if (at >= file->size)
		return;
	n = MIN(n, file->size - at);
	if (!source_read(file, at, p, (size_t)n, &ignored))
		return;
	memset(p, UNKNOWN, (size_t)n);
	for (uint64_t i = 0; i < n; i += 512) {
		size_t part = (size_t)MIN(512, n - i);

		if (source_read(file, at + i, p + i, part, &ignored))
			memset(p + i, UNKNOWN, part);
	}
}

enum status vdisk_table(uint8_t **out, struct vdisk_image *im,
                        struct source *file, uint64_t at, uint64_t n,
                        struct error *err)
{
	*out = NULL;
	if (n > LIMIT_DISK_TABLE)
		return fail(err, E_LIMIT, at, "size of a virtual disk's table");
	if (n > LIMIT_DISK_TABLES - *im->kept)
		return fail(err, E_LIMIT, at,
		            "size of all tables of a virtual disk");
	*im->kept += n;
	*out = g_malloc((size_t)n + 1);
	memset(*out, UNKNOWN, (size_t)n);
	read_table(file, at, *out, n);
	return OK;
}

static bool fill_slot(struct slot *slot, struct source *file, uint64_t at,
                      uint32_t size)
{
	struct error ignored;

	if (slot->file == file && slot->at == at && slot->n == size)
		return true;
	slot->file = NULL;
	if (at > file->size || size > file->size - at)
		return false;
	slot->p = g_realloc(slot->p, size);
	if (source_read(file, at, slot->p, size, &ignored))
		return false;
	slot->file = file;
	slot->at = at;
	slot->n = size;
	return true;
}

bool vdisk_peek(struct vdisk_image *im, struct source *file, uint64_t at,
                uint32_t size, uint32_t off, uint8_t *out, size_t n)
{
	struct vdisk_cache *cache = im->cache;
	struct slot *slot = &cache->slots[(at / 512 + at / 65536) % SLOTS];
	bool ok;

	g_mutex_lock(&cache->lock);
	ok = fill_slot(slot, file, at, size) && off <= size && n <= size - off;
	if (ok)
		memcpy(out, slot->p + off, n);
	g_mutex_unlock(&cache->lock);
	return ok;
}

void vdisk_reserve(struct vdisk_image *im, const struct source *file,
                   uint64_t at, uint64_t n)
{
	struct vdisk_range range = { file, at, n };

	if (n && at < file->size)
		g_array_append_val(im->reserved, range);
}

bool vdisk_is_reserved(const struct vdisk_image *im, const struct source *file,
                       uint64_t at, uint64_t n)
{
	for (guint i = 0; i < im->reserved->len; i++) {
		const struct vdisk_range *r =
			&g_array_index(im->reserved, struct vdisk_range, i);

		if (r->file != file)
			continue;
		if (at <= r->at ? r->at - at < n : at - r->at < r->n)
			return true;
	}
	return false;
}

/* ------------------------------------------------------------ what is said */

void vdisk_problem(struct vdisk_image *im, const char *format, ...)
{
	va_list args;

	if (im->problem->len)
		g_string_append(im->problem, "; ");
	va_start(args, format);
	g_string_append_vprintf(im->problem, format, args);
	va_end(args);
}

void vdisk_fact(struct vdisk_image *im, const char *name, const char *format,
                ...)
{
	va_list args;
	char *value;

	if (!im->facts)
		return;
	va_start(args, format);
	value = g_strdup_vprintf(format, args);
	va_end(args);
	facts_add(im->facts, name, value);
	g_free(value);
}

const char *vdisk_base_name(const char *path)
{
	for (const char *p = path; *p; p++)
		if ((*p == '/' || *p == '\\') && p[1])
			path = p + 1;
	return path;
}

void vdisk_add_parent(struct vdisk_image *im, char *name)
{
	if (name && *name)
		g_ptr_array_add(im->parents, name);
	else
		g_free(name);
}

char *vdisk_guid(struct bytes b)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));

	text_guid(&t, b);
	return g_strdup(buf);
}

char *vdisk_uuid(struct bytes b)
{
	GString *s = g_string_new("{");

	for (size_t i = 0; i < b.n; i++)
		g_string_append_printf(
			s, "%s%02x",
			i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			b.p[i]);
	g_string_append_c(s, '}');
	return g_string_free(s, FALSE);
}

char *vdisk_utf16(struct bytes b)
{
	size_t n = 0;
	struct text t;
	char *s;

	while (n + 2 <= b.n && (b.p[n] || b.p[n + 1]))
		n += 2;
	b.n = n;
	s = g_malloc(TEXT_UTF16(n));
	t = text_open(s, TEXT_UTF16(n));
	text_utf16(&t, b);
	return s;
}
