/* SPDX-License-Identifier: MIT */
/*
 * each.c - call a function for every row of one kind that the case holds
 */
#include "reports/each.h"

enum status each_tool(struct casefile *cf,
                      void (*row)(void *ctx, const struct case_tool *),
                      void *ctx, struct error *err)
{
	struct case_tool tool;
	struct case_walk *w;
	enum status st = case_tool_open(&w, cf, err);

	if (st)
		return st;
	while (case_tool_next(w, &tool))
		row(ctx, &tool);
	return case_walk_close(w, err);
}

enum status each_evidence(struct casefile *cf,
                          void (*row)(void *ctx, const struct case_evidence *),
                          void *ctx, struct error *err)
{
	struct case_evidence evidence;
	struct case_walk *w;
	enum status st = case_evidence_open(&w, cf, err);

	if (st)
		return st;
	while (case_evidence_next(w, &evidence))
		row(ctx, &evidence);
	return case_walk_close(w, err);
}

enum status each_volume(struct casefile *cf,
                        void (*row)(void *ctx, const struct case_volume *),
                        void *ctx, struct error *err)
{
	struct case_volume volume;
	struct case_walk *w;
	enum status st = case_volume_open(&w, cf, err);

	if (st)
		return st;
	while (case_volume_next(w, &volume))
		row(ctx, &volume);
	return case_walk_close(w, err);
}

enum status each_fact(struct casefile *cf, int64_t evidence, int64_t volume,
                      void (*row)(void *ctx, const struct case_fact *),
                      void *ctx, struct error *err)
{
	struct case_fact fact;
	struct case_walk *w;
	enum status st = case_fact_open(&w, cf, evidence, volume, err);

	if (st)
		return st;
	while (case_fact_next(w, &fact))
		row(ctx, &fact);
	return case_walk_close(w, err);
}

enum status each_bad(struct casefile *cf, int64_t evidence,
                     void (*row)(void *ctx, const struct case_bad *), void *ctx,
                     struct error *err)
{
	struct case_bad bad;
	struct case_walk *w;
	enum status st = case_bad_open(&w, cf, evidence, err);

	if (st)
		return st;
	while (case_bad_next(w, &bad))
		row(ctx, &bad);
	return case_walk_close(w, err);
}

enum status each_change(struct casefile *cf,
                        void (*row)(void *ctx, const struct case_change *),
                        void *ctx, struct error *err)
{
	struct case_change change;
	struct case_walk *w;
	enum status st = case_change_open(&w, cf, err);

	if (st)
		return st;
	while (case_change_next(w, &change))
		row(ctx, &change);
	return case_walk_close(w, err);
}

static enum status each_key_of(struct case_walk *w,
                               void (*row)(void *ctx, const struct case_key *),
                               void *ctx, struct error *err)
{
	struct case_key key;

	while (case_key_next(w, &key))
		row(ctx, &key);
	return case_walk_close(w, err);
}

enum status each_key(struct casefile *cf,
                     void (*row)(void *ctx, const struct case_key *), void *ctx,
                     struct error *err)
{
	struct case_walk *w;
	enum status st = case_key_open(&w, cf, err);

	return st ? st : each_key_of(w, row, ctx, err);
}

enum status each_key_by_use(struct casefile *cf,
                            void (*row)(void *ctx, const struct case_key *),
                            void *ctx, struct error *err)
{
	struct case_walk *w;
	enum status st = case_key_by_use_open(&w, cf, err);

	return st ? st : each_key_of(w, row, ctx, err);
}

enum status each_need(struct casefile *cf,
                      void (*row)(void *ctx, const struct case_need *),
                      void *ctx, struct error *err)
{
	struct case_need need;
	struct case_walk *w;
	enum status st = case_need_open(&w, cf, err);

	if (st)
		return st;
	while (case_need_next(w, &need))
		row(ctx, &need);
	return case_walk_close(w, err);
}

enum status each_person(struct casefile *cf,
                        void (*row)(void *ctx, const struct case_person *),
                        void *ctx, struct error *err)
{
	struct case_person person;
	struct case_walk *w;
	enum status st = case_person_open(&w, cf, err);

	if (st)
		return st;
	while (case_person_next(w, &person))
		row(ctx, &person);
	return case_walk_close(w, err);
}

