#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py - the made-up files of this folder and their seeds for the fuzzers

Run it here.  The numbers are those that openssl(1) prints of ../keys.
"""
import os
import re
import struct
import subprocess

KEYS = "../keys"
FUZZ = "../fuzz"


def le32(*values):
    return struct.pack("<%dI" % len(values), *values)


def utf16(text):
    return text.encode("utf-16-le")


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True,
                          capture_output=True, text=True).stdout


def numbers(text):
    """The numbers of `openssl ... -text`, each by its label."""
    found = {}
    for label, body in re.findall(r"^([a-zA-Z0-9]+):\s*\n((?: +[0-9a-f:]+\n)+)",
                                  text, re.M):
        found[label] = int(re.sub(r"[\s:]", "", body), 16)
    return found


def rsa(key):
    text = openssl("rsa", "-in", f"{KEYS}/{key}.key", "-noout", "-text")
    found = numbers(text)
    found["e"] = int(re.search(r"publicExponent: (\d+)", text)[1])
    found["bits"] = int(re.search(r"Private-Key: \((\d+) bit", text)[1])
    return found


PARTS = ("prime1", "prime2", "exponent1", "exponent2", "coefficient")


def wincrypt(k, private):
    whole, half = k["bits"] // 8, k["bits"] // 16
    out = bytes([7 if private else 6, 2, 0, 0]) + le32(0xA400)
    out += b"RSA2" if private else b"RSA1"
    out += le32(k["bits"], k["e"]) + k["modulus"].to_bytes(whole, "little")
    if private:
        for part in PARTS:
            out += k[part].to_bytes(half, "little")
        out += k["privateExponent"].to_bytes(whole, "little")
    return out


def capi(k, private):
    whole = k["bits"] // 8
    room = whole + 8
    out = b"RSA2" if private else b"RSA1"
    out += le32(room, k["bits"], whole - 1, k["e"])
    out += k["modulus"].to_bytes(room, "little")
    if private:
        for part in PARTS:
            out += k[part].to_bytes(room // 2, "little")
        out += k["privateExponent"].to_bytes(room, "little")
    return out


def bcrypt_rsa(k, form):
    whole, half = k["bits"] // 8, k["bits"] // 16
    primes = half if form > 1 else 0
    out = b"RSA%d" % form + le32(k["bits"], 3, whole, primes, primes)
    out += k["e"].to_bytes(3, "big") + k["modulus"].to_bytes(whole, "big")
    if form > 1:
        for part in PARTS[:2]:
            out += k[part].to_bytes(half, "big")
    if form > 2:
        for part in PARTS[2:]:
            out += k[part].to_bytes(half, "big")
        out += k["privateExponent"].to_bytes(whole, "big")
    return out


def bcrypt_ecc(magic, length, count):
    return magic + le32(length) + bytes(range(1, length + 1)) * count


def dpapi():
    """A blob whose every part is empty."""
    return bytes.fromhex("01000000d08c9ddf0115d1118c7a00c04fc297eb01000000") + \
        bytes(range(16)) + le32(0, 0, 0x6610, 256, 0, 0, 0x800E, 512, 0, 0, 0)


def capi_file(name, signature=(b"", b"", b""), exchange=(b"", b"", b"")):
    si, ex = [len(p) for p in signature], [len(p) for p in exchange]
    return le32(2, 0, len(name) + 1, si[0], si[1], ex[0], ex[1], 20, si[2],
                ex[2]) + name + bytes(21) + b"".join(signature + exchange)


def cng_property(kind, name, value):
    name = utf16(name)
    return le32(20 + len(name) + len(value), kind, 0, len(name),
                len(value)) + name + value


def cng_file(name, kind, properties):
    name = utf16(name)
    properties = b"".join(properties)
    return le32(1, 0, len(name), kind, len(properties), len(dpapi()),
                len(dpapi())) + bytes(16) + name + properties + dpapi() * 2


def cert(*properties):
    return b"".join(le32(kind, 1, len(value)) + value
                    for kind, value in properties)


def key_info(container, provider, kind, spec, flags=0):
    names = [utf16(s + "\0") for s in (container, provider)]
    return le32(28, 28 + len(names[0]), kind, flags, 0, 0, spec) + \
        b"".join(names)


def sid(*parts):
    return bytes([1, len(parts), 0, 0, 0, 0, 0, 5]) + le32(*parts)


def policy(*agents):
    out = bytes([1, 0, 1, 0]) + le32(len(agents))
    for owner, der in agents:
        length = 28 + len(owner) + len(der)
        out += le32(length + 4, length, 28 if owner else 0, 2, len(der),
                    28 + len(owner), 0, 0) + owner + der
    return out


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def main():
    k, small = rsa("rsa2048"), rsa("rsa512")
    ann = read(f"{KEYS}/ann.der")
    owner = sid(21, 1, 2, 3, 500)
    filetime = struct.pack("<Q", 133444736000000000)
    files = {
        "capi-public": capi(k, False), "capi-private": capi(k, True),
        "bcrypt-rsa1": bcrypt_rsa(k, 1), "bcrypt-rsa2": bcrypt_rsa(k, 2),
        "bcrypt-rsa3": bcrypt_rsa(k, 3),
        "policy": policy((owner, read(f"{KEYS}/agent.der")),
                         (b"", read(f"{KEYS}/agent2.der"))),
        "store": cert((2, key_info("ann's key", "a provider", 1, 1, 0x20)),
                      (11, utf16("Ann\0")), (32, ann)),
        "store-keys": cert((2, key_info("only a key", "a provider", 0, 0))),
        "capi-both": capi_file(b"both",
                               (capi(small, False), dpapi(), dpapi()),
                               (capi(k, False), dpapi(), b"")),
        "cng-ecdh": cng_file("an ECDH key", 0x30099, [
            cng_property(0, "Modified", filetime),
            cng_property(10, "", bcrypt_ecc(b"ECK1", 32, 2)),
            cng_property(99, "", b"unknown")]),
    }
    for name, data in files.items():
        write(f"{name}.bin", data)

    seeds = {
        "key_blob": {
            "wincrypt-public": wincrypt(small, False),
            "wincrypt-private": wincrypt(small, True),
            "capi-public": capi(small, False),
            "capi-private": capi(small, True),
            "bcrypt-rsa1": bcrypt_rsa(small, 1),
            "bcrypt-rsa2": bcrypt_rsa(small, 2),
            "bcrypt-rsa3": bcrypt_rsa(small, 3),
            "bcrypt-p256": bcrypt_ecc(b"ECK2", 32, 3),
            "bcrypt-p521": bcrypt_ecc(b"ECS5", 66, 2),
            "bcrypt-generic": bcrypt_ecc(b"ECKV", 1, 3)},
        "capi_key": {
            "none": capi_file(b""), "name": capi_file(b"a name"),
            "exchange": capi_file(b"x", exchange=(
                capi(small, False), dpapi(), dpapi())),
            "both": capi_file(b"x", (b"p", b"q", b"r"), (b"s", b"t", b"u"))},
        "cng_key": {
            "empty": cng_file("", 0, []),
            "ecdh": files["cng-ecdh"],
            "rsa": cng_file("rsa", 0x30001, [
                cng_property(10, "", bcrypt_rsa(small, 1))]),
            "named": cng_file("n", 0x10002, [
                cng_property(0, "a", b"b"), cng_property(0, "", b"")])},
        "cert_store": {
            "key": files["store-keys"],
            "one": cert((32, b"certificate")),
            "several": cert((69, b"\0"), (3, bytes(20)), (20, bytes(20)),
                            (2, key_info("a", "b", 1, 2)),
                            (11, utf16("name\0")), (32, b"certificate")),
            "nothing": cert((2, b""), (11, b""))},
        "efs_policy": {
            "none": policy(), "one": policy((owner, b"certificate")),
            "two": policy((owner, b"certificate"), (b"", b"another"))},
    }
    for target, inputs in seeds.items():
        for name, data in inputs.items():
            write(f"{FUZZ}/{target}/{name}", data)


main()
