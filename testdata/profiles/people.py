# SPDX-License-Identifier: MIT
"""people.py - who has a profile on which volume, with which secrets

Each function makes one tree: a folder that stands for the root of a volume.
"""
import hashlib
import os
import shutil
import struct
import subprocess
import uuid

from cryptography.hazmat.primitives.asymmetric import rsa

import dpapi
import keyfiles
import lsa
import regf
from dpapi import LOCAL, NT, PROTECTED, le32, utf16
from regf import REG_BINARY, REG_DWORD, REG_SZ, Key

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = os.path.join(HERE, "../keys")
PC = "S-1-5-21-1740652291-3316854297-2870413605"
DOMAIN = "S-1-5-21-2291047783-1450826611-3927750184"
MACHINE_GUID = "5d1c37b2-90a4-4e6f-8c55-21f7ab63e0d9"
CONFIG = "Windows/System32/config/"


def load(path):
    with open(path, "rb") as f:
        return f.read()


def key_of(name):
    return keyfiles.pem(load(f"{KEYS}/{name}.key"))


def der_of(name):
    return load(f"{KEYS}/{name}.der")


SECRETS = [] # (tree, whose, what, value)


class Tree:
    def __init__(self, name):
        self.name = name
        self.root = os.path.join(HERE, name)
        shutil.rmtree(self.root, ignore_errors=True)

    def secret(self, whose, **values):
        SECRETS.extend((self.name, whose, what.replace("_", "-"), value)
                       for what, value in values.items())

    def password(self, whose, sid, password, **more):
        self.secret(whose, sid=sid, password=password,
                    sha1=dpapi.sha1_hash(password).hex(),
                    nt=dpapi.nt_hash(password).hex(), **more)

    def put(self, path, data):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)


class Profile:
    """The Microsoft folder of one account's roaming profile."""

    def __init__(self, tree, home, sid, xp=False):
        self.tree, self.home, self.sid = tree, home, sid
        self.top = home + ("/Application Data" if xp else
                           "/AppData/Roaming") + "/Microsoft/"
        self.style = dpapi.XP if xp else dpapi.WINDOWS_10

    def master(self, secret, label="", style=None, flags=5, keep=True, **more):
        """(GUID, key); `secret` is the prekey."""
        guid = dpapi.make_guid(f"{self.home} {label}")
        if flags & 4: # local: it names the password that protects it
            more.setdefault("credhist", dpapi.make_guid(self.sid))
        data, key = dpapi.master_key_file(guid, self.sid, secret, style or
                                          self.style, flags, **more)
        if keep:
            self.tree.put(f"{self.top}Protect/{self.sid}/{guid}", data)
            self.tree.put(f"{self.top}Protect/{self.sid}/Preferred",
                          dpapi.guid_le(guid) + struct.pack("<Q", regf.WHEN))
        whose = os.path.basename(self.home) + label
        self.tree.secret(whose, guid=guid, master_key=key.hex())
        if keep:
            forms = (1,) if flags & 4 else (2, 3)
            for i in forms:
                self.tree.secret(whose, **{f"crack{i}": dpapi.crack_line(
                    data, self.sid, i)})
        return guid, key

    def certificate(self, name, container, provider=keyfiles.CSP):
        der = der_of(name)
        self.tree.put(f"{self.top}SystemCertificates/My/Certificates/" +
                      keyfiles.thumbprint(der).upper(),
                      keyfiles.stored(der, container, provider))

    def capi(self, name, master, style=None, keep=True):
        container = dpapi.make_guid(f"{self.home} container {name}")
        if keep:
            self.tree.put(f"{self.top}Crypto/RSA/{self.sid}/" +
                          file_name(container),
                          keyfiles.capi_file(key_of(name), container, master,
                                             style or self.style))
            self.prime(name)
        self.certificate(name, container)

    def prime(self, name):
        self.tree.secret(os.path.basename(self.home),
                         prime="%x" % key_of(name)["p"])

    def cng(self, name, master, form=2):
        container = "te-EFS-" + dpapi.make_guid(f"{self.home} key {name}")
        self.tree.put(f"{self.top}Crypto/Keys/" + file_name(container),
                      keyfiles.cng_file(key_of(name), container, master, form))
        self.prime(name)
        self.certificate(name, container, keyfiles.KSP)

    def ntuser(self, name):
        root = Key("CsiTool-CreateHive-{00000000-0000-0000-0000-000000000000}")
        thumb = bytes.fromhex(keyfiles.thumbprint(der_of(name)))
        root.key("Software\\Microsoft\\Windows NT\\CurrentVersion\\EFS\\"
                 "CurrentKeys").value("CertificateHash", REG_BINARY, thumb)
        self.tree.put(f"{self.home}/NTUSER.DAT",
                      regf.hive(root, "\\ntuser.dat"))


