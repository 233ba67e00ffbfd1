#!/bin/sh
# SPDX-License-Identifier: MIT
#
# batch-closed.t - what stays locked in one image of a batch, and would open
# files of another: as one run over all of them says it
. tests/program/lib.sh

words=$profiles/words.txt
db() { sqlite3 "$1/case.db" "$2"; }

# What depends on which files came before is not said alike.
facts() { # DIR
	db "$1" "SELECT evidence, path, stream, status, opened_key,
		substr(reason, 1, instr(reason || '; the keys at hand were not',
		'; the keys at hand were not') - 1) FROM file
		ORDER BY evidence, path, stream"
	db "$1" 'SELECT kind, id, what, objects FROM need ORDER BY kind, id'
	db "$1" "SELECT k.type, k.key_id, k.sid, k.user, k.name, k.source,
		k.evidence, k.container, k.certificate, k.bits, k.current,
		k.state, k.unlocked_by, k.reason, k.opens, b.source,
		(SELECT count(*) FROM crack c WHERE c.key = k.id)
		FROM key k LEFT JOIN key b ON b.id = k.behind
		ORDER BY k.type, k.key_id, k.source"
	db "$1" 'SELECT thumbprint, source FROM certificate ORDER BY 1'
	db "$1" 'SELECT ring, thumbprint, sid, objects, opened, subject
		FROM who ORDER BY 1, 2, 3'
}

# In $tmp/b as a batch, in $tmp/s as one run: the same, but for the words.
both() { # NAME OPTION VALUE EVIDENCE...
	name=$1 option=$2 value=$3
	shift 3
	rm -rf "$tmp/b" "$tmp/s"
	run recover -q "$option" "$value" -o "$tmp/s" "$@"
	rc_one=$rc
	run batch -q -j 2 --keep-keyring "$option" "$value" -o "$tmp/b" "$@"
	clean_run "$name"
	is $rc "$rc_one" "$name: exit status"
	for d in b s; do facts "$tmp/$d" >"$tmp/f-$d"; done
	[ -s "$tmp/f-s" ] && diff "$tmp/f-s" "$tmp/f-b" >"$tmp/diff"
	rc_same=$?
	ok $rc_same "$name: files, needs and keys as one run says them"
	[ $rc_same = 0 ] || head -n 20 "$tmp/diff" | sed 's/^/# /'
}

closed() { # PATH STATUS WORDS
	is "$(db "$tmp/b" "SELECT status FROM file WHERE path = '$1'")" "$2" \
		"$name: $1 is $2"
	db "$tmp/b" "SELECT reason FROM file WHERE path = '$1'" |
		grep -q -- "$3"
	ok $? "$name: and why"
}

need() { # KIND ID OBJECTS
	is "$(db "$tmp/b" "SELECT objects FROM need WHERE kind = '$1' AND
		id LIKE '$2'")" "$3" "$name: need: $1 $2"
}

