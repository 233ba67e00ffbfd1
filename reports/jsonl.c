/* SPDX-License-Identifier: MIT */
/*
 * jsonl.c - the records: one JSON object a line, keys in a fixed order
 */
#include "reports/json.h"

#include "reports/each.h"
#include "reports/report.h"

static void write_evidence(void *ctx, const struct case_evidence *e)
{
	json_t *r = json_record("evidence");

	json_add_text(r, "name", e->name);
	json_add_text(r, "format", e->format);
	json_add_u64(r, "size", e->size);
	json_add_text(r, "sha256", e->sha256);
	json_add_text(r, "path", e->path);
	json_add_text(r, "reason", e->reason);
	json_write(ctx, r);
}

static void write_volume(void *ctx, const struct case_volume *v)
{
	json_t *r = json_record("volume");
	char *serial = g_strdup_printf("%016" PRIx64, v->serial);

	json_add_text(r, "evidence", v->evidence_name);
	json_add_label(r, "volume", 'v', v->number);
	json_add_label(r, "snapshot", 's', v->snapshot);
	json_add_u64(r, "offset", v->offset);
	json_add_u64(r, "size", v->size);
	json_add_known(r, "cluster_size", v->cluster);
	json_add_text(r, "serial", v->serial ? serial : NULL);
	json_add_u64(r, "encrypted_objects", v->objects);
	json_add_known(r, "sector_size", v->sector);
	json_add_text(r, "filesystem", v->filesystem);
	json_add_text(r, "description", v->description);
	json_add_u64(r, "records", v->records);
	json_add_text(r, "reason", v->reason);
	g_free(serial);
	json_write(ctx, r);
}

static enum status write_tool(struct casefile *cf, struct json_out *out,
                              struct error *err)
{
	struct case_tool tool;
	enum status st = casefile_tool(cf, &tool, err);
	json_t *r;

	if (st)
		return st == E_ABSENT ? OK : st;
	r = json_record("tool");
	json_add_text(r, "version", tool.version);
	json_add_text(r, "command", tool.command);
	json_add_text(r, "start", tool.started);
	json_add_text(r, "end", tool.ended);
	json_add(r, "interrupted", json_boolean(tool.interrupted));
	json_write(out, r);
	return OK;
}

static enum status write_jsonl(struct casefile *cf, FILE *stream,
                               struct error *err)
{
	struct json_out out = { .out = stream };
	enum status st = write_tool(cf, &out, err);

	if (!st)
		st = each_evidence(cf, write_evidence, &out, err);
	if (!st)
		st = each_volume(cf, write_volume, &out, err);
	if (!st)
		st = each_key(cf, json_write_key, &out, err);
	if (!st)
		st = each_file(cf, json_write_file, &out, err);
	if (!st)
		st = json_write_summary(cf, &out, err);
	if (!st && out.nomem)
		st = fail(err, E_NOMEM, 0, "memory for a JSON record");
	return st ? st : report_flush(stream, err);
}

const struct report report_jsonl = {
	.name = "jsonl",
	.about = "every fact, one JSON object a line",
	.file = "report.jsonl",
	.write = write_jsonl,
};
