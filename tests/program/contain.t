#!/bin/sh
# SPDX-License-Identifier: MIT
#
# contain.t - where reading some bytes crashes the program, all else is done,
# and it says where it was
. tests/program/lib.sh

[ "$B" = build ] || {
	echo '1..0 # SKIP a sanitizer wants to see the crash itself'
	exit 0
}
preload=$PWD/$B/tests/program/crash.so
agent="--pfx $keys/agent.pfx --password-file $pw"
ann=$images/basic.img

# 32 bytes of an image that are nowhere else in it, near an offset.
bytes_of() { # IMAGE OFFSET [TIMES]
	perl -e 'my ($path, $at, $times) = (@ARGV, 1);
		open(my $in, "<:raw", $path) or die; local $/; my $all = <$in>;
		for (my $i = $at; $i < $at + 400; $i++) {
			my $s = substr($all, $i, 32);
			next if (() = $all =~ /\Q$s\E/g) != $times;
			print unpack("H*", $s);
			exit;
		}
		die "nothing at $at is unique"' "$@"
}

# Where a part of a file is in basic.img.
place() { # MFT STREAM PART
	awk -F '\t' -v m="$1" -v s="$2" -v p="$3" \
		'$1 == m && $2 == s && $3 == p { print $4; exit }' \
		"$images/basic.needs"
}

crashes() { # NAME BYTES COMMAND OPTION...: with its folder $tmp/NAME
	name=$1 bytes=$2
	shift 2
	# shellcheck disable=SC2086 # a list of options
	CRASH_ON=$bytes LD_PRELOAD=$preload "$efsleuth" "$@" $agent \
		-o "$tmp/$name" >"$tmp/out" 2>"$tmp/err"
	rc=$?
}

reason_of() { # NAME MFT: of its main stream
	jq -r "select(.kind == \"file\" and .mft == $2 and .stream == null) |
		.status + \": \" + .reason" "$tmp/$1/report.jsonl"
}

passed='reading this crashed the program, so it was passed over'

# All rows of the manifest but those of one file.
others_are_whole() { # NAME MFT
	awk -F '\t' -v m="$2" '$2 != m' "$images/basic.tsv" >"$tmp/others.tsv"
	compare "$tmp/others.tsv" "$tmp/$1" "${3:-basic.img}"
}

# The run has come to its end, and left nothing but its results.
ended() { # NAME
	grep -q '"kind":"tool".*"interrupted":false' "$tmp/$1/report.jsonl" &&
		[ ! -e "$tmp/$1/.partial" ]
	ok $? "$1: it came to its end"
}

before=$(sha256sum "$ann")

# ------------------------------------------------- a record, its data, its $EFS
for name in record data efs; do
	stream='*'
	[ $name = data ] && stream=-
	at=$(place 68 "$stream" $name)
	crashes "$name" "$(bytes_of "$ann" $((at + 64)))" recover -j 2 "$ann"
	is "$rc" 1 "a crash at the $name: exit status 1"
	says 'record 68 crashed the program (Segmentation fault)' \
		"$name: it says which record it is"
	is "$(reason_of "$name" 68)" "metadata_damaged: $passed" \
		"$name: and why the file stays closed"
	others_are_whole "$name" 68
	ended "$name"
done
is "$(grep -c 'begins again' "$tmp/err")" 1 'one crash costs one new beginning'

for how in abort divide trap stack; do
	CRASH_HOW=$how
	export CRASH_HOW
	crashes $how "$(bytes_of "$ann" "$(place 68 - data)")" recover -j 1 "$ann"
	is "$rc" 1 "$how: exit status 1"
	others_are_whole $how 68
done
unset CRASH_HOW

at=$(bytes_of "$ann" "$(place 68 '*' efs)")
mkdir "$tmp/audit"
# shellcheck disable=SC2086 # a list of options
CRASH_ON=$at LD_PRELOAD=$preload "$efsleuth" audit "$ann" $agent \
	--report jsonl="$tmp/audit/report.jsonl" >"$tmp/out" 2>"$tmp/err"