def file_name(container):
    digest = hashlib.md5(container.lower().encode() + b"\0").hexdigest()
    return f"{digest}_{MACHINE_GUID}"


def software_hive(profiles=(), agents=(), machine=(), former=()):
    """Users' folders, the recovery policy, certificates of the machine, and of
    agents who are no longer in the policy."""
    root = Key("SOFTWARE")
    for sid, home in profiles:
        root.key("Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\" +
                 sid).value("ProfileImagePath", 2,
                            "C:\\" + home.replace("/", "\\"))
    root.key("Microsoft\\Cryptography").value("MachineGuid", REG_SZ,
                                              MACHINE_GUID)
    efs = "Policies\\Microsoft\\SystemCertificates\\EFS"
    if agents:
        root.key(efs).value("EfsBlob", REG_BINARY, keyfiles.policy(*agents))
    for der in [der for _, der in agents] + list(former):
        root.key(f"{efs}\\Certificates\\" + keyfiles.thumbprint(der).upper()
                 ).value("Blob", REG_BINARY, keyfiles.stored(der))
    for der, blob in machine:
        root.key("Microsoft\\SystemCertificates\\My\\Certificates\\" +
                 keyfiles.thumbprint(der).upper()
                 ).value("Blob", REG_BINARY, blob)
    return regf.hive(root, "emRoot\\System32\\Config\\SOFTWARE")


# ------------------------------------------------------------------------ five

FIVE = {"ann": "Zwölf Boxkämpfer 12", "bob": "", "carla": "not listed 99",
        "dmitri": "gone with the key", "eve": "eve-2011"}


def five():
    tree = Tree("five")
    homes = {"ann": "Users/ann", "bob": "Users/bob",
             "carla": "Windows.old/Users/carla",
             "dmitri": "Documents and Settings/dmitri", "eve": "Users/eve"}
    p, first = {}, {}
    for i, (name, home) in enumerate(homes.items()):
        xp = name == "dmitri"
        p[name] = Profile(tree, home, f"{PC}-{1001 + i}", xp)
        secret = dpapi.prekey_of(FIVE[name], p[name].sid, LOCAL)
        if name == "carla": # nothing is behind this one
            p[name].master(secret, " unused")
        style = dpapi.WINDOWS_7 if name in ("bob", "carla") else None
        first[name] = p[name].master(secret, "", style, keep=name != "dmitri")
        tree.password(name, p[name].sid, FIVE[name])
        if name in ("ann", "carla"):
            p[name].ntuser(name)
    p["ann"].capi("ann", first["ann"])
    p["bob"].cng("bob", first["bob"])
    p["carla"].capi("carla", first["carla"], dpapi.XP)
    p["dmitri"].capi("dmitri", first["dmitri"])
    p["eve"].capi("eve", first["eve"], keep=False)
    tree.put("Users/ann/Documents/old backup.pfx", load(os.path.join(HERE, "backup.pfx")))
    tree.secret("backup", password=load(f"{KEYS}/password.txt").decode().strip())
    tree.put(CONFIG + "SOFTWARE", software_hive(
        [(p[n].sid, homes[n]) for n in ("ann", "bob", "eve")],
        [(f"{PC}-500", der_of("agent"))]))
    words = ["123456", "", "letmein", "Password1", "Sommer2019!", "qwertz",
             FIVE["ann"], "iloveyou", "ann", "carla", "not listed", "Dmitri",
             FIVE["eve"], "P@ssw0rd", "日本語のパスワード", "eve"]
    with open(os.path.join(HERE, "words.txt"), "w", encoding="utf-8") as f:
        f.write("\n".join(words) + "\n")


# ---------------------------------------------------------------------- domain

DOMAIN_PASSWORDS = {"amelie": "Herbst-2023", "jonas": "Frühling ♥ 2024"}


def domain_key():
    """Made once, and kept."""
    path = os.path.join(HERE, "domain.pvk")
    if not os.path.exists(path):
        k = keyfiles.numbers(rsa.generate_private_key(65537, 2048))
        with open(path, "wb") as f:
            f.write(keyfiles.pvk(k))
    return keyfiles.private_key_blob_numbers(load(path)[24:]), \
        dpapi.make_guid("domain backup key")


