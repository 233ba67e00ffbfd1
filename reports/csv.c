/* SPDX-License-Identifier: MIT */
/*
 * csv.c - one row per encrypted file
 */
#include "reports/csv_parts.h"
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

#include <inttypes.h>

static void put_texts(struct csv *csv, const char *const *texts, size_t n)
{
	GString *list = g_string_new(NULL);

	for (size_t i = 0; i < n; i++)
		csv_list_add(list, texts[i]);
	csv_list(csv, list);
}

static void put_ring(struct csv *csv, const struct case_object *o,
                     enum efs_ring ring)
{
	GString *thumbprints = g_string_new(NULL);
	GString *names = g_string_new(NULL);

	for (size_t i = 0; i < o->n_entries; i++) {
		if (o->entries[i].ring != ring)
			continue;
		csv_list_add(thumbprints, o->entries[i].thumbprint);
		csv_list_add(names, o->entries[i].name);
	}
	csv_list(csv, thumbprints);
	csv_list(csv, names);
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

		csv_list_add(list, item);
		g_free(item);
	}
	csv_list(csv, list);
}

static void put_holes(struct csv *csv, const struct case_stream *s)
{
	GString *list = g_string_new(NULL);

	for (size_t i = 0; i < s->n_holes; i++)
		g_string_append_printf(list, "%s%" PRIu64 "+%" PRIu64,
		                       i ? " | " : "", s->holes[i].offset,
		                       s->holes[i].size);
	csv_list(csv, list);
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
		csv_list_add(list, item->str);
		g_string_free(item, TRUE);
	}
	csv_list(csv, list);
}

static void put_file(struct csv *csv, const struct case_file *f)
{
	const struct case_object *o = &f->object;

	csv_place(csv, f);
	csv_text(csv, f->stream.name);
	csv_number(csv, o->directory);
	csv_number(csv, o->deleted);
	csv_number(csv, f->stream.size);
	csv_time(csv, o->created);
	csv_time(csv, o->modified);
	csv_time(csv, o->accessed);
	csv_time(csv, o->changed);
}

static void put_efs(struct csv *csv, const struct case_object *o)
{
	if (o->has_efs)
		csv_number(csv, o->efs_version);
	else
		csv_plain(csv, NULL);
	csv_text(csv, o->efs_id);
	csv_text(csv, o->efs_class);
	csv_text(csv, o->algorithm);
	put_ring(csv, o, EFS_DDF);
	put_ring(csv, o, EFS_DRF);
}

static void put_opened(struct csv *csv, const struct case_object *o)
{
	csv_plain(csv, o->opened ? efs_ring_name(o->opened_ring) : NULL);
	if (o->opened)
		csv_number(csv, o->opened_entry);
	else
		csv_plain(csv, NULL);
	csv_text(csv, o->opened_key);
	put_texts(csv, o->chain, o->n_chain);
}

static void write_row(void *ctx, const struct case_file *f)
{
	struct csv *csv = ctx;

	put_file(csv, f);
	put_efs(csv, &f->object);
	csv_plain(csv, outcome_name(f->stream.outcome));
	csv_text(csv, f->stream.reason);
	put_opened(csv, &f->object);
	csv_text(csv, f->stream.output);
	csv_text(csv, f->stream.md5);
	csv_text(csv, f->stream.sha256);
	put_texts(csv, f->missing, f->n_missing);
	put_holes(csv, &f->stream);
	put_tries(csv, &f->object);
	put_texts(csv, f->object.links, f->object.n_links);
	csv_plain(csv, f->stream.same_as);
	put_changes(csv, f);
	csv_text(csv, f->stream.sha1);
	csv_end_row(csv);
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
	            "links,same_as,changes,sha1",
	            out);
	csv_end_row(&csv);
	st = each_file(cf, write_row, &csv, err);
	return st ? st : report_flush(out, err);
}

const struct report report_csv = {
	.name = "csv",
	.about = "one row per encrypted file (RFC 4180)",
	.write = write_csv,
};
