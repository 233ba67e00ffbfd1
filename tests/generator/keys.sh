#!/bin/sh
# SPDX-License-Identifier: MIT
#
# keys.sh OUT - make the keys, certificates and PKCS#12 files of the tests
#
# Only what is missing is made, so that the keys in testdata/keys, and with
# them the images, stay what they are.  A name NAME gives
#
#	NAME.key	private key, PKCS#8 PEM, not encrypted
#	NAME.der	self-signed certificate
#	NAME.pfx	both, as Windows 10 of today exports them (AES-256, SHA-256)
#
# and the password of everything that has one is in password.txt.  Beside
# openssl(1), certtool(1) of GnuTLS is needed: it alone puts several keys into
# one PKCS#12 file.
set -eu

out=${1:?usage: keys.sh OUT}
mkdir -p "$out"
cd "$out"
umask 022

[ -e password.txt ] || echo 'Pa55w0rd-f0r-tests' >password.txt
pass="file:password.txt"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# The last arc 40 (or 4.10) is there for ntfsdecrypt, which cuts the last digit
# off the identifier before it compares it.
user_eku=1.3.6.1.4.1.311.10.3.4,1.3.6.1.4.1.311.10.3.40
agent_eku=1.3.6.1.4.1.311.10.3.4.1,1.3.6.1.4.1.311.10.3.4.10

# Run openssl, and show what it said only when it fails.
quiet() {
	openssl "$@" 2>"$tmp/log" || { cat "$tmp/log" >&2; exit 1; }
}

private() { # NAME BITS
	[ -e "$1.key" ] && return
	quiet genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" \
		-out "$1.key"
}

# As Windows signs them itself: one name, a hundred years.
certificate() { # NAME EKU KEY
	[ -e "$1.der" ] && return
	quiet req -x509 -new -key "$3.key" -sha256 -days 36500 \
		-subj "/CN=$1" -outform DER -out "$1.der" \
		-addext "extendedKeyUsage=$2" -addext "subjectAltName=\
otherName:1.3.6.1.4.1.311.20.2.3;UTF8:$1@PC"
}

pem() { # NAME
	openssl x509 -inform DER -in "$1.der" -out "$tmp/$1.pem"
}

pfx() { # FILE NAME KEY OPTIONS...
	file=$1 name=$2 key=$3
	shift 3
	[ -e "$file" ] && return
	pem "$name"
	quiet pkcs12 -export -in "$tmp/$name.pem" -inkey "$key.key" \
		-name "$name" -out "$file" "$@"
}

modern() { # FILE NAME KEY
	pfx "$1" "$2" "$3" -passout "$pass" -keypbe AES-256-CBC \
		-certpbe AES-256-CBC -macalg SHA256 -iter 2000
}

person() { # NAME BITS
	private "$1" "$2"
	certificate "$1" "$user_eku" "$1"
	modern "$1.pfx" "$1" "$1"
}

agent() { # NAME BITS
	private "$1" "$2"
	certificate "$1" "$agent_eku" "$1"
	modern "$1.pfx" "$1" "$1"
}

# A certificate whose time is over, over a key that lives.
expired() { # NAME KEY [FROM TO]
	[ -e "$1.der" ] && return
	cat >"$tmp/ca.conf" <<-EOF
		[ca]
		default_ca = a
		[a]
		database = $tmp/index
		serial = $tmp/serial
		new_certs_dir = $tmp
		default_md = sha256
		policy = p
		x509_extensions = x
		[p]
		commonName = supplied
		[x]
		extendedKeyUsage = $user_eku
	EOF
	: >"$tmp/index"
	echo 01 >"$tmp/serial"
	quiet req -new -key "$2.key" -subj "/CN=$1" -out "$tmp/csr"
	quiet ca -batch -selfsign -config "$tmp/ca.conf" -in "$tmp/csr" \
		-keyfile "$2.key" -startdate "${3:-20010101}000000Z" \
		-enddate "${4:-20020101}000000Z" -notext -out "$tmp/ca.pem"
	openssl x509 -in "$tmp/ca.pem" -outform DER -out "$1.der"
}

