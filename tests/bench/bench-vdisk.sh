#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench-vdisk.sh - read every kind of virtual disk, side by side with what
# `qemu-img convert` takes for the same file: at most 10 % more
#
#	DIR	where the images go: about 4 GiB
#	SOURCE	the program that reads (build/tests/bench/source)
#	MIB	of the disk (512)
set -eu
dir=${DIR:-build/bench}
source=${SOURCE:-build/tests/bench/source}
mib=${MIB:-512}
failed=0
mkdir -p "$dir"

# A third is random, a third compresses, a third is a hole.
make_raw() {
	words=$(mktemp "$dir/words.XXXXXX")
	perl -e 'srand 1; my @w = map { join "", map { chr 97 + rand 26 }
		1 .. 2 + rand 9 } 1 .. 4000;
		my $s = ""; $s .= $w[rand @w] . " " while length $s < 1 << 20;
		print substr $s, 0, 1 << 20' >"$words"
	rm -f "$dir/vdisk.dd"
	truncate -s "${mib}M" "$dir/vdisk.dd"
	i=0
	while [ $i -lt "$mib" ]; do
		case $((i % 3)) in
		0) head -c 1048576 /dev/urandom ;;
		1) cat "$words" ;;
		*) ;;
		esac | dd of="$dir/vdisk.dd" bs=1M seek=$i conv=notrunc \
			status=none
		i=$((i + 1))
	done
	rm -f "$words"
}

seconds() { # COMMAND...: the best of five
	best=
	for _ in 1 2 3 4 5; do
		begun=$(date +%s.%N)
		"$@" >"$dir/vdisk.log"
		now=$(date +%s.%N)
		best=$(echo "$now $begun ${best:-1000}" |
			awk '{ t = $1 - $2; print t < $3 ? t : $3 }')
	done
	echo "$best"
}

row() { # NAME FILE
	ours=$(seconds "$source" "$2")
	rm -f "$dir/vdisk.out"
	theirs=$(seconds qemu-img convert -O raw "$2" "$dir/vdisk.out")
	null=$(seconds qemu-img convert -n --target-image-opts "$2" \
		"driver=null-co,size=$((mib + 1))M")
	cmp -s "$dir/vdisk.dd" "$dir/vdisk.out" || failed=1
	rm -f "$dir/vdisk.out"
	echo "$1|$ours|$theirs|$null|$mib" | awk -F'|' '{
		bad = $2 > 1.1 * $3
		printf "%-28s %7.3f s %6.0f MB/s  qemu-img %7.3f s, to nowhere %7.3f s  ratio %.2f  %s\n",
			$1, $2, $5 * 1.048576 / $2, $3, $4, $2 / $3,
			bad ? "FAILED" : "ok"
		exit bad }' || failed=1
}

# measure NAME FORMAT OPTIONS...
measure() {
	name=$1 format=$2
	shift 2
	rm -f "$dir"/vdisk-image*
	qemu-img convert -O "$format" "$@" "$dir/vdisk.dd" \
		"$dir/vdisk-image.$format"
	row "$name" "$dir/vdisk-image.$format"
}

make_raw
measure 'VHD, dynamic' vpc -o force_size=on
measure 'VHD, fixed' vpc -o force_size=on,subformat=fixed
measure 'VHDX, dynamic' vhdx
measure 'VMDK, sparse' vmdk
measure 'VMDK, flat' vmdk -o subformat=monolithicFlat
measure 'VMDK, 2 GB sparse' vmdk -o subformat=twoGbMaxExtentSparse
measure 'VMDK, stream' vmdk -o subformat=streamOptimized
measure 'QCOW2' qcow2
measure 'QCOW2, clusters of 4 KiB' qcow2 -o cluster_size=4k
measure 'QCOW2, compressed' qcow2 -c
rm -f "$dir"/vdisk*
exit $failed
