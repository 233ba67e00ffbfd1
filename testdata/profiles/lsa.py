# SPDX-License-Identifier: MIT
"""lsa.py - boot key, LSA secrets and SAM, read and written"""
import hashlib
import struct
import uuid

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import dpapi
from dpapi import ARC4, TripleDES, guid_le, le32, noise, utf16
from regf import REG_BINARY, REG_DWORD, REG_NONE, REG_SZ, Key

PERMUTED = (8, 5, 4, 2, 11, 9, 13, 3, 0, 6, 1, 12, 14, 10, 15, 7)
CLASSES = ("JD", "Skew1", "GBG", "Data")


def boot_key(classes):
    raw = bytes.fromhex("".join(classes))
    return bytes(raw[i] for i in PERMUTED)


def boot_classes(key):
    raw = bytearray(16)
    for to, at in enumerate(PERMUTED):
        raw[at] = key[to]
    return [raw[i:i + 4].hex() for i in range(0, 16, 4)]


def startup_key(password):
    return hashlib.md5(utf16(password)).digest()


def rc4(key, data):
    return Cipher(ARC4(key), None).encryptor().update(data)


def aes(key, mode, data, encrypt):
    c = Cipher(algorithms.AES(key), mode)
    c = c.encryptor() if encrypt else c.decryptor()
    return c.update(data) + c.finalize()


def spread(k):
    """Seven bytes to a DES key of eight."""
    bits = int.from_bytes(k, "big")
    return bytes((bits >> (49 - 7 * i) & 0x7F) << 1 for i in range(8))


def des(key7, block, encrypt):
    c = Cipher(TripleDES(spread(key7) * 3), modes.ECB())
    c = c.encryptor() if encrypt else c.decryptor()
    return c.update(block)


# ----------------------------------------------------------------- LSA, Vista+

def record_key(key, salt):
    return hashlib.sha256(key + salt * 1000).digest()


def record(key, key_guid, data, label):
    plain = le32(len(data)) + bytes(12) + data
    plain += bytes(-len(plain) % 16)
    salt = noise(label + " lsa", 32)
    return bytes([0, 0, 0, 1]) + guid_le(key_guid) + le32(3, 0) + salt + aes(
        record_key(key, salt), modes.ECB(), plain, True)


def record_open(key, data):
    enc = data[60:]
    enc += bytes(-len(enc) % 16)
    plain = aes(record_key(key, data[28:60]), modes.ECB(), enc, False)
    return plain[16:16 + struct.unpack_from("<I", plain)[0]]


def key_list(boot, guid, key, label):
    data = le32(1) + guid_le(guid) + le32(0, 1) + guid_le(guid) + le32(
        3, len(key)) + key
    return record(boot, make_list_guid(label), data, label + " list")


def make_list_guid(label):
    return dpapi.make_guid(label + " list")


def key_list_open(boot, data):
    plain = record_open(boot, data)
    n = struct.unpack_from("<I", plain, 24)[0]
    keys, at = {}, 28
    for _ in range(n):
        size = struct.unpack_from("<I", plain, at + 20)[0]
        keys[uuid.UUID(bytes_le=plain[at:at + 16])] = \
            plain[at + 24:at + 24 + size]
        at += 24 + size
    return keys


# --------------------------------------------------------------------- LSA, XP

# What stands before the key in the values of both real machines that
# dissect.target tests with.
XP_HEAD = bytes.fromhex("803acef05f15d311b7e600805f48caeb")


def xp_key_blob(boot, key, label):
    salt = noise(label + " xp", 16)
    plain = XP_HEAD + key + noise(label + " xp end", 16)
    k = hashlib.md5(boot + salt * 1000).digest()
    return le32(1, 1, 0) + rc4(k, plain) + salt


def xp_key_open(boot, data):
    k = hashlib.md5(boot + data[60:76] * 1000).digest()
    return rc4(k, data[12:60])[16:32]


def sliding(key, data, encrypt):
    out, j = b"", 0
    for at in range(0, len(data), 8):
        out += des(key[j:j + 7], data[at:at + 8], encrypt)
        j += 7
        if len(key[j:j + 7]) < 7:
            j = len(key[j:j + 7])
    return out


def xp_secret(key, data):
    plain = le32(len(data), 1) + data
    plain += bytes(-len(plain) % 8)
    enc = sliding(key, plain, True)
    return le32(len(enc)) + struct.pack("<HHI", len(enc), 0x2000, 0xCB9AC) + enc


def xp_secret_open(key, data):
    n = struct.unpack_from("<I", data)[0]
    plain = sliding(key, data[-n:], False)
    return plain[8:8 + struct.unpack_from("<I", plain)[0]]


# ------------------------------------------------------------------------- SAM

def rid_keys(rid):
    r = struct.pack("<I", rid)
    return r + r[:3], r[3:] + r + r[:2]


def hash_crypt(rid, data, encrypt):
    a, b = rid_keys(rid)
    return des(a, data[:8], encrypt) + des(b, data[8:], encrypt)


