#!/bin/sh
# SPDX-License-Identifier: MIT
#
# fuzz.sh FOLDER SECONDS JOBS TARGET... - run targets side by side, and note it
#
# FOLDER has the programs.  What is new in a corpus goes to build/corpus/TARGET,
# what breaks a target to build/found, its output to build/found/TARGET.log.  A
# finding ends its own target, and fuzz.sh when all others have had their time.
# LEDGER (testdata/hostile/fuzzed.tsv) gets the sums; see the README there.
set -eu

programs=$1 seconds=$2 jobs=$3
shift 3
ledger=${LEDGER-testdata/hostile/fuzzed.tsv}
found=build/found
mkdir -p "$found"

# Run a command; the seconds of a processor that it took go to a file.
timed() { # FILE COMMAND...
	# shellcheck disable=SC2016 # of perl
	perl -e 'my $to = shift; my $status = system(@ARGV);
		open(my $out, ">", $to) or die "$to: $!";
		printf $out "%d\n", (times)[2] + (times)[3];
		exit($status != 0)' "$@"
}

# More than ten seconds for one input is a finding, and so is 2 GiB.
one() {
	mkdir -p "build/corpus/$1" "testdata/fuzz/$1"
	rm -f "$found/$1.done"
	if timed "$found/$1.seconds" "$programs/$1" -max_total_time="$seconds" \
		-timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$found/$1-" "build/corpus/$1" \
		"testdata/fuzz/$1" >"$found/$1.log" 2>&1; then
		inputs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$found/$1.log")
		echo "$(cat "$found/$1.seconds") $inputs" >"$found/$1.done"
		echo "$1: $(cat "$found/$1.done") (seconds, inputs)"
	else
		grep -h -m 1 -E 'ERROR: |runtime error|Assertion' \
			"$found/$1.log" || tail -n 3 "$found/$1.log"
		echo "$1: FOUND something; see $found/$1.log"
	fi
}

if [ "${FUZZ_ONE-}" ]; then
	one "$1"
	exit
fi
# What was run: the commit, and + if that is not all of it.
commit=$(git rev-parse --short=10 HEAD 2>/dev/null || echo -)
git diff --quiet HEAD -- parsers recovery reports analyzer tests/fuzz \
	2>/dev/null || commit=$commit+

# What targets write goes to memory if there is room, and is gone when they are.
free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${free:-0}" -lt 1048576 ] || TMPDIR=/dev/shm
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/fuzz.XXXXXX")
export TMPDIR
# SQLite's heap (tests/fuzz/case_heap.h) would go back to the system after each
# input, and be asked for again: a third of the time.
GLIBC_TUNABLES=glibc.malloc.trim_threshold=1073741824
GLIBC_TUNABLES=$GLIBC_TUNABLES:glibc.malloc.mmap_threshold=1073741824
GLIBC_TUNABLES=$GLIBC_TUNABLES:glibc.malloc.top_pad=16777216
export GLIBC_TUNABLES
trap 'rm -rf "$TMPDIR"' EXIT
printf '%s\n' "$@" | FUZZ_ONE=1 xargs -P "$jobs" -n 1 \
	sh "$0" "$programs" "$seconds" "$jobs"

broken=0
for t; do
	if [ -s "$found/$t.done" ]; then
		read -r ran inputs <"$found/$t.done"
		finding=0
	else
		ran=0 inputs=0 finding=1
		broken=$((broken + 1))
	fi
	printf '%s\t%s\t%s\t%s\n' "$t" "$ran" "$inputs" "$finding"
done >"$found/ran"
[ -z "$ledger" ] || perl tests/fuzz/ledger.pl "$ledger" "$commit" \
	"$(date -u +%F)" <"$found/ran"
[ "$broken" = 0 ] || echo "$broken targets found something"
exit "$((broken != 0))"