# Several keys and their certificates in one file.
several() { # FILE NAME...
	file=$1
	shift
	[ -e "$file" ] && return
	: >"$tmp/keys"
	: >"$tmp/certs"
	for name; do
		pem "$name"
		cat "$name.key" >>"$tmp/keys"
		cat "$tmp/$name.pem" >>"$tmp/certs"
	done
	certtool --to-p12 --load-privkey "$tmp/keys" \
		--load-certificate "$tmp/certs" --p12-name several \
		--password "$(cat password.txt)" --pkcs-cipher aes-256 \
		--outder --outfile "$file" 2>"$tmp/log" ||
		{ cat "$tmp/log" >&2; exit 1; }
}

# ------------------------------------------------------------- sizes, people

for bits in 512 1024 2048 3072 4096; do
	person "rsa$bits" "$bits"
done
person rsa16384 16384 # minutes
person ann 2048
person bob 2048
person carla 3072
person dmitri 4096
person eve 1024
person stranger 2048 # opens nothing, and has the modulus length of ann
agent agent 2048
agent agent2 4096

# The same key under other certificates.
certificate ann-renewed "$user_eku" ann
modern ann-renewed.pfx ann-renewed ann
expired ann-expired ann
modern ann-expired.pfx ann-expired ann

# A certificate for something else: EFS never asks once the file is written.
certificate ann-no-eku 1.3.6.1.5.5.7.3.2 ann

# -------------------------------------------------- PKCS#12, as Windows did

# Windows 2000 to 7: RC2-40 certificates, 3DES key.  Windows 10: 3DES both.
pfx rsa2048-rc2.pfx rsa2048 rsa2048 -passout "$pass" -legacy \
	-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg SHA1 -iter 2000
pfx rsa2048-3des.pfx rsa2048 rsa2048 -passout "$pass" \
	-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -iter 2000
pfx rsa2048-blank.pfx rsa2048 rsa2048 -passout pass: \
	-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -iter 2000
pfx rsa2048-blank-aes.pfx rsa2048 rsa2048 -passout pass: \
	-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg SHA256 -iter 2000
pfx rsa2048-open.pfx rsa2048 rsa2048 -passout pass: -keypbe NONE \
	-certpbe NONE -nomac
[ -e cert-only.pfx ] || { pem ann; quiet pkcs12 -export -nokeys \
	-in "$tmp/ann.pem" -passout "$pass" -out cert-only.pfx; }
several several.pfx ann bob carla

# ------------------------------------------------ the other forms of one key

form() { # FILE COMMAND...
	file=$1
	shift
	[ -e "$file" ] || quiet "$@" -in rsa2048.key -out "$file"
}

form rsa2048.p8.der pkcs8 -topk8 -nocrypt -outform DER
form rsa2048-enc.pem pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 \
	-passout "$pass"
form rsa2048-enc.der pkcs8 -topk8 -v2 aes-256-cbc -outform DER \
	-passout "$pass"
form rsa2048-enc-3des.pem pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout "$pass"
form rsa2048-trad.pem rsa -traditional
form rsa2048-trad.der rsa -traditional -outform DER
form rsa2048-trad-enc.pem rsa -traditional -aes128 -passout "$pass"
form rsa2048.pvk rsa -outform PVK -pvk-none
form rsa2048-enc.pvk rsa -outform PVK -pvk-strong -passout "$pass" \
	-provider legacy -provider default
form rsa2048.blob rsa -outform MSBLOB
[ -e rsa2048.pub.pem ] || quiet pkey -in rsa2048.key -pubout \
	-out rsa2048.pub.pem
[ -e rsa2048.cert.pem ] || { pem rsa2048; cp "$tmp/rsa2048.pem" \
	rsa2048.cert.pem; }
[ -e rsa2048.both.pem ] || cat rsa2048.cert.pem rsa2048.key \
	>rsa2048.both.pem

# ------------------------------------------------------------------ the demo

for name in amelie jonas noor pavel yuki; do
	person "demo-$name" 2048
done
agent demo-agent 2048
# What came before: a short key, a certificate that has expired, a former agent.
person demo-amelie-2009 1024
private demo-jonas-2014 2048
expired demo-jonas-2014 demo-jonas-2014 20140301 20160301
agent demo-agent-2009 2048
chmod 644 ./*
