/* SPDX-License-Identifier: MIT */
/*
 * people.c - what registry hives say of people, until the case takes it
 */
#include "analyzer/people.h"

#include "parsers/text.h"

struct account {
	struct origin origin;
	char *sid, *name;
	bool local;
};

struct agent {
	char *thumbprint, *sid, *reason;
};

struct people_policy {
	struct origin origin;
	char *reason;
	GPtrArray *agents; /* of struct agent * */
};

struct people {
	GPtrArray *accounts; /* of struct account * */
	GPtrArray *policies; /* of struct people_policy * */
};

static void account_free(void *p)
{
	struct account *a = p;

	origin_release(&a->origin);
	g_free(a->sid);
	g_free(a->name);
	g_free(a);
}

static void agent_free(void *p)
{
	struct agent *a = p;

	g_free(a->thumbprint);
	g_free(a->sid);
	g_free(a->reason);
	g_free(a);
}

static void policy_free(void *p)
{
	struct people_policy *policy = p;

	origin_release(&policy->origin);
	g_free(policy->reason);
	g_ptr_array_unref(policy->agents);
	g_free(policy);
}

struct people *people_new(void)
{
	struct people *people = g_new0(struct people, 1);

	people->accounts = g_ptr_array_new_with_free_func(account_free);
	people->policies = g_ptr_array_new_with_free_func(policy_free);
	return people;
}

void people_free(struct people *people)
{
	if (!people)
		return;
	g_ptr_array_unref(people->accounts);
	g_ptr_array_unref(people->policies);
	g_free(people);
}

void people_add_account(struct people *people, const struct origin *origin,
                        const char *sid, const char *name, bool local)
{
	struct account *a = g_new0(struct account, 1);

	origin_copy(&a->origin, origin);
	a->sid = g_strdup(sid);
	a->name = g_strdup(name);
	a->local = local;
	g_ptr_array_add(people->accounts, a);
}

struct people_policy *people_add_policy(struct people *people,
                                        const struct origin *origin,
                                        const char *reason)
{
	struct people_policy *policy = g_new0(struct people_policy, 1);

	origin_copy(&policy->origin, origin);
	policy->reason = g_strdup(reason);
	policy->agents = g_ptr_array_new_with_free_func(agent_free);
	g_ptr_array_add(people->policies, policy);
	return policy;
}

void people_set_reason(struct people_policy *policy, const char *reason)
{
	g_free(policy->reason);
	policy->reason = g_strdup(reason);
}

void people_add_agent(struct people_policy *policy,
                      const uint8_t thumbprint[EFS_THUMBPRINT_SIZE],
                      const char *sid, const char *reason)
{
	struct agent *a = g_new0(struct agent, 1);
	char hex[TEXT_SHA1];
	struct text t = text_open(hex, sizeof(hex));

	if (thumbprint) {
		text_hex(&t,
		         (struct bytes){ thumbprint, EFS_THUMBPRINT_SIZE, 0 });
		a->thumbprint = g_strdup(hex);
	}
	a->sid = g_strdup(sid);
	a->reason = g_strdup(reason);
	g_ptr_array_add(policy->agents, a);
}

/* ------------------------------------------------------------ into the case */

static enum status record_account(const struct account *a, struct casefile *cf,
                                  int64_t evidence, struct error *err)
{
	char *source = origin_text(&a->origin);
	const struct case_account row = { .evidence = evidence,
		                          .sid = a->sid,
		                          .name = a->name,
		                          .local = a->local,
		                          .source = source };
	enum status st = casefile_add_account(cf, &row, err);

	g_free(source);
	return st;
}

static enum status record_policy(const struct people_policy *p,
                                 struct casefile *cf, int64_t evidence,
                                 struct error *err)
{
	char *source = origin_text(&p->origin);
	struct case_agent *agents = g_new0(struct case_agent, p->agents->len);
	struct case_policy row = { .evidence = evidence,
		                   .volume = p->origin.volume,
		                   .snapshot = p->origin.snapshot,
		                   .source = source,
		                   .reason = p->reason,
		                   .agents = agents,
		                   .n_agents = p->agents->len };
	enum status st;

	for (guint i = 0; i < p->agents->len; i++) {
		const struct agent *a = p->agents->pdata[i];

		agents[i] =
			(struct case_agent){ a->thumbprint, a->sid, a->reason };
	}
	st = casefile_add_policy(cf, &row, err);
	g_free(agents);
	g_free(source);
	return st;
}

enum status people_record(const struct people *people, struct casefile *cf,
                          int64_t (*id_of)(void *ctx, const char *evidence),
                          void *ctx, struct error *err)
{
	enum status st = OK;

	for (guint i = 0; i < people->accounts->len && !st; i++) {
		const struct account *a = people->accounts->pdata[i];

		st = record_account(a, cf, id_of(ctx, a->origin.evidence), err);
	}
	for (guint i = 0; i < people->policies->len && !st; i++) {
		const struct people_policy *p = people->policies->pdata[i];

		st = record_policy(p, cf, id_of(ctx, p->origin.evidence), err);
	}
	return st;
}
