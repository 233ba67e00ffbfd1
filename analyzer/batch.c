/* SPDX-License-Identifier: MIT */
/*
 * batch.c - what a batch is of, and the folder that its tasks share
 */
#define _GNU_SOURCE /* readlink */

#include "analyzer/batch.h"
#include "analyzer/batch_mark.h"
#include "analyzer/options_batch.h"
#include "analyzer/say.h"
#include "parsers/limits.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ------------------------------------------------------------- what it is of
 */

/* As much of a file as its first line may take. */
#define HEAD 65536

static bool is_manifest(const char *path)
{
	char *head = g_malloc(HEAD);
	FILE *file = g_file_test(path, G_FILE_TEST_IS_REGULAR)
	                     ? fopen(path, "re")
	                     : NULL;
	bool is = false;

	if (file) {
		size_t n = fread(head, 1, HEAD, file);

		is = manifest_is((struct bytes){ (uint8_t *)head, n, 0 });
		(void)fclose(file);
	}
	g_free(head);
	return is;
}

static bool read_text(GPtrArray *images, const char *path, const char *text,
                      size_t n, bool task)
{
	char *full = g_canonicalize_filename(path, NULL);
	char *folder = g_path_get_dirname(full), *unknown;
	struct error err;
	enum status st =
		n > LIMIT_MANIFEST
			? fail(&err, E_LIMIT, 0, "it is too large")
			: manifest_read(
				  images,
				  (struct bytes){ (const uint8_t *)text, n, 0 },
				  folder, &unknown, &err);

	if (!st && unknown && !task)
		say_info("%s: these columns are not known, and are passed "
		         "over: %s",
		         path, unknown);
	if (!st)
		g_free(unknown);
	g_free(folder);
	g_free(full);
	return st ? say_file(path, &err) : true;
}

/* Tasks do not say what was said when they were made. */
static bool read_manifest(GPtrArray *images, const char *path, bool task)
{
	GError *error = NULL;
	char *text;
	gsize n;
	bool ok = g_file_get_contents(path, &text, &n, &error);

	if (ok) {
		ok = read_text(images, path, text, n, task);
		g_free(text);
	} else {
		say("%s", error->message);
		g_error_free(error);
	}
	return ok;
}

bool batch_open(struct batch *b, struct options *o)
{
	bool ok = true;

	*b = (struct batch){ .o = o, .images = images_new() };
	for (char **arg = o->args; ok && *arg; arg++) {
		if (is_manifest(*arg))
			ok = read_manifest(b->images, *arg, o->task);
		else
			images_add(b->images, *arg);
	}
	images_label(b->images);
	if (ok && !b->images->len) {
		say("the manifest names no image");
		ok = false;
	}
	return ok && handed_make(&b->handed, o);
}

void batch_release(struct batch *b)
{
	g_ptr_array_unref(b->images);
	handed_release(&b->handed);
	*b = (struct batch){ 0 };
}

/* --------------------------------------------------------------- the plan */

/* What is handed down has another number in each process. */
static void put_word(GString *s, const char *word)
{
	const char *value = strchr(word, '=');

	if (value && g_str_has_prefix(value, "=/dev/"))
		g_string_append_printf(s, "%.*s (typed, or from a pipe)\n",
		                       (int)(value - word), word);
	else
		g_string_append_printf(s, "%s\n", word);
}

static void put_field(GString *s, const char *name, const char *value)
{
	char *escaped = value ? g_strescape(value, NULL) : NULL;

	if (escaped)
		g_string_append_printf(s, " %s=\"%s\"", name, escaped);
	g_free(escaped);
}

/* Options, then images, one a line. */
static char *plan_text(const struct batch *b)
{
	GString *s = g_string_new("efsleuth batch 1\n");
	GPtrArray *words = options_words(b->o);

	for (guint i = 0; i < words->len; i++)
		put_word(s, words->pdata[i]);
	for (guint i = 0; i < b->images->len; i++) {
		const struct image *image = b->images->pdata[i];

		g_string_append_printf(s, "image %u", i + 1);
		put_field(s, "evidence", image->evidence);
		put_field(s, "label", image->label);
		put_field(s, "partition", image->volume);
		put_field(s, "snapshots", image->snapshots);
		put_field(s, "keyring", image->keyring);
		put_field(s, "problem", image->problem);
		g_string_append_c(s, '\n');
	}
	g_ptr_array_unref(words);
	return g_string_free(s, FALSE);
}

