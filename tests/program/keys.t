#!/bin/sh
# SPDX-License-Identifier: MIT
#
# keys.t - what the keys command says of key material: what is here, what
# unlocks it, what is missing and what that would open; lines for hashcat,
# exported keys, damaged key files
. tests/program/lib.sh

five=$images/five.img
words=$profiles/words.txt
expected=tests/generator/specs/five.tsv
roaming=AppData/Roaming/Microsoft

of() { # NAME COLUMN of five.tsv
	awk -F'\t' -v n="$1" -v c="$2" '$1 == n { print $c }' $expected
}

# The facts of the key records of one type, and of one id or source.
key() { # TYPE ID|SOURCE JQ
	jq -r --arg t "$1" --arg i "$2" "select(.kind == \"key\" and
		.type == \$t and (((.id // \"\") | ascii_downcase |
		contains(\$i)) or (.source | tostring | contains(\$i)))) |
		$3" "$tmp/keys.jsonl"
}

list() { # IMAGE OPTIONS...
	run keys "$@" --report "jsonl=$tmp/keys.jsonl"
	clean_run "keys $(basename "$1")"
}

# ---------------------------------------------------------------- five users
list "$five" --password-file "$words"
is $rc 0 'five: exit status'
no_leak five five "$tmp/out" "$tmp/err" "$tmp/keys.jsonl"
for name in ann bob carla dmitri; do
	is "$(key private_key "$(of $name 2)" \
		'"\(.state) \(.opens) \(.sid)"')" \
		"$(of $name 4) $(of $name 3) $(secret five $name sid)" \
		"five: the private key of $name"
done
for name in ann bob; do
	guid=$(secret five $name guid)
	is "$(key private_key "$(of $name 2)" .unlocked_by | grep -ci "$guid")" \
		1 "five: the key of $name was unlocked by its master key"
	is "$(key master_key "$guid" '"\(.state) \(.opens)"')" \
		"unlocked $(of $name 3)" "five: the master key of $name"
done
line=$(grep -nxF -e "$(secret five ann password)" "$words" | cut -d: -f1)
key master_key "$(secret five ann guid)" .unlocked_by |
	grep -q "password #$line\$"
ok $? 'five: ann by the line of the list'
is "$(key master_key "$(secret five eve guid)" '"\(.state) \(.opens)"')" \
	'unlocked 0' 'five: the master key of eve has nothing behind it'
is "$(key master_key "$(secret five carla guid)" '"\(.state) \(.opens)"')" \
	"locked $(of carla 3)" 'five: the master key of carla'
is "$(key master_key "$(secret five 'carla unused' guid)" \
	'"\(.state) \(.opens)"')" 'locked 0' 'five: her other master key'
is "$(key master_key "$(secret five dmitri guid)" .state)" '' \
	'five: the master key of dmitri is not here'
key private_key "$(of dmitri 2)" .reason | grep -qi "$(secret five dmitri guid)"
ok $? 'five: what is missing of dmitri is named'
for name in eve agent; do
	is "$(key certificate "$(of $name 2)" '"\(.state) \(.opens)"' |
		sort -u)" "public $(of $name 3)" "five: the certificate of $name"
done
is "$(key private_key "$(of eve 2)" .state)" '' 'five: no private key of eve'
is "$(key pfx 'old backup.pfx' '"\(.state) \(.opens)"')" \
	"locked $(of backup 3)" 'five: the locked PFX'
is "$(jq -r --arg t "$(of gone 2)" 'select(.kind == "key" and .id == $t) | .type' \
	"$tmp/keys.jsonl")" '' 'five: nothing is here of who is gone'
