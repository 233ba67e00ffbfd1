#!/bin/sh
# SPDX-License-Identifier: MIT
#
# mutate.t - key material in damaged volumes, always the same: no crash, no hang
. tests/program/lib.sh

# Key material that is damaged in any way: its files lie behind $MFT, where one
# change in five goes.
for image in five machine machine-dirty; do
	seed=0
	while [ $seed -lt "${KEY_SEEDS:-20}" ]; do
		seed=$((seed + 1))
		perl tests/program/mutate.pl $seed "$images/$image.img" \
			"$tmp/m.img"
		timeout 60 "$efsleuth" keys -q --deleted "$tmp/m.img" \
			--password-file testdata/profiles/words.txt \
			>"$tmp/out" 2>"$tmp/err"
		rc=$?
		case $rc in 0 | 1 | 3) true ;; *) false ;; esac &&
			! grep -qE 'Sanitizer|runtime error|crashed the program' \
				"$tmp/err"
		ok $? "$image, seed $seed ends in order (exit status $rc)"
	done
done
done_testing
