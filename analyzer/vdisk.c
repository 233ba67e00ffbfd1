/* SPDX-License-Identifier: MIT */
/*
 * vdisk.c - open a virtual disk with its parents, and see what of it is there
 */
#include "analyzer/vdisk_internal.h"
#include "parsers/limits.h"

#include <inttypes.h>

static void vdisk_free(void *ctx)
{
	struct vdisk *v = ctx;

	for (guint i = 0; i < v->images->len; i++)
		vdisk_image_free(v->images->pdata[i], i > 0);
	g_ptr_array_free(v->images, TRUE);
	source_free(v->base);
	g_byte_array_free(v->unit, TRUE);
	g_mutex_clear(&v->lock);
	g_free(v);
}

/* ----------------------------------------------------------------- parents */

static char *find_parent(const struct vdisk_image *im)
{
	char *path = NULL;

	for (guint i = 0; !path && i < im->parents->len; i++)
		path = source_beside(im->path,
		                     vdisk_base_name(im->parents->pdata[i]));
	return path;
}

static void missing(struct vdisk *v, struct vdisk_image *im, const char *why)
{
	v->orphan = true;
	vdisk_problem(im,
	              "the parent disk \"%s\"%s%s %s; what is not in this file "
	              "cannot be read",
	              im->parents->len ? (char *)im->parents->pdata[0] : "?",
	              im->parent_id ? " " : "",
	              im->parent_id ? im->parent_id : "", why);
}

static enum status add_image(struct vdisk *v, struct vdisk_image *im,
                             const struct probe *probe, struct error *err)
{
	g_ptr_array_add(v->images, im);
	im->kept = &v->kept;
	if (im->format->open(im, probe, err))
		return err->status;
	if (!im->size || im->size > INT64_MAX)
		return fail(err, E_CORRUPT, 0, "size of a virtual disk");
	return OK;
}

static bool is_wanted(const struct vdisk_image *child,
                      const struct vdisk_image *parent)
{
	return !child->parent_id || !g_strcmp0(child->parent_id, parent->id) ||
	       (child->parent_id2 && !g_strcmp0(child->parent_id2, parent->id));
}

/* The base of a chain that is of another format. */
static void open_base(struct vdisk *v, struct vdisk_image *child,
                      const char *path, bool raw)
{
	struct error why;

	if (raw ? source_file(&v->base, path, &why)
	        : source_open(&v->base, path, &why))
		missing(v, child, why.what);
}

static void drop_last(struct vdisk *v)
{
	struct vdisk_image *im = v->images->pdata[v->images->len - 1];

	g_ptr_array_set_size(v->images, (gint)v->images->len - 1);
	vdisk_image_free(im, true);
}

/* The next image of the chain, or what is wrong with it. */
static void open_parent(struct vdisk *v, struct vdisk_image *child,
                        const struct source_type *type, const char *path)
{
	struct vdisk_image *im;
	struct source *file;
	struct probe probe;
	struct error why;

	if (child->raw_parent) {
		open_base(v, child, path, true);
		return;
	}
	if (source_file(&file, path, &why)) {
		missing(v, child, why.what);
		return;
	}
	if (source_probe(&probe, file, path, &why) || !type->bid(&probe)) {
		source_free(file);
		if (child->format->any_base)
			open_base(v, child, path, false);
		else
			missing(v, child, "is of another format");
		return;
	}
	im = vdisk_image_new(child->format, path, file);
	if (add_image(v, im, &probe, &why)) {
		drop_last(v);
		missing(v, child, why.what);
	} else if (!is_wanted(child, im)) {
		char *text = g_strdup_printf("is here, but with another "
		                             "identifier, %s",
		                             im->id ? im->id : "none");

		drop_last(v);
		missing(v, child, text);
		g_free(text);
	}
}

static enum status open_parents(struct vdisk *v, const struct source_type *type,
                                struct error *err)
{
	guint done = 0;

	while (done < v->images->len) {
		struct vdisk_image *im = v->images->pdata[done++];
		char *path;

		if (!im->has_parent)
			break;
		if (done > LIMIT_PARENTS)
			return fail(err, E_LIMIT, 0,
			            "a virtual disk with parents without end: "
			            "they form a loop");
		path = find_parent(im);
		if (path)
			open_parent(v, im, type, path);
		else
			missing(v, im,
			        im->path ? "is not beside it"
			                 : "cannot be looked for inside of "
			                   "another container");
		g_free(path);
	}
	return OK;
}

/* ------------------------------------------------------------------- damage */

/* Walk the disk's tables, and note what no read can give. */
static void look_for_damage(struct source *s, struct vdisk *v)
{
	struct vdisk_image *top = v->images->pdata[0];
	uint64_t bad = 0, first = 0, at = 0;
	unsigned i;

	for (i = 0; at < top->size && i < LIMIT_DISK_PIECES; i++) {
		struct vdisk_piece p;

		vdisk_map(v, at, &p);
		if (p.what == VDISK_BAD) {
			if (!bad)
				first = at;
			bad += p.n;
			source_mark_bad(s, at, p.n);
		}
		at += p.n;
	}
	if (bad && !v->orphan)
		vdisk_problem(
			top,
			"%s%" PRIu64 " bytes of the disk cannot be had, the "
			"first at %" PRIu64 ": the file is cut off or its "
			"tables are damaged",
			at < top->size ? "at least " : "", bad, first);
}

static uint64_t held(const struct vdisk *v)
{
	uint64_t n = v->base ? v->base->held : 0;

	for (guint i = 0; i < v->images->len; i++)
		n += ((const struct vdisk_image *)v->images->pdata[i])->held;
	return n;
}

static char *all_problems(const struct vdisk *v)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < v->images->len; i++) {
		const struct vdisk_image *im = v->images->pdata[i];

		if (!im->problem->len)
			continue;
		if (all->len)
			g_string_append(all, "; ");
		if (i)
			g_string_append_printf(
				all, "%s: ", vdisk_base_name(im->path));
		g_string_append(all, im->problem->str);
	}
	return g_string_free(all, !all->len);
}

enum status vdisk_open(struct source *s, const struct probe *probe,
                       const struct vdisk_format *format,
                       const struct source_type *type, struct error *err)
{
	struct vdisk *v = g_new0(struct vdisk, 1);
	struct vdisk_image *top =
		vdisk_image_new(format, probe->path, probe->under);

	v->images = g_ptr_array_new();
	v->unit = g_byte_array_new();
	g_mutex_init(&v->lock);
	s->reader = (struct reader){
		.read = vdisk_read, .free = vdisk_free, .ctx = v, .shared = true
	};
	top->facts = &s->facts;
	if (add_image(v, top, probe, err) || open_parents(v, type, err))
		return err->status;
	s->size = s->reader.size = top->size;
	s->held = held(v);
	look_for_damage(s, v);
	s->problem = all_problems(v);
	return OK;
}
