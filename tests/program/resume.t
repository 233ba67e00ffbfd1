#!/bin/sh
# SPDX-License-Identifier: MIT
#
# resume.t - recover --resume: a run that was killed at any moment, or met a full
# disk, and goes on, has the result of one that was not disturbed; what is there
# is not done again; --mirror; damage between runs; what is refused; any file system
#
#	KILLS	moments at which a run is killed (10; kill.t has more)
. tests/program/lib.sh
. tests/program/resume.sh

KILLS=${KILLS:-10}
# ------------------------------------------------- killed at any moment

{
	head_of
	i=0
	while [ $i -lt 400 ]; do
		echo "file /small/$((i % 7))/f$i size=$((i * 97))"
		[ $((i % 10)) != 0 ] ||
			echo "stream notes data=text size=$((i * 30))"
		i=$((i + 1))
	done
	for i in 1 2 3; do
		echo "file /large/l$i size=9M data=random:$i"
	done
} | volume "$tmp/many.img" 80M
set -- --deleted --snapshots all "$tmp/many.img" "$images/history.dd" \
	"$images/odd.img"

began=$(date +%s%N)
recover whole -j 2 "$@"
took=$((($(date +%s%N) - began) / 1000000))
is "$rc" 1 'not disturbed: there is a result'
result_of "$tmp/whole/out"
grep -q '~' "$tmp/whole/out.result/tree"
ok $? 'not disturbed: there are twins of one name'
sqlite3 "$tmp/whole/out/case.db" \
	'SELECT 1 FROM stream WHERE same_as NOTNULL LIMIT 1' | grep -q 1
ok $? 'not disturbed: there are shadow copies that are the same'

# A program that is killed after a part of the time that a whole run takes.
killed() { # PART/1000 DIR OPTION...
	at=$(($1 * took / 1000))
	shift
	recover "$@" &
	shell=$!
	sleep "$(printf '%d.%03d' $((at / 1000)) $((at % 1000)))"
	# the shell waits for the program: that is its child
	pid=$(pgrep -P "$shell" -x efsleuth)
	[ -z "$pid" ] || kill -KILL "$pid"
	wait "$shell" 2>"$tmp/log"
}

