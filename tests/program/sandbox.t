#!/bin/sh
# SPDX-License-Identifier: MIT
#
# sandbox.t - what code that takes the program over cannot do: plant.c is
# preloaded, and does its deeds where evidence is read; and that what the user
# asked for still comes out
. tests/program/lib.sh

agent="--pfx $keys/agent.pfx --password-file $pw"
plant=$PWD/$B/tests/program/plant.so
case $(cat "$B/flags") in
*-fsanitize=*) sanitized=1 ;;
*) sanitized= ;;
esac

# What the kernel has, asked without the program.
landlock=$(perl -e 'my $v = syscall(444, 0, 0, 1); print $v > 0 ? $v : 0')
seccomp=$(grep -csw errno /proc/sys/kernel/seccomp/actions_avail)
seccomp=${seccomp:-0}
"$efsleuth" --version >"$tmp/version"
is "$(sed -n 's/^sandbox: //p' "$tmp/version" |
	sed 's/^\(.*\) (.*)$/\1/')" \
	"$([ "$seccomp" = 0 ] && printf 'no ')seccomp, $(
		[ "$landlock" = 0 ] && echo 'no Landlock' ||
			echo "Landlock $landlock")" '--version says what there is'

# Version 1 lets no file move to another folder, so it is not used here.
[ "$landlock" -ge 2 ] || landlock=0
fence_off="no Landlock here that can be used"

# ----------------------------------------------------------------- the deeds

# A folder with evidence, one with what is none of its business.
mkdir -p "$tmp/case/below"
cp "$images/basic.img" "$tmp/case/disk.dd"
echo beside >"$tmp/case/beside"
fresh() {
	rm -rf "$tmp/other" "$tmp/o"
	mkdir "$tmp/other" "$tmp/o"
	echo content >"$tmp/other/file"
	touch "$tmp/other/removed" "$tmp/other/renamed" "$tmp/other/moved"
	(cd "$tmp/other" && ls -l --time-style=full-iso . && cat file) \
		>"$tmp/before"
	: >"$tmp/notes"
}

# planted [VARIABLE=VALUE...] -- ARGUMENT...: run with the plant in it
planted() {
	vars=
	while [ "$1" != -- ]; do
		vars="$vars $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # words
	env $vars LD_PRELOAD="$plant" PLANT_AT=/disk.dd \
		PLANT_TO="$tmp/notes" PLANT_DIR="$tmp/other" PLANT_OUT="$tmp/o" \
		ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS-}" \
		"$efsleuth" "$@" >"$tmp/out" 2>"$tmp/err"
	rc=$?
}

by_landlock='write a new file|write a file|remove a file|rename a file
move a file here|link a file here|make a folder|write evidence|read a file
list a folder|read the list of users'
by_seccomp='cut a file off|cut a file off by name|point out of here|set a mode
set an owner|set times|set the mode of evidence|use the internet
use a local socket|start a program|start a process|signal the parent
grasp the parent|make a hidden file|leave a namespace|change personality'
# A sanitizer needs a process of its own.
[ -z "$sanitized" ] ||
	by_seccomp=$(echo "$by_seccomp" | tr '|' '\n' | grep -v 'start a p\|signal')

all() { echo "$1" | tr '|' '\n'; }

# The deeds of a list that were done, the reasons why others were not.
done_of() {
	all "$1" | while IFS= read -r deed; do
		sed -n "s/^$deed	done\$/$deed/p" "$tmp/notes"
	done
}
reasons_of() {
	all "$1" | while IFS= read -r deed; do
		sed -n "s/^$deed	//p" "$tmp/notes"
	done | sort -u | tr '\n' ' '
}
count() { all "$1" | wc -l; }
noted() { # LIST: how many of it were tried
	all "$1" | while IFS= read -r deed; do
		grep "^$deed	" "$tmp/notes"
	done | wc -l
}

