/* SPDX-License-Identifier: MIT */
/*
 * markdown.c - a summary in Markdown, with the tables of GitHub's dialect
 *
 * The first line is the result in one sentence.  Text from evidence stands in
 * cells of tables only, where no block can begin, and what would be markup
 * there is escaped with a backslash.
 */
#include "recovery/casefile_audit.h"
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"
#include "reports/summary.h"

#include <inttypes.h>
#include <string.h>

/* A chapter with a table, which is not there before it has a row. */
struct table {
	FILE *out;
	const char *title, *heads; /* "Name|#Objects": # is a number */
	bool begun;
	uint64_t more; /* rows that were left out */
};

/* -------------------------------------------------------------- escaping */

/*
 * Punctuation that means something inside of a line, ':' and '.' in links, and
 * at the start what begins a block outside of a table.
 */
static bool is_markup(const char *text, size_t i)
{
	if (text[i] == '.')
		return i >= 3 && !g_ascii_strncasecmp(text + i - 3, "www", 3);
	return strchr("\\`*_[]<>|~&:$", text[i]) ||
	       (!i && strchr("#-+=", text[i]));
}

static void put_text(FILE *out, const char *s)
{
	GString *text = g_string_new(NULL);

	format_visible(text, s ? s : "");
	for (size_t i = 0; i < text->len; i++) {
		if (is_markup(text->str, i))
			(void)fputc('\\', out);
		(void)fputc(text->str[i], out);
	}
	g_string_free(text, TRUE);
}

/* ---------------------------------------------------------------- tables */

static void begin(struct table *t)
{
	char **head = g_strsplit(t->heads, "|", -1);

	if (!t->begun) {
		(void)fprintf(t->out, "\n## %s\n\n|", t->title);
		for (char **h = head; *h; h++)
			(void)fprintf(t->out, " %s |", *h + (**h == '#'));
		(void)fputs("\n|", t->out);
		for (char **h = head; *h; h++)
			(void)fputs(**h == '#' ? " ---: |" : " --- |", t->out);
		(void)fputc('\n', t->out);
	}
	t->begun = true;
	g_strfreev(head);
	(void)fputc('|', t->out);
}

static void cell(struct table *t, const char *s)
{
	(void)fputc(' ', t->out);
	put_text(t->out, s);
	(void)fputs(" |", t->out);
}

/* Our own words and times. */
static void plain(struct table *t, const char *s)
{
	(void)fprintf(t->out, " %s |", s ? s : "");
}

static void number(struct table *t, uint64_t n)
{
	GString *s = g_string_new(NULL);

	format_number(s, n);
	plain(t, s->str);
	g_string_free(s, TRUE);
}

static void end(struct table *t)
{
	(void)fputc('\n', t->out);
}

/* ---------------------------------------------------------------- result */

static void write_sentence(FILE *out, const struct summary *s)
{
	GString *text = g_string_new(NULL);

	summary_sentence(text, s);
	(void)fprintf(out, "%s\n", text->str);
	g_string_truncate(text, 0);
	summary_bad(text, &s->totals);
	if (text->len)
		(void)fprintf(out, "\n%s\n", text->str);
	g_string_free(text, TRUE);
}

static void write_counts(FILE *out, const struct summary *s)
{
	struct table t = { .out = out,
		           .title = "Result",
		           .heads = "Status|#Files|#Bytes" };

	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		if (!s->files[i])
			continue;
		begin(&t);
		plain(&t, outcome_name((enum outcome)i));
		number(&t, s->files[i]);
		number(&t, s->bytes[i]);
		end(&t);
	}
	if (!t.begun)
		return;
	begin(&t);
	plain(&t, "all");
	number(&t, s->totals.files);
	number(&t, s->totals.bytes);
	end(&t);
}

/* ---------------------------------------------------------------- people */

static void add_person(void *ctx, const struct case_person *p)
{
	struct table *t = ctx;
	char until[TEXT_FILETIME];

	begin(t);
	plain(t, p->ring == EFS_DRF ? "agent" : "user");
	cell(t, p->name);
	cell(t, p->account);
	cell(t, p->sid);
	cell(t, p->thumbprint);
	number(t, p->objects);
	number(t, p->opened);
	number(t, p->alone);
	plain(t, p->policy);
	plain(t, format_time(until, p->not_after));
	end(t);
}

static enum status write_people(struct casefile *cf, FILE *out,
                                struct error *err)
{
	struct table t = {
		.out = out,
		.title = "Who can decrypt what",
		.heads = "Role|Name|Account|SID|Thumbprint|#Objects|#Opened|"
			 "#Nobody else|Policy|Certificate until",
	};

	return each_person(cf, add_person, &t, err);
}

