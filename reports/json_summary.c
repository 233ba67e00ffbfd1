/* SPDX-License-Identifier: MIT */
/*
 * json_summary.c - the JSON record that ends a report: counts that add up
 *
 * By status, algorithm and class every file counts once, so the files of each
 * list add up to the total.  A file with three users counts for each of them.
 */
#include "reports/json.h"

#include "reports/each.h"
#include "reports/summary.h"

static void add_count(json_t *list, const struct case_count *count, bool named)
{
	json_t *item = json_object();

	json_add_text(item, "value", count->value);
	if (named)
		json_add_text(item, "name", count->name);
	json_add_u64(item, "files", count->files);
	json_add_u64(item, "bytes", count->bytes);
	(void)json_array_append_new(list, item);
}

static void count_value(void *ctx, const struct case_count *count)
{
	add_count(ctx, count, false);
}

static void count_person(void *ctx, const struct case_count *count)
{
	add_count(ctx, count, true);
}

/* All of the closed list, so that no reader has to know it. */
static json_t *by_status(const struct summary *s)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		struct case_count count = {
			.value = outcome_name((enum outcome)i),
			.files = s->files[i],
			.bytes = s->bytes[i],
		};

		add_count(list, &count, false);
	}
	return list;
}

static void add_need(void *ctx, const struct case_need *need)
{
	json_t *item = json_object();

	json_add_text(item, "kind", need->kind);
	json_add_text(item, "id", need->id);
	json_add_text(item, "what", need->what);
	json_add_u64(item, "objects", need->objects);
	(void)json_array_append_new(ctx, item);
}

static void add_totals(json_t *r, const struct case_totals *t)
{
	json_add_u64(r, "evidence", t->evidence);
	json_add_u64(r, "volumes", t->volumes);
	json_add_u64(r, "objects", t->objects);
	json_add_u64(r, "files", t->files);
	json_add_u64(r, "bytes", t->bytes);
	json_add_u64(r, "recovered", t->recovered);
	json_add_u64(r, "recovered_bytes", t->recovered_bytes);
}

enum status json_write_summary(struct casefile *cf, struct json_out *out,
                               struct error *err)
{
	static const struct {
		const char *key;
		enum case_field field;
		void (*row)(void *ctx, const struct case_count *);
	} lists[] = {
		{ "by_user", CASE_BY_USER, count_person },
		{ "by_agent", CASE_BY_AGENT, count_person },
		{ "by_algorithm", CASE_BY_ALGORITHM, count_value },
		{ "by_class", CASE_BY_CLASS, count_value },
	};
	struct summary summary;
	enum status st = summary_read(&summary, cf, err);
	json_t *r, *needs;

	if (st)
		return st;
	r = json_record("summary");
	add_totals(r, &summary.totals);
	json_add(r, "by_status", by_status(&summary));
	for (size_t i = 0; i < G_N_ELEMENTS(lists) && !st; i++) {
		json_t *list = json_array();

		st = each_count(cf, lists[i].field, lists[i].row, list, err);
		json_add(r, lists[i].key, list);
	}
	needs = json_array();
	if (!st)
		st = each_need(cf, add_need, needs, err);
	json_add(r, "needs", needs);
	json_add_u64(r, "snapshots", summary.totals.snapshots);
	json_add_u64(r, "bad", summary.totals.bad);
	json_add_u64(r, "bad_bytes", summary.totals.bad_bytes);
	if (st)
		json_decref(r);
	else
		json_write(out, r);
	return st;
}
