#!/bin/sh
# SPDX-License-Identifier: MIT
#
# keep.sh FOLDER TARGET... - what fuzz.sh reached, and no seed does, becomes one
#
# FOLDER has the programs.  Of build/corpus/TARGET as little as covers the same
# code goes to testdata/fuzz/TARGET, so that the next run begins there.
set -eu

programs=$1
shift
for target; do
	[ -d "build/corpus/$target" ] || continue
	before=$(find "testdata/fuzz/$target" -type f | wc -l)
	"$programs/$target" -set_cover_merge=1 -use_counters=0 -timeout=10 \
		-rss_limit_mb=2048 "testdata/fuzz/$target" \
		"build/corpus/$target" >"build/found/$target.keep" 2>&1 || {
		tail -n 3 "build/found/$target.keep"
		exit 1
	}
	after=$(find "testdata/fuzz/$target" -type f | wc -l)
	echo "$target: $((after - before)) more seeds"
done
