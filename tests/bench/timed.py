#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# timed.py [OPTION...] NAME COMMAND... - run a command, and note what it took
#
#   --cpus LIST    on these processors: "0,1"
#   --answer FILE  in a terminal; what it asks for is the first line of FILE
#   --to FILE      its standard output (default: nowhere)
#   --most STATUS  up to this it has succeeded (0)
#   --each FILE    as often as FILE has lines; {} is the line, also in --to
#
# "NAME SECONDS CPU-SECONDS PEAK-KIB" is appended to the file $TIMES: elapsed
# time and that of the processors are sums, the peak of memory is the largest.
# What the command says of errors is in $TIMES.log.  A peak below some 10 MiB is
# that of this program, which the command begins with.
import argparse
import os
import pty
import sys
import time


def options():
    parser = argparse.ArgumentParser()
    for name in '--cpus', '--answer', '--to', '--each':
        parser.add_argument(name)
    parser.add_argument('--most', type=int, default=0)
    parser.add_argument('name')
    parser.add_argument('command', nargs=argparse.REMAINDER)
    return parser.parse_args()


def lines_of(path):
    with open(path, encoding='utf-8') as f:
        return f.read().splitlines()


def become(argv, out, cpus):
    """In the child: the command, which does not return."""
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    log = os.environ['TIMES'] + '.log'
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
    if cpus:
        os.sched_setaffinity(0, {int(n) for n in cpus.split(',')})
    os.execvp(argv[0], argv)


def talk(terminal, answer):
    """To the end of what it says; it has asked when its line ends with ":"."""
    said = b''
    asked = False
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece
        if not asked and said.rstrip().endswith(b':'):
            asked = True
            os.write(terminal, answer.encode() + b'\n')
    os.close(terminal)


def run(argv, out, o):
    """Its status, and what it used."""
    if o.answer:
        pid, terminal = pty.fork()
    else:
        pid, terminal = os.fork(), None
    if pid == 0:
        try:
            become(argv, out, o.cpus)
        finally:
            os._exit(127)
    if o.answer:
        talk(terminal, lines_of(o.answer)[0])
    _, status, used = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), used


def main():
    o = options()
    each = lines_of(o.each) if o.each else ['{}']
    processor = peak = 0
    worst = 0
    begun = time.monotonic()
    for line in each:
        argv = [word.replace('{}', line) for word in o.command]
        out = (o.to or os.devnull).replace('{}', line)
        status, used = run(argv, out, o)
        if not 0 <= status <= o.most:
            worst = worst or status
        processor += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss)
    elapsed = time.monotonic() - begun
    if worst:
        sys.exit(worst if worst > 0 else 128 - worst)
    with open(os.environ['TIMES'], 'a', encoding='utf-8') as f:
        print(o.name, '%.4f %.4f %d' % (elapsed, processor, peak), file=f)


main()
