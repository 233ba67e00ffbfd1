/* SPDX-License-Identifier: MIT */
/*
 * sandbox_calls.c - which system calls this process may make, by seccomp
 */
#define _GNU_SOURCE /* CLONE_* */

#include "analyzer/sandbox_calls.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/fs.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Those of other architectures than this one are passed over. */
static const int calls[] = {
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(mlock),
	SCMP_SYS(mlock2),
	SCMP_SYS(mmap),
	SCMP_SYS(mmap2),
	SCMP_SYS(mprotect),
	SCMP_SYS(mremap),
	SCMP_SYS(munlock),
	SCMP_SYS(munmap),
	/* threads, and the end */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	SCMP_SYS(futex_waitv),
	SCMP_SYS(getcpu),
	SCMP_SYS(get_robust_list),
	SCMP_SYS(gettid),
	SCMP_SYS(membarrier),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(set_tid_address),
	/* signals that arrive */
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaction),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sigprocmask),
	SCMP_SYS(sigreturn),
	/* a thread's own timer */
	SCMP_SYS(timer_create),
	SCMP_SYS(timer_delete),
	SCMP_SYS(timer_settime),
	SCMP_SYS(timer_settime64),
	/* time and chance */
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_getres_time64),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(getrandom),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(nanosleep),
	SCMP_SYS(time),
	/* what this process and machine are */
	SCMP_SYS(getegid),
	SCMP_SYS(getegid32),
	SCMP_SYS(geteuid),
	SCMP_SYS(geteuid32),
	SCMP_SYS(getgid),
	SCMP_SYS(getgid32),
	SCMP_SYS(getpid),
	SCMP_SYS(getppid),
	SCMP_SYS(getrlimit),
	SCMP_SYS(getrusage),
	SCMP_SYS(getuid),
	SCMP_SYS(getuid32),
	SCMP_SYS(sysinfo),
	SCMP_SYS(ugetrlimit),
	SCMP_SYS(uname),
	/* descriptors */
	SCMP_SYS(close),
	SCMP_SYS(close_range),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64),
	SCMP_SYS(flock),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
	/* reading */
	SCMP_SYS(arm_fadvise64_64),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fadvise64_64),
	SCMP_SYS(getdents),
	SCMP_SYS(getdents64),
	SCMP_SYS(_llseek),
	SCMP_SYS(lseek),
	SCMP_SYS(pread64),
	SCMP_SYS(preadv),
	SCMP_SYS(read),
	SCMP_SYS(readv),
	/* what is there */
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fgetxattr),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(fstatat64),
	SCMP_SYS(fstatfs),
	SCMP_SYS(fstatfs64),
	SCMP_SYS(getcwd),
	SCMP_SYS(getxattr),
	SCMP_SYS(lgetxattr),
	SCMP_SYS(lstat),
	SCMP_SYS(lstat64),
	SCMP_SYS(newfstatat),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(stat),
	SCMP_SYS(stat64),
	SCMP_SYS(statfs),
	SCMP_SYS(statfs64),
	SCMP_SYS(statx),
	/* writing */
	SCMP_SYS(fallocate),
	SCMP_SYS(fdatasync),
	SCMP_SYS(fsync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(ftruncate64),
	SCMP_SYS(pwrite64),
	SCMP_SYS(pwritev),
	SCMP_SYS(sendfile),
	SCMP_SYS(sendfile64),
	SCMP_SYS(syncfs),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	/* names in the output folder */
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(rmdir),
	SCMP_SYS(umask),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	/* the end of what tidies up behind this process: see sandbox_aide.h */
	SCMP_SYS(wait4),
	SCMP_SYS(waitid),
#ifdef SANITIZED
	/* A sanitizer looks at the threads from a process beside them. */
	SCMP_SYS(clone),
	SCMP_SYS(kill),
	SCMP_SYS(prctl),
	SCMP_SYS(ptrace),
	SCMP_SYS(tgkill),
#endif
};

/* To begin a thread; not a process, nor any kind of namespace. */
#define NAMESPACES                                                     \
	(CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | \
	 CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWUTS)
#define CLONE_MASK ((scmp_datum_t)(NAMESPACES | CLONE_THREAD))

/* Opening is allowed but for cutting off what is not opened to be written. */
#define OPEN(call, arg)                                               \
	{ SCMP_SYS(call), { arg, SCMP_CMP_MASKED_EQ, O_TRUNC, 0 } },  \
		{ SCMP_SYS(call),                                     \
		  { arg, SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY } }, \
	{                                                             \
		SCMP_SYS(call),                                       \
		{                                                     \
			arg, SCMP_CMP_MASKED_EQ, O_ACCMODE, O_RDWR    \
		}                                                     \
	}
/* Of all that can be asked of a device. */
#define ASK(request)                               \
	{                                          \
		SCMP_SYS(ioctl),                   \
		{                                  \
			1, SCMP_CMP_EQ, request, 0 \
		}                                  \
	}