static enum status write_findings(struct casefile *cf, FILE *out,
                                  struct error *err)
{
	struct table t = { .out = out,
		           .title = "Findings",
		           .heads = "Severity|Finding|About|Name|#Objects|"
		                    "What to do" };
	struct case_finding f;
	struct case_walk *w;
	enum status st = case_finding_open(&w, cf, err);

	if (st)
		return st;
	while (case_finding_next(w, &f)) {
		begin(&t);
		plain(&t, f.severity);
		plain(&t, f.title);
		cell(&t, f.subject);
		cell(&t, f.name);
		number(&t, f.objects);
		plain(&t, f.advice);
		end(&t);
	}
	return case_walk_close(w, err);
}

/* ------------------------------------------------------------------ keys */

static void add_need(void *ctx, const struct case_need *need)
{
	struct table *t = ctx;

	begin(t);
	cell(t, need->what);
	cell(t, need->id);
	number(t, need->objects);
	end(t);
}

static void add_key(void *ctx, const struct case_key *k)
{
	struct table *t = ctx;

	if (!k->opens) {
		t->more++;
		return;
	}
	begin(t);
	plain(t, k->type);
	cell(t, k->name);
	cell(t, k->user);
	cell(t, k->key_id);
	plain(t, k->state);
	cell(t, k->reason ? k->reason : k->unlocked_by);
	number(t, k->opens);
	cell(t, k->source);
	end(t);
}

static enum status write_keys(struct casefile *cf, FILE *out, struct error *err)
{
	struct table needs = { .out = out,
		               .title = "What is missing",
		               .heads = "Secret|Id|#Would open" };
	struct table keys = { .out = out,
		              .title = "Keys",
		              .heads = "Type|Name|User|Id|State|By, or why not|"
		                       "#Objects|From" };
	enum status st = each_need(cf, add_need, &needs, err);

	if (!st)
		st = each_key_by_use(cf, add_key, &keys, err);
	if (keys.more)
		(void)fprintf(out,
		              "\nPieces of key material that open no object: "
		              "%" PRIu64 ".\n",
		              keys.more);
	return st;
}

/* -------------------------------------------------------------- evidence */

static void add_evidence(void *ctx, const struct case_evidence *e)
{
	struct table *t = ctx;

	begin(t);
	cell(t, e->name);
	cell(t, e->path);
	cell(t, e->format);
	number(t, e->size);
	cell(t, e->sha256);
	cell(t, e->reason);
	end(t);
}

static void add_volume(void *ctx, const struct case_volume *v)
{
	struct table *t = ctx;
	GString *view = g_string_new(NULL);

	format_view(view, v->number, v->snapshot, v->made);
	begin(t);
	cell(t, v->evidence_name);
	plain(t, view->str);
	cell(t, v->filesystem);
	number(t, v->offset);
	number(t, v->size);
	number(t, v->objects);
	cell(t, v->reason);
	end(t);
	g_string_free(view, TRUE);
}

static enum status write_evidence(struct casefile *cf, FILE *out,
                                  struct error *err)
{
	struct table evidence = { .out = out,
		                  .title = "Evidence",
		                  .heads = "Name|Path|Format|#Bytes|SHA-256|"
		                           "Remarks" };
	struct table volumes = { .out = out,
		                 .title = "Volumes",
		                 .heads = "Evidence|Volume|File system|"
		                          "#Offset|#Bytes|#Encrypted objects|"
		                          "Remarks" };
	enum status st = each_evidence(cf, add_evidence, &evidence, err);

	return st ? st : each_volume(cf, add_volume, &volumes, err);
}

static enum status write_runs(struct casefile *cf, FILE *out, struct error *err)
{
	struct table t = { .out = out,
		           .title = "Run",
		           .heads = "Program|Command|Started|Ended|Complete" };
	struct case_tool run;
	struct case_walk *w;
	enum status st = case_tool_open(&w, cf, err);

	if (st)
		return st;
	while (case_tool_next(w, &run)) {
		begin(&t);
		cell(&t, run.version);
		cell(&t, run.command);
		plain(&t, run.started);
		plain(&t, run.ended);
		plain(&t, run.interrupted ? "no: it was interrupted" : "yes");
		end(&t);
	}
	return case_walk_close(w, err);
}

static enum status write_markdown(struct casefile *cf, FILE *out,
                                  struct error *err)
{
	struct summary summary;
	enum status st = summary_read(&summary, cf, err);

	if (st)
		return st;
	write_sentence(out, &summary);
	write_counts(out, &summary);
	st = write_people(cf, out, err);
	if (!st)
		st = write_findings(cf, out, err);
	if (!st)
		st = write_keys(cf, out, err);
	if (!st)
		st = write_evidence(cf, out, err);
	if (!st)
		st = write_runs(cf, out, err);
	return st ? st : report_flush(out, err);
}

const struct report report_markdown = {
	.name = "markdown",
	.about = "a summary with tables, in Markdown",
	.write = write_markdown,
};
