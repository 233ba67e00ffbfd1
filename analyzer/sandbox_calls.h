/* SPDX-License-Identifier: MIT */
/*
 * sandbox_calls.h - which system calls this process may make, by seccomp
 *
 * A list of what is allowed, because each new kernel has calls that a list of
 * what is refused does not know.  All others fail with ENOSYS, as on a kernel
 * that has not got them: so another C library, which tries a newer call first,
 * takes an older one, where EPERM would be an answer, and a signal the end.
 *
 * What is left over is: memory and threads of this process, files, time, a
 * terminal.  What is gone is: sockets of every kind; programs and processes;
 * other processes (ptrace, signals, their memory); namespaces, mounts, modules,
 * keys of the kernel, BPF, performance counters, io_uring.  Landlock has no say
 * in the attributes of files, so these are gone, too: mode, owner and extended
 * attributes of any file, and times by name; and cutting off a file that is
 * only open to be read, which Landlock refuses from version 3 on.
 */
#ifndef ANALYZER_SANDBOX_CALLS_H
#define ANALYZER_SANDBOX_CALLS_H

#include "parsers/status.h"

#include <stdbool.h>

/* Has this kernel seccomp, with filters? */
bool calls_offered(void);

/*
 * From now on all threads of this process have only those calls; 0, or the
 * errno that says why nothing has changed.  `parent`: it may begin processes as
 * itself, and end them by SIGTERM, until it is narrowed.
 */
MUST_USE int calls_enter(bool parent);
/* As if it had never been allowed to; with one thread. */
MUST_USE int calls_narrow(void);

#endif
