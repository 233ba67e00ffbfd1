/* SPDX-License-Identifier: MIT */
/*
 * html_file.c - a row of the HTML page's table of files
 */
#include "reports/html.h"

#include "reports/format.h"

static void write_where(FILE *out, const struct case_file *f)
{
	GString *where = g_string_new(f->evidence);

	g_string_append_c(where, ' ');
	format_volume(where, f->volume, f->snapshot);
	(void)fputs("<span class=\"where\">", out);
	html_text(out, g_strchomp(where->str));
	(void)fputs("</span>", out);
	g_string_free(where, TRUE);
}

static void write_path(FILE *out, const struct case_file *f)
{
	GString *path = g_string_new(NULL);

	format_path(path, f);
	html_text(out, path->str);
	if (f->object.directory)
		(void)fputs(" <span class=\"dim\">(directory)</span>", out);
	if (f->object.deleted)
		(void)fputs(" <span class=\"dim\">(deleted)</span>", out);
	g_string_free(path, TRUE);
}

static void write_entry(FILE *out, const struct case_object *o,
                        const struct case_entry *e)
{
	bool opened = o->opened && o->opened_ring == e->ring &&
	              o->opened_entry == e->entry;

	(void)fputs("<li>", out);
	html_text(out, e->name ? e->name : "no name");
	(void)fputs(" <code>", out);
	html_text(out, e->thumbprint ? e->thumbprint : "no thumbprint");
	(void)fputs("</code>", out);
	if (e->sid) {
		(void)fputs(" ", out);
		html_element(out, "code", e->sid);
	}
	(void)fprintf(out, " <span class=\"dim\">RSA-%u</span>",
	              e->wrapped_bits);
	if (e->reason) {
		(void)fputs(" damaged: ", out);
		html_text(out, e->reason);
	}
	if (opened)
		(void)fputs(" <strong>opened the file</strong>", out);
	(void)fputs("</li>", out);
}

static void write_ring(FILE *out, const struct case_object *o,
                       enum efs_ring ring, const char *label)
{
	bool begun = false;

	for (size_t i = 0; i < o->n_entries; i++) {
		if (o->entries[i].ring != ring)
			continue;
		if (!begun)
			(void)fprintf(out, "<dt>%s</dt><dd><ul>", label);
		begun = true;
		write_entry(out, o, &o->entries[i]);
	}
	if (begun)
		(void)fputs("</ul></dd>", out);
}

static void write_changes(FILE *out, const struct case_file *f)
{
	GString *since = g_string_new(NULL);

	if (f->n_changes)
		(void)fputs("<dt>Ring changed</dt><dd><ul>", out);
	for (size_t i = 0; i < f->n_changes; i++) {
		const struct case_change *c = &f->changes[i];

		g_string_assign(since, c->added ? " added" : " removed");
		g_string_append(since, " since ");
		format_view(since, c->volume, c->before, c->from);
		(void)fputs("<li>", out);
		html_text(out, c->name ? c->name : "no name");
		(void)fputs(" <code>", out);
		html_text(out, c->thumbprint ? c->thumbprint : "no thumbprint");
		(void)fputs("</code>", out);
		html_text(out, since->str);
		(void)fputs("</li>", out);
	}
	if (f->n_changes)
		(void)fputs("</ul></dd>", out);
	g_string_free(since, TRUE);
}

static void write_tries(FILE *out, const struct case_object *o)
{
	if (!o->n_tries)
		return;
	(void)fputs("<dt>Keys tried</dt><dd><ul>", out);
	for (size_t i = 0; i < o->n_tries; i++) {
		const struct case_try *t = &o->tries[i];

		(void)fputs("<li><code>", out);
		html_text(out, t->key ? t->key : "unknown key");
		(void)fprintf(out, "</code> on %s entry %u, by %s: ",
		              efs_ring_name(t->ring), t->entry,
		              t->by_thumbprint ? "thumbprint" : "mathematics");
		html_text(out, t->result ? t->result : "unknown");
		(void)fputs("</li>", out);
	}
	(void)fputs("</ul></dd>", out);
}

