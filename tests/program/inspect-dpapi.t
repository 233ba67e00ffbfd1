#!/bin/sh
# SPDX-License-Identifier: MIT
#
# inspect-dpapi.t - inspect of master keys, DPAPI blobs and CREDHIST files
#
# What is expected is in testdata/dpapi/README.md, and in the expected.json of
# each folder of the corpus.
. tests/program/lib.sh
dpapi=testdata/dpapi

# Fields of the last output, in one line.
fields() { jq -r "$1" "$tmp/out" | tr '\n' ' '; }

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

key='.version, .rounds, .hash, .cipher, .ciphertext_size'
aes='SHA-512 AES-256'
tdes='HMAC-SHA-1 3DES'

# --------------------------------------------------------------- testdata
inspected $dpapi/systemMasterKeyFile.bin 'DPAPI master key'
is "$(fields '.version, .guid, .policy, .flags')" \
	'2 {ea95eba8-ba00-4e1a-b43f-51ea30171d11} 0 6 ' 'system key: header'
is "$(fields ".password | .salt, $key")" \
	"f42f61ea0c9647bf403819898452089f 2 17400 $aes 144 " \
	'system key: password part'
is "$(fields ".backup | .salt, $key")" \
	"bdc1f9592357353a2a3ebcf8cedc72bb 2 17400 $aes 112 " \
	'system key: backup part'
is "$(fields '.credhist.version, .credhist.guid, .domain')" \
	'3 {00000000-0000-0000-0000-000000000000} null ' \
	'system key: CREDHIST part, no domain part'

inspected $dpapi/adminMasterKeyFile.bin 'DPAPI master key'
is "$(fields '.guid, .flags')" \
	'{3a43ac71-52d1-4b15-84cb-01a5e7f06350} 0 ' 'domain key: header'
is "$(fields ".password | .salt, $key, .hash_id, .cipher_id")" \
	"d7083641a3fc105b8700ead086530432 2 24000 $tdes 104 32777 26115 " \
	'domain key: password part'
is "$(fields '.credhist, (.domain | .version, .backup_key, .secret_size,
	.access_check_size)')" \
	'null 2 {e7de99e9-4b27-44c0-a1be-f3f43dc8a89f} 256 88 ' \
	'domain key: domain part'

inspected $dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5 \
	'DPAPI master key'
is "$(fields '.guid, .password.rounds, .backup.rounds, .domain.backup_key')" \
	'{7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5} 18000 18000 {efe756ec-f87c-493a-902f-259030203445} ' \
	'another domain key'
inspected $dpapi/masterkey_563e7e10-0351-4855-8f9a-5c6ba86a2c04 \
	'DPAPI master key'
is "$(fields ".flags, (.password | $key), .credhist.guid")" \
	"5 2 8000 $aes 144 {a44eee15-f54b-4dfd-a50b-452bbd415b0e} " \
	"a user's key"

for entropy in entropy noentropy; do
	inspected $dpapi/blob_$entropy.bin 'DPAPI blob'
	is "$(fields '.master_key, .flags, .description, .cipher, .cipher_bits,
		.hash, .hash_bits, .data_size, .blob_size')" \
		'{5e9ff133-40e3-4abe-8a2e-2b4e62bd0cc6} 0 null AES-256 256 SHA-512 512 32 246 ' \
		"blob, $entropy"
done
is "$(fields '.provider, .salt, .hmac_salt, .strong_key')" \
	'{df9d8cd0-1501-11d1-8c7a-00c04fc297eb} 0d1af96e5e102266fd36d96ac7d1595552e5a4e972463f77e6e227f22d5fc8df 834f3c5710c8a7474f7dbcea8ba28ab8e4d4443f50a0c63ff4eba1cce485295f null ' \
	'blob: provider and salts'
