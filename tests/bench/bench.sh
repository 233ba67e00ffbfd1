#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench.sh PROGRAM - time and peak memory on large generated volumes, and the
# rate of password candidates beside OpenSSL's; containers beside other tools
#
#	DIR	where the images go: about 7 GiB apparent, 2 GiB real
#	KDF	the program that tries the candidates (build/tests/bench/kdf)
#	FILES	of the volume of many files (200,000), all of them encrypted
set -eu
efsleuth=$1
dir=${DIR:-build/bench}
FILES=${FILES:-200000}
ENCRYPTED=$FILES
export FILES ENCRYPTED
key="--pfx testdata/keys/ann.pfx --password-file testdata/keys/password.txt"
limit=65536 # KiB
failed=0

mkdir -p "$dir"
MKEFS=build/mkefs sh tests/generator/make-images.sh "$dir" huge many

# measure NAME COMMAND...: elapsed seconds, peak resident KiB, verdict
measure() {
	name=$1
	shift
	begun=$(date +%s.%N)
	"$@" >"$dir/out" 2>"$dir/err" &
	pid=$!
	peak=0
	# VmHWM is the peak; the last look before the end is close to it.
	while kill -0 $pid 2>/dev/null; do
		now=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\).*/\1/p' \
			/proc/$pid/status 2>/dev/null) || true
		[ -z "$now" ] || peak=$now
		sleep 0.02
	done
	wait $pid && rc=0 || rc=$?
	elapsed=$(echo "$(date +%s.%N) $begun" | awk '{ print $1 - $2 }')
	verdict=ok
	if [ "$rc" -gt 1 ] || [ "$peak" = 0 ] || [ "$peak" -gt $limit ]; then
		verdict=FAILED
		failed=1
	fi
	printf '%-48s %8.1f s %8d KiB of %d  %s\n' "$name" "$elapsed" "$peak" \
		$limit $verdict
}

rm -rf "$dir/o1" "$dir/o2"
# shellcheck disable=SC2086 # a list of options
{
	measure "audit, $FILES encrypted files" \
		"$efsleuth" audit "$dir/many.img"
	measure "recover, $FILES encrypted files" \
		"$efsleuth" recover "$dir/many.img" $key -o "$dir/o1"
	measure 'recover, one file of 4 GiB' \
		"$efsleuth" recover "$dir/huge.img" $key -o "$dir/o2"
}
want=$(awk -F'\t' '$1 == "f" { print $8 }' "$dir/huge.tsv")
got=$(sha256sum "$dir"/o2/files/huge.img/v1/* | cut -d' ' -f1)
if [ "$got" = "$want" ]; then
	echo 'the file of 4 GiB is byte for byte what was encrypted'
else
	echo 'the file of 4 GiB is WRONG'
	failed=1
fi
rm -rf "$dir/o1" "$dir/o2"
"${KDF:-build/tests/bench/kdf}" || failed=1
build/tests/bench/ciphers || failed=1
sh tests/bench/bench-containers.sh "$efsleuth" || failed=1
sh tests/bench/bench-vdisk.sh || failed=1
sh tests/bench/bench-html.sh "$efsleuth" || failed=1
exit $failed
