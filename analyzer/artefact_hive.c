/* SPDX-License-Identifier: MIT */
/*
 * artefact_hive.c - a registry hive, or a transaction log of one
 */
#include "analyzer/artefact.h"
#include "parsers/hive_log.h"

static const char *type_name(const struct hive_base *base)
{
	switch (base->type) {
	case HIVE_PRIMARY:
		return "registry hive";
	case HIVE_LOG_OLD:
	case HIVE_LOG_OLD_2:
		return "registry transaction log of the old format";
	case HIVE_LOG_NEW:
		return "registry transaction log";
	default:
		return "registry file of an unknown type";
	}
}

static json_t *entry_json(const struct hive_log_entry *e)
{
	struct hive_pages pages = hive_pages_open(e);
	struct hive_piece piece;
	json_t *item = json_object();
	uint64_t bytes = 0;

	while (hive_pages_next(&pages, &piece))
		bytes += piece.bytes.n;
	json_add_u64(item, "offset", e->at);
	json_add_u64(item, "sequence", e->sequence);
	json_add_u64(item, "bins_size", e->data_size);
	json_add_u64(item, "changed", bytes);
	return item;
}

static void add_entries(json_t *to, struct bytes in)
{
	struct hive_log it = hive_log_open(in);
	struct hive_log_entry e;
	json_t *list = json_array();

	while (hive_log_next(&it, &e))
		(void)json_array_append_new(list, entry_json(&e));
	json_add(to, "entries", list);
	json_add_text(to, "reason", it.err.status ? it.err.what : NULL);
}

/* Whether the logs are due, and that the bins are all there. */
static void add_state(json_t *to, const struct hive_base *base, struct bytes in)
{
	const char *reason = NULL;

	json_add(to, "dirty", json_boolean(hive_base_dirty(base)));
	if (!base->sound)
		reason = "checksum of a hive's base block";
	else if (in.n < HIVE_BASE_SIZE + (uint64_t)base->data_size)
		reason = "bins at the end of a registry hive";
	json_add_text(to, "reason", reason);
}

static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	struct hive_base base;
	enum status st = hive_base_parse(&base, in, err);
	char *version;

	(void)pw;
	if (st && st != E_CORRUPT)
		return st;
	version = g_strdup_printf("%u.%u", base.major, base.minor);
	json_add_text(to, "type", type_name(&base));
	json_add_text(to, "version", version);
	artefact_add_utf16(to, "name", base.name);
	json_add_time(to, "written", base.written);
	json_add_u64(to, "sequence1", base.sequence1);
	json_add_u64(to, "sequence2", base.sequence2);
	json_add_u64(to, "bins_size", base.data_size);
	json_add_u64(to, "root", base.root);
	if (base.type == HIVE_PRIMARY)
		add_state(to, &base, in);
	else
		add_entries(to, in);
	g_free(version);
	return OK;
}

/* Verified: the signature, the format, the checksum. */
static unsigned bid(struct bytes in)
{
	struct hive_base base;
	struct error err;
	enum status st = hive_base_parse(&base, in, &err);

	if (st && st != E_CORRUPT)
		return 0;
	return 32 + (base.format == 1 ? 32u : 0) + (base.sound ? 32u : 0);
}

const struct artefact artefact_hive = {
	.name = "registry hive",
	.bid = bid,
	.describe = describe,
};