tail -c +13 $dpapi/credentialFile.bin >"$tmp/credential"
inspected "$tmp/credential" 'DPAPI blob'
is "$(fields '.master_key, .flags, .cipher, .cipher_bits, .hash, .salt,
	.signature')" \
	'{3a43ac71-52d1-4b15-84cb-01a5e7f06350} 536870912 3DES 192 SHA-1 5887dbebc037d8efb5a39f692323214c b7e525fd432a52f90d640b7ff047e943f3d3708c ' \
	'blob of a credential'
is "$(jq .description "$tmp/out")" '"Enterprise Credential Data\r\n"' \
	'blob of a credential: description'

# ---------------------------------------------------------------- damaged
head -c 400 $dpapi/adminMasterKeyFile.bin >"$tmp/cut"
run inspect "$tmp/cut"
is "$rc $(fields '.type, .password.rounds, .domain, .reason')" \
	'0 DPAPI master key 24000 null parts of a master key file ' \
	'a key file that is cut short: what there is of it'
head -c 100 $dpapi/blob_entropy.bin >"$tmp/cut"
run inspect "$tmp/cut"
is "$rc $(fields '.type, .master_key, .blob_size, .reason')" \
	'0 DPAPI blob {5e9ff133-40e3-4abe-8a2e-2b4e62bd0cc6} null DPAPI blob ' \
	'a blob that is cut short: which key it needs'
for cut in 4 20 43; do
	head -c $cut $dpapi/blob_entropy.bin >"$tmp/cut"
	run inspect "$tmp/cut"
	is $rc 3 "$cut bytes of a blob are none"
	clean_run "$cut bytes of a blob"
