#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# mkbomb.py CASE DIR [N] - containers, partition tables and archives that claim
# more than any real one, or lead to themselves; in DIR
#
# Layouts: QEMU's docs/interop/qcow2.txt; VMware's "Virtual Disk Format 1.1";
# "Expert Witness Compression Format", J. Metz; UEFI 2.10, 5.3; APPNOTE.TXT.
# `mkbomb.py --list` names the cases.
import gzip
import io
import lzma
import os
import struct
import sys
import tarfile
import zlib

SECTOR = 512
MARK = b'\x55\xaa'
BASIC = bytes.fromhex('a2a0d0ebe5b9334487c068b6b72699c7')

cases = {}


def case(function):
    cases[function.__name__.replace('_', '-')] = function
    return function


def put(folder, name, data, size=0):
    """A file of this data, and zeros up to a size."""
    with open(os.path.join(folder, name), 'wb') as f:
        f.write(data)
        f.truncate(max(size, len(data)))


# ---------------------------------------------------------------- virtual disks


def qcow(size, entries, backing=b''):
    head = b'QFI\xfb' + struct.pack(
        '>IQIIQIIQQIIQ', 2, 0x200 if backing else 0, len(backing), 16, size,
        0, entries, 0x10000, 0x30000, 1, 0, 0)
    return head.ljust(0x200, b'\0') + backing


def vmdk(capacity, grain):
    head = b'KDMV' + struct.pack('<IIQQQQIQQQB4sH', 1, 3, capacity, grain, 0,
                                 0, 512, 0, 1, 128, 0, b'\n \r\n', 0)
    return head.ljust(SECTOR, b'\0')


@case
def qcow_self(folder):
    """2^62 bytes, by a table of 2^30 entries, all of which name itself."""
    table = struct.pack('>Q', 0x10000 | 1 << 63) * 8192
    put(folder, 'self.qcow2', qcow(2**62, 2**30).ljust(0x10000, b'\0') + table,
        0x40000)


@case
def qcow_loop(folder):
    """Two that are the parent of each other, with tables of 32 MiB."""
    for a, b in (b'a', b'b'), (b'b', b'a'):
        put(folder, 'loop-%s.qcow2' % a.decode(),
            qcow(2**50, 2**22, b'loop-%s.qcow2' % b), 0x20000)


@case
def vmdk_self(folder):
    """Of 2^62 bytes, whose tables are its own directory."""
    put(folder, 'self.vmdk', vmdk(2**53, 8) + struct.pack('<I', 1) * 512)


@case
def vmdk_many(folder, n=20000):
    """One extent named N times, with a directory of 32 MiB."""
    put(folder, 'part.vmdk', vmdk(2**50, 128) + struct.pack('<I', 1) * 128)
    text = ('# Disk DescriptorFile\nversion=1\nCID=12345678\n'
            'parentCID=ffffffff\ncreateType="twoGbMaxExtentSparse"\n')
    text += 'RW 1024 SPARSE "part.vmdk"\n' * n
    put(folder, 'many.vmdk', text.encode())


# ----------------------------------------------------------------------- EnCase


def section(kind, at, after, body=b''):
    head = kind.ljust(16, b'\0') + struct.pack('<QQ', after,
                                               76 + len(body)) + bytes(40)
    return head + struct.pack('<I', zlib.adler32(head)) + body


def ewf(n, last):
    """N sections, and one made by `last` of its own place."""
    volume = struct.pack('<IIIIQ', 1, 1000000, 64, 512, 64000000)
    volume = volume.ljust(1048, b'\0')
    volume += struct.pack('<I', zlib.adler32(volume))
    out = [b'EVF\x09\x0d\x0a\xff\x00\x01' + struct.pack('<HH', 1, 0)]
    at = 13
    after = at + 76 + len(volume)
    out.append(section(b'volume', at, after, volume))
    for _ in range(n):
        at = after
        after = at + 76
        out.append(section(b'header', at, after))
    out.append(last(after))
    return b''.join(out)


@case
def e01_sections(folder, n=100000):
    """N sections, before any chunk."""
    put(folder, 'many.E01', ewf(n, lambda at: section(b'done', at, at)))


@case
def e01_loop(folder):
    """The last section names the first as the next."""
    put(folder, 'loop.E01', ewf(1000, lambda at: section(b'header', at, 13)))


# ------------------------------------------------------------- partition tables


def entry(kind, first, sectors):
    return struct.pack('<B3sB3sII', 0, b'\0\2\0', kind, b'\0\2\0', first,
                       sectors)


def table(entries):
    return b'\0' * 446 + b''.join(entries).ljust(64, b'\0') + MARK


def logical(path, n, last):
    """N logical partitions, four sectors apart; the last leads to `last`."""
    with open(path, 'wb') as f:
        f.write(table([entry(5, 8, 2**31)]))
        for i in range(n):
            after = (i + 1) * 4 if i + 1 < n else last
            f.seek((8 + 4 * i) * SECTOR)
            entries = [entry(7, 1, 1)]
            if after is not None:
                entries.append(entry(5, after, 8))
            f.write(table(entries))
        f.truncate((8 + 4 * n + 100) * SECTOR)


