/* SPDX-License-Identifier: MIT */
/*
 * hives_security.c - the LSA secrets of a SECURITY hive
 */
#include "analyzer/hives_internal.h"

/* A hive whose keys are being opened. */
struct policy {
	struct lsa_keys keys;
	struct secret value; /* locked keys */
	bool old;
	char *how; /* what opened them, in words */
};

static enum status try_boot(void *ctx, struct bytes boot_key, struct error *err)
{
	struct policy *p = ctx;

	return lsa_keys_open(&p->keys, p->old, secret_view(&p->value), boot_key,
	                     err);
}

/* Where the revision is lost, the keys that are there tell. */
static enum status read_policy(struct policy *p, struct hive *hive,
                               struct error *err)
{
	struct secret revision;
	enum status st =
		hive_value(&revision, hive, "Policy\\PolRevision", "", err);

	if (!st)
		st = lsa_is_old(&p->old, secret_view(&revision), err);
	secret_release(&revision);
	if (!st && p->old)
		return hive_value(&p->value, hive,
		                  "Policy\\PolSecretEncryptionKey", "", err);
	st = hive_value(&p->value, hive, "Policy\\PolEKList", "", err);
	if (st != E_ABSENT)
		return st;
	p->old = true;
	return hive_value(&p->value, hive, "Policy\\PolSecretEncryptionKey", "",
	                  err);
}

/* What becomes of an opened secret. */
struct taken {
	struct hives *hs;
	const struct hive_file *file;
	const char *name; /* of the secret */
	const char *how;  /* what opened the hive, in words */
	bool current;     /* CurrVal, or else OldVal */
	struct secret plain;
	struct origin origin;
};

static enum status take_dpapi(struct taken *t, struct error *err)
{
	struct lsa_dpapi keys;
	enum status st = lsa_dpapi_parse(&keys, secret_view(&t->plain), err);

	return st ? st
	          : chain_add_system(t->hs->chain, keys.machine.p, keys.user.p,
	                             t->how, &t->origin, err);
}

static enum status take_password(struct taken *t, struct error *err)
{
	return hives_add_password(t->hs, secret_view(&t->plain),
	                          "DefaultPassword", err);
}

static enum status take_tbal(struct taken *t, struct error *err)
{
	struct lsa_tbal hashes;
	enum status st = lsa_tbal_parse(&hashes, secret_view(&t->plain), err);

	if (!st && hashes.sha1.n)
		st = chain_add_hash(t->hs->chain, DPAPI_FORM_SHA1, hashes.sha1,
		                    NULL, "SHA-1 of TBAL in SECURITY", err);
	if (!st && hashes.nt.n)
		st = chain_add_hash(t->hs->chain, DPAPI_FORM_NT, hashes.nt,
		                    NULL, "NT hash of TBAL in SECURITY", err);
	return st;
}

/* G$BCKUPKEY_PREFERRED and _P are no keys, but GUIDs of keys. */
static enum status take_backup_key(struct taken *t, struct error *err)
{
	if (t->plain.n == DPAPI_GUID_SIZE)
		return fail(err, E_ABSENT, 0, "the GUID of a backup key");
	return chain_add_domain_key(t->hs->chain, secret_view(&t->plain),
	                            &t->origin, err);
}

static const struct {
	const char *prefix;
	enum status (*take)(struct taken *t, struct error *err);
} wanted[] = {
	{ "DPAPI_SYSTEM", take_dpapi },
	{ "DefaultPassword", take_password },
	{ "M$_MSV1_0_TBAL_PRIMARY", take_tbal },
	{ "G$BCKUPKEY_", take_backup_key },
};

static void take(struct taken *t, size_t i, const struct policy *policy,
                 struct bytes value)
{
	struct error err;
	enum status st = lsa_secret_open(&t->plain, &policy->keys, value, &err);

	if (!st)
		st = wanted[i].take(t, &err);
	if (st && st != E_ABSENT && t->current)
		chain_add_system_locked(t->hs->chain, t->name, err.what,
		                        &t->origin);
	if (st)
		hives_say(t->file, t->name, &err);
	secret_release(&t->plain);
}

static void read_secret(struct hives *hs, const struct hive_file *file,
                        const struct policy *policy, struct hive_key *key,
                        size_t i)
{
	static const char *const values[] = { "CurrVal", "OldVal" };
	char *name = hive_key_name(key);

	for (unsigned v = 0; v < 2; v++) {
		char *path = g_strdup_printf("Policy\\Secrets\\%s\\%s", name,
		                             values[v]);
		struct taken t = {
			.hs = hs,
			.file = file,
			.name = name,
			.how = policy->how,
			.current = !v,
			.origin = hives_origin(file, path),
		};
		struct secret value;
		struct error err;

		if (hive_value(&value, file->hive, path, "", &err))
			hives_say(file, path, &err);
		else
			take(&t, i, policy, secret_view(&value));
		secret_release(&value);
		origin_release(&t.origin);
		g_free(path);
	}
	g_free(name);
}

static void read_secrets(struct hives *hs, const struct hive_file *file,
                         const struct policy *policy)
{
	struct hive_key *all, *key;
	struct error err;

	if (hive_find(&all, file->hive, "Policy\\Secrets", &err)) {
		hives_say(file, "Policy\\Secrets", &err);
		return;
	}
	for (size_t k = 0; k < hive_key_count(all); k++) {
		char *name;

		if (hive_key_get(&key, all, k, &err)) {
			hives_say(file, "Policy\\Secrets", &err);
			continue;
		}
		name = hive_key_name(key);
		for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
			if (!g_ascii_strncasecmp(name, wanted[i].prefix,
			                         strlen(wanted[i].prefix)))
				read_secret(hs, file, policy, key, i);
		g_free(name);
		hive_key_free(key);
	}
	hive_key_free(all);
}

void hives_read_security(struct hives *hs, struct hive_file *file)
{
	struct policy policy = { 0 };
	const struct boot_lock lock = { try_boot, &policy };
	struct error err;
	enum status st = read_policy(&policy, file->hive, &err);

	if (st)
		policy.how = g_strdup_printf("the LSA keys cannot be read: %s",
		                             err.what);
	else
		st = hives_open_with(hs, file, &lock, &policy.how, &err);
	if (!st)
		read_secrets(hs, file, &policy);
	else
		chain_add_system_locked(hs->chain, "DPAPI_SYSTEM", policy.how,
		                        &file->found->origin);
	lsa_keys_release(&policy.keys);
	secret_release(&policy.value);
	g_free(policy.how);
}
