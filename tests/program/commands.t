#!/bin/sh
# SPDX-License-Identifier: MIT
#
# commands.t - filters, cat, inspect, keys of every form, prompt, interruption
. tests/program/lib.sh

paths() { jq -r 'select(.kind == "file") | .path' "$tmp/out" | sort -u; }
basic=$images/basic.img
real=testdata/efs-win10-aes256

# --------------------------------------------------------------- filters
run audit "$basic" --report jsonl --path '*.txt'
is $rc 0 '--path: exit status'
is "$(paths | tr '\n' ' ')" '/Users/ann/letter.txt ' '--path selects'
run audit "$basic" --report jsonl --path '*.TXT'
is "$(paths | tr '\n' ' ')" '/Users/ann/letter.txt ' '--path, in any case of letters'
run audit "$basic" --report jsonl --path '/nothing*'
is $rc 3 '--path that matches nothing'
run audit "$images/odd.img" --report jsonl --class user --path '/efs/version*'
is "$(jq -r 'select(.kind == "file") | .efs.class' "$tmp/out" | sort -u)" user \
	'--class selects'
run audit "$images/odd.img" --report jsonl
live=$(paths | wc -l)
run audit "$images/odd.img" --report jsonl --deleted
is "$(jq -c 'select(.kind == "file" and .deleted)' "$tmp/out" | wc -l)" \
	"$(awk -F'\t' '$10 == 1' "$images/odd.tsv" | wc -l)" \
	'--deleted: as many as were deleted'
[ "$(paths | wc -l)" -gt "$live" ]
ok $? '--deleted adds files'
# A deleted file whose clusters $Bitmap calls used again is proved no more.
cp "$images/odd.img" "$tmp/used.img"
istat -f ntfs "$tmp/used.img" 6 | sed -n '/^Type: \$DATA/{n;p;}' |
	tr ' ' '\n' | grep . >"$tmp/clusters"
while read -r cluster; do
	head -c 4096 /dev/zero | tr '\0' '\377' | dd of="$tmp/used.img" bs=4096 \
		seek="$cluster" conv=notrunc status=none
done <"$tmp/clusters"
for image in "$images/odd.img" "$tmp/used.img"; do
	rm -rf "$tmp/d"
	run recover "$image" --deleted --path /deleted/large --pfx \
		"$keys/ann.pfx" --password-file "$pw" -o "$tmp/d"
	is $rc 0 "deleted, in $(basename "$image"): exit status"
	jq -r 'select(.kind == "file") | .status + " " + .reason' \
		"$tmp/d/report.jsonl" | cut -d, -f1 >>"$tmp/fates"
done
is "$(sed -n 1p "$tmp/fates" | cut -d' ' -f1)" recovered_verified \
	'deleted, clusters still free: verified'
is "$(sed -n 2p "$tmp/fates")" 'recovered_unverified the file is deleted' \
	'deleted, clusters in use again: unverified'

# An audit says with keys what they open, and writes nothing.
run audit "$basic" --pfx "$keys/ann.pfx" --password-file "$pw" --report jsonl
is "$(jq -r 'select(.status == "openable") | .opened_by.ring' "$tmp/out" |
	sort -u)" ddf 'audit with a key: openable'
run audit "$basic"
is $rc 0 'audit for people: exit status'
grep -q '^agent .* 5 .*agent$' "$tmp/out"
ok $? 'audit for people: the agent, and how many it can open'

# ------------------------------------------------------------------- cat
key="--pfx $keys/ann.pfx --password-file $pw"
awk -F'\t' '$1 == "f" && $9 ~ /ann/ { print $2, $5, $8 }' "$images/basic.tsv" \
	>"$tmp/rows"
while read -r inode stream sum; do
	path=$(awk -F'\t' -v i="$inode" '$2 == i { print $4; exit }' \
		"$images/basic.tsv")
	[ "$stream" = - ] || path=$path:$stream
	# shellcheck disable=SC2086 # a list of options
	run cat "$basic" "$path" $key
	is "$(sha256sum <"$tmp/out" | cut -d' ' -f1)" "$sum" "cat $path"
	[ "$stream" = - ] || continue
	# shellcheck disable=SC2086
	run cat "$basic" "$inode" $key
	is "$(sha256sum <"$tmp/out" | cut -d' ' -f1)" "$sum" "cat inode $inode"
done <"$tmp/rows"
# shellcheck disable=SC2086
run cat "$basic" /no/such/file $key
is $rc 3 'cat of a file that is not there'
run cat "$basic" /Users/ann/letter.txt
is $rc 1 'cat without a key'
says 'no key at hand matches' 'cat without a key says so'
is "$(wc -c <"$tmp/out")" 0 'cat without a key writes nothing'

# ------------------------------------------------- every form of one key
# rsa2048 opens the files of the matrix that are wrapped for it.
for form in "$keys"/rsa2048.key "$keys"/rsa2048.pfx "$keys"/rsa2048[-.]*; do
	case $form in
	*.der | *cert* | *.pub.pem) [ "$form" = "$keys/rsa2048-enc.der" ] || continue ;;
	esac
	run audit "$images/matrix.img" --path '/aes-256/rsa2048/621' \
		--path '/aes-256/rsa2048/1' --key "$form" \
		--password-file "$pw" --report jsonl
	is "$(jq -r 'select(.kind == "file") | .status' "$tmp/out" | sort -u)" \
		openable "key as $(basename "$form")"
