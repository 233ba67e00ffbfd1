#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mkbitlocker.py - encrypt a volume image as BitLocker does

	mkbitlocker.py PLAIN OUT --method xts-256 [options]

OUT holds PLAIN, and behind it (or at --metadata) what BitLocker keeps for
itself.  Shares no line with the program; written from J. Metz, "BitLocker Drive
Encryption (BDE) format", and N. Ferguson, "AES-CBC + Elephant diffuser"; dislocker,
cryptsetup and libbde read what it writes.  Keys and salts come from --seed, so
a second run writes the same.  libcrypto does AES; the diffuser is pure Python,
and takes a second for each MiB.
"""
import argparse
import ctypes
import ctypes.util
import hashlib
import struct
import sys
import uuid
import zlib

AREA = 65536
METHODS = {
    "cbc-128-diffuser": (0x8000, 16), "cbc-256-diffuser": (0x8001, 32),
    "cbc-128": (0x8002, 16), "cbc-256": (0x8003, 32),
    "xts-128": (0x8004, 16), "xts-256": (0x8005, 32),
}
GUID = uuid.UUID("4967d63b-2e29-4ad8-8399-f6a339e3d001")
GUID_ON_WRITE = uuid.UUID("92a84d3b-dd80-4d0e-9e4e-b1e3284eaed8")
MADE = 0x01DC000000000000  # FILETIME of everything

# ------------------------------------------------------------------ libcrypto

lib = ctypes.CDLL(ctypes.util.find_library("crypto") or "libcrypto.so.3")
for name in ("EVP_CIPHER_CTX_new", "EVP_CIPHER_fetch"):
    getattr(lib, name).restype = ctypes.c_void_p
P, S, I = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
lib.EVP_CIPHER_fetch.argtypes = [P, S, S]
lib.EVP_EncryptInit_ex2.argtypes = [P, P, S, S, P]
lib.EVP_EncryptUpdate.argtypes = [P, P, P, P, I]
lib.EVP_CIPHER_CTX_ctrl.argtypes = [P, I, I, P]
lib.EVP_CIPHER_CTX_set_padding.argtypes = [P, I]
lib.EVP_CIPHER_CTX_free.argtypes = [P]


class Cipher:
    def __init__(self, name, key):
        self.ctx = lib.EVP_CIPHER_CTX_new()
        self.cipher = lib.EVP_CIPHER_fetch(None, name.encode(), None)
        self.check(lib.EVP_EncryptInit_ex2(self.ctx, self.cipher, key,
                                           bytes(16), None))
        lib.EVP_CIPHER_CTX_set_padding(self.ctx, 0)
        self.n = ctypes.c_int()
        self.done = ctypes.byref(self.n)

    @staticmethod
    def check(good):
        if good != 1:
            raise RuntimeError("libcrypto")

    def sector(self, at, n, iv):
        """Encrypt n bytes at an address, in place."""
        self.check(lib.EVP_EncryptInit_ex2(self.ctx, None, None, iv, None))
        self.check(lib.EVP_EncryptUpdate(self.ctx, at, self.done, at, n))

    def block(self, data):
        out = ctypes.create_string_buffer(data, len(data))
        self.sector(ctypes.addressof(out), len(data), bytes(16))
        return out.raw


def ccm(key, nonce, data):
    ctx = lib.EVP_CIPHER_CTX_new()
    cipher = lib.EVP_CIPHER_fetch(None, b"AES-256-CCM", None)
    out, tag = ctypes.create_string_buffer(len(data)), ctypes.create_string_buffer(16)
    n = ctypes.c_int()
    Cipher.check(lib.EVP_EncryptInit_ex2(ctx, cipher, None, None, None))
    Cipher.check(lib.EVP_CIPHER_CTX_ctrl(ctx, 0x9, len(nonce), None))
    Cipher.check(lib.EVP_CIPHER_CTX_ctrl(ctx, 0x11, 16, None))
    Cipher.check(lib.EVP_EncryptInit_ex2(ctx, None, key, nonce, None))
    Cipher.check(lib.EVP_EncryptUpdate(ctx, out, ctypes.byref(n), data, len(data)))
    Cipher.check(lib.EVP_CIPHER_CTX_ctrl(ctx, 0x10, 16, tag))
    lib.EVP_CIPHER_CTX_free(ctx)
    return nonce + tag.raw + out.raw[:len(data)]

# -------------------------------------------------------------------- sectors


def rol(v, r):
    return ((v << r) | (v >> (32 - r))) & 0xffffffff


def diffuse(data):
    """Ferguson 5.2 and 5.3, encryption: A, then B, from the last word down."""
    n = len(data) // 4
    d = list(struct.unpack("<%dI" % n, data))
    for _ in range(5):
        for i in range(n - 1, -1, -1):
            d[i] = (d[i] - (d[i - 2] ^ rol(d[i - 5], (9, 0, 13, 0)[i % 4]))) & 0xffffffff
    for _ in range(3):
        for i in range(n - 1, -1, -1):
            d[i] = (d[i] - (d[(i + 2) % n] ^ rol(d[(i + 5) % n], (0, 10, 0, 25)[i % 4]))) & 0xffffffff
    return struct.pack("<%dI" % n, *d)


class Sectors:
    def __init__(self, method, fvek, tweak, size):
        self.size = size
        bits = 8 * METHODS[method][1]
        self.xts = method.startswith("xts")
        self.bulk = Cipher("AES-%d-%s" % (bits, "XTS" if self.xts else "CBC"), fvek)
        self.ecb = None if self.xts else Cipher("AES-%d-ECB" % bits, fvek)
        self.tweak = Cipher("AES-%d-ECB" % bits, tweak) if tweak else None

    def encrypt(self, volume, start, end):
        """Sectors of a bytearray, in place, for where they lie."""
        base = ctypes.addressof(ctypes.c_char.from_buffer(volume))
        for at in range(start, end, self.size):
            if self.tweak:
                self.mix(volume, at)
            if self.xts:
                iv = struct.pack("<QQ", at // self.size, 0)
            else:
                iv = self.ecb.block(struct.pack("<QQ", at, 0))
            self.bulk.sector(base + at, self.size, iv)

    def mix(self, volume, at):
        place = struct.pack("<Q", at)
        key = self.tweak.block(place + bytes(8)) + \
            self.tweak.block(place + bytes(7) + b"\x80")
        data = int.from_bytes(volume[at:at + self.size], "little") ^ \
            int.from_bytes(key * (self.size // 32), "little")
        volume[at:at + self.size] = diffuse(data.to_bytes(self.size, "little"))

# ------------------------------------------------------------------- metadata


class Maker:
    """Key material and nonces, all from one label."""

    def __init__(self, seed):
        self.seed, self.nonces = seed, 1

    def bytes(self, what, n):
        return hashlib.shake_256(("%s/%s" % (self.seed, what)).encode()).digest(n)

    def guid(self, what):
        return uuid.UUID(bytes=self.bytes("guid " + what, 16), version=4)

    def locked(self, entry_type, key, method, data):
        self.nonces += 1
        inner = entry(0, 1, struct.pack("<I", method) + data)
        return entry(entry_type, 5, ccm(key, struct.pack("<QI", MADE, self.nonces), inner))


def entry(entry_type, value, data, version=1):
    return struct.pack("<HHHH", 8 + len(data), entry_type, value, version) + data


def text(s):
    return (s + "\0").encode("utf-16-le")


def stretch(first, salt):
    last, tail = bytes(32), first + salt
    sha = hashlib.sha256
    for i in range(0x100000):
        last = sha(last + tail + i.to_bytes(8, "little")).digest()
    return last


def sha(data):
    return hashlib.sha256(data).digest()


def recovery_key(digits):
    groups = [int(g) for g in digits.split("-")]
    assert len(groups) == 8 and all(g % 11 == 0 and g // 11 < 65536 for g in groups)
    return struct.pack("<8H", *[g // 11 for g in groups])


def vmk_entry(guid, kind, parts):
    return entry(2, 8, guid.bytes_le + struct.pack("<QHH", MADE, 0, kind) + b"".join(parts))


def protectors(m, args, vmk):
    def stretched(name, kind, first, method, nested):
        salt = m.bytes("salt " + name, 16)
        key = stretch(first, salt)
        inner = b"".join(m.locked(t, vmk, 0x2007, key) for t in nested)
        return vmk_entry(m.guid(name), kind, [
            entry(0, 3, struct.pack("<I", method) + salt + inner),
            m.locked(0, key, 0x2003, vmk)])

    for i, line in enumerate(lines(args.password_file)):
        yield stretched("password %d" % i, 0x2000, sha(sha(line.encode("utf-16-le"))), 0x1001, [0])
    for i, line in enumerate(lines(args.recovery_file)):
        yield stretched("recovery %d" % i, 0x0800, sha(recovery_key(line)), 0x1000, [0x12, 0x13])
    if args.bek:
        key, guid = m.bytes("external key", 32), m.guid("external")
        yield vmk_entry(guid, 0x0200, [
            entry(0, 2, text("ExternalKey")),
            entry(0, 4, struct.pack("<I", 0x2002) + m.locked(0, vmk, 0x2007, key)),
            m.locked(0, key, 0x2003, vmk)])
        body = entry(6, 9, guid.bytes_le + struct.pack("<Q", MADE) +
                     entry(0, 2, text("ExternalKey")) +
                     entry(0, 1, struct.pack("<I", 0x2002) + key))
        with open(args.bek, "wb") as f:
            f.write(struct.pack("<IIII", 48 + len(body), 1, 48, 48 + len(body)) +
                    guid.bytes_le + struct.pack("<IIQ", 1, 0, MADE) + body)
    if args.clear:
        key = m.bytes("clear key", 32)
        yield vmk_entry(m.guid("clear"), 0, [
            entry(0, 1, struct.pack("<I", 0x2000) + key), m.locked(0, key, 0x2003, vmk)])
    for i in range(args.unknown):
        name = "unknown %d" % i
        yield vmk_entry(m.guid(name), 0x2000, [
            entry(0, 3, struct.pack("<I", 0x1001) + m.bytes("salt " + name, 16)),
            m.locked(0, m.bytes("key " + name, 32), 0x2003, vmk)])
    for kind in args.other:
        yield vmk_entry(m.guid("other %x" % kind), kind,
                        [entry(0, 6, m.bytes("sealed", 64)),
                         m.locked(0, m.bytes("sealed key", 32), 0x2003, vmk)])


def lines(path):
    if not path:
        return []
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\r\n") for line in f if line.strip()]


def metadata(m, args, vmk, fvek, layout):
    """One copy: block, entries, validation, to the end of its area."""
    method = METHODS[args.method][0]
    vista = args.form == "vista"
    entries = entry(7, 2, text(args.description)) + b"".join(protectors(m, args, vmk)) + \
        m.locked(3, vmk, method, fvek)
    if not vista:
        entries += entry(0xf, 0xf, struct.pack("<QQ", layout.header_at, layout.header_size))
    size = 48 + len(entries)
    dataset = struct.pack("<IIII", size, 1, 48, size) + m.guid("volume").bytes_le + \
        struct.pack("<IIQ", m.nonces + 2, method, MADE) + entries
    total = (64 + len(dataset) + 15) // 16 * 16
    head = struct.pack("<8sHHHHQIIQQQQ", b"-FVE-FS-", total if vista else total // 16,
                       1 if vista else 2, args.state, args.next_state,
                       layout.encrypted, 0, args.header // args.sector,
                       *layout.areas, layout.mirror if vista else layout.header_at)
    block = (head + dataset).ljust(total, b"\0")
    check = struct.pack("<HHI", layout.area - total, 1 if vista else 2, zlib.crc32(block))
    if not vista:
        check += m.locked(0, vmk, 0x2005, sha(block))
    return (block + check).ljust(layout.area, b"\0")

# --------------------------------------------------------------------- volume


class Layout:
    def __init__(self, args, plain):
        unit = 4096
        self.area = 16384 if args.form == "vista" else AREA
        self.mirror = struct.unpack_from("<Q", plain, 56)[0]
        self.header_size = 0 if args.form == "vista" else args.header
        if args.metadata:
            self.areas = [int(a, 0) for a in args.metadata.split(",")]
            self.header_at = self.areas[0] + self.area
            self.size = len(plain)
        else:
            end = (len(plain) + unit - 1) // unit * unit
            self.areas = [end + i * self.area for i in range(3)]
            self.header_at = end + 3 * self.area
            self.size = self.header_at + (self.header_size + unit - 1) // unit * unit
        self.encrypted = self.size if args.encrypted is None else args.encrypted

    def zeros(self):
        for a in self.areas:
            yield a, a + self.area
        yield self.header_at, self.header_at + self.header_size


def boot_sector(args, layout, plain):
    b = bytearray(512)
    guid = GUID_ON_WRITE if args.on_write else GUID
    if args.form == "vista":
        b[:] = plain[:512]
        b[:11] = b"\xeb\x52\x90-FVE-FS-"
        cluster = struct.unpack_from("<H", b, 11)[0] * b[13]
        struct.pack_into("<Q", b, 56, layout.areas[0] // cluster)
        return bytes(b)
    b[:11] = b"\xeb\x58\x90" + (b"MSWIN4.1" if args.form == "to-go" else b"-FVE-FS-")
    struct.pack_into("<HBH", b, 11, args.sector, 8, 0)
    b[21] = 0xf8
    at = 424 if args.form == "to-go" else 160
    struct.pack_into("<16s3Q", b, at, guid.bytes_le, *layout.areas)
    b[510:] = b"\x55\xaa"
    return bytes(b)


def build(args):
    with open(args.plain, "rb") as f:
        plain = f.read()
    m = Maker(args.seed)
    layout = Layout(args, plain)
    key = METHODS[args.method][1]
    vmk, fvek = m.bytes("vmk", 32), m.bytes("fvek", key)
    tweak, stored = None, fvek
    if args.method.startswith("xts"):
        stored = fvek = m.bytes("fvek", 2 * key)
    elif args.method.endswith("diffuser"):
        tweak = m.bytes("tweak", key)
        stored = fvek.ljust(32, b"\0") + tweak.ljust(32, b"\0")
    volume = bytearray(plain.ljust(layout.size, b"\0"))
    for a, b in layout.zeros():
        volume[a:b] = bytes(b - a)
    if args.shown:
        with open(args.shown, "wb") as f:
            f.write(volume)
    start = 8192 if args.form == "vista" else 0
    volume[layout.header_at:layout.header_at + layout.header_size] = plain[:layout.header_size]
    untouched = bytes(volume) if args.left else None
    Sectors(args.method, fvek, tweak, args.sector).encrypt(volume, start, layout.encrypted)
    for a, b in args.left:
        volume[a:b] = untouched[a:b]
    copy = metadata(m, args, vmk, stored, layout)
    for a in layout.areas:
        volume[a:a + layout.area] = copy
    volume[:512] = boot_sector(args, layout, plain)
    with open(args.out, "wb") as f:
        f.write(volume)


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    number = lambda s: int(s, 0)
    p.add_argument("plain")
    p.add_argument("out")
    p.add_argument("--method", choices=METHODS, required=True)
    p.add_argument("--form", choices=["seven", "vista", "to-go"], default="seven")
    p.add_argument("--sector", type=int, default=512)
    p.add_argument("--seed", default="efsleuth")
    p.add_argument("--description", default="EFSLEUTH C: 1/1/2025")
    p.add_argument("--password-file", help="a protector for each line")
    p.add_argument("--recovery-file", help="the same, of 48 digits with dashes")
    p.add_argument("--bek", help="write a startup key to this file")
    p.add_argument("--clear", action="store_true", help="suspended: the key is in it")
    p.add_argument("--other", type=number, action="append", default=[],
                   help="a protector of this type that nothing opens: 0x100 is TPM")
    p.add_argument("--unknown", type=number, default=0,
                   help="protectors of passwords that nobody knows")
    p.add_argument("--metadata", help="three places in PLAIN that it loses; the header "
                   "is moved behind the first")
    p.add_argument("--header", type=number, default=8192, help="bytes that are moved")
    p.add_argument("--encrypted", type=number, help="bytes from the start; the rest is plain")
    p.add_argument("--state", type=number, default=4)
    p.add_argument("--next-state", type=number, default=4)
    p.add_argument("--on-write", action="store_true")
    p.add_argument("--left", action="append", default=[], metavar="FROM-TO",
                   type=lambda s: [int(x, 0) for x in s.split("-")],
                   help="bytes of the volume that are not encrypted yet")
    p.add_argument("--shown", help="write what a reader must see to this file")
    build(p.parse_args())


if __name__ == "__main__":
    sys.exit(main())
