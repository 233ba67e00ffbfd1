/* SPDX-License-Identifier: MIT */
/*
 * dfxml.c - Digital Forensics XML 2.0, for other forensic tools
 *
 * Valid against the DFXML working group's dfxml.xsd.
 */
#include "reports/dfxml.h"

#include "recovery/casefile_audit.h"
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

#include <string.h>

#define DFXML_NS \
	"http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML"
#define DFXML_VERSION "2.0.0-beta.0"
#define DUBLIN_CORE   "http://purl.org/dc/elements/1.1/"

struct dfxml {
	xmlTextWriterPtr w;
	struct casefile *cf;
	enum status st; /* of the first walk that failed */
	struct error err;
};

/* "libtsk 4.11.1" */
static void write_library(xmlTextWriterPtr w, const char *name_version)
{
	char **parts = g_strsplit(name_version, " ", 2);

	xml_start(w, "library");
	xml_attribute(w, "name", parts[0]);
	xml_attribute(w, "version", parts[0] ? parts[1] : NULL);
	xml_end(w);
	g_strfreev(parts);
}

/* `version` is "efsleuth 0.1.0, libtsk 4.11.1, ...": the program is first. */
static void write_creator(xmlTextWriterPtr w, const struct case_tool *tool)
{
	char **versions =
		g_strsplit(tool->version ? tool->version : "", ", ", 0);
	char **program = g_strsplit(versions[0] ? versions[0] : "", " ", 2);

	xml_start(w, "creator");
	xml_text(w, "program", program[0]);
	xml_text(w, "version", program[0] ? program[1] : NULL);
	xml_start(w, "execution_environment");
	xml_text(w, "command_line", tool->command);
	xml_text(w, "start_time", tool->started);
	xml_end(w);
	for (size_t i = 1; versions[0] && versions[i]; i++)
		write_library(w, versions[i]);
	xml_end(w);
	g_strfreev(program);
	g_strfreev(versions);
}

static void write_fact(void *ctx, const struct case_fact *fact)
{
	struct dfxml *x = ctx;

	xml_start(x->w, "efs:fact");
	xml_text(x->w, "efs:name", fact->name);
	xml_text(x->w, "efs:value", fact->value);
	xml_end(x->w);
}

static void write_bad(void *ctx, const struct case_bad *bad)
{
	struct dfxml *x = ctx;

	xml_start(x->w, "efs:bad");
	xml_attribute_u64(x->w, "offset", bad->offset);
	xml_attribute_u64(x->w, "size", bad->size);
	xml_end(x->w);
}

/* What the schema leaves no room for in <source>. */
static void write_evidence_facts(void *ctx, const struct case_evidence *e)
{
	struct dfxml *x = ctx;

	xml_start(x->w, "efs:evidence");
	xml_text(x->w, "efs:name", e->name);
	if (!x->st)
		x->st = each_fact(x->cf, e->id, 0, write_fact, x, &x->err);
	if (!x->st)
		x->st = each_bad(x->cf, e->id, write_bad, x, &x->err);
	xml_end(x->w);
}

static void write_evidence(void *ctx, const struct case_evidence *e)
{
	struct dfxml *x = ctx;
	const char *name = e->path ? e->path : e->name;
	GString *text = g_string_new(NULL);

	xml_start(x->w, "image_filename");
	xml_attribute(x->w, "efs:name", e->name);
	xml_attribute(x->w, "efs:format", e->format);
	xml_attribute_u64(x->w, "efs:size", e->size);
	xml_attribute(x->w, "efs:sha256", e->sha256);
	xml_attribute(x->w, "efs:reason", e->reason);
	if (format_xml_differs(name)) {
		xml_attribute(x->w, "efs:escaped", "true");
		format_xml(text, name);
	} else {
		g_string_append(text, name);
	}
	(void)xmlTextWriterWriteString(x->w, (const xmlChar *)text->str);
	g_string_free(text, TRUE);
	xml_end(x->w);
}

static void write_files(struct dfxml *x, int64_t volume)
{
	struct case_file file;
	struct case_walk *w;

	if (!x->st)
		x->st = case_volume_file_open(&w, x->cf, volume, &x->err);
	if (x->st)
		return;
	while (case_file_next(w, &file))
		dfxml_file(x->w, &file);
	x->st = case_walk_close(w, &x->err);
}

static void write_volume(void *ctx, const struct case_volume *v)
{
	struct dfxml *x = ctx;
	GString *label = g_string_new(NULL);
	char made[TEXT_FILETIME];

	if (!v->number)
		goto out; /* loose files: they have no volume */
	format_volume(label, v->number, v->snapshot);
	xml_start(x->w, "volume");
	xml_attribute_u64(x->w, "offset", v->offset);
	xml_attribute(x->w, "efs:evidence", v->evidence_name);
	xml_attribute(x->w, "efs:volume", label->str);
	xml_attribute(x->w, "efs:made", format_time(made, v->made));
	xml_u64(x->w, "partition_offset", v->offset);
	if (v->sector)
		xml_u64(x->w, "sector_size", v->sector);
	if (v->cluster)
		xml_u64(x->w, "block_size", v->cluster);
	xml_text(x->w, "ftype_str", v->filesystem);
	if (v->cluster)
		xml_u64(x->w, "block_count", v->size / v->cluster);
	write_files(x, v->id);
	xml_text(x->w, "error", v->reason);
	if (!x->st)
		x->st = each_fact(x->cf, 0, v->id, write_fact, x, &x->err);
	xml_end(x->w);
out:
	g_string_free(label, TRUE);
}

