#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py - an EFSn.LOG with the layout of the real one that is public

That one is of a GPL-3 collection and stays in the corpus; the fields are its,
the paths are not.
"""
import struct


def seal(b):
    return b + struct.pack("<I", sum(struct.unpack("<%dI" % (len(b) // 4), b))
                           & 0xffffffff)


target = (r"C:\Users\ann\Grüße.txt" + "\0").encode("utf-16-le")
temporary = (r"C:\Users\ann\EFS0.TMP" + "\0").encode("utf-16-le")
head = "GUJR".encode("utf-16-le") + struct.pack(
    "<11I12x4Q", 100, 512, 0x60 + len(target) + len(temporary), 1024, 0, 0x60,
    len(target), 0x60 + len(target), len(temporary), 0x400, 0x600, 8,
    0x0003000000000029, 8, 0x000100000000002a)
head += target + temporary
head += bytes(1020 - len(head))


def state(n):
    return seal(struct.pack("<II", 8, n) + bytes(500))


open("EFS0.LOG", "wb").write(seal(head) + state(10) + state(10))
open("EFS0-torn.LOG", "wb").write(seal(head) + state(10)[:508] + b"\xff" * 4 +
                                  state(7))
