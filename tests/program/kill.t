#!/bin/sh
# SPDX-License-Identifier: MIT
#
# kill.t - a run that is killed between any two changes to its folder, or again
# when it goes on: it comes to the result of one that was not disturbed
#
#	POINTS	of all, by chance (50); POINTS=all takes a while
#	SEED	for them
. tests/program/lib.sh
. tests/program/resume.sh

[ "$B" = build ] || {
	echo '1..0 # SKIP a sanitizer is to be the first that is loaded'
	exit 0
}
preload=$PWD/$B/tests/program/kill.so
POINTS=${POINTS:-50}
seed=${SEED:-$(date +%s)}
{
	head_of
	i=0
	while [ $i -lt 30 ]; do
		echo "file /small/$((i % 3))/f$i size=$((i * 97))"
		[ $((i % 5)) != 0 ] ||
			echo "stream notes data=text size=$((i * 30))"
		i=$((i + 1))
	done
	echo "file /large size=1M data=random:1"
} | volume "$tmp/many.img" 24M
set -- --deleted "$tmp/many.img" "$images/odd.img"

# Both are seen by the program alone.
killed() { # POINT DIR OPTION...
	point=$1
	shift
	recover_as "env LD_PRELOAD=$preload KILL_AT=$point" "$@"
}

recover whole -j 1 "$@"
result_of "$tmp/whole/out"
recover_as "env LD_PRELOAD=$preload KILL_COUNT=$tmp/count" counted -j 1 "$@"
result_of "$tmp/counted/out"
same_result "$tmp/whole/out" "$tmp/counted/out" 'the calls are counted'
count=$(cat "$tmp/count")
[ "$count" -gt 500 ]
ok $? 'there are many'
echo "# SEED=$seed, $count calls"

bad=0 fell=0 again=0
# shellcheck disable=SC2013 # words
for points in $(awk -v n="$POINTS" -v s="$seed" -v c="$count" 'BEGIN {
	srand(s)
	if (n == "all")
		for (i = 1; i <= c; i++) print i ":" int(rand() * c)
	else
		for (i = 0; i < n; i++)
			print int((i + rand()) * c / n) + 1 ":" int(rand() * c)
}'); do
	point=${points%:*} second=${points#*:} jobs=$((${points#*:} % 2 + 1))
	rm -rf "$tmp/k"
	killed "$point" k -j $jobs "$@"
	[ "$rc" = 137 ] && fell=$((fell + 1))
	if [ $((point % 2)) = 0 ]; then
		killed "$second" k --resume -j $jobs "$@"
		[ "$rc" = 137 ] && again=$((again + 1))
	fi
	recover k --resume -j $jobs "$@"
	result_of "$tmp/k/out"
	if [ "$rc" != 1 ] || ! diff -r "$tmp/whole/out.result" \
		"$tmp/k/out.result" >"$tmp/diff"; then
		bad=$((bad + 1))
		echo "# killed at $points (-j $jobs): status $rc"
		sed 's/^/# /; 10q' "$tmp/diff" "$tmp/err" | cut -c1-200
	fi
done
is $bad 0 "killed at $POINTS points, and resumed: the same bytes"
echo "# $fell were killed, $again again"
[ "$POINTS" = all ] || [ $((fell * 4)) -ge $((POINTS * 3)) ]
ok $? 'most were killed'
[ $again -gt 0 ]
ok $? 'some that went on, too'
done_testing
