#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# mkvss.py OUT AREA OLDEST... NOW - put volume shadow copies into an NTFS volume
#
# OUT.map says where shadow copies are: a line for each block that a store holds
# (copy, offset in the volume, place, bytes), and one for each block of
# administration (copy or 0, "-", place, bytes).
#
# OUT is NOW with one store for each image before it: shadow copy 1 shows
# OLDEST, and so on.  A store holds what the next image has overwritten, in
# blocks of 16 KiB, as Windows copies on write.  All images are of one size and
# zeros from AREA on, where the stores are put.  Layout: "Volume Shadow Snapshot
# (VSS) format", J. Metz; checked with vshadowinfo and vshadowmount.
import struct
import sys
import uuid

BLOCK = 0x4000
ID = uuid.UUID('3808876b-c176-4e48-b7ae-04046e6cc752').bytes_le
VOLUME, CATALOG, BLOCK_LIST, STORE, RANGES, BITMAP = range(1, 7)
FIRST_MADE = 132000000000000000  # FILETIME; one day from one to the next
DAY = 864000000000
CONTEXT, ATTRIBUTES = 0x0d, 0x0042000d  # client accessible, with writers


def guid(text):
    return uuid.uuid5(uuid.NAMESPACE_DNS, text).bytes_le


class Area:
    """Blocks that are handed out one after the other."""

    def __init__(self, at):
        self.first = self.at = at

    def take(self, blocks):
        at, self.at = self.at, self.at + blocks * BLOCK
        return at


def header(kind, base, at, following, info=0):
    return (ID + struct.pack('<IIQQQQ', 1, kind, at - base, at, following,
                             info)).ljust(128, b'\0')


def put(image, at, data):
    assert len(data) <= BLOCK
    image[at:at + len(data)] = data


def put_chain(image, kind, base, at, bodies):
    """Blocks of one kind, each of which names the next."""
    for i, body in enumerate(bodies):
        here = at + i * BLOCK
        following = here + BLOCK if i + 1 < len(bodies) else 0
        put(image, here, header(kind, base, here, following) + body)


def note(where, copy, at, place, blocks=1):
    where.append('%d\t%s\t%d\t%d\n' % (copy, at, place, blocks * BLOCK))


def changed(before, after):
    return [at for at in range(0, len(before) // BLOCK * BLOCK, BLOCK)
            if before[at:at + BLOCK] != after[at:at + BLOCK]]


def store_info(number):
    machine = 'testmachine'.encode('utf-16le')
    name = struct.pack('<H', len(machine)) + machine
    return (guid('unknown') + guid('copy %d' % number) +
            guid('set %d' % number) +
            struct.pack('<IIII', CONTEXT, 2, ATTRIBUTES, 0) + name + name)


def put_store(image, area, number, before, after, where):
    """One store; its two entries of the catalog."""
    diff = changed(before, after)
    per = (BLOCK - 128) // 32
    lists = max(1, -(-len(diff) // per))
    bitmaps = -(-(-(-len(before) // BLOCK // 8)) // (BLOCK - 128))
    base = area.take(1)
    first_list, ranges = area.take(lists), area.take(1)
    bitmap, data = area.take(bitmaps), area.take(len(diff))
    info = store_info(number)
    put(image, base, header(STORE, base, base, 0, len(info)) + info)
    rows = [struct.pack('<QQQII', at, data + i * BLOCK - base,
                        data + i * BLOCK, 0, 0) for i, at in enumerate(diff)]
    put_chain(image, BLOCK_LIST, base, first_list,
              [b''.join(rows[i * per:(i + 1) * per]) for i in range(lists)])
    put(image, ranges, header(RANGES, base, ranges, 0) +
        struct.pack('<QQQ', base, 0, area.at - base))
    put_chain(image, BITMAP, base, bitmap, [b''] * bitmaps)
    note(where, number, '-', base, lists + bitmaps + 2)
    for i, at in enumerate(diff):
        put(image, data + i * BLOCK, before[at:at + BLOCK])
        note(where, number, at, data + i * BLOCK)
    name = guid('store %d' % number)
    made = FIRST_MADE + (number - 1) * DAY
    size = len(before) // BLOCK * BLOCK
    print('s%d: %d blocks, store at %#x' % (number, len(diff), base))
    return [struct.pack('<QQ', 2, size) + name +
            struct.pack('<QQQ', number, 0x40, made),
            struct.pack('<QQ', 3, first_list) + name +
            struct.pack('<QQQQQQQ', base, ranges, bitmap, 0, area.at - base,
                        0, 0)]


def main():
    out, area = sys.argv[1], Area(int(sys.argv[2], 0))
    views = [open(name, 'rb').read() for name in sys.argv[3:]]
    image = bytearray(views[-1])
    assert len(views) > 1 and area.at % BLOCK == 0
    assert all(len(v) == len(image) for v in views), 'sizes differ'
    catalog = area.take(1)
    entries, where = [], []
    for i, (before, after) in enumerate(zip(views, views[1:])):
        entries += put_store(image, area, i + 1, before, after, where)
    # The last sector is a copy of the boot sector.
    assert area.at <= len(image) - BLOCK, 'the stores do not fit'
    assert not any(any(v[area.first:area.at]) for v in views), 'area in use'
    put(image, catalog, header(CATALOG, catalog, catalog, 0) +
        b''.join(e.ljust(128, b'\0') for e in entries))
    put(image, 0x1e00, (ID + struct.pack('<IIQQQQQ', 1, VOLUME, 0x1e00, 0x1e00,
                                         0, catalog, 0) +
                        guid('volume') + guid('volume')).ljust(512, b'\0'))
    note(where, 0, '-', catalog)
    where.append('0\t-\t%d\t512\n' % 0x1e00)
    with open(out, 'wb') as f:
        f.write(image)
    with open(out + '.map', 'w') as f:
        f.writelines(where)


main()
