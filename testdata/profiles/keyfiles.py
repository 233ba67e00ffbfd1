# SPDX-License-Identifier: MIT
"""keyfiles.py - private key files, stored certificates, PVK, recovery policy"""
import hashlib
import struct

from cryptography.hazmat.primitives import serialization

import dpapi
from dpapi import le32, utf16

PARTS = ("p", "q", "dp", "dq", "qi")
CSP = "Microsoft Enhanced Cryptographic Provider v1.0"
KSP = "Microsoft Software Key Storage Provider"


def numbers(key):
    """Of a private key of the cryptography package."""
    k = key.private_numbers()
    return {"bits": key.key_size, "e": k.public_numbers.e,
            "n": k.public_numbers.n, "d": k.d, "p": k.p, "q": k.q,
            "dp": k.dmp1, "dq": k.dmq1, "qi": k.iqmp}


def pem(data):
    return numbers(serialization.load_pem_private_key(data, None))


# ------------------------------------------------------------------- CryptoAPI

def capi_blob(k, private):
    """As in a key file: each number has a pad."""
    size = k["bits"] // 8 + 8
    out = (b"RSA2" if private else b"RSA1") + le32(
        size, k["bits"], k["bits"] // 8 - 1, k["e"])
    out += k["n"].to_bytes(size, "little")
    if private:
        for part in PARTS:
            out += k[part].to_bytes(size // 2, "little")
        out += k["d"].to_bytes(size, "little")
        out = out.ljust(1348 * k["bits"] // 2048, b"\0")
    return out


def capi_numbers(data):
    size, bits, _, e = struct.unpack_from("<4I", data, 4)
    out, at = {"bits": bits, "e": e}, 20
    for part, n in (("n", size), *((p, size // 2) for p in PARTS), ("d", size)):
        out[part] = int.from_bytes(data[at:at + n], "little")
        at += n
    return out


def private_key_blob(k):
    """PRIVATEKEYBLOB: numbers without pads."""
    whole, half = k["bits"] // 8, k["bits"] // 16
    out = bytes([7, 2, 0, 0]) + le32(0xA400) + b"RSA2" + le32(k["bits"], k["e"])
    out += k["n"].to_bytes(whole, "little")
    for part in PARTS:
        out += k[part].to_bytes(half, "little")
    return out + k["d"].to_bytes(whole, "little")


def private_key_blob_numbers(data):
    bits, e = struct.unpack_from("<2I", data, 12)
    out, at = {"bits": bits, "e": e}, 20
    whole, half = bits // 8, bits // 16
    for part, n in (("n", whole), *((p, half) for p in PARTS), ("d", whole)):
        out[part] = int.from_bytes(data[at:at + n], "little")
        at += n
    return out


def pvk(k):
    body = private_key_blob(k)
    return le32(0xB0B5F11E, 0, 1, 0, 0, len(body)) + body


def capi_file(k, container, master, style=dpapi.WINDOWS_10):
    """`master` is (GUID, master key)."""
    name = container.encode() + b"\0"
    public = capi_blob(k, False)
    private = dpapi.blob(capi_blob(k, True), *master, "CryptoAPI Private Key",
                         style=style, label=container)
    flag = dpapi.blob(le32(1), *master, "Export Flag", dpapi.ENTROPY_FLAG,
                      style=style, label=container + " flag")
    return le32(2, 0, len(name), 0, 0, len(public), len(private), 20, 0,
                len(flag)) + name + bytes(20) + public + private + flag


def capi_parts(data):
    n = struct.unpack_from("<10I", data)
    at, out = 40, []
    for size in (n[2], n[7], n[3], n[4], n[8], n[5], n[6], n[9]):
        out.append(data[at:at + size])
        at += size
    return dict(zip(("name", "hash", "si_public", "si_private", "si_flag",
                     "public", "private", "flag"), out))


# ------------------------------------------------------------------------- CNG

def cng_property(kind, name, value):
    name = utf16(name)
    return le32(20 + len(name) + len(value), kind, 0, len(name),
                len(value)) + name + value


def bcrypt_rsa(k, form):
    whole, half = k["bits"] // 8, k["bits"] // 16
    e = k["e"].to_bytes(3, "big")
    primes = half if form > 1 else 0
    out = b"RSA%d" % form + le32(k["bits"], len(e), whole, primes, primes)
    out += e + k["n"].to_bytes(whole, "big")
    if form > 1:
        out += k["p"].to_bytes(half, "big") + k["q"].to_bytes(half, "big")
    if form > 2:
        for part in PARTS[2:]:
            out += k[part].to_bytes(half, "big")
        out += k["d"].to_bytes(whole, "big")
    return out


def cng_file(k, container, master, form=2, style=dpapi.WINDOWS_10):
    name = utf16(container)
    public = cng_property(0, "Modified", struct.pack(
        "<Q", 133444736000000000)) + cng_property(10, "", bcrypt_rsa(k, 1))
    properties = dpapi.blob(
        cng_property(3, "Export Policy", le32(3)), *master,
        "Private Key Properties", dpapi.ENTROPY_CNG_PROPERTIES, style=style,
        label=container + " properties")
    private = dpapi.blob(bcrypt_rsa(k, form), *master, "Private Key",
                         dpapi.ENTROPY_CNG_KEY, style=style, label=container)
    return le32(1, 0, len(name), 0x30001, len(public), len(properties),
                len(private)) + bytes(16) + name + public + properties + private


def cng_parts(data):
    n = struct.unpack_from("<7I", data)
    at, out = 44, []
    for size in (n[2], n[4], n[5], n[6]):
        out.append(data[at:at + size])
        at += size
    return dict(zip(("name", "public", "properties", "private"), out))


# ---------------------------------------------------------------- certificates

def stored(der, container=None, provider=CSP, machine=False):
    """A certificate of a store, with the place of its key."""
    out = b""
    if container:
        cng = provider == KSP
        names = [utf16(s + "\0") for s in (container, provider)]
        info = le32(28, 28 + len(names[0]), 0 if cng else 1,
                    0x20 if machine else 0, 0, 0, 0 if cng else 1)
        out += entry(2, info + b"".join(names))
    digests = hashlib.sha1(der).digest(), hashlib.md5(der).digest()
    return out + entry(3, digests[0]) + entry(4, digests[1]) + entry(32, der)


def entry(kind, value):
    return le32(kind, 1, len(value)) + value


def stored_parts(data):
    out, at = {}, 0
    while at < len(data):
        kind, one, n = struct.unpack_from("<3I", data, at)
        assert one == 1
        out[kind] = data[at + 12:at + 12 + n]
        at += 12 + n
    return out


def thumbprint(der):
    return hashlib.sha1(der).hexdigest()


def policy(*agents):
    """The value EfsBlob: (SID, DER) of each agent."""
    out = bytes([1, 0, 1, 0]) + le32(len(agents))
    for sid, der in agents:
        owner = dpapi.sid_binary(sid)
        length = 28 + len(owner) + len(der)
        out += le32(length + 4, length, 28, 2, len(der), 28 + len(owner), 0,
                    0) + owner + der
    return out
