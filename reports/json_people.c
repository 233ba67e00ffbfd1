/* SPDX-License-Identifier: MIT */
/*
 * json_people.c - the JSON records of people, policies and findings
 */
#include "reports/json.h"

#include "recovery/casefile_audit.h"

/* Of the places of one finding; the files say which the others are. */
#define MOST_PLACES 1000

static void write_person(struct json_out *out, const struct case_person *p)
{
	json_t *r = json_record("person");

	json_add_text(r, "ring", efs_ring_name(p->ring));
	json_add_text(r, "thumbprint", p->thumbprint);
	json_add_text(r, "name", p->name);
	json_add_text(r, "sid", p->sid);
	json_add_text(r, "account", p->account);
	json_add_u64(r, "objects", p->objects);
	json_add_u64(r, "opened", p->opened);
	json_add_u64(r, "alone", p->alone);
	json_add_text(r, "subject", p->subject);
	json_add_text(r, "issuer", p->issuer);
	json_add_time(r, "not_before", p->not_before);
	json_add_time(r, "not_after", p->not_after);
	json_add_known(r, "bits", p->bits);
	/* Only a certificate says it. */
	json_add(r, "self_signed",
	         p->subject ? json_boolean(p->self_signed) : NULL);
	json_add_text(r, "policy", p->policy);
	json_write(out, r);
}

enum status json_write_people(struct casefile *cf, struct json_out *out,
                              struct error *err)
{
	struct case_person p;
	struct case_walk *w;
	enum status st = case_person_open(&w, cf, err);

	if (st)
		return st;
	while (case_person_next(w, &p))
		write_person(out, &p);
	return case_walk_close(w, err);
}

/* ------------------------------------------------------------- policies */

static enum status add_agents(json_t *r, struct casefile *cf, int64_t policy,
                              struct error *err)
{
	json_t *list = json_array();
	struct case_agent a;
	struct case_walk *w;
	enum status st = case_agent_open(&w, cf, policy, err);

	json_add(r, "agents", list);
	if (st)
		return st;
	while (case_agent_next(w, &a)) {
		json_t *item = json_object();

		json_add_text(item, "thumbprint", a.thumbprint);
		json_add_text(item, "sid", a.sid);
		json_add_text(item, "reason", a.reason);
		(void)json_array_append_new(list, item);
	}
	return case_walk_close(w, err);
}

static enum status write_policy(struct casefile *cf, struct json_out *out,
                                const struct case_policy *p, struct error *err)
{
	json_t *r = json_record("policy");
	enum status st;

	json_add_text(r, "evidence", p->evidence_name);
	json_add_label(r, "volume", 'v', p->volume);
	json_add_label(r, "snapshot", 's', p->snapshot);
	json_add_text(r, "source", p->source);
	json_add_text(r, "reason", p->reason);
	st = add_agents(r, cf, p->id, err);
	json_write(out, r);
	return st;
}

enum status json_write_policies(struct casefile *cf, struct json_out *out,
                                struct error *err)
{
	struct case_policy p;
	struct case_walk *w;
	enum status st = case_policy_open(&w, cf, err);
	enum status closed;

	if (st)
		return st;
	while (!st && case_policy_next(w, &p))
		st = write_policy(cf, out, &p, err);
	closed = case_walk_close(w, err);
	return st ? st : closed;
}

/* ------------------------------------------------------------- findings */

static void add_place(json_t *list, const struct case_place *p)
{
	json_t *item = json_object();

	json_add_text(item, "evidence", p->evidence);
	json_add_label(item, "volume", 'v', p->volume);
	json_add_label(item, "snapshot", 's', p->snapshot);
	/* A loose file lies in no MFT. */
	json_add(item, "mft", NULL);
	if (p->volume || p->mft)
		json_add_u64(item, "mft", p->mft);
	json_add_text(item, "path", p->path);
	(void)json_array_append_new(list, item);
}

static enum status add_places(json_t *r, struct casefile *cf, int64_t finding,
                              struct error *err)
{
	json_t *list = json_array();
	uint64_t more = 0;
	struct case_place p;
	struct case_walk *w;
	enum status st = case_place_open(&w, cf, finding, err);

	json_add(r, "places", list);
	if (st)
		return st;
	while (case_place_next(w, &p)) {
		if (json_array_size(list) < MOST_PLACES)
			add_place(list, &p);
		else
			more++;
	}
	json_add_u64(r, "more", more);
	return case_walk_close(w, err);
}

static enum status write_finding(struct casefile *cf, struct json_out *out,
                                 const struct case_finding *f,
                                 struct error *err)
{
	json_t *r = json_record("finding");
	enum status st;

	json_add_text(r, "finding", f->kind);
	json_add_text(r, "severity", f->severity);
	json_add_text(r, "title", f->title);
	json_add_text(r, "advice", f->advice);
	json_add_text(r, "subject", f->subject);
	json_add_text(r, "name", f->name);
	json_add_u64(r, "objects", f->objects);
	st = add_places(r, cf, f->id, err);
	json_write(out, r);
	return st;
}

enum status json_write_findings(struct casefile *cf, struct json_out *out,
                                struct error *err)
{
	struct case_finding f;
	struct case_walk *w;
	enum status st = case_finding_open(&w, cf, err);
	enum status closed;

	if (st)
		return st;
	while (!st && case_finding_next(w, &f))
		st = write_finding(cf, out, &f, err);
	closed = case_walk_close(w, err);
	return st ? st : closed;
}
