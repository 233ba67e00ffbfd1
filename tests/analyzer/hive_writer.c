/* SPDX-License-Identifier: MIT */
/*
 * hive_writer.c - registry hives for the tests
 *
 * One bin with all cells, lists of the kind "lf", names of one byte a letter.
 */
#include "tests/analyzer/hive_writer.h"

#include <string.h>

struct value {
	char *name;
	GByteArray *data;
};

struct node {
	char *name, *class;
	GPtrArray *subs, *values;
};

struct writer {
	struct node *root;
	GByteArray *out; /* of the bin */
};

static void node_free(void *p)
{
	struct node *n = p;

	for (guint i = 0; i < n->values->len; i++) {
		struct value *v = g_ptr_array_index(n->values, i);

		g_free(v->name);
		g_byte_array_unref(v->data);
		g_free(v);
	}
	g_ptr_array_free(n->values, TRUE);
	g_ptr_array_free(n->subs, TRUE);
	g_free(n->name);
	g_free(n->class);
	g_free(n);
}

static struct node *node_new(const char *name)
{
	struct node *n = g_new0(struct node, 1);

	n->name = g_strdup(name);
	n->subs = g_ptr_array_new_with_free_func(node_free);
	n->values = g_ptr_array_new();
	return n;
}

struct writer *writer_new(void)
{
	struct writer *w = g_new0(struct writer, 1);

	w->root = node_new("ROOT");
	w->out = g_byte_array_new();
	return w;
}

static struct node *node_at(struct writer *w, const char *path)
{
	char **parts = g_strsplit(path, "\\", -1);
	struct node *at = w->root;

	for (char **p = parts; *p; p++) {
		struct node *found = NULL;

		for (guint i = 0; i < at->subs->len; i++) {
			struct node *n = g_ptr_array_index(at->subs, i);

			if (!strcmp(n->name, *p))
				found = n;
		}
		if (!found) {
			found = node_new(*p);
			g_ptr_array_add(at->subs, found);
		}
		at = found;
	}
	g_strfreev(parts);
	return at;
}

void writer_key(struct writer *w, const char *path, const char *class)
{
	struct node *n = node_at(w, path);

	g_free(n->class);
	n->class = g_strdup(class);
}

void writer_value(struct writer *w, const char *path, const char *name,
                  const void *p, gsize n)
{
	struct value *v = g_new0(struct value, 1);

	v->name = g_strdup(name);
	v->data = g_byte_array_new();
	g_byte_array_append(v->data, p, (guint)n);
	g_ptr_array_add(node_at(w, path)->values, v);
}

void writer_hex(struct writer *w, const char *path, const char *name,
                const char *hex)
{
	gsize n = strlen(hex) / 2;
	guint8 *p = g_malloc(n + 1);

	for (gsize i = 0; i < n; i++)
		p[i] = (guint8)(g_ascii_xdigit_value(hex[2 * i]) << 4 |
		                g_ascii_xdigit_value(hex[2 * i + 1]));
	writer_value(w, path, name, p, n);
	g_free(p);
}

static void put(GByteArray *to, guint32 v, guint width)
{
	for (guint i = 0; i < width; i++) {
		guint8 b = (guint8)(v >> (8 * i));

		g_byte_array_append(to, &b, 1);
	}
}

static void put_at(guint8 *to, guint32 v)
{
	for (guint i = 0; i < 4; i++)
		to[i] = (guint8)(v >> (8 * i));
}

/* The offset of a cell of these bytes, which are freed. */
static guint32 cell(struct writer *w, GByteArray *bytes)
{
	guint32 at = 32 + w->out->len;
	guint32 size = (bytes->len + 4 + 7) / 8 * 8;
	static const guint8 zeros[8];

	put(w->out, G_MAXUINT32 - size + 1, 4);
	g_byte_array_append(w->out, bytes->data, bytes->len);
	g_byte_array_append(w->out, zeros, size - 4 - bytes->len);
	g_byte_array_unref(bytes);
	return at;
}