refused() { # NAME [TIMES]
	if [ "$landlock" = 0 ]; then
		skip "$1: files elsewhere" "$fence_off"
	else
		is "$(noted "$by_landlock")" \
			$(($(count "$by_landlock") * ${2-1})) \
			"$1: every deed with files was tried"
		is "$(done_of "$by_landlock")" '' "$1: and none was done"
		is "$(reasons_of "$by_landlock" | sed 's/EXDEV //')" 'EACCES ' \
			"$1: as Landlock refuses"
	fi
	if [ "$seccomp" = 0 ]; then
		skip "$1: network, programs" 'no seccomp here'
	else
		is "$(noted "$by_seccomp")" \
			$(($(count "$by_seccomp") * ${2-1})) \
			"$1: every other deed was tried"
		is "$(done_of "$by_seccomp")" '' "$1: and none was done"
		is "$(reasons_of "$by_seccomp")" 'ENOSYS ' \
			"$1: as seccomp refuses"
	fi
	[ "$landlock" = 0 ] || [ "$seccomp" = 0 ] || {
		(cd "$tmp/other" && ls -l --time-style=full-iso . && cat file) \
			>"$tmp/after"
		cmp -s "$tmp/before" "$tmp/after"
		ok $? "$1: the other folder is as it was"
	}
}

# The plant grows, and all it tries succeeds: or the rest proves nothing.
fresh
# shellcheck disable=SC2086 # a list of options
planted -- recover "$tmp/case/disk.dd" $agent -o "$tmp/o" --no-sandbox \
	--log "$tmp/log"
is "$(grep -c '	done$' "$tmp/notes")" "$(grep -c . "$tmp/notes")" \
	'--no-sandbox: every deed is done'
[ "$(grep -c . "$tmp/notes")" -gt 25 ]
ok $? 'there are so many'
grep -q 'sandbox: not active (--no-sandbox)$' "$tmp/log"
ok $? 'the log says so'

fresh
rm "$tmp/log"
# shellcheck disable=SC2086 # a list of options
planted -- recover "$tmp/case/disk.dd" $agent -o "$tmp/o" --log "$tmp/log"
is $rc 0 'recover: exit status'
clean_run recover
refused recover
grep -q '^write output	done$' "$tmp/notes"
ok $? 'recover: writes into the output folder'
is "$(grep -c . "$tmp/err")" 0 'recover: nothing is said of it'
active() { # WORDS FOUND NAME
	grep -q "sandbox: .*$1" "$tmp/log"
	is $? "$([ "$2" = 0 ] && echo 1 || echo 0)" "$3"
}
active "no network, no other program (seccomp)" "$seccomp" \
	'the log says whether seccomp is active'
active "no file but those (Landlock $landlock)" "$landlock" \
	'and whether Landlock is'
compare "$images/basic.tsv" "$tmp/o" disk.dd

# On the threads of -j, too.
fresh
# shellcheck disable=SC2086 # a list of options
planted PLANT_THREAD=1 -- recover "$tmp/case/disk.dd" $agent -o "$tmp/o" -j 2
refused 'another thread'

# It cannot become another program.
fresh
planted PLANT_EXEC=1 -- audit "$tmp/case/disk.dd" --no-sandbox
is "$(cat "$tmp/out")" '' '--no-sandbox: it becomes another program'
fresh
planted PLANT_EXEC=1 -- audit "$tmp/case/disk.dd"
if [ "$seccomp$landlock" = 00 ]; then
	skip 'audit: stays what it is' 'neither seccomp nor Landlock here'
else
	grep -q '^become a program	E' "$tmp/notes"
	ok $? 'audit: stays what it is'
	grep -q 'Who can decrypt what' "$tmp/out"
	ok $? 'audit: and comes to its end'
fi
refused audit

# Every other command that reads evidence.
for command in info keys cat; do
	fresh
	set -- "$tmp/case/disk.dd"
	[ $command != cat ] || set -- "$@" /Users/ann/letter.txt --pfx \
		"$keys/ann.pfx" --password-file "$pw"
	planted -- $command "$@"
	is $rc 0 "$command: exit status"
	refused $command
done
# A batch has several processes, and the first one starts the others.
fresh
# shellcheck disable=SC2086 # a list of options
planted -- batch "$tmp/case/disk.dd" $agent -o "$tmp/o" -j 1 --log "$tmp/log"
is $rc 0 'batch: exit status'
grep -qF "one for each task; this kernel has $(sed -n 's/^sandbox: //p' \
	"$tmp/version")" "$tmp/log"
ok $? 'batch: the log says what there is for the tasks'
# The task of the keys, and that of the image.
refused batch 2