middle=0 unlisted=0 reused=0 twice=0 bad=0
seed=${SEED:-$(date +%s)}
echo "# SEED=$seed, a whole run takes $took ms"
i=0
for part in $(awk -v n="$KILLS" -v s="$seed" 'BEGIN { srand(s)
	for (i = 0; i < n; i++) print int((i + rand()) * 1050 / n), int(rand() * 1050) }' |
	tr ' ' :); do
	i=$((i + 1)) jobs=$((i % 2 + 1))
	rm -rf "$tmp/k"
	killed "${part%:*}" k -j $jobs "$@"
	out=$tmp/k/out
	files=$(find "$out/files" -type f 2>/dev/null | wc -l)
	[ -d "$out/.partial" ] && [ "$files" -gt 0 ] && middle=$((middle + 1))
	# a copy, for the journal is the resumed run's to undo
	rm -rf "$tmp/copy" && mkdir "$tmp/copy"
	cp "$out"/case.db* "$tmp/copy" 2>/dev/null &&
		listed=$(sqlite3 "$tmp/copy/case.db" 'SELECT count(*) FROM stream
			WHERE output NOTNULL AND same_as ISNULL' 2>/dev/null) &&
		[ "${listed:-0}" -lt "$files" ] && unlisted=$((unlisted + 1))
	if [ $((i % 3)) = 0 ]; then
		killed "${part#*:}" k --resume -j $jobs "$@"
		[ -e "$out/.partial/hint-1.db" ] && twice=$((twice + 1))
	fi
	find "$out/files" -type f -printf '%i\n' 2>/dev/null |
		sort >"$tmp/before"
	recover k --resume -j $jobs -v "$@"
	find "$out/files" -type f -printf '%i\n' | sort >"$tmp/after"
	kept=$(comm -12 "$tmp/before" "$tmp/after" | wc -l)
	[ "$(there)" -gt 0 ] && [ "$kept" -ge "$(there)" ] &&
		reused=$((reused + 1))
	result_of "$out"
	if [ "$rc" != 1 ] || ! diff -r "$tmp/whole/out.result" "$out.result" \
		>"$tmp/diff"; then
		bad=$((bad + 1))
		echo "# killed at $part (-j $jobs): status $rc"
		sed 's/^/# /; 10q' "$tmp/diff" "$tmp/err" | cut -c1-200
	fi
done
is $bad 0 "killed $KILLS times, and resumed: the same bytes as undisturbed"
echo "# $middle in the middle, $unlisted with files that are not listed," \
	"$twice killed again, $reused used what was there"
# That the moments were of every kind is sure only where they are many.
met() { # COUNT LEAST NAME
	if [ "$KILLS" -ge 50 ]; then
		[ "$1" -ge "$2" ]
		ok $? "$3"
	else
		skip "$3" "killed $KILLS times only"
	fi
}
met $((middle * 3)) "$KILLS" 'killed: in the middle of the work'
met $unlisted 1 'killed: with files that have their name and are in no case'
met $reused 1 'killed: what was finished was not written again'
met $twice 1 'killed: a run that goes on, too'

clean_run 'killed, and resumed'

# --------------------------------------------------------------- interrupted

rm -rf "$tmp/k"
recover k -j 2 "$@" &
shell=$!
while [ ! -e "$tmp/k/out/files/many.img/v1/small/1/f50" ] &&
	kill -0 $shell 2>"$tmp/log"; do
	sleep 0.01
done
pid=$(pgrep -P "$shell" -x efsleuth)
[ -z "$pid" ] || kill -INT "$pid"
wait "$shell"
says '--resume goes on' 'interrupted: the sentence says how to go on'
recover k --resume -j 2 -v "$@"
[ "$(there)" -gt 0 ]
ok $? 'interrupted, and resumed: what was finished was taken over'
result_of "$tmp/k/out"
same_result "$tmp/whole/out" "$tmp/k/out" \
	'interrupted, and resumed: the same bytes'

# --------------------------------------------------------------- a full disk

# Files have their names that no case lists, for that had no room for its rows.
# It runs on to another end than a run that is killed.
mkdir "$tmp/f"
if mount -t tmpfs -o size=256m none "$tmp/f" 2>"$tmp/log"; then
	recover m "$images/matrix.img"
	result_of "$tmp/m/out"
	for size in 3 5 7; do
		rm -rf "$tmp/f/out"
		mount -o remount,size=${size}m "$tmp/f"
		recover f "$images/matrix.img"
		is $rc 5 "a disk of $size MiB: exit status"
		mount -o remount,size=256m "$tmp/f"
		recover f --resume "$images/matrix.img"
		result_of "$tmp/f/out"
		same_result "$tmp/m/out" "$tmp/f/out" \
			"a disk of $size MiB, and resumed: the same bytes"
	done
	umount "$tmp/f"
	rm -rf "$tmp/f"
else
	skip 'a full disk' 'no right to mount a tmpfs'
fi

# --------------------------------------------------------------------- twice

find "$tmp/k/out/files" -printf '%P %i %T@\n' | sort >"$tmp/before"
recover k --resume -j 2 "$@"
is "$rc" 1 'twice: the same exit status'
find "$tmp/k/out/files" -printf '%P %i %T@\n' | sort >"$tmp/after"
cmp -s "$tmp/before" "$tmp/after"
ok $? 'twice: no file was written'
result_of "$tmp/k/out"
same_result "$tmp/whole/out" "$tmp/k/out" 'twice: the same bytes'
[ ! -e "$tmp/k/out/.partial" ]
ok $? 'twice: no earlier case is left'

recover n "$images/basic.img"
recover n --resume "$images/basic.img"
is "$rc" 0 'twice: everything is recovered'
says "nothing to do: $(find "$tmp/n/out/files" -type f | wc -l) files were there" \
	'twice: it says so'
recover n --resume -q "$images/basic.img"
is "$(cat "$tmp/err")" '' 'twice: not with -q'

# ---------------------------------------------- contribute, and mirror

small() {
	head_of
	echo 'file /stays size=20000'
	echo 'file /changes size=30000 data=random:1'
	echo 'file /lost/one size=1000'
	echo 'stream notes size=500'
	echo 'file /lost/two size=2000'
	echo 'edir /lost/folder'
	echo 'file /becomes/folder size=100'
}
# The generator keeps the plaintext of what it deletes: not in one tree.
mkdir "$tmp/one" "$tmp/two"
small | volume "$tmp/one/e.img" 16M
{
	small
	echo 'file /gained size=5000'
	echo 'file /other size=6000'
	echo 'delete /changes'
	echo 'delete /lost/one'
	echo 'delete /lost/two'
	echo 'delete /lost/folder'
	echo 'delete /lost'
	echo 'delete /becomes/folder'
	echo 'file /changes size=30000 data=random:2'
	echo 'file /becomes/folder/file size=100'
} | volume "$tmp/two/e.img" 16M
files_of() { (cd "$1" && find . -type f -exec sha256sum {} + | sort -k 2); }

recover fresh "$tmp/two/e.img"
for how in contribute mirror; do
	option=
	[ $how = contribute ] || option=--mirror
	recover $how "$tmp/one/e.img"
	stays=$(stat -c '%i %Z' "$tmp/$how/out/files/e.img/v1/stays")
	cp -a "$tmp/$how/out/files" "$tmp/$how/old"
	# shellcheck disable=SC2086 # an option, or none
	recover $how --resume $option "$tmp/two/e.img"
	is "$rc" 0 "$how: recovered"
	cp "$tmp/err" "$tmp/$how/err"
	is "$(stat -c '%i %Z' "$tmp/$how/out/files/e.img/v1/stays")" "$stays" \
		"$how: what did not change is not written again"
	(cd "$tmp/$how/out" && jq -r 'select(.output) | [.output, .sha256] |
		@tsv' report.jsonl) | sort >"$tmp/$how/listed"
	(cd "$tmp/fresh/out" && jq -r 'select(.output) | [.output, .sha256] |
		@tsv' report.jsonl) | sort >"$tmp/fresh/listed"
done
cmp -s "$tmp/fresh/listed" "$tmp/mirror/listed"
ok $? 'mirror: what is listed is what the evidence holds now'
files_of "$tmp/fresh/out/files" >"$tmp/want"
files_of "$tmp/mirror/out/files" >"$tmp/got"
diff "$tmp/want" "$tmp/got" >"$tmp/diff"
ok $? 'mirror: files is what a new folder would hold'
sed 's/^/# /' "$tmp/diff"
when=$(ls "$tmp/mirror/out/vanished")
echo "$when" | grep -qE '^[0-9]{8}T[0-9]{6}Z$'
ok $? 'mirror: the folder of what vanished has the time of the run'
aside=$tmp/mirror/out/vanished/$when/files/e.img/v1
is "$(cd "$aside" && find . -type f | sort | tr '\n' ' ')" \
	'./becomes/folder ./lost/one ./lost/one:notes ./lost/two ' \
	'mirror: what vanished is there, under its path'
cmp -s "$aside/lost/two" "$tmp/mirror/old/e.img/v1/lost/two"
ok $? 'mirror: as it was'
[ -d "$aside/lost/folder" ] && [ ! -e "$tmp/mirror/out/files/e.img/v1/lost" ]
ok $? 'mirror: its folders, too'
grep -q "now in out/vanished/$when" "$tmp/mirror/err"
ok $? 'mirror: the summary says so'
[ -f "$tmp/contribute/out/files/e.img/v1/lost/two" ] &&
	cmp -s "$aside/lost/one:notes" \
		"$tmp/contribute/out/files/e.img/v1/lost/one:notes"
ok $? 'contribute: what vanished stays'
grep -q '3 files of earlier runs.*--mirror' "$tmp/contribute/err"
ok $? 'contribute: the summary says so'
! find \
	"$tmp/contribute/out/vanished" -path '*lost*' 2>"$tmp/log" | grep -q .
ok $? 'contribute: nothing of it is moved'
# What cannot be opened for want of a key has not vanished.
recover keyless "$tmp/one/e.img"
mkdir "$tmp/keyless/two"
(cd "$tmp/keyless" && "$efsleuth" recover --resume --mirror -o out \
	"$tmp/one/e.img") >"$tmp/out" 2>"$tmp/err"
is $? 1 'no key: nothing is recovered'
files_of "$tmp/keyless/out/files" >"$tmp/got"
(cd "$tmp/one" && files_of "$tmp/contribute/old") >"$tmp/want"
cmp -s "$tmp/want" "$tmp/got" && [ ! -e "$tmp/keyless/out/vanished" ]
ok $? 'no key: what was recovered before stays, with --mirror, too'
# Evidence that is not there.
recover n --resume --mirror "$images/basic.img" "$tmp/nothing.img"
is "$rc" 1 'evidence that is not there: exit status'
[ ! -e "$tmp/n/out/vanished" ]
ok $? 'evidence that is not there: nothing is moved'
before=$(sqlite3 "$tmp/n/out/case.db" .dump | sha256sum)
recover n --resume --mirror "$tmp/nothing.img"
is "$rc" 3 'no evidence at all: exit status'
is "$(sqlite3 "$tmp/n/out/case.db" .dump | sha256sum)" "$before" \
	'no evidence at all: the case is as it was'
run recover --mirror -o "$tmp/x" "$images/basic.img"
is "$rc" 2 'mirror without resume: usage'

# -------------------------------------------------- damage between the runs

first=$tmp/n/out/files/basic.img/v1/Users/ann/letter.txt
second="$tmp/n/out/files/basic.img/v1/Users/ann/shared with bob.bin"
third=$tmp/n/out/files/basic.img/v1/Users/bob/private/old.bin
expect=$images/basic.expect/tree/Users
# The program has written it anew (or not): the number of the file tells.
number() { stat -c %i "$1"; }
damage() { # FILE: one byte, and the time is as it was
	touch -r "$1" "$tmp/time"
	printf X | dd of="$1" bs=1 seek=10 conv=notrunc status=none
	touch -r "$tmp/time" "$1"
}
interrupt() { # DIR: its case says that the run was interrupted
	sqlite3 "$tmp/$1/out/case.db" 'UPDATE tool SET interrupted = 1'
}

recover n --resume "$images/basic.img"
keep=$(number "$second")
truncate -s 5 "$first"
recover n --resume "$images/basic.img"
cmp -s "$first" "$expect/ann/letter.txt"
ok $? 'truncated after a run that ended: by its size'
is "$(number "$second")" "$keep" 'truncated: only that one'
echo 'of the user' >"$tmp/n/out/files/basic.img/v1/Users/ann/notes"
damage "$second"
touch "$first"
recover n --resume "$images/basic.img"
is "$(stat -c %Y "$first")" "$(date -d 2024-05-07T10:00:00Z +%s)" \
	'another time: its digests say it is right, and it has its time again'
! cmp -s "$second" "$expect/ann/shared with bob.bin"
ok $? 'the same size and time after a run that ended: is believed'
interrupt n
keep=$(number "$third")
recover n --resume "$images/basic.img"
cmp -s "$second" "$expect/ann/shared with bob.bin"
ok $? 'damaged, and the run was interrupted: by its digests'
is "$(number "$third")" "$keep" 'damaged: only that one'
rm "$first"
ln -s /etc/passwd "$first"
recover n --resume "$images/basic.img"
[ ! -L "$first" ] && cmp -s "$first" "$expect/ann/letter.txt"
ok $? 'a link where a file was: not followed, and replaced'
is "$(cat "$tmp/n/out/files/basic.img/v1/Users/ann/notes")" 'of the user' \
	'a file of the user stays'
# One of the user's where a file of ours would go.
rm -rf "$tmp/n/out"
recover n "$images/basic.img" --path '*.bin'
echo mine >"$first"
recover n --resume "$images/basic.img"
is "$(cat "$first")" mine 'a file of the user is never replaced'
cmp -s "$first"~* "$expect/ann/letter.txt"
ok $? 'a file of the user: ours has another name'
# Other digests are wanted.
recover n --resume --hash sha1 "$images/basic.img"
is "$(jq -r 'select(.output) | [.md5, .sha256] | @tsv' \
	"$tmp/n/out/report.jsonl" | tr -d '\n\t')" '' 'other digests: only these'
(cd "$tmp/n/out" && sqlite3 -separator '  ' case.db 'SELECT sha1, output
	FROM stream WHERE sha1 NOTNULL' | sha1sum -c --quiet) >"$tmp/log" 2>&1
ok $? 'other digests: they are right'
recover n --resume --hash none "$images/basic.img"
grep -q 'nothing to do' "$tmp/err"
ok $? 'no digests, and the run ended: by size and time'
interrupt n
recover n --resume --hash none "$images/basic.img"
grep -q 'nothing to do' "$tmp/err"
is $? 1 'no digests, and the run was interrupted: done again'

# ----------------------------------------------------------------- refusals

mkdir -p "$tmp/foreign/out"
echo x >"$tmp/foreign/out/letter"
recover foreign --resume "$images/basic.img"
is "$rc" 5 'a foreign folder: exit status'
says 'not empty' 'a foreign folder: says so'
is "$(ls -A "$tmp/foreign/out")" letter 'a foreign folder: nothing is written'
sqlite3 "$tmp/foreign/out/case.db" 'CREATE TABLE t (x)'
recover foreign --resume "$images/basic.img"
is "$rc" 5 'a foreign case.db: exit status'
says 'not a case file' 'a foreign case.db: says so'
is "$(find "$tmp/foreign/out" -mindepth 1 -printf '%f\n' | sort |
	tr '\n' ' ')" 'case.db letter ' \
	'a foreign case.db: nothing is written'
recover n "$images/basic.img"
is "$rc" 5 'without --resume: exit status'
sqlite3 "$tmp/n/out/case.db" 'PRAGMA user_version = 1'
before=$(sha256sum <"$tmp/n/out/case.db")
recover n --resume "$images/basic.img"
is "$rc" 5 'a case of another version: exit status'
says 'another version' 'a case of another version: says so'
is "$(sha256sum <"$tmp/n/out/case.db")" "$before" \
	'a case of another version: is as it was'
[ ! -e "$tmp/n/out/.partial" ]
ok $? 'a case of another version: nothing is written'

# Another run is at work: one that waits for a password file to be written.
rm -rf "$tmp/n/out"
mkfifo "$tmp/pipe"
(cd "$tmp/n" && "$efsleuth" recover -o out --hash md5 "$images/basic.img" \
	--pfx "$keys/agent.pfx" --password-file "$pw" \
	--report "jsonl=$tmp/pipe") >"$tmp/log" 2>&1 &
shell=$!
while [ ! -s "$tmp/n/out/report.jsonl" ] && kill -0 $shell; do
	sleep 0.05
done
recover n --resume "$images/basic.img"
is "$rc" 5 'two at a time: exit status'
says 'another run is at work' 'two at a time: says so'
cat "$tmp/pipe" >"$tmp/log"
wait $shell
recover n --resume "$images/basic.img"
grep -q 'another run' "$tmp/err"
is $? 1 'two at a time: when it has ended, it goes on'

# ------------------------------------------------------- nothing to go on with

recover new --resume "$images/basic.img"
is "$rc" 0 'no folder: as without'
mkdir -p "$tmp/empty/out"
recover empty --resume "$images/basic.img"
is "$rc" 0 'an empty folder: as without'
mkdir -p "$tmp/audit/out"
run audit --report "jsonl=$tmp/audit/out/report.jsonl" "$images/basic.img"
recover audit --resume "$images/basic.img"
is "$rc" 5 'a folder with the report of an audit: is not one of recover'

# ------------------------------------------- a file system made for Windows

# FAT, if the kernel has it, or NTFS as ntfs-3g shows it; both need root.
mkdir "$tmp/mnt"
truncate -s 64M "$tmp/disk"
if mkfs.vfat "$tmp/disk" >"$tmp/log" 2>&1 &&
	mount -o loop "$tmp/disk" "$tmp/mnt" 2>>"$tmp/log"; then
	kind=vfat
elif mkntfs -F -q -Q "$tmp/disk" >>"$tmp/log" 2>&1 &&
	ntfs-3g -o windows_names "$tmp/disk" "$tmp/mnt" 2>>"$tmp/log"; then
	kind=ntfs-3g
else
	kind=
	skip 'a file system made for Windows' 'it cannot be mounted here'
fi
if [ -n "$kind" ]; then
	trap 'umount "$tmp/mnt"; rm -rf "$tmp"' EXIT
	echo "# $kind"
	recover mnt "$images/basic.img"
	is "$rc" 0 'names that it refuses: everything is recovered'
	cmp -s "$tmp/mnt/out/files/basic.img/v1/Users/ann/shared with bob.bin%3Anotes" \
		"$images/basic.expect/tree/Users/ann/shared with bob.bin:notes"
	ok $? 'names that it refuses: %XX'
	rm -f "$tmp/mnt/out/files/basic.img/v1/Users/ann/letter.txt"
	recover mnt --resume "$images/basic.img"
	is "$rc" 0 'names that it refuses: a run goes on'
	grep -qE '[4-9] files were there already, 1 new' "$tmp/err"
	ok $? 'names that it refuses: what is there is taken over'
	umount "$tmp/mnt"
	trap 'rm -rf "$tmp"' EXIT
fi

done_testing