/* Calls that depend on one of their arguments: one of the lines must fit. */
static const struct {
	int call;
	struct scmp_arg_cmp arg;
} special[] = {
	OPEN(open, 1),
	OPEN(openat, 2),
	/* by a descriptor only */
	{ SCMP_SYS(utimensat), { 1, SCMP_CMP_EQ, 0, 0 } },
	{ SCMP_SYS(utimensat_time64), { 1, SCMP_CMP_EQ, 0, 0 } },
	/* to know a limit, not to set it */
	{ SCMP_SYS(prlimit64), { 2, SCMP_CMP_EQ, 0, 0 } },
	/* the size of a disk; a terminal and its echo, but not its input */
	ASK(BLKGETSIZE64),
	ASK(BLKSSZGET),
	ASK(FIONREAD),
	ASK(TCGETS),
	ASK(TCSETS),
	ASK(TCSETSF),
	ASK(TCSETSW),
	ASK(TIOCGWINSZ),
#ifdef TCGETS2
	ASK(TCGETS2),
	ASK(TCSETS2),
	ASK(TCSETSF2),
	ASK(TCSETSW2),
#endif
#ifndef SANITIZED
	{ SCMP_SYS(clone),
	  { 0, SCMP_CMP_MASKED_EQ, CLONE_MASK, CLONE_THREAD } },
	{ SCMP_SYS(prctl), { 0, SCMP_CMP_EQ, PR_SET_NAME, 0 } },
#endif
};

#ifndef SANITIZED
/* What contain.c needs beside; taken away again by calls_narrow. */
static const struct scmp_arg_cmp process = { 0, SCMP_CMP_MASKED_EQ, CLONE_MASK,
	                                     0 };
static const struct {
	int call;
	struct scmp_arg_cmp arg;
} parents[] = {
	{ SCMP_SYS(kill), { 1, SCMP_CMP_EQ, SIGTERM, 0 } },
	{ SCMP_SYS(prctl), { 0, SCMP_CMP_EQ, PR_SET_PDEATHSIG, 0 } },
	{ SCMP_SYS(prctl), { 0, SCMP_CMP_EQ, PR_SET_NO_NEW_PRIVS, 0 } },
	{ SCMP_SYS(prctl), { 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0 } },
};
static const int parents_all[] = {
	SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(rt_sigtimedwait_time64),
	SCMP_SYS(seccomp),
	SCMP_SYS(tgkill),
#ifdef __NR_fork
	SCMP_SYS(fork),
#endif
};
#endif

/* Bytes that libseccomp takes to make a filter of these rules. */
#define LOAD_ROOM ((gsize)1024 * 1024)

bool calls_offered(void)
{
	/* With no filter it is the address that is wrong. */
	return prctl(PR_SET_SECCOMP, 2 /* SECCOMP_MODE_FILTER */, NULL, 0, 0) &&
	       errno == EFAULT;
}

static int allow(scmp_filter_ctx filter, int call,
                 const struct scmp_arg_cmp *arg)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, arg ? 1 : 0,
	                              arg);
}

#ifndef SANITIZED
/* A signal to itself: the last word of a failed assertion. */
static int allow_own_end(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp self = { 0, SCMP_CMP_EQ,
		                           (scmp_datum_t)getpid(), 0 };

	return allow(filter, SCMP_SYS(tgkill), &self);
}

static int allow_children(scmp_filter_ctx filter)
{
	int rc = allow(filter, SCMP_SYS(clone), &process);

	for (size_t i = 0; !rc && i < LENGTH(parents); i++)
		rc = allow(filter, parents[i].call, &parents[i].arg);
	for (size_t i = 0; !rc && i < LENGTH(parents_all); i++)
		rc = allow(filter, parents_all[i], NULL);
	return rc;
}

static int refuse(scmp_filter_ctx filter, int call,
                  const struct scmp_arg_cmp *arg)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), call,
	                              arg ? 1 : 0, arg);
}

static int refuse_children(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp others = { 0, SCMP_CMP_NE,
		                             (scmp_datum_t)getpid(), 0 };
	int rc = refuse(filter, SCMP_SYS(clone), &process);

	if (!rc)
		rc = refuse(filter, SCMP_SYS(tgkill), &others);
	for (size_t i = 0; !rc && i < LENGTH(parents); i++)
		rc = refuse(filter, parents[i].call, &parents[i].arg);
	for (size_t i = 0; !rc && i < LENGTH(parents_all); i++)
		if (parents_all[i] != SCMP_SYS(tgkill))
			rc = refuse(filter, parents_all[i], NULL);
	return rc;
}
#else
/* A sanitizer has all of that. */
static int allow_own_end(scmp_filter_ctx filter)
{
	(void)filter;
	return 0;
}

static int allow_children(scmp_filter_ctx filter)
{
	return allow(filter, SCMP_SYS(rt_sigtimedwait), NULL);
}
#endif

static int allow_all(scmp_filter_ctx filter, bool parent)
{
	int rc = parent ? allow_children(filter) : allow_own_end(filter);

	for (size_t i = 0; !rc && i < LENGTH(calls); i++)
		rc = allow(filter, calls[i], NULL);
	for (size_t i = 0; !rc && i < LENGTH(special); i++)
		rc = allow(filter, special[i].call, &special[i].arg);
	return rc;
}

/* Loads the filter, unless there was an error; releases it. */
static int load(scmp_filter_ctx filter, int rc)
{
	/* It does not survive a want of memory, or makes half a filter. */
	g_free(g_malloc(LOAD_ROOM));
	if (!rc)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return -rc;
}

int calls_enter(bool parent)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));

	if (!filter)
		return ENOMEM;
	/*
	 * The first for the threads that there may be.  The second because old
	 * kernels slow a filtered process down, against code in it that spies
	 * on its own memory: here all of that is one trust.  The third makes a
	 * tree of the list.  Without them it works.
	 */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return load(filter, allow_all(filter, parent));
}

int calls_narrow(void)
{
#ifdef SANITIZED
	return 0;
#else
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter)
		return ENOMEM;
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	return load(filter, refuse_children(filter));
#endif
}
