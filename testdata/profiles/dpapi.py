# SPDX-License-Identifier: MIT
"""dpapi.py - master keys, blobs and CREDHIST of DPAPI, read and written

Written from notes on the formats that real samples confirm, and not after the
program, of which it shares nothing.  Nothing here is random:
`noise` makes salts and keys from a label, so that files come out the same.
"""
import hashlib
import hmac
import struct
import uuid

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
try:
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4, TripleDES
except ImportError:
    from cryptography.hazmat.primitives.ciphers.algorithms import \
        ARC4, TripleDES

HASHES = {0x8004: "sha1", 0x8009: "sha1", 0x800E: "sha512"}
CIPHERS = {0x6603: (TripleDES, 24, 8), 0x6610: (algorithms.AES, 32, 16)}
PROVIDER = uuid.UUID("df9d8cd0-1501-11d1-8c7a-00c04fc297eb")

# hash, cipher, rounds
XP = (0x8009, 0x6603, 4000)
WINDOWS_7 = (0x800E, 0x6610, 5600)
WINDOWS_10 = (0x800E, 0x6610, 8000)
SYSTEM = (0x800E, 0x6610, 17400)
DOMAIN = (0x8009, 0x6603, 18000)

LOCAL, NT, PROTECTED = "SHA1", "NT", "1607"

ENTROPY_FLAG = b"Hj1diQ6kpUx7VC4m\0"
ENTROPY_CNG_PROPERTIES = b"6jnkd5J3ZdQDtrsu\0"
ENTROPY_CNG_KEY = b"xT5rZW5qVVbrvpuA\0"


def le32(*values):
    return struct.pack("<%dI" % len(values), *values)


def utf16(text):
    return text.encode("utf-16-le")


def noise(label, n):
    return hashlib.shake_256(b"profiles: " + label.encode()).digest(n)


def make_guid(label):
    raw = bytearray(noise("guid " + label, 16))
    raw[6], raw[8] = 0x40 | raw[6] & 15, 0x80 | raw[8] & 63
    return str(uuid.UUID(bytes=bytes(raw)))


def guid_le(text):
    return uuid.UUID(text).bytes_le


def sha(alg_id, data):
    return hashlib.new(HASHES[alg_id], data).digest()


def mac(alg_id, key, data):
    return hmac.digest(key, data, HASHES[alg_id])


def crypt(alg_id, key, iv, data, encrypt):
    make, key_len, _ = CIPHERS[alg_id]
    assert len(key) == key_len
    c = Cipher(make(key), modes.CBC(iv))
    c = c.encryptor() if encrypt else c.decryptor()
    return c.update(data) + c.finalize()


