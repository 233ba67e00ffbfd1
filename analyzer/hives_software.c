/* SPDX-License-Identifier: MIT */
/*
 * hives_software.c - certificates of machine, policy and users, in SOFTWARE and
 * NTUSER.DAT, and the password of Winlogon
 */
#include "analyzer/hives_internal.h"

#include "parsers/efs_policy.h"

#define EFS_POLICY "Policies\\Microsoft\\SystemCertificates\\EFS"

static void add_certificate(struct hives *hs, const struct hive_file *file,
                            struct hive_key *key, const char *path)
{
	struct origin origin = hives_origin(file, path);
	struct secret blob;
	struct error err;
	enum status st = hive_key_value(&blob, key, "Blob", &err);

	if (!st)
		st = chain_add_certificate(hs->chain, secret_view(&blob),
		                           &origin, &err);
	if (st)
		hives_say(file, path, &err);
	secret_release(&blob);
	origin_release(&origin);
}

/* All certificates of a store; that there is none is usual. */
static void read_store(struct hives *hs, const struct hive_file *file,
                       const char *store)
{
	struct hive_key *all, *key;
	struct error err;

	if (hive_find(&all, file->hive, store, &err)) {
		hives_say(file, store, &err);
		return;
	}
	for (size_t i = 0; i < hive_key_count(all); i++) {
		char *name, *path;

		if (hive_key_get(&key, all, i, &err)) {
			hives_say(file, store, &err);
			continue;
		}
		name = hive_key_name(key);
		path = g_strdup_printf("%s\\%s\\Blob", store, name);
		add_certificate(hs, file, key, path);
		g_free(path);
		g_free(name);
		hive_key_free(key);
	}
	hive_key_free(all);
}

/* The certificates of the recovery agents. */
static void read_policy(struct hives *hs, const struct hive_file *file,
                        const char *path)
{
	struct origin origin = hives_origin(file, path);
	struct efs_policy it;
	struct efs_agent agent;
	struct secret blob;
	struct error err = { 0 };

	if (hive_value(&blob, file->hive, EFS_POLICY, "EfsBlob", &err)) {
		hives_say(file, path, &err);
		origin_release(&origin);
		return;
	}
	it = efs_policy_open(secret_view(&blob));
	while (efs_policy_next(&it, &agent)) {
		struct bytes der = agent.credential.certificate;

		err = agent.credential_err;
		if (!err.status && der.n)
			(void)!chain_add_keyfile(hs->chain, der, &origin, &err);
		if (err.status)
			hives_say(file, path, &err);
	}
	if (it.err.status)
		hives_say(file, path, &it.err);
	secret_release(&blob);
	origin_release(&origin);
}

/* Autologon, where it was set up by hand: the password lies open. */
static void read_winlogon(struct hives *hs, struct hive_file *file)
{
	static const char winlogon[] =
		"Microsoft\\Windows NT\\CurrentVersion\\Winlogon";
	struct secret value;
	struct error err;

	if (hive_value(&value, file->hive, winlogon, "DefaultPassword", &err) ||
	    hives_add_password(hs, secret_view(&value),
	                       "DefaultPassword of Winlogon", &err))
		hives_say(file, winlogon, &err);
	secret_release(&value);
}

void hives_read_software(struct hives *hs, struct hive_file *file)
{
	read_winlogon(hs, file);
	read_store(hs, file, "Microsoft\\SystemCertificates\\My\\Certificates");
	read_store(hs, file, EFS_POLICY "\\Certificates");
	read_policy(hs, file, EFS_POLICY "\\EfsBlob");
}

void hives_read_user(struct hives *hs, struct hive_file *file)
{
	static const char efs[] =
		"Software\\Microsoft\\Windows NT\\CurrentVersion\\EFS\\"
		"CurrentKeys";
	struct origin origin = hives_origin(file, efs);
	struct secret hash;
	struct error err;

	read_store(hs, file,
	           "Software\\Microsoft\\SystemCertificates\\My\\Certificates");
	if (hive_value(&hash, file->hive, efs, "CertificateHash", &err))
		hives_say(file, efs, &err);
	else
		chain_add_current(hs->chain, secret_view(&hash), &origin);
	secret_release(&hash);
	origin_release(&origin);
}
