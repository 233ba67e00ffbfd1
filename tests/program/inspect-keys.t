#!/bin/sh
# SPDX-License-Identifier: MIT
#
# inspect-keys.t - inspect of CAPI and CNG key files, stored certificates and
# recovery policies
#
# What is expected is in testdata/winkeys/README.md, in the expected.json of
# each folder of the corpus, in a file's name, or what openssl(1) says.
. tests/program/lib.sh
win=testdata/winkeys
capi=$win/capi_701577141985b6923998dcca035c007a_f8b7bbef-d227-4ac7-badd-3a238a7f741e
cng=$win/cng_inner_keyfile.bin
cert=$win/cert_3B83BFA7037F6A79B3F3D17D229E1BC097F35B51

# Fields of the last output, in one line.
fields() { jq -r "$1" "$tmp/out" | tr '\n' ' '; }
lower() { tr A-F a-f; }

# A value of an expected.json, and a GUID of one as inspect prints it.
value() { jq -r "$2" "$corpus/keys/$1/expected.json"; }
guid() { echo "{$(value "$1" "$2")}"; }

# inspected FILE TYPE
inspected() {
	name=$(basename "$1")
	run inspect "$1"
	is "$rc $(fields .type)" "0 $2 " "$name: is a $2"
	is "$(fields '[.. | .reason? // empty] | length')" '0 ' \
		"$name: nothing is wrong with it"
	clean_run "$name"
}

# part FILE OFFSET LENGTH: these bytes.  digits: in hexadecimal.
part() { tail -c "+$(($2 + 1))" "$1" | head -c "$3"; }
digits() { xxd -p -c1 | tr -d '\n'; }
backwards() { xxd -p -c1 | tac | tr -d '\n'; }

# x509 FILE: SHA-1, subject and end of a certificate in DER, by openssl.
x509() {
	openssl x509 -inform DER -in "$1" -noout -fingerprint -sha1 |
		sed 's/.*=//; s/://g' | lower
	openssl x509 -inform DER -in "$1" -noout -subject |
		sed 's/^subject=//; s/ = /=/g'
	date -u -d "$(openssl x509 -inform DER -in "$1" -noout -enddate |
		sed 's/.*=//')" +%Y-%m-%dT%H:%M:%S.0000000Z
}
# certificate JQ FILE NAME: the certificate at that place is that of the file.
certificate() {
	is "$(jq -r "$1 | .thumbprint, .subject, .not_after" "$tmp/out")" \
		"$(x509 "$2")" "$3: as openssl has it"
}

# --------------------------------------------------------------- testdata
inspected "$capi" 'CAPI private key'
is "$(fields '.version, .container, .signature')" \
	'2 472576b9-14d6-44c3-bfaf-bccd074d4695 null ' 'CAPI: container'
is "$(fields '.exchange | .private_key, .export_flag |
	.size, .master_key, .cipher, .hash')" \
	'1532 {47070660-c259-4d90-8bc9-187605323450} 3DES SHA-1 168 {47070660-c259-4d90-8bc9-187605323450} 3DES SHA-1 ' \
	'CAPI: what is locked'
is "$(fields '.exchange.public_key | .rsa_bits, .exponent, .modulus')" \
	"2048 00010001 $(part "$capi" 0x75 256 | backwards) " \
	'CAPI: public key'

inspected $win/capi-both.bin 'CAPI private key'
for pair in 'signature rsa512' 'exchange rsa2048'; do
	key=${pair#* }
	is "$(fields ".${pair% *}.public_key.modulus")" \
		"$(openssl rsa -in "$keys/$key.key" -noout -modulus |
		sed 's/.*=//' | lower) " "CAPI with both pairs: ${pair% *}"
done
is "$(fields '.container, .signature.export_flag.size, .exchange.export_flag')" \
	'both 84 null ' 'CAPI with both pairs: export flags'

inspected $cng 'CNG private key'
is "$(fields '.name, .key_type, .key_type_id')" \
	'te-SWSmartcardLogon-3462dcbf-1252-4619-ad7f-9296e1f2b426 RSA 196609 ' \
	'CNG: name and type'
is "$(fields '.private_properties, .private_key | .size, .master_key')" \
	'334 {563e7e10-0351-4855-8f9a-5c6ba86a2c04} 704 {563e7e10-0351-4855-8f9a-5c6ba86a2c04} ' \
	'CNG: what is locked'
