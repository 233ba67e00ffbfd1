# SPDX-License-Identifier: MIT
"""expect.py - what each key of the image `five` opens, counted in its spec"""
import os
import re

import keyfiles
import people

SPECS = os.path.join(people.HERE, "../../tests/generator/specs/")

# state with words.txt, what unlocks it, what is missing
STATES = {
    "ann": ("unlocked", "a password of words.txt", "-"),
    "bob": ("unlocked", "the blank password", "-"),
    "carla": ("locked", "-", "password"),
    "dmitri": ("locked", "-", "master_key"),
    "eve": ("public", "-", "key_file"),
    "backup": ("locked", "-", "file_password"),
    "agent": ("public", "-", "private_key"),
    "gone": ("absent", "-", "private_key"),
}


def five():
    der, files = {}, []
    with open(SPECS + "five.spec", encoding="utf-8") as f:
        for line in f:
            if m := re.match(r"key (\S+) cert=\$KEYS/(\S+)\.der", line):
                der[m[1]] = people.der_of(m[2])
            elif line.startswith("file "):
                openers = re.findall(r" (?:ddf|drf)=(\S+)", line)
                files.append(set(",".join(openers).split(",")))
    opened = [f for f in files if any(STATES[k][0] == "unlocked" for k in f)]
    with open(SPECS + "five.tsv", "w") as out:
        out.write("#name\tthumbprint\topens\tstate\tunlocked by\tmissing\t"
                  "opens that are closed\n")
        for name, (state, by, missing) in STATES.items():
            mine = [f for f in files if name in f]
            more = [f for f in mine if f not in opened]
            out.write("\t".join((name, keyfiles.thumbprint(der[name]),
                                 str(len(mine)), state, by, missing,
                                 str(len(more)))) + "\n")
        out.write(f"#all\t-\t{len(files)}\n#open\t-\t{len(opened)}\n")
