#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench-containers.sh PROGRAM - EnCase images beside libewf's own tools
#
#	DIR	where the images go: 1 GiB
#	SOURCE	the program that reads to the end (build/tests/bench/source)
#
#	PEER	the program that does so by libewf alone (build/tests/bench/ewf)
#
# Reading is counted in time of the processor, and its peer is libewf's own
# buffered read; `ewfexport` computes MD5, too, which cannot be turned off.
# `ewfverify` and `info --verify` compute the same three hashes, in elapsed time:
# it is what ours uses several processors for.  All take turns, so that other
# load on the machine meets each of them.
set -eu
efsleuth=$1
dir=${DIR:-build/bench}
source=${SOURCE:-build/tests/bench/source}
peer=${PEER:-build/tests/bench/ewf}
TURNS=${TURNS:-5}
failed=0
mkdir -p "$dir"

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

# seconds NAME COMMAND...: elapsed, and of the processor, added to $dir/times
seconds() {
	perl -MTime::HiRes=time -e '
		my $name = shift; my $begun = time; open STDOUT, ">", "/dev/null";
		open STDERR, ">", "/dev/null"; system @ARGV;
		my (undef, undef, $user, $system) = times;
		open my $f, ">>", "$ENV{TIMES}" or die;
		printf $f "%s %.3f %.3f\n", $name, time - $begun, $user + $system
		' "$@"
}
TIMES=$dir/times
export TIMES

# A turn, on average; COLUMN 2 is elapsed time, 3 that of the processor.
mean() { # NAME COLUMN
	awk -v n="$1" -v c="$2" '$1 == n { sum += $c; k++ }
		END { print sum / k }' "$TIMES"
}

# Elapsed time: what else the machine does can only add to it.
least() { # NAME
	awk -v n="$1" '$1 == n { if (!b || $2 < b) b = $2 } END { print b }' \
		"$TIMES"
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
	: >"$dir/times"
	turn=0
	while [ "$turn" -lt "$TURNS" ]; do
		# often, because ours loads many libraries first
		seconds ours "$source" "$image" "$image" "$image" "$image"
		seconds peer "$peer" "$image" "$image" "$image" "$image"
		seconds export ewfexport -q -u -f raw -t - "$image"
		seconds verify "$efsleuth" info -q --verify "$image"
		seconds ewfverify ewfverify -q -d sha1,sha256 "$image"
		turn=$((turn + 1))
	done
	ratio "read, $c, beside libewf" "$(mean ours 3)" "$(mean peer 3)" 0.9
	ratio "read, $c, beside ewfexport" \
		"$(mean ours 3 | awk '{ print $1 / 4 }')" "$(mean export 3)" 0.9
	ratio "info --verify, $c, beside ewfverify" "$(least verify)" \
		"$(least ewfverify)" 0.9
done
exit $failed
