/* SPDX-License-Identifier: MIT */
/*
 * artefact_efs_policy.c - the recovery policy: the registry value `EfsBlob`
 */
#include "analyzer/artefact_key.h"
#include "parsers/efs_policy.h"

static json_t *agent_json(const struct efs_agent *agent)
{
	const struct efs_credential *cred = &agent->credential;
	const struct error *err = &agent->credential_err;
	json_t *item = json_object();

	json_add_u64(item, "offset", agent->at);
	json_add_u64(item, "credential_type", cred->type);
	artefact_add_sid(item, "sid", cred->sid);
	json_add(item, "certificate", artefact_der(cred->certificate));
	json_add_text(item, "reason", err->status ? err->what : NULL);
	return item;
}

/* A policy that is damaged is described as far as it goes. */
static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct efs_policy it = efs_policy_open(in);
	json_t *agents = json_array();
	struct efs_agent agent;

	(void)pw;
	if (it.err.status == E_ABSENT) {
		json_decref(agents);
		return fail(err, E_ABSENT, it.err.at, it.err.what);
	}
	while (efs_policy_next(&it, &agent))
		(void)json_array_append_new(agents, agent_json(&agent));
	json_add_text(to, "type", "EFS recovery policy");
	json_add(to, "agents", agents);
	json_add_text(to, "reason", it.err.status ? it.err.what : NULL);
	return OK;
}

/* Verified: the first word; and of the first agent two lengths and the type. */
static unsigned bid(struct bytes in)
{
	struct efs_policy it = efs_policy_open(in);
	struct efs_agent agent;

	if (it.err.status == E_ABSENT)
		return 0;
	if (!efs_policy_next(&it, &agent) || agent.credential_err.status ||
	    agent.credential.type != EFS_CREDENTIAL_CERTIFICATE)
		return 32;
	return 3 * 32;
}

const struct artefact artefact_efs_policy = {
	.name = "EFS recovery policy",
	.bid = bid,
	.describe = describe,
};