is "$(jq -r 'select(.kind == "key" and .state == "locked" and
	(.reason // "") == "") | .id' "$tmp/keys.jsonl")" '' \
	'five: every lock says why'
is "$(jq -r 'select(.kind == "key") | .source | tostring |
	select(contains("five.img") | not)' "$tmp/keys.jsonl")" '' \
	'five: every key says where it is'
is "$(jq -r 'select(.kind == "key" and .schema != 1) | .id' "$tmp/keys.jsonl")" \
	'' 'five: the schema of each record'
is "$(jq -c 'select(.kind == "key") | keys_unsorted[0:11]' "$tmp/keys.jsonl" |
	sort -u)" \
	'["kind","schema","type","id","sid","name","source","state","unlocked_by","reason","opens"]' \
	'five: the order of a record'

# For people: who has keys here, and what to look for, most useful first.
run keys "$five" --password-file "$words"
is $rc 0 'five, for people: exit status'
for name in ann bob carla dmitri eve agent 'old backup.pfx'; do
	grep -qF "$name" "$tmp/out"
	ok $? "five, for people: $name"
done
grep -qi "$(secret five dmitri guid)" "$tmp/out"
ok $? 'five, for people: the master key that is missing'
for name in ann bob carla; do
	grep -qi "$(of $name 2 | cut -c1-8)" "$tmp/out"
	ok $? "five, for people: the thumbprint of $name"
done
no_leak 'five, for people' five "$tmp/out" "$tmp/err"

# --------------------------------------------------------- with other secrets
list "$five"
is "$(key master_key "$(secret five ann guid)" .state)" locked \
	'no list: ann is locked'
is "$(key private_key "$(of bob 2)" .state)" unlocked \
	'no list: the blank password opens bob'
for name in ann bob carla dmitri eve backup; do
	secret five $name password
done >"$tmp/all"
list "$five" --password-file "$tmp/all"
is "$(key private_key "$(of carla 2)" .state)" unlocked 'all passwords: carla'
is "$(jq -r --arg t "$(of backup 2)" 'select(.kind == "key" and .id == $t and
	.type != "certificate") | "\(.state) \(.opens)"' "$tmp/keys.jsonl" |
	sort -u)" "unlocked $(of backup 3)" 'all passwords: what is in the PFX'
is "$(key private_key "$(of dmitri 2)" .state)" locked \
	'all passwords: dmitri needs more than that'
secret five dmitri master-key >"$tmp/hex"
list "$five" --master-key "$(secret five dmitri guid):$tmp/hex"
is "$(key private_key "$(of dmitri 2)" '"\(.state) \(.opens)"')" \
	"unlocked $(of dmitri 3)" 'a master key that is not here: dmitri'
is "$(key private_key "$(of carla 2)" .state)" locked \
	'a master key that is not here: carla stays locked'
list "$five" --key "$keys/agent.key"
is "$(key private_key "$(of agent 2)" '"\(.state) \(.opens)"')" \
	"unlocked $(of agent 3)" 'the key of the agent, named by the policy'
list "$five" --no-evidence-keys
is "$(jq -r 'select(.kind == "key") | .type' "$tmp/keys.jsonl")" '' \
	'--no-evidence-keys'

# A collection without encrypted files.
collect_velociraptor five "$tmp/collected"
list "$tmp/collected" --password-file "$words"
case $rc in 0 | 3) true ;; *) false ;; esac
ok $? "a collection: exit status $rc"
for name in ann bob; do
	is "$(key private_key "$(of $name 2)" .state)" unlocked \
		"a collection: $name"
done
is "$(key private_key "$(of ann 2)" '.source | tostring' | grep -c '%20')" 0 \
	'a collection: paths are as they were'

