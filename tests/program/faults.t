#!/bin/sh
# SPDX-License-Identifier: MIT
#
# faults.t - what is below fails: reading the evidence, writing, syncing, giving
# names, memory; or a signal comes.  The evidence stays as it is, what has its
# final name is whole, the reports are true, one sentence says what happened, and
# a run that goes on comes to the result of one that was not disturbed
#
#	POINTS	of each kind, by chance (6); POINTS=all takes hours
#	SEED	for them
# shellcheck disable=SC2154 # $rc, of lib.sh
. tests/program/lib.sh
. tests/program/resume.sh

[ "$B" = build ] || {
	echo '1..0 # SKIP a sanitizer is to be the first that is loaded'
	exit 0
}
fault=$PWD/$B/tests/program/fault.so kill=$PWD/$B/tests/program/kill.so
POINTS=${POINTS:-6}
seed=${SEED:-$(date +%s)}
echo "# SEED=$seed"
{
	head_of
	for i in 1 2 3 4 5; do echo "file /small/f$i size=$((i * 3000))"; done
	echo "stream notes data=text size=1000"
	echo "file /empty size=0"
	echo "file /old alg=3des size=70000"
	echo "file /large size=2500000 data=random:1"
} | volume "$tmp/a.img" 8M
options="--key $keys/agent.key --report csv=list.csv --report markdown=list.md
	--report case=case.jsonld"
set -- "$tmp/a.img"
sum=$(sha256sum <"$tmp/a.img")

recover whole -j 1 "$@"
is $rc 0 'not disturbed'
result_of "$tmp/whole/out"
find "$tmp/whole/out/files" -type f -exec sha256sum {} + | cut -d' ' -f1 |
	sort -u >"$tmp/got"
awk -F'\t' '$1 == "f" || $1 == "s" { print $8 }' "$tmp/a.img.tsv" | sort -u |
	cmp -s - "$tmp/got"
ok $? 'not disturbed: everything is right'

# Numbers from 1 to COUNT, in order.
points() { # COUNT
	seed=$((seed + 1))
	awk -v n="$POINTS" -v s="$seed" -v c="$1" 'BEGIN {
		srand(s)
		if (n == "all" || n > c)
			for (i = 1; i <= c; i++) print i
		else
			for (i = 0; i < n; i++)
				print int((i + rand()) * c / n) + 1
	}'
}

# How many calls of a class there are.
calls() { # CLASS MORE
	recover_as "env LD_PRELOAD=$fault FAULT_CALL=$1 FAULT_MORE=$2
		FAULT_FILE=$tmp/a.img FAULT_COUNT=$tmp/count" \
		counted -j 1 "$tmp/a.img"
	rm -rf "$tmp/counted"
	cat "$tmp/count"
}

# One run that is disturbed, and one that goes on.
disturb() { # "VARIABLES" WHERE
	jobs=$((runs % 2 + 1)) runs=$((runs + 1))
	rm -rf "$tmp/k"
	recover_as "timeout 60 env $1" k -j $jobs "$tmp/a.img"
	cp "$tmp/err" "$tmp/said"
	perl tests/program/faults.pl "$tmp/k/out" "$tmp/whole/out" $rc \
		"$tmp/said" >"$tmp/wrong" 2>&1
	[ "$rc" = 0 ] || failed=$((failed + 1))
	first=$rc
	if [ -e "$tmp/k/out" ]; then
		recover k --resume -j $jobs "$tmp/a.img"
	else
		recover k -j $jobs "$tmp/a.img"
	fi
	result_of "$tmp/k/out"
	[ "$rc" = 0 ] || echo "resumed: status $rc: $(head -1 "$tmp/err")" \
		>>"$tmp/wrong"
	diff -r "$tmp/whole/out.result" "$tmp/k/out.result" 2>&1 | head -5 |
		cut -c1-150 >>"$tmp/wrong"
	[ ! -s "$tmp/wrong" ] || {
		bad=$((bad + 1))
		echo "# $2 (-j $jobs): status $first: $(head -1 "$tmp/said")"
		sed 's/^/#   /; 8q' "$tmp/wrong"
	}
}

