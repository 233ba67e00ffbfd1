/* SPDX-License-Identifier: MIT */
/*
 * batch_handed.c - secrets that are read once, and handed to every task
 */
#define _GNU_SOURCE /* memfd_create */

#include "analyzer/batch_handed.h"
#include "analyzer/readfile.h"
#include "analyzer/run.h"
#include "analyzer/say.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A password list may be large. */
#define MOST ((uint64_t)1 << 30)

/* A file in memory, which is not swapped out where the system allows that. */
static int file_of(const struct secret *s)
{
	int fd = memfd_create("efsleuth", MFD_CLOEXEC);
	void *p = MAP_FAILED;

	if (fd < 0 || ftruncate(fd, (off_t)s->n))
		goto failed;
	if (!s->n)
		return fd;
	p = mmap(NULL, s->n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		goto failed;
	(void)mlock(p, s->n); /* up to the end of the program */
	memcpy(p, s->p, s->n);
	return fd;
failed:
	if (fd >= 0)
		close(fd);
	return -1;
}

static char *hand_down(GArray *fds, const struct secret *s)
{
	int fd = file_of(s);

	if (fd < 0)
		return NULL;
	g_array_append_val(fds, fd);
	return g_strdup_printf("/dev/fd/%d", fd);
}

/* Is it a pipe, or a device? */
static bool is_read_once(const char *path)
{
	struct stat sb;

	return !stat(path, &sb) && !S_ISREG(sb.st_mode) && !S_ISDIR(sb.st_mode);
}

static bool replace(GArray *fds, char **path)
{
	struct secret text = { 0 };
	struct error err;
	enum status st;
	char *new;

	if (!is_read_once(*path))
		return true;
	st = read_secret(*path, MOST, &text, &err);
	if (st && st != E_ABSENT)
		return say_file(*path, &err);
	new = hand_down(fds, &text);
	secret_release(&text);
	if (!new) {
		say("%s: it cannot be kept in memory: %s", *path,
		    g_strerror(errno));
		return false;
	}
	g_free(*path);
	*path = new;
	return true;
}

static bool replace_all(GArray *fds, char **list)
{
	bool ok = true;

	for (; list && *list; list++)
		ok &= replace(fds, list);
	return ok;
}

/* The list, and one more; the options own the list itself. */
static char **longer(char *const *list, char *value)
{
	GPtrArray *all = g_ptr_array_new();

	for (; list && *list; list++)
		g_ptr_array_add(all, g_strdup(*list));
	g_ptr_array_add(all, value);
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}

static bool ask(struct handed *handed, struct options *o)
{
	struct secret line;
	char *path;

	if (!run_prompt(&line))
		return false;
	path = hand_down(handed->fds, &line);
	secret_release(&line);
	if (!path)
		return false;
	handed->password_files = longer(o->password_file, path);
	o->password_file = handed->password_files;
	o->password_prompt = FALSE;
	return true;
}

static bool refuse_pipe(char *const *list)
{
	for (; list && *list; list++) {
		if (!is_read_once(*list))
			continue;
		say("%s: a pipe cannot be read where the tasks will run: give "
		    "a file",
		    *list);
		return false;
	}
	return true;
}

bool handed_make(struct handed *handed, struct options *o)
{
	char **const lists[] = {
		o->pfx,
		o->key,
		o->password_file,
		o->hash_file,
		o->domain_key,
		o->bitlocker_password_file,
		o->bitlocker_recovery_file,
	};
	bool ok = true;

	*handed = (struct handed){ 0 };
	handed->fds = g_array_new(FALSE, FALSE, sizeof(int));
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		ok &= o->print_tasks || o->slurm
		              ? refuse_pipe(lists[i])
		              : replace_all(handed->fds, lists[i]);
	return ok && (!o->password_prompt || ask(handed, o));
}

void handed_release(struct handed *handed)
{
	for (guint i = 0; handed->fds && i < handed->fds->len; i++)
		close(g_array_index(handed->fds, int, i));
	if (handed->fds)
		g_array_free(handed->fds, TRUE);
	g_strfreev(handed->password_files);
	*handed = (struct handed){ 0 };
}