static void write_loose_files(void *ctx, const struct case_volume *v)
{
	if (!v->number)
		write_files(ctx, v->id);
}

static void write_key(void *ctx, const struct case_key *k)
{
	struct dfxml *x = ctx;
	char made[TEXT_FILETIME];

	xml_start(x->w, "efs:key");
	xml_attribute(x->w, "type", k->type);
	xml_attribute(x->w, "state", k->state);
	xml_attribute_u64(x->w, "opens", k->opens);
	if (k->bits)
		xml_attribute_u64(x->w, "bits", k->bits);
	xml_attribute(x->w, "made", format_time(made, k->made));
	xml_attribute(x->w, "current", k->current ? "true" : NULL);
	xml_text(x->w, "efs:id", k->key_id);
	xml_text(x->w, "efs:sid", k->sid);
	xml_text(x->w, "efs:user", k->user);
	xml_text(x->w, "efs:name", k->name);
	xml_text(x->w, "efs:container", k->container);
	xml_text(x->w, "efs:source", k->source);
	xml_text(x->w, "efs:certificate", k->certificate);
	xml_text(x->w, "efs:unlocked_by", k->unlocked_by);
	xml_text(x->w, "efs:behind", k->behind_id);
	xml_text(x->w, "efs:reason", k->reason);
	xml_end(x->w);
}

static void write_need(void *ctx, const struct case_need *need)
{
	struct dfxml *x = ctx;

	xml_start(x->w, "efs:need");
	xml_attribute(x->w, "kind", need->kind);
	xml_attribute_u64(x->w, "objects", need->objects);
	xml_text(x->w, "efs:id", need->id);
	xml_text(x->w, "efs:what", need->what);
	xml_end(x->w);
}

static enum status write_findings(struct dfxml *x, struct error *err)
{
	struct case_finding f;
	struct case_walk *w;
	enum status st = case_finding_open(&w, x->cf, err);

	if (st)
		return st;
	while (case_finding_next(w, &f)) {
		xml_start(x->w, "efs:finding");
		xml_attribute(x->w, "kind", f.kind);
		xml_attribute(x->w, "severity", f.severity);
		xml_attribute_u64(x->w, "objects", f.objects);
		xml_text(x->w, "efs:title", f.title);
		xml_text(x->w, "efs:subject", f.subject);
		xml_text(x->w, "efs:name", f.name);
		xml_end(x->w);
	}
	return case_walk_close(w, err);
}

struct runs {
	xmlTextWriterPtr w;
	unsigned n;
};

/* The schema has room for one creator: that is the first. */
static void write_run(void *ctx, const struct case_tool *tool)
{
	struct runs *runs = ctx;

	if (!runs->n++)
		return;
	xml_start(runs->w, "efs:run");
	xml_attribute(runs->w, "start", tool->started);
	xml_attribute(runs->w, "end", tool->ended);
	xml_text(runs->w, "efs:version", tool->version);
	xml_text(runs->w, "efs:command", tool->command);
	xml_end(runs->w);
}

static void start_document(xmlTextWriterPtr w)
{
	(void)xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
	xml_start(w, "dfxml");
	xml_attribute(w, "version", DFXML_VERSION);
	xml_attribute(w, "xmlns", DFXML_NS);
	xml_attribute(w, "xmlns:dc", DUBLIN_CORE);
	xml_attribute(w, "xmlns:efs", XML_EFS_NS);
	xml_start(w, "metadata");
	xml_text(w, "dc:type", "Encrypted files of disk images");
	xml_end(w);
}

static enum status write_document(struct dfxml *x, struct error *err)
{
	struct runs runs = { .w = x->w };
	struct case_tool tool;
	enum status st = casefile_tool(x->cf, &tool, err);

	if (st && st != E_ABSENT)
		return st;
	start_document(x->w);
	if (!st)
		write_creator(x->w, &tool);
	xml_start(x->w, "source");
	st = each_evidence(x->cf, write_evidence, x, err);
	xml_end(x->w);
	if (!st)
		st = each_volume(x->cf, write_volume, x, err);
	if (!st)
		st = each_volume(x->cf, write_loose_files, x, err);
	write_files(x, 0);
	if (!st)
		st = each_tool(x->cf, write_run, &runs, err);
	if (!st)
		st = each_evidence(x->cf, write_evidence_facts, x, err);
	if (!st)
		st = each_key(x->cf, write_key, x, err);
	if (!st)
		st = each_need(x->cf, write_need, x, err);
	if (!st)
		st = write_findings(x, err);
	(void)xmlTextWriterEndDocument(x->w);
	if (st || !x->st)
		return st;
	*err = x->err;
	return x->st;
}

static enum status write_dfxml(struct casefile *cf, FILE *out,
                               struct error *err)
{
	struct dfxml x = { .cf = cf, .w = xml_open(out) };
	enum status st;

	if (!x.w)
		return fail(err, E_NOMEM, 0, "memory for an XML writer");
	st = write_document(&x, err);
	xmlFreeTextWriter(x.w);
	return st ? st : report_flush(out, err);
}

const struct report report_dfxml = {
	.name = "dfxml",
	.about = "Digital Forensics XML, for other tools",
	.file = "report.dfxml",
	.write = write_dfxml,
};
