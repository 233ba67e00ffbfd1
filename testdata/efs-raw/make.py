#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py - raw EFS exports ([MS-EFSR] 2.2.3), written from the text

Needs the `cryptography` module.  Run it in this folder.  The $EFS value and the
file key are those of ../efs-win10-aes256, so that its PFX opens all of these.
"""
import struct
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

REAL = "../efs-win10-aes256/"
efs = open(REAL + "efs-attribute.bin", "rb").read()
key = open(REAL + "fek-structure.bin", "rb").read()[16:]
cluster = open(REAL + "ciphertext-cluster.bin", "rb").read()

HEADER = bytes([0, 1, 0, 0]) + "ROBS".encode("utf-16-le") + bytes(8)


def plain(n, salt):
    """What the tests expect: a byte from its place in its stream."""
    return bytes((i ^ i >> 8 ^ salt) & 255 for i in range(n))


def encrypt(text, offset):
    out = b""
    for i in range(0, len(text), 512):
        at = offset + i
        iv = struct.pack("<QQ", 0x5816657be9161312 + at & 2**64 - 1,
                         0x1989adbe44918961 + at & 2**64 - 1)
        e = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        out += e.update(text[i:i + 512])
    return out


def stream(name, flag=0):
    head = struct.pack("<I8sIQI", 28 + len(name), "NTFS".encode("utf-16-le"),
                       flag, 0, len(name))
    return head + name


def text(name, nul=False):
    return (name + ("\0" if nul else "")).encode("utf-16-le")


def segment(data):
    return struct.pack("<I8sI", 16 + len(data), "GURE".encode("utf-16-le"),
                       0) + data


def encrypted(start, size, vdl, shift, blocks, data, ext=0, pad=True,
              cluster=12):
    """`data` is the stored bytes of all blocks, one after the other."""
    head = struct.pack("<%dI" % len(blocks), *blocks)
    if ext is not None:
        head += b"EXTD" + struct.pack("<III", 16, ext, 0)
    n = 28 + len(head)
    if pad:
        head += bytes(-(16 + n) % 512)
        n = 28 + len(head)
    return segment(struct.pack("<QIIIHBBBBH", start, n, size, vdl, 0, shift,
                               shift, cluster, 1, len(blocks)) + head + data)


METADATA = stream(bytes([0x10, 0x19])) + segment(efs)

# As Windows 10 or 11 wrote one, with the real bytes of another file.
windows = HEADER + METADATA + stream(text("::$DATA")) + \
    encrypted(0, 621, 621, 10, [1024], cluster[:1024])

directory = HEADER + METADATA


def many():
    """Everything at once; what is in it is in the README."""
    K = 1024
    a = plain(40 * K, 0)
    out = HEADER + METADATA
    out += stream(text("::$DATA", True))
    # Third first: 37500 bytes in all, 33750 of them valid; units of 4 KiB.
    third = encrypt(a[32 * K:33 * K], 32 * K)
    out += encrypted(32 * K, 37500 - 32 * K, 33750 - 32 * K, 12,
                     [1024, 0], third, 1)
    # Second: units of 8 KiB; data, a hole.
    out += encrypted(16 * K, 16 * K, 16 * K, 13, [8192, 0],
                     encrypt(a[16 * K:24 * K], 16 * K), 1)
    # First: units of 512 and no extension; 7 of data, 13 of nothing, 12.
    out += encrypted(0, 16 * K, 16 * K, 9, [512] * 7 + [0] * 13 + [512] * 12,
                     encrypt(a[:3584], 0) + encrypt(a[10 * K:16 * K], 10 * K),
                     None, False)
    b = plain(1536, 1)
    out += stream(text(":second:$DATA", True))
    out += encrypted(0, 1100, 1100, 9, [512, 512, 512], encrypt(b, 0))
    out += stream(text(":Zone.Identifier:$DATA"), 1)
    out += segment(b"[ZoneTransfer]\r\n") + segment(b"ZoneId=3\r\n")
    out += stream(text(":empty:$DATA"))
    out += stream(text(":empty with segment:$DATA")) + segment(b"")
    out += stream(text(":empty with header:$DATA"))
    out += encrypted(0, 0, 0, 10, [], b"")
    # A block of 3,000 bytes is cut by a tool; so is the last unit.
    out += stream(text(":cut:$DATA"))
    out += encrypted(0, 3000, 3000, 12, [3000],
                     encrypt(plain(3072, 2), 0)[:3000])
    # More than a unit: two that are followed by a hole and one more.
    out += stream(text(":over:$DATA"))
    out += encrypted(0, 4000, 4000, 10, [2048, 0, 1024],
                     encrypt(plain(2048, 3), 0) +
                     encrypt(plain(4096, 3)[3072:], 3072))
    return out


for name, data in (("windows", windows), ("directory", directory),
                   ("many", many()),
                   ("trailer", windows + open(REAL + "user.pfx", "rb").read())):
    open(name + ".raw", "wb").write(data)
