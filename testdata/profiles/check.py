# SPDX-License-Identifier: MIT
"""check.py - is what is written here what Windows writes?

The reading halves of dpapi.py, keyfiles.py, lsa.py and regf.py open real samples
with known answers; `make.py --check CORPUS` runs this.
"""
import glob
import hashlib
import json
import os
import struct
import uuid

import dpapi
import keyfiles
import lsa
import regf
from dpapi import le32, utf16


HERE = os.path.dirname(os.path.abspath(__file__))


def load(path):
    with open(path, "rb") as f:
        return f.read()


class Checks:
    def __init__(self, corpus):
        self.corpus, self.failed = corpus, 0

    def path(self, *parts):
        return os.path.join(self.corpus, "keys", *parts)

    def json(self, folder, name="expected.json"):
        with open(self.path(folder, name)) as f:
            return json.load(f)

    def one(self, pattern):
        return load(glob.glob(glob.escape(self.path("")) + pattern)[0])

    def ok(self, good, what):
        print("ok" if good else "FAILED", "-", what)
        self.failed += not good

    # ------------------------------------------------------------ the checks

    def wiki(self):
        e, top = self.json("efs-mimikatz-wiki"), "efs-mimikatz-wiki"
        raw = self.one(f"{top}/Protect/*/{e['masterkey_guid']}")
        parts = dpapi.master_key_parts(raw)
        p = dpapi.prekey_of(e["password"], e["sid"], dpapi.LOCAL)
        key = dpapi.section_open(parts[0], p)
        self.ok(key and key.hex() == e["masterkey"],
                "wiki: master key by password")
        self.ok(parts[2][4:] == dpapi.guid_le(e["credhist_guid"]),
                "wiki: CREDHIST link")
        capi = keyfiles.capi_parts(self.one(f"{top}/Crypto/RSA/*/*"))
        plain = dpapi.blob_open(capi["private"], key)
        want = keyfiles.pem(load(self.path(top, "private_key_expected.pem")))
        got = keyfiles.capi_numbers(plain)
        self.ok(got == want, "wiki: the numbers of the private key")
        self.ok(keyfiles.capi_blob(want, True) == plain,
                "wiki: the writer's private part is the real one")
        self.ok(keyfiles.capi_blob(want, False) == capi["public"],
                "wiki: the writer's public part is the real one")
        flag = dpapi.blob_open(capi["flag"], key, dpapi.ENTROPY_FLAG)
        self.ok(flag == le32(1), "wiki: export flag")
        again = keyfiles.capi_file(want, e["container"],
                                   (e["masterkey_guid"], key))
        mine = keyfiles.capi_parts(again)
        real = self.one(f"{top}/Crypto/RSA/*/*")
        self.ok(again[:20] == real[:20] and again[28:36] == real[28:36] and
                mine["name"] == capi["name"] and
                dpapi.blob_open(mine["private"], key) == plain,
                "wiki: a key file written from these numbers is like it")
        cert = keyfiles.stored_parts(
            self.one(f"{top}/SystemCertificates/My/Certificates/*"))
        der = self.one(f"{top}/*.der")
        mine = keyfiles.stored_parts(keyfiles.stored(der, e["container"]))
        self.ok(all(cert[k] == mine[k] for k in (3, 32)) and
                cert[2][8:28] == mine[2][8:28],
                "wiki: stored certificate")

    def dpapick(self):
        e = self.json("dpapick")
        for name in ("xp", "win7", "win81"):
            d = e[name]
            parts = dpapi.master_key_parts(load(self.path("dpapick",
                                                          d["file"])))
            p = dpapi.prekey_of(d["password"], d["sid"], dpapi.LOCAL)
            self.ok(dpapi.section_open(parts[0], p), f"dpapick: {name}")
        for name, d in e.items():
            if not name.startswith("blob"):
                continue
            raw = load(self.path("dpapick", name + ".bin"))
            entropy = (d["entropy"] or "").encode()
            plain = dpapi.blob_open(raw, bytes.fromhex(d["masterkey"]), entropy)
            self.ok(plain and d["plain"].encode() in
                    (plain, plain.replace(b"\0", b""),
                     plain.decode("utf-16-le", "replace").encode()),
                    f"dpapick: {name}")
        raw = load(self.path("dpapick", "CREDHIST_xp"))
        old = dpapi.credhist_open(raw, "tutu", e["xp"]["sid"])
        self.ok([(h, n) for _, h, n in old] == [
            (dpapi.sha1_hash(p), dpapi.nt_hash(p))
            for p in ("titi", "tata", "toto", "")], "dpapick: CREDHIST")
        names = "tutu", "titi", "tata", "toto", ""
        style = struct.unpack_from("<2I", raw, 28)
        cipher = struct.unpack_from("<I", raw, 40)[0]
        mine, _ = dpapi.credhist(e["xp"]["sid"], names,
                                 (style[0], cipher, style[1]), "check")
        step = 0x88
        same = all(mine[at + i:at + j] == raw[at + i:at + j]
                   for at in range(0, len(raw) - 24, step)
                   for i, j in ((0, 4), (20, 52), (68, 96)))
        self.ok(same and len(mine) == len(raw),
                "dpapick: a CREDHIST written from these passwords is like it")

    def impacket(self):
        e = self.json("impacket")
        parts = dpapi.master_key_parts(
            load(self.path("impacket", "systemMasterKeyFile.bin")))
        key = dpapi.section_open(parts[0], bytes.fromhex(e["userKey"]))
        self.ok(key and key.hex() == e["systemMasterKey"],
                "impacket: system master key by the user key")
        self.ok(not dpapi.section_open(parts[0],
                                       bytes.fromhex(e["machineKey"])),
                "impacket: and not by the machine key")
        parts = dpapi.master_key_parts(
            load(self.path("impacket", "adminMasterKeyFile.bin")))
        sid = "S-1-5-21-1455520393-2019809541-4133251990-500"
        key = dpapi.section_open(parts[0], dpapi.prekey_of(
            e["admin_password_in_test"], sid, dpapi.NT))
        self.ok(key and key.hex() == e["adminMasterKey"],
                "impacket: domain user by NT hash")
        for name, entropy in (("blob_noentropy", b""), ("blob_entropy", b"Some entropy")):
            raw = load(self.path("impacket", name + ".bin"))
            plain = dpapi.blob_open(raw, bytes.fromhex(e["blob_key"]), entropy)
            self.ok(plain and e["blob_plain"].encode() in
                    (plain.rstrip(b"\0"), plain.replace(b"\0", b"")),
                    f"impacket: {name}")

    def dsinternals(self):
        e = self.json("dsinternals")
        sid = e["sid_domain_masterkey"]
        parts = dpapi.master_key_parts(load(self.path(
            "dsinternals", e["masterkey_file"])))
        key = dpapi.section_open(parts[0], dpapi.prekey_of(
            e["password"], sid, dpapi.PROTECTED))
        self.ok(key, "dsinternals: 1607 form by password")
        raw = load(self.path("dsinternals", e["backup_key"]))
        rsa = keyfiles.private_key_blob_numbers(raw[12:])
        self.ok(keyfiles.private_key_blob(rsa) == raw[12:12 + 1172],
                "dsinternals: the writer's PRIVATEKEYBLOB is the real one")
        got, nonce = dpapi.domain_open(parts[3], rsa)
        self.ok(got == key, "dsinternals: domain key opens the same")
        back = dpapi.section_open(parts[1], dpapi.backup_secret(0x8009, sid),
                                  32)
        self.ok(back == nonce, "dsinternals: the backup key is the nonce")
        cert = self.one("dsinternals/cert_*")
        p = keyfiles.stored_parts(cert)
        self.ok(hashlib.sha1(p[32]).digest() == p[3] and p[2],
                "dsinternals: stored certificate")

    def cng(self):
        for folder, file in (("cng-ecdsa-p256", "de7cf*"),
                             ("cng-aes-chromekey1", "dpapi_cng*")):
            e = self.json(folder)
            parts = keyfiles.cng_parts(self.one(f"{folder}/{file}"))
            master = bytes.fromhex(e["masterkey"])
            plain = dpapi.blob_open(parts["private"], master,
                                    dpapi.ENTROPY_CNG_KEY)
            self.ok(plain and plain.hex() == e["expected_private"],
                    f"{folder}: private key")
            self.ok(dpapi.blob_open(parts["properties"], master,
                                    dpapi.ENTROPY_CNG_PROPERTIES),
                    f"{folder}: properties")
            self.ok(dpapi.blob_guid(parts["private"]) == e["masterkey_guid"],
                    f"{folder}: GUID")

    def registry(self):
        v = self.json("dissect", "registry_vectors.json")

        def boot(t):
            return lsa.boot_key([t["syskey"][c] for c in lsa.CLASSES])

        for n in ("vista", "7", "10"):
            t = v[f"test_dpapi_decrypt_blob_win_{n}"]
            keys = lsa.key_list_open(boot(t), bytes.fromhex(t["polkey"]["hex"]))
            for name, secret in t["secrets"].items():
                raw = bytes.fromhex(secret["hex"])
                key = keys[uuid.UUID(bytes_le=raw[4:20])]
                plain = lsa.record_open(key, raw)
                good = plain == utf16("password") if name == "DefaultPassword" \
                    else len(plain) == 44 and plain[:4] == le32(1)
                self.ok(good, f"dissect: {name} of Windows {n}")
        t = v["test_dpapi_decrypt_blob_win_xp"]
        key = lsa.xp_key_open(boot(t), bytes.fromhex(t["polkey"]["hex"]))
        for name, secret in t["secrets"].items():
            raw = bytes.fromhex(secret["hex"])
            plain = lsa.xp_secret_open(key, raw)
            self.ok(len(plain) == 44 and plain[:4] == le32(1),
                    f"dissect: {name} of Windows XP")
            # The length twice, its room, an address; then what is encrypted.
            mine = lsa.xp_secret(key, plain)
            self.ok(mine[:6] == raw[:6] and mine[12:] == raw[12:],
                    f"dissect: {name} of Windows XP, written again")
        t = v["test_sam_plugin_rev2"]
        f = bytes.fromhex(t["values"]["SAM_KEY_PATH"]["F"])
        key = lsa.sam_key_open(boot(t), f)
        nt = lsa.sam_nt_open(1000, bytes.fromhex(t["values"]["000003E8"]["V"]),
                             key)
        self.ok(nt == dpapi.nt_hash("MD4St1llGo1ngStr0ng!"),
                "dissect: NT hash of SAM, AES")

    def logs(self):
        for name in ("NewDirtyHive.LOG1", "NewDirtyHive.LOG2"):
            raw = load(os.path.join(self.corpus, "hives", "yarp",
                                    "NewDirtyHive1", name))
            size = struct.unpack_from("<I", raw, 516)[0]
            e = raw[512:512 + size]
            self.ok(struct.unpack_from("<2Q", e, 24) ==
                    (regf.marvin32(e[40:]), regf.marvin32(e[:32])),
                    f"yarp: the hashes of {name}")
        for folder, logs, want in (
                ("New", ("LOG1", "LOG2"), "RecoveredHive_Windows10"),
                ("Old", ("LOG1",), "RecoveredHive_Windows7")):
            at = glob.glob(os.path.join(self.corpus, "hives", "yarp",
                                        folder + "DirtyHive*", ""))[0]
            hive = load(f"{at}{folder}DirtyHive")
            bins = regf.replayed(hive, *(load(f"{at}{folder}DirtyHive.{log}")
                                         for log in logs))
            size = struct.unpack_from("<I", hive, 40)[0]
            other = sum(a != b for a, b in
                        zip(bins[:size], load(at + want)[4096:]))
            # Of the old one: the time in the first bin, and a byte of use.
            self.ok(other == (0 if folder == "New" else 6),
                    f"yarp: {folder}DirtyHive with its log is {want}")

    def own(self):
        """Every key of our trees opens with the listed secrets."""
        secrets = {}
        with open(os.path.join(HERE, "secrets.tsv"), encoding="utf-8") as f:
            for line in list(f)[1:]:
                tree, _, what, value = line.rstrip("\n").split("\t")
                if what in ("sha1", "nt", "dpapi-system"):
                    secrets.setdefault(tree, []).append((what, value))
        for tree, known in secrets.items():
            self.tree(tree, [(w, bytes.fromhex(v)) for w, v in known])

    def tree(self, tree, known):
        paths = glob.glob(f"{HERE}/{tree}/**", recursive=True)
        masters = {}
        for path in paths:
            guid = os.path.basename(path)
            if "/Protect/S-" not in path or len(guid) != 36:
                continue
            sid = path.split("/Protect/")[1].split("/")[0]
            part = dpapi.master_key_parts(load(path))[0]
            key = next(filter(None, (dpapi.section_open(part, p)
                                     for p in prekeys(known, sid))), None)
            self.ok(key, f"{tree}: master key {guid}")
            masters[guid] = key
        for path in paths:
            if "/Crypto/" not in path or os.path.isdir(path):
                continue
            data = load(path)
            if data[0] == 2:
                parts = keyfiles.capi_parts(data)
                entropy, public = b"", parts["public"][20:]
            else:
                parts = keyfiles.cng_parts(data)
                entropy, public = dpapi.ENTROPY_CNG_KEY, parts["public"]
            master = masters.get(dpapi.blob_guid(parts["private"]))
            plain = master and dpapi.blob_open(parts["private"], master,
                                               entropy)
            self.ok(public[-64:-16] in plain if plain else "dmitri" in path,
                    f"{tree}: private key {os.path.basename(path)}")


def prekeys(known, sid):
    for what, value in known:
        if what == "dpapi-system":
            yield from (value[:20], value[20:], dpapi.prekey(value[20:], sid))
        else:
            yield dpapi.prekey(value, sid)
            if what == "nt":
                yield dpapi.prekey(dpapi.protected_hash(value, sid), sid)


def run(corpus):
    c = Checks(corpus)
    for check in (c.wiki, c.dpapick, c.impacket, c.dsinternals, c.cng,
                  c.registry, c.logs, c.own):
        check()
    print(f"{c.failed} failed")
    return c.failed
