#!/bin/sh
# SPDX-License-Identifier: MIT
#
# vdisk.t - virtual disks: VHD, VHDX, VMDK, QCOW2, in each other and in EnCase
# images, give the files and facts of the raw image
. tests/program/lib.sh
raw=$images/basic-gpt.dd
agent="--pfx $keys/agent.pfx --password-file $pw"

# The records, without what depends on the container around them.
records() { # DIR
	jq -cS 'select(.kind == "file" or .kind == "volume" or .kind == "key") |
		del(.evidence, .output, .facts, .source)' "$1/report.jsonl"
}

# The same as from the raw image; leaves the output in $tmp/o.
same() { # FILE FORMAT
	rm -rf "$tmp/o"
	# shellcheck disable=SC2086 # a list of options
	run recover "$1" $agent -o "$tmp/o"
	is $rc 0 "$2: exit status"
	clean_run "$2"
	is "$(jq -r 'select(.kind == "evidence") | .format' \
		"$tmp/o/report.jsonl")" "$2" "$2: is named"
	records "$tmp/o" >"$tmp/got"
	cmp -s "$tmp/wanted" "$tmp/got"
	ok $? "$2: the same records as from the raw image"
	diff -r "$tmp/raw/files/basic-gpt.dd" \
		"$tmp/o/files/$(basename "$1")" >"$tmp/diff" 2>&1
	ok $? "$2: the same tree"
}

convert() { # FILE FORMAT OPTIONS...
	to=$1 format=$2
	shift 2
	qemu-img convert -f raw -O "$format" "$@" "$raw" "$to" ||
		ok 1 "qemu-img makes $to"
}

# shellcheck disable=SC2086
run recover "$raw" $agent -o "$tmp/raw"
is $rc 0 'the raw image'
records "$tmp/raw" >"$tmp/wanted"
[ "$(wc -l <"$tmp/wanted")" -gt 5 ]
ok $? 'the raw image holds files'

d=$tmp/d
mkdir "$d"
convert "$d/fixed.vhd" vpc -o force_size=on,subformat=fixed
same "$d/fixed.vhd" VHD
convert "$d/dynamic.vhd" vpc -o force_size=on
same "$d/dynamic.vhd" VHD
convert "$d/fixed.vhdx" vhdx -o subformat=fixed
same "$d/fixed.vhdx" VHDX
convert "$d/dynamic.vhdx" vhdx
same "$d/dynamic.vhdx" VHDX
for f in monolithicSparse monolithicFlat twoGbMaxExtentSparse \
	twoGbMaxExtentFlat streamOptimized; do
	convert "$d/$f.vmdk" vmdk -o subformat=$f
	same "$d/$f.vmdk" VMDK
done
convert "$d/v2.qcow2" qcow2 -o compat=0.10
same "$d/v2.qcow2" QCOW2
convert "$d/small.qcow2" qcow2 -o cluster_size=512
same "$d/small.qcow2" QCOW2
convert "$d/packed.qcow2" qcow2 -c
same "$d/packed.qcow2" QCOW2

# What was written since: the image over a base that is half of it.
head -c $(($(stat -c %s "$raw") / 2)) "$raw" >"$d/half.dd"
truncate -s "$(stat -c %s "$raw")" "$d/half.dd"
qemu-img convert -O qcow2 "$d/half.dd" "$d/base.qcow2"
qemu-img convert -f raw -O qcow2 -B base.qcow2 -F qcow2 "$raw" "$d/over.qcow2"
same "$d/over.qcow2" QCOW2
run info "$d/over.qcow2" --report jsonl
grep -q base.qcow2 "$tmp/out"
ok $? 'info names the backing file'
mv "$d/base.qcow2" "$d/gone"
run audit "$d/over.qcow2"
says 'base.qcow2' 'a missing backing file is named'
clean_run 'a missing backing file'
[ $rc != 0 ]
ok $? 'a missing backing file: exit status'

# Containers in containers.
qemu-img convert -f raw -O vpc -o force_size=on "$d/packed.qcow2" "$d/in.vhd"
same "$d/in.vhd" 'QCOW2 in VHD'
qemu-img convert -f raw -O qcow2 "$d/dynamic.vhdx" "$d/in.qcow2"
same "$d/in.qcow2" 'VHDX in QCOW2'
if command -v ewfacquire >/dev/null; then
	ewfacquire -u -q -t "$d/in" -c deflate:fast -S 1GiB -f encase6 \
		"$d/dynamic.vhdx" >"$tmp/log" 2>&1
	same "$d/in.E01" 'VHDX in E01'
else
	skip 'VHDX in E01' 'ewfacquire is not installed'
fi
qemu-img convert -f raw -O qcow2 "$d/twoGbMaxExtentFlat.vmdk" "$d/lost.qcow2"
run audit "$d/lost.qcow2"
says 'inside of another container' 'extents of a nested descriptor: said'
clean_run 'extents of a nested descriptor'

# Cut off: what is there is read, and what is not is said.
head -c $(($(stat -c %s "$d/dynamic.vhd") - 1048576)) "$d/dynamic.vhd" \
	>"$d/cut.vhd"
run audit "$d/cut.vhd" --report jsonl
says 'cut off' 'a VHD that is cut off: said'
clean_run 'a VHD that is cut off'
[ "$(grep -c '"kind":"file"' "$tmp/out")" -gt 0 ]
ok $? 'a VHD that is cut off: its files are listed'

# Real images without encrypted files: as many files as fls lists.
corpus=${CORPUS:-}
listed() { # IMAGE LISTING NAME
	run audit "$1" --report jsonl
	is $rc 3 "$3: no encrypted file"
	clean_run "$3"
	is "$(jq -r 'select(.kind == "volume" and .filesystem == "NTFS") |
		.cluster_size' "$tmp/out" | head -n 1)" \
		"$(sed -n 's/^Cluster Size: //p' "$2")" "$3: cluster size"
	is "$(jq -r 'select(.kind == "volume" and .filesystem == "NTFS") |
		.serial' "$tmp/out" | head -n 1 | tr a-f A-F)" \
		"$(sed -n 's/^Volume Serial Number: //p' "$2")" \
		"$3: serial number"
}
if [ -d "$corpus/images" ]; then
	l=$corpus/images/listings
	listed "$corpus/images/vsstest.qcow2" "$l/dfvfs_vsstest.fsstat.txt" \
		vsstest.qcow2
	listed "$corpus/images/windows_volume.qcow2" \
		"$l/dfvfs_windows_volume.fsstat.txt" windows_volume.qcow2
	bsdtar -xf "$corpus/images/ntfs.7z" -C "$tmp" &&
		listed "$tmp/$(bsdtar -tf "$corpus/images/ntfs.7z" |
			grep -i 'vhd$')" "$l/dfirorc_ntfs.vhd.fsstat.txt" \
			ntfs.vhd
	run info "$corpus/images/ext2.vmdk" --report jsonl
	clean_run ext2.vmdk
	is "$(jq -r 'select(.kind == "evidence") | .format' "$tmp/out")" \
		VMDK 'ext2.vmdk: opens'
	run info "$corpus/images/image-differential.vhd" --report jsonl
	clean_run image-differential.vhd
	grep -q '{d49c5c80-350a-4a89-898a-5ad6d10f6578}' "$tmp/out"
	ok $? 'image-differential.vhd: its parent is named'
else
	skip 'real images' 'CORPUS names no folder of real samples'
fi
done_testing
