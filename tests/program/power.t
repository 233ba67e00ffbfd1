#!/bin/sh
# SPDX-License-Identifier: MIT
#
# power.t - the power goes between any two changes to the folder, and with it all
# that was written and not synced: what has its final name is whole all the same,
# and a run that goes on comes to the result of one that was not disturbed
#
#	POINTS	of all, by chance (40); POINTS=all takes a while
#	SEED	for them
. tests/program/lib.sh
. tests/program/resume.sh

[ "$B" = build ] || {
	echo '1..0 # SKIP a sanitizer is to be the first that is loaded'
	exit 0
}
preload=$PWD/$B/tests/program/kill.so:$PWD/$B/tests/program/power.so
POINTS=${POINTS:-40}
seed=${SEED:-$(date +%s)}
{
	head_of
	i=0
	while [ $i -lt 60 ]; do
		echo "file /small/$((i % 3))/f$i size=$((1 + i * 97))"
		[ $((i % 5)) != 0 ] ||
			echo "stream notes data=text size=$((1 + i * 30))"
		i=$((i + 1))
	done
	echo "file /large size=1M data=random:1"
} | volume "$tmp/many.img" 24M
set -- "$tmp/many.img" --report "csv=list.csv" --report "map=bad.map"
sum=$(sha256sum <"$tmp/many.img")

# Both are seen by the program alone.
struck() { # POINT DIR OPTION...
	point=$1
	shift
	recover_as "env LD_PRELOAD=$preload KILL_AT=$point" "$@"
}

recover whole -j 1 "$@"
is $rc 0 'not disturbed'
result_of "$tmp/whole/out"
recover_as "env LD_PRELOAD=$preload KILL_COUNT=$tmp/count" \
	counted -j 1 "$@"
result_of "$tmp/counted/out"
same_result "$tmp/whole/out" "$tmp/counted/out" 'the calls are counted'
count=$(cat "$tmp/count")
echo "# SEED=$seed, $count calls"
awk -F'\t' '$1 == "f" || $1 == "s" { print $8 }' "$tmp/many.img.tsv" |
	sort -u >"$tmp/right"

# What has its final name: is it right and whole?
torn() { # DIR
	find "$1/out/files" -type f -exec sha256sum {} + 2>"$tmp/log" |
		sort | while read -r hash name; do
		grep -qx "$hash" "$tmp/right" ||
			echo "${name#"$tmp/"} $(stat -c %s "$name") bytes"
	done
	for f in "$1/out/report.html" "$1/out/report.dfxml"; do
		[ ! -e "$f" ] || xmllint --noout "$f" 2>&1 | head -1
	done
	[ ! -e "$1/out/report.jsonl" ] ||
		jq -es 'last.kind == "summary"' "$1/out/report.jsonl" \
		>"$tmp/log" 2>&1 || echo report.jsonl
	for f in out/hashes.txt list.csv bad.map; do
		[ ! -e "$1/$f" ] || { [ -s "$1/$f" ] &&
			[ "$(tail -c 1 "$1/$f")" = '' ]; } || echo "$f"
	done
	# what a run that has ended lists is there
	if [ -e "$1/out/report.jsonl" ]; then
		(cd "$1/out" && jq -r 'select(.output and .sha256) |
			"\(.sha256)  \(.output)"' report.jsonl |
			sha256sum -c --quiet 2>&1)
	fi
}

bad=0 fell=0 broken=0 named=0
# shellcheck disable=SC2013 # words
for point in $(awk -v n="$POINTS" -v s="$seed" -v c="$count" 'BEGIN {
	srand(s)
	if (n == "all")
		for (i = 1; i <= c; i++) print i
	else
		for (i = 0; i < n; i++) print int((i + rand()) * c / n) + 1
}'); do
	jobs=$((point % 2 + 1))
	rm -rf "$tmp/k"
	struck "$point" k -j $jobs "$@"
	[ "$rc" = 137 ] && fell=$((fell + 1))
	torn "$tmp/k" >"$tmp/torn"
	find "$tmp/k/out/files" -type f 2>"$tmp/log" | grep -q . &&
		named=$((named + 1))
	if [ -s "$tmp/torn" ]; then
		broken=$((broken + 1))
		echo "# struck at $point (-j $jobs): torn"
		sed 's/^/#   /; 5q' "$tmp/torn"
	fi
	recover k --resume -j $jobs "$@"
	result_of "$tmp/k/out"
	if [ "$rc" != 0 ] || ! diff -r "$tmp/whole/out.result" \
		"$tmp/k/out.result" >"$tmp/diff"; then
		bad=$((bad + 1))
		echo "# struck at $point (-j $jobs): status $rc"
		sed 's/^/# /; 10q' "$tmp/diff" "$tmp/err" | cut -c1-200
	fi
done
is $broken 0 "struck at $POINTS points: what has its name is whole"
is $bad 0 "struck at $POINTS points, and resumed: the same bytes"
is "$(sha256sum <"$tmp/many.img")" "$sum" 'the evidence is as it was'
echo "# $fell were struck, $named of them with files that had their names"
[ "$POINTS" = all ] || [ $((fell * 2)) -ge "$POINTS" ]
ok $? 'most were struck'
[ $named -gt 0 ]
ok $? 'some in the middle of the work'
done_testing
