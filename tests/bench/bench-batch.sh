#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench-batch.sh PROGRAM - a batch of many small images on two cores, beside the
# same on one
#
#	DIR	where the images go
#	OUT	a tmpfs for what is written (/dev/shm)
#	TURNS	of each measurement (5)
#	IMAGES	how many (100)
#	SMALL	files of 20 KiB in each (200)
#
# The images are in the page cache, and the two take turns.  Memory is that of
# all processes together, the largest sum of what /proc said of them; pages that
# they share count in each, so the true figure is lower.
set -eu
. tests/bench/lib.sh
efsleuth=$1
keys=testdata/keys
IMAGES=${IMAGES:-100}
SMALL=${SMALL:-200}
limit=256 # MiB
one=$(python3 -c 'import os
print(*sorted(os.sched_getaffinity(0))[:1], sep=",")')
two=$(python3 -c 'import os
print(*sorted(os.sched_getaffinity(0))[:2], sep=",")')
[ "$one" != "$two" ] || echo 'there is one processor: the row of two will FAIL'
out=$(mktemp -d "${OUT:-/dev/shm}/efsleuth-bench.XXXXXX")
trap 'rm -rf "$out"' EXIT
trap 'exit 1' INT TERM

at=$dir/batch
[ "$(cat "$at/made" 2>/dev/null)" = "$IMAGES $SMALL" ] || {
	rm -rf "$at"
	env MKEFS=build/mkefs KEYS=$keys SMALL="$SMALL" \
		sh tests/generator/make-images.sh "$at" small >/dev/null
	for i in $(seq "$IMAGES"); do
		cp --sparse=always "$at/small.img" "$at/$i.dd"
	done
	echo "$IMAGES $SMALL" >"$at/made"
}
cat "$at"/*.dd >/dev/null

batch() { # NAME CPUS JOBS
	rm -rf "$out/o"
	timed --cpus "$2" "$1" "$efsleuth" batch -q --pfx $keys/ann.pfx \
		--password-file $keys/password.txt -j "$3" -o "$out/o" \
		"$at"/*.dd
}

batch warm "$two" 2
while turn; do
	batch one "$one" 1
	batch two "$two" 2
done
beside "a batch of $IMAGES images of $SMALL files, 2 cores" two \
	'the same, 1 core' one 1.8

# What the batch and its children have in memory together, every 20 ms.
"$efsleuth" batch -q --pfx $keys/ann.pfx --password-file $keys/password.txt \
	-j 2 -o "$out/m" "$at"/*.dd >/dev/null 2>&1 &
peak=$(python3 -B tests/bench/together.py $!)
wait $! || failed=1
row "memory of all its processes" MiB "$((peak / 1024))" '' limit $limit '' \
	"$(awk -v p="$peak" -v l=$limit 'BEGIN { print l * 1024 / p }')" 1
found=$(sqlite3 "$out/m/case.db" "SELECT count(*) FROM file
	WHERE status LIKE 'recovered%'")
[ "$found" = $((IMAGES * SMALL)) ] || {
	echo "FAILED: $found files were recovered"
	failed=1
}
exit $failed
