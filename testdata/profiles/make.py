#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py - the made-up Windows profiles of this folder

	make.py                 write the trees and lists
	make.py --check CORPUS  hold the writers' reading halves to real samples
	make.py --wiki CORPUS   copy the real key files of `wiki`

Python's standard library and the `cryptography` package; salts and keys come
from labels, so a second run changes nothing.
"""
import sys

import check
import expect
import people

if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        sys.exit(check.run(sys.argv[2]) != 0)
    elif sys.argv[1:2] == ["--wiki"]:
        people.wiki(sys.argv[2])
    elif len(sys.argv) == 1:
        people.everything()
        expect.five()
    else:
        sys.exit(__doc__)