def domain():
    tree = Tree("domain")
    wrapped = domain_key()
    for i, (name, form, version) in enumerate((("amelie", NT, 2),
                                               ("jonas", PROTECTED, 3))):
        p = Profile(tree, "Users/" + name, f"{DOMAIN}-{1105 + i}")
        secret = dpapi.prekey_of(DOMAIN_PASSWORDS[name], p.sid, form)
        master = p.master(secret, "", dpapi.DOMAIN, 0,
                          domain=(version, *wrapped))
        tree.password(name, p.sid, DOMAIN_PASSWORDS[name])
        if version == 2:
            p.capi("demo-" + name, master, dpapi.XP)
        else:
            p.cng("demo-" + name, master, 3)


# -------------------------------------------------------------------- credhist

CREDHIST = {"noor": ["Noor-4 now", "Noor-3", "Noor-2 Ω", "Noor-1"],
            "yuki": ["yuki/2006", "yuki/2005", "yuki/2004", ""]}


def credhist():
    tree = Tree("credhist")
    for i, (name, home, xp) in enumerate((
            ("noor", "Users/noor", False),
            ("yuki", "Documents and Settings/yuki", True))):
        p = Profile(tree, home, f"{PC}-{1001 + i}", xp)
        data, guids = dpapi.credhist(p.sid, CREDHIST[name], p.style, home)
        tree.put(p.top + "Protect/CREDHIST", data)
        new, old = (dpapi.prekey_of(CREDHIST[name][j], p.sid, LOCAL)
                    for j in (0, 2))
        p.capi("demo-" + name, p.master(old, credhist=guids[2]))
        p.master(new, " new", credhist=guids[0])
        for age, password in enumerate(CREDHIST[name]):
            tree.password(name + ("-%d" % age if age else ""), p.sid, password)


# --------------------------------------------------------------------- machine

MACHINE = {"kiosk": "kiosk mode 1!", "ken": "Ken restarted",
           "startup": "Turn me on"}
ALL_USERS = "Documents and Settings/All Users/Application Data/Microsoft/"


def machine_keys(tree, label, xp):
    """(DPAPI_SYSTEM, stored certificate of the machine)."""
    data = ALL_USERS if xp else "ProgramData/Microsoft/"
    system32 = "WINDOWS/system32/" if xp else "Windows/System32/"
    secret, machine, user = lsa.dpapi_system(label)
    style = dpapi.XP if xp else dpapi.SYSTEM
    sid, made = "S-1-5-18", []
    for folder, key in (("", machine), ("User/", user)):
        guid = dpapi.make_guid(f"{label} {folder}")
        body, master = dpapi.master_key_file(guid, sid, key, style,
                                             7 if xp else 6,
                                             str(uuid.UUID(int=0)),
                                             system=machine + user)
        tree.put(f"{system32}Microsoft/Protect/{sid}/{folder}{guid}", body)
        made.append((guid, master))
    ours = dpapi.make_guid(label + " machine container")
    tree.put(f"{data}Crypto/RSA/MachineKeys/" + file_name(ours),
             keyfiles.capi_file(key_of("rsa2048"), ours, made[0], style))
    if xp:
        theirs = dpapi.make_guid(label + " system container")
        folder, key, form = "Crypto/RSA/S-1-5-18/", keyfiles.capi_file, style
        provider = keyfiles.CSP
    else:
        theirs = "te-System-" + dpapi.make_guid(label + " system key")
        folder, key, form = "Crypto/SystemKeys/", keyfiles.cng_file, 2
        provider = keyfiles.KSP
    tree.put(data + folder + file_name(theirs),
             key(key_of("rsa3072"), theirs, made[1], form))
    for whose, name in (("machine", "rsa2048"), ("system", "rsa3072")):
        tree.secret(whose, prime="%x" % key_of(name)["p"])
    der = der_of("rsa3072")
    tree.put(f"{system32}config/systemprofile/" +
             ("Application Data" if xp else "AppData/Roaming") +
             "/Microsoft/SystemCertificates/My/Certificates/" +
             keyfiles.thumbprint(der).upper(),
             keyfiles.stored(der, theirs, provider, True))
    der = der_of("rsa2048")
    return secret, user, (der, keyfiles.stored(der, ours, machine=True))


