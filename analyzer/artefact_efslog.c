/* SPDX-License-Identifier: MIT */
/*
 * artefact_efslog.c - EFSn.LOG, the log of an encryption that is under way
 */
#include "analyzer/artefact.h"
#include "parsers/efs_log.h"

static void add_id(json_t *to, const char *key, struct bytes id)
{
	struct cursor c = cursor_open(id);

	if (id.n)
		json_add_u64(to, key, cursor_le64(&c));
	else
		json_add(to, key, NULL);
}

static json_t *state_json(const struct efs_log_state *s)
{
	json_t *item = json_object();

	json_add_u64(item, "offset", s->at);
	json_add_u64(item, "state", s->state);
	json_add(item, "checksum_valid", json_boolean(s->sound));
	return item;
}

static json_t *states_json(const struct efs_log *log)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < 2; i++)
		if (log->states[i].there)
			(void)json_array_append_new(
				list, state_json(&log->states[i]));
	return list;
}

static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct efs_log log;
	enum status st = efs_log_parse(&log, in, err);

	(void)pw;
	if (st && !log.header)
		return st;
	json_add_text(to, "type", "EFS log");
	json_add_u64(to, "version", log.version);
	json_add_u64(to, "sector", log.sector);
	json_add(to, "checksum_valid", json_boolean(log.sound));
	artefact_add_utf16(to, "target", log.target);
	add_id(to, "target_id", log.target_id);
	artefact_add_utf16(to, "temporary", log.temporary);
	add_id(to, "temporary_id", log.temporary_id);
	json_add(to, "states", states_json(&log));
	json_add_text(to, "reason", st ? err->what : NULL);
	return OK;
}

/* Verified: the signature, and the checksum. */
static unsigned bid(struct bytes in)
{
	struct efs_log log;
	struct error err;
	enum status st = efs_log_parse(&log, in, &err);

	if (st == E_ABSENT)
		return 0;
	return log.sound ? 96 : 64;
}

const struct artefact artefact_efslog = {
	.name = "EFS log",
	.bid = bid,
	.describe = describe,
};
