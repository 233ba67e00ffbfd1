#!/bin/sh
# SPDX-License-Identifier: MIT
#
# batch-again.t - an image that was under way when its task ended: the next task
# takes over what was finished, on that machine, on another, and not where the
# case is damaged
. tests/program/lib.sh

{
	head_of
	i=0
	while [ $i -lt 4000 ]; do
		echo "file /small/$((i % 7))/f$i size=$((i * 5))"
		i=$((i + 1))
	done
	echo "file /large size=9M data=random:1"
} | volume "$tmp/many.img" 100M
set -- --pfx "$keys/agent.pfx" --password-file "$pw" "$images/basic.img" \
	"$tmp/many.img"

# All of a result but its times, and how it was called.
result_of() { # DIR
	(cd "$1" && find . ! -path './keyring*' | sort
	find . -path '*/files/*' -type f -printf '%P %s %T@\n' | sort
	find . -path '*/files/*' -type f -exec sha256sum {} + | sort
	cut -d, -f1-5,7- batch.csv
	for c in . images/*; do
		from=$(sqlite3 "$c/case.db" 'SELECT started FROM tool')
		to=$(sqlite3 "$c/case.db" 'SELECT ended FROM tool')
		{
			sqlite3 "$c/case.db" .dump
			cat "$c/report.html" "$c/report.jsonl" "$c/hashes.txt"
		} | sed "s/$from/TIME/g; s/$to/TIME/g; s/batch --task[^<,]*//"
	done)
}

same_result() { # NAME
	result_of "$tmp/k" >"$tmp/result"
	diff "$tmp/whole" "$tmp/result" >"$tmp/diff"
	rc_diff=$?
	ok $rc_diff "$1: the result of one that was not disturbed"
	[ $rc_diff = 0 ] || sed 's/^/# /; 10q' "$tmp/diff" | cut -c1-200
}

run batch -j 1 -o "$tmp/k" "$@"
is $rc 0 'not disturbed: exit status'
[ ! -e "$tmp/k/unfinished" ]
ok $? 'not disturbed: nothing is left'
result_of "$tmp/k" >"$tmp/whole"

# A batch that is stopped when many files have their names, and the case has
# some of them.
left() { find "$tmp"/k/unfinished/many.img.* -maxdepth 0; }
interrupt() { # SIGNAL EVIDENCE-AND-KEYS...
	signal=$1
	shift
	rm -rf "$tmp/k"
	"$efsleuth" batch -j 1 -o "$tmp/k" "$@" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	# the case of a killed run has what was committed, each half a second;
	# a query may fail, and says nothing then
	until [ "$(find "$tmp"/k/unfinished/many.img.*/result/files -type f \
		2>/dev/null | wc -l)" -gt 500 ] && {
		[ "$signal" = TERM ] || [ "0$(sqlite3 -readonly \
			"$tmp"/k/unfinished/many.img.*/result/case.db \
			'SELECT count(*) FROM stream' 2>/dev/null)" -gt 100 ]
	} || ! kill -0 $pid; do
		sleep 0.02
	done
	kill "-$signal" $pid
	wait $pid 2>/dev/null
	find "$tmp"/k/unfinished/many.img.*/result/files -type f -printf '%i\n' |
		sort >"$tmp/before"
	is "$(left | wc -l)" 1 "$signal: the image stays as it is"
}

# How many files that were there then are there now.
kept() {
	find "$tmp/k/images/many.img/files" -type f -printf '%i\n' | sort |
		comm -12 "$tmp/before" - | wc -l
}

resume() {
	run batch --resume -j 2 -o "$tmp/k" "$@"
	clean_run 'resume'
	is $rc 0 'resume: exit status'
}

goes_on() { grep -q 'goes on with what an earlier task' "$tmp/err"; }

interrupt TERM "$@"
all=$(wc -l <"$tmp/before")
[ "$all" -gt 500 ] && [ "$all" -lt 4001 ]
ok $? "interrupted: in the middle ($all files)"
resume "$@"
is "$(kept)" "$all" 'interrupted: every file is taken over'
same_result 'interrupted'

interrupt KILL "$@"
resume "$@"
[ "$(kept)" -gt 100 ]
ok $? "killed: files are taken over ($(kept) of $(wc -l <"$tmp/before"))"
same_result 'killed'

# Another machine may still work in it: nothing in it is touched.
interrupt TERM "$@"
old=$(left)
echo another >"$old/machine"
tree() { find "$old" -printf '%p %T@ %i %y\n' | sort; }
tree >"$tmp/tree"
run batch --task 2 -o "$tmp/k" "$@"
is $rc 0 'another machine: exit status of the task'
clean_run 'another machine'
says 'goes on with what an earlier task has left' 'another machine: it is said'
tree | diff "$tmp/tree" - >"$tmp/diff"
ok $? 'another machine: its workspace is as it was'
is "$(kept)" "$(wc -l <"$tmp/before")" 'another machine: files are linked'
resume "$@"
[ ! -e "$tmp/k/unfinished" ]
ok $? 'another machine: its workspace goes when all is merged'
same_result 'another machine'

# What the other machine was about to write is torn.
for torn in journal case; do
	interrupt TERM "$@"
	old=$(left)
	echo another >"$old/machine"
	size=$(stat -c %s "$old/result/case.db")
	if [ $torn = case ]; then
		truncate -s $((size / 2)) "$old/result/case.db"
	else
		head -c 5000 /dev/urandom >"$old/result/case.db-journal"
	fi
	resume "$@"
	same_result "another machine, and a torn $torn"
done

# So that it is no endless circle: nor is one of this machine gone on with.
interrupt TERM "$@"
old=$(left)
dd if=/dev/zero of="$old/result/case.db" bs=4096 seek=3 count=40 conv=notrunc \
	2>/dev/null
resume "$@"
! goes_on
ok $? 'a damaged case: nothing is taken over'
same_result 'a damaged case'

# A file that is not what the case says is written again.
interrupt TERM "$@"
file=$(find "$tmp"/k/unfinished/*/result/files -name f3999 -o -name f400 | head -n 1)
size=$(stat -c %s "$file")
head -c "$size" /dev/zero >"$tmp/zeros"
touch -r "$file" "$tmp/zeros"
cp -p "$tmp/zeros" "$file"
resume "$@"
goes_on
ok $? 'another content: the others are taken over'
same_result 'another content'

# Whoever works in one is left alone.
interrupt TERM "$@"
old=$(left)
flock "$old" sleep 1000 &
holder=$!
until ! flock -n "$old" true; do sleep 0.01; done
resume "$@"
! goes_on
ok $? 'at work: nothing is taken over'
[ -d "$old/result/files" ]
ok $? 'at work: its workspace is left alone'
pkill -P $holder
kill $holder 2>/dev/null
run batch --resume -o "$tmp/k" "$@"
[ ! -e "$tmp/k/unfinished" ]
ok $? 'at work: it goes when nobody is'
same_result 'at work'
done_testing
