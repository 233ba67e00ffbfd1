/* SPDX-License-Identifier: MIT */
/*
 * sandbox.c - what this process can still do while it looks at evidence
 */
#define _GNU_SOURCE /* O_PATH, dlinfo */

#include "analyzer/sandbox.h"
#include "analyzer/sandbox_aide.h"
#include "analyzer/sandbox_calls.h"
#include "analyzer/sandbox_fence.h"
#include "analyzer/say.h"
#include "recovery/crypto.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Files beside an image that are listed one by one. */
#define BESIDE_MOST 1000u
/* Descriptors up to this one may be held. */
#define HELD_MOST  512
#define READ_TREE  (FENCE_READ | FENCE_LIST)
#define WRITE_TREE (READ_TREE | FENCE_WRITE | FENCE_MAKE)

struct sandbox {
	bool wanted, parent;
	GPtrArray *temporary; /* of char *: where the folder for them may be */
	struct fence fence;   /* -1: none */
	char *why_not;        /* of that; NULL: there is one */
	bool failed;          /* though the kernel has it */
	struct aide *aide;
	GHashTable *folders; /* whose files are listed */
};

static struct aide *outside; /* of the sandbox that was entered */
static bool calls_limited;

/* ------------------------------------------------------------------ the plan
 */

static void no_fence(struct sandbox *s, bool failed, char *why)
{
	fence_close(&s->fence);
	g_free(s->why_not);
	s->why_not = why;
	s->failed = failed;
}

/* Why this kernel has none. */
static char *absent(int why)
{
	return g_strdup(why == ENOSYS ? "not in this kernel"
	                : why == EOPNOTSUPP
	                        ? "switched off when this machine was started"
	                        : g_strerror(why));
}

struct sandbox *sandbox_new(bool wanted)
{
	struct sandbox *s = g_new0(struct sandbox, 1);

	s->wanted = wanted;
	s->fence.fd = -1;
	s->aide = aide_new();
	s->temporary = g_ptr_array_new_with_free_func(g_free);
	s->folders =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (wanted && !fence_open(&s->fence))
		no_fence(s, s->fence.version > 0, absent(errno));
	return s;
}

static void allow(struct sandbox *s, int fd, unsigned rights)
{
	if (s->fence.fd >= 0 && !fence_allow(&s->fence, fd, rights))
		no_fence(s, true, g_strdup(g_strerror(errno)));
}

/*
 * Landlock knows a file by its inode.  A file system on a disk finds the same
 * one again; another, such as 9p, may make a new one each time a name is looked
 * up, but not while somebody holds the name.
 */
static bool is_firm(int fd)
{
	struct stat sb;

	return !fstat(fd, &sb) && major(sb.st_dev);
}

/* What is put on the list is held to the end where that is needed. */
static void let_go(int fd)
{
	if (is_firm(fd) || fd >= HELD_MOST)
		close(fd);
}