is $? 1 'audit: exit status 1'
is "$(reason_of audit 68)" "metadata_damaged: $passed" 'audit: the file is listed'
# shellcheck disable=SC2086 # a list of options
CRASH_ON=$at LD_PRELOAD=$preload "$efsleuth" cat "$ann" /Users/ann/letter.txt \
	$agent >"$tmp/out" 2>"$tmp/err"
is "$? $(sha256sum <"$tmp/out")" "0 $(awk -F '\t' '$2 == 66 { print $8 "  -" }' \
	"$images/basic.tsv")" 'cat: another file is shown'
# shellcheck disable=SC2086 # a list of options
CRASH_ON=$at LD_PRELOAD=$preload "$efsleuth" cat "$ann" 68 $agent \
	>"$tmp/out" 2>"$tmp/err"
is $? 1 'cat: the file itself is not'
says "$passed" 'and it says why'

# ------------------------------------------- what goes round in circles is ended
still='reading this did not come to an end, so it was passed over'
CRASH_HOW=still
export CRASH_HOW
for part in record data efs; do
	stream='*'
	[ $part = data ] && stream=-
	crashes "still-$part" "$(bytes_of "$ann" \
		$(($(place 68 "$stream" $part) + 64)))" recover -j 2 "$ann"
	is "$rc" 1 "no end at the $part: exit status 1"
	says 'record 68 did not come to an end: it begins again without that' \
		"no end at the $part: it says which record it is"
	is "$(reason_of "still-$part" 68)" "metadata_damaged: $still" \
		"no end at the $part: and why the file stays closed"
	others_are_whole "still-$part" 68
	ended "still-$part"
done
crashes still-boot "$(xxd -s 3 -l 64 -p -c 64 "$ann")" recover "$ann"
is "$rc" 3 'no end at the boot sector: exit status 3'
says "$still" 'no end at the boot sector: it says why'
# To hash a GiB of zeros takes longer than that, and ends.
python3 tests/generator/mkhostile.py together "$tmp/hole.img" 1 || exit 1
crashes hole '' recover --hash md5 "$tmp/hole.img"
is "$(jq -r 'select(.stream == "large") | [.size, .md5] | @tsv' \
	"$tmp/hole/report.jsonl")" \
	"$(printf '1073741824\t%s' cd573cfaace07e7949bc0c46028904ff)" \
	'a large hole is hashed to its end'
rm -rf "$tmp/hole" "$tmp/hole.img"
unset CRASH_HOW

# --------------------------------------------------------------- two at a time
{ cat "$ann" && cat "$ann"; } >"$tmp/two.part"
crashes two "$at" recover -j 2 "$ann" "$images/cluster-512.img"
is "$rc" 1 'two images: exit status 1'
others_are_whole two 68
compare "$images/cluster-512.tsv" "$tmp/two" cluster-512.img

# --------------------------------------------- a volume of which all is like it
# Its first record is read by the scan alone, and each record has its mark.
crashes all 46494c4530 recover "$ann"
is "$rc" 1 'each record: exit status 1'
says 'crashed the program' 'each record: it says so'
[ "$(grep -c 'begins again' "$tmp/err")" -le 100 ]
ok $? 'each record: and comes to an end'

# ------------------------------------------------------------------- containers
crashes boot "$(xxd -s 3 -l 64 -p -c 64 "$ann")" recover "$ann"
is "$rc" 3 'the boot sector: exit status 3'
says "$passed" 'the boot sector: it says why'

mkdir "$tmp/e01"
ewfacquire -u -q -t "$tmp/e01/i" -C a -E b -D c -e d -N e -c none "$ann" \
	>"$tmp/log" 2>&1 || exit 1
crashes ewf "$(bytes_of "$ann" $(($(place 68 - data) + 60000)))" recover -j 2 \
	--hash-evidence "$tmp/e01/i.E01"
