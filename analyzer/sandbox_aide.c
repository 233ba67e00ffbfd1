/* SPDX-License-Identifier: MIT */
/*
 * sandbox_aide.c - what a process outside of the sandbox does for the one in it
 */
#define _GNU_SOURCE /* close_range */

#include "analyzer/sandbox_aide.h"
#include "analyzer/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct part {
	char *path, *part;
	int fd, why; /* of -1, the errno */
	bool found, renamed;
};

struct aide {
	GArray *parts;              /* of struct part */
	GPtrArray *folders, *trees; /* of char * */
	pid_t pid;
	int fd; /* to it; -1: not begun */
};

static void release_part(void *p)
{
	struct part *part = p;

	if (part->fd >= 0)
		close(part->fd);
	g_free(part->path);
	g_free(part->part);
}

struct aide *aide_new(void)
{
	struct aide *aide = g_new0(struct aide, 1);

	aide->parts = g_array_new(FALSE, FALSE, sizeof(struct part));
	g_array_set_clear_func(aide->parts, release_part);
	aide->folders = g_ptr_array_new_with_free_func(g_free);
	aide->trees = g_ptr_array_new_with_free_func(g_free);
	aide->fd = -1;
	return aide;
}

void aide_add_folder(struct aide *aide, const char *path)
{
	g_ptr_array_add(aide->folders, g_strdup(path));
}

void aide_add_tree(struct aide *aide, const char *path)
{
	g_ptr_array_add(aide->trees, g_strdup(path));
}

/* Two reports of one name: the later one stays. */
static unsigned count_same(const struct aide *aide, const char *path)
{
	unsigned n = 0;

	for (guint i = 0; i < aide->parts->len; i++)
		n += !strcmp(g_array_index(aide->parts, struct part, i).path,
		             path);
	return n;
}

void aide_add_part(struct aide *aide, const char *path)
{
	const int how = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	unsigned n = count_same(aide, path);
	struct part part = { .path = g_strdup(path) };

	part.part = n ? g_strdup_printf("%s.part%u", path, n + 1)
	              : g_strdup_printf("%s.part", path);
	part.fd = open(part.part, how, 0666);
	if (part.fd < 0 && errno == EEXIST && !unlink(part.part))
		part.fd = open(part.part, how, 0666);
	part.why = errno;
	g_array_append_val(aide->parts, part);
}

/* ------------------------------------------------------------- the process */

static void tidy_up(const struct aide *aide)
{
	for (guint i = 0; i < aide->parts->len; i++) {
		const struct part *p =
			&g_array_index(aide->parts, struct part, i);

		if (!p->renamed)
			(void)unlink(p->part);
	}
	for (guint i = 0; i < aide->trees->len; i++)
		remove_tree(aide->trees->pdata[i]);
	for (guint i = 0; i < aide->folders->len; i++)
		(void)rmdir(aide->folders->pdata[i]);
}

/* Numbers of parts come in, what became of them goes out. */
static void serve(const struct aide *aide, int fd)
{
	int i, why;

	while (read(fd, &i, sizeof(i)) == sizeof(i)) {
		struct part *p;

		if (i < 0 || (guint)i >= aide->parts->len)
			break;
		p = &g_array_index(aide->parts, struct part, (guint)i);
		p->renamed = !rename(p->part, p->path);
		why = p->renamed ? 0 : errno;
		if (write(fd, &why, sizeof(why)) != sizeof(why))
			break;
	}
}

/* It holds nothing open, for others wait until all is closed; and what ends the
   first is not its end. */
G_NORETURN static void be_aide(const struct aide *aide, int fd)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM,
		                       SIGPIPE };

	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		(void)signal(signals[i], SIG_IGN);
	(void)prctl(PR_SET_NAME, "efsleuth-aide");
	if (dup2(fd, STDIN_FILENO) == STDIN_FILENO) {
		(void)close_range(STDIN_FILENO + 1, ~0U, 0);
		serve(aide, STDIN_FILENO);
	}
	tidy_up(aide);
	_exit(0);
}

bool aide_start(struct aide *aide)
{
	int ends[2];

	if (!aide->parts->len && !aide->trees->len && !aide->folders->len)
		return true;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return false;
	aide->pid = fork();
	if (!aide->pid)
		be_aide(aide, ends[1]);
	close(ends[1]);
	if (aide->pid < 0) {
		close(ends[0]);
		return false;
	}
	aide->fd = ends[0];
	return true;
}

void aide_free(struct aide *aide)
{
	if (!aide)
		return;
	if (aide->fd >= 0) {
		close(aide->fd);
		while (waitpid(aide->pid, NULL, 0) < 0 && errno == EINTR)
			;
	} else {
		tidy_up(aide);
	}
	g_array_free(aide->parts, TRUE);
	g_ptr_array_free(aide->folders, TRUE);
	g_ptr_array_free(aide->trees, TRUE);
	g_free(aide);
}

/* -------------------------------------------------------------- what it does
 */

int aide_find(struct aide *aide, const char *path)
{
	for (guint i = 0; i < aide->parts->len; i++) {
		struct part *part = &g_array_index(aide->parts, struct part, i);

		if (part->found || strcmp(part->path, path) != 0)
			continue;
		part->found = true;
		return (int)i;
	}
	return -1;
}

int aide_open(struct aide *aide, int part)
{
	struct part *p = &g_array_index(aide->parts, struct part, (guint)part);
	int fd = p->fd;

	p->fd = -1;
	errno = p->why;
	return fd;
}

int aide_rename(struct aide *aide, int part)
{
	int why = EPIPE;

	if (write(aide->fd, &part, sizeof(part)) != sizeof(part) ||
	    read(aide->fd, &why, sizeof(why)) != sizeof(why))
		return errno ? errno : EPIPE;
	return why;
}
