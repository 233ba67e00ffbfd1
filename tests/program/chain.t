#!/bin/sh
# SPDX-License-Identifier: MIT
#
# chain.t - the Windows key chain: whole volumes recovered by one secret each,
# a password, a hash, a domain key, a master key, or the hives that lie there
. tests/program/lib.sh

# TREES are those whose secrets must not be written anywhere.
recover() { # NAME TREES IMAGE OPTIONS...
	name=$1 trees=$2 image=$3
	shift 3
	rm -rf "$tmp/o" "$tmp/log"
	run recover -v --log "$tmp/log" "$images/$image.img" "$@" -o "$tmp/o"
	clean_run "$name"
	no_leak "$name" "$trees" "$tmp/o/case.db" "$tmp/o/report.html" \
		"$tmp/o/report.jsonl" "$tmp/o/report.dfxml" \
		"$tmp/o/hashes.txt" "$tmp/log" "$tmp/out" "$tmp/err"
}

# All of it came out, byte for byte.
whole() { # NAME TREES IMAGE OPTIONS...
	recover "$@"
	is $rc 0 "$1: all of it was recovered"
	compare "$images/$3.tsv" "$tmp/o" "$3.img"
}

# Those rows came out that these keys open, and no other.
part() { # KEY|KEY... NAME TREES IMAGE OPTIONS...
	wanted=$1
	shift
	recover "$@"
	is $rc 1 "$1: a part of it was recovered"
	rows_of "$images/$3.tsv" "$wanted" >"$tmp/part.tsv"
	compare "$tmp/part.tsv" "$tmp/o" "$3.img"
	is "$(files 'select(.status | startswith("recovered_")) | .path' | wc -l)" \
		"$(grep -vc '^#' "$tmp/part.tsv")" "$1: and nothing else"
}

# Nothing came out, and each file says why.
nothing() { # STATUS NAME TREES IMAGE OPTIONS...
	status=$1
	shift
	recover "$@"
	is $rc 1 "$1: exit status 1"
	is "$(files .status | sort -u)" "$status" "$1: every file is $status"
	is "$(files 'select((.reason // "") == "") | .path')" '' \
		"$1: every file says why"
	is "$(grep -c '^efsleuth: ' "$tmp/err")" "$(wc -l <"$tmp/err")" \
		"$1: every line is ours"
}

files() { # JQ EXPRESSION
	jq -r "select(.kind == \"file\") | $1" "$tmp/o/report.jsonl"
}

keys_of() { # JQ EXPRESSION
	jq -r "select(.kind == \"key\") | $1" "$tmp/o/report.jsonl"
}

# A file of passwords: those of these people.
passwords() { # TREE WHOSE...
	tree=$1
	shift
	for whose; do secret "$tree" "$whose" password; done >"$tmp/words"
}

# ------------------------------------- the real chain of the mimikatz wiki
guid=$(secret wiki gentil guid)
sid=$(secret wiki gentil sid)
passwords wiki gentil
whole 'password' wiki chain --password-file "$tmp/words"
is "$(files 'select(.path | endswith("note.txt")) | .opened_by.chain | length >= 3' )" \
	true 'password: the chain has its links'
files 'select(.path | endswith("note.txt")) | .opened_by.chain[]' >"$tmp/links"
grep -q 'password #1' "$tmp/links" && grep -qi "$guid" "$tmp/links"
ok $? 'password: the chain names the password and the master key'
is "$(keys_of 'select(.type == "master_key") | .state, .sid' | tr '\n' ' ')" \
	"unlocked $sid " 'password: the record of the master key'
thumb=$(openssl x509 -inform DER -in "$profiles/wiki.der" -noout -fingerprint \
	-sha1 | sed 's/.*=//; s/://g' | tr A-F a-f)
is "$(keys_of 'select(.type == "private_key") | .id, .state, .opens' |
	tr '\n' ' ')" "$thumb unlocked 9 " 'password: the record of the private key'

echo "SHA1:$(secret wiki gentil sha1)" >"$tmp/hash"
whole 'SHA-1 hash' wiki chain --hash-file "$tmp/hash"
echo "$sid,SHA1:$(secret wiki gentil sha1 | tr a-f A-F)" >"$tmp/hash"
whole 'SHA-1 hash of a SID' wiki chain --hash-file "$tmp/hash"
echo "S-1-5-21-1-2-3-1001,SHA1:$(secret wiki gentil sha1)" >"$tmp/hash"
nothing key_locked 'SHA-1 hash of another SID' wiki chain \
	--hash-file "$tmp/hash"
echo "NT:$(secret wiki gentil nt)" >"$tmp/hash"
nothing key_locked 'NT hash of a local user' wiki chain --hash-file "$tmp/hash"