# -------------------------------------------------------- why a file is closed
rm -rf "$tmp/o"
run recover "$five" --password-file "$words" -o "$tmp/o"
fate() { # PATH
	jq -r --arg p "$1" 'select(.kind == "file" and .path == $p) |
		.status + " " + (.reason // "")' "$tmp/o/report.jsonl"
}
closed() { # PATH STATUS WORDS
	fate "$1" | grep -i -- "^$2 .*$3" >"$tmp/grep"
	ok $? "$1 is $2: $3"
}
closed /Windows.old/Users/carla/Documents/1.bin key_locked \
	"$(secret five carla guid)"
closed '/Documents and Settings/dmitri/My Documents/1.bin' key_locked \
	"$(secret five dmitri guid)"
closed /Users/eve/Documents/1.bin no_key .
closed /Users/gone/1.bin no_key .
closed /Archive/1.bin key_locked 'old backup\.pfx'
missing=$(jq -r 'select(.kind == "file" and .path == "/Users/gone/1.bin") |
	.missing | tostring' "$tmp/o/report.jsonl")
for name in gone agent; do
	case $missing in *"$(of $name 2)"*) true ;; *) false ;; esac
	ok $? "a file of who is gone: $name would open it"
done

# ------------------------------------------------------------------- hashcat
run keys "$five" --password-file "$words" --report "hashcat=$tmp/crack"
is $rc 0 'hashcat: exit status'
no_leak hashcat five "$tmp/crack"
is "$(sed -n 1p "$tmp/crack")" "$(secret five carla crack1)" \
	'hashcat: what opens most comes first'
grep -q '^\$pfxng\$' "$tmp/crack"
ok $? 'hashcat: the locked PFX'
is "$(wc -l <"$tmp/crack")" 2 'hashcat: no other lock is in front of a file'
run keys "$five" --report hashcat
is "$(sed -n 1p "$tmp/out")" "$(secret five carla crack1)" \
	'hashcat, no list: first carla'
grep -qxF -e "$(secret five ann crack1)" "$tmp/out"
ok $? 'hashcat, no list: ann'
for name in bob eve 'carla unused'; do
	grep -qxF -e "$(secret five "$name" crack1)" "$tmp/out"
	is $? 1 "hashcat, no list: not $name"
done
run keys "$images/domain.img" --report hashcat
for name in amelie jonas; do
	for form in crack2 crack3; do
		grep -qxF -e "$(secret domain $name $form)" "$tmp/out"
		ok $? "hashcat: $form of $name"
	done
done
run keys "$images/machine-startup.img" --report hashcat
is "$(grep -c DPAPImk "$tmp/out")" 0 \
	'hashcat: master keys of the machine have no password'
run keys "$images/chain.img" --report hashcat
is "$(cat "$tmp/out")" "$(secret wiki gentil crack1)" \
	'hashcat: the real chain'

# What hashcat writes into its potfile is a password file.
hex=$(secret five ann password | tr -d '\n' | xxd -p | tr -d '\n')
printf '%s:%s\n%s:$HEX[%s]\n' "$(secret five carla crack1)" \
	"$(secret five carla password)" "$(secret five ann crack1)" "$hex" \
	>"$tmp/potfile"
list "$five" --password-file "$tmp/potfile"
for name in ann carla; do
	is "$(key private_key "$(of $name 2)" .state)" unlocked \
		"potfile: $name"
done
no_leak potfile five "$tmp/out" "$tmp/err" "$tmp/keys.jsonl"

# A pipe is a password file too: no password need lie on a disk.
secret wiki gentil password | "$efsleuth" keys "$images/chain.img" \
	--password-file /dev/stdin --report "jsonl=$tmp/keys.jsonl" >"$tmp/out" \
	2>"$tmp/err"
is "$(key private_key b53c6de283c00203587a03dd3d0bf66e16969a55 .state)" \
	unlocked 'a pipe as password file'

# Files that were copied under other names are known by what they hold.
renamed=$tmp/renamed/$(secret wiki gentil sid)
mkdir -p "$renamed"
i=0
find "$profiles/wiki" -type f | while read -r f; do
	i=$((i + 1))
	cp "$f" "$renamed/copy $i.bin"
done
run keys "$images/chain-bare.img" --keys-from "$tmp/renamed" --password-file \
	"$tmp/potfile" --report "jsonl=$tmp/keys.jsonl"
