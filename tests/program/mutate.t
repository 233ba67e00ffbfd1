#!/bin/sh
# SPDX-License-Identifier: MIT
#
# mutate.t - damaged volumes, always the same: no crash, no hang, nothing
# written outside the folder
. tests/program/lib.sh

mkdir "$tmp/cage"
seed=0
while [ $seed -lt "${SEEDS:-60}" ]; do
	seed=$((seed + 1))
	rm -rf "$tmp/cage/o"
	perl tests/program/mutate.pl $seed "$images/basic.img" "$tmp/cage/m.img"
	timeout 30 "$efsleuth" recover -q --deleted "$tmp/cage/m.img" \
		--key "$keys/agent.key" --key "$keys/ann.key" -o "$tmp/cage/o" \
		>"$tmp/out" 2>"$tmp/err"
	rc=$?
	case $rc in 0 | 1 | 3) true ;; *) false ;; esac &&
		! grep -qE 'Sanitizer|runtime error' "$tmp/err" &&
		[ "$(echo "$tmp/cage"/*)" = "$tmp/cage/m.img $tmp/cage/o" ]
	ok $? "seed $seed ends in order (exit status $rc)"
done

# Key material that is damaged in any way: its files lie behind $MFT, where one
# change in five goes.
for image in five machine machine-dirty; do
	seed=0
	while [ $seed -lt "${KEY_SEEDS:-20}" ]; do
		seed=$((seed + 1))
		perl tests/program/mutate.pl $seed "$images/$image.img" \
			"$tmp/cage/m.img"
		timeout 60 "$efsleuth" keys -q --deleted "$tmp/cage/m.img" \
			--password-file testdata/profiles/words.txt \
			>"$tmp/out" 2>"$tmp/err"
		rc=$?
		case $rc in 0 | 1 | 3) true ;; *) false ;; esac &&
			! grep -qE 'Sanitizer|runtime error' "$tmp/err"
		ok $? "$image, seed $seed ends in order (exit status $rc)"
	done
done
done_testing
