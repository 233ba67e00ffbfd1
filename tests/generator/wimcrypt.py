#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# wimcrypt.py WIM NAME... - mark files and folders of a WIM as encrypted, as
# Windows does: their unnamed stream is a raw export then
#
# No tool on Linux can capture one.  The WIM must have been written without
# compression (wimcapture --compress=none), with raw exports for what is named.
# Each NAME is the last part of a path.  The metadata resource is changed in
# place, and its SHA-1 in the table.
#
# Layouts: "Windows Imaging File Format (WIM)", Microsoft 2007, and wimlib's
# public header.  A folder named NAME gets the export in the file NAME.export
# beside it: that file's stream becomes its own.
import hashlib
import struct
import sys

ENCRYPTED = 0x4000
ENTRY = 50  # bytes of one entry of the table of resources


def resource(d, at):
    size, = struct.unpack_from('<Q', d, at)
    offset, original = struct.unpack_from('<QQ', d, at + 8)
    return size & (1 << 56) - 1, size >> 56, offset, original


def dentries(d, start, size):
    """Offsets of all entries: those of the root's folder, and so on down."""
    security, = struct.unpack_from('<I', d, start)
    todo = [start + (security + 7 & ~7)]
    while todo:
        at = todo.pop()
        while True:
            length, = struct.unpack_from('<Q', d, at)
            if length <= 8:
                break
            yield at
            subdir, = struct.unpack_from('<Q', d, at + 0x10)
            if subdir and struct.unpack_from('<I', d, at + 8)[0] & 0x10:
                todo.append(start + subdir)
            streams, = struct.unpack_from('<H', d, at + 0x60)
            at += length + 7 & ~7
            for _ in range(streams):
                n, = struct.unpack_from('<Q', d, at)
                at += n + 7 & ~7


def name_of(d, at):
    n, = struct.unpack_from('<H', d, at + 0x64)
    return d[at + 0x66:at + 0x66 + n].decode('utf-16le')


def patch(d, start, size, names):
    found = {}
    for at in dentries(d, start, size):
        found.setdefault(name_of(d, at), at)
    for name in names:
        at = found[name]
        attributes, = struct.unpack_from('<I', d, at + 8)
        struct.pack_into('<I', d, at + 8, attributes | ENCRYPTED)
        export = found.get(name + '.export')
        if export and attributes & 0x10:
            d[at + 0x40:at + 0x54] = d[export + 0x40:export + 0x54]


def main():
    path, names = sys.argv[1], sys.argv[2:]
    with open(path, 'rb') as f:
        d = bytearray(f.read())
    if d[:8] != b'MSWIM\0\0\0':
        sys.exit('wimcrypt: %s is no WIM' % path)
    size, _, table, _ = resource(d, 0x30)
    for at in range(table, table + size, ENTRY):
        n, flags, start, original = resource(d, at)
        if not flags & 2:
            continue
        if n != original:
            sys.exit('wimcrypt: the metadata is compressed')
        patch(d, start, n, names)
        d[at + 30:at + 50] = hashlib.sha1(d[start:start + n]).digest()
    with open(path, 'wb') as f:
        f.write(d)


main()
