/* SPDX-License-Identifier: MIT */
/*
 * manifest.c - the images of a batch
 */
#include "analyzer/manifest.h"
#include "analyzer/options.h"
#include "analyzer/output.h"
#include "parsers/csv.h"
#include "parsers/limits.h"

#include <string.h>

enum column { EVIDENCE, LABEL, PARTITION, SNAPSHOTS, KEYRING, COLUMNS };

static const char *const column_names[COLUMNS] = {
	[EVIDENCE] = "evidence",   [LABEL] = "label",
	[PARTITION] = "partition", [SNAPSHOTS] = "snapshots",
	[KEYRING] = "keyring",
};

static void image_free(void *p)
{
	struct image *image = p;

	g_free(image->evidence);
	g_free(image->label);
	g_free(image->volume);
	g_free(image->snapshots);
	g_free(image->keyring);
	g_free(image->problem);
	g_free(image);
}

GPtrArray *images_new(void)
{
	return g_ptr_array_new_with_free_func(image_free);
}

/* ------------------------------------------------------------------ rows */

/* The text of a field, without the blanks around it; NULL where that is
   nothing, or no text. */
static char *field_text(const struct csv_field *field, bool *text)
{
	char *s = g_malloc(field->text.n + 1);
	size_t n = csv_copy((uint8_t *)s, field);

	s[n] = '\0';
	*text = !memchr(s, '\0', n) && g_utf8_validate(s, (gssize)n, NULL);
	if (*text && *g_strstrip(s))
		return s;
	g_free(s);
	return NULL;
}

struct row {
	GPtrArray *fields; /* of char *, or NULL */
	unsigned line;
	const char *problem; /* or NULL */
};

/* E_ABSENT: there is none left.  What is wrong with it is no failure. */
static enum status read_row(struct csv_reader *c, struct row *row,
                            struct error *err)
{
	struct csv_field field = { 0 };

	*row = (struct row){ .fields = g_ptr_array_new_with_free_func(g_free) };
	while (!field.last) {
		enum status st = csv_next(c, &field, err);
		bool text = true;

		if (st == E_ABSENT)
			return st;
		if (!row->line)
			row->line = field.line;
		if (st)
			row->problem = err->what;
		else
			g_ptr_array_add(row->fields, field_text(&field, &text));
		if (!text)
			row->problem = "it is not UTF-8";
	}
	return OK;
}

static void row_release(struct row *row)
{
	g_ptr_array_unref(row->fields);
}

/* ---------------------------------------------------------------- columns */

struct columns {
	guint n;
	guint at[COLUMNS]; /* G_MAXUINT: there is no such column */
	GString *unknown;
};

static enum column find_column(const char *name)
{
	enum column i = EVIDENCE;

	while (i < COLUMNS && g_ascii_strcasecmp(name, column_names[i]))
		i++;
	return i;
}

/* A column that comes twice says nothing: which one is meant? */
static bool read_columns(struct columns *cols, const struct row *head)
{
	bool ok = !head->problem;

	cols->n = head->fields->len;
	memset(cols->at, 0xff, sizeof(cols->at));
	cols->unknown = g_string_new(NULL);
	for (guint i = 0; i < cols->n; i++) {
		const char *name = head->fields->pdata[i];
		enum column column = name ? find_column(name) : COLUMNS;

		if (column < COLUMNS) {
			ok &= cols->at[column] == G_MAXUINT;
			cols->at[column] = i;
		} else if (name) {
			g_string_append_printf(cols->unknown, "%s%s",
			                       cols->unknown->len ? ", " : "",
			                       name);
		}
	}
	return ok && cols->at[EVIDENCE] != G_MAXUINT;
}

bool manifest_is(struct bytes text)
{
	struct csv_reader c = csv_open(text);
	struct columns cols;
	struct error err;
	struct row head;
	bool is = !read_row(&c, &head, &err);

	if (is) {
		(void)read_columns(&cols, &head);
		is = cols.at[EVIDENCE] != G_MAXUINT;
		g_string_free(cols.unknown, TRUE);
	}
	row_release(&head);
	return is;
}

/* ----------------------------------------------------------------- images */

static char *take_field(const struct row *row, const struct columns *cols,
                        enum column column)
{
	guint i = cols->at[column];

