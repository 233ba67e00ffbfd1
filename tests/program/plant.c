/* SPDX-License-Identifier: MIT */
/*
 * plant.c - what code that takes the program over could do, while it reads
 * evidence
 *
 * To be preloaded.  At the first pread() of a file it does one deed after the
 * other, and notes for each that it was done, or the reason why not.
 *
 *	PLANT_AT      the file: the end of its path
 *	PLANT_TO      where to note; opened when the program begins
 *	PLANT_DIR     a folder that is none of the program's business
 *	PLANT_OUT     the output folder
 *	PLANT_THREAD  not on the first thread, but on another
 *	PLANT_SLEEP   do no deed, and sleep on
 *	PLANT_EXEC    at the end become another program
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int to = -1;
static const char *dir, *out, *at;
static int evidence; /* its descriptor */

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("PLANT_TO");

	at = getenv("PLANT_AT");
	dir = getenv("PLANT_DIR");
	out = getenv("PLANT_OUT");
	if (path)
		to = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static const char *in(const char *folder, const char *name)
{
	static char paths[2][4096];
	static int turn;
	char *path = paths[turn++ % 2];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static int opened(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

/* ------------------------------------------------- deeds: 0, or -1 and errno
 */

static int write_new(void)
{
	return opened(open(in(dir, "new"), O_WRONLY | O_CREAT | O_EXCL, 0666));
}

static int write_old(void)
{
	return opened(open(in(dir, "file"), O_WRONLY | O_APPEND));
}

static int cut_off(void)
{
	return opened(open(in(dir, "file"), O_RDONLY | O_TRUNC));
}

static int cut_off_name(void)
{
	return truncate(in(dir, "file"), 1);
}

static int remove_file(void)
{
	return unlink(in(dir, "removed"));
}

static int rename_file(void)
{
	return rename(in(dir, "renamed"), in(dir, "renamed.again"));
}

static int move_here(void)
{
	return rename(in(dir, "moved"), in(out, "moved"));
}

static int link_here(void)
{
	return link(in(dir, "file"), in(out, "linked"));
}

static int point_out(void)
{
	return symlink(dir, in(out, "pointer"));
}

static int make_folder(void)
{
	return mkdir(in(dir, "folder"), 0777);
}

static int set_mode(void)
{
	return chmod(in(dir, "file"), 0600);
}

static int set_owner(void)
{
	return chown(in(dir, "file"), (uid_t)-1, (gid_t)-1);
}

static int set_times(void)
{
	return utimensat(AT_FDCWD, in(dir, "file"), NULL, 0);
}

static int write_evidence(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", evidence);
	return opened(open(path, O_RDWR));
}

static int set_evidence_mode(void)
{
	return fchmod(evidence, 0644);
}

static int read_file(void)
{
	return opened(open(in(dir, "file"), O_RDONLY));
}

static int list_folder(void)
{
	return opened(open(dir, O_RDONLY | O_DIRECTORY));
}

static int read_users(void)
{
	return opened(open("/etc/passwd", O_RDONLY));
}

static int use_internet(void)
{
	return opened(socket(AF_INET, SOCK_STREAM, 0));
}

static int use_local_socket(void)
{
	return opened(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int start_program(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };
	pid_t pid;

	errno = posix_spawn(&pid, "/bin/true", NULL, NULL, argv, argv + 1);
	if (errno)
		return -1;
	return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static int start_process(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return pid < 0 || waitpid(pid, NULL, 0) != pid ? -1 : 0;
}

static int signal_parent(void)
{
	return kill(getppid(), 0);
}

static int grasp_parent(void)
{
	return opened((int)syscall(SYS_pidfd_open, getppid(), 0));
}

static int make_hidden_file(void)
{
	return opened(memfd_create("plant", 0));
}

static int leave_namespace(void)
{
	return unshare(CLONE_FS);
}

static int change_personality(void)
{
	return personality(0xffffffff) < 0 ? -1 : 0;
}

/* What the program itself must be able to do. */
static int write_output(void)
{
	const char *path = in(out, "plant");
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);

	return fd < 0 || close(fd) ? -1 : unlink(path);
}

static const struct {
	const char *name;
	int (*does)(void);
} deeds[] = {
	{ "write a new file", write_new },
	{ "write a file", write_old },
	{ "cut a file off", cut_off },
	{ "cut a file off by name", cut_off_name },
	{ "remove a file", remove_file },
	{ "rename a file", rename_file },
	{ "move a file here", move_here },
	{ "link a file here", link_here },
	{ "point out of here", point_out },
	{ "make a folder", make_folder },
	{ "set a mode", set_mode },
	{ "set an owner", set_owner },
	{ "set times", set_times },
	{ "write evidence", write_evidence },
	{ "set the mode of evidence", set_evidence_mode },
	{ "read a file", read_file },
	{ "list a folder", list_folder },
	{ "read the list of users", read_users },
	{ "use the internet", use_internet },
	{ "use a local socket", use_local_socket },
	{ "start a program", start_program },
	{ "start a process", start_process },
	{ "signal the parent", signal_parent },
	{ "grasp the parent", grasp_parent },
	{ "make a hidden file", make_hidden_file },
	{ "leave a namespace", leave_namespace },
	{ "change personality", change_personality },
	{ "write output", write_output },
};

static void note(const char *name, int rc)
{
	const char *why = rc ? strerrorname_np(errno) : "done";

	(void)dprintf(to, "%s\t%s\n", name, why ? why : "?");
}

static void become(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };

	note("become a program", execve("/bin/true", argv, argv + 1));
}

static void grow(int fd)
{
	evidence = fd;
	if (getenv("PLANT_SLEEP")) {
		note("sleep", 0);
		for (;;)
			(void)sleep(1);
	}
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		note(deeds[i].name, deeds[i].does());
	if (getenv("PLANT_EXEC"))
		become();
}

/* ------------------------------------------------------------- where it grows
 */

static int is_here(int fd)
{
	char link[64], path[4096];
	ssize_t n;

	if (to < 0 || !at || !dir || !out ||
	    (gettid() != getpid()) != (getenv("PLANT_THREAD") != NULL))
		return 0;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < (ssize_t)strlen(at))
		return 0;
	path[n] = '\0';
	return !strcmp(path + n - strlen(at), at);
}

ssize_t pread64(int fd, void *buf, size_t n, off64_t where)
{
	static ssize_t (*next)(int, void *, size_t, off64_t);
	static int grown;
	void *found = next ? NULL : dlsym(RTLD_NEXT, "pread64");

	if (found)
		memcpy(&next, &found, sizeof(next));
	if (!__atomic_load_n(&grown, __ATOMIC_SEQ_CST) && is_here(fd) &&
	    !__atomic_exchange_n(&grown, 1, __ATOMIC_SEQ_CST))
		grow(fd);
	return next(fd, buf, n, where);
}