/* A line of one that the other has not; NULL if there is none. */
static char *find_line(const char *one, const char *other)
{
	GHashTable *lines =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char **of_other = g_strsplit(other, "\n", -1);
	char **of_one = g_strsplit(one, "\n", -1), *found = NULL;

	for (char **p = of_other; *p; p++)
		g_hash_table_add(lines, g_strdup(*p));
	for (char **p = of_one; *p && !found; p++)
		if (!g_hash_table_contains(lines, *p))
			found = g_strdup(*p);
	g_hash_table_unref(lines);
	g_strfreev(of_other);
	g_strfreev(of_one);
	return found;
}

static void say_difference(const struct batch *b, const char *there,
                           const char *here)
{
	char *was = find_line(there, here), *is = find_line(here, there);

	say("%s is of another batch: it has \"%s\", and this one \"%s\"; "
	    "choose another folder with -o",
	    b->o->output, was ? was : "nothing of the kind",
	    is ? is : "nothing of the kind");
	g_free(was);
	g_free(is);
}

/* Whoever comes first makes the plan; all others compare. */
static bool place_plan(const char *path, const char *text)
{
	char *part = g_strdup_printf("%s.%d", path, (int)getpid());
	bool ok = g_file_set_contents(part, text, -1, NULL);

	ok = ok &&
	     (!link(part, path) || errno == EEXIST || !rename(part, path));
	(void)unlink(part);
	g_free(part);
	return ok;
}

static enum status claim(const struct batch *b, const char *plan,
                         const char *text, struct error *err)
{
	char *there = NULL;
	enum status st = OK;

	if (!g_file_test(plan, G_FILE_TEST_EXISTS) && !place_plan(plan, text))
		return fail(err, E_IO, 0, g_strerror(errno));
	if (!g_file_get_contents(plan, &there, NULL, NULL))
		return fail(err, E_IO, 0, "its batch.plan cannot be read");
	if (strcmp(there, text) != 0) {
		say_difference(b, there, text);
		st = E_IO;
		*err = (struct error){ 0 };
	}
	g_free(there);
	return st;
}

/* ------------------------------------------------------------- the folder */

char *batch_path(const struct batch *b, const char *folder, const char *name)
{
	return g_build_filename(b->o->output, folder, name, NULL);
}

/* One that is killed when it makes the plan leaves a part of it. */
bool batch_is_empty(const struct batch *b)
{
	GDir *dir = g_dir_open(b->o->output, 0, NULL);
	bool empty = dir || !g_file_test(b->o->output, G_FILE_TEST_EXISTS);
	const char *name;

	while (dir && empty && (name = g_dir_read_name(dir)))
		empty = g_str_has_prefix(name, BATCH_PLAN ".");
	if (dir)
		g_dir_close(dir);
	return empty;
}

bool batch_is_begun(const struct batch *b)
{
	char *plan = batch_path(b, BATCH_PLAN, NULL);
	bool begun = g_file_test(plan, G_FILE_TEST_EXISTS);

	g_free(plan);
	return begun;
}

bool batch_refuse(const struct batch *b)
{
	if (b->o->resume || batch_is_empty(b))
		return false;
	say("%s: the folder is not empty; --resume goes on in it, or choose "
	    "another with -o",
	    b->o->output);
	return true;
}

static bool make_folder(const struct batch *b, const char *name, unsigned mode)
{
	char *path = batch_path(b, name, NULL);
	bool ok = !mkdir(path, mode) || errno == EEXIST;

	g_free(path);
	return ok;
}

enum status batch_enter(const struct batch *b)
{
	char *plan = batch_path(b, BATCH_PLAN, NULL);
	char *text = plan_text(b);
	struct error err;
	enum status st = OK;

	if (!batch_is_empty(b) && !batch_is_begun(b))
		st = fail(&err, E_IO, 0,
		          "the folder is not empty; choose another with -o");
	else if (g_mkdir_with_parents(b->o->output, 0777))
		st = fail(&err, E_IO, 0, g_strerror(errno));
	if (!st)
		st = claim(b, plan, text, &err);
	if (!st &&
	    (!make_folder(b, "images", 0777) || !make_folder(b, "work", 0700)))
		st = fail(&err, E_IO, 0, g_strerror(errno));
	if (st && err.status)
		(void)say_file(b->o->output, &err);
	g_free(text);
	g_free(plan);
	return st;
}

bool batch_wants_keys(const struct batch *b)
{
	return !b->o->no_evidence_keys || b->o->keys_from;
}

bool batch_has_keys(const struct batch *b)
{
	char *path = batch_path(b, "keyring", MARK_NAME);
	bool has = g_file_test(path, G_FILE_TEST_EXISTS);

	g_free(path);
	return has;
}

/* ------------------------------------------------------ what crashes "keys" */

