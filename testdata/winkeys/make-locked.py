#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# make-locked.py - a CNG key file around bcrypt-rsa1.bin and bcrypt-rsa2.bin,
# locked by the master key 00 01 .. 3f of GUID 00 01 .. 0f.  It shares no line
# with the program: hashlib, hmac, and openssl(1) for AES.
import hashlib
import hmac
import os
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MASTER = hashlib.sha1(bytes(range(64))).digest()
NAME = "te-EFS-locked-by-make"


def read(name):
    with open(os.path.join(HERE, name), "rb") as f:
        return f.read()


def part(data):
    return struct.pack("<I", len(data)) + data


def blob(plain, entropy, description):
    salt = hashlib.sha256(b"salt" + entropy).digest()
    hmac_salt = hashlib.sha256(b"hmac" + entropy).digest()
    key = hmac.digest(MASTER, salt + entropy, "sha512")[:32]
    data = subprocess.run(
        ["openssl", "enc", "-aes-256-cbc", "-K", key.hex(), "-iv",
         bytes(16).hex()], input=plain, check=True,
        stdout=subprocess.PIPE).stdout
    signed = struct.pack("<I", 1) + bytes(range(16)) + struct.pack("<I", 0) + \
        part(description.encode("utf-16-le") + b"\0\0") + \
        struct.pack("<II", 0x6610, 256) + part(salt) + part(b"") + \
        struct.pack("<II", 0x800e, 512) + part(hmac_salt) + part(data)
    sign = hmac.digest(MASTER, hmac_salt + entropy + signed, "sha512")
    return bytes.fromhex("01000000d08c9ddf0115d1118c7a00c04fc297eb") + \
        signed + part(sign)


def prop(kind, name, value):
    name = name.encode("utf-16-le")
    return struct.pack("<5I", 20 + len(name) + len(value), kind, 0, len(name),
                       len(value)) + name + value


public = prop(10, "", read("bcrypt-rsa1.bin"))
props = blob(prop(3, "", struct.pack("<I", 3)), b"6jnkd5J3ZdQDtrsu\0",
             "Private Key Properties")
private = blob(read("bcrypt-rsa2.bin"), b"xT5rZW5qVVbrvpuA\0", "Private Key")
name = NAME.encode("utf-16-le")
sys.stdout.buffer.write(
    struct.pack("<7I", 1, 0, len(name), 0x30001, len(public), len(props),
                len(private)) + bytes(16) + name + public + props + private)