secret wiki gentil master-key >"$tmp/hex"
whole 'master key' wiki chain --master-key "$guid:$tmp/hex"
secret wiki gentil master-key | xxd -r -p | sha1sum | cut -c1-40 >"$tmp/hex"
whole 'SHA-1 of a master key' wiki chain --master-key "{$guid}:$tmp/hex"
secret five ann master-key >"$tmp/hex"
nothing key_locked 'another master key' wiki,five chain \
	--master-key "$guid:$tmp/hex"

echo 'Waza1234/' >"$tmp/wrong"
nothing key_locked 'wrong password' wiki chain --password-file "$tmp/wrong"
is "$(files .reason | grep -civ "$guid")" 0 \
	'wrong password: the reason names the master key'
is "$(keys_of 'select(.type == "master_key") | .state')" locked \
	'wrong password: the master key is locked'
is "$(keys_of 'select(.state == "locked" and (.reason // "") == "") | .id')" \
	'' 'wrong password: each lock says why'
nothing key_locked 'no secret at all' wiki chain
nothing key_locked 'the key of another domain' wiki,domain chain \
	--domain-key "$profiles/domain.pvk"

# ------------------------------------------------------------ password files
perl -e 'my $x = 1; for (1 .. 20000) {
	$x = ($x * 1103515245 + 12345) % 2147483648; print chr($x >> 16 & 255) }' \
	>"$tmp/noise"
recover 'passwords: noise' wiki chain --password-file "$tmp/noise"
case $rc in 1 | 4) true ;; *) false ;; esac
ok $? "passwords: noise opens nothing (exit status $rc)"
{ cat "$tmp/noise"; echo; cat "$tmp/words"; cat "$tmp/noise"; } >"$tmp/mixed"
whole 'passwords: one amid noise' wiki chain --password-file "$tmp/mixed"
printf '\357\273\277%s\r\nnext' "$(cat "$tmp/words")" >"$tmp/crlf"
whole 'passwords: BOM and CRLF' wiki chain --password-file "$tmp/crlf"
: >"$tmp/none"
nothing key_locked 'passwords: an empty file' wiki chain \
	--password-file "$tmp/none"
whole 'passwords: two files' wiki chain --password-file "$tmp/wrong" \
	--password-file "$tmp/words"

# ------------------------------------------------------ where keys come from
nothing no_key '--no-evidence-keys' wiki chain --no-evidence-keys \
	--password-file "$tmp/words"
is "$(keys_of .type)" '' '--no-evidence-keys: none is listed'
nothing no_key 'no key in the evidence' wiki chain-bare \
	--password-file "$tmp/words"
whole '--keys-from an image' wiki chain-bare --keys-from "$images/chain.img" \
	--password-file "$tmp/words"
is "$(jq -r 'select(.kind == "file") | .evidence' "$tmp/o/report.jsonl" |
	sort -u)" chain-bare.img '--keys-from: its own files are not listed'
whole '--keys-from with --no-evidence-keys' wiki chain --no-evidence-keys \
	--keys-from "$images/chain.img" --password-file "$tmp/words"

collect_kape wiki "$tmp/kape"
collect_velociraptor wiki "$tmp/velociraptor"
cp -r "$profiles/wiki/Users/gentil" "$tmp/bare"
cp -r "$profiles/wiki/Users/gentil/AppData/Roaming/Microsoft" "$tmp/inner"
for where in kape velociraptor bare inner; do
	whole "--keys-from $where" wiki chain-bare --keys-from "$tmp/$where" \
		--password-file "$tmp/words"
done
whole '--keys-from two places' wiki chain-bare --keys-from "$tmp/kape" \
	--keys-from "$images/five.img" --password-file "$tmp/words"
recover '--keys-from nowhere' wiki chain-bare --keys-from "$tmp/nowhere" \
	--password-file "$tmp/words"
[ $rc != 0 ]
ok $? '--keys-from nowhere: fails'
says nowhere '--keys-from nowhere: says so'

