#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py - the BitLocker volumes of this folder, by tests/generator/mkbitlocker.py

A second run changes nothing.
"""
import hashlib
import importlib.util
import lzma
import os
import struct
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
WRITER = os.path.join(HERE, "../../tests/generator/mkbitlocker.py")
spec = importlib.util.spec_from_file_location("mkbitlocker", WRITER)
mk = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mk)

PLAIN_SIZE = 24576
# Name, and what differs from the usual: passwords, recovery password, .BEK.
SAMPLES = [(m, ["--method", m]) for m in mk.METHODS] + [
    ("vista", ["--method", "cbc-256-diffuser", "--form", "vista"]),
    ("to-go", ["--method", "cbc-128", "--form", "to-go", "--header", "20480"]),
    ("4k", ["--method", "xts-256", "--sector", "4096"]),
    ("4k-diffuser", ["--method", "cbc-128-diffuser", "--sector", "4096"]),
    ("partial", ["--method", "cbc-256", "--encrypted", "0x3200", "--state", "5"]),
    ("on-write", ["--method", "xts-128", "--on-write", "--left", "0x3400-0x4000",
                  "--left", "0x4800-0x5c00"]),
    ("clear", ["--method", "xts-256", "--clear"]),
]


def plain():
    """A boot sector, text that knows its place, and 4 KiB of noise."""
    boot = bytearray(512)
    boot[:11] = b"\xeb\x52\x90NTFS    "
    struct.pack_into("<HB", boot, 11, 512, 8)
    struct.pack_into("<QQQ", boot, 40, PLAIN_SIZE // 512 - 1, 4, 2)
    boot[510:] = b"\x55\xaa"
    text = b"".join(b"%14x\r\n" % (512 + i) for i in range(0, PLAIN_SIZE - 512, 16))
    data = bytearray(boot + text)
    noise = hashlib.shake_256(b"noise").digest(4096)
    data[0x2800:0x3000] = noise[:2048]
    data[0x5000:0x5800] = noise[2048:]
    return bytes(data)


def pack(path, data):
    with open(path, "wb") as f:
        f.write(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def read(path):
    with open(path, "rb") as f:
        return f.read()


def sectors():
    """Single sectors far from the start, for the ciphers alone."""
    pattern = bytes((7 * i + i // 256) & 255 for i in range(512))
    for method, (_, size) in mk.METHODS.items():
        xts = method.startswith("xts")
        fvek = hashlib.shake_256(b"fvek").digest(2 * size if xts else size)
        tweak = hashlib.shake_256(b"tweak").digest(size) if "diff" in method else None
        for offset in (0, 512 * 0x123456789):
            yield "\t".join((method, str(offset), fvek.hex(), tweak.hex() if tweak else "-",
                             far(method, fvek, tweak, offset, pattern).hex()))


def far(method, fvek, tweak, offset, data):
    """One sector as if it lay at `offset`: an XTS or CBC run of its own."""
    class Here(mk.Sectors):
        def encrypt_one(self):
            buf = bytearray(data)
            if self.tweak:
                place = struct.pack("<Q", offset)
                key = self.tweak.block(place + bytes(8)) + \
                    self.tweak.block(place + bytes(7) + b"\x80")
                buf = bytearray(mk.diffuse(bytes(a ^ b for a, b in zip(buf, key * 16))))
            iv = struct.pack("<QQ", offset // 512, 0) if self.xts else \
                self.ecb.block(struct.pack("<QQ", offset, 0))
            self.bulk.sector(mk.ctypes.addressof(mk.ctypes.c_char.from_buffer(buf)), 512, iv)
            return bytes(buf)
    return Here(method, fvek, tweak, 512).encrypt_one()


def main():
    os.chdir(HERE)
    rows = ["# name\tmethod\tSHA-256 of the volume decrypted"]
    with tempfile.TemporaryDirectory() as tmp:
        given, out, shown = (os.path.join(tmp, n) for n in ("plain", "out", "shown"))
        with open(given, "wb") as f:
            f.write(plain())
        for name, options in SAMPLES:
            sys.argv = ["mkbitlocker.py", given, out, "--seed", "other" if name == "clear" else "efsleuth", "--shown", shown,
                        "--password-file", "passwords.txt",
                        "--recovery-file", "recovery.txt",
                        "--bek", "other.BEK" if name == "clear" else "USB.BEK", "--other", "0x100", "--other", "0x1000",
                        *options]
            mk.main()
            pack(name + ".img.xz", read(out))
            rows.append("%s\t%s\t%s" % (name, options[1],
                                        hashlib.sha256(read(shown)).hexdigest()))
            if name == "xts-256":
                volume = read(out)
                at, = struct.unpack_from("<Q", volume, 176)
                n = struct.unpack_from("<H", volume, at + 8)[0] * 16 + 8 + 0x50
                with open("header.bin", "wb") as f:
                    f.write(volume[:512])
                with open("metadata.bin", "wb") as f:
                    f.write(volume[at:at + n])
    with open("samples.tsv", "w", encoding="utf-8") as f:
        f.write("\n".join(rows) + "\n")
    with open("sectors.tsv", "w", encoding="utf-8") as f:
        f.write("\n".join(sectors()) + "\n")


if __name__ == "__main__":
    main()