done
for f in testdata/fuzz/dpapi_masterkey/* testdata/fuzz/dpapi_blob/* \
	testdata/fuzz/credhist/*; do
	run inspect "$f"
	clean_run "inspect $f"
done
run inspect testdata/fuzz/credhist/two
is "$(fields '.type, .current, (.entries[] | .guid, .sid, .rounds, .hash, .cipher,
	.secret_size)')" \
	"CREDHIST {a3a3a3a3-a3a3-a3a3-a3a3-a3a3a3a3a3a3} {a2a2a2a2-a2a2-a2a2-a2a2-a2a2a2a2a2a2} S-1-5-21-1-2-3-1001 8000 $aes 48 {a1a1a1a1-a1a1-a1a1-a1a1-a1a1a1a1a1a1} S-1-5-21-1-2-3-1001 4000 $tdes 40 " \
	'CREDHIST made by hand: the newest first'

# No kind takes what is another's.
others="$keys/ann.pfx $keys/ann.der $keys/rsa2048.pvk $keys/rsa2048.key
	testdata/efs-win10-aes256/efs-attribute.bin"
for f in $others; do
	run inspect "$f"
	grep -qE '"type": "(DPAPI|CREDHIST)' "$tmp/out"
	is $? 1 "$(basename "$f") is not DPAPI's"
done

# ----------------------------------------------------------------- corpus
corpus=${CORPUS:-}
if [ ! -d "$corpus/keys" ]; then
	skip 'files of the corpus' 'CORPUS names no folder of real samples'
	done_testing
	exit 0
fi

# masterkey FILE GUID ROUNDS ALGORITHMS
masterkey() {
	inspected "$corpus/keys/$1" 'DPAPI master key'
	is "$(fields '.guid, .password.rounds, .password.hash,
		.password.cipher')" "$2 $3 $4 " "$name: its password part"
	is "$(fields '.guid')" "{${name#masterkey_*_}} " "$name: its own name"
}
wiki=efs-mimikatz-wiki
masterkey "$wiki/Protect/$(value $wiki .sid)/$(value $wiki .masterkey_guid)" \
	"$(guid $wiki .masterkey_guid)" 3300 "$aes"
is "$(fields .credhist.guid)" "$(guid $wiki .credhist_guid) " \
	"$name: its CREDHIST part"
nthash='nthash-fpc'
masterkey "$nthash/Protect/$(value $nthash .sid)/$(value $nthash .masterkey_guid)" \
	"$(guid $nthash .masterkey_guid)" 8000 "$aes"
is "$(fields .credhist.guid)" "$(guid $nthash .credhist_guid) " \
	"$name: its CREDHIST part"
while read -r which rounds algorithms; do
	file=$(value dpapick ".$which.file")
	masterkey "dpapick/$file" "{${file#masterkey_*_}}" "$rounds" \
		"$algorithms"
done <<EOF
xp 4000 $tdes
win7 5600 $aes
win81 8000 $aes
EOF
file=$(value dsinternals .masterkey_file)
inspected "$corpus/keys/dsinternals/$file" 'DPAPI master key'
is "$(fields .guid)" "{${file#masterkey_}} " "$name: its own name"

# The signed part begins with the GUID; the vectors name the salts as well.
while read -r which salt signed; do
	inspected "$corpus/keys/dpapick/$which.bin" 'DPAPI blob'
	is "$(fields .salt)" "$(value dpapick ".crypto.test_CryptSessionKey$salt.n") " \
		"$name: its salt"
	is "$(fields .hmac_salt)" \
		"$(value dpapick ".crypto.test_CryptSessionKey$signed.n") " \
		"$name: its HMAC salt"
	is "$(fields '.data_size + .blob_size')" \
		"$(($(stat -c %s "$corpus/keys/dpapick/$which.bin") +
		$(jq .data_size "$tmp/out"))) " "$name: its size"
	# {aabbccdd-...}: the first number is little-endian in the blob.
	is "$(fields '.master_key[1:9]' | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/')" \
		"$(value dpapick ".crypto.test_CryptSessionKey$signed.s[8:16]") " \
		"$name: its master key"
done <<EOF
blob_xp_simple XP XPVerif
blob_xp_entropy XPEntropy XPEntropyVerif
blob_win8_simple Win81 Win81Verif
blob_win8_entropy Win81Entropy Win81EntropyVerif
EOF
inspected "$corpus/keys/nthash-fpc/data_blob.bin" 'DPAPI blob'
is "$(fields .master_key)" "$(guid nthash-fpc .masterkey_guid) " \
	"$name: its master key"
inspected "$corpus/keys/blob-chrome-user/blob.bin" 'DPAPI blob'
is "$(fields .master_key)" "$(guid blob-chrome-user .masterkey_guid) " \
	"$name: its master key"

inspected "$corpus/keys/nthash-fpc/CREDHIST-TEST.bin" CREDHIST
is "$(fields '.current, .entries[].guid' | tr -d '{}')" \
	"$(value nthash-fpc '."CREDHIST-TEST" | .current, .records_newest_first[]' |
	tr '\n' ' ')" "$name: its GUIDs"
is "$(fields '[.entries[].sid] | unique[]')" \
	"$(value nthash-fpc '."CREDHIST-TEST".sid') " "$name: its user"
inspected "$corpus/keys/dpapick/CREDHIST_xp" CREDHIST
is "$(fields '.entries | length')" '4 ' "$name: four passwords"
is "$(fields '[.entries[].sid] | unique[]')" "$(value dpapick .xp.sid) " \
	"$name: its user"
is "$(fields '[.entries[] | .rounds, .hash, .cipher] | unique[]')" \
	"4000 3DES HMAC-SHA-1 " "$name: its algorithms"

# Nothing else of the corpus is taken for one of these.
find "$corpus/keys" "$corpus/efs-policy" "$corpus/efs-win10-aes256" -type f \
	! -path '*/Protect/*' ! -name '*masterkey_*' ! -name 'CREDHIST*' \
	! -path '*/keys/*[Bb]lob*.bin' ! -name '*MasterKeyFile.bin' ! -name '*.xz' |
	while IFS= read -r f; do
		"$efsleuth" inspect "$f" 2>/dev/null
	done >"$tmp/out"
is "$(jq -r 'select(.type | test("DPAPI|CREDHIST")) | .file' "$tmp/out")" '' \
	'no other file of the corpus is taken for one of these'
done_testing
