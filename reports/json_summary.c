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

static json_t *count_of(const struct case_count *count, bool named)
{
	json_t *item = json_object();

	json_add_text(item, "value", count->value);
	if (named)
		json_add_text(item, "name", count->name);
	json_add_u64(item, "files", count->files);
	json_add_u64(item, "bytes", count->bytes);
	return item;
}

static void put_value(void *ctx, const struct case_count *count)
{
	json_list_put(ctx, count_of(count, false));
}

static void put_person(void *ctx, const struct case_count *count)
{
	json_list_put(ctx, count_of(count, true));
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

		(void)json_array_append_new(list, count_of(&count, false));
	}
	return list;
}

static void put_need(void *ctx, const struct case_need *need)
{
	json_t *item = json_object();

	json_add_text(item, "kind", need->kind);
	json_add_text(item, "id", need->id);
	json_add_text(item, "what", need->what);
	json_add_u64(item, "objects", need->objects);
	json_list_put(ctx, item);
}

static json_t *first_of(const struct summary *s)
{
	const struct case_totals *t = &s->totals;
	json_t *r = json_record("summary");

	json_add_u64(r, "evidence", t->evidence);
	json_add_u64(r, "volumes", t->volumes);
	json_add_u64(r, "objects", t->objects);
	json_add_u64(r, "files", t->files);
	json_add_u64(r, "bytes", t->bytes);
	json_add_u64(r, "recovered", t->recovered);
	json_add_u64(r, "recovered_bytes", t->recovered_bytes);
	json_add(r, "by_status", by_status(s));
	return r;
}

static json_t *last_of(const struct summary *s)
{
	json_t *r = json_object();

	json_add_u64(r, "snapshots", s->totals.snapshots);
	json_add_u64(r, "bad", s->totals.bad);
	json_add_u64(r, "bad_bytes", s->totals.bad_bytes);
	return r;
}

/* Evidence may name a million certificates: none of the lists is held. */
enum status json_write_summary(struct casefile *cf, struct json_out *out,
                               struct error *err)
{
	static const struct {
		const char *key;
		enum case_field field;
		void (*row)(void *ctx, const struct case_count *);
	} lists[] = {
		{ "by_user", CASE_BY_USER, put_person },
		{ "by_agent", CASE_BY_AGENT, put_person },
		{ "by_algorithm", CASE_BY_ALGORITHM, put_value },
		{ "by_class", CASE_BY_CLASS, put_value },
	};
	struct summary summary;
	enum status st = summary_read(&summary, cf, err);

	if (st)
		return st;
	json_open(out, first_of(&summary));
	for (size_t i = 0; i < G_N_ELEMENTS(lists) && !st; i++) {
		json_list_open(out, lists[i].key);
		st = each_count(cf, lists[i].field, lists[i].row, out, err);
		json_list_close(out);
	}
	json_list_open(out, "needs");
	if (!st)
		st = each_need(cf, put_need, out, err);
	json_list_close(out);
	json_close(out, last_of(&summary));
	return st;
}