is "$(key private_key b53c6de283c00203587a03dd3d0bf66e16969a55 .state)" \
	locked 'renamed key files: found, and locked'
secret wiki gentil password >"$tmp/gentil"
run keys "$images/chain-bare.img" --keys-from "$tmp/renamed" --password-file \
	"$tmp/gentil" --report "jsonl=$tmp/keys.jsonl"
is "$(key private_key b53c6de283c00203587a03dd3d0bf66e16969a55 .state)" \
	unlocked 'renamed key files: opened'

# On a terminal a list that takes its time shows its rate, and the time left.
seq 1 1500 >"$tmp/list"
script -qec "'$efsleuth' keys '$images/chain.img' --password-file '$tmp/list'" \
	"$tmp/typed" >/dev/null 2>&1
grep -aqE 'trying passwords, [0-9]+ of [0-9]+, [0-9]+/s, [0-9]+ %, [0-9:]+ left' \
	"$tmp/typed"
ok $? 'progress: passwords, rate, time left'

# ------------------------------------------------------------- exported keys
run keys "$five" --password-file "$words" --export-keys "$tmp/exported"
is $rc 0 '--export-keys: exit status'
no_leak '--export-keys' five "$tmp/out" "$tmp/err"
: >"$tmp/moduli"
: >"$tmp/prints"
: >"$tmp/modes"
find "$tmp/exported" -type f | while IFS= read -r f; do
	if grep -q 'BEGIN PRIVATE KEY' "$f"; then
		stat -c %a "$f" >>"$tmp/modes"
		openssl rsa -in "$f" -noout -modulus >>"$tmp/moduli" 2>"$tmp/log"
		openssl pkey -in "$f" -noout -check >>"$tmp/checks" 2>&1
		echo "$f" >>"$tmp/pems"
	fi
	! grep -q 'BEGIN CERTIFICATE' "$f" ||
		openssl x509 -in "$f" -noout -fingerprint -sha1 2>"$tmp/log" |
		sed 's/.*=//; s/://g' | tr A-F a-f >>"$tmp/prints"
done
for name in ann bob; do
	openssl x509 -inform DER -in "$keys/$name.der" -noout -modulus
done | sort >"$tmp/wanted"
is "$(sort "$tmp/moduli")" "$(cat "$tmp/wanted")" \
	'--export-keys: the keys of the certificates, and no other'
is "$(sort -u "$tmp/modes")" 600 '--export-keys: for nobody else to read'
is "$(grep -c 'Key is valid' "$tmp/checks" 2>"$tmp/log")" 2 \
	'--export-keys: openssl finds them valid'
for name in ann bob; do
	grep -q "$(of $name 2)" "$tmp/prints"
	ok $? "--export-keys: the certificate of $name"
done
set -- "$images/five-bare.img"
[ ! -e "$tmp/pems" ] || while IFS= read -r f; do
	set -- "$@" --key "$f"
done <"$tmp/pems"
run recover "$@" -o "$tmp/o-exported"
rows_of "$images/five.tsv" 'ann|bob' >"$tmp/part.tsv"
compare "$tmp/part.tsv" "$tmp/o-exported" five-bare.img
run recover "$images/chain.img" -o "$tmp/o-chain" --export-keys "$tmp/chain" \
	--password-file /dev/null
is "$(grep -rl PRIVATE "$tmp/chain" 2>"$tmp/log")" '' \
	'--export-keys: what is locked is not written'

# Each of two machines has the same keys under master keys of its own.
run keys "$images/machine.img" "$images/machine-xp.img" --export-keys \
	"$tmp/two" --report "jsonl=$tmp/keys.jsonl"
