/* SPDX-License-Identifier: MIT */
/*
 * case.c - CASE/UCO 1.4: the case as a graph in JSON-LD, a node a line
 *
 * https://caseontology.org.  The run is an InvestigativeAction: efsleuth was
 * its instrument, the evidence its object, a ProvenanceRecord of all that was
 * found and recovered its result.
 */
#include "reports/case_parts.h"
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"
#include "reports/summary.h"

#include <inttypes.h>
#include <string.h>

struct list {
	struct uco_out *out;
	bool begun;
};

/* -------------------------------------------------------------- the tool */

/* "libtsk 4.11.1": the name is the first word. */
static void add_library(json_t *build, const char *of, size_t n,
                        const char *text)
{
	char place[24];
	char **part = g_strsplit(text, " ", 2);
	struct uco_id id;
	json_t *library;

	(void)g_snprintf(place, sizeof(place), "%zu", n);
	id = UCO_ID("library", of, place);
	library = uco_node(&id, "uco-tool:LibraryType");
	uco_add_text(library, "uco-tool:libraryName", part[0]);
	if (part[0])
		uco_add_text(library, "uco-tool:libraryVersion", part[1]);
	(void)json_array_append_new(build, library);
	g_strfreev(part);
}

static json_t *tool_node(const struct uco_id *id, const char *type,
                         const char *also, const char *version)
{
	json_t *node = uco_node_of(id, type, also);

	uco_add_text(node, "uco-core:name", "efsleuth");
	uco_add_text(node, "uco-tool:toolType",
	             "recovery and audit of EFS-encrypted files");
	uco_add_text(node, "uco-tool:version", version);
	return node;
}

/* `version`: "efsleuth 0.1.0, libtsk 4.11.1, ..." */
static void write_tool(struct uco_out *out, const struct uco_id *id,
                       const char *version)
{
	char **part = g_strsplit(version ? version : "", ", ", -1);
	const char *number = part[0] ? strchr(part[0], ' ') : NULL;
	struct uco_id build_id = UCO_ID("build", id->iri);
	json_t *node = tool_node(id, "uco-tool:AnalyticTool", NULL,
	                         number ? number + 1 : part[0]);
	json_t *facet = uco_facet(node, "uco-tool:BuildFacet");
	json_t *build = uco_node(&build_id, "uco-tool:BuildInformationType");
	json_t *libraries = json_array();

	for (size_t i = 1; part[0] && part[i]; i++)
		add_library(libraries, id->iri, i, part[i]);
	(void)json_object_set_new(build, "uco-tool:libraries", libraries);
	(void)json_object_set_new(facet, "uco-tool:buildInformation", build);
	uco_write(out, node);
	g_strfreev(part);
}

/* The tool as it was run. */
static void write_configured(struct uco_out *out, const struct uco_id *id,
                             const struct uco_id *tool,
                             const struct case_tool *run)
{
	struct uco_id config_id = UCO_ID("configuration", id->iri);
	struct uco_id entry_id = UCO_ID("command", id->iri);
	json_t *node = tool_node(id, "uco-tool:AnalyticTool",
	                         "uco-tool:ConfiguredTool", NULL);
	json_t *config =
		uco_node(&config_id, "uco-configuration:Configuration");
	json_t *entry =
		uco_node(&entry_id, "uco-configuration:ConfigurationEntry");

	uco_add_ref(node, "uco-configuration:isConfigurationOf", tool);
	uco_add_text(entry, "uco-configuration:itemName", "command line");
	uco_add_text(entry, "uco-configuration:itemValue", run->command);
	(void)json_object_set_new(
		config, "uco-configuration:configurationEntry", entry);
	(void)json_object_set_new(node, "uco-configuration:usesConfiguration",
	                          config);
	uco_write(out, node);
}

/* ------------------------------------------------------------ the action */

static void list_evidence(void *ctx, const struct case_evidence *e)
{
	struct uco_id id = uco_evidence_id(e->name);
	struct list *list = ctx;

	uco_list_add(list->out, &list->begun, &id);
}

static enum status write_action(struct casefile *cf, struct uco_out *out,
                                const struct uco_id *tool,
                                const struct case_tool *run,
                                const char *sentence, struct error *err)
{
	struct uco_id id = UCO_ID("action", tool->iri);
	json_t *node = uco_node(&id, "case-investigation:InvestigativeAction");
	struct list list = { .out = out };
	enum status st;

	uco_add_text(node, "uco-core:name",
	             "Recovery and audit of EFS-encrypted files");
	uco_append_text(node, "uco-core:description", sentence);
	uco_add_date(node, "uco-action:startTime", run->started);
	uco_add_date(node, "uco-action:endTime", run->ended);
	uco_add_text(node, "uco-action:actionStatus",
	             run->interrupted ? "Pending" : "Complete/Finish");
	uco_add_ref(node, "uco-action:instrument", tool);
	uco_add_ref(node, "uco-action:result", &out->record);
	uco_list_begin(out, node, "uco-action:object");
	st = each_evidence(cf, list_evidence, &list, err);
	uco_list_end(out);
	return st;
}

