/* SPDX-License-Identifier: MIT */
/*
 * evidence.c - files of evidence that are in memory, and those of the corpus
 */
#include "tests/analyzer/evidence.h"

#include <stdio.h>
#include <string.h>

static enum status read_memory(struct found *found, uint64_t at, uint8_t *buf,
                               size_t n, struct error *err)
{
	if (at > found->size || n > found->size - at) {
		*err = (struct error){ E_TRUNCATED, at, "end of a file" };
		return err->status;
	}
	memcpy(buf, (const uint8_t *)found->ctx + at, n);
	return OK;
}

static void release_memory(struct found *found)
{
	g_free(found->ctx);
}

/* Takes `p` over. */
static struct found *wrap(const char *path, void *p, size_t n)
{
	struct found *f = g_new0(struct found, 1);

	f->origin.path = g_strdup(path);
	f->size = n;
	f->read = read_memory;
	f->release = release_memory;
	f->ctx = p;
	return f;
}

struct found *evidence_of(const char *path, const void *p, size_t n)
{
	return wrap(path, g_memdup2(p, n), n);
}

uint8_t *evidence_bytes(struct found *found)
{
	return found->ctx;
}

/* The output of a program that unpacks to it, or NULL. */
static char *unpack(const char *file, size_t *n)
{
	char *argv[] = { (char[]){ "xz" }, (char[]){ "-dc" }, NULL, NULL };
	GByteArray *all = g_byte_array_new();
	guint8 buf[65536];
	gssize got = 0;
	gint out;
	FILE *f;

	argv[2] = g_strdup(file);
	if (g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_SEARCH_PATH,
	                             NULL, NULL, NULL, NULL, &out, NULL,
	                             NULL)) {
		f = fdopen(out, "rb");
		while ((got = (gssize)fread(buf, 1, sizeof(buf), f)) > 0)
			g_byte_array_append(all, buf, (guint)got);
		(void)fclose(f);
	}
	g_free(argv[2]);
	*n = all->len;
	return (char *)g_byte_array_free(all, all->len == 0);
}

struct found *evidence_corpus(const char *path, const char *name)
{
	const char *dir = g_getenv("CORPUS");
	char *file = g_build_filename(dir ? dir : "/nonexistent", name, NULL);
	char *p = NULL;
	size_t n = 0;

	if (g_str_has_suffix(file, ".xz"))
		p = g_file_test(file, G_FILE_TEST_EXISTS) ? unpack(file, &n)
		                                          : NULL;
	else
		(void)g_file_get_contents(file, &p, &n, NULL);
	g_free(file);
	if (!p) {
		print_message("# the corpus lacks %s\n", name);
		skip();
	}
	return wrap(path, p, n);
}
