#!/bin/sh
# SPDX-License-Identifier: MIT
#
# make.sh - make the files of this folder that Windows did not make
#
# Written by openssl(1) and certtool(1), and one, that neither can write, by
# hand.  Run it here, once; the files are kept, because keys are random.
set -eu
umask 022
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
keys=../keys

cp "$keys/rsa512.key" "$tmp/key"
openssl x509 -inform DER -in "$keys/rsa512.der" -out "$tmp/cert"

pfx() { # FILE OPTION...
	file=$1
	shift
	[ -e "$file" ] && return
	openssl pkcs12 -export -inkey "$tmp/key" -in "$tmp/cert" \
		-out "$file" -passout pass:test "$@"
}

pfx no-mac.pfx -nomac
# 16,777,215 iterations: more than anyone has patience for.
pfx slow.pfx -iter 16777215 -nomac

# One password for the MAC, another for what is inside.
[ -e two-passwords.pfx ] || printf 'outer\nouter\ninner\ninner\n' |
	setsid -w openssl pkcs12 -export -inkey "$tmp/key" -in "$tmp/cert" \
	-out two-passwords.pfx -twopass || rm -f two-passwords.pfx

# Letters outside ASCII, and one outside the basic plane; two libraries.
[ -e unicode-gnutls.pfx ] || certtool --to-p12 --outder --outfile \
	unicode-gnutls.pfx --load-privkey "$tmp/key" --load-certificate \
	"$tmp/cert" --p12-name x --password 'pä€ß' \
	--pkcs-cipher 3des-pkcs12 >/dev/null 2>&1
pfx unicode-openssl.pfx -passout 'pass:pä€ß' -legacy

# Not RSA.
if ! [ -e ec.pfx ]; then
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout ec.pem -out "$tmp/ec" -subj /CN=ec -days 36500
	openssl pkcs12 -export -inkey ec.pem -in "$tmp/ec" -out ec.pfx \
		-passout pass:test
fi

[ -e nested.pfx ] || python3 nested.py "$keys/rsa512.der" "$keys/rsa512.key" \
	>nested.pfx
[ -e deep.pfx ] || python3 nested.py "$keys/rsa512.der" "$keys/rsa512.key" \
	12 >deep.pfx

# An authority's new key, signed by its old one: it names itself all the same.
if ! [ -e rekeyed.der ]; then
	printf '%s\n' subjectKeyIdentifier=hash authorityKeyIdentifier=keyid \
		>"$tmp/ext"
	openssl req -new -key "$keys/rsa1024.key" -subj /CN=rsa512 |
		openssl x509 -req -CA "$tmp/cert" -CAkey "$tmp/key" -days 36500 \
		-extfile "$tmp/ext" -outform DER -out rekeyed.der
fi

# Its q is the product of two primes: seen only when the key is used.
prime() { openssl prime -generate -hex -bits "$1"; }
[ -e composite.der ] || python3 composite.py "$(prime 128)" "$(prime 129)" \
	"$(prime 256)" >composite.der

# A sound file key structure of a cipher that does not exist, wrapped as EFS
# does it (PKCS#1 v1.5, bytes reversed) for the key of 512 bits.
[ -e wrapped-unknown.bin ] || perl -e \
	'print pack "V4 a16", 16, 128, 0x6699, 0, "0123456789abcdef"' |
	openssl pkeyutl -encrypt -inkey "$tmp/key" |
	perl -0777 -ne 'print scalar reverse' >wrapped-unknown.bin
