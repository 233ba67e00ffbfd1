# SPDX-License-Identifier: MIT
"""Write a PFX without a MAC whose bags are in bags of bags (RFC 7292 4.2.6)."""
import base64
import sys


def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    if n < 128:
        return bytes([tag, n]) + body
    size = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def oid(text):
    first, second, *rest = (int(x) for x in text.split("."))
    body = bytes([40 * first + second])
    for x in rest:
        part = [x & 0x7F]
        while x := x >> 7:
            part.append(0x80 | x & 0x7F)
        body += bytes(reversed(part))
    return der(0x06, body)


def seq(*parts):
    return der(0x30, *parts)


def bag(kind, value):
    return seq(oid("1.2.840.113549.1.12.10.1." + kind), der(0xA0, value))


def data(value):
    return seq(oid("1.2.840.113549.1.7.1"), der(0xA0, der(0x04, value)))


cert = open(sys.argv[1], "rb").read()
pem = open(sys.argv[2]).read().split("-----")[2]
depth = int(sys.argv[3]) if len(sys.argv) > 3 else 3

x509 = seq(oid("1.2.840.113549.1.9.22.1"), der(0xA0, der(0x04, cert)))
inner = seq(bag("3", x509))
for _ in range(depth - 1):
    inner = seq(bag("6", inner))
both = seq(bag("1", base64.b64decode(pem)), bag("6", inner))
sys.stdout.buffer.write(seq(der(0x02, b"\3"), data(seq(data(both)))))
