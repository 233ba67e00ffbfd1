/* SPDX-License-Identifier: MIT */
/*
 * csv_rings.c - one row per entry of a key ring: who can decrypt what
 */
#include "reports/csv_parts.h"
#include "reports/each.h"
#include "reports/report.h"

static void write_entry(struct csv *csv, const struct case_file *f,
                        const struct case_entry *e)
{
	const struct case_object *o = &f->object;
	bool opened = o->opened && o->opened_ring == e->ring &&
	              o->opened_entry == e->entry;

	csv_place(csv, f);
	csv_plain(csv, efs_ring_name(e->ring));
	csv_number(csv, e->entry);
	csv_text(csv, e->thumbprint);
	csv_text(csv, e->name);
	csv_text(csv, e->sid);
	csv_text(csv, e->container);
	csv_text(csv, e->provider);
	csv_number(csv, e->flags);
	csv_number(csv, e->wrapped_bits);
	csv_plain(csv, opened ? "true" : "false");
	csv_text(csv, e->reason);
	csv_end_row(csv);
}

/* The streams of an object, which follow each other, have one ring. */
static void write_ring(void *ctx, const struct case_file *f)
{
	struct csv *csv = ctx;

	if (f->object.id == csv->object)
		return;
	csv->object = f->object.id;
	for (size_t i = 0; i < f->object.n_entries; i++)
		write_entry(csv, f, &f->object.entries[i]);
}

static enum status write_rings(struct casefile *cf, FILE *out,
                               struct error *err)
{
	struct csv csv = { .out = out };
	enum status st;

	(void)fputs("evidence,volume,snapshot,mft,sequence,path,ring,entry,"
	            "thumbprint,name,sid,container,provider,flags,"
	            "wrapped_bits,opened,reason",
	            out);
	csv_end_row(&csv);
	st = each_file(cf, write_ring, &csv, err);
	return st ? st : report_flush(out, err);
}

const struct report report_rings = {
	.name = "rings",
	.about = "one row per key ring entry, as CSV: who can decrypt what",
	.write = write_rings,
};
