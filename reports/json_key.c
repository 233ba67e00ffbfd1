/* SPDX-License-Identifier: MIT */
/*
 * json_key.c - the JSON record of one key
 */
#include "reports/json.h"

static json_t *key_source(const struct case_key *k)
{
	json_t *source = json_object();

	json_add_text(source, "evidence", k->evidence);
	json_add_label(source, "volume", 'v', k->volume);
	json_add_label(source, "snapshot", 's', k->snapshot);
	json_add_text(source, "path", k->path);
	json_add_known(source, "offset", k->offset);
	return source;
}

void json_write_key(void *ctx, const struct case_key *k)
{
	json_t *r = json_record("key");

	json_add_text(r, "type", k->type);
	json_add_text(r, "id", k->key_id);
	json_add_text(r, "sid", k->sid);
	json_add_text(r, "name", k->name);
	json_add(r, "source", key_source(k));
	json_add_text(r, "state", k->state);
	json_add_text(r, "unlocked_by", k->unlocked_by);
	json_add_text(r, "reason", k->reason);
	json_add_u64(r, "opens", k->opens);
	json_add_text(r, "user", k->user);
	json_add_text(r, "container", k->container);
	json_add_known(r, "bits", k->bits);
	json_add_time(r, "made", k->made);
	json_add(r, "current", json_boolean(k->current));
	json_add_text(r, "behind", k->behind_id);
	json_add_text(r, "certificate", k->certificate);
	json_write(ctx, r);
}
