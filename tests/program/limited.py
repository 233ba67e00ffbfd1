#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# limited.py FILE SECONDS COMMAND... - run a command, which is killed when one
# process of it has used so many seconds of a processor; FILE receives them, and
# the largest memory of one of its processes in MiB
import os
import resource
import sys


def main():
    seconds = int(sys.argv[2])
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        os.execvp(sys.argv[3], sys.argv[3:])
    _, status, used = os.wait4(pid, 0)
    with open(sys.argv[1], 'w', encoding='ascii') as f:
        print('%.1f %d' % (used.ru_utime + used.ru_stime,
                           used.ru_maxrss >> 10), file=f)
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


main()
