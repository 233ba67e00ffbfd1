/* SPDX-License-Identifier: MIT */
/*
 * html_row.c - a row of the HTML page's table of files, as data for its script
 *
 * A row is an array; html_row.js names its places.  A number in the place of a
 * value that rows share says which one it is, 0 that there is none.
 */
#include "reports/html.h"

#include "reports/format.h"

#include <inttypes.h>
#include <string.h>

static void comma(GString *to)
{
	g_string_append_c(to, ',');
}

/* ["text",...] */
static void text_list(GString *to, const char *const *texts, size_t n)
{
	g_string_append_c(to, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			comma(to);
		html_json_text(to, texts[i]);
	}
	g_string_append_c(to, ']');
}

/* ------------------------------------------------------------- shared values
 */

static void add_view(GString *to, struct html_shared *s,
                     const struct case_file *f)
{
	GString *view = g_string_new(NULL);

	html_view(view, f->evidence, f->volume, f->snapshot);
	html_share_text(s, to, view->str);
	g_string_free(view, TRUE);
}

/* The folder, with the slash at its end, and the name in it. */
static void add_path(GString *to, struct html_shared *s, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) + 1 : 0;
	char *folder = g_strndup(path, len);

	html_share_text(s, to, len ? folder : NULL);
	comma(to);
	html_json_text(to, path + len);
	g_free(folder);
}

static void add_kind(GString *to, struct html_shared *s,
                     const struct case_object *o)
{
	GString *kind = g_string_new("[");

	html_json_text(kind, o->efs_class);
	comma(kind);
	html_json_text(kind, o->algorithm);
	g_string_append_printf(kind, ",%" PRIu32 "]", o->efs_version);
	html_share(s, to, kind->str);
	g_string_free(kind, TRUE);
}

static void add_entry(GString *to, struct html_shared *s,
                      const struct case_entry *e)
{
	GString *entry = g_string_new(NULL);

	g_string_append_printf(entry, "[%d,%u,", e->ring == EFS_DRF, e->entry);
	html_json_text(entry, e->thumbprint);
	comma(entry);
	html_json_text(entry, e->name);
	comma(entry);
	html_json_text(entry, e->sid);
	comma(entry);
	html_json_text(entry, e->container);
	comma(entry);
	html_json_text(entry, e->provider);
	g_string_append_printf(entry, ",%" PRIu32 ",%u,", e->flags,
	                       e->wrapped_bits);
	html_json_text(entry, e->reason);
	g_string_append_c(entry, ']');
	html_share(s, to, entry->str);
	g_string_free(entry, TRUE);
}

static void add_ring(GString *to, struct html_shared *s,
                     const struct case_object *o)
{
	GString *ring = g_string_new("[");

	for (size_t i = 0; i < o->n_entries; i++) {
		if (i)
			comma(ring);
		add_entry(ring, s, &o->entries[i]);
	}
	g_string_append_c(ring, ']');
	if (o->n_entries)
		html_share(s, to, ring->str);
	else
		g_string_append_c(to, '0');
	g_string_free(ring, TRUE);
}

static void add_tries(GString *to, struct html_shared *s,
                      const struct case_object *o)
{
	GString *tries = g_string_new("[");

	for (size_t i = 0; i < o->n_tries; i++) {
		const struct case_try *t = &o->tries[i];

		g_string_append_printf(tries, "%s[%d,%u,", i ? "," : "",
		                       t->ring == EFS_DRF, t->entry);
		html_json_text(tries, t->key);
		g_string_append_printf(tries, ",%d,", t->by_thumbprint);
		html_json_text(tries, t->result);
		g_string_append_c(tries, ']');
	}
	g_string_append_c(tries, ']');
	if (o->n_tries)
		html_share(s, to, tries->str);
	else
		g_string_append_c(to, '0');
	g_string_free(tries, TRUE);
}

/* Through which entry, with which key, and what unlocked that. */
static void add_opened(GString *to, struct html_shared *s,
                       const struct case_object *o)
{
	GString *opened;

	if (!o->opened) {
		g_string_append_c(to, '0');
		return;
	}
	opened = g_string_new(NULL);
	g_string_append_printf(opened, "[%d,%u,", o->opened_ring == EFS_DRF,
	                       o->opened_entry);
	html_json_text(opened, o->opened_key);
	comma(opened);
	text_list(opened, o->chain, o->n_chain);
	g_string_append_c(opened, ']');
	html_share(s, to, opened->str);
	g_string_free(opened, TRUE);
}

static void add_missing(GString *to, struct html_shared *s,
                        const struct case_file *f)
{
	GString *missing = g_string_new(NULL);

	text_list(missing, f->missing, f->n_missing);
	if (f->n_missing)
		html_share(s, to, missing->str);
	else
		g_string_append_c(to, '0');
	g_string_free(missing, TRUE);
}

/* --------------------------------------------------------- what is the row's
 */

static void add_record(GString *to, const struct case_file *f)
{
	if (format_has_record(f))
		g_string_append_printf(to, "\"%" PRIu64 "-%u\"", f->object.mft,
		                       f->object.sequence);
	else
		g_string_append(to, "null");
}

