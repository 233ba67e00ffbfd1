/* SPDX-License-Identifier: MIT */
/*
 * run_keyring.c - the keys that a batch collected for all of its images
 */
#include "analyzer/readfile.h"
#include "analyzer/run.h"
#include "analyzer/say.h"
#include "parsers/limits.h"
#include "reports/each.h"

struct keyring_folder {
	struct run *run;
	bool ok;
};

/* Where it lay, and whose it is. */
static struct origin origin_of(const struct case_key *key)
{
	const struct origin o = {
		.evidence = g_strdup(key->evidence),
		.volume = key->volume,
		.snapshot = key->snapshot,
		.path = g_strdup(key->path),
		.offset = key->offset,
		.made = key->made,
		.sid = g_strdup(key->sid),
		.user = g_strdup(key->user),
	};

	return o;
}

static enum status add_file(struct run *run, const char *path,
                            const struct case_key *key, struct error *err)
{
	struct origin origin = origin_of(key);
	struct key_file kf = { 0 };
	struct secret pem;
	enum status st = read_secret(path, LIMIT_KEY_FILE, &pem, err);

	if (!st) {
		st = key_file_read(&kf, secret_view(&pem), NULL, err);
		if (!st)
			keyring_add_unlocked(run->ring, &kf, &origin,
			                     key->container, key->unlocked_by);
		key_file_release(&kf);
	}
	secret_release(&pem);
	origin_release(&origin);
	return st;
}

static void add_key(void *ctx, const struct case_key *key)
{
	struct keyring_folder *folder = ctx;
	char *name, *path;
	struct error err;

	/* An elliptic key, which has no id, opens no file. */
	if (!key->key_id || g_strcmp0(key->type, key_type_name(KEY_PRIVATE)) ||
	    g_strcmp0(key->state, key_state_name(KEY_UNLOCKED)))
		return;
	name = run_export_name(key->key_id);
	path = g_build_filename(folder->run->o->keyring, name, NULL);
	if (add_file(folder->run, path, key, &err))
		folder->ok = say_file(path, &err);
	g_free(path);
	g_free(name);
}

bool run_keyring(struct run *run)
{
	struct keyring_folder folder = { .run = run, .ok = true };
	char *path = g_build_filename(run->o->keyring, "case.db", NULL);
	struct casefile *cf;
	struct error err;

	if (casefile_open(&cf, path, &err)) {
		folder.ok = say_file(path, &err);
	} else {
		if (each_key(cf, add_key, &folder, &err))
			folder.ok = say_file(path, &err);
		casefile_free(cf);
	}
	g_free(path);
	/* Behind those that are open: the first certificate names a key. */
	path = g_build_filename(run->o->keyring, PIECES_NAME, NULL);
	folder.ok &= run_add_pieces(run, path);
	g_free(path);
	return folder.ok;
}