def sam_f(boot, label):
    """(F of the account domain, SAM key): revision 2, AES."""
    key, salt = noise(label + " sam", 16), noise(label + " sam salt", 16)
    enc = aes(boot, modes.CBC(salt), key + bytes([16] * 16), True)
    check = aes(boot, modes.CBC(salt),
                hashlib.sha256(key).digest() + bytes([16] * 16), True)
    head = struct.pack("<HHI", 3, 1, 0).ljust(0x68, b"\0")
    return (head + le32(2, 0x20 + len(enc) + len(check), len(check), len(enc)) +
            salt + enc + check).ljust(0xF0, b"\0"), key


def sam_key_open(boot, f):
    assert f[0x68] == 2
    return aes(boot, modes.CBC(f[0x78:0x88]), f[0x88:0xA8], False)[:16]


def sam_v(rid, name, nt, key, label):
    salt = noise(label + " nt", 16)
    enc = aes(key, modes.CBC(salt), hash_crypt(rid, nt, True) + bytes([16] * 16),
              True)
    parts = {1: utf16(name), 13: struct.pack("<HHI", 0, 2, 24) + bytes(16),
             14: struct.pack("<HHI", 0, 2, 24) + salt + enc}
    table, data = b"", b""
    for i in range(17):
        part = parts.get(i, b"")
        table += le32(len(data), len(part), 0)
        data += part + bytes(-len(part) % 4)
    return table + data


def sam_nt_open(rid, v, key):
    at, n = struct.unpack_from("<2I", v, 14 * 12)
    e = v[0xCC + at:0xCC + at + n]
    assert e[2] == 2
    return hash_crypt(rid, aes(key, modes.CBC(e[8:24]), e[24:56], False)[:16],
                      False)


# ----------------------------------------------------------------------- hives

def system_hive(key, mode=1, computer="BENCH"):
    root = Key("SYSTEM")
    root.key("Select").value("Current", REG_DWORD, 1).value(
        "Default", REG_DWORD, 1).value("Failed", REG_DWORD, 0).value(
        "LastKnownGood", REG_DWORD, 1)
    lsa = root.key("ControlSet001\\Control\\Lsa")
    lsa.value("SecureBoot", REG_DWORD, mode)
    for name, text in zip(CLASSES, boot_classes(key)):
        lsa.key(name, text)
    root.key("ControlSet001\\Control\\ComputerName\\ComputerName").value(
        "ComputerName", REG_SZ, computer)
    return root


def add_secret(root, name, current, old):
    at = root.key("Policy\\Secrets\\" + name)
    at.key("CurrVal").value("", REG_NONE, current)
    at.key("OldVal").value("", REG_NONE, old)
    at.key("CupdTime").value("", REG_NONE, bytes(8))
    at.key("OupdTime").value("", REG_NONE, bytes(8))
    at.key("SecDesc").value("", REG_NONE, bytes(20))


def security_hive(boot, secrets, label, old=False):
    """`secrets`: [(name, current value, old value)]."""
    root = Key("SECURITY")
    root.key("Policy\\PolRevision").value(
        "", REG_NONE, bytes([5 if old else 12, 0, 1, 0]))
    root.key("RXACT").value("", REG_NONE, le32(0))
    key = noise(label + " lsa key", 16 if old else 32)
    if old:
        root.key("Policy\\PolSecretEncryptionKey").value(
            "", REG_NONE, xp_key_blob(boot, key, label))
    else:
        guid = dpapi.make_guid(label + " lsa key")
        root.key("Policy\\PolEKList").value(
            "", REG_NONE, key_list(boot, guid, key, label))
    for name, *values in secrets:
        add_secret(root, name, *(
            xp_secret(key, v) if old else
            record(key, guid, v, f"{label} {name} {i}")
            for i, v in enumerate(values)))
    return root


def sam_hive(boot, sid, users, label):
    """`sid`: of the machine; `users`: [(RID, name, NT hash)]."""
    root = Key("SAM")
    f, key = sam_f(boot, label)
    account = root.key("SAM\\Domains\\Account")
    account.value("F", REG_BINARY, f)
    account.value("V", REG_BINARY, bytes(0xD4) + dpapi.sid_binary(sid))
    for rid, name, nt in users:
        record_f = struct.pack("<HHI", 3, 1, 0).ljust(0x30, b"\0") + le32(
            rid, 513, 0x214)
        account.key("Users\\%08X" % rid).value(
            "F", REG_BINARY, record_f.ljust(80, b"\0")).value(
            "V", REG_BINARY, sam_v(rid, name, nt, key, f"{label} {name}"))
        account.key("Users\\Names\\" + name).value("", rid, b"")
    return root


def dpapi_system(label):
    """(secret, machine key, user key)."""
    machine, user = noise(label + " machine", 20), noise(label + " user", 20)
    return le32(1) + machine + user, machine, user
