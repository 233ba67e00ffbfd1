#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# together.py PID - the most memory, in KiB, that a process and all that it has
# started had in RAM at one time, until it ends
import os
import sys
import time


def stat_of(pid):
    """State and parent; None where the process is gone."""
    try:
        with open('/proc/%d/stat' % pid, encoding='latin-1') as f:
            state, parent = f.read().rsplit(')', 1)[1].split()[:2]
    except OSError:
        return None
    return state, int(parent)


def resident(pid):
    try:
        with open('/proc/%d/statm' % pid, encoding='ascii') as f:
            return int(f.read().split()[1]) * os.sysconf('SC_PAGESIZE') // 1024
    except OSError:
        return 0


def family(root):
    parents = {}
    for name in os.listdir('/proc'):
        if name.isdigit():
            stat = stat_of(int(name))
            if stat:
                parents[int(name)] = stat[1]
    found = {root}
    grown = True
    while grown:
        more = {p for p, parent in parents.items() if parent in found} - found
        grown = bool(more)
        found |= more
    return found


def main():
    root = int(sys.argv[1])
    peak = 0
    while True:
        stat = stat_of(root)
        if not stat or stat[0] == 'Z':
            break
        peak = max(peak, sum(map(resident, family(root))))
        time.sleep(0.02)
    print(peak)


main()
