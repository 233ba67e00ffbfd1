# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034 # what a bench needs of it, it takes
#
# lib.sh - what the benches share; read with `.`
#
#	DIR	where the images go (build/bench): $dir
#	TURNS	of each measurement (5)
#	TABLE	a row that has a bound is also added to this file
#
# A figure is a name in the file $TIMES (timed.py).  Ratios are those of the
# least times: what else a machine does can only add to a time, so the least of
# several is the closest to what the command takes, and as ours and theirs take
# turns both have had their chance of a quiet moment.  Medians are printed
# beside them: where they are far from the least, the machine was busy.
dir=${DIR:-build/bench}
TURNS=${TURNS:-5}
TABLE=${TABLE:-/dev/null}
failed=0
mkdir -p "$dir"
TIMES=$dir/times-$(basename "$0" .sh)
export TIMES
: >"$TIMES"
: >"$TIMES.log"

timed() { # [OPTION...] NAME COMMAND...
	python3 -B tests/bench/timed.py "$@" || {
		echo "FAILED: status $? of: $*"
		tail -n 5 "$TIMES.log"
		failed=1
	}
}

# True TURNS times: "while turn; do ...; done".
turned=0
turn() {
	turned=$((turned + 1))
	[ "$turned" -le "$TURNS" ] || { turned=0; return 1; }
}

# COLUMN 2 is elapsed time, 3 that of the processors, 4 peak memory.
figures() { # NAME [COLUMN]
	awk -v n="$1" -v c="${2:-2}" '$1 == n { print $c }' "$TIMES" | sort -n
}
least() { figures "$@" | head -n 1; }
median() { figures "$@" | awk '{ v[NR] = $1 } END { print v[int(NR / 2) + 1] }'; }

# row WHAT UNIT OURS OURS-MEDIAN PEER PEERS PEERS-MEDIAN RATIO AT-LEAST
row() {
	printf '%s\t' "$@" | awk -F'\t' -v OFS='\t' '{
		$10 = $8 >= $9 ? "ok" : "FAILED"; NF = 10; print }' \
		>"$TIMES.row"
	cat "$TIMES.row" >>"$TABLE"
	print_rows <"$TIMES.row"
	! grep -q 'FAILED$' "$TIMES.row" || failed=1
}

# beside WHAT OURS PEER PEERS AT-LEAST: the names of two figures; the ratio is 0
# where one of them could not be had
beside() {
	row "$1" s "$(least "$2")" "$(median "$2")" "$3" "$(least "$4")" \
		"$(median "$4")" "$(awk -v a="$(least "$2")" \
		-v b="$(least "$4")" 'BEGIN { print (a ? b / a : 0) }')" "$5"
}

# A sentence about a row, which goes below the table.
note() {
	echo "$*"
	printf 'note\t%s\n' "$*" >>"$TABLE"
}

# Rows as lines of a table in Markdown.
print_rows() {
	awk -F'\t' '
	function figure(x, unit) {
		if (x == "")
			return ""
		return sprintf(unit != "s" ? "%.0f" : x < 1 ? "%.3f" : "%.2f", x)
	}
	function pair(least, median, unit) {
		return figure(least, unit) (median == "" ? "" : " / " \
			figure(median, unit)) " " unit
	}
	$1 == "note" { next }
	{
		printf "| %-54s | %18s | %-36s | %20s | %7.2f | %5s | %-6s |\n", \
			$1, pair($3, $4, $2), $5, pair($6, $7, $2), $8, $9, $10
	}'
}

print_head() {
	printf '| %-54s | %18s | %-36s | %20s | %7s | %5s | %-6s |\n' \
		measure 'ours' against 'theirs' ratio least ''
	echo '| --- | --: | --- | --: | --: | --: | --- |'
}