def md4(data):
    """RFC 1320; hashlib no longer has it everywhere."""
    def rol(x, n):
        x &= 0xFFFFFFFF
        return (x << n | x >> (32 - n)) & 0xFFFFFFFF
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + \
        struct.pack("<Q", len(data) * 8)
    rounds = (
        (lambda x, y, z: x & y | ~x & z, 0, range(16), (3, 7, 11, 19)),
        (lambda x, y, z: x & y | x & z | y & z, 0x5A827999,
         [4 * (i % 4) + i // 4 for i in range(16)], (3, 5, 9, 13)),
        (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1,
         (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15),
         (3, 9, 11, 15)))
    for at in range(0, len(padded), 64):
        words = struct.unpack_from("<16I", padded, at)
        a, b, c, d = state
        for f, add, order, shifts in rounds:
            for i, k in enumerate(order):
                a = rol(a + f(b, c, d) + words[k] + add, shifts[i % 4])
                a, b, c, d = d, a, b, c
        state = [x + y & 0xFFFFFFFF for x, y in zip(state, (a, b, c, d))]
    return le32(*state)


# ------------------------------------------------------------ from a password

def sha1_hash(password):
    return hashlib.sha1(utf16(password)).digest()


def nt_hash(password):
    return md4(utf16(password))


def protected_hash(nt, sid):
    a = hashlib.pbkdf2_hmac("sha256", nt, utf16(sid), 10000, 32)
    return hashlib.pbkdf2_hmac("sha256", a, utf16(sid), 1, 16)


def prekey(secret, sid):
    return hmac.digest(secret, utf16(sid + "\0"), "sha1")


def prekey_of(password, sid, form):
    if form == LOCAL:
        return prekey(sha1_hash(password), sid)
    nt = nt_hash(password)
    return prekey(nt if form == NT else protected_hash(nt, sid), sid)


def stretch(alg_id, key, salt, rounds, n):
    """PBKDF2, but for what it feeds back: the sum so far."""
    out, i = b"", 0
    while len(out) < n:
        i += 1
        t = mac(alg_id, key, salt + struct.pack(">I", i))
        total = int.from_bytes(t, "big")
        for _ in range(rounds - 1):
            total ^= int.from_bytes(
                mac(alg_id, key, total.to_bytes(len(t), "big")), "big")
        out += total.to_bytes(len(t), "big")
    return out[:n]


# ------------------------------------------------------------- master key files

def section(style, key, secret, label):
    """A master key or backup section; `secret` is the prekey."""
    hash_id, cipher_id, rounds = style
    salt, inner = noise(label + " salt", 16), noise(label + " hmac", 16)
    tag = mac(hash_id, mac(hash_id, secret, inner), key)
    plain = inner + tag + (bytes(4) if len(tag) == 20 else b"") + key
    _, key_len, iv_len = CIPHERS[cipher_id]
    both = stretch(hash_id, secret, salt, rounds, key_len + iv_len)
    return le32(2) + salt + le32(rounds, hash_id, cipher_id) + crypt(
        cipher_id, both[:key_len], both[key_len:], plain, True)


def section_open(data, secret, key_len=64):
    """The key, or None."""
    salt = data[4:20]
    rounds, hash_id, cipher_id = struct.unpack_from("<3I", data, 20)
    _, n, iv_len = CIPHERS[cipher_id]
    both = stretch(hash_id, secret, salt, rounds, n + iv_len)
    plain = crypt(cipher_id, both[:n], both[n:], data[32:], False)
    size = hashlib.new(HASHES[hash_id]).digest_size
    inner, tag, key = plain[:16], plain[16:16 + size], plain[-key_len:]
    want = mac(hash_id, mac(hash_id, secret, inner), key)
    return key if hmac.compare_digest(want, tag) else None


def backup_secret(hash_id, sid, system=b""):
    return sha(hash_id, utf16(sid + "\0") + system)


def sid_binary(sid):
    parts = [int(p) for p in sid.split("-")[2:]]
    return bytes([1, len(parts) - 1]) + parts[0].to_bytes(6, "big") + \
        le32(*parts[1:])


def domain_section(version, key, nonce, sid, domain, label):
    """Wrapped for the RSA key of a domain: (key, guid)."""
    rsa, guid = domain
    if version == 2:
        alg, k, iv = 0x6603, noise(label + " k", 24), noise(label + " iv", 8)
        plain = le32(len(key), 0x20) + key + k + iv
    else:
        alg, k, iv = 0x6610, noise(label + " k", 32), noise(label + " iv", 16)
        plain = le32(len(key), 0x30, 0x6610, 0x800E) + key + k + iv
    n, size = rsa["n"], rsa["bits"] // 8
    fill = bytes(b or 1 for b in noise(label + " pad", size - 3 - len(plain)))
    secret = pow(int.from_bytes(b"\0\2" + fill + b"\0" + plain, "big"),
                 rsa["e"], n).to_bytes(size, "little")
    block = 8 if version == 2 else 16
    digest = "sha1" if version == 2 else "sha512"
    body = le32(1, len(nonce)) + nonce + sid_binary(sid)
    body += bytes(-(len(body) + hashlib.new(digest).digest_size) % block)
    body += hashlib.new(digest, body).digest()
    check = crypt(alg, k, iv, body, True)
    return le32(version, len(secret), len(check)) + guid_le(guid) + secret + \
        check


def domain_open(data, rsa):
    version, n, _ = struct.unpack_from("<3I", data)
    secret, check = data[28:28 + n], data[28 + n:]
    plain = pow(int.from_bytes(secret, "little"), rsa["d"], rsa["n"]).to_bytes(
        n, "big")
    assert plain[:2] == b"\0\2"
    plain = plain[plain.index(b"\0", 2) + 1:]
    key_len = struct.unpack_from("<I", plain)[0]
    head = 8 if version == 2 else 16
    alg, n = (0x6603, 24) if version == 2 else (0x6610, 32)
    key, rest = plain[head:head + key_len], plain[head + key_len:]
    body = crypt(alg, rest[:n], rest[n:], check, False)
    digest = hashlib.sha1 if version == 2 else hashlib.sha512
    size = digest().digest_size
    assert digest(body[:-size]).digest() == body[-size:]
    return key, body[8:8 + struct.unpack_from("<I", body, 4)[0]]


def master_key_file(guid, sid, secret, style, flags, credhist=None,
                    domain=None, system=b""):
    """(file, key); `domain` is (version, rsa, guid), `secret` the prekey."""
    key = noise("master key " + guid, 64)
    nonce = noise("backup key " + guid, 32)
    main = section(style, key, secret, guid)
    older = style if style[0] != 0x8009 else (style[0], style[1], 1)
    backup = section(older, nonce, backup_secret(
        style[0], sid, system if flags & 1 else b""), guid + " backup")
    hist = le32(3) + guid_le(credhist) if credhist else b""
    wrapped = domain_section(domain[0], key, nonce, sid, domain[1:],
                             guid + " domain") if domain else b""
    return le32(2, 0, 0) + utf16(guid) + bytes(8) + le32(flags) + \
        struct.pack("<4Q", len(main), len(backup), len(hist), len(wrapped)) + \
        main + backup + hist + wrapped, key


def master_key_parts(data):
    sizes = struct.unpack_from("<4Q", data, 0x60)
    parts, at = [], 128
    for n in sizes:
        parts.append(data[at:at + n])
        at += n
    assert at <= len(data)
    return parts


def crack_line(data, sid, context):
    """As john and hashcat take it; the context is LOCAL, NT, PROTECTED: 1-3."""
    part = master_key_parts(data)[0]
    rounds, hash_id, _ = struct.unpack_from("<3I", part, 20)
    version, names = (2, "aes256*sha512") if hash_id == 0x800E else \
        (1, "des3*sha1")
    body = part[32:].hex()
    return f"$DPAPImk${version}*{context}*{sid}*{names}*{rounds}*" \
        f"{part[4:20].hex()}*{len(body)}*{body}"


# ----------------------------------------------------------------------- blobs

def blob_secret(hash_id, master, salt, more):
    """MAC as blobs have it: `master` is the SHA-1 of the master key."""
    if hash_id == 0x800E:
        return hmac.digest(master, salt + more, "sha512")
    pad = master.ljust(64, b"\0")
    inner = hashlib.sha1(bytes(b ^ 0x36 for b in pad) + salt).digest()
    return hashlib.sha1(bytes(b ^ 0x5C for b in pad) + inner + more).digest()


def blob_key(hash_id, cipher_id, session):
    n = CIPHERS[cipher_id][1]
    if len(session) >= n:
        return session[:n]
    pad = session.ljust(64, b"\0")
    return (sha(hash_id, bytes(b ^ 0x36 for b in pad)) +
            sha(hash_id, bytes(b ^ 0x5C for b in pad)))[:n]


def blob(data, guid, key, what, entropy=b"", style=WINDOWS_10, flags=0,
         label=""):
    hash_id, cipher_id = style[:2]
    hash_id = 0x8004 if hash_id == 0x8009 else hash_id
    n, block = (16, 8) if hash_id == 0x8004 else (32, 16)
    bits = (192, 160) if hash_id == 0x8004 else (256, 512)
    salt, salt2 = noise(label + " salt", n), noise(label + " hmac salt", n)
    master = hashlib.sha1(key).digest()
    session = blob_secret(hash_id, master, salt, entropy)
    fill = block - len(data) % block
    enc = crypt(cipher_id, blob_key(hash_id, cipher_id, session),
                bytes(block), data + bytes([fill]) * fill, True)
    text = utf16(what + "\0")
    signed = le32(1) + guid_le(guid) + le32(flags, len(text)) + text + \
        le32(cipher_id, bits[0], n) + salt + le32(0, hash_id, bits[1], n) + \
        salt2 + le32(len(enc)) + enc
    tag = blob_secret(hash_id, master, salt2, entropy + signed)
    return le32(1) + PROVIDER.bytes_le + signed + le32(len(tag)) + tag


def blob_open(data, master, entropy=b""):
    """`master` is a master key or its SHA-1; None if it does not fit."""
    if len(master) == 64:
        master = hashlib.sha1(master).digest()
    at = 44

    def take():
        nonlocal at
        n = struct.unpack_from("<I", data, at)[0]
        at += 4 + n
        return data[at - n:at]

    take()
    cipher_id, _ = struct.unpack_from("<2I", data, at)
    at += 8
    salt, _ = take(), take()
    hash_id, _ = struct.unpack_from("<2I", data, at)
    at += 8
    salt2, enc = take(), take()
    end = at
    tag = take()
    want = blob_secret(hash_id, master, salt2, entropy + data[20:end])
    if not hmac.compare_digest(want, tag):
        return None
    session = blob_secret(hash_id, master, salt, entropy)
    plain = crypt(cipher_id, blob_key(hash_id, cipher_id, session),
                  bytes(CIPHERS[cipher_id][2]), enc, False)
    return plain[:-plain[-1]]


def blob_guid(data):
    return str(uuid.UUID(bytes_le=data[24:40]))


# -------------------------------------------------------------------- CREDHIST

def credhist(sid, passwords, style, label):
    """(file, [guid of each password]); passwords are newest first, and the
    newest is not in the file."""
    hash_id, cipher_id, rounds = style
    _, key_len, block = CIPHERS[cipher_id]
    guids = [make_guid(f"{label} password {i}") for i in range(len(passwords))]
    out, older = b"", 0
    for i in range(len(passwords) - 1, 0, -1):
        salt = noise(f"{label} salt {i}", 16)
        plain = (sha1_hash(passwords[i]) + nt_hash(passwords[i])).ljust(
            40, b"\0")
        plain += bytes(-len(plain) % block)
        both = stretch(hash_id, prekey_of(passwords[i - 1], sid, LOCAL), salt,
                       rounds, key_len + block)
        owner = sid_binary(sid)
        record = le32(1) + guid_le(guids[i]) + le32(
            older, 1, hash_id, rounds, len(owner), cipher_id, 20, 20) + \
            salt + owner + crypt(cipher_id, both[:key_len], both[key_len:],
                                 plain, True)
        out += record
        older = len(record)
    return out + le32(1) + guid_le(guids[0]) + le32(older), guids


def credhist_open(data, password, sid):
    """[(guid, SHA-1, NT)], newest first, as far as it opens."""
    h, found = sha1_hash(password), []
    end, n = len(data) - 24, struct.unpack_from("<I", data, len(data) - 4)[0]
    while n:
        r = data[end - n:end]
        end -= n
        n, _, hash_id, rounds, sid_len, cipher_id, sha_len, nt_len = \
            struct.unpack_from("<8I", r, 20)
        salt, enc = r[52:68], r[68 + sid_len:]
        assert r[68:68 + sid_len] == sid_binary(sid)
        _, key_len, block = CIPHERS[cipher_id]
        both = stretch(hash_id, prekey(h, sid), salt, rounds, key_len + block)
        plain = crypt(cipher_id, both[:key_len], both[key_len:], enc, False)
        if any(plain[36:]):
            break
        h = plain[:20]
        found.append((str(uuid.UUID(bytes_le=r[4:20])), h, plain[20:36]))
    return found