@case
def mbr_chain(folder, n=20000):
    """N logical partitions."""
    logical(os.path.join(folder, 'chain.img'), n, None)


@case
def mbr_loop(folder):
    """Logical partitions, the last of which names the first."""
    logical(os.path.join(folder, 'loop.img'), 1000, 0)


def gpt(folder, name, entries, size):
    protective = table([entry(0xee, 1, 2**32 - 1)])
    last = size // SECTOR - 1
    head = bytearray(b'EFI PART' + struct.pack(
        '<IIIIQQQQ16sQIII', 0x10000, 92, 0, 0, 1, last, 34, last - 33,
        b'1' * 16, 2, 2**32 - 1, 128, 0))
    struct.pack_into('<I', head, 16, zlib.crc32(bytes(head)))
    one = BASIC + b'2' * 16 + struct.pack('<QQQ', 40, 50, 0) + bytes(72)
    put(folder, name, protective + bytes(head).ljust(SECTOR, b'\0') +
        one * entries, size)


@case
def gpt_claims(folder):
    """2^32 - 1 entries, of which four are there."""
    gpt(folder, 'claims.img', 4, 64 << 20)


@case
def gpt_full(folder, n=400000):
    """The same, and N are there."""
    gpt(folder, 'full.img', n, (n * 128 + (2 << 20)) & -SECTOR)


# --------------------------------------------------------------------- archives


def member(name, packed, size, method, at, crc=0):
    """A header before the data, and the one of the directory."""
    head = struct.pack('<4sHHHHHIIIHH', b'PK\3\4', 20, 0, method, 0, 0,
                       crc, packed, size, len(name), 0) + name
    listed = struct.pack('<4sHHHHHHIIIHHHHHII', b'PK\1\2', 20, 20, 0, method,
                         0, 0, crc, packed, size, len(name), 0, 0, 0, 0, 0,
                         at) + name
    return head, listed


def finish(f, listed, at):
    n = len(listed)
    size = sum(map(len, listed))
    f.write(b''.join(listed))
    f.write(struct.pack('<4sQHHIIQQQQ', b'PK\6\6', 44, 45, 45, 0, 0, n, n,
                        size, at))
    f.write(struct.pack('<4sIQI', b'PK\6\7', 0, at + size, 1))
    f.write(struct.pack('<4sHHHHIIH', b'PK\5\6', 0, 0, min(n, 65535),
                        min(n, 65535), size, at, 0))


@case
def zip_many(folder, n=20000):
    """N empty members."""
    listed, at = [], 0
    with open(os.path.join(folder, 'many.zip'), 'wb') as f:
        for i in range(n):
            head, line = member(b'd/%d.txt' % i, 0, 0, 0, at)
            f.write(head)
            listed.append(line)
            at += len(head)
        finish(f, listed, at)


