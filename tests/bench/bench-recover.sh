#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench-recover.sh PROGRAM - scan, unwrap, decrypt, hash and write, beside what
# people use today and beside what bounds it
#
#	DIR	where the images go: about 8 GiB
#	OUT	a tmpfs for what is written (/dev/shm): 5 GiB
#	TURNS	of each measurement (5)
#	ROWS	which: large small audit ring huge
#	MIB	of the large file (2,048)
#	SMALL	files of 20 KiB (10,000), for ntfsdecrypt EACH of them (200)
#	FILES, ENCRYPTED	of the volume of many files (1,000,000; 1,000)
#	RING_KEYS, RING_FILES	of the key ring (10,000; 100,000)
#	NOHASH	the option that turns hashes off (--hash none)
#	KEYGEN	what makes the ring (build/tests/bench/keys)
#
# All is in the page cache, the first run of each is not counted, and whatever
# is compared takes turns.  How a ratio is made of them is said in lib.sh.
set -eu
. tests/bench/lib.sh
efsleuth=$1
keys=testdata/keys
pw=$keys/password.txt
ROWS=${ROWS:-large small audit ring huge}
MIB=${MIB:-2048}
SMALL=${SMALL:-10000}
EACH=${EACH:-200}
FILES=${FILES:-1000000}
ENCRYPTED=${ENCRYPTED:-1000}
RING_KEYS=${RING_KEYS:-10000}
RING_FILES=${RING_FILES:-100000}
NOHASH=${NOHASH---hash none}
limit=256 # MiB
PATH=$PATH:/usr/sbin:/sbin

