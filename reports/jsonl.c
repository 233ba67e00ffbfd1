/* SPDX-License-Identifier: MIT */
/*
 * jsonl.c - the records: one JSON object a line, keys in a fixed order
 */
#include "reports/json.h"

#include "reports/each.h"
#include "reports/report.h"

/* Cases that were put together have several. */
static void write_tool(void *ctx, const struct case_tool *tool)
{
	json_t *r = json_record("tool");

	json_add_text(r, "version", tool->version);
	json_add_text(r, "command", tool->command);
	json_add_text(r, "start", tool->started);
	json_add_text(r, "end", tool->ended);
	json_add(r, "interrupted", json_boolean(tool->interrupted));
	json_write(ctx, r);
}

static enum status write_jsonl(struct casefile *cf, FILE *stream,
                               struct error *err)
{
	struct json_out out = { .out = stream };
	enum status st = each_tool(cf, write_tool, &out, err);

	if (!st)
		st = json_write_evidence(cf, &out, err);
	if (!st)
		st = json_write_volumes(cf, &out, err);
	if (!st)
		st = each_key(cf, json_write_key, &out, err);
	if (!st)
		st = each_file(cf, json_write_file, &out, err);
	if (!st)
		st = json_write_people(cf, &out, err);
	if (!st)
		st = json_write_policies(cf, &out, err);
	if (!st)
		st = json_write_findings(cf, &out, err);
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