# Of a FILETIME, the seconds since 1970.
seconds=$((0x$(part $cng 0xc0 8 | backwards) / 10000000 - 11644473600))
is "$(fields '.public_properties[0] | .type, .name, .time[0:19]')" \
	"0 Modified $(date -u -d @$seconds +%Y-%m-%dT%H:%M:%S) " \
	'CNG: when it was changed'
is "$(fields '.public_properties[1] | .type, .public_key.rsa_bits,
	.public_key.exponent, .public_key.modulus')" \
	"10 2048 010001 $(part $cng 0xf7 256 | digits) " 'CNG: public key'
inspected $win/cng-ecdh.bin 'CNG private key'
is "$(fields '.name, .key_type, (.public_properties[] |
	.public_key.use, .public_key.ecc_bits, .value)')" \
	'an ECDH key null null null null ECDH 256 null null null 756e6b6e6f776e ' \
	'CNG: an elliptic key, and a property of an unknown type'

inspected "$cert" 'stored certificate'
part "$cert" 0x2ac 1522 >"$tmp/der"
certificate .certificate "$tmp/der" 'certificate'
is "$(fields '.thumbprint, .thumbprint_valid, .certificate.efs')" \
	"$(echo "${cert##*_}" | lower) true true " 'certificate: its own name'
is "$(fields .key_id)" 'c6b90b1eb003176318069c64188e7bfcf02e249c ' \
	'certificate: key identifier'
is "$(fields '.key | .container, .provider, .provider_type, .flags, .key_spec')" \
	'te-TestTemplate-dda6a29b-3e38-4528-8785-7c95d30c631a Microsoft Software Key Storage Provider 0 0 0 ' \
	'certificate: where its key is'
is "$(fields '.properties[].id')" '3 4 15 20 25 92 24 2 87 71 32 ' \
	'certificate: its properties'
inspected $win/store.bin 'stored certificate'
certificate .certificate "$keys/ann.der" 'made up certificate'
is "$(fields '.friendly_name, .thumbprint, .thumbprint_valid, .key.container,
	.key.flags')" "Ann null null ann's key 32 " 'made up certificate: fields'
inspected $win/store-keys.bin 'stored certificate'
is "$(fields '.certificate, .key.container')" 'null only a key ' \
	'the place of a key without a certificate'

inspected $win/policy.bin 'EFS recovery policy'
is "$(fields '.agents[] | .credential_type, .sid')" \
	'2 S-1-5-21-1-2-3-500 2 null ' 'policy: agents'
certificate '.agents[0].certificate' "$keys/agent.der" 'policy: agent'
certificate '.agents[1].certificate' "$keys/agent2.der" 'policy: second agent'
is "$(fields '.agents[].certificate.file_recovery')" 'true true ' \
	'policy: the certificates are for recovery'

# ---------------------------------------------------------------- damaged
head -c 400 "$capi" >"$tmp/cut"
run inspect "$tmp/cut"
is "$rc $(fields '.type, .container, .exchange.public_key.rsa_bits,
	.exchange.private_key, .reason')" \
	'0 CAPI private key 472576b9-14d6-44c3-bfaf-bccd074d4695 2048 null parts of a CAPI key file ' \
	'a CAPI file that is cut short: what there is of it'
head -c 600 $cng >"$tmp/cut"
run inspect "$tmp/cut"
is "$rc $(fields '.type, (.public_properties | length), .private_key, .reason')" \
	'0 CNG private key 2 null parts of a CNG key file ' \
	'a CNG file that is cut short: what there is of it'
head -c 1000 "$cert" >"$tmp/cut"
run inspect "$tmp/cut"
is "$rc $(fields '.type, .key.key_spec, .certificate, .reason')" \
	'0 stored certificate 0 null property of a certificate ' \
	'a certificate that is cut short: where its key is'
head -c 1500 $win/policy.bin >"$tmp/cut"
run inspect "$tmp/cut"
is "$rc $(fields '.type, (.agents | length), .reason')" \
	'0 EFS recovery policy 1 recovery agent ' \
	'a policy that is cut short: its first agent'
# A certificate whose stored thumbprint is another's; one that is none.
{ part "$cert" 0 12; head -c 20 /dev/zero; part "$cert" 32 9999; } >"$tmp/other"
run inspect "$tmp/other"
is "$(fields '.thumbprint_valid, .certificate.thumbprint')" \
	"false $(echo "${cert##*_}" | lower) " 'a thumbprint that is not the own'
printf '\40\0\0\0\1\0\0\0\4\0\0\0none' >"$tmp/none"
run inspect "$tmp/none"
is "$(fields '.certificate.thumbprint, .certificate.reason')" \
	"$(printf none | sha1sum | cut -d' ' -f1) not a certificate " \
	'what is no certificate'

# A private key where a public one belongs is not printed.
{
	printf '\2\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\270\4\0\0\0\0\0\0'
	printf '\24\0\0\0\0\0\0\0\0\0\0\0'
	head -c 21 /dev/zero
	cat $win/capi-private.bin
} >"$tmp/leak"
run inspect "$tmp/leak"
is "$rc $(fields '.type, .exchange.public_key.reason')" \
	'0 CAPI private key not a public key ' 'CAPI: a private key in the clear'
{
	printf '\1\0\0\0\0\0\0\0\0\0\0\0\1\0\3\0\57\2\0\0\0\0\0\0\0\0\0\0'
	head -c 16 /dev/zero
	printf '\57\2\0\0\12\0\0\0\0\0\0\0\0\0\0\0\33\2\0\0'
	cat $win/bcrypt-rsa2.bin
} >"$tmp/leak2"
run inspect "$tmp/leak2"
is "$rc $(fields '.type, .reason, .public_properties[0].value_size')" \
	'0 CNG private key null 539 ' 'CNG: a private key in the clear'
"$efsleuth" inspect "$tmp/leak" "$tmp/leak2" >"$tmp/out" 2>&1
prime=$(openssl rsa -in "$keys/rsa2048.key" -noout -text |
	sed -n '/^prime1/,/^prime2/p' | tr -d ' :\n' | sed 's/^prime1//; s/prime2$//')
grep -qE "$(echo "$prime" | cut -c3-34)|$(part $win/capi-private.bin 284 16 |
	digits)" "$tmp/out"
is $? 1 'no private number is printed'
part $win/bcrypt-rsa2.bin 283 16 | digits | grep -qF "$(echo "$prime" | cut -c3-34)"
ok $? 'that number is one that would have been found'

for f in testdata/fuzz/capi_key/* testdata/fuzz/cng_key/* \
	testdata/fuzz/cert_store/* testdata/fuzz/efs_policy/*; do
	run inspect "$f"
	# What a fuzzer found has a hash for a name, and may be no such file.
	expr "$f" : '.*/[0-9a-f]\{40\}$' >"$tmp/hash" || is $rc 0 "inspect $f"
	clean_run "inspect $f"
done

# No kind takes what is another's.
mine='CAPI private|CNG|stored cert|recovery policy'
for f in "$keys"/ann.pfx "$keys"/ann.der "$keys"/rsa2048.pvk \
	"$keys"/rsa2048.blob testdata/efs-win10-aes256/efs-attribute.bin \
	testdata/dpapi/*[0-9a-z] testdata/pfx/*.p* "$win"/DPAPI*; do
	case $f in *.md | *.py) continue ;; esac
	run inspect "$f"
	grep -qE "\"type\": \"($mine)" "$tmp/out"
	is $? 1 "$(basename "$f") is none of these"
done

# ----------------------------------------------------------------- corpus
corpus=${CORPUS:-}
if [ ! -d "$corpus/keys" ]; then
	skip 'files of the corpus' 'CORPUS names no folder of real samples'
	done_testing
	exit 0
fi

chain=$corpus/keys/efs-mimikatz-wiki
wiki=efs-mimikatz-wiki
inspected "$chain/Crypto/RSA/$(value $wiki .sid)/$(value $wiki .key_file)" \
	'CAPI private key'
is "$(fields .container)" "$(value $wiki .container) " 'chain: container'
is "$(fields '[.exchange.private_key, .exchange.export_flag | .master_key] |
	unique[]')" "$(guid $wiki .masterkey_guid) " 'chain: master key'
is "$(fields .exchange.public_key.modulus)" \
	"$(openssl rsa -in "$chain/private_key_expected.pem" -noout -modulus |
	sed 's/.*=//' | lower) " 'chain: public key'
thumb=$(value $wiki .cert_thumbprint)
inspected "$chain/SystemCertificates/My/Certificates/$thumb" \
	'stored certificate'
certificate .certificate "$chain/$thumb.der" 'chain: certificate'
is "$(fields '.thumbprint, .thumbprint_valid, .key.container, .key.key_spec')" \
	"$(echo "$thumb" | lower) true $(value $wiki .container) 1 " \
	'chain: from the certificate to the key'

inspected "$corpus"/keys/cng-ecdsa-p256/de7cf8a7* 'CNG private key'
point=$(value cng-ecdsa-p256 '.expected_private[16:144]')
is "$(fields '.public_properties[1].public_key | .use, .ecc_bits, .x + .y')" \
	"ECDSA 256 $point " 'CNG ECDSA: the point of its private key'
is "$(fields '[.private_key, .private_properties | .master_key] | unique[]')" \
	"$(guid cng-ecdsa-p256 .masterkey_guid) " 'CNG ECDSA: master key'
inspected "$corpus/keys/cng-aes-chromekey1/dpapi_cng_Google Chromekey1" \
	'CNG private key'
is "$(fields '.name, .key_type')" 'Google Chromekey1 symmetric ' \
	'CNG AES: name and type'
is "$(fields '[.private_key, .private_properties | .master_key] | unique[]')" \
	"$(guid cng-aes-chromekey1 .masterkey_guid) " 'CNG AES: master key'

for domain in active_htb myad; do
	inspected "$corpus/efs-policy/${domain}_EFSBlob.bin" \
		'EFS recovery policy'
	is "$(fields '.agents | length, .[0].sid[-4:], .[0].certificate.file_recovery')" \
		'1 -500 true ' "$domain: its agent is the administrator"
	certificate '.agents[0].certificate' \
		"$corpus/efs-policy/${domain}_dra_cert.der" "$domain"
done
# Of the policy file: the values EfsBlob and Blob, and the name of its key.
pol=$corpus/efs-policy/contoso_Default_Domain_Policy_Registry.pol
part "$pol" 0x174 972 >"$tmp/EfsBlob"
part "$pol" 0x630 1164 >"$tmp/Blob"
part "$pol" 0x734 904 >"$tmp/der"
thumb=$(part "$pol" 0x5c4 80 | tr -d '\0' | lower)
inspected "$tmp/EfsBlob" 'EFS recovery policy'
certificate '.agents[0].certificate' "$tmp/der" 'contoso: EfsBlob'
is "$(fields '.agents[0].certificate.thumbprint')" "$thumb " \
	'contoso: EfsBlob: the key that is named so'
inspected "$tmp/Blob" 'stored certificate'
certificate .certificate "$tmp/der" 'contoso: Blob'
is "$(fields '.thumbprint, .thumbprint_valid, .key.provider')" \
	"$thumb true Microsoft Enhanced Cryptographic Provider v1.0 " \
	'contoso: Blob'

# Nothing else of the corpus is taken for one of these.
find "$corpus/keys" "$corpus/efs-policy" "$corpus/efs-win10-aes256" -type f \
	! -path '*/Crypto/*' ! -path '*/SystemCertificates/*' ! -name 'capi_*' \
	! -name 'cng_inner*' ! -name 'cert_*' ! -path '*/cng-*' \
	! -name '*EFSBlob.bin' ! -name '*.xz' |
	while IFS= read -r f; do
		"$efsleuth" inspect "$f" 2>/dev/null
	done >"$tmp/out"
is "$(jq -r --arg mine "$mine" 'select(.type | test($mine)) | .file' \
	"$tmp/out")" '' 'no other file of the corpus is taken for one of these'
# A terminal obeys none of what a name holds: U+009B begins a sequence, too.
name=$(printf 'a\302\2331m\342\200\256b')
cp "$keys/agent.pfx" "$tmp/$name"
run inspect "$tmp/$name"
grep -q '/a\\u009b1m\\u202eb",$' "$tmp/out"
ok $? 'a name that commands a terminal: shown'
is "$(jq -r .file "$tmp/out")" "$tmp/$name" 'a name that commands a terminal: the same'

done_testing