def lzma2(n, form):
    """A tar whose member is N MiB of zeros, packed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w') as tar:
        info = tarfile.TarInfo('C/Windows/System32/config/SYSTEM')
        info.size = n << 20
        tar.addfile(info, io.BytesIO(bytes(n << 20)))
    raw = out.getvalue()
    return raw, lzma.compress(
        raw, form, -1 if form == lzma.FORMAT_RAW else lzma.CHECK_NONE,
        filters=[{'id': lzma.FILTER_LZMA2, 'dict_size': 1 << 16,
                  'preset': 0}])


@case
def gzip_twice(folder, n=4096):
    """A tar of one file of N times 16 MiB of zeros, in a gzip in a gzip."""
    info = tarfile.TarInfo('film.mkv')
    info.size = n << 24
    zeros = gzip.compress(bytes(1 << 24), 9)
    with gzip.open(os.path.join(folder, 'twice.tar.gz.gz'), 'wb', 6) as f:
        f.write(gzip.compress(info.tobuf(tarfile.GNU_FORMAT)))
        for _ in range(n):
            f.write(zeros)


@case
def xz_memory(folder, n=64):
    """N MiB, in an xz that claims a dictionary of 4 GiB."""
    xz = bytearray(lzma2(n, lzma.FORMAT_XZ)[1])
    xz[16] = 40
    struct.pack_into('<I', xz, 20, zlib.crc32(bytes(xz[12:20])))
    put(folder, 'memory.tar.xz', bytes(xz))


@case
def seven_memory(folder, n=64):
    """The same in a 7z."""
    raw, packed = lzma2(n, lzma.FORMAT_RAW)

    def number(v):
        return b'\xff' + struct.pack('<Q', v)

    name = 'C/Windows/System32/config/SYSTEM\0'.encode('utf-16-le')
    head = b'\1\4'
    head += b'\6' + number(0) + number(1)
    head += b'\x09' + number(len(packed)) + b'\0'
    head += b'\7\x0b' + number(1) + b'\0' + number(1) + b'\x21\x21\1\x28'
    head += b'\x0c' + number(len(raw)) + b'\0\x08\0\0'
    head += b'\5' + number(1) + b'\x11' + number(len(name) + 1) + b'\0'
    head += name + b'\0\0'
    start = struct.pack('<QQI', len(packed), len(head), zlib.crc32(head))
    put(folder, 'memory.7z', b'7z\xbc\xaf\x27\x1c\0\4' + struct.pack(
        '<I', zlib.crc32(start)) + start + packed + head)


@case
def zip_memory(folder, n=64):
    """The same in a zip, by LZMA."""
    raw = bytes(n << 20)
    packed = lzma.compress(raw, lzma.FORMAT_ALONE, preset=0)
    # Version, size of the properties, and those; the sizes are in the header.
    packed = b'\x09\x14\5\0' + packed[:1] + b'\xff' * 4 + packed[13:]
    head, line = member(b'C/Windows/System32/config/SYSTEM', len(packed),
                        len(raw), 14, 0, zlib.crc32(raw))
    with open(os.path.join(folder, 'memory.zip'), 'wb') as f:
        f.write(head + packed)
        finish(f, [line], len(head) + len(packed))


def cell(data):
    """Of a hive; its size has the sign of one that is in use."""
    size = (4 + len(data) + 7) & -8
    return struct.pack('<i', -size) + data.ljust(size - 4, b'\0')


def nk(name, subs, at):
    return struct.pack('<2sHQIIIIII', b'nk', 0x20, 0, 0, 0, subs, 0, at,
                       0xffffffff) + struct.pack(
        '<IIIIIIIIIHH', 0, 0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 0, 0,
        len(name), 0) + name


def zip_one(folder, out, name, data):
    """A zip of one file, as it is."""
    head, line = member(name, len(data), len(data), 0, 0, zlib.crc32(data))
    with open(os.path.join(folder, out), 'wb') as f:
        f.write(head + data)
        finish(f, [line], len(head) + len(data))


@case
def credhist(folder, n=100000, rounds=1):
    """N old passwords of one user."""
    sid = bytes.fromhex('0105000000000005150000000100000002000000'
                        '03000000e9030000')
    size = 0x44 + len(sid) + 48
    one = struct.pack('<I16sIIIIIIII16s', 1, b'1' * 16, size, 1, 0x800e,
                      rounds, len(sid), 0x6610, 20, 20, b'2' * 16)
    one += sid + bytes(48)
    end = struct.pack('<I16sI', 1, b'1' * 16, size)
    first = one[:0x14] + bytes(4) + one[0x18:]
    zip_one(folder, 'credhist.zip',
            b'C/Users/ann/AppData/Roaming/Microsoft/Protect/CREDHIST',
            first + one * (n - 1) + end)


@case
def credhist_rounds(folder, n=100):
    """The same, and each takes ten million rounds."""
    credhist(folder, n, 10000000)


@case
def hive_keys(folder, n=65000):
    """A hive whose root has N sub keys, all of them one of 256 KiB."""
    root = cell(nk(b'root', n, 0))
    first = 32 + len(root)
    big = cell(nk(b'k' * 60000, 0, 0xffffffff).ljust(1 << 18, b'\0'))
    root = cell(nk(b'root', n, first + len(big)))
    bins = root + big + cell(struct.pack('<2sH', b'li', n) +
                             struct.pack('<I', first) * n)
    size = (32 + len(bins) + 4095) & -4096
    bins = struct.pack('<4sIIQQI', b'hbin', 0, size, 0, 0, 0) + bins
    base = b'regf' + struct.pack('<IIQIIIIIII', 1, 1, 0, 1, 5, 0, 1, 32, size,
                                 1)
    base = base.ljust(508, b'\0')
    total = 0
    for (word,) in struct.iter_unpack('<I', base):
        total ^= word
    hive = (base + struct.pack('<I', total)).ljust(4096, b'\0')
    hive += bins.ljust(size, b'\0')
    zip_one(folder, 'hive.zip', b'C/Windows/System32/config/SOFTWARE', hive)


@case
def zip_bomb(folder, n=3000):
    """Members of N MiB of zeros, with the names of keys."""
    deflate = zlib.compressobj(9, 8, -15)
    raw = b''.join(deflate.compress(bytes(1 << 20)) for _ in range(n))
    raw += deflate.flush()
    listed, at = [], 0
    with open(os.path.join(folder, 'bomb.zip'), 'wb') as f:
        for i in range(4):
            head, line = member(b'C/Windows/System32/config/%d/SYSTEM' % i,
                                len(raw), n << 20, 8, at)
            f.write(head + raw)
            listed.append(line)
            at += len(head) + len(raw)
        finish(f, listed, at)


def main():
    if sys.argv[1:] == ['--list']:
        for name, function in cases.items():
            print('%-18s %s' % (name, ' '.join(function.__doc__.split())))
        return
    cases[sys.argv[1]](sys.argv[2], *map(int, sys.argv[3:]))


main()