# NAME CLASS HOW [MORE]: at each point
each() {
	name=$1 class=$2 how=$3 more=${4:-0}
	runs=0 bad=0 failed=0
	count=$(calls "$class" "$more")
	for at in $(points "$count"); do
		disturb "LD_PRELOAD=$fault FAULT_CALL=$class FAULT_AT=$at
			FAULT_HOW=$how FAULT_MORE=$more FAULT_FILE=$tmp/a.img" \
			"$name $at of $count"
	done
	[ $runs -gt 0 ] && [ $bad = 0 ]
	ok $? "$name: $runs runs of $count calls, of which $failed failed"
}

eio=5 enxio=6 enospc=28 erofs=30 edquot=122 estale=116 eintr=4
each 'read error, once' read $eio
each 'read error, from then on' read $eio all
each 'evidence that goes: a disk that is pulled out' read $enxio all
each 'evidence that goes: of a network' read $estale all
each 'evidence that becomes shorter' read end all
each 'short reads' read short all
each 'reads that a signal interrupts' read $eintr
each 'a full disk, once' write $enospc
each 'a full disk' write $enospc all
each 'a quota' write $edquot all
each 'a disk that can only be read' write $erofs all
each 'write error' write $eio
each 'short writes' write short all
each 'writes that a signal interrupts' write $eintr
each 'a full disk, of a stream' stream $enospc
each 'sync error' sync $eio
each 'sync error, from then on' sync $eio all
each 'names: error' name $eio
each 'names: a disk that can only be read' name $erofs all
each 'names: a full disk' name $enospc all
each 'no memory, once' alloc 0
each 'no memory' alloc 0 all

# ----------------------------------------------------------------- sectors

# Those that hold something: the rest is nobody's.
runs=0 bad=0 failed=0
perl -e 'local $/ = \512; while (<>) { print $. - 1, "\n" if /[^\0]/ }' \
	"$tmp/a.img" >"$tmp/sectors"
count=$(wc -l <"$tmp/sectors")
for at in $(POINTS=$([ "$POINTS" = all ] && echo all || echo $((POINTS * 4)))
	points "$count"); do
	sector=$(sed -n "${at}p" "$tmp/sectors")
	disturb "LD_PRELOAD=$fault FAULT_CALL=read FAULT_FILE=$tmp/a.img
		FAULT_RANGE=$((sector * 512))-$((sector * 512 + 512))
		FAULT_HOW=$eio" "sector $sector"
done
[ $runs -gt 0 ] && [ $bad = 0 ]
ok $? "a sector that cannot be read: $runs of $count, of which $failed cost something"
[ $failed -gt 0 ]
ok $? 'a sector that cannot be read: it was met'

# ----------------------------------------------------------------- signals

for signal in 2 15; do
	runs=0 bad=0 failed=0 interrupted=0
	rm -rf "$tmp/counted"
	recover_as "env LD_PRELOAD=$kill KILL_COUNT=$tmp/count" counted -j 1 "$@"
	count=$(cat "$tmp/count")
	# Before the first few the run has not begun, and the signal ends it.
	for at in $(points $((count - 5))); do
		disturb "LD_PRELOAD=$kill KILL_AT=$((at + 5)) KILL_BY=$signal" \
			"signal $signal at $at of $count"
		case $first in 0 | 130) ;; *) bad=$((bad + 1)) ;; esac
		[ "$first" != 130 ] || interrupted=$((interrupted + 1))
	done
	[ $bad = 0 ]
	ok $? "signal $signal: $runs runs, $interrupted of them interrupted"
	[ $interrupted -gt 0 ]
	ok $? "signal $signal: status 130"
done

# ------------------------------------------------------- output that is slow

"$efsleuth" audit --report jsonl "$@" 2>"$tmp/err" | {
	sleep 1
	perl -e 'while (sysread(STDIN, $_, 7)) { print }'
} >"$tmp/slow"
"$efsleuth" audit --report jsonl "$@" >"$tmp/fast" 2>"$tmp/err"
sed -i 's/"\(start\|end\)":"[^"]*"/"\1":"TIME"/g' "$tmp/slow" "$tmp/fast"
[ -s "$tmp/slow" ] && cmp -s "$tmp/slow" "$tmp/fast"
ok $? 'a slow pipe: the same bytes'
{
	"$efsleuth" audit --report jsonl "$@" "$images/matrix.img" \
		2>"$tmp/err"
	echo $? >"$tmp/status"
} | true
is "$(cat "$tmp/status")" 5 'a pipe that is closed: exit status'
says 'could not be' 'a pipe that is closed: it is said'

is "$(sha256sum <"$tmp/a.img")" "$sum" 'the evidence is as it was'
done_testing