/* -1: it is not there. */
static int open_path(const struct sandbox *s, const char *path, struct stat *sb)
{
	int fd = s->fence.fd < 0 ? -1 : open(path, O_PATH | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, sb)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Of `rights` those that a file has; false: it is not there. */
static bool allow_path(struct sandbox *s, const char *path, unsigned rights)
{
	struct stat sb;
	int fd = open_path(s, path, &sb);

	if (fd < 0)
		return false;
	if (!S_ISDIR(sb.st_mode))
		rights &= ~(unsigned)(FENCE_LIST | FENCE_MAKE);
	allow(s, fd, rights);
	let_go(fd);
	return true;
}

void sandbox_read_file(struct sandbox *s, const char *path)
{
	if (allow_path(s, path, FENCE_READ))
		say_detail("sandbox: may read %s", path);
}

/* One entry of a folder, which may be a link to a file elsewhere. */
static void allow_entry(struct sandbox *s, int folder, const char *name)
{
	int fd = openat(folder, name, O_PATH | O_CLOEXEC);
	struct stat sb;

	if (fd < 0)
		return;
	if (!fstat(fd, &sb) && S_ISREG(sb.st_mode)) {
		allow(s, fd, FENCE_READ);
		let_go(fd);
	} else {
		close(fd);
	}
}

/* Each file of a folder, and links, which lead elsewhere; false: not each of
   the files, so it is to be the folder. */
static bool allow_entries(struct sandbox *s, const char *folder)
{
	DIR *dir = opendir(folder);
	bool each = dir && is_firm(dirfd(dir));
	const struct dirent *e;
	unsigned n = 0;

	while (dir && (e = readdir(dir))) {
		bool file = e->d_type == DT_REG;

		each = each && (!file || n++ < BESIDE_MOST);
		if (e->d_type != DT_DIR && (each || !file))
			allow_entry(s, dirfd(dir), e->d_name);
	}
	if (dir)
		closedir(dir);
	return each;
}

static void allow_beside(struct sandbox *s, const char *path)
{
	char *folder = g_path_get_dirname(path);
	bool each;

	if (g_hash_table_contains(s->folders, folder)) {
		g_free(folder);
		return;
	}
	each = allow_entries(s, folder);
	(void)allow_path(s, folder, each ? FENCE_LIST : READ_TREE);
	say_detail("sandbox: may read what is in %s%s", folder,
	           each ? ", but not below" : "");
	g_hash_table_add(s->folders, folder);
}

void sandbox_read_evidence(struct sandbox *s, const char *path)
{
	struct stat sb;

	if (s->fence.fd < 0 || stat(path, &sb))
		return;
	if (allow_path(s, path, READ_TREE))
		say_detail("sandbox: may read %s", path);
	if (S_ISREG(sb.st_mode))
		allow_beside(s, path);
}

void sandbox_read_case(struct sandbox *s, const char *path)
{
	char *journal = g_strconcat(path, "-journal", NULL);
	char *folder = g_path_get_dirname(path);

	sandbox_read_file(s, path);
	if (!access(journal, F_OK))
		(void)allow_path(s, folder, WRITE_TREE);
	g_free(folder);
	g_free(journal);
}

void sandbox_use_terminal(struct sandbox *s)
{
	(void)allow_path(s, "/dev/tty",
	                 FENCE_READ | FENCE_WRITE | FENCE_CONTROL);
}

void sandbox_give_up(struct sandbox *s)
{
	if (s->fence.fd >= 0)
		no_fence(s, false,
		         g_strdup("the output folder cannot be made"));
}

bool sandbox_write_folder(struct sandbox *s, const char *path, mode_t mode)
{
	if (s->fence.version == 1)
		no_fence(s, false,
		         g_strdup("version 1 of it lets no file move to "
		                  "another folder"));
	if (s->fence.fd < 0)
		return true;
	if (!mkdir(path, mode))
		aide_add_folder(s->aide, path);
	else if (errno != EEXIST)
		return false;
	(void)allow_path(s, path, WRITE_TREE);
	say_detail("sandbox: may write in %s", path);
	return true;
}

/* Is the file in that folder, or below it? */
static bool is_below(const char *path, const char *folder)
{
	char *above = g_path_get_dirname(path);
	char *full = realpath(above, NULL);
	char *top = folder ? realpath(folder, NULL) : NULL;
	bool below = full && top && g_str_has_prefix(full, top) &&
	             strchr("/", full[strlen(top)]);

	free(top);
	free(full);
	g_free(above);
	return below;
}

void sandbox_write_report(struct sandbox *s, const char *path,
                          const char *folder, bool replaced)
{
	if (s->fence.fd < 0 || is_below(path, folder))
		return;
	if (replaced)
		aide_add_part(s->aide, path);
	else
		(void)allow_path(s, path, FENCE_WRITE);
	say_detail("sandbox: may write %s", path);
}

/* ----------------------------------------------------------------- entering */

/* Character sets of other locales than that of UTF-8, where the C library has
   its own: they are beside it. */
static void allow_charsets(struct sandbox *s)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	char folder[PATH_MAX], *path;

	if (!libc)
		return;
	if (!dlinfo(libc, RTLD_DI_ORIGIN, folder)) {
		path = g_build_filename(folder, "gconv", NULL);
		(void)allow_path(s, path, READ_TREE);
		g_free(path);
	}
	dlclose(libc);
}