is "$rc" 1 'a chunk of an EnCase image: exit status 1'
says 'the block at byte' 'a chunk of an EnCase image: it says which'
others_are_whole ewf 68 i.E01
is "$(jq -r 'select(.kind == "file" and .mft == 68 and .stream == null) |
	.status' "$tmp/ewf/report.jsonl")" recovered_partial \
	'a chunk of an EnCase image: of its file only the chunk is missing'
ended ewf

# Containers in containers: each is at a spot of its own.
cp "$images/history.dd" "$tmp/deep"
for _ in 1 2 3 4 5 6 7; do
	ewfacquire -u -q -t "$tmp/deeper" -C a -E b -D c -e d -N e -c none \
		"$tmp/deep" >"$tmp/log" 2>&1 || exit 1
	mv "$tmp/deeper.E01" "$tmp/deep"
done
# shellcheck disable=SC2086 # a list of options
run audit --snapshots all $agent "$tmp/deep" --report jsonl="$tmp/deep.jsonl"
clean_run 'seven containers in each other'
is "$(grep -c '"kind":"file"' "$tmp/deep.jsonl")" \
	"$("$efsleuth" audit --snapshots all "$images/history.dd" \
		--report jsonl 2>"$tmp/err" | grep -c '"kind":"file"')" \
	'seven containers in each other: all files'
rm -f "$tmp/deep"

# A block of a shadow copy's store: libvshadow reads it for us.
store=$(awk -F '\t' 'FNR == NR { if ($1 == 1 && $2 != "-") at[$2 / 16384] = $3
		next }
	$3 == "data" && at[int($4 / 16384)] && $4 % 16384 == 0 {
		print 1048576 + at[int($4 / 16384)], $1; exit }' \
	"$images/history.img.map" "$images/history-1.needs")
# There are two volumes of it.
crashes vss "$(bytes_of "$images/history.dd" "$((${store% *} + 512))" 2)" \
	recover -j 2 --snapshots all "$images/history.dd"
is "$rc" 1 'a block of a shadow copy: exit status 1'
says 'the block at byte' 'a block of a shadow copy: it says which'
ended vss
# shellcheck disable=SC2086 # a list of options
run recover --snapshots all $agent "$images/history.dd" -o "$tmp/vss-whole"
for d in vss vss-whole; do
	jq -r 'select(.kind == "file") | [.volume, .snapshot, .mft, .stream,
		.sha256, .status] | @tsv' "$tmp/$d/report.jsonl" |
		sort >"$tmp/$d.list"
done
is "$(diff "$tmp/vss.list" "$tmp/vss-whole.list" | grep -c '^<')" 2 \
	'a block of a shadow copy: all other files are whole'

# ---------------------------------------------------------------- other evidence
mkdir "$tmp/folder"
cp -r "$images"/loose/basic/. "$tmp/folder"
printf 'this is a file that crashes whoever reads it' >"$tmp/folder/bad.efs"
bad=$(printf 'file that crashes whoever' | xxd -p)
# shellcheck disable=SC2086 # a list of options
run recover $agent "$tmp/folder" -o "$tmp/folder-whole"
crashes collected "$bad" recover "$tmp/folder"
is "$rc" 1 'a file of a folder: exit status 1'
says 'so they were passed over: bad.efs' 'a file of a folder: it says which'
for d in collected folder-whole; do
	jq -r 'select(.kind == "file") | [.path, .sha256, .status] | @tsv' \
		"$tmp/$d/report.jsonl" | sort >"$tmp/$d.list"
done
[ -s "$tmp/collected.list" ] &&
	diff "$tmp/collected.list" "$tmp/folder-whole.list" >"$tmp/diff"
ok $? 'a file of a folder: all others are as they were'
# What is read ahead is of the next member alone.
(cd "$tmp/folder" && mv bad.efs .. && zip -q -0 -r ../some.zip . && cd .. &&
	for fill in before behind; do
		head -c 300000 /dev/zero >$fill
	done && zip -q -0 some.zip before bad.efs behind)