# What lies below the folder of an image is none of its segments; but see
# sandbox.h for file systems without a disk.
[ "$landlock" = 0 ] || [ "$(stat -c %Hd "$tmp")" = 0 ] || {
	fresh
	mv "$tmp/case/beside" "$tmp/case/below/file"
	for at in below .; do
		: >"$tmp/notes"
		[ $at = below ] || cp "$tmp/case/below/file" "$tmp/case/file"
		env LD_PRELOAD="$plant" PLANT_AT=/disk.dd PLANT_OUT="$tmp/o" \
			PLANT_TO="$tmp/notes" PLANT_DIR="$tmp/case/$at" \
			ASAN_OPTIONS=verify_asan_link_order=0 \
			"$efsleuth" info "$tmp/case/disk.dd" >"$tmp/out" 2>&1
		sed -n 's/^read a file	//p' "$tmp/notes" >>"$tmp/reads"
	done
	is "$(tr '\n' ' ' <"$tmp/reads")" 'EACCES done ' \
		'what is beside an image may be read, not what is below'
	rm "$tmp/case/file"
}

# Sixteen lists are in force already, and the kernel takes no more of them.  They
# refuse only sockets in the file system.
cat >"$tmp/nested.py" <<'END'
import ctypes, os, sys
libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)  # no new privileges
root = os.open("/", os.O_PATH)
move = (1 << 13).to_bytes(8, sys.byteorder)
for i in range(16):
    refused = ctypes.c_uint64(1 << 9 | 1 << 13)
    fd = libc.syscall(444, ctypes.byref(refused), 8, 0)
    below = move + root.to_bytes(4, sys.byteorder)
    if libc.syscall(445, fd, 1, below, 0) or libc.syscall(446, fd, 0):
        sys.exit(99)
    os.close(fd)
os.execv(sys.argv[1], sys.argv[1:])
END
if [ "$landlock" = 0 ]; then
	skip 'a sandbox that cannot be entered' "$fence_off"
else
	# shellcheck disable=SC2086 # a list of options
	python3 "$tmp/nested.py" "$efsleuth" recover "$tmp/case/disk.dd" \
		$agent -o "$tmp/nested" --report csv="$tmp/nested.csv" \
		>"$tmp/out" 2>"$tmp/err"
	is $? 0 'a sandbox that cannot be entered: the work is done'
	says 'Landlock is not active: Argument list too long' 'it is said'
	[ -s "$tmp/nested.csv" ]
	ok $? 'and reports come out'
fi

# ------------------------------------------------------- what is still to work

# Evidence is a link, and so are its segments.
mkdir "$tmp/store" "$tmp/links"
split -b 6M -d -a 3 --numeric-suffixes=1 "$images/basic.img" \
	"$tmp/store/part."
for f in "$tmp"/store/part.*; do
	ln -s "$f" "$tmp/links/disk.${f##*.}"
done
# shellcheck disable=SC2086 # a list of options
run recover "$tmp/links/disk.001" $agent -o "$tmp/linked"
is $rc 0 'segments that are links to another folder'
# Among more files than are listed one by one.
mkdir "$tmp/many"
(cd "$tmp/many" && seq -f 'file %g' 1500 | tr '\n' '\0' | xargs -0 touch)
cp "$tmp"/store/part.* "$tmp/many"
# shellcheck disable=SC2086 # a list of options
run recover "$tmp/many/part.001" $agent -o "$tmp/among"
is $rc 0 'segments among 1,500 other files'
# From a descriptor, the key from a pipe.
rm "$tmp/log"
base64 "$keys/agent.key" | base64 -d |
	"$efsleuth" recover /dev/fd/7 --key /dev/fd/0 -o "$tmp/piped" \
		--log "$tmp/log" 7<"$images/basic.img" >"$tmp/out" 2>"$tmp/err"
is $? 0 'evidence as a descriptor, a key from a pipe'
active "no file but those" "$landlock" 'and both are no reason to have no sandbox'

# Reports anywhere; what is there is replaced when the new one is whole.
mkdir "$tmp/reports" "$tmp/reports/old"
echo old >"$tmp/reports/a.csv"
mkfifo "$tmp/reports/pipe"
cat "$tmp/reports/pipe" >"$tmp/piped.jsonl" &
# shellcheck disable=SC2086 # a list of options
run recover "$images/basic.img" $agent -o "$tmp/r" \
	--report csv="$tmp/reports/a.csv" --report rings="$tmp/r/rings.csv" \
	--report jsonl="$tmp/reports/pipe" --report html=/dev/null \
	--report csv="$tmp/reports/twice" --report jsonl="$tmp/reports/twice"