static void allow_system(struct sandbox *s)
{
	(void)allow_path(s, "/dev/urandom", FENCE_READ);
	(void)allow_path(s, crypto_modules(), READ_TREE);
	(void)allow_path(s, "/usr/lib/locale", READ_TREE);
	allow_charsets(s);
#ifdef SANITIZED
	/* What leaks, here and in a child, and the lines of the sources. */
	(void)allow_path(s, "/proc", READ_TREE);
	(void)allow_path(s, "/proc/self/exe", FENCE_READ);
#endif
}

/* SQLite sorts there what is large, whatever the command.
   A name for this run alone, wherever it will be: to remove it is planned
   before it is there. */
static void plan_temporary(struct sandbox *s)
{
	const char *const folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	char *name = g_strdup_printf("efsleuth-%08x%08x", g_random_int(),
	                             g_random_int());

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		char *path;

		if (!folders[i])
			continue;
		path = g_build_filename(folders[i], name, NULL);
		aide_add_tree(s->aide, path);
		g_ptr_array_add(s->temporary, path);
	}
	g_free(name);
}

/* GLib and SQLite look into the environment when they need the first file. */
static void make_temporary(struct sandbox *s)
{
	for (guint i = 0; i < s->temporary->len; i++) {
		const char *path = s->temporary->pdata[i];

		if (mkdir(path, 0700))
			continue;
		(void)allow_path(s, path, WRITE_TREE);
		(void)setenv("TMPDIR", path, 1);
		(void)unsetenv("SQLITE_TMPDIR");
		return;
	}
}

static bool begin(struct sandbox *s)
{
	if (!aide_start(s->aide))
		return false;
	outside = g_steal_pointer(&s->aide);
	make_temporary(s);
	return s->fence.fd < 0 || fence_enter(&s->fence);
}

static void enter_fence(struct sandbox *s)
{
	if (s->fence.fd < 0)
		return;
	allow_system(s);
	plan_temporary(s);
	if (s->fence.fd >= 0 && !begin(s))
		no_fence(s, true, g_strdup(g_strerror(errno)));
}

static void say_entered(const struct sandbox *s, bool offered, int calls)
{
	char *network = calls ? g_strdup_printf("seccomp is not active: %s",
	                                        offered ? g_strerror(calls)
	                                                : "not in this kernel")
	                      : g_strdup("no network, no other program "
	                                 "(seccomp)");
	char *files =
		s->why_not ? g_strdup_printf("Landlock is not active: %s",
	                                     s->why_not)
			   : g_strdup_printf("no file but those (Landlock %d)",
	                                     s->fence.version);

	if ((calls && offered) || s->failed)
		say_info("sandbox: %s; %s", network, files);
	else
		say_detail("sandbox: %s; %s", network, files);
	g_free(files);
	g_free(network);
}

void sandbox_enter(struct sandbox *s)
{
	bool offered = calls_offered();
	int calls = ENOSYS;

	if (s->wanted) {
		enter_fence(s);
		if (offered)
			calls = calls_enter(s->parent);
		say_entered(s, offered, calls);
	} else {
		say_detail("sandbox: not active (--no-sandbox)");
	}
	calls_limited = !calls;
	aide_free(s->aide);
	fence_close(&s->fence);
	g_hash_table_unref(s->folders);
	g_ptr_array_unref(s->temporary);
	g_free(s->why_not);
	g_free(s);
}

void sandbox_is_parent(struct sandbox *s)
{
	s->parent = true;
}

void sandbox_narrow(void)
{
	int why = calls_limited ? calls_narrow() : 0;

	if (why)
		say_info("sandbox: processes are not refused: %s",
		         g_strerror(why));
}

void sandbox_leave(void)
{
	g_clear_pointer(&outside, aide_free);
}

struct aide *sandbox_aide(void)
{
	return outside;
}

char *sandbox_offers(void)
{
	int version = fence_version();
	char *why = version ? NULL : absent(errno);
	char *text = g_strdup_printf("%s, %s",
	                             calls_offered() ? "seccomp" : "no seccomp",
	                             why ? "no Landlock" : "Landlock");
	char *full = why ? g_strdup_printf("%s (%s)", text, why)
	                 : g_strdup_printf("%s %d", text, version);

	g_free(text);
	g_free(why);
	return full;
}