crashes zip "$bad" recover "$tmp/some.zip"
is "$rc" 1 'a member of an archive: exit status 1'
says "$passed" 'a member of an archive: it says so'
jq -r 'select(.kind == "file") | [.path, .sha256, .status] | @tsv' \
	"$tmp/zip/report.jsonl" | sort >"$tmp/zip.list"
is "$(cut -f2- "$tmp/zip.list")" "$(cut -f2- "$tmp/folder-whole.list")" \
	'a member of an archive: those before it are whole'

# ------------------------------------------------------------- what is no place
CRASH_AS=report.html
export CRASH_AS
crashes report '' recover "$ann"
unset CRASH_AS
is "$rc" 139 'in a report: it ends as the process did'
says 'this is a fault in it; what was finished is intact' 'and says so'
[ ! -e "$tmp/report/report.html" ]
ok $? 'there is no such report'
# shellcheck disable=SC2086 # a list of options
run recover --resume "$ann" $agent -o "$tmp/report"
is "$rc" 0 'and --resume goes on'
compare "$images/basic.tsv" "$tmp/report" basic.img

# ---------------------------------------------------------------- inspect
printf 'crash the program with these bytes' >"$tmp/bad"
CRASH_ON=$(xxd -p -c 64 "$tmp/bad") LD_PRELOAD=$preload "$efsleuth" inspect \
	"$keys/ann.key" "$tmp/bad" "$keys/bob.key" >"$tmp/out" 2>"$tmp/err"
is "$? $(jq -c '[.file]' "$tmp/out" | tr -d '\n')" \
	"3 [\"$keys/ann.key\"][\"$keys/bob.key\"]" 'inspect: the others are shown'
says "$tmp/bad: $passed" 'inspect: and it says which is not'

# --------------------------------------------------------------------- a batch
cp "$ann" "$tmp/a.img"
cp "$images/cluster-512.img" "$tmp/b.img"
# shellcheck disable=SC2086 # a list of options
CRASH_ON=$at LD_PRELOAD=$preload "$efsleuth" batch "$tmp/a.img" "$tmp/b.img" \
	$agent -o "$tmp/batch" >"$tmp/out" 2>"$tmp/err"
is $? 1 'a batch: exit status 1'
jq -r 'select(.kind == "file" and .evidence == "a.img" and .mft == 68 and
	.stream == null) | .status + ": " + .reason' \
	"$tmp/batch/report.jsonl" >"$tmp/reason"
is "$(cat "$tmp/reason")" "metadata_damaged: $passed" 'a batch: the file is listed'

# ---------------------------------------- whoever is known outside is the parent
hang() { # start it, to hang where it opens the evidence
	: >"$tmp/planted"
	LD_PRELOAD=$PWD/$B/tests/program/plant.so PLANT_AT=/basic.img \
		PLANT_SLEEP=1 PLANT_TO=$tmp/planted PLANT_DIR=$tmp \
		PLANT_OUT=$tmp "$efsleuth" info "$ann" >"$tmp/out" \
		2>"$tmp/err" &
	pid=$!
	for _ in $(seq 100); do
		[ ! -s "$tmp/planted" ] || break
		sleep 0.1
	done
	child=$(pgrep -P $pid -x efsleuth)
}
gone() { # is the child, soon?
	for _ in $(seq 50); do
		kill -0 "$child" 2>/dev/null || break
		sleep 0.1
	done
	[ -n "$child" ] && ! kill -0 "$child" 2>/dev/null
}
hang
kill -9 $pid
wait $pid 2>/dev/null
gone
ok $? 'a child does not outlive its parent'

# A terminal sends the first to both, and the parent hands it on.
hang
kill -INT $pid "$child"
kill -TERM $pid
sleep 0.3
kill -0 "$child"
ok $? 'one signal asks what hangs to come to an end'
sleep 2
kill -TERM $pid
wait $pid
is $? 130 'a second one ends it'
gone
ok $? 'and its child'
says 'interrupted again: it ends here' 'and says so'

is "$(sha256sum "$ann")" "$before" 'the evidence is as it was'
done_testing
