/* SPDX-License-Identifier: MIT */
/*
 * hives_software.c - certificates of machine, policy and users, in SOFTWARE and
 * NTUSER.DAT, and the password of Winlogon
 */
#include "analyzer/hives_internal.h"

#include "parsers/efs_policy.h"
#include "parsers/text.h"
#include "parsers/utf16.h"

#include <string.h>

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

/* Its certificate joins the ring, too. */
static void add_agent(struct hives *hs, const struct hive_file *file,
                      const char *path, const struct origin *origin,
                      struct people_policy *policy,
                      const struct efs_agent *agent)
{
	struct bytes der = agent->credential.certificate;
	struct error err = agent->credential_err;
	struct key_cert cert = { 0 };
	char sid[TEXT_SID];
	struct text t = text_open(sid, sizeof(sid));

	if (!err.status && der.n)
		(void)!chain_add_keyfile(hs->chain, der, origin, &err);
	if (!err.status && der.n)
		(void)!certificate_read(&cert, der, &err);
	if (err.status)
		hives_say(file, path, &err);
	people_add_agent(policy, cert.der ? cert.thumbprint : NULL,
	                 text_sid(&t, agent->credential.sid) ? sid : NULL,
	                 err.status ? err.what
	                 : der.n    ? NULL
	                            : "it has no certificate");
	certificate_release(&cert);
}

/* Of a machine without a policy that is a fact, too. */
static void no_policy(struct hives *hs, const struct hive_file *file,
                      const char *path, const struct origin *origin,
                      const struct error *err)
{
	hives_say(file, path, err);
	(void)people_add_policy(hs->people, origin,
	                        err->status == E_ABSENT
	                                ? "the machine has no recovery policy"
	                                : err->what);
}

static void read_policy(struct hives *hs, const struct hive_file *file,
                        const char *path)
{
	struct origin origin = hives_origin(file, path);
	struct people_policy *policy;
	struct efs_policy it;
	struct efs_agent agent;
	struct secret blob;
	struct error err = { 0 };

	if (hive_value(&blob, file->hive, EFS_POLICY, "EfsBlob", &err)) {
		no_policy(hs, file, path, &origin, &err);
		origin_release(&origin);
		return;
	}
	policy = people_add_policy(hs->people, &origin, NULL);
	it = efs_policy_open(secret_view(&blob));
	while (efs_policy_next(&it, &agent))
		add_agent(hs, file, path, &origin, policy, &agent);
	if (it.err.status)
		hives_say(file, path, &it.err);
	if (it.err.status)
		people_set_reason(policy, it.err.what);
	secret_release(&blob);
	origin_release(&origin);
}

/* --------------------------------------------------------------- accounts */

#define PROFILES "Microsoft\\Windows NT\\CurrentVersion\\ProfileList"

/* "C:\Users\ann", UTF-16: the last part of it, to be freed; NULL if none. */
static char *profile_name(struct bytes path)
{
	char *text = g_malloc(TEXT_UTF16(path.n));
	struct text t = text_open(text, TEXT_UTF16(path.n));
	const char *slash;
	char *name;

	text_utf16(&t, utf16_string(path));
	slash = strrchr(text, '\\');
	name = slash && slash[1] ? g_strdup(slash + 1) : NULL;
	g_free(text);
	return name;
}

/* Users; the accounts of services have shorter SIDs. */
static bool is_user(const char *sid)
{
	return g_str_has_prefix(sid, "S-1-5-21-") ||
	       g_str_has_prefix(sid, "S-1-12-1-");
}

static void read_profile(struct hives *hs, const struct hive_file *file,
                         const struct hive_key *key)
{
	struct origin origin = hives_origin(file, PROFILES);
	char *sid = hive_key_name(key), *name;
	struct secret value;
	struct error err;

	if (is_user(sid) &&
	    !hive_key_value(&value, key, "ProfileImagePath", &err)) {
		name = profile_name(secret_view(&value));
		people_add_account(hs->people, &origin, sid, name, false);
		g_free(name);
		secret_release(&value);
	}
	g_free(sid);
	origin_release(&origin);
}

static void read_profiles(struct hives *hs, const struct hive_file *file)
{
	struct hive_key *all, *key;
	struct error err;

	if (hive_find(&all, file->hive, PROFILES, &err)) {
		hives_say(file, PROFILES, &err);
		return;
	}
	for (size_t i = 0; i < hive_key_count(all); i++) {
		if (hive_key_get(&key, all, i, &err)) {
			hives_say(file, PROFILES, &err);
			continue;
		}
		read_profile(hs, file, key);
		hive_key_free(key);
	}
	hive_key_free(all);
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
	read_profiles(hs, file);
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
