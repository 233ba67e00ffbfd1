#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# mkhostile.py CASE OUT [N] - an NTFS volume that claims more than any real one
#
# Each is written byte by byte here, sparse where it is large: no other writer
# of NTFS can be talked into it.  N is how many, where a case is a number of
# something.  Layout: the Linux-NTFS documentation; $EFS: [MS-EFSR] 2.2.2.1.
# `mkhostile.py --list` names the cases.
import struct
import sys

CLUSTER = 4096
MFT = 16  # cluster
END = b'\xff\xff\xff\xff\0\0\0\0'
STANDARD, LIST, NAME, DATA, UTILITY = 0x10, 0x20, 0x30, 0x80, 0x100
ROOT = 5 | 5 << 48
TIME = 132000000000000000
ENCRYPTED = 0x4000
DIRECTORY = 2

cases = {}


def case(function):
    cases[function.__name__.replace('_', '-')] = function
    return function


# ------------------------------------------------------------------ attributes


def pad(b, n=8):
    return b + bytes(-len(b) % n)


def resident(kind, value, name='', flags=0):
    utf16 = name.encode('utf-16-le')
    at = len(pad(bytes(0x18) + utf16))
    size = len(pad(bytes(at) + value))
    head = struct.pack('<IIBBHHHIHBB', kind, size, 0, len(name), 0x18, flags,
                       0, len(value), at, 0, 0)
    return pad(pad(head + utf16) + value)


