#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench-containers.sh PROGRAM - EnCase images beside libewf's own tools
#
#	DIR	where the images go: 1 GiB
#	TURNS	of each measurement (5)
#	SOURCE	the program that reads to the end (build/tests/bench/source)
#	PEER	the program that does so by libewf alone (build/tests/bench/ewf)
#
# Reading is counted in time of the processor, and its peer is libewf's own
# buffered read; `ewfexport` computes MD5, too, which cannot be turned off.
# `ewfverify` and `info --verify` compute the same three hashes, in elapsed time:
# it is what ours uses several processors for.  All take turns, so that other
# load on the machine meets each of them.
set -eu
. tests/bench/lib.sh
efsleuth=$1
source=${SOURCE:-build/tests/bench/source}
peer=${PEER:-build/tests/bench/ewf}

# What is on this machine: text and programs, as on any disk.
raw=$dir/real.raw
[ -s "$raw" ] || {
	tar -cf - /usr/lib /usr/share 2>/dev/null | head -c 268435456 >"$raw" ||
		true
}
for c in fast none; do
	[ -s "$dir/real-$c.E01" ] || ewfacquire -u -q -t "$dir/real-$c" \
		-c "deflate:$c" -S 100MiB -d sha1 "$raw" >/dev/null 2>&1
done

# A turn, on average; COLUMN 2 is elapsed time, 3 that of the processor.
mean() { # NAME COLUMN
	figures "$1" "$2" | awk '{ sum += $1 } END { print sum / NR }'
}

ratio() { # NAME OURS THEIRS AT-LEAST
	awk -v name="$1" -v a="$2" -v b="$3" -v least="$4" 'BEGIN {
		r = b / a
		printf "%-40s %6.2f s, peer %6.2f s: ratio %.2f, at least %.1f  %s\n",
			name, a, b, r, least, r < least ? "FAILED" : "ok"
		exit r < least }' || failed=1
}

for c in fast none; do
	image=$dir/real-$c.E01
	: >"$TIMES"
	while turn; do
		# often, because ours loads many libraries first
		timed ours "$source" "$image" "$image" "$image" "$image"
		timed peer "$peer" "$image" "$image" "$image" "$image"
		timed export ewfexport -q -u -f raw -t - "$image"
		# 1: what is in the image, a part of an archive, is damaged
		timed --most 1 verify "$efsleuth" info -q --verify "$image"
		timed ewfverify ewfverify -q -d sha1,sha256 "$image"
	done
	ratio "read, $c, beside libewf" "$(mean ours 3)" "$(mean peer 3)" 0.9
	ratio "read, $c, beside ewfexport" \
		"$(mean ours 3 | awk '{ print $1 / 4 }')" "$(mean export 3)" 0.9
	ratio "info --verify, $c, beside ewfverify" "$(least verify)" \
		"$(least ewfverify)" 0.9
done
exit $failed