cores=$(nproc)
# The processors that this may run on: the first, and the first two.
one=$(python3 -c 'import os
print(*sorted(os.sched_getaffinity(0))[:1], sep=",")')
two=$(python3 -c 'import os
print(*sorted(os.sched_getaffinity(0))[:2], sep=",")')
[ "$one" != "$two" ] || echo 'there is one processor: rows of two will FAIL'

out=$(mktemp -d "${OUT:-/dev/shm}/efsleuth-bench.XXXXXX")
trap 'rm -rf "$out"' EXIT
trap 'exit 1' INT TERM
[ "$(df -m --output=avail "$out" | tail -n 1)" -gt 5120 ] || {
	echo "FAILED: ${OUT:-/dev/shm} has no 5 GiB left"
	exit 1
}

# ---------------------------------------------------------------------- tools

# image DIR NAME VARIABLE=VALUE...: made once for each set of sizes
image() {
	at=$1 name=$2
	shift 2
	[ "$(cat "$at/$name.made" 2>/dev/null)" = "made $*" ] || {
		env MKEFS=build/mkefs KEYS=$keys "$@" \
			sh tests/generator/make-images.sh "$at" "$name"
		echo "made $*" >"$at/$name.made"
	}
	cached "$at/$name.img"
}

# As evidence gets into the page cache, by being read: what was written piece by
# piece lies there in small pieces, and takes three times as long to copy.
cached() { # FILE
	sync
	dd if="$1" iflag=nocache count=0 status=none
	cat "$1" >/dev/null
}

# recover [--cpus LIST] NAME IMAGE KEY OPTION...: into $out/o
recover() {
	cpus=
	[ "$1" != --cpus ] || { cpus="--cpus $2"; shift 2; }
	name=$1 image=$2 key=$3
	shift 3
	rm -rf "$out/o"
	# shellcheck disable=SC2086 # an option, or none
	timed $cpus "$name" "$efsleuth" recover -q "$image" -o "$out/o" \
		--pfx "$keys/$key.pfx" --password-file $pw "$@"
}

# ntfsdecrypt NAME IMAGE KEY: for each file number in $dir/inodes
ntfsdecrypt() {
	timed --answer $pw --each "$dir/inodes" --to "$out/{}" "$1" \
		ntfsdecrypt -f -i '{}' -k "$keys/$3.pfx" "$2"
}

# What was recovered is what was encrypted.
right() { # IMAGE
	awk -F'\t' -v to="files/${1##*/}/v1" \
		'$1 == "f" { print $8 "  " to $4 }' "${1%.img}.tsv" >"$dir/sums"
	if (cd "$out/o" && sha256sum --quiet -c) <"$dir/sums"; then
		echo "${1##*/}: all $(wc -l <"$dir/sums") files are right"
	else
		echo "${1##*/}: what was recovered is WRONG"
		failed=1
	fi
}

# The same of what ntfsdecrypt wrote, which shows that it did the same work.
right_theirs() { # IMAGE
	awk -F'\t' 'NR == FNR { is[$1] = 1; next } $2 in is { print $8 "  " $2 }' \
		"$dir/inodes" "${1%.img}.tsv" >"$dir/sums"
	(cd "$out" && sha256sum --quiet -c) <"$dir/sums" || {
		echo "${1##*/}: what ntfsdecrypt wrote is WRONG"
		failed=1
	}
}

# The first use of memory is slow where a host must find it first.
warm_tmpfs() {
	head -c $((MIB * 1200))K /dev/zero >"$out/zeros"
	rm -f "$out/zeros"
}

# The runs until now were there to warm up.
begin() {
	grep -v "^$1\." "$TIMES" >"$TIMES.rest" || true
	mv "$TIMES.rest" "$TIMES"
}

# --------------------------------------------------------------- the large file

large_turn() {
	# shellcheck disable=SC2086 # an option, or none
	recover large.ours "$large" ann $NOHASH
	rm -rf "$out/o"
	ntfsdecrypt large.theirs "$large" ann
	mv "$out/$(cat "$dir/inodes")" "$out/plain"
	timed large.md5 openssl dgst -md5 "$out/plain"
	timed large.sha256 openssl dgst -sha256 "$out/plain"
	rm -f "$out/plain"
	recover --cpus "$two" large.two "$large" ann
	recover --cpus "$one" large.one "$large" ann
}

large() {
	image "$dir" large MIB="$MIB"
	large=$dir/large.img
	awk -F'\t' '$1 == "f" { print $2 }' "$dir/large.tsv" >"$dir/inodes"
	recover large.warm "$large" ann
	right "$large"
	rm -rf "$out/o"
	ntfsdecrypt large.warm "$large" ann
	right_theirs "$large"
	while turn; do large_turn; done
	rm -rf "$out/o"
	slowest=md5
	[ "$(printf '%s\n' "$(least large.md5)" "$(least large.sha256)" |
		sort -n | tail -n 1)" = "$(least large.md5)" ] || slowest=sha256
	size="one file of $MIB MiB"
	beside "recover, $size, no hashes" large.ours ntfsdecrypt \
		large.theirs 4
	beside "recover, $size, hashes, 2 cores" large.two \
		"openssl dgst -$slowest alone" large.$slowest 0.9
	beside "recover, $size, hashes, 2 cores" large.two 'the same on 1 core' \
		large.one 1.8
}

# ------------------------------------------------------------------ small files

small_turn() { # PREFIX IMAGE KEY BITS
	recover "$1.ours" "$2" "$3"
	# shellcheck disable=SC2086 # an option, or none
	recover "$1.bare" "$2" "$3" $NOHASH
	rm -rf "$out/o"
	ntfsdecrypt "$1.some" "$2" "$3"
	rm -rf "${out:?}"/*
	rsa_alone "$1.rsa" "$4"
}

# What no program can leave out: an operation with the private key for each file.
# "rsa 2048 bits 0.000103s 0.000010s 9689.0 100214.0"
rsa_alone() { # NAME BITS
	openssl speed -seconds 1 -multi "$cores" "rsa$2" 2>/dev/null |
		awk -v name="$1" -v b="$2" -v n="$SMALL" \
			'$1 == "rsa" && $2 == b { print name, n / $6, 0, 0 }' \
			>>"$TIMES"
}

limiter() { # PREFIX BITS
	[ -n "$(least "$1.bare")" ] || return 0
	note "$(awk -v n="$SMALL" -v b="$2" -v rsa="$(least "$1.rsa")" \
		-v c="$cores" -v ours="$(least "$1.bare")" \
		-v theirs="$(least "$1.theirs")" 'BEGIN {
			printf "RSA %d alone takes %.2f of the %.2f s: %d " \
				"operations at the %.0f a second of openssl " \
				"speed on %d cores; with nothing else the " \
				"ratio would be %.0f", b, rsa, ours, n, \
				n / rsa, c, theirs / rsa }')"
}

small_row() { # PREFIX KEY BITS
	image "$dir/$1" small SMALL="$SMALL" OWNER="$2"
	small=$dir/$1/small.img
	awk -F'\t' -v n="$EACH" '$1 == "f" && k++ < n { print $2 }' \
		"${small%.img}.tsv" >"$dir/inodes"
	recover "$1.warm" "$small" "$2"
	right "$small"
	rm -rf "$out/o"
	ntfsdecrypt "$1.warm" "$small" "$2"
	right_theirs "$small"
	rm -rf "${out:?}"/*
	while turn; do small_turn "$1" "$small" "$2" "$3"; done
	awk -v from="$1.some" -v to="$1.theirs" \
		-v k="$SMALL" -v n="$(wc -l <"$dir/inodes")" \
		'$1 == from { print to, $2 * k / n, $3 * k / n, $4 }' \
		"$TIMES" >"$TIMES.scaled"
	cat "$TIMES.scaled" >>"$TIMES"
	# ntfsdecrypt hashes nothing
	beside "recover, $SMALL files of 20 KiB, RSA $3, no hashes" \
		"$1.bare" "ntfsdecrypt a file, scaled from $EACH" "$1.theirs" 100
	beside "recover, $SMALL files of 20 KiB, RSA $3" "$1.ours" \
		'the same' "$1.theirs" 100
	limiter "$1" "$3"
}

small() {
	small_row small1024 rsa1024 1024
	small_row small ann 2048
	while turn; do
		recover --cpus "$two" small.two "$small" ann
		recover --cpus "$one" small.one "$small" ann
	done
	rm -rf "$out/o"
	beside "recover, $SMALL files of 20 KiB, 2 cores" small.two \
		'the same on 1 core' small.one 1.8
}

# ------------------------------------------------------------------------ audit

audit_turn() {
	timed --to "$dir/audit" audit.ours "$efsleuth" audit -q "$dir/many.img"
	timed audit.fls fls -r "$dir/many.img"
	timed audit.dd dd bs=1M if="$dir/mft.bin" of=/dev/null
}

audit() {
	image "$dir" many FILES="$FILES" ENCRYPTED="$ENCRYPTED"
	icat "$dir/many.img" 0 >"$dir/mft.bin"
	cached "$dir/mft.bin"
	audit_turn
	begin audit
	while turn; do audit_turn; done
	found=$(grep -c '^/d[0-9]*/f[0-9]*  ' "$dir/audit") || true
	echo "audit found $found of $ENCRYPTED encrypted files"
	[ "$found" = "$ENCRYPTED" ] || failed=1
	beside "audit, $FILES files, $ENCRYPTED encrypted" audit.ours 'fls -r' \
		audit.fls 20
	timed audit.tiny "$efsleuth" audit -q build/images/cluster-512.img
	note "$(awk -v tiny="$(least audit.tiny)" -v ours="$(least audit.ours)" \
		-v dd="$(least audit.dd)" 'BEGIN { printf "of the %.3f s of the " \
		"audit, dd takes %.3f s for the bytes alone, on one core, at " \
		"the speed of memory; an audit of next to nothing takes " \
		"%.3f s", ours, dd, tiny }')"
	beside "audit, $FILES files, $ENCRYPTED encrypted" audit.ours \
		"dd of the $(($(stat -c %s "$dir/mft.bin") >> 20)) MiB of \$MFT" \
		audit.dd 0.5
}

# --------------------------------------------------------------------- key ring

ring_turn() {
	recover ring.one "$dir/ring/many.img" ann
	recover ring.ours "$dir/ring/many.img" ann --keys-from "$dir/ring/keys"
}

ring() {
	image "$dir/ring" many FILES="$RING_FILES" ENCRYPTED="$RING_FILES"
	[ "$(cat "$dir/ring/keys.made" 2>/dev/null)" = "$RING_KEYS" ] || {
		rm -rf "$dir/ring/keys"
		mkdir "$dir/ring/keys"
		"${KEYGEN:-build/tests/bench/keys}" "$dir/ring/keys" "$RING_KEYS"
		echo "$RING_KEYS" >"$dir/ring/keys.made"
	}
	ring_turn
	right "$dir/ring/many.img"
	begin ring
	while turn; do ring_turn; done
	rm -rf "$out/o"
	timed ring.ours-audit "$efsleuth" audit -q "$dir/ring/many.img"
	beside "recover, $RING_KEYS keys, $RING_FILES files" ring.ours \
		'the same files, 1 key' ring.one 0.9
}

# ------------------------------------------------- more than 32 bits of a length

huge() {
	image "$dir" huge
	recover huge.ours "$dir/huge.img" ann
	right "$dir/huge.img"
	rm -rf "$out/o"
}

warm_tmpfs
for what in $ROWS; do
	case $what in
	large) large ;;
	small) small ;;
	audit) audit ;;
	ring) ring ;;
	huge) huge ;;
	*) echo "no rows '$what'" >&2; exit 2 ;;
	esac
done
peak=$(awk '$1 !~ /\.(theirs|some|md5|sha256|fls|dd)$/ && $4 > m { m = $4 }
	END { print (m ? m / 1024 : 1e9) }' "$TIMES")
row 'peak memory in all rows of recover and audit' MiB "$peak" '' limit $limit '' \
	"$(awk -v p="$peak" -v l=$limit 'BEGIN { print l / p }')" 1
exit $failed
