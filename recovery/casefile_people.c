/* SPDX-License-Identifier: MIT */
/*
 * casefile_people.c - certificates, accounts and recovery policies of a case
 */
#include "recovery/casefile_audit.h"
#include "recovery/casefile_internal.h"

/* --------------------------------------------------------------- adding */

enum status casefile_add_certificate(struct casefile *cf,
                                     const struct case_certificate *c,
                                     struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_CERTIFICATE, err);

	if (st)
		return st;
	case_put_text(&row, c->thumbprint);
	case_put_text(&row, c->subject);
	case_put_text(&row, c->issuer);
	case_put_text(&row, c->serial);
	case_put_known(&row, c->not_before);
	case_put_known(&row, c->not_after);
	case_put_text(&row, c->kind);
	case_put_known(&row, c->bits);
	case_put_i64(&row, c->self_signed);
	case_put_i64(&row, c->efs);
	case_put_i64(&row, c->recovery);
	case_put_text(&row, c->source);
	st = case_add_end(&row, err);
	return st ? st : case_add_done(cf, err);
}

enum status casefile_add_account(struct casefile *cf,
                                 const struct case_account *account,
                                 struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_ACCOUNT, err);

	if (st)
		return st;
	case_put_known(&row, (uint64_t)account->evidence);
	case_put_text(&row, account->sid);
	case_put_text(&row, account->name);
	case_put_i64(&row, account->local);
	case_put_text(&row, account->source);
	st = case_add_end(&row, err);
	return st ? st : case_add_done(cf, err);
}

static enum status add_policy_row(struct casefile *cf, struct case_policy *p,
                                  struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_POLICY, err);

	p->id = 0;
	if (st)
		return st;
	case_put_known(&row, (uint64_t)p->evidence);
	case_put_known(&row, p->volume);
	case_put_known(&row, p->snapshot);
	case_put_text(&row, p->source);
	case_put_text(&row, p->reason);
	st = case_add_end(&row, err);
	if (!st)
		p->id = sqlite3_last_insert_rowid(cf->db);
	return st;
}

static enum status add_agent(struct casefile *cf, int64_t policy, size_t n,
                             const struct case_agent *agent, struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_AGENT, err);

	if (st)
		return st;
	case_put_i64(&row, policy);
	case_put_u64(&row, n);
	case_put_text(&row, agent->thumbprint);
	case_put_text(&row, agent->sid);
	case_put_text(&row, agent->reason);
	return case_add_end(&row, err);
}

enum status casefile_add_policy(struct casefile *cf, struct case_policy *policy,
                                struct error *err)
{
	enum status st = add_policy_row(cf, policy, err);

	for (size_t i = 0; i < policy->n_agents && !st; i++)
		st = add_agent(cf, policy->id, i, &policy->agents[i], err);
	return st ? st : case_add_done(cf, err);
}

/* -------------------------------------------------------------- reading */

enum status case_policy_open(struct case_walk **w, struct casefile *cf,
                             struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT p.id, p.evidence, e.name, p.volume,"
	                      " p.snapshot, p.source, p.reason FROM policy p"
	                      " LEFT JOIN evidence e ON e.id = p.evidence"
	                      " ORDER BY p.id",
	                      err);
}

bool case_policy_next(struct case_walk *w, struct case_policy *policy)
{
	struct case_row row;

	*policy = (struct case_policy){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	policy->id = case_get_i64(&row);
	policy->evidence = case_get_i64(&row);
	policy->evidence_name = case_get_text(&row);
	policy->volume = case_get_u32(&row);
	policy->snapshot = case_get_u32(&row);
	policy->source = case_get_text(&row);
	policy->reason = case_get_text(&row);
	return true;
}

enum status case_agent_open(struct case_walk **w, struct casefile *cf,
                            int64_t policy, struct error *err)
{
	return case_walk_open_of(w, cf,
	                         "SELECT thumbprint, sid, reason FROM agent"
	                         " WHERE policy = ? ORDER BY n",
	                         policy, err);
}

bool case_agent_next(struct case_walk *w, struct case_agent *agent)
{
	struct case_row row;

	*agent = (struct case_agent){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	agent->thumbprint = case_get_text(&row);
	agent->sid = case_get_text(&row);
	agent->reason = case_get_text(&row);
	return true;
}

enum status case_account_open(struct case_walk **w, struct casefile *cf,
                              struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT a.evidence, e.name, a.sid, a.name,"
	                      " a.local, a.source FROM account a"
	                      " LEFT JOIN evidence e ON e.id = a.evidence"
	                      " ORDER BY a.id",
	                      err);
}

bool case_account_next(struct case_walk *w, struct case_account *account)
{
	struct case_row row;

	*account = (struct case_account){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	account->evidence = case_get_i64(&row);
	account->evidence_name = case_get_text(&row);
	account->sid = case_get_text(&row);
	account->name = case_get_text(&row);
	account->local = case_get_bool(&row);
	account->source = case_get_text(&row);
	return true;
}