def logged_on(tree):
    """Users whose passwords the machine keeps; the secrets that keep them."""
    for i, (name, key) in enumerate((("kiosk", "carla"), ("ken", "eve"))):
        p = Profile(tree, "Users/" + name, f"{PC}-{1001 + i}")
        p.capi(key, p.master(dpapi.prekey_of(MACHINE[name], p.sid, LOCAL)))
        tree.password(name, p.sid, MACHINE[name])
    sha1, nt = dpapi.sha1_hash(MACHINE["ken"]), dpapi.nt_hash(MACHINE["ken"])
    tbal = struct.pack("<HHIII", 3, 0xFFFF, 0x64, 5, 0) + nt + bytes(16) + sha1
    return [("DefaultPassword", utf16(MACHINE["kiosk"]), b""),
            ("M$_MSV1_0_TBAL_PRIMARY_{22BE8E5B-58B3-4A87-BA71-41B0ECF3A9EA}",
             tbal.ljust(0x70, b"\0"), b"")]


def network_service(tree, user_key):
    p = Profile(tree, "Windows/ServiceProfiles/NetworkService", "S-1-5-20")
    p.capi("demo-pavel", p.master(dpapi.prekey(user_key, p.sid)))


def machine(name, mode=1, xp=False, log=None):
    tree = Tree(name)
    config = "WINDOWS/system32/config/" if xp else CONFIG
    secret, user_key, cert = machine_keys(tree, name, xp)
    class_key = boot = dpapi.noise(name + " boot key", 16)
    if mode == 2:
        boot = lsa.startup_key(MACHINE["startup"])
    elif mode == 3:
        boot = dpapi.noise(name + " floppy", 16)
        tree.put("StartKey.Key", boot)
    secrets = [("DPAPI_SYSTEM", secret, secret)]
    tree.secret("machine", boot_key=boot.hex(), dpapi_system=secret[4:].hex())
    if mode == 2:
        tree.secret("machine", password=MACHINE["startup"])
    if name == "machine":
        secrets += logged_on(tree)
        network_service(tree, user_key)
    tree.put(config + ("system" if xp else "SYSTEM"), regf.hive(
        lsa.system_hive(class_key, mode), "SYSTEM", xp))
    whole = regf.hive(lsa.security_hive(boot, secrets, name, xp),
                      "emRoot\\System32\\Config\\SECURITY", xp)
    if log:
        other, _, _ = lsa.dpapi_system(name + " before")
        before = regf.hive(lsa.security_hive(boot, [
            ("DPAPI_SYSTEM", other, other)], name, xp),
            "emRoot\\System32\\Config\\SECURITY", xp)
        tree.put(config + "SECURITY.LOG1", log(before, whole, 7))
        tree.put(config + "SECURITY.LOG2", b"")
        whole = regf.dirty(before, 8)
    tree.put(config + "SECURITY", whole)
    if not xp:
        tree.put(config + "SAM", regf.hive(lsa.sam_hive(boot, PC, [
            (1001, "kiosk", dpapi.nt_hash(MACHINE["kiosk"])),
            (1002, "ken", dpapi.nt_hash(MACHINE["ken"]))], name),
            "\\SystemRoot\\System32\\Config\\SAM"))
    tree.put(config + ("software" if xp else "SOFTWARE"),
             software_hive(machine=[cert]))


# ------------------------------------------------------------------------ demo

OFFICE = "S-1-5-21-3623811015-3361044348-30300820"
DEMO = {"amelie": "Kirschblüte 2019", "jonas": "Zwolle-Assen-1987",
        "noor": "not in the list 41", "pavel": "on his laptop"}