	return i < row->fields->len ? g_strdup(row->fields->pdata[i]) : NULL;
}

static char *take_path(const struct row *row, const struct columns *cols,
                       enum column column, const char *folder)
{
	char *path = take_field(row, cols, column);
	char *full = path ? g_canonicalize_filename(path, folder) : NULL;

	g_free(path);
	return full;
}

static const char *find_problem(const struct image *image,
                                const struct row *row,
                                const struct columns *cols)
{
	if (row->problem)
		return row->problem;
	if (row->fields->len > cols->n)
		return "it has more fields than the first line";
	if (!image->evidence)
		return "it names no evidence";
	if (image->volume && !options_is_list(image->volume))
		return "partition takes numbers, as in 1,3";
	if (image->snapshots && !options_is_snapshots(image->snapshots))
		return "snapshots is none, all, or numbers as in 1,3";
	return NULL;
}

static void add_row(GPtrArray *images, const struct row *row,
                    const struct columns *cols, const char *folder)
{
	struct image *image = g_new0(struct image, 1);

	image->line = row->line;
	image->evidence = take_path(row, cols, EVIDENCE, folder);
	image->label = take_field(row, cols, LABEL);
	image->volume = take_field(row, cols, PARTITION);
	image->snapshots = take_field(row, cols, SNAPSHOTS);
	image->keyring = take_path(row, cols, KEYRING, folder);
	image->problem = g_strdup(find_problem(image, row, cols));
	g_ptr_array_add(images, image);
}

enum status manifest_read(GPtrArray *images, struct bytes text,
                          const char *folder, char **unknown, struct error *err)
{
	struct csv_reader c = csv_open(text);
	struct columns cols = { 0 };
	struct row row;
	enum status st = read_row(&c, &row, err);

	*unknown = NULL;
	if (st || !read_columns(&cols, &row))
		st = fail(err, E_CORRUPT, 0,
		          "its first line does not name its columns, each "
		          "once");
	row_release(&row);
	while (!st && !(st = read_row(&c, &row, err))) {
		if (images->len < LIMIT_IMAGES)
			add_row(images, &row, &cols, folder);
		else
			st = fail(err, E_LIMIT, 0, "it has too many lines");
		row_release(&row);
	}
	if (st == E_ABSENT) {
		row_release(&row);
		st = OK;
	}
	if (cols.unknown && cols.unknown->len)
		*unknown = g_strdup(cols.unknown->str);
	if (cols.unknown)
		g_string_free(cols.unknown, TRUE);
	return st;
}

void images_add(GPtrArray *images, const char *path)
{
	struct image *image = g_new0(struct image, 1);

	image->evidence = g_canonicalize_filename(path, NULL);
	g_ptr_array_add(images, image);
}

/* ----------------------------------------------------------------- labels */

static char *safe_name(const char *name)
{
	char *safe = output_escape(name);
	char *valid = g_utf8_make_valid(safe, -1);

	g_free(safe);
	return valid;
}

static void take_given(GHashTable *used, struct image *image)
{
	char *safe = safe_name(image->label);

	g_free(image->label);
	image->label = safe;
	if (!image->problem && !g_hash_table_add(used, g_strdup(safe)))
		image->problem = g_strdup("an image before it has this label");
}

static void take_default(GHashTable *used, struct image *image)
{
	char *base = g_path_get_basename(image->evidence);
	char *safe = safe_name(base);

	image->label = g_strdup(safe);
	for (unsigned i = 2;
	     !image->problem && g_hash_table_contains(used, image->label);
	     i++) {
		g_free(image->label);
		image->label = g_strdup_printf("%s~%u", safe, i);
	}
	if (!image->problem)
		g_hash_table_add(used, g_strdup(image->label));
	g_free(safe);
	g_free(base);
}

/* What was given goes first: no default may take its place. */
void images_label(GPtrArray *images)
{
	GHashTable *used =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < images->len; i++) {
		struct image *image = images->pdata[i];

		if (image->label)
			take_given(used, image);
	}
	for (guint i = 0; i < images->len; i++) {
		struct image *image = images->pdata[i];

		if (!image->label && image->evidence)
			take_default(used, image);
	}
	g_hash_table_unref(used);
}