static void write_list(FILE *out, const char *label, const char *const *texts,
                       size_t n)
{
	if (!n)
		return;
	(void)fprintf(out, "<dt>%s</dt><dd><ul>", label);
	for (size_t i = 0; i < n; i++)
		html_element(out, "li", texts[i]);
	(void)fputs("</ul></dd>", out);
}

static void write_holes(FILE *out, const struct case_stream *s)
{
	GString *text;

	if (!s->n_holes)
		return;
	(void)fputs("<dt>Holes</dt><dd><ul>", out);
	for (size_t i = 0; i < s->n_holes; i++) {
		text = g_string_new("at byte ");
		format_number(text, s->holes[i].offset);
		g_string_append(text, ": ");
		format_size(text, s->holes[i].size);
		html_element(out, "li", text->str);
		g_string_free(text, TRUE);
	}
	(void)fputs("</ul></dd>", out);
}

static void write_time(FILE *out, const char *label, uint64_t filetime)
{
	char buf[TEXT_FILETIME];

	html_fact(out, label, format_time(buf, filetime));
}

static void write_record(FILE *out, const struct case_file *f)
{
	char *record = g_strdup_printf("%" G_GUINT64_FORMAT "-%u",
	                               f->object.mft, f->object.sequence);

	if (format_has_record(f))
		html_fact(out, "MFT record", record);
	g_free(record);
	html_fact(out, "Metadata of class", f->object.efs_class);
	html_fact(out, "Algorithm", f->object.algorithm);
}

static void write_details(FILE *out, const struct case_file *f)
{
	const struct case_object *o = &f->object;

	(void)fputs("<div><dl>", out);
	write_ring(out, o, EFS_DDF, "Users");
	write_ring(out, o, EFS_DRF, "Recovery agents");
	write_changes(out, f);
	write_tries(out, o);
	write_list(out, "Key unlocked by", o->chain, o->n_chain);
	write_list(out, "Would open it", f->missing, f->n_missing);
	write_holes(out, &f->stream);
	html_fact(out, "Written to", f->stream.output);
	html_fact(out, "The same as in", f->stream.same_as);
	html_fact(out, "MD5", f->stream.md5);
	html_fact(out, "SHA-256", f->stream.sha256);
	write_record(out, f);
	write_time(out, "Created", o->created);
	write_time(out, "Modified", o->modified);
	write_time(out, "Accessed", o->accessed);
	write_time(out, "Changed", o->changed);
	write_list(out, "Other names", o->links, o->n_links);
	(void)fputs("</dl></div>", out);
}

/* Who that is, if the ring knows a name; else the thumbprint. */
static void write_opener(FILE *out, const struct case_object *o)
{
	const char *who = o->opened_key;

	(void)fputs("<td>", out);
	for (size_t i = 0; i < o->n_entries && o->opened; i++) {
		const struct case_entry *e = &o->entries[i];

		if (e->name && e->ring == o->opened_ring &&
		    e->entry == o->opened_entry)
			who = e->name;
	}
	if (o->opened && who)
		html_text(out, who);
	if (o->opened && o->opened_ring == EFS_DRF)
		(void)fputs(" <span class=\"dim\">(agent)</span>", out);
	(void)fputs("</td>", out);
}

void html_file_row(FILE *out, const struct case_file *f)
{
	(void)fprintf(out, "<tr data-status=\"%s\"><th scope=\"row\">",
	              outcome_name(f->stream.outcome));
	(void)fputs("<details><summary>", out);
	write_where(out, f);
	write_path(out, f);
	if (f->stream.same_as) {
		(void)fputs(" <span class=\"dim\">(the same as in ", out);
		html_text(out, f->stream.same_as);
		(void)fputs(")</span>", out);
	}
	(void)fputs("</summary>", out);
	write_details(out, f);
	(void)fputs("</details></th>", out);
	html_size_cell(out, f->stream.size);
	(void)fputs("<td>", out);
	html_status(out, f->stream.outcome);
	(void)fputs("</td>", out);
	html_element(out, "td", f->stream.reason);
	write_opener(out, &f->object);
	(void)fputs("</tr>\n", out);
}
