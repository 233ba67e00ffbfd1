/* SPDX-License-Identifier: MIT */
/*
 * hives_sam.c - the accounts of a SAM hive
 */
#include "analyzer/hives_internal.h"

#include "analyzer/say.h"
#include "parsers/text.h"
#include "recovery/sam.h"

#define ACCOUNT "SAM\\Domains\\Account"

struct sam {
	struct secret f;
	struct secret key;
};

static enum status try_boot(void *ctx, struct bytes boot_key, struct error *err)
{
	struct sam *sam = ctx;

	return sam_key_open(&sam->key, secret_view(&sam->f), boot_key, err);
}

/* "S-1-5-21-...", or NULL: then hashes are tried for everybody. */
static char *machine_sid(const struct hive_file *file)
{
	char buf[TEXT_SID];
	struct text t = text_open(buf, sizeof(buf));
	struct secret v;
	struct bytes sid;
	struct error err;
	enum status st = hive_value(&v, file->hive, ACCOUNT, "V", &err);

	if (!st)
		st = sam_machine_sid(&sid, secret_view(&v), &err);
	if (st)
		hives_say(file, ACCOUNT, &err);
	if (!st && !text_sid(&t, sid))
		st = E_CORRUPT;
	secret_release(&v);
	return st ? NULL : g_strdup(buf);
}

/* To be freed. */
static char *name_of(const struct sam_user *user)
{
	char *name = g_malloc(TEXT_UTF16(user->name.n));
	struct text t = text_open(name, TEXT_UTF16(user->name.n));

	text_utf16(&t, user->name);
	return name;
}

/* The name of an account's key is its RID, in eight hexadecimal digits. */
static bool rid_of(uint32_t *rid, const char *name)
{
	char *end;
	guint64 v = g_ascii_strtoull(name, &end, 16);

	*rid = (uint32_t)v;
	return strlen(name) == 8 && !*end && g_ascii_isxdigit(*name);
}

static enum status add_hash(struct hives *hs, const struct sam *sam,
                            const struct sam_user *user, uint32_t rid,
                            const char *sid, const char *name,
                            struct error *err)
{
	char *label = g_strdup_printf("NT hash of %s in SAM", name);
	struct secret nt = { 0 };
	enum status st =
		sam_user_nt(&nt, user, rid, secret_view(&sam->key), err);

	if (!st)
		st = chain_add_hash(hs->chain, DPAPI_FORM_NT, secret_view(&nt),
		                    sid, label, err);
	secret_release(&nt);
	g_free(label);
	return st;
}

/* Who there is lies open; a hash takes the key. */
static enum status add_user(struct hives *hs, const struct hive_file *file,
                            const struct sam *sam, struct bytes v,
                            const char *machine, uint32_t rid,
                            struct error *err)
{
	struct sam_user user;
	enum status st = sam_user_parse(&user, v, err);
	char *sid, *name;

	if (st)
		return st;
	sid = machine ? g_strdup_printf("%s-%u", machine, rid) : NULL;
	name = name_of(&user);
	if (sid)
		people_add_account(hs->people, &file->found->origin, sid, name,
		                   true);
	if (sam->key.n)
		st = add_hash(hs, sam, &user, rid, sid, name, err);
	g_free(sid);
	g_free(name);
	return st;
}

static void read_user(struct hives *hs, const struct hive_file *file,
                      const struct sam *sam, struct hive_key *key,
                      const char *machine)
{
	char *name = hive_key_name(key);
	struct secret v = { 0 };
	struct error err;
	uint32_t rid;

	if (rid_of(&rid, name)) {
		enum status st = hive_key_value(&v, key, "V", &err);

		if (!st)
			st = add_user(hs, file, sam, secret_view(&v), machine,
			              rid, &err);
		if (st)
			hives_say(file, name, &err);
	}
	secret_release(&v);
	g_free(name);
}

static void read_users(struct hives *hs, const struct hive_file *file,
                       const struct sam *sam)
{
	char *machine = machine_sid(file);
	struct hive_key *users, *key;
	struct error err;

	if (hive_find(&users, file->hive, ACCOUNT "\\Users", &err))
		hives_say(file, ACCOUNT "\\Users", &err);
	for (size_t i = 0; users && i < hive_key_count(users); i++) {
		if (hive_key_get(&key, users, i, &err)) {
			hives_say(file, ACCOUNT "\\Users", &err);
			continue;
		}
		read_user(hs, file, sam, key, machine);
		hive_key_free(key);
	}
	hive_key_free(users);
	g_free(machine);
}

void hives_read_sam(struct hives *hs, struct hive_file *file)
{
	struct sam sam = { { 0 }, { 0 } };
	const struct boot_lock lock = { try_boot, &sam };
	struct error err;
	char *how = NULL;
	enum status st = hive_value(&sam.f, file->hive, ACCOUNT, "F", &err);

	if (st)
		how = g_strdup_printf("its key cannot be read: %s", err.what);
	else
		st = hives_open_with(hs, file, &lock, &how, &err);
	read_users(hs, file, &sam);
	if (st)
		chain_add_system_locked(hs->chain, "SAM", how,
		                        &file->found->origin);
	secret_release(&sam.f);
	secret_release(&sam.key);
	g_free(how);
}
