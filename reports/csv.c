/* SPDX-License-Identifier: MIT */
/*
 * csv.c - one row per encrypted file (RFC 4180, UTF-8)
 *
 * People open this in a spreadsheet, which would run a text that begins with
 * '=', '+', '-' or '@' as a formula: those get an apostrophe in front, and so
 * do texts that begin with an apostrophe, so that it can be taken off again.
 */
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

#include <inttypes.h>
#include <string.h>

struct csv {
	FILE *out;
	bool begun; /* the row has a field already */
};

static void separate(struct csv *csv)
{
	if (csv->begun)
		(void)fputc(',', csv->out);
	csv->begun = true;
}

static void end_row(struct csv *csv)
{
	(void)fputs("\r\n", csv->out);
	csv->begun = false;
}

static void put_text(struct csv *csv, const char *s)
{
	separate(csv);
	if (!s || !*s)
		return;
	(void)fputc('"', csv->out);
	if (strchr("=+-@'\t\r\n", *s))
		(void)fputc('\'', csv->out);
	for (; *s; s++) {
		if (*s == '"')
			(void)fputc('"', csv->out);
		(void)fputc(*s, csv->out);
	}
	(void)fputc('"', csv->out);
}

/* Our own words and numbers: no quotes needed. */
static void put_plain(struct csv *csv, const char *s)
{
	separate(csv);
	if (s)
		(void)fputs(s, csv->out);
}

static void put_number(struct csv *csv, uint64_t n)
{
	separate(csv);
	(void)fprintf(csv->out, "%" PRIu64, n);
}

static void put_time(struct csv *csv, uint64_t filetime)
{
	char buf[TEXT_FILETIME];

	put_plain(csv, format_time(buf, filetime));
}

/* Several texts in one field, with " | " between. */
static void put_list(struct csv *csv, GString *list)
{
	put_text(csv, list->str);
	g_string_free(list, TRUE);
}

static void add_item(GString *list, const char *s)
{
	if (list->len)
		g_string_append(list, " | ");
	g_string_append(list, s ? s : "?");
}

static void put_texts(struct csv *csv, const char *const *texts, size_t n)
{
	GString *list = g_string_new(NULL);

	for (size_t i = 0; i < n; i++)
		add_item(list, texts[i]);
	put_list(csv, list);
}

static void put_ring(struct csv *csv, const struct case_object *o,
                     enum efs_ring ring)
{
	GString *thumbprints = g_string_new(NULL);
	GString *names = g_string_new(NULL);

	for (size_t i = 0; i < o->n_entries; i++) {
		if (o->entries[i].ring != ring)
			continue;
		add_item(thumbprints, o->entries[i].thumbprint);
		add_item(names, o->entries[i].name);
	}
	put_list(csv, thumbprints);
	put_list(csv, names);
}

static void put_tries(struct csv *csv, const struct case_object *o)
{
	GString *list = g_string_new(NULL);

	for (size_t i = 0; i < o->n_tries; i++) {
		const struct case_try *t = &o->tries[i];
		char *item = g_strdup_printf(
			"%s %u: %s by %s: %s", efs_ring_name(t->ring), t->entry,
			t->key ? t->key : "?",
			t->by_thumbprint ? "thumbprint" : "mathematics",
			t->result ? t->result : "?");

		add_item(list, item);
		g_free(item);
	}
	put_list(csv, list);
}

static void put_holes(struct csv *csv, const struct case_stream *s)
{
	GString *list = g_string_new(NULL);

	for (size_t i = 0; i < s->n_holes; i++)
		g_string_append_printf(list, "%s%" PRIu64 "+%" PRIu64,
		                       i ? " | " : "", s->holes[i].offset,
		                       s->holes[i].size);
	put_list(csv, list);
}

/* "removed ddf b0bb0b... since v1.s1" */
static void put_changes(struct csv *csv, const struct case_file *f)
{
	GString *list = g_string_new(NULL);

	for (size_t i = 0; i < f->n_changes; i++) {
		const struct case_change *c = &f->changes[i];
		const char *who = c->thumbprint ? c->thumbprint : c->name;
		GString *item = g_string_new(c->added ? "added " : "removed ");

		g_string_append_printf(item, "%s %s since ",
		                       efs_ring_name(c->ring),
		                       who ? who : c->sid);
		format_volume(item, c->volume, c->before);
		add_item(list, item->str);
		g_string_free(item, TRUE);
	}
	put_list(csv, list);
}

static void put_place(struct csv *csv, const struct case_file *f)
{
	const struct case_object *o = &f->object;
	char label[FORMAT_LABEL];

	put_text(csv, f->evidence);
	put_plain(csv, format_label(label, 'v', f->volume));
	put_plain(csv, format_label(label, 's', f->snapshot));
	if (format_has_record(f)) {
		put_number(csv, o->mft);
		put_number(csv, o->sequence);
	} else {
		put_plain(csv, NULL);
		put_plain(csv, NULL);
	}
	put_text(csv, o->path);
	put_text(csv, f->stream.name);
	put_number(csv, o->directory);
	put_number(csv, o->deleted);
	put_number(csv, f->stream.size);
	put_time(csv, o->created);
	put_time(csv, o->modified);
	put_time(csv, o->accessed);
	put_time(csv, o->changed);
}

static void put_efs(struct csv *csv, const struct case_object *o)
{
	if (o->has_efs)
		put_number(csv, o->efs_version);
	else
		put_plain(csv, NULL);
	put_text(csv, o->efs_id);
	put_text(csv, o->efs_class);
	put_text(csv, o->algorithm);
	put_ring(csv, o, EFS_DDF);
	put_ring(csv, o, EFS_DRF);
}

static void put_opened(struct csv *csv, const struct case_object *o)
{
	put_plain(csv, o->opened ? efs_ring_name(o->opened_ring) : NULL);
	if (o->opened)
		put_number(csv, o->opened_entry);
	else
		put_plain(csv, NULL);
	put_text(csv, o->opened_key);
	put_texts(csv, o->chain, o->n_chain);
}

static void write_row(void *ctx, const struct case_file *f)
{
	struct csv *csv = ctx;

	put_place(csv, f);
	put_efs(csv, &f->object);
	put_plain(csv, outcome_name(f->stream.outcome));
	put_text(csv, f->stream.reason);
	put_opened(csv, &f->object);
	put_text(csv, f->stream.output);
	put_text(csv, f->stream.md5);
	put_text(csv, f->stream.sha256);
	put_texts(csv, f->missing, f->n_missing);
	put_holes(csv, &f->stream);
	put_tries(csv, &f->object);
	put_texts(csv, f->object.links, f->object.n_links);
	put_plain(csv, f->stream.same_as);
	put_changes(csv, f);
	end_row(csv);
}

static enum status write_csv(struct casefile *cf, FILE *out, struct error *err)
{
	struct csv csv = { .out = out };
	enum status st;

	(void)fputs("evidence,volume,snapshot,mft,sequence,path,stream,"
	            "directory,deleted,size,created,modified,accessed,changed,"
	            "efs_version,efs_id,class,algorithm,ddf,ddf_names,drf,"
	            "drf_names,status,reason,opened_ring,opened_entry,"
	            "opened_key,chain,output,md5,sha256,missing,holes,tries,"
	            "links,same_as,changes",
	            out);
	end_row(&csv);
	st = each_file(cf, write_row, &csv, err);
	return st ? st : report_flush(out, err);
}

const struct report report_csv = {
	.name = "csv",
	.about = "one row per encrypted file (RFC 4180)",
	.write = write_csv,
};