is $rc 0 '--export-keys: the same key under two locks is written once'
open='select(.kind == "key" and .type == "private_key" and .state == "unlocked")'
jq -r "$open.id" "$tmp/keys.jsonl" | sort >"$tmp/ids"
[ -n "$(uniq -d "$tmp/ids")" ]
ok $? '--export-keys: both are listed'
uniq "$tmp/ids" >"$tmp/once"
find "$tmp/two" -type f -printf '%f\n' | sed 's/\.pem$//; s/^rsa-/rsa:/' |
	sort | cmp -s - "$tmp/once"
ok $? '--export-keys: all of them, and no other'

# An elliptic key has no id that files know; every Windows 10 has some.
real=${CORPUS:-/nonexistent}/keys/cng-ecdsa-p256
if [ -d "$real" ]; then
	for who in a b; do
		mkdir -p "$tmp/ec/Users/$who/$roaming/Crypto/Keys"
		cp "$real"/*_* "$tmp/ec/Users/$who/$roaming/Crypto/Keys"
	done
	find "$tmp/ec/Users/b" -type f -exec sh -c 'printf . >>"$1"' - {} \;
	printf 850247e2dd89c50536c05bdcee1a56c395e752cf >"$tmp/ec.hex"
	run keys "$tmp/ec" --export-keys "$tmp/o-ec" --master-key \
		"5c22983f-ee77-41e4-9086-8073d664e417:$tmp/ec.hex"
	is "$rc $(cd "$tmp/o-ec" && echo *)" \
		'0 elliptic-1.pem elliptic-2.pem' '--export-keys: elliptic ones'
	openssl pkey -in "$tmp/o-ec/elliptic-2.pem" -noout -text 2>"$tmp/log" |
		grep -q 'P-256'
	ok $? '--export-keys: openssl knows them'
	run batch -q -o "$tmp/b-ec" "$tmp/ec" "$images/basic.img" --master-key \
		"5c22983f-ee77-41e4-9086-8073d664e417:$tmp/ec.hex"
	is $rc 1 'elliptic keys in a batch: exit status'
	clean_run 'elliptic keys in a batch'
else
	skip 'elliptic keys' 'no CORPUS'
fi

# ------------------------------------------------------------- damaged keys
# A copy of five's key files; bob's are whole.
bad=$tmp/bad
cp -r "$profiles/five" "$bad"
chmod -R u+w "$bad"
one() { # the one file below the copy that matches
	find "$bad" -path "$1"
}
flip() { # FILE OFFSET: another bit
	byte=$(xxd -s "$2" -l 1 -p "$1")
	printf '%02x' $((0x$byte ^ 1)) | xxd -r -p |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
damaged() { # TYPE NAME WHAT: such a record has a reason, and is not unlocked
	key "$1" "$2" 'select(.state != "unlocked" and
		(.reason // "") != "") | .reason' >"$tmp/why"
	[ -s "$tmp/why" ]
	ok $? "$3: its record says why"
}
bad_run() { # WHAT
	list "$images/five-bare.img" --keys-from "$bad" --password-file "$words"
	is $rc 0 "$1: exit status"
	is "$(key private_key "$(of bob 2)" '"\(.state) \(.opens)"')" \
		'unlocked 7' "$1: bob opens"
}
again() {
	rm -rf "$bad"
	cp -r "$profiles/five" "$bad"
	chmod -R u+w "$bad"
}

mk=$(one "*/ann/*/Protect/S-*/$(secret five ann guid)")
for size in 0 3 127 128 200 300; do
	truncate -s $size "$mk"
	bad_run "master key of $size bytes"
	[ $size -lt 84 ] || damaged master_key "$(secret five ann guid)" \
		"master key of $size bytes"
	[ $size = 127 ] && is "$(key private_key "$(of ann 2)" .reason)" \
		"needs master key {$(secret five ann guid)}, whose file is damaged" \
		"master key of $size bytes: the private key says so"
	again