enum status each_count(struct casefile *cf, enum case_field field,
                       void (*row)(void *ctx, const struct case_count *),
                       void *ctx, struct error *err)
{
	struct case_count count;
	struct case_walk *w;
	enum status st = case_count_open(&w, cf, field, err);

	if (st)
		return st;
	while (case_count_next(w, &count))
		row(ctx, &count);
	return case_walk_close(w, err);
}

enum status each_file(struct casefile *cf,
                      void (*row)(void *ctx, const struct case_file *),
                      void *ctx, struct error *err)
{
	struct case_file file;
	struct case_walk *w;
	enum status st = case_file_open(&w, cf, err);

	if (st)
		return st;
	while (case_file_next(w, &file))
		row(ctx, &file);
	return case_walk_close(w, err);
}

/* ------------------------------------------------------------------ audit */

enum status each_finding(struct casefile *cf,
                         void (*row)(void *ctx, const struct case_finding *),
                         void *ctx, struct error *err)
{
	struct case_finding finding;
	struct case_walk *w;
	enum status st = case_finding_open(&w, cf, err);

	if (st)
		return st;
	while (case_finding_next(w, &finding))
		row(ctx, &finding);
	return case_walk_close(w, err);
}

enum status each_place(struct casefile *cf, int64_t finding,
                       void (*row)(void *ctx, const struct case_place *),
                       void *ctx, struct error *err)
{
	struct case_place place;
	struct case_walk *w;
	enum status st = case_place_open(&w, cf, finding, err);

	if (st)
		return st;
	while (case_place_next(w, &place))
		row(ctx, &place);
	return case_walk_close(w, err);
}

enum status each_policy(struct casefile *cf,
                        void (*row)(void *ctx, const struct case_policy *),
                        void *ctx, struct error *err)
{
	struct case_policy policy;
	struct case_walk *w;
	enum status st = case_policy_open(&w, cf, err);

	if (st)
		return st;
	while (case_policy_next(w, &policy))
		row(ctx, &policy);
	return case_walk_close(w, err);
}

enum status each_agent(struct casefile *cf, int64_t policy,
                       void (*row)(void *ctx, const struct case_agent *),
                       void *ctx, struct error *err)
{
	struct case_agent agent;
	struct case_walk *w;
	enum status st = case_agent_open(&w, cf, policy, err);

	if (st)
		return st;
	while (case_agent_next(w, &agent))
		row(ctx, &agent);
	return case_walk_close(w, err);
}

enum status each_account(struct casefile *cf,
                         void (*row)(void *ctx, const struct case_account *),
                         void *ctx, struct error *err)
{
	struct case_account account;
	struct case_walk *w;
	enum status st = case_account_open(&w, cf, err);

	if (st)
		return st;
	while (case_account_next(w, &account))
		row(ctx, &account);
	return case_walk_close(w, err);
}

enum status each_folder(struct casefile *cf,
                        void (*row)(void *ctx, const struct case_folder *),
                        void *ctx, struct error *err)
{
	struct case_folder folder;
	struct case_walk *w;
	enum status st = case_folder_open(&w, cf, err);

	if (st)
		return st;
	while (case_folder_next(w, &folder))
		row(ctx, &folder);
	return case_walk_close(w, err);
}

enum status each_share(struct casefile *cf, int64_t folder,
                       void (*row)(void *ctx, const struct case_share *),
                       void *ctx, struct error *err)
{
	struct case_share share;
	struct case_walk *w;
	enum status st = case_share_open(&w, cf, folder, err);

	if (st)
		return st;
	while (case_share_next(w, &share))
		row(ctx, &share);
	return case_walk_close(w, err);
}

enum status each_day(struct casefile *cf,
                     void (*row)(void *ctx, const struct case_day *), void *ctx,
                     struct error *err)
{
	struct case_day day;
	struct case_walk *w;
	enum status st = case_day_open(&w, cf, err);

	if (st)
		return st;
	while (case_day_next(w, &day))
		row(ctx, &day);
	return case_walk_close(w, err);
}

enum status report_flush(FILE *out, struct error *err)
{
	if (!fflush(out) && !ferror(out))
		return OK;
	return fail(err, E_IO, 0,
	            "the report could not be written; is the disk full?");
}
