/* SPDX-License-Identifier: MIT */
/*
 * run_export.c - --export-keys: private keys leave the program here only
 */
#include "analyzer/run.h"
#include "analyzer/say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool complain(const char *dir, const char *name, const char *why)
{
	say("%s%s%s: the key could not be written: %s", dir, name ? "/" : "",
	    name ? name : "", why);
	return false;
}

static bool write_all(int fd, struct bytes b)
{
	while (b.n) {
		ssize_t done = write(fd, b.p, b.n);

		if (done < 0 && errno != EINTR)
			return false;
		if (done < 0)
			continue;
		b.p += done;
		b.n -= (size_t)done;
	}
	return true;
}

/* It gets its name when it is whole; a file of that name stays. */
static bool write_file(int dir, const char *name, struct bytes pem)
{
	static const char part[] = ".partial.pem";
	int fd;
	bool ok;

	(void)unlinkat(dir, part, 0);
	fd = openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = write_all(fd, pem);
	ok = !close(fd) && ok;
	ok = ok && !linkat(dir, part, dir, name, 0);
	(void)unlinkat(dir, part, 0);
	return ok;
}

/* "rsa:1f2e..." is no name for a file on every system. */
char *run_export_name(const char *id)
{
	char *safe = g_strdelimit(g_strdup(id), ":{}", '-');
	char *name = g_strdup_printf("%s.pem", safe);

	g_free(safe);
	return name;
}

static bool export_key(int dir, const struct run *run, const struct key *key,
                       const char *name)
{
	struct secret pem;
	struct error err;
	bool ok;

	if (key_export(&pem, key, &err)) {
		ok = complain(run->o->export_keys, name, err.what);
	} else {
		ok = write_file(dir, name, secret_view(&pem));
		if (!ok)
			(void)complain(run->o->export_keys, name,
			               g_strerror(errno));
	}
	secret_release(&pem);
	return ok;
}

/* The same key may lie in two places, under two locks.  Elliptic ones have no
   id, and are counted. */
static bool export_all(int dir, const struct run *run, size_t *exported)
{
	GHashTable *done =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	unsigned nameless = 0;
	bool ok = true;

	for (size_t i = 0; i < keyring_count(run->ring); i++) {
		const struct key *key = keyring_get(run->ring, i);
		char *name;

		if (key->type != KEY_PRIVATE || key->state != KEY_UNLOCKED)
			continue;
		name = key->id ? run_export_name(key->id)
		               : g_strdup_printf("elliptic-%u.pem", ++nameless);
		if (!g_hash_table_add(done, name))
			continue;
		ok &= export_key(dir, run, key, name);
		(*exported)++;
	}
	g_hash_table_unref(done);
	return ok;
}

bool run_export_keys(const struct run *run, size_t *exported)
{
	const char *path = run->o->export_keys;
	bool ok;
	int dir;

	*exported = 0;
	if (mkdir(path, 0700) && errno != EEXIST)
		return complain(path, NULL, g_strerror(errno));
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return complain(path, NULL, g_strerror(errno));
	ok = export_all(dir, run, exported);
	close(dir);
	return ok;
}