done
flip "$mk" 200
bad_run 'master key, one bit flipped'
damaged master_key "$(secret five ann guid)" 'master key, one bit flipped'
again
flip "$mk" 12
bad_run 'master key, another GUID inside'
again
printf '\377\377\377\377\377\377\377\177' | dd of="$mk" bs=1 seek=96 \
	conv=notrunc status=none
bad_run 'master key, a length of 2^63'
damaged master_key "$(secret five ann guid)" 'master key, a length of 2^63'
again

capi=$(one "*/ann/*/Crypto/RSA/*/*")
for size in 0 20 40 400 1500; do
	truncate -s $size "$capi"
	bad_run "private key file of $size bytes"
	[ $size -lt 400 ] || damaged private_key "$(basename "$capi")" \
		"private key file of $size bytes"
	again
done
flip "$capi" 1500
bad_run 'private key file, one bit flipped'
damaged private_key "$(basename "$capi")" 'private key file, one bit flipped'
again

# Mixed up: each is told by its content, and none takes the program down.
cng=$(one "*/bob/*/Crypto/Keys/*")
cp "$mk" "$capi"
cp "$cng" "$(dirname "$mk")/$(secret five dmitri guid)"
head -c 3000 /dev/zero | tr '\0' '\252' >"$bad/Users/ann/$roaming/Protect/CREDHIST"
head -c 3000 /dev/zero >"$bad/Windows/System32/config/SECURITY"
head -c 5000 "$bad/Windows/System32/config/SOFTWARE" \
	>"$bad/Windows/System32/config/SYSTEM"
truncate -s 5000 "$bad/Users/ann/NTUSER.DAT"
truncate -s 1000 "$bad/Users/ann/Documents/old backup.pfx"
truncate -s 300 "$(one "*/eve/*/My/Certificates/*")"
bad_run 'files in the wrong places'
is "$(key private_key "$(of ann 2)" .state | grep -c unlocked)" 0 \
	'files in the wrong places: the key of ann is gone'

# Each byte of a small file, a little: no crash, and bob opens.
again
i=0
while [ $i -lt 40 ]; do
	for f in "$mk" "$capi" "$bad/Windows/System32/config/SOFTWARE"; do
		flip "$f" $((i * 11 % $(stat -c %s "$f")))
	done
	i=$((i + 1))
	[ $((i % 8)) = 0 ] || continue
	bad_run "$((i * 3)) bits flipped"
done

# --------------------------------------------- the hive that was not closed
list "$images/machine-dirty.img"
is "$(key system_secret '' .state | sort -u)" unlocked \
	'hive with a log: DPAPI_SYSTEM'
is "$(jq -r 'select(.kind == "key" and .type == "private_key") |
	"\(.state) \(.opens)"' "$tmp/keys.jsonl" | sort | tr '\n' ' ')" \
	'unlocked 2 unlocked 3 ' 'hive with a log: the keys of the machine'
no_leak 'hive with a log' machine-dirty "$tmp/out" "$tmp/keys.jsonl"
list "$images/machine-floppy.img"
is "$(key system_secret '' .state | sort -u)" unlocked 'StartKey.Key'
no_leak StartKey.Key machine-floppy "$tmp/out" "$tmp/keys.jsonl"
list "$images/machine-startup.img"
is "$(key system_secret '' '"\(.state) \(.reason != null)"' | sort -u)" \
	'locked true' 'startup password: not given'
secret machine-startup machine password >"$tmp/startup"
list "$images/machine-startup.img" --password-file "$tmp/startup"
is "$(key system_secret '' .state | sort -u)" unlocked 'startup password'
list "$images/machine.img"
is "$(jq -r 'select(.kind == "key" and .type == "private_key") | .state' \
	"$tmp/keys.jsonl" | sort | uniq -c | tr -s ' ')" ' 5 unlocked' \
	'machine: every key opens by itself'
no_leak machine machine "$tmp/out" "$tmp/keys.jsonl"
done_testing
