# SPDX-License-Identifier: MIT
"""regf.py - a small writer of registry hives, and of their transaction logs

The format is that of msuhanov's "Windows registry file format specification".
"""
import struct

from dpapi import le32, utf16

NONE = 0xFFFFFFFF
REG_NONE, REG_SZ, REG_BINARY, REG_DWORD = 0, 1, 3, 4
WHEN = 133444736000000000

# O:SYG:SYD:(A;;KA;;;SY)
SYSTEM_SID = bytes.fromhex("010100000000000512000000")
SECURITY = le32(0x80040001, 48, 60, 0, 20) + bytes.fromhex(
    "02001c0001000000" "00001400" "3f000f00") + SYSTEM_SID * 3


class Key:
    def __init__(self, name, class_name=None):
        self.name, self.class_name = name, class_name
        self.keys, self.values = {}, []

    def key(self, path, class_name=None):
        """The key below this one; it is made where it is missing."""
        at = self
        for name in path.split("\\"):
            at = at.keys.setdefault(name.upper(), Key(name))
        at.class_name = class_name or at.class_name
        return at

    def value(self, name, kind, data):
        if isinstance(data, int):
            data = le32(data)
        elif isinstance(data, str):
            data = utf16(data + "\0")
        self.values.append((name, kind, data))
        return self


class Writer:
    def __init__(self, old):
        self.cells, self.old = bytearray(), old

    def cell(self, data):
        """Its offset, as hives count: from the first bin."""
        at = 32 + len(self.cells)
        size = len(data) + 4 + 7 & ~7
        self.cells += (struct.pack("<i", -size) + data).ljust(size, b"\0")
        return at

    def patch(self, at, data):
        self.cells[at + 4 - 32:at + 4 - 32 + len(data)] = data

    def vk(self, name, kind, data):
        raw = name.encode("ascii")
        if len(data) <= 4:
            size, at = 0x80000000 | len(data), data.ljust(4, b"\0")
        else:
            size, at = len(data), le32(self.cell(data))
        return self.cell(b"vk" + struct.pack("<HI", len(raw), size) + at +
                         struct.pack("<IHH", kind, 1 if raw else 0, 0) + raw)

    def list_of(self, keys, offsets):
        out = (b"lf" if self.old else b"lh") + struct.pack("<H", len(keys))
        for key, at in zip(keys, offsets):
            name = key.name.upper()
            if self.old:
                hint = key.name.encode()[:4].ljust(4, b"\0")
            else:
                h = 0
                for c in name:
                    h = h * 37 + ord(c) & 0xFFFFFFFF
                hint = le32(h)
            out += le32(at) + hint
        return self.cell(out)

    def nk(self, key, parent, sk, root=False):
        name = key.name.encode("ascii")
        at = self.cell(bytes(76 + len(name)))
        kids = [key.keys[k] for k in sorted(key.keys)]
        offsets = [self.nk(k, at, sk) for k in kids]
        lists = self.list_of(kids, offsets) if kids else NONE
        values = [self.vk(*v) for v in key.values]
        table = self.cell(le32(*values)) if values else NONE
        label = utf16(key.class_name) if key.class_name else b""
        class_at = self.cell(label) if label else NONE
        self.patch(at, b"nk" + struct.pack(
            "<HQ16I", 0x2C if root else 0x20, WHEN, 0, parent, len(kids), 0,
            lists, NONE, len(values), table, sk, class_at,
            max([2 * len(k.name) for k in kids], default=0),
            max([2 * len(k.class_name or "") for k in kids], default=0),
            max([2 * len(v[0]) for v in key.values], default=0),
            max([len(v[2]) for v in key.values], default=0), 0,
            len(name) | len(label) << 16) + name)
        return at