done
run audit "$images/matrix.img" --path '/aes-256/rsa2048/1' --key \
	"$keys/rsa2048.der" --report jsonl
is "$(jq -r 'select(.kind == "file") | .status' "$tmp/out")" no_key \
	'a certificate alone opens nothing'

# A renewed, an expired and a purposeless certificate over the same key.
for name in ann-renewed ann-expired; do
	run audit "$basic" --path '*/letter.txt' --pfx "$keys/$name.pfx" \
		--password-file "$pw" --report jsonl
	is "$(jq -r 'select(.kind == "file") | .status + " " + .tries[-1].by' \
		"$tmp/out")" 'openable mathematics' "$name opens the old file"
done

# ---------------------------------------------------------------- inspect
run inspect $real/efs-attribute.bin
is $rc 0 'inspect $EFS: exit status'
is "$(jq -r '.type, .version, .ddf[0].thumbprint, .drf[0].name' "$tmp/out" |
	tr '\n' ' ')" \
	'$EFS 2 1911cf1ef10d043cfd9c25e0438e056fb0100650 techsupport(techsupport@WINDOWS10-TEST) ' \
	'inspect $EFS: its fields'
for v in 4 5 6; do
	sed 's/#.*//' "tests/generator/specs/efs-v$v.hex" | xxd -r -p >"$tmp/v$v"
	run inspect "$tmp/v$v"
	is "$(jq -r .version "$tmp/out")" $v "inspect \$EFS of version $v"
done
run inspect "$keys/ann.der"
is "$(jq -r '.certificates[0].thumbprint' "$tmp/out")" \
	"$(openssl x509 -inform DER -in "$keys/ann.der" -noout -fingerprint \
	-sha1 | sed 's/.*=//; s/://g' | tr A-F a-f)" \
	'inspect certificate: the thumbprint is that of openssl'
run inspect --password-file "$pw" "$keys/ann.pfx"
is "$(jq -r '.private_keys[0].rsa_bits' "$tmp/out")" 2048 'inspect PFX'
run inspect "$keys/ann.pfx"
is "$(jq -r '.locked[0].type' "$tmp/out")" pfx 'inspect locked PFX'
head -c 5000 /dev/urandom >"$tmp/noise"
run inspect "$tmp/noise"
is $rc 3 'inspect noise'
clean_run 'inspect noise'

# ----------------------------------------------------------------- prompt
(sleep 0.5; cat "$pw") | script -qec "$efsleuth audit $basic --pfx \
	$keys/ann.pfx --password-prompt --report jsonl=$tmp/prompt" /dev/null \
	>"$tmp/tty" 2>&1
is "$(jq -r 'select(.status == "openable") | .status' "$tmp/prompt" 2>/dev/null |
	sort -u)" openable '--password-prompt: opens'
grep -qF "$(cat "$pw")" "$tmp/tty"
is $? 1 '--password-prompt: no echo'

# ------------------------------------------------------- secrets and logs
run recover "$basic" --pfx "$keys/ann.pfx" --password-file "$pw" -v \
	--log "$tmp/log.txt" -o "$tmp/o"
is $rc 1 'recover with a log'
grep -q 'letter.txt: recovered' "$tmp/log.txt"
ok $? 'the log has a line for each file'
grep -rqF "$(cat "$pw")" "$tmp/o/case.db" "$tmp/o"/report* "$tmp/log.txt" \
	"$tmp/err"
is $? 1 'no password in case, reports, log'

# ----------------------------------------------------------- interruption
"$efsleuth" recover "$images/matrix.img" --pfx "$keys/agent.pfx" \
	--password-file "$pw" -o "$tmp/i" >"$tmp/out" 2>"$tmp/err" &
pid=$!
while [ ! -d "$tmp/i/files/matrix.img" ] && kill -0 $pid 2>/dev/null; do
	sleep 0.05
done
kill -INT $pid
wait $pid
rc=$?
is $rc 130 'interrupted: exit status'
says 'intact and listed' 'interrupted: says so'
clean_run 'interrupted'
find "$tmp/i" -name '*.part' -o -name .partial | grep -q .
is $? 1 'interrupted: nothing half-written'
(cd "$tmp/i" && hashdeep -r -l -a -k hashes.txt files) >"$tmp/log" 2>&1
ok $? 'interrupted: what is there is listed and right'

# ----------------------------------------------------------------- limits
size=$(stat -c %s "$images/matrix.img")
head -c $((size / 2)) "$images/matrix.img" >"$tmp/cut.img"
run recover "$tmp/cut.img" --pfx "$keys/agent.pfx" --password-file "$pw" \
	-o "$tmp/m" --max-errors 1
is $rc 1 '--max-errors: exit status'
says 'max-errors' '--max-errors: says so'
done_testing