static char *searched_path(const struct options *o)
{
	return g_build_filename(o->output, "work", "searched", NULL);
}

void batch_note_searched(const struct options *o, const char *label)
{
	char *path = searched_path(o);

	(void)g_file_set_contents(path, label, -1, NULL);
	g_free(path);
}

void batch_forget_searched(const struct batch *b)
{
	char *path = searched_path(b->o);

	(void)unlink(path);
	g_free(path);
}

bool batch_is_skipped(const struct batch *b, const struct image *image)
{
	char *path = batch_path(b, "skipped", image->label);
	bool skipped = g_file_test(path, G_FILE_TEST_EXISTS);

	g_free(path);
	return skipped;
}

/* Labels are safe names. */
bool batch_skip_crashed(const struct batch *b)
{
	char *searched = searched_path(b->o), *label = NULL, *path;
	bool named = g_file_get_contents(searched, &label, NULL, NULL);

	if (named) {
		path = batch_path(b, "skipped", label);
		named = !g_file_test(path, G_FILE_TEST_EXISTS) &&
		        make_folder(b, "skipped", 0777) &&
		        g_file_set_contents(path, "", 0, NULL);
		batch_forget_searched(b);
		g_free(path);
	}
	g_free(label);
	g_free(searched);
	return named;
}

/* ------------------------------------------------------------- what is done */

static void digest_file(GChecksum *sum, char *path)
{
	char *text = NULL;
	gsize n = 0;

	if (g_file_get_contents(path, &text, &n, NULL))
		g_checksum_update(sum, (const guchar *)text, (gssize)n);
	g_checksum_update(sum, (const guchar *)"", 1);
	g_free(text);
	g_free(path);
}

char *batch_digest(const struct batch *b)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	char *digest;

	for (guint i = 0; i < b->images->len; i++) {
		const struct image *image = b->images->pdata[i];
		char *folder = batch_path(b, "images", image->label);

		digest_file(sum, g_build_filename(folder, MARK_NAME, NULL));
		digest_file(sum, batch_path(b, "failed", image->label));
		g_free(folder);
	}
	digest = g_strdup(g_checksum_get_string(sum));
	g_checksum_free(sum);
	return digest;
}

bool batch_is_merged(const struct batch *b, int *code)
{
	char *path = batch_path(b, MARK_NAME, NULL);
	char *digest = batch_digest(b);
	struct mark mark;
	bool merged = mark_read(path, &mark) && !g_strcmp0(mark.of, digest);

	*code = mark.code;
	mark_release(&mark);
	g_free(digest);
	g_free(path);
	return merged;
}

/* --------------------------------------------------------------- commands */

static char *program(void)
{
	char *path = g_file_read_link("/proc/self/exe", NULL);

	return path ? path : g_strdup("efsleuth");
}

static void add_word(GPtrArray *words, const char *word)
{
	g_ptr_array_add(words, g_strdup(word));
}

static void add_paths(GPtrArray *words, char *const *paths)
{
	for (; paths && *paths; paths++)
		g_ptr_array_add(words, g_canonicalize_filename(*paths, NULL));
}

/* Reports are of the merged case. */
static void add_reports(GPtrArray *words, const struct options *o)
{
	for (char **r = o->report; r && *r; r++) {
		char **parts = g_strsplit(*r, "=", 2);
		char *path = !parts[1] || !strcmp(parts[1], "-")
		                     ? g_strdup(parts[1])
		                     : g_canonicalize_filename(parts[1], NULL);

		g_ptr_array_add(words,
		                g_strconcat("--report=", parts[0],
		                            path ? "=" : NULL, path, NULL));
		g_free(path);
		g_strfreev(parts);
	}
}

GPtrArray *batch_command(const struct batch *b, const char *task, unsigned jobs)
{
	GPtrArray *words = options_words(b->o);

	g_ptr_array_insert(words, 0, program());
	g_ptr_array_insert(words, 1, g_strdup("batch"));
	g_ptr_array_insert(words, 2, g_strconcat("--task=", task, NULL));
	if (jobs)
		g_ptr_array_insert(words, 3,
		                   g_strdup_printf("--jobs=%u", jobs));
	if (b->o->quiet)
		add_word(words, "--quiet");
	if (b->o->verbose)
		add_word(words, "--verbose");
	if (b->o->no_sandbox)
		add_word(words, "--no-sandbox");
	if (!strcmp(task, "merge"))
		add_reports(words, b->o);
	add_word(words, "-o");
	g_ptr_array_add(words, g_canonicalize_filename(b->o->output, NULL));
	add_word(words, "--");
	add_paths(words, b->o->args);
	g_ptr_array_add(words, NULL);
	return words;
}
