/* SPDX-License-Identifier: MIT */
/*
 * sandbox_fence.c - which files this process may open, by Landlock
 *
 * Documentation/userspace-api/landlock.rst of Linux.  There is no library for
 * its three calls.
 */
#define _GNU_SOURCE /* syscall */

#include "analyzer/sandbox_fence.h"

#include <errno.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Not in the headers of Debian 12, which are of Linux 6.1. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif
#ifndef LANDLOCK_ACCESS_NET_BIND_TCP
#define LANDLOCK_ACCESS_NET_BIND_TCP    (1ULL << 0)
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#endif
#ifndef LANDLOCK_SCOPE_SIGNAL
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)
#define LANDLOCK_SCOPE_SIGNAL               (1ULL << 1)
#endif

/* struct landlock_ruleset_attr, whose header may know only its first field. */
struct ruleset {
	uint64_t fs, net, scoped;
};

/* What each version can refuse: an older one refuses a list that names it. */
static const struct {
	int version;
	struct ruleset adds;
} versions[] = {
	{ 1,
	  { .fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
	          LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
	          LANDLOCK_ACCESS_FS_REMOVE_DIR |
	          LANDLOCK_ACCESS_FS_REMOVE_FILE |
	          LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
	          LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
	          LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
	          LANDLOCK_ACCESS_FS_MAKE_SYM } },
	{ 2, { .fs = LANDLOCK_ACCESS_FS_REFER } },
	{ 3, { .fs = LANDLOCK_ACCESS_FS_TRUNCATE } },
	{ 4,
	  { .net = LANDLOCK_ACCESS_NET_BIND_TCP |
	           LANDLOCK_ACCESS_NET_CONNECT_TCP } },
	{ 5, { .fs = LANDLOCK_ACCESS_FS_IOCTL_DEV } },
	{ 6,
	  { .scoped = LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET |
	              LANDLOCK_SCOPE_SIGNAL } },
};

static const struct {
	unsigned right;
	uint64_t fs;
} rights_of[] = {
	{ FENCE_READ, LANDLOCK_ACCESS_FS_READ_FILE },
	{ FENCE_LIST, LANDLOCK_ACCESS_FS_READ_DIR },
	{ FENCE_WRITE,
	  LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE },
	{ FENCE_MAKE,
	  LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
	          LANDLOCK_ACCESS_FS_REMOVE_FILE |
	          LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REFER },
	{ FENCE_CONTROL, LANDLOCK_ACCESS_FS_IOCTL_DEV },
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

int fence_version(void)
{
	long v = syscall(SYS_landlock_create_ruleset, NULL, 0,
	                 LANDLOCK_CREATE_RULESET_VERSION);

	return v > 0 ? (int)v : 0;
}

bool fence_open(struct fence *f)
{
	struct ruleset all = { 0 };

	*f = (struct fence){ .fd = -1, .version = fence_version() };
	if (!f->version)
		return false;
	for (size_t i = 0; i < LENGTH(versions); i++) {
		if (versions[i].version > f->version)
			break;
		all.fs |= versions[i].adds.fs;
		all.net |= versions[i].adds.net;
		all.scoped |= versions[i].adds.scoped;
	}
	f->known = all.fs;
	f->fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	return f->fd >= 0;
}

void fence_close(struct fence *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

bool fence_allow(const struct fence *f, int fd, unsigned rights)
{
	struct landlock_path_beneath_attr below = { .parent_fd = fd };

	for (size_t i = 0; i < LENGTH(rights_of); i++)
		if (rights & rights_of[i].right)
			below.allowed_access |= rights_of[i].fs;
	below.allowed_access &= f->known;
	/* It may be that this version can refuse none of them. */
	if (!below.allowed_access)
		return true;
	/* What has no name in any folder, a pipe, is never refused. */
	return !syscall(SYS_landlock_add_rule, f->fd,
	                LANDLOCK_RULE_PATH_BENEATH, &below, 0) ||
	       errno == EBADFD;
}

bool fence_enter(const struct fence *f)
{
	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !syscall(SYS_landlock_restrict_self, f->fd, 0);
}