def demo():
    """Two whole chains whose passwords are listed, one whose is not, a
    certificate without its key; the fifth, yuki, has left."""
    tree = Tree("demo")
    p, master = {}, {}
    for i, (name, password) in enumerate(DEMO.items()):
        p[name] = Profile(tree, "Users/" + name, f"{OFFICE}-{1001 + i}")
        secret = dpapi.prekey_of(password, p[name].sid, LOCAL)
        if name == "amelie": # the one that Windows prefers is the last
            master["2009"] = p[name].master(secret, " 2009", dpapi.XP)
        if name != "pavel":
            master[name] = p[name].master(secret)
        tree.password(name, p[name].sid, password)
        p[name].ntuser("demo-" + name)
    p["amelie"].capi("demo-amelie", master["amelie"])
    p["amelie"].capi("demo-amelie-2009", master["2009"], dpapi.XP)
    p["jonas"].cng("demo-jonas", master["jonas"])
    p["jonas"].capi("demo-jonas-2014", master["jonas"], dpapi.WINDOWS_7)
    p["noor"].capi("demo-noor", master["noor"])
    p["pavel"].capi("demo-pavel", None, keep=False)
    boot = dpapi.noise("demo boot key", 16)
    tree.secret("machine", boot_key=boot.hex())
    tree.put(CONFIG + "SYSTEM", regf.hive(
        lsa.system_hive(boot, computer="ATELIER-SRV"), "SYSTEM"))
    tree.put(CONFIG + "SAM", regf.hive(lsa.sam_hive(
        boot, OFFICE, [(500, "Administrator", dpapi.nt_hash("disabled"))] +
        [(1001 + i, name, dpapi.nt_hash(password))
         for i, (name, password) in enumerate(DEMO.items())], "demo"),
        "\\SystemRoot\\System32\\Config\\SAM"))
    tree.put(CONFIG + "SOFTWARE", software_hive(
        [(p[n].sid, p[n].home) for n in p],
        [(f"{OFFICE}-500", der_of("demo-agent"))],
        former=[der_of("demo-agent-2009")]))


# ------------------------------------------------------------------- all of it

def wiki(corpus):
    """The real key files, under the names they have on a volume."""
    tree = Tree("wiki")
    source = os.path.join(corpus, "keys/efs-mimikatz-wiki")
    for folder in ("Protect", "Crypto", "SystemCertificates"):
        for at, _, files in os.walk(os.path.join(source, folder)):
            for name in files:
                path = os.path.join(at, name)
                tree.put("Users/gentil/AppData/Roaming/Microsoft/" +
                         os.path.relpath(path, source), load(path))
    thumb = "B53C6DE283C00203587A03DD3D0BF66E16969A55"
    with open(os.path.join(HERE, "wiki.der"), "wb") as f:
        f.write(load(os.path.join(source, thumb + ".der")))


def wiki_secrets():
    """What the wiki publishes, and what make.py --check found to be so."""
    tree = "wiki"
    sid = "S-1-5-21-494464150-3436831043-1864828003-1001"
    guid = "1eccdbd2-4771-4360-8b19-9d6060a061dc"
    top = os.path.join(HERE, tree, "Users/gentil/AppData/Roaming/Microsoft")
    data = load(f"{top}/Protect/{sid}/{guid}")
    key = dpapi.section_open(dpapi.master_key_parts(data)[0],
                             dpapi.prekey_of("waza1234/", sid, LOCAL))
    capi, = os.listdir(f"{top}/Crypto/RSA/{sid}")
    capi = keyfiles.capi_parts(load(f"{top}/Crypto/RSA/{sid}/{capi}"))
    prime = keyfiles.capi_numbers(dpapi.blob_open(capi["private"], key))["p"]
    for what, value in (
            ("sid", sid), ("password", "waza1234/"),
            ("sha1", dpapi.sha1_hash("waza1234/").hex()),
            ("nt", dpapi.nt_hash("waza1234/").hex()), ("guid", guid),
            ("master-key", key.hex()), ("prime", "%x" % prime),
            ("crack1", dpapi.crack_line(data, sid, 1))):
        SECRETS.append((tree, "gentil", what, value))


def backup_pfx():
    """Made once, and kept: its certificate is in the clear."""
    path = os.path.join(HERE, "backup.pfx")
    if os.path.exists(path):
        return
    der = subprocess.run(["openssl", "x509", "-inform", "DER", "-in",
                          f"{KEYS}/agent2.der"], check=True,
                         capture_output=True).stdout
    subprocess.run(["openssl", "pkcs12", "-export", "-inkey",
                    f"{KEYS}/agent2.key", "-keypbe", "AES-256-CBC",
                    "-certpbe", "NONE", "-macalg", "SHA256", "-iter", "2000",
                    "-passout", f"file:{KEYS}/password.txt", "-out", path],
                   input=der, check=True)


def everything():
    backup_pfx()
    wiki_secrets()
    five()
    domain()
    credhist()
    machine("machine")
    machine("machine-xp", xp=True)
    machine("machine-startup", mode=2)
    machine("machine-floppy", mode=3)
    machine("machine-dirty", log=regf.log)
    machine("machine-dirty7", log=regf.old_log)
    demo()
    with open(os.path.join(HERE, "secrets.tsv"), "w", encoding="utf-8") as f:
        f.write("#tree\twhose\twhat\tvalue\n")
        f.writelines("\t".join(row) + "\n" for row in SECRETS)
