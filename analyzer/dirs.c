/* SPDX-License-Identifier: MIT */
/*
 * dirs.c - the directories of a volume, and the paths that they make
 *
 * One small row a directory in an array, and their names in one buffer: a
 * volume of a million directories takes some tens of MiB.
 */
#include "analyzer/dirs.h"
#include "parsers/limits.h"
#include "parsers/text.h"

#include <string.h>

struct dir {
	uint64_t number;
	uint64_t parent; /* reference */
	uint32_t name;   /* offset in `names`, of a NUL-terminated text */
	uint16_t sequence;
	bool in_use;
};

struct dirs {
	GArray *rows; /* of struct dir; by number, once sorted */
	GByteArray *names;
};

struct dirs *dirs_new(void)
{
	struct dirs *dirs = g_new0(struct dirs, 1);

	dirs->rows = g_array_new(FALSE, FALSE, sizeof(struct dir));
	dirs->names = g_byte_array_new();
	return dirs;
}

void dirs_free(struct dirs *dirs)
{
	if (!dirs)
		return;
	g_array_free(dirs->rows, TRUE);
	g_byte_array_free(dirs->names, TRUE);
	g_free(dirs);
}

/* Takes a directory, but for where its name is, and that name. */
static void add_row(struct dirs *dirs, struct dir dir, const char *name,
                    size_t n)
{
	/* A buffer of 4 GiB of names is no real volume; they become orphans. */
	if (n >= UINT32_MAX - dirs->names->len)
		return;
	dir.name = dirs->names->len;
	g_byte_array_append(dirs->names, (const guint8 *)name, (guint)(n + 1));
	g_array_append_val(dirs->rows, dir);
}

void dirs_add(struct dirs *dirs, uint64_t number, uint16_t sequence,
              bool in_use, const struct ntfs_name *name)
{
	char buf[TEXT_UTF16(510)];
	struct text t = text_open(buf, sizeof(buf));
	const struct dir dir = { .number = number,
		                 .parent = name->parent,
		                 .sequence = sequence,
		                 .in_use = in_use };

	if (name->namespace_ == NTFS_NAME_DOS)
		return;
	text_name(&t, name->name);
	add_row(dirs, dir, buf, t.n);
}

static char *name_of(const struct dirs *dirs, const struct dir *dir)
{
	return (char *)dirs->names->data + dir->name;
}

void dirs_join(struct dirs *dirs, const struct dirs *more)
{
	for (guint i = 0; i < more->rows->len; i++) {
		const struct dir *dir =
			&g_array_index(more->rows, struct dir, i);
		const char *name = name_of(more, dir);

		add_row(dirs, *dir, name, strlen(name));
	}
}

static gint by_number(gconstpointer a, gconstpointer b)
{
	const struct dir *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

void dirs_sort(struct dirs *dirs)
{
	g_array_sort(dirs->rows, by_number);
}

/* Windows counts the sequence up when it deletes a directory. */
static bool is_parent(const struct dir *dir, uint64_t ref)
{
	uint16_t sequence = NTFS_REF_SEQUENCE(ref);

	return dir->sequence == sequence ||
	       (!dir->in_use && dir->sequence == (uint16_t)(sequence + 1));
}

static const struct dir *find(const struct dirs *dirs, uint64_t ref)
{
	struct dir key = { .number = NTFS_REF_RECORD(ref) };
	const struct dir *dir;
	guint i;

	if (!g_array_binary_search(dirs->rows, &key, by_number, &i))
		return NULL;
	dir = &g_array_index(dirs->rows, struct dir, i);
	return is_parent(dir, ref) ? dir : NULL;
}

static bool is_root(uint64_t ref)
{
	return NTFS_REF_RECORD(ref) == NTFS_RECORD_ROOT;
}

/* The names of the folders from `*parent` up; it becomes what the last one is
   in.  Returns the limit that was met, or NULL. */
static const char *walk_up(const struct dirs *dirs, uint64_t *parent,
                           GPtrArray *parts)
{
	const struct dir *dir;
	size_t n = 0;

	while (!is_root(*parent) && (dir = find(dirs, *parent))) {
		char *name = name_of(dirs, dir);

		n += strlen(name) + 1;
		if (parts->len >= LIMIT_DEPTH)
			return "folders in folders, without end";
		if (n > LIMIT_PATH)
			return "length of a path";
		g_ptr_array_add(parts, name);
		*parent = dir->parent;
	}
	return NULL;
}

char *dirs_path(const struct dirs *dirs, uint64_t parent, const char *name,
                const char **over)
{
	GPtrArray *parts = g_ptr_array_new();
	GString *path = g_string_new(NULL);

	*over = walk_up(dirs, &parent, parts);
	if (*over)
		/* A cycle has no top: keep none of it. */
		g_ptr_array_set_size(parts, 0);
	if (!is_root(parent) || *over)
		g_string_append(path, "/$Orphan");
	for (guint i = parts->len; i > 0; i--)
		g_string_append_printf(path, "/%s",
		                       (char *)parts->pdata[i - 1]);
	g_string_append_printf(path, "/%s", name);
	g_ptr_array_free(parts, TRUE);
	return g_string_free(path, FALSE);
}