def checksum(block):
    x = 0
    for (v,) in struct.iter_unpack("<I", block[:508]):
        x ^= v
    return {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(x, x)


def base_block(name, root, size, sequence, kind=0, minor=5):
    out = bytearray(b"regf" + struct.pack(
        "<2IQ6II", *sequence, WHEN, 1, minor, kind, 1, root, size, 1))
    out += utf16(name)[:64].ljust(64, b"\0")
    out = out.ljust(4096, b"\0")
    out[508:512] = le32(checksum(out))
    return bytes(out)


def hive(root, name, old=False, sequence=(7, 7)):
    w = Writer(old)
    sk = w.cell(b"sk\0\0" + le32(0, 0, 1, len(SECURITY)) + SECURITY)
    w.patch(sk + 4, le32(sk, sk))
    top = w.nk(root, NONE, sk, True)
    used = 32 + len(w.cells)
    size = used + 8 + 4095 & ~4095
    w.cells += struct.pack("<i", size - used).ljust(size - used, b"\0")
    body = b"hbin" + struct.pack("<IIQQI", 0, size, 0, WHEN, 0) + w.cells
    return base_block(name, top, size, sequence, 0, 3 if old else 5) + body


# ------------------------------------------------------------ transaction logs

def marvin32(data, seed=0x82EF4D887A4E55C5):
    def rol(x, n):
        return (x << n | x >> (32 - n)) & 0xFFFFFFFF

    def mix(lo, hi, v):
        lo = lo + v & 0xFFFFFFFF
        hi ^= lo
        lo = (rol(lo, 20) + hi) & 0xFFFFFFFF
        hi = rol(hi, 9) ^ lo
        lo = (rol(lo, 27) + hi) & 0xFFFFFFFF
        return lo, rol(hi, 19)

    lo, hi = seed & 0xFFFFFFFF, seed >> 32
    whole = len(data) & ~3
    for (v,) in struct.iter_unpack("<I", data[:whole]):
        lo, hi = mix(lo, hi, v)
    lo, hi = mix(lo, hi, int.from_bytes(data[whole:] + b"\x80", "little"))
    lo, hi = mix(lo, hi, 0)
    return hi << 32 | lo


def log(before, after, sequence):
    """A log of Windows 8.1 and later that turns one hive into the other."""
    assert len(before) == len(after)
    pages = [at for at in range(4096, len(after), 4096)
             if before[at:at + 4096] != after[at:at + 4096]]
    refs = b"".join(le32(at - 4096, 4096) for at in pages)
    body = refs + b"".join(after[at:at + 4096] for at in pages)
    size = 40 + len(body) + 511 & ~511
    body = body.ljust(size - 40, b"\0")
    head = b"HvLE" + le32(size, 0, sequence, len(after) - 4096, len(pages)) + \
        struct.pack("<Q", marvin32(body))
    base = bytearray(after[:512])
    base[4:12] = le32(sequence, sequence)
    base[28:32] = le32(6)
    base[508:512] = le32(checksum(base))
    return bytes(base) + head + struct.pack("<Q", marvin32(head)) + body


def dirty(whole, sequence):
    """The primary file of a hive that was not closed."""
    out = bytearray(whole)
    out[4:12] = le32(sequence, sequence - 1)
    out[508:512] = le32(checksum(out))
    return bytes(out)


def old_log(before, after, sequence):
    """The same as Windows 2000 to 8 write it: a map of sectors, and these."""
    assert len(before) == len(after)
    sectors = range(4096, len(after), 512)
    dirty_at = [at for at in sectors
                if before[at:at + 512] != after[at:at + 512]]
    bits = bytearray(len(sectors) // 8)
    for at in dirty_at:
        i = (at - 4096) // 512
        bits[i // 8] |= 1 << i % 8
    base = bytearray(after[:512])
    base[4:12] = le32(sequence, sequence)
    base[28:32] = le32(1)
    base[508:512] = le32(checksum(base))
    head = bytes(base) + b"DIRT" + bits
    return head + bytes(-len(head) % 512) + b"".join(
        after[at:at + 512] for at in dirty_at)


def replayed(hive_bytes, *logs):
    """The bins of a hive after its logs, of either kind."""
    out = bytearray(hive_bytes[4096:])
    for raw in logs:
        if raw[512:516] == b"DIRT":
            size = struct.unpack_from("<I", raw, 40)[0]
            bits = raw[516:516 + size // 4096]
            at = 516 + len(bits) + 511 & ~511
            for i in range(len(bits) * 8):
                if bits[i // 8] >> i % 8 & 1:
                    out[i * 512:i * 512 + 512] = raw[at:at + 512]
                    at += 512
            continue
        at = 512
        while raw[at:at + 4] == b"HvLE":
            size, _, _, _, n = struct.unpack_from("<5I", raw, at + 4)
            page = at + 40 + 8 * n
            for i in range(n):
                to, length = struct.unpack_from("<2I", raw, at + 40 + 8 * i)
                out[to:to + length] = raw[page:page + length]
                page += length
            at += size
    return bytes(out)
