#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# make-credhist.py - a CREDHIST file whose one old password is "Admin456", that
# of adminMasterKeyFile.bin; the password in use is "Newer789".  It shares no
# line with the program: hashlib, hmac, and openssl(1) for MD4 and 3DES.
import hashlib
import hmac
import struct
import subprocess
import sys

SID = "S-1-5-21-1455520393-2019809541-4133251990-500"
ROUNDS = 4000


def openssl(args, data):
    return subprocess.run(["openssl"] + args, input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def utf16(text):
    return text.encode("utf-16-le")


def nt(text):
    return openssl(["dgst", "-md4", "-binary", "-provider", "legacy",
                    "-provider", "default"], utf16(text))


def derive(password, salt, n):
    """PBKDF2, but each round is fed the sum of all before it."""
    out = b""
    block = 1
    while len(out) < n:
        t = hmac.digest(password, salt + struct.pack(">I", block), "sha1")
        for _ in range(ROUNDS - 1):
            u = hmac.digest(password, t, "sha1")
            t = bytes(a ^ b for a, b in zip(t, u))
        out += t
        block += 1
    return out[:n]


def sid_bytes(text):
    parts = [int(p) for p in text.split("-")[2:]]
    return struct.pack("BB", 1, len(parts) - 1) + parts[0].to_bytes(6, "big") \
        + b"".join(struct.pack("<I", p) for p in parts[1:])


salt = bytes(range(16))
newer = hashlib.sha1(utf16("Newer789")).digest()
prekey = hmac.digest(newer, utf16(SID + "\0"), "sha1")
key = derive(prekey, salt, 32)
plain = hashlib.sha1(utf16("Admin456")).digest() + nt("Admin456") + bytes(4)
secret = openssl(["enc", "-des-ede3-cbc", "-nopad", "-K", key[:24].hex(),
                  "-iv", key[24:].hex()], plain)
sid = sid_bytes(SID)
entry = struct.pack("<I", 1) + bytes(range(0x10, 0x20)) + \
    struct.pack("<8I", 0, 1, 0x8009, ROUNDS, len(sid), 0x6603, 20, 20) + \
    salt + sid + secret
sys.stdout.buffer.write(entry + struct.pack("<I", 1) +
                        bytes(range(0x20, 0x30)) +
                        struct.pack("<I", len(entry)))