def number(v):
    return v.to_bytes(v.bit_length() // 8 + 1, 'little', signed=True)


def pairs(runs):
    """Runs are (clusters, first), in a hole (clusters, None)."""
    out, before = b'', 0
    for n, lcn in runs:
        length = number(n)
        if lcn is None:
            out += bytes([len(length)]) + length
            continue
        place = (lcn - before).to_bytes(
            (abs(lcn - before).bit_length()) // 8 + 1, 'little', signed=True)
        out += bytes([len(length) | len(place) << 4]) + length + place
        before = lcn
    return out + b'\0'


def nonresident(kind, runs, size=None, name='', flags=0, lowest=0):
    utf16 = name.encode('utf-16-le')
    clusters = sum(n for n, _ in runs)
    allocated = min(clusters * CLUSTER, 2**63 - 1)
    size = allocated if size is None else size
    at = len(pad(bytes(0x40) + utf16))
    mapping = pairs(runs)
    total = len(pad(bytes(at) + mapping))
    head = struct.pack('<IIBBHHHQQHHIQQQ', kind, total, 1, len(name), 0x40,
                       flags, 0, lowest, lowest + clusters - 1, at, 0, 0,
                       allocated, size, size)
    return pad(pad(head + utf16) + mapping)


def standard(flags=ENCRYPTED):
    return resident(STANDARD, struct.pack('<QQQQI', TIME, TIME, TIME, TIME,
                                          flags) + bytes(12))


def file_name(name, parent=ROOT, flags=ENCRYPTED):
    value = struct.pack('<QQQQQQQIIBB', parent, TIME, TIME, TIME, TIME, 0, 0,
                        flags, 0, len(name), 1) + name.encode('utf-16-le')
    return resident(NAME, value)


def entries(refs, kind=DATA, lowest=0):
    """$ATTRIBUTE_LIST"""
    return b''.join(struct.pack('<IHBBQQH', kind, 0x20, 0, 0x1a, lowest, ref,
                                0) + bytes(6) for ref in refs)


# ---------------------------------------------------------------------- $EFS


def key(thumbprint, fek=None):
    """An entry of a ring: a thumbprint alone, and 256 bytes that hold none."""
    fek = bytes(255) + b'\1' if fek is None else fek
    data = struct.pack('<IIIII', 0x14, 20, 0, 0, 0) + thumbprint
    cred = struct.pack('<IIIIIII', 0x1c + len(data), 0, 3, len(data), 0x1c,
                       0, 0) + data
    return struct.pack('<IIIII', 0x14 + len(cred) + len(fek), 0x14, len(fek),
                       0x14 + len(cred), 0) + cred + fek


def efs(keys, claims=None):
    ring = struct.pack('<I', len(keys) if claims is None else claims)
    ring += b''.join(keys)
    size = 0x54 + len(ring)
    return struct.pack('<IIII', size, 0, 2, 0) + bytes(48) + struct.pack(
        '<II', 0x54, 0) + bytes(12) + ring


EFS = efs([key(bytes(range(20)))])


def plain_efs():
    """And a stream that it is of."""
    return CIPHER + EMPTY


CIPHER = nonresident(DATA, [(1, 1)], 600, flags=ENCRYPTED)
EMPTY = resident(UTILITY, EFS, '$EFS')


def tail_of_clusters(n):
    return -(-n // CLUSTER)


# -------------------------------------------------------------------- volumes


class Volume:
    """Sparse, of so many clusters; $MFT is where it should be."""

    def __init__(self, path, clusters=4096, records=256, size=1024,
                 mft_runs=None, mft_list=None, claims=None):
        self.f = open(path, 'wb')
        self.size, self.records = size, records
        self.clusters = clusters
        self.data = MFT + tail_of_clusters(records * size)
        self.f.truncate(clusters * CLUSTER)
        self.boot(claims or clusters)
        runs = mft_runs or [(tail_of_clusters(records * size), MFT)]
        attrs = [standard(6)]
        if mft_list:
            attrs += [mft_list(self)]
        attrs += [file_name('$MFT', flags=6), nonresident(DATA, runs)]
        self.put(0, attrs)
        self.put(5, [standard(6), file_name('.', flags=0x10000006)],
                 flags=3, seq=5)

    def boot(self, clusters):
        per = {512: -9, 1024: -10, 4096: 1}[self.size]
        if self.size > CLUSTER:
            per = self.size // CLUSTER
        b = struct.pack('<3s8sHB', b'\xeb\x52\x90', b'NTFS    ', 512, 8)
        b = b.ljust(0x15, b'\0') + b'\xf8' + bytes(0x28 - 0x16)
        b += struct.pack('<QQQbxxxbxxxQ', clusters * 8 - 1, MFT, MFT, per, 1,
                         0xE5F500000000DEAD)
        self.f.seek(0)
        self.f.write(b.ljust(510, b'\0') + b'\x55\xaa')

    def record(self, n, attrs, base=0, flags=1, seq=1):
        strides = self.size // 512
        first = len(pad(bytes(0x30 + 2 * (strides + 1))))
        body = b''.join(attrs) + END
        used = first + len(body)
        assert used <= self.size, 'record %d takes %d bytes' % (n, used)
        r = bytearray(struct.pack('<4sHHQHHHHIIQHHI', b'FILE', 0x30,
                                  strides + 1, 0, seq, 1, first, flags, used,
                                  self.size, base, 0, 0, n & 0xffffffff))
        r = bytearray(bytes(r).ljust(first, b'\0') + body)
        r = r.ljust(self.size, b'\0')
        struct.pack_into('<H', r, 0x30, 1)
        for i in range(strides):
            end = (i + 1) * 512 - 2
            r[0x32 + 2 * i:0x34 + 2 * i] = r[end:end + 2]
            struct.pack_into('<H', r, end, 1)
        return bytes(r)

    def put(self, n, attrs, base=0, flags=1, seq=1):
        self.put_raw(n, self.record(n, attrs, base, flags, seq))

    def put_raw(self, n, raw):
        self.f.seek(MFT * CLUSTER + n * self.size)
        self.f.write(raw)

    def write(self, data, at=None):
        """Into clusters of its own; returns the runs."""
        lcn = self.data if at is None else at
        n = tail_of_clusters(len(data))
        if at is None:
            self.data += n
        self.f.seek(lcn * CLUSTER)
        self.f.write(data)
        return [(n, lcn)]


# -------------------------------------------------------------------- the cases


@case
def efs_million(path, n=20000):
    """All of N records claim one $EFS of 256 KiB, and it is full of entries."""
    keys = [key(struct.pack('<5I', i, 1, 2, 3, 4), b'\1')
            for i in range(2700)]
    full = efs(keys)[:256 * 1024]
    v = Volume(path, records=n + 24, clusters=n // 4 + 256)
    runs = v.write(full)
    raw = v.record(24, [standard(), file_name('x'), CIPHER, nonresident(
        UTILITY, runs, len(full), '$EFS')])
    v.put_raw(24, raw * n)


@case
def ring(path, n=100000):
    """One file whose ring claims N entries, and holds what fits."""
    keys = [key(struct.pack('<5I', i, 1, 2, 3, 4), b'\1')
            for i in range(3000)]
    v = Volume(path)
    full = efs(keys, n)[:256 * 1024]
    full = struct.pack('<I', len(full)) + full[4:]
    v.put(24, [standard(), file_name('ring'), CIPHER, nonresident(
        UTILITY, v.write(full), len(full), '$EFS')])


@case
def rings(path, n=200):
    """N files of full rings, all of whose entries have the agent's size."""
    keys = [key(struct.pack('<5I', i, 1, 2, 3, 4)) for i in range(720)]
    v = Volume(path, records=n + 24, clusters=n // 4 + 4096)
    for i in range(n):
        full = efs([k[:0x48] + struct.pack('<I', i) + k[0x4c:]
                    for k in keys])
        v.put(24 + i, [standard(), file_name('r%d' % i), CIPHER, nonresident(
            UTILITY, v.write(full), len(full), '$EFS')])
    v.f.truncate(max(v.clusters, v.data) * CLUSTER)
    v.boot(max(v.clusters, v.data))


@case
def attribute_lists(path, n=2000):
    """N files whose attribute lists name each other, and themselves."""
    v = Volume(path, records=n + 24, clusters=n // 4 + 4096)
    refs = [24 + i % n | 1 << 48 for i in range(8190)]
    runs = v.write(entries(refs))
    for i in range(n):
        v.put(24 + i, [standard(), nonresident(LIST, runs, 8190 * 32),
                       file_name('f%d' % i), plain_efs()])


@case
def directories(path, n=5000):
    """Two folders that are in each other, and N files in them."""
    v = Volume(path, records=n + 32, clusters=n // 4 + 4096)
    for i in 24, 25:
        v.put(i, [standard(0), file_name('loop%d' % i, (49 - i) | 1 << 48,
                                         0x10000000)], flags=3)
    v.put(26, [standard(0), file_name('self', 26 | 1 << 48, 0x10000000)],
          flags=3)
    for i in range(n):
        v.put(32 + i, [standard(), file_name(
            'f%d' % i, (24 + i % 3) | 1 << 48), plain_efs()])


@case
def deep(path, n=100000):
    """Folders in folders, N of them, of the longest names; and files at the
    end, with hard links."""
    v = Volume(path, records=n + 1100, clusters=n // 4 + 8192)
    name = '\U0001f5dd' * 127
    for i in range(n):
        v.put(24 + i, [standard(0), file_name(
            name, ROOT if not i else (23 + i) | 1 << 48, 0x10000000)],
              flags=3)
    for i in range(1000):
        v.put(24 + n + i, [standard(), file_name(
            'f%d' % i, (24 + 900) | 1 << 48), plain_efs()])
    v.put(1050 + n, [standard(), file_name('end', (23 + n) | 1 << 48),
                     plain_efs()])


@case
def links(path, n=100000):
    """Hard links by the thousand, each at the end of a long way."""
    v = Volume(path, records=3000, clusters=8192 + n // 16)
    for i in range(1000):
        v.put(24 + i, [standard(0), file_name(
            'd' * 200, ROOT if not i else (23 + i) | 1 << 48, 0x10000000)],
              flags=3)
    per, refs = 6, []
    for i in range(min(n // per, 1900)):
        r = 1040 + i
        refs.append(r | 1 << 48)
        v.put(r, [file_name('link %d %d' % (i, k), 1023 | 1 << 48)
                  for k in range(per)], base=1030 | 1 << 48)
    v.put(1030, [standard(), nonresident(LIST, v.write(entries(refs, NAME)),
                                         len(refs) * 32),
                 file_name('first', 1023 | 1 << 48), plain_efs()])


@case
def streams(path, n=100000):
    """One file with streams without end."""
    size = CLUSTER
    per = 60
    v = Volume(path, records=n // per + 64, size=size,
               clusters=n // per + 4096)
    refs = []
    for i in range(n // per):
        refs.append(40 + i | 1 << 48)
        v.put(40 + i, [resident(DATA, b'', 's%d' % (i * per + k), ENCRYPTED)
                       for k in range(per)], base=24 | 1 << 48)
    lists = entries(refs[:8190])
    v.put(24, [standard(), nonresident(LIST, v.write(lists), len(lists)),
               file_name('streams'), plain_efs()])


def with_data(path, runs, size, **more):
    v = Volume(path, **more)
    v.put(24, [standard(), file_name('large'), EMPTY,
               nonresident(DATA, runs, size, flags=ENCRYPTED)])
    return v


@case
def runs_hole(path):
    """A hole of 2^63 bytes."""
    with_data(path, [(2**51 - 1, None)], 2**63 - CLUSTER)


@case
def runs_data(path):
    """Clusters for 2^63 bytes, on a volume that claims as many."""
    with_data(path, [(2**50, 1)], 2**62, claims=2**51 - 2)


@case
def runs_many(path, n=4000000):
    """Runs by the million: a cluster, a hole, a cluster."""
    size, per = 4096, 780
    count = n // (2 * per)
    v = Volume(path, records=count + 64, size=size, clusters=count + 8192,
               claims=2**40)
    refs = []
    for i in range(count):
        refs.append(40 + i | 1 << 48)
        v.put(40 + i, [nonresident(DATA, [(1, 100), (1, None)] * per,
                                   flags=ENCRYPTED, lowest=2 * i * per)
                       if i else
                       nonresident(DATA, [(1, 100), (1, None)] * per,
                                   2 * count * per * CLUSTER,
                                   flags=ENCRYPTED)],
              base=24 | 1 << 48)
    lists = entries(refs[:8190])
    v.put(24, [standard(), nonresident(LIST, v.write(lists), len(lists)),
               file_name('runs'), EMPTY])


@case
def together(path, n=40):
    """N files that each have a hole of 1 GiB in the clear, and a small one."""
    v = Volume(path)
    for i in range(n):
        v.put(24 + i, [standard(), file_name('f%d' % i), EMPTY, nonresident(
            DATA, [(1, 100)], flags=ENCRYPTED), nonresident(
                DATA, [(2**18, None)], name='large'), resident(
                    DATA, b'here', 'small')])


@case
def mft_size(path):
    """A $MFT of 2^59 bytes, on a volume that claims as many."""
    v = Volume(path, claims=2**51 - 2,
               mft_runs=[(64, MFT), (2**47, 4000)])
    v.put(24, [standard(), file_name('here'), plain_efs()])


@case
def mft_again(path, n=200000):
    """A $MFT whose runs are the same clusters over and over."""
    v = Volume(path, records=4096, clusters=8192, claims=2**40, size=4096,
               mft_runs=[(4096, MFT)] + [(4096 - 24, MFT + 24),
                                         (4096 - 25, MFT + 25)] * 300)
    raw = v.record(24, [standard(), file_name('again'), plain_efs()])
    v.put_raw(24, raw * (4096 - 24))


@case
def mft_pieces(path, n=8000):
    """A $MFT in so many pieces that are told back to front."""
    def make(v):
        refs = [24 + i | 1 << 48 for i in range(n)]
        return nonresident(LIST, v.write(entries(refs)), n * 32)

    v = Volume(path, records=n + 64, clusters=n // 4 + 8192, claims=2**40,
               mft_list=make)
    for i in range(n):
        lowest = 2 * v.records + (n - i) * 300
        v.put(24 + i, [nonresident(
            DATA, [(1, 100 + k % 2) for k in range(140)] +
            [(1, None)] * 10, lowest=lowest)], base=1 << 48)


@case
def names(path, n=200000):
    """Folders by the million, most of them twice: N records of them."""
    v = Volume(path, records=n + 24, clusters=n // 4 + 4096)
    raw = v.record(24, [standard(0), file_name('d' * 100, 24 | 1 << 48),
                        file_name('e' * 100, 24 | 1 << 48)], flags=3)
    v.put_raw(24, raw * n)
    v.put(24, [standard(), file_name('f', 99 | 1 << 48), plain_efs()])


def main():
    if sys.argv[1:] == ['--list']:
        for name, function in cases.items():
            print('%-18s %s' % (name, ' '.join(function.__doc__.split())))
        return
    cases[sys.argv[1]](sys.argv[2], *map(int, sys.argv[3:]))


main()