static guint32 value_cell(struct writer *w, const struct value *v)
{
	guint32 name = (guint32)strlen(v->name), n = v->data->len;
	GByteArray *b = g_byte_array_new();
	guint8 here[4] = { 0 };

	g_byte_array_append(b, (const guint8 *)"vk", 2);
	put(b, name, 2);
	put(b, n <= 4 ? n | 0x80000000u : n, 4);
	if (n <= 4) {
		if (n)
			memcpy(here, v->data->data, n);
		g_byte_array_append(b, here, 4);
	} else {
		put(b, cell(w, g_byte_array_ref(v->data)), 4);
	}
	put(b, 3, 4);
	put(b, 1, 2);
	put(b, 0, 2);
	g_byte_array_append(b, (const guint8 *)v->name, name);
	return cell(w, b);
}

static guint32 node_cell(struct writer *w, const struct node *n);

static guint32 subs_cell(struct writer *w, const struct node *n)
{
	GByteArray *b = g_byte_array_new();

	g_byte_array_append(b, (const guint8 *)"lf", 2);
	put(b, n->subs->len, 2);
	for (guint i = 0; i < n->subs->len; i++) {
		const struct node *sub = g_ptr_array_index(n->subs, i);

		put(b, node_cell(w, sub), 4);
		put(b, 0, 4);
	}
	return cell(w, b);
}

static guint32 values_cell(struct writer *w, const struct node *n)
{
	GByteArray *b = g_byte_array_new();

	for (guint i = 0; i < n->values->len; i++)
		put(b, value_cell(w, g_ptr_array_index(n->values, i)), 4);
	return cell(w, b);
}

static guint32 class_cell(struct writer *w, const char *class)
{
	GByteArray *b = g_byte_array_new();

	for (; *class; class ++)
		put(b, (guint8) * class, 2);
	return cell(w, b);
}

static guint32 node_cell(struct writer *w, const struct node *n)
{
	guint32 subs = n->subs->len ? subs_cell(w, n) : G_MAXUINT32;
	guint32 values = n->values->len ? values_cell(w, n) : G_MAXUINT32;
	guint32 class = n->class ? class_cell(w, n->class) : G_MAXUINT32;
	GByteArray *b = g_byte_array_new();

	g_byte_array_append(b, (const guint8 *)"nk", 2);
	put(b, n == w->root ? 0x2c : 0x20, 2);
	for (guint i = 0; i < 4; i++)
		put(b, 0, 4);
	put(b, n->subs->len, 4);
	put(b, 0, 4);
	put(b, subs, 4);
	put(b, G_MAXUINT32, 4);
	put(b, n->values->len, 4);
	put(b, values, 4);
	put(b, G_MAXUINT32, 4);
	put(b, class, 4);
	for (guint i = 0; i < 5; i++)
		put(b, 0, 4);
	put(b, (guint32)strlen(n->name), 2);
	put(b, n->class ? 2 * (guint32)strlen(n->class) : 0, 2);
	g_byte_array_append(b, (const guint8 *)n->name, (guint)strlen(n->name));
	return cell(w, b);
}

static void seal(guint8 *base)
{
	guint8 *sum = base + 0x1fc;

	memset(sum, 0, 4);
	for (guint i = 0; i < 0x1fc; i++)
		sum[i % 4] ^= base[i];
}

/* Base block, the header of the bin, the cells, and one that is free. */
GByteArray *writer_finish(struct writer *w)
{
	guint32 root = node_cell(w, w->root);
	guint32 used = 32 + w->out->len;
	guint32 size = (used + 8 + 4095) / 4096 * 4096;
	GByteArray *all = g_byte_array_new();

	g_byte_array_set_size(all, 4096 + size);
	memset(all->data, 0, all->len);
	memcpy(all->data, "regf", 4);
	put_at(all->data + 0x04, 1);
	put_at(all->data + 0x08, 1);
	put_at(all->data + 0x14, 1);
	put_at(all->data + 0x18, 3);
	put_at(all->data + 0x20, 1);
	put_at(all->data + 0x24, root);
	put_at(all->data + 0x28, size);
	put_at(all->data + 0x2c, 1);
	seal(all->data);
	memcpy(all->data + 4096, "hbin", 4);
	put_at(all->data + 4096 + 8, size);
	memcpy(all->data + 4096 + 32, w->out->data, w->out->len);
	put_at(all->data + 4096 + used, size - used);
	node_free(w->root);
	g_byte_array_unref(w->out);
	g_free(w);
	return all;
}
