# SPDX-License-Identifier: MIT
"""Write an RSA key (PKCS#1) of three primes that says it is one of two."""
import math
import sys

E = 65537


def der(tag, body):
    n = len(body)
    if n < 128:
        return bytes([tag, n]) + body
    size = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def integer(n):
    return der(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


a, b, p = (int(x, 16) for x in sys.argv[1:])
q = a * b
d = pow(E, -1, math.lcm(a - 1, b - 1, p - 1))
parts = 0, p * q, E, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)
key = b"".join(integer(n) for n in parts)
sys.stdout.buffer.write(der(0x30, key))