# The trees of five users and of one, each kind of file in a folder of its own.
split() { # TREE
	(cd "$profiles/$1" && find . -type f) | while IFS= read -r f; do
		case $f in
		*/Protect/*) to=$tmp/protect ;;
		*/Crypto/*) to=$tmp/crypto ;;
		*/SystemCertificates/*) to=$tmp/certs ;;
		*) to=$tmp/rest ;;
		esac
		mkdir -p "$to/$(dirname "$f")"
		cp "$profiles/$1/$f" "$to/$f"
	done
	chmod -R u+w "$tmp/protect" "$tmp/crypto" "$tmp/certs"
}
split five
split wiki
guid=$(secret five carla guid)
five() { # what is in five.spec
	closed /Windows.old/Users/carla/Documents/1.bin key_locked \
		"^master key {$guid} of .* (carla).*: neither the blank"
	closed '/Documents and Settings/dmitri/My Documents/1.bin' key_locked \
		"^needs master key {$(secret five dmitri guid)}, which is not in"
	closed /Archive/1.bin key_locked 'old backup.pfx: PFX: neither the'
	closed /Users/eve/Documents/1.bin no_key '^no key at hand'
	closed /Users/gone/1.bin no_key '^no key at hand'
	need password "$(secret five carla sid)" 6
	need master_key "{$(secret five dmitri guid)}" 3
	need file_password '%old backup.pfx' 4
	need key_file 1aa76e79-7b30-4600-b495-05c32e0f828e 1
}

# ------------------------------------------------- all in one other evidence

both 'beside a folder' --password-file "$words" "$images/five-bare.img" \
	"$profiles/five"
five
is "$(jq -r .type "$tmp/b/keyring/closed.jsonl" | sort | uniq -c |
	awk '{ print $2, $1 }' | tr '\n' ' ')" \
	'certificate 7 master_key 1 pfx 1 private_key 2 ' \
	'what is handed on: what stays closed, and certificates'
is "$(stat -c %a "$tmp/b/keyring/closed.jsonl")" 600 'for nobody else to read'
no_leak 'what is handed on' five "$tmp/b/keyring/closed.jsonl" \
	"$tmp/b/keyring/case.db" "$tmp/b/case.db" "$tmp/out" "$tmp/err" \
	"$tmp/b/images/five-bare.img/case.db" "$tmp/b/report.html"
is "$(db "$tmp/b/images/five" "SELECT count(*) FROM key WHERE
	evidence <> 'five'")" 0 'no key of another image where nothing needs it'
is "$(db "$tmp/b/images/five-bare.img" "SELECT count(*) FROM key WHERE
	opens = 0")" 0 'and none that opens nothing'
run report --report hashcat "$tmp/b/images/five-bare.img"
is "$(head -n 1 "$tmp/out")" "$(secret five carla crack1)" \
	"the image's own report has the line for hashcat"
run report --report hashcat "$tmp/b"
is "$(wc -l <"$tmp/out")" 2 'the merged one has each once'

both 'an image of all' --password-file "$words" "$images/five-bare.img" \
	"$images/five.img" "$images/chain.img"
run batch -q --password-file "$words" -o "$tmp/r" "$images/five-bare.img" \
	"$images/five.img"
is "$(find "$tmp/r/keyring" -name '*.jsonl')" '' 'it is removed at the end'

# ------------------------------------------------------ each link elsewhere

for list in 'five-bare.img chain-bare.img protect crypto certs rest' \
	'rest certs crypto protect chain-bare.img five-bare.img'; do
	set --
	for e in $list; do
		case $e in
		*.img) set -- "$@" "$images/$e" ;;
		*) set -- "$@" "$tmp/$e" ;;
		esac
	done
	both "$list" --password-file "$words" "$@"
	five
	closed /Users/gentil/Documents/note.txt key_locked \
		"^master key {$(secret wiki gentil guid)} of .* (gentil)"
	is "$(db "$tmp/b/images/certs" "SELECT count(*) FROM key WHERE state =
		'locked' AND evidence = 'crypto' AND opens = 0")" 3 \
		"$name: certificates are listed with their keys"
done
{
	secret five carla password
	head -n 1 "$pw"
} >"$tmp/words"
both 'passwords given' --password-file "$tmp/words" "$@"
for path in /Windows.old/Users/carla/Documents/1.bin /Archive/1.bin; do
	is "$(db "$tmp/b" "SELECT status FROM file WHERE path = '$path'")" \
		recovered_verified "passwords given: $path"
done
rows_of "$images/five.tsv" 'carla|backup' >"$tmp/part.tsv"
compare "$tmp/part.tsv" "$tmp/b/images/five-bare.img" five-bare.img

# ------------------------------------------------ what others tried, and damage

# The hives of another machine hold hashes that were tried on it.
both 'hashes of another image' --password-file "$words" "$images/chain.img" \
	"$images/machine.img"
closed /Users/gentil/Documents/note.txt key_locked 'nor 2 hashes opens it$'
is "$(db "$tmp/b/images/chain.img" "SELECT DISTINCT reason FROM key WHERE
	type = 'master_key' AND state = 'locked'" | grep -c 'nor 2 hashes')" 1 \
	"hashes of another image: the image's own report says so"

key=$(find "$tmp/crypto" -path '*/bob/*' -type f)
size=$(stat -c %s "$key")
printf '\125\252' | dd of="$key" bs=1 seek=$((size - 40)) conv=notrunc \
	status=none
truncate -s 127 "$(find "$tmp/protect" -name "$(secret five ann guid)")"
both 'damaged keys' --password-file "$words" "$images/five-bare.img" \
	"$tmp/crypto" "$tmp/protect" "$tmp/certs"
closed /Users/bob/Documents/1.bin key_locked \
	'^its master key is open, but does not open it'
closed /Users/ann/Documents/1.txt key_locked \
	"^needs master key {$(secret five ann guid)}, whose file is damaged"

# A folder of the batch that was damaged on the way.
task() { # NAME
	run batch -q --password-file "$words" -o "$tmp/t" --task "$1" \
		"$images/five-bare.img" "$profiles/five"
	clean_run "task $1"
}
opens_all() { # NAME
	is "$(db "$tmp/t/images/five-bare.img" "SELECT count(*) FROM file WHERE
		status LIKE 'recovered%'")" 11 "$1: what opens, opens"
}
for edit in '3s/.\{100\}$//' 's/"container"/"contained"/' \
	's/"volume":0/"volume":"0"/' 's/certificate/person/' \
	's/"data":"...../"data":"AAAAA/' 's/"keys":\[{/"keys":[{"more":1,/'; do
	rm -rf "$tmp/t"
	task keys
	sed -i "$edit" "$tmp/t/keyring/closed.jsonl"
	task 1
	says 'closed.jsonl: line ' "$edit: it is said"
	opens_all "$edit"
done
rm -rf "$tmp/t"
task keys
rm "$tmp/t/keyring/closed.jsonl"
task 1
says 'closed.jsonl: No such file' 'without it: it is said'
opens_all 'without it'
done_testing
