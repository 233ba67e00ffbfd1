/* SPDX-License-Identifier: MIT */
/*
 * batch_mark.c - how a task ended
 */
#include "analyzer/batch_mark.h"

#define GROUP "task"

/* The counts that a mark keeps. */
static const struct {
	const char *name;
	size_t at;
} counts[] = {
	{ "objects", offsetof(struct case_totals, objects) },
	{ "files", offsetof(struct case_totals, files) },
	{ "bytes", offsetof(struct case_totals, bytes) },
	{ "recovered", offsetof(struct case_totals, recovered) },
	{ "recovered_bytes", offsetof(struct case_totals, recovered_bytes) },
};

bool mark_write(const char *path, const struct mark *mark)
{
	GKeyFile *file = g_key_file_new();
	bool ok;

	g_key_file_set_integer(file, GROUP, "exit", mark->code);
	g_key_file_set_double(file, GROUP, "seconds", mark->seconds);
	if (mark->reason)
		g_key_file_set_string(file, GROUP, "reason", mark->reason);
	if (mark->of)
		g_key_file_set_string(file, GROUP, "of", mark->of);
	for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
		const char *totals = (const char *)&mark->totals;
		uint64_t n;

		memcpy(&n, totals + counts[i].at, sizeof(n));
		g_key_file_set_uint64(file, GROUP, counts[i].name, n);
	}
	/* Written beside its name, and renamed. */
	ok = g_key_file_save_to_file(file, path, NULL);
	g_key_file_free(file);
	return ok;
}

bool mark_read(const char *path, struct mark *mark)
{
	GKeyFile *file = g_key_file_new();
	GError *error = NULL;
	bool ok = g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL);

	*mark = (struct mark){ 0 };
	if (ok) {
		mark->code =
			g_key_file_get_integer(file, GROUP, "exit", &error);
		ok = !error;
		g_clear_error(&error);
		mark->seconds =
			g_key_file_get_double(file, GROUP, "seconds", NULL);
		mark->reason =
			g_key_file_get_string(file, GROUP, "reason", NULL);
		mark->of = g_key_file_get_string(file, GROUP, "of", NULL);
	}
	for (size_t i = 0; ok && i < G_N_ELEMENTS(counts); i++) {
		uint64_t *n = G_STRUCT_MEMBER_P(&mark->totals, counts[i].at);

		*n = g_key_file_get_uint64(file, GROUP, counts[i].name, NULL);
	}
	g_key_file_free(file);
	return ok;
}

void mark_release(struct mark *mark)
{
	g_free(mark->reason);
	g_free(mark->of);
	*mark = (struct mark){ 0 };
}