/* What the runs were, and when, is in no identifier: that of two runs over the
   same evidence would differ in every line that refers to it. */
static enum status write_run(struct casefile *cf, struct uco_out *out,
                             const struct case_tool *run, const char *number,
                             const char *sentence, struct error *err)
{
	struct uco_id tool = UCO_ID("tool", run->version);
	struct uco_id configured =
		UCO_ID("configured", out->record.iri, number);

	write_tool(out, &tool, run->version);
	write_configured(out, &configured, &tool, run);
	return write_action(cf, out, &configured, run, sentence, err);
}

/* Cases that were put together have several. */
static enum status each_run(struct casefile *cf, struct uco_out *out,
                            const char *sentence, struct error *err)
{
	char number[24];
	unsigned n = 0;
	struct case_tool run;
	struct case_walk *w;
	enum status st = case_tool_open(&w, cf, err);
	enum status closed;

	if (st)
		return st;
	while (!st && case_tool_next(w, &run)) {
		(void)g_snprintf(number, sizeof(number), "%u", ++n);
		st = write_run(cf, out, &run, number, sentence, err);
	}
	closed = case_walk_close(w, err);
	return st ? st : closed;
}

static enum status write_runs(struct casefile *cf, struct uco_out *out,
                              struct error *err)
{
	GString *sentence = g_string_new(NULL);
	struct summary summary;
	enum status st = summary_read(&summary, cf, err);

	if (!st) {
		summary_sentence(sentence, &summary);
		st = each_run(cf, out, sentence->str, err);
	}
	g_string_free(sentence, TRUE);
	return st;
}

/* ------------------------------------------------------------ the record */

static void name_evidence(void *ctx, const struct case_evidence *e)
{
	struct uco_out *out = ctx;
	char size[24];

	(void)g_snprintf(size, sizeof(size), "%" PRIu64, e->size);
	out->record = UCO_ID("record", out->record.iri, e->name, size);
}

static enum status name_record(struct casefile *cf, struct uco_out *out,
                               struct error *err)
{
	out->record = UCO_ID("record");
	return each_evidence(cf, name_evidence, out, err);
}

static void list_file(void *ctx, const struct case_file *f)
{
	struct uco_id id = uco_file_id(f);
	struct list *list = ctx;

	uco_list_add(list->out, &list->begun, &id);
	if (!format_has_plaintext(f) || f->stream.same_as)
		return;
	id = uco_plaintext_id(f);
	uco_list_add(list->out, &list->begun, &id);
}

static enum status write_record(struct casefile *cf, struct uco_out *out,
                                struct error *err)
{
	json_t *node =
		uco_node(&out->record, "case-investigation:ProvenanceRecord");
	struct list list = { .out = out };
	enum status st;

	uco_append_text(node, "uco-core:description",
	                "Encrypted files that were found, and their plaintext "
	                "where it was recovered");
	uco_list_begin(out, node, "uco-core:object");
	st = each_file(cf, list_file, &list, err);
	uco_list_end(out);
	return st;
}

/* ------------------------------------------------------------ the report */

static enum status write_graph(struct casefile *cf, struct uco_out *out,
                               struct error *err)
{
	enum status st = name_record(cf, out, err);

	if (!st)
		st = write_runs(cf, out, err);
	if (!st)
		st = uco_write_evidence(cf, out, err);
	if (!st)
		st = uco_write_volumes(cf, out, err);
	if (!st)
		st = each_person(cf, uco_write_person, out, err);
	if (!st)
		st = uco_write_findings(cf, out, err);
	if (!st)
		st = each_file(cf, uco_write_file, out, err);
	return st ? st : write_record(cf, out, err);
}

static enum status write_case(struct casefile *cf, FILE *to, struct error *err)
{
	struct uco_out out = { .out = to };
	enum status st;

	uco_begin(&out);
	st = write_graph(cf, &out, err);
	uco_end(&out);
	if (!st && out.nomem)
		st = fail(err, E_NOMEM, 0, "memory for a node of the graph");
	return st ? st : report_flush(to, err);
}

const struct report report_case = {
	.name = "case",
	.about = "CASE/UCO graph in JSON-LD, for case management",
	.write = write_case,
};
