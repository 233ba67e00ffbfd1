#!/bin/sh
# SPDX-License-Identifier: MIT
#
# wim.t - Windows images: encrypted files in them are raw exports, whatever the
# compression; key material in them joins the ring
. tests/program/lib.sh
raw=$images/loose/basic/raw
opt="--pfx $keys/agent.pfx --password-file $pw"

# A tree as Windows would capture it, and what marks it as encrypted.
t=$tmp/tree
mkdir -p "$t/Users/bob"
cp -r "$profiles/wiki/." "$t"
(cd "$raw" && find . -type f -name '*.efs') | while IFS= read -r f; do
	mkdir -p "$t/$(dirname "$f")"
	if [ "$f" = ./Users/bob/private.efs ]; then
		cp "$raw/$f" "$t/Users/bob/private.export"
	else
		cp "$raw/$f" "$t/${f%.efs}"
	fi
done
head -c 3000000 /dev/urandom >"$t/large.bin"
names='letter.txt,shared with bob.bin,old.bin,newer.bin,private'
capture() { # OUT NAME...
	out=$1
	shift
	wimcapture "$t" "$out" Backup --compress=none >/dev/null 2>&1
	python3 tests/generator/wimcrypt.py "$out" "$@"
}
old_ifs=$IFS
IFS=,
# shellcheck disable=SC2086 # names, parted by commas
capture "$tmp/none.wim" $names
IFS=$old_ifs
wimdir "$tmp/none.wim" 1 --detailed | grep -c 'ATTRIBUTE_ENCRYPTED' >"$tmp/n"
is "$(cat "$tmp/n")" 5 'another reader sees five encrypted entries'
for c in XPRESS LZX LZMS; do
	wimexport "$tmp/none.wim" all "$tmp/$c.wim" --compress=$c \
		>/dev/null 2>&1
done
wimexport "$tmp/none.wim" all "$tmp/solid.wim" --solid >/dev/null 2>&1
wimexport "$tmp/none.wim" all "$tmp/pipe.wim" --pipable >/dev/null 2>&1

recover() { # EVIDENCE...
	rm -rf "$tmp/o"
	# shellcheck disable=SC2086 # a list of options
	run recover $opt -o "$tmp/o" "$@"
	clean_run "${1##*/}"
}

# Is every file of the manifest there, below this folder?
compare_wim() { # NAME BELOW
	bad=0 seen=0
	while IFS='	' read -r kind _ _ path stream _ _ sha rest; do
		[ "$kind" = f ] || continue
		seen=$((seen + 1))
		[ "$stream" = - ] || path=$path:$stream
		got=$(sha256sum <"$tmp/o/files/$1$2$path" 2>/dev/null)
		[ "${got%% *}" = "$sha" ] || { bad=$((bad + 1)); echo "# $path"; }
	done <"$images/basic.tsv"
	is "$bad of $seen" "0 of 5" "$1: every file and stream is right"
	[ -d "$tmp/o/files/$1$2/Users/bob/private" ]
	ok $? "$1: the encrypted folder, too"
}

for name in none XPRESS LZX LZMS solid pipe; do
	recover "$tmp/$name.wim"
	is $rc 0 "$name.wim: all was recovered"
	compare_wim $name.wim ''
done
is "$(jq -r 'select(.kind == "evidence") | .format' "$tmp/o/report.jsonl")" \
	WIM 'its format'
mkdir "$tmp/spool"
TMPDIR=$tmp/spool
export TMPDIR
recover "$tmp/LZX.wim"
unset TMPDIR
is "$(ls -A "$tmp/spool")" '' 'no temporary file is left'

run keys "$tmp/LZX.wim"
grep -q 'private key ffb75517-bc6c-4a40-8f8b-e2c555e30e34' "$tmp/out"
is $? 0 'the key chain of a user is found'
secret wiki gentil password >"$tmp/pw"
run keys "$tmp/LZX.wim" --password-file "$tmp/pw"
grep -q 'LOCKED' "$tmp/out"
is $? 1 'and opens with the password'

# Several images: their numbers part them.
cp "$tmp/none.wim" "$tmp/two.wim"
wimexport "$tmp/none.wim" 1 "$tmp/two.wim" Second >/dev/null 2>&1
recover "$tmp/two.wim"
is $rc 0 'two images'
compare_wim two.wim /1
compare_wim two.wim /2

# A split WIM is read through its first part.
wimsplit "$tmp/none.wim" "$tmp/part.swm" 1 >/dev/null 2>&1
[ -e "$tmp/part2.swm" ]
ok $? 'a split WIM'
recover "$tmp/part.swm"
is $rc 0 'is recovered by its first part'
compare_wim part.swm ''
run audit "$tmp/part2.swm"
is $rc 3 'the second part alone'
says 'name that one' 'and what to do'
mkdir "$tmp/alone"
cp "$tmp/part.swm" "$tmp/alone"
run audit "$tmp/alone/part.swm" --report jsonl=-
clean_run 'the first part alone'
is "$(jq -r 'select(.kind == "file") | .path' "$tmp/out" | sort -u | wc -l)" \
	5 'the first part alone still names every encrypted entry'

# Damage costs what is damaged.
at=$(LC_ALL=C grep -obUaP 'G\x00U\x00R\x00E\x00' "$tmp/none.wim" | tail -n 1)
cp "$tmp/none.wim" "$tmp/bad.wim"
printf XXXX | dd of="$tmp/bad.wim" bs=1 seek=$((${at%%:*} + 600)) \
	conv=notrunc status=none
recover "$tmp/bad.wim"
is $rc 1 'one file is damaged'
says 'the data of 1 file is damaged' 'and named'
is "$(jq -r 'select(.kind == "file") | .status' "$tmp/o/report.jsonl" |
	sort | uniq -c | tr -s ' \n' ' ')" \
	' 1 metadata_damaged 5 recovered_verified ' 'the others are recovered'
head -c 100000 "$tmp/none.wim" >"$tmp/cut.wim"
run audit "$tmp/cut.wim"
is $rc 3 'a WIM that was cut'
says 'the WIM cannot be read' 'and why'
head -c 300 "$tmp/none.wim" >"$tmp/short.wim"
run audit "$tmp/short.wim"
is $rc 3 'a WIM of a header'
clean_run 'a WIM of a header'

# What is marked, but is no export.
cp "$t/large.bin" "$t/not an export"
capture "$tmp/odd.wim" 'not an export'
run audit "$tmp/odd.wim"
grep -q '/not an export.*metadata_damaged' "$tmp/out"
is $? 0 'a file that is marked encrypted, but holds no export'
done_testing