/* FILETIMEs in hex; nothing for one that is the same as the one before it, and
   nothing at the end. */
static void add_times(GString *to, const struct case_object *o)
{
	const uint64_t times[] = { o->created, o->modified, o->accessed,
		                   o->changed };

	size_t n = G_N_ELEMENTS(times);

	while (n > 1 && times[n - 1] == times[n - 2])
		n--;
	g_string_append_c(to, '"');
	for (size_t i = 0; i < n; i++) {
		if (i)
			g_string_append_c(to, ' ');
		if (!i || times[i] != times[i - 1])
			g_string_append_printf(to, "%" PRIx64, times[i]);
	}
	g_string_append_c(to, '"');
}

/* Most outputs are a folder of their own and then the path: only that folder
   is written.  Another one is an array. */
static void add_output(GString *to, struct html_shared *s,
                       const struct case_file *f)
{
	GString *path = g_string_new(NULL);
	const char *output = f->stream.output;
	char *folder;

	format_path(path, f);
	if (!output) {
		g_string_append_c(to, '0');
	} else if (g_str_has_suffix(output, path->str)) {
		folder = g_strndup(output, strlen(output) - path->len);
		html_share_text(s, to, folder);
		g_free(folder);
	} else {
		text_list(to, &output, 1);
	}
	g_string_free(path, TRUE);
}

static void change_text(GString *to, const struct case_change *c)
{
	GString *text = g_string_new(c->name ? c->name : "no name");

	g_string_append_printf(text, " %s%s %s since ",
	                       c->thumbprint ? c->thumbprint : "no thumbprint",
	                       c->ring == EFS_DRF ? " (agent)" : "",
	                       c->added ? "added" : "removed");
	format_view(text, c->volume, c->before, c->from);
	html_json_text(to, text->str);
	g_string_free(text, TRUE);
}

static void add_more(GString *to, const struct case_file *f)
{
	g_string_append_c(to, '[');
	text_list(to, f->object.links, f->object.n_links);
	g_string_append(to, ",[");
	for (size_t i = 0; i < f->stream.n_holes; i++) {
		g_string_append(to, i ? ",[" : "[");
		html_json_number(to, f->stream.holes[i].offset);
		comma(to);
		html_json_number(to, f->stream.holes[i].size);
		g_string_append_c(to, ']');
	}
	g_string_append(to, "],[");
	for (size_t i = 0; i < f->n_changes; i++) {
		if (i)
			comma(to);
		change_text(to, &f->changes[i]);
	}
	g_string_append(to, "]]");
}

static void add_stream(GString *to, const struct case_file *f)
{
	if (f->stream.name)
		html_json_text(to, f->stream.name);
	else
		g_string_append_c(to, '0');
	g_string_append_printf(to, ",%d,",
	                       f->object.directory + 2 * f->object.deleted);
	html_json_number(to, f->stream.size);
	g_string_append_printf(to, ",%d,", f->stream.outcome);
}

static void add_ids(GString *to, const struct case_file *f)
{
	g_string_append_c(to, '[');
	html_json_number(to, (uint64_t)f->stream.id);
	comma(to);
	html_json_number(to, (uint64_t)f->object.id);
	comma(to);
}

static void add_keys(GString *to, struct html_shared *s,
                     const struct case_file *f)
{
	html_share_text(s, to, f->stream.reason);
	comma(to);
	add_kind(to, s, &f->object);
	comma(to);
	add_ring(to, s, &f->object);
	comma(to);
	add_tries(to, s, &f->object);
	comma(to);
	add_opened(to, s, &f->object);
	comma(to);
	add_missing(to, s, f);
}

/* Most files have none of this: then the row ends before it. */
static void add_rest(GString *to, struct html_shared *s,
                     const struct case_file *f)
{
	const struct case_stream *t = &f->stream;
	bool more = f->object.n_links || t->n_holes || f->n_changes;

	if (!t->same_as && !t->md5 && !t->sha1 && !t->sha256 && !more)
		return;
	comma(to);
	html_share_text(s, to, t->same_as);
	comma(to);
	html_json_text(to, t->md5);
	comma(to);
	html_json_text(to, t->sha256);
	if (!more && !t->sha1)
		return;
	comma(to);
	if (more)
		add_more(to, f);
	else
		html_json_text(to, NULL);
	if (!t->sha1)
		return;
	comma(to);
	html_json_text(to, t->sha1);
}

void html_row(GString *to, struct html_shared *s, const struct case_file *f)
{
	add_ids(to, f);
	add_view(to, s, f);
	comma(to);
	add_path(to, s, f->object.path ? f->object.path : "");
	comma(to);
	add_stream(to, f);
	add_keys(to, s, f);
	comma(to);
	add_record(to, f);
	comma(to);
	add_times(to, &f->object);
	comma(to);
	add_output(to, s, f);
	add_rest(to, s, f);
	g_string_append_c(to, ']');
}
