#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py - made.txt: what no published sample of Windows shows

Run it here.  Hashes are hashlib's, ciphers and RSA openssl(1)'s.  Salts and keys
are counted up, so that it makes the same file again, but for the RSA padding.
"""
import hashlib
import hmac
import itertools
import struct
import subprocess

KEY = "../keys/rsa2048.key"
SID = bytes.fromhex("010500000000000515000000010000000200000003000000f4010000")
HASHES = {"sha1": 0x8004, "hmac": 0x8009, "sha256": 0x800C, "sha384": 0x800D,
          "sha512": 0x800E}
CIPHERS = {"des": (0x6601, 8, 8, "des-cbc"),
           "3des": (0x6603, 24, 8, "des-ede3-cbc"),
           "aes128": (0x660E, 16, 16, "aes-128-cbc"),
           "aes192": (0x660F, 24, 16, "aes-192-cbc"),
           "aes256": (0x6610, 32, 16, "aes-256-cbc")}
counter = itertools.count(1)


def fresh(n):
    seed = next(counter).to_bytes(4, "big")
    return hashlib.shake_128(seed).digest(n)


def le32(*values):
    return struct.pack("<%dI" % len(values), *values)


def digest_name(name):
    return "sha1" if name == "hmac" else name


def run(data, *args):
    return subprocess.run(["openssl", *args], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def encrypt(cipher, key, iv, data, pad=False):
    legacy = ["-provider", "legacy", "-provider", "default"]
    return run(data, "enc", "-" + CIPHERS[cipher][3], "-K", key.hex(), "-iv",
               iv.hex(), *([] if pad else ["-nopad"]), *legacy)


def kdf(name, password, salt, rounds, n):
    """The feedback of DPAPI: the sum of all results, not the last one."""
    out = b""
    for i in itertools.count(1):
        if len(out) >= n:
            return out[:n]
        t = hmac.new(password, salt + i.to_bytes(4, "big"), name).digest()
        for _ in range(rounds - 1):
            u = hmac.new(password, t, name).digest()
            t = bytes(a ^ b for a, b in zip(t, u))
        out += t


def seal(hashed, cipher, prekey, salt, rounds, plain):
    _, keylen, block, _ = CIPHERS[cipher]
    k = kdf(digest_name(hashed), prekey, salt, rounds, keylen + block)
    return encrypt(cipher, k[:keylen], k[keylen:], plain)


def locked(hashed, cipher, prekey, rounds, key):
    name, block = digest_name(hashed), CIPHERS[cipher][2]
    salt, macsalt = fresh(16), fresh(16)
    mac = hmac.new(hmac.new(prekey, macsalt, name).digest(), key, name).digest()
    filler = bytes(-(16 + len(mac) + len(key)) % block)
    data = seal(hashed, cipher, prekey, salt, rounds,
                macsalt + mac + filler + key)
    return (le32(2) + salt + le32(rounds, HASHES[hashed], CIPHERS[cipher][0])
            + data)


def masterkey(password=b"", backup=b"", domain=b""):
    name = "01234567-89ab-cdef-0123-456789abcdef".encode("utf-16-le")
    lengths = struct.pack("<4Q", len(password), len(backup), 0, len(domain))
    head = le32(2, 0, 0) + name + le32(0, 0, 5) + lengths
    assert len(head) == 128
    return head + password + backup + domain


def domain(version, cipher, hashed):
    key, nonce = fresh(64), fresh(32)
    number, keylen, block, _ = CIPHERS[cipher]
    ckey, iv = fresh(keylen), fresh(block)
    ids = le32(number, HASHES[hashed]) if version == 3 else b""
    payload = le32(64, keylen + block) + ids + key + ckey + iv
    secret = run(payload, "pkeyutl", "-encrypt", "-inkey", KEY)[::-1]
    check = le32(1, len(nonce)) + nonce + SID
    size = hashlib.new(hashed).digest_size
    check += bytes(-(len(check) + size) % block)
    check += hashlib.new(hashed, check).digest()
    check = encrypt(cipher, ckey, iv, check)
    part = le32(version, len(secret), len(check)) + fresh(16) + secret + check
    return masterkey(domain=part), key


def session(hashed, mkh, salt, rest):
    if digest_name(hashed) != "sha1":
        return hmac.new(mkh, salt + rest, hashed).digest()
    pad = mkh.ljust(64, b"\0")
    inner = hashlib.sha1(bytes(a ^ 0x36 for a in pad) + salt).digest()
    return hashlib.sha1(bytes(a ^ 0x5C for a in pad) + inner + rest).digest()


def cipher_key(hashed, cipher, s):
    keylen = CIPHERS[cipher][1]
    if digest_name(hashed) == "sha1" and cipher != "des":
        pad = s.ljust(64, b"\0")
        s = b"".join(hashlib.sha1(bytes(a ^ x for a in pad)).digest()
                     for x in (0x36, 0x5C))
    return s[:keylen]


def blob(hashed, cipher, key, entropy, strong, plain, number=None):
    cid, keylen, block, _ = CIPHERS[cipher]
    mkh = hashlib.sha1(key).digest()
    salt, macsalt = fresh(16), fresh(16)
    s = session(hashed, mkh, salt, entropy + strong)
    data = encrypt(cipher, cipher_key(hashed, cipher, s), bytes(block), plain,
                   True)
    size = hashlib.new(digest_name(hashed)).digest_size
    signed = (le32(1) + fresh(16) + le32(0, 2) + b"\0\0"
              + le32(number or cid, keylen * 8, len(salt)) + salt + le32(0)
              + le32(HASHES[hashed], size * 8, len(macsalt)) + macsalt
              + le32(len(data)) + data)
    sign = session(hashed, mkh, macsalt, entropy + signed)
    provider = bytes.fromhex("d08c9ddf0115d1118c7a00c04fc297eb")
    return le32(1) + provider + signed + le32(len(sign)) + sign


def utf16(text):
    return text.encode("utf-16-le")


def nt_of(text):
    return run(utf16(text), "dgst", "-md4", "-binary", "-provider", "legacy",
               "-provider", "default")


def credhist(passwords, hashed, cipher, rounds):
    """Oldest first; the last is the one in use, and not in the file."""
    sid = utf16("S-1-5-21-1-2-3-500\0")
    out, older = b"", 0
    for old, newer in zip(passwords, passwords[1:]):
        salt = fresh(16)
        prekey = hmac.new(hashlib.sha1(utf16(newer)).digest(), sid,
                          "sha1").digest()
        nt = nt_of(old)
        plain = hashlib.sha1(utf16(old)).digest() + nt + bytes(4)
        plain += bytes(-len(plain) % CIPHERS[cipher][2])
        data = seal(hashed, cipher, prekey, salt, rounds, plain)
        entry = (le32(1) + fresh(16)
                 + le32(older, 1, HASHES[hashed], rounds, len(SID),
                        CIPHERS[cipher][0], 20, 20) + salt + SID + data)
        out, older = out + entry, len(entry)
    return out + le32(1) + fresh(16) + le32(older)


def main():
    rows = []
    for hashed, cipher in itertools.product(HASHES, CIPHERS):
        prekey, key, rounds = fresh(20), fresh(64), 3
        backup_prekey, backup = fresh(20), fresh(32)
        file = masterkey(locked(hashed, cipher, prekey, rounds, key),
                         locked(hashed, cipher, backup_prekey, 1, backup))
        rows.append(("masterkey", hashed, cipher, prekey, key, backup_prekey,
                     backup, file))
    for version, cipher, hashed in ((2, "3des", "sha1"),
                                    (3, "aes256", "sha512")):
        file, key = domain(version, cipher, hashed)
        rows.append(("domain", str(version), key, file))
    for hashed, cipher in itertools.product(HASHES, CIPHERS):
        key = fresh(64)
        entropy = fresh(next(counter) % 3 * 8)
        plain = fresh(next(counter) % 40)
        strong = hashlib.new(digest_name(hashed), utf16("strong")).digest()
        rows.append(("blob", hashed, cipher, key, entropy, b"", plain,
                     blob(hashed, cipher, key, entropy, b"", plain)))
        rows.append(("blob", hashed, cipher, key, entropy, strong, plain,
                     blob(hashed, cipher, key, entropy, strong, plain)))
    for cipher in ("aes128", "aes192", "aes256"):
        key, plain = fresh(64), fresh(20)
        rows.append(("blob", "sha512", "aes", key, b"", b"", plain,
                     blob("sha512", cipher, key, b"", b"", plain, 0x6611)))
    words = ["", "toto", "tata", "titi", "tutu"]
    for hashed, cipher in (("hmac", "3des"), ("sha512", "aes256")):
        rows.append(("credhist", hashed, cipher,
                     credhist(words, hashed, cipher, 5)))
    with open("made.txt", "w") as f:
        for row in rows:
            f.write("\t".join(x if isinstance(x, str) else x.hex()
                              for x in row) + "\n")


main()
