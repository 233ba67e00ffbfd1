/* SPDX-License-Identifier: MIT */
/*
 * dfxml_file.c - one file as a DFXML fileobject
 *
 * The schema fixes the order of the elements, and lets those of other
 * namespaces stand at the end.
 */
#include "reports/dfxml.h"

#include "reports/format.h"

/* DFXML's names are relative to the root of the volume, without the '/'. */
static void write_name(xmlTextWriterPtr w, const char *path, const char *stream)
{
	GString *name = g_string_new(path && *path == '/' ? path + 1 : path);

	if (stream)
		g_string_append_printf(name, ":%s", stream);
	xml_text(w, "filename", name->str);
	g_string_free(name, TRUE);
}

static void write_time(xmlTextWriterPtr w, const char *name, uint64_t filetime)
{
	char buf[TEXT_FILETIME];

	xml_text(w, name, format_time(buf, filetime));
}

static void write_metadata(xmlTextWriterPtr w, const struct case_file *f)
{
	const struct case_object *o = &f->object;

	write_name(w, o->path, f->stream.name);
	for (size_t i = 0; i < o->n_links; i++)
		write_name(w, o->links[i], f->stream.name);
	if (f->volume)
		xml_u64(w, "partition", f->volume);
	xml_u64(w, "id", (uint64_t)f->stream.id);
	xml_text(w, "name_type", o->directory ? "d" : "r");
	xml_u64(w, "filesize", f->stream.size);
	xml_text(w, "alloc", o->deleted ? "0" : "1");
	if (format_has_record(f))
		xml_u64(w, "inode", o->mft);
	xml_u64(w, "nlink", o->n_links + 1);
	write_time(w, "mtime", o->modified);
	write_time(w, "ctime", o->changed);
	write_time(w, "atime", o->accessed);
	write_time(w, "crtime", o->created);
	if (format_has_record(f))
		xml_u64(w, "seq", o->sequence);
}

static void write_hash(xmlTextWriterPtr w, const char *type, const char *hash)
{
	if (!hash)
		return;
	xml_start(w, "hashdigest");
	xml_attribute(w, "type", type);
	(void)xmlTextWriterWriteString(w, (const xmlChar *)hash);
	xml_end(w);
}

/* ----------------------------------------------------------- our facts */

static void write_entry(xmlTextWriterPtr w, const struct case_entry *e)
{
	xml_start(w, "efs:entry");
	xml_attribute(w, "ring", efs_ring_name(e->ring));
	xml_attribute_u64(w, "entry", e->entry);
	xml_attribute(w, "thumbprint", e->thumbprint);
	xml_attribute_u64(w, "flags", e->flags);
	xml_attribute_u64(w, "wrapped_bits", e->wrapped_bits);
	xml_text(w, "efs:name", e->name);
	xml_text(w, "efs:sid", e->sid);
	xml_text(w, "efs:container", e->container);
	xml_text(w, "efs:provider", e->provider);
	xml_text(w, "efs:reason", e->reason);
	xml_end(w);
}

static void write_try(xmlTextWriterPtr w, const struct case_try *t)
{
	xml_start(w, "efs:try");
	xml_attribute(w, "ring", efs_ring_name(t->ring));
	xml_attribute_u64(w, "entry", t->entry);
	xml_attribute(w, "by", t->by_thumbprint ? "thumbprint" : "mathematics");
	xml_text(w, "efs:key", t->key);
	xml_text(w, "efs:result", t->result);
	xml_end(w);
}

static void write_opened(xmlTextWriterPtr w, const struct case_object *o)
{
	if (!o->opened)
		return;
	xml_start(w, "efs:opened_by");
	xml_attribute(w, "ring", efs_ring_name(o->opened_ring));
	xml_attribute_u64(w, "entry", o->opened_entry);
	xml_text(w, "efs:key", o->opened_key);
	for (size_t i = 0; i < o->n_chain; i++)
		xml_text(w, "efs:link", o->chain[i]);
	xml_end(w);
}

static void write_holes(xmlTextWriterPtr w, const struct case_stream *s)
{
	for (size_t i = 0; i < s->n_holes; i++) {
		xml_start(w, "efs:hole");
		xml_attribute_u64(w, "offset", s->holes[i].offset);
		xml_attribute_u64(w, "size", s->holes[i].size);
		xml_end(w);
	}
}

static void write_changes(xmlTextWriterPtr w, const struct case_file *f)
{
	char buf[TEXT_FILETIME];
	char label[FORMAT_LABEL];

	for (size_t i = 0; i < f->n_changes; i++) {
		const struct case_change *c = &f->changes[i];

		xml_start(w, c->added ? "efs:added" : "efs:removed");
		xml_attribute(w, "ring", efs_ring_name(c->ring));
		xml_attribute(w, "thumbprint", c->thumbprint);
		xml_attribute(w, "from_snapshot",
		              format_label(label, 's', c->before));
		xml_attribute(w, "to_snapshot",
		              format_label(label, 's', c->after));
		xml_attribute(w, "from", format_time(buf, c->from));
		xml_attribute(w, "to", format_time(buf, c->to));
		xml_text(w, "efs:name", c->name);
		xml_text(w, "efs:sid", c->sid);
		xml_end(w);
	}
}

static void write_facts(xmlTextWriterPtr w, const struct case_file *f)
{
	const struct case_object *o = &f->object;

	xml_start(w, "efs:file");
	xml_attribute(w, "status", outcome_name(f->stream.outcome));
	xml_attribute(w, "class", o->efs_class);
	xml_attribute(w, "algorithm", o->algorithm);
	if (o->has_efs)
		xml_attribute_u64(w, "version", o->efs_version);
	xml_attribute(w, "id", o->efs_id);
	xml_text(w, "efs:stream", f->stream.name);
	xml_text(w, "efs:reason", f->stream.reason);
	for (size_t i = 0; i < o->n_entries; i++)
		write_entry(w, &o->entries[i]);
	for (size_t i = 0; i < o->n_tries; i++)
		write_try(w, &o->tries[i]);
	write_opened(w, o);
	for (size_t i = 0; i < f->n_missing; i++)
		xml_text(w, "efs:missing", f->missing[i]);
	write_holes(w, &f->stream);
	xml_text(w, "efs:output", f->stream.output);
	xml_text(w, "efs:same_as", f->stream.same_as);
	write_changes(w, f);
	xml_end(w);
}

void dfxml_file(xmlTextWriterPtr w, const struct case_file *file)
{
	xml_start(w, "fileobject");
	write_metadata(w, file);
	write_hash(w, "md5", file->stream.md5);
	write_hash(w, "sha1", file->stream.sha1);
	write_hash(w, "sha256", file->stream.sha256);
	write_facts(w, file);
	xml_end(w);
}
