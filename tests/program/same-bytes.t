#!/bin/sh
# SPDX-License-Identifier: MIT
#
# same-bytes.t - the same evidence and options give the same bytes in every
# report, but for the times of the run: on one thread, two and seven, with
# --hash-evidence, on damaged evidence
. tests/program/lib.sh

agent="--pfx $keys/agent.pfx --password-file $pw"
formats=$("$efsleuth" audit --help | sed -n 's/.*FORMAT is one of: //p' |
	tr -d ,)

# The whole result in a folder, and all formats; the output folder has the same
# name each time, and so has all else.
once() { # FOLDER JOBS OPTION...
	dir=$tmp/$1 jobs=$2
	shift 2
	rm -rf "$dir"
	mkdir "$dir"
	reports=
	for format in $formats; do
		reports="$reports --report $format=$format"
	done
	# shellcheck disable=SC2086 # a list of options
	(cd "$dir" && "$efsleuth" recover -j "$jobs" "$@" -o out $reports \
		>stdout 2>stderr
	echo $? >status
	sqlite3 out/case.db .dump >dump
	rm out/case.db)
	jq -r 'select(.kind == "tool") | .start, .end' "$dir/jsonl" |
	while read -r time; do
		find "$dir" -type f ! -path '*/out/files/*' \
			-exec sed -i "s/$time/TIME/g; s/-j [27]/-j 1/g" {} +
	done
}

twice() { # NAME OPTION...
	name=$1
	shift
	once a 1 "$@"
	once b 2 "$@"
	once c 7 "$@"
	once d 1 "$@"
	for other in b:two c:seven d:again; do
		diff -r "$tmp/a" "$tmp/${other%%:*}" >"$tmp/diff"
		ok $? "$name: one thread and ${other#*:}"
		sed 's/^/# /; 10q' "$tmp/diff" | cut -c1-200
	done
	grep -q '"kind":"summary"' "$tmp/a/jsonl"
	ok $? "$name: there is a result"
}

is "$(echo "$formats" | grep -cw html)" 1 'the formats are known'
for hash in '' --hash-evidence; do
	# shellcheck disable=SC2086
	twice "keys in the evidence $hash" "$images/five.img" \
		--password-file "$profiles/words.txt" $hash
	# shellcheck disable=SC2086
	twice "shadow copies $hash" "$images/history.dd" $agent \
		--snapshots all --deleted $hash
	# shellcheck disable=SC2086
	twice "odd files $hash" "$images/odd.img" $agent --deleted $hash
	# shellcheck disable=SC2086
	twice "several, and keys of another $hash" "$images/loose" \
		"$images/basic.img" "$images/split.001" $agent \
		--keys-from "$profiles/machine" $hash
done

# Files of every cipher that are large enough for several threads each.
matrix_keys=$agent
for bits in 1024 2048; do
	matrix_keys="$matrix_keys --pfx $keys/rsa$bits.pfx"
done
# shellcheck disable=SC2086
twice 'large files' "$images/matrix.img" $matrix_keys

# Sectors that cannot be read, in files and out of them; who meets one first,
# the hash or the work, is chance.
mkdir "$tmp/e01"
ewfacquire -u -q -t "$tmp/e01/i" -C c -E e -D d -e e -N n -c none -b 16 \
	"$images/cluster-4096.img" >"$tmp/log" 2>&1
perl -e 'open my $f, "+<:raw", $ARGV[0] or die;
	for my $i (1 .. 40) {
		my $at = int($i * (-s $f) / 41); my $b;
		seek $f, $at, 0; read $f, $b, 1;
		seek $f, $at, 0; print $f chr(ord($b) ^ 1);
	}' "$tmp/e01/i.E01"
# shellcheck disable=SC2086
twice 'damaged' "$tmp/e01/i.E01" $agent --deleted --hash-evidence
is "$(jq -r 'select(.kind == "evidence") | .sha256' "$tmp/a/jsonl")" null \
	'damaged: no hash'
is "$(jq -s 'map(select(.status == "recovered_partial")) | length > 0' \
	"$tmp/a/jsonl")" true 'damaged: files, too'
# shellcheck disable=SC2086
twice 'damaged, and stopped' "$tmp/e01/i.E01" "$images/basic.img" $agent \
	--hash-evidence --max-errors 1
grep -q 'max-errors' "$tmp/a/stderr"
ok $? 'damaged, and stopped: it was'
head -c 5M "$images/basic.img" >"$tmp/cut.img"
# shellcheck disable=SC2086
twice 'cut short' "$tmp/cut.img" $agent --hash-evidence

done_testing