# -------------------------------------------------------------------- domain
whole 'domain key' domain domain --domain-key "$profiles/domain.pvk"
keys_of 'select(.type == "domain_key") | .state' | grep -qx unlocked
ok $? 'domain key: its record'
passwords domain amelie jonas
whole 'domain: both passwords' domain domain --password-file "$tmp/words"
for user in amelie jonas; do
	sid=$(secret domain $user sid)
	passwords domain $user
	part $user "password of $user" domain domain --password-file "$tmp/words"
	echo "NT:$(secret domain $user nt)" >"$tmp/hash"
	part $user "NT hash of $user" domain domain --hash-file "$tmp/hash"
	echo "$sid,NT:$(secret domain $user nt)" >"$tmp/hash"
	part $user "NT hash of $user, SID" domain domain --hash-file "$tmp/hash"
	secret domain $user master-key >"$tmp/hex"
	part $user "master key of $user" domain domain \
		--master-key "$(secret domain $user guid):$tmp/hex"
	is "$(files 'select(.status == "key_locked") | .reason' |
		grep -c .)" "$(files 'select(.status == "key_locked") | .path' |
		grep -c .)" "master key of $user: the rest says why"
	run recover "$images/domain.img" --password-file "$tmp/words" \
		--path "/Users/$user/*" -o "$tmp/o-$user"
	is $rc 0 "--path of $user: all that was asked for"
done
printf 'NT:%s\n%s,NT:%s\n' "$(secret domain amelie nt)" \
	"$(secret domain jonas sid)" "$(secret domain jonas nt)" >"$tmp/hash"
whole 'NT hashes' domain domain --hash-file "$tmp/hash"
printf '%s,NT:%s\n' "$(secret domain jonas sid)" "$(secret domain amelie nt)" \
	>"$tmp/hash"
nothing key_locked 'NT hash of another SID' domain domain \
	--hash-file "$tmp/hash"
nothing key_locked 'another domain key' domain domain \
	--domain-key "$keys/rsa2048.pvk"
echo "SHA1:$(secret domain amelie sha1)" >"$tmp/hash"
nothing key_locked 'SHA-1 hash of a domain user' domain domain \
	--hash-file "$tmp/hash"
echo 'NT:not hex' >"$tmp/hash"
run recover "$images/domain.img" --hash-file "$tmp/hash" -o "$tmp/o-hash"
case $rc in 1 | 2 | 4) true ;; *) false ;; esac
ok $? "a hash file without a hash: exit status $rc"
says "$(basename "$tmp/hash")" 'a hash file without a hash: says which'

# ------------------------------------------------------------------ CREDHIST
passwords credhist noor yuki
whole 'CREDHIST: current passwords' credhist credhist \
	--password-file "$tmp/words"
keys_of 'select(.type == "credhist") | .state' | sort | uniq -c |
	grep -q '2 unlocked'
ok $? 'CREDHIST: the records'
for user in noor yuki; do
	passwords credhist $user
	part $user "CREDHIST: $user now" credhist credhist \
		--password-file "$tmp/words"
	echo "SHA1:$(secret credhist $user sha1)" >"$tmp/hash"
	part $user "CREDHIST: $user by hash" credhist credhist \
		--hash-file "$tmp/hash"
	for age in 1 2; do
		passwords credhist $user-$age
		part $user "CREDHIST: $user, $age before" credhist credhist \
			--password-file "$tmp/words"
	done
	passwords credhist $user-3
	nothing key_locked "CREDHIST: $user, the oldest leads nowhere" credhist \
		credhist --password-file "$tmp/words"
done

# ------------------------------------------------------------- the machine's
for kind in machine machine-xp machine-floppy machine-dirty machine-dirty7; do
	whole "$kind" $kind $kind
done
for kind in '/ProgramData/*' '/Users/kiosk/*' '/Users/ken/*' '/Data/service/*'; do
	rm -rf "$tmp/o"
	run recover "$images/machine.img" --path "$kind" -o "$tmp/o"
	is $rc 0 "machine: $kind"
done
keys_of 'select(.type == "system_secret") | .state' | grep -qx unlocked
ok $? 'machine: the record of DPAPI_SYSTEM'
nothing key_locked 'startup password: not given' machine-startup \
	machine-startup
passwords machine-startup machine
whole 'startup password' machine-startup machine-startup \
	--password-file "$tmp/words"
nothing no_key 'machine, --no-evidence-keys' machine machine \
	--no-evidence-keys

# A hive that was not closed: its log has the secret, the file an older one.
for kind in machine-dirty machine-dirty7; do
	collect_kape $kind "$tmp/$kind"
	whole "$kind, collected" $kind $kind --no-evidence-keys \
		--keys-from "$tmp/$kind"
	rm "$tmp/$kind"/C/Windows/System32/config/SECURITY.LOG*
	nothing key_locked "$kind without its log" $kind $kind \
		--no-evidence-keys --keys-from "$tmp/$kind"
done

# ---------------------------------------------------------------- five users
words=$profiles/words.txt
part 'ann|bob' 'five: the list' five five --password-file "$words"
part bob 'five: blank alone' five five
part 'ann|bob' 'five: the list, keys from a collection' five five-bare \
	--keys-from "$images/five.img" --password-file "$words"
done_testing