wait
is $rc 0 'reports in other folders'
head -n 1 "$tmp/reports/a.csv" | grep -q '^evidence,'
ok $? 'one replaces an old one'
[ -s "$tmp/r/rings.csv" ] && [ -s "$tmp/piped.jsonl" ]
ok $? 'one is in the output folder, one goes into a pipe'
jq -e . "$tmp/reports/twice" >"$tmp/log"
ok $? 'of two of one name the later stays'
is "$(ls "$tmp/reports")" "$(printf 'a.csv\nold\npipe\ntwice')" \
	'and nothing else is left there'
for where in "$tmp/none/a.csv" "$tmp/reports/old"; do
	run audit "$images/basic.img" --report csv="$where"
	is $rc 5 "a report that cannot be written ($(basename "$where"))"
	says 'the report could not be written' 'is said'
done
is "$(ls "$tmp/reports")" "$(printf 'a.csv\nold\npipe\ntwice')" \
	'and nothing is left of them'
run audit "$tmp/none.dd" --report csv="$tmp/reports/a.csv"
is $rc 3 'no evidence, but a report'
is "$(ls "$tmp/reports")" "$(printf 'a.csv\nold\npipe\ntwice')" \
	'nothing is left of that'

# Keys leave by --export-keys.
# shellcheck disable=SC2086 # a list of options
run keys "$images/basic.img" $agent --export-keys "$tmp/exported"
is "$(find "$tmp/exported" -name '*.pem' | wc -l)" 1 '--export-keys writes'

# A folder that was made for nothing is gone again.
run recover "$images/basic.img" --pfx "$tmp/none.pfx" -o "$tmp/vain"
is $rc 4 'no key file can be used'
[ ! -e "$tmp/vain" ]
ok $? 'no output folder is left'
run recover "$images/basic.img" -o "$tmp/none/vain"
is $rc 5 'an output folder that cannot be made'
says 'No such file or directory' 'says why'

# A case whose last transaction was cut short is put right by its reader.
cp -r "$tmp/r" "$tmp/cut"
run report "$tmp/cut" --report csv
cp "$tmp/out" "$tmp/whole.csv"
cat >"$tmp/sql" <<'END'
PRAGMA cache_size = 1;
BEGIN;
UPDATE stream SET reason = hex(zeroblob(20000));
.shell kill -9 $PPID
END
(sqlite3 "$tmp/cut/case.db" <"$tmp/sql"; true) >"$tmp/log" 2>&1
[ -s "$tmp/cut/case.db-journal" ]
ok $? 'a case with the half of a transaction'
run report "$tmp/cut" --report csv
is $rc 0 'is read'
[ -s "$tmp/whole.csv" ] && cmp -s "$tmp/out" "$tmp/whole.csv"
ok $? 'as it was before'
[ ! -e "$tmp/cut/case.db-journal" ]
ok $? 'the half is undone'

# Temporary files are in a folder of the run.
mkdir "$tmp/temporary"
if [ "$landlock" = 0 ]; then
	skip 'temporary files' "$fence_off"
else
	fresh
	PLANT_SLEEP=1 LD_PRELOAD=$plant PLANT_AT=/disk.dd PLANT_OUT=$tmp/o \
		PLANT_TO=$tmp/notes PLANT_DIR=$tmp/other \
		ASAN_OPTIONS=verify_asan_link_order=0 TMPDIR=$tmp/temporary \
		"$efsleuth" recover "$tmp/case/disk.dd" -o "$tmp/o" \
		--report csv="$tmp/reports/b.csv" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	for _ in $(seq 100); do
		[ ! -s "$tmp/notes" ] || break
		sleep 0.1
	done
	left() { # FOLDER: names in it, the numbers of runs as N
		find "$tmp/$1" -mindepth 1 -printf '%f\n' | sort |
			sed 's/^efsleuth-.*/efsleuth-N/' | tr '\n' ' '
	}
	is "$(left temporary)$(left reports)" \
		'efsleuth-N a.csv b.csv.part old pipe twice ' \
		'while it is at work: a temporary folder, a part'
	kill -9 $pid
	wait $pid 2>"$tmp/log"
	for _ in $(seq 100); do
		[ "$(left temporary)" ] || break
		sleep 0.1
	done
	is "$(left temporary)$(left reports)" 'a.csv old pipe twice ' \
		'killed: neither is left'
fi
TMPDIR=$tmp/temporary run audit "$images/basic.img"
is "$rc $(ls "$tmp/temporary")" '0 ' 'no temporary folder is left'
TMPDIR=$tmp/none run audit "$images/basic.img"
is $rc 0 'TMPDIR that is not there: another is taken'

done_testing
