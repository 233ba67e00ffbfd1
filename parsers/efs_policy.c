/* SPDX-License-Identifier: MIT */
/*
 * efs_policy.c - the recovery policy of a domain or a machine
 *
 * [MS-GPEF] 2.2.1.2.
 */
#include "parsers/efs_policy.h"

#include "parsers/limits.h"

/* [MS-GPEF] 2.2.1.2: the bytes 01 00 01 00. */
#define EFS_POLICY_MAGIC 0x00010001u

/* u32 magic, u32 number of entries, then the entries. */
struct efs_policy efs_policy_open(struct bytes in)
{
	struct efs_policy it = { .c = cursor_open(in) };
	uint32_t magic = cursor_le32(&it.c);
	uint32_t count = cursor_le32(&it.c);

	if (magic != EFS_POLICY_MAGIC) {
		(void)fail(&it.err, E_ABSENT, in.at, "EFS recovery policy");
		return it;
	}
	it.left = count;
	if (it.c.bad)
		(void)fail(&it.err, E_TRUNCATED, in.at, "EFS recovery policy");
	if (count > LIMIT_EFS_ENTRIES) {
		/* The walk goes on: what there is of entries is still good. */
		(void)fail(&it.err, E_LIMIT, in.at + 4,
		           "count of recovery agents");
		it.left = LIMIT_EFS_ENTRIES;
	}
	return it;
}

static bool stop(struct efs_policy *it, enum status status, uint64_t at)
{
	(void)fail(&it->err, status, at, "recovery agent");
	it->left = 0;
	return false;
}

/*
 * One entry: u32 length of the whole, then a Public Key Information of type 2
 * ([MS-EFSR] 2.2.2.1.3), which begins with its own length.
 */
bool efs_policy_next(struct efs_policy *it, struct efs_agent *agent)
{
	uint64_t at = cursor_at(&it->c);
	struct cursor peek = it->c;
	struct bytes entry;
	struct cursor c;
	uint32_t length;

	*agent = (struct efs_agent){ 0 };
	if (!it->left)
		return false;
	it->left--;

	length = cursor_le32(&peek);
	entry = cursor_take(&it->c, length);
	if (peek.bad || it->c.bad)
		return stop(it, E_TRUNCATED, at);
	c = cursor_open(entry);
	cursor_skip(&c, 4);
	if (c.bad)
		return stop(it, E_CORRUPT, at);

	agent->at = at;
	agent->credential_err.status =
		efs_credential_parse(&agent->credential, cursor_tail(&c, c.pos),
	                             &agent->credential_err);
	return true;
}
