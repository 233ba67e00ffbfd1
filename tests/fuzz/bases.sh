#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bases.sh OUT - what the inputs of the run_* targets are patches of
#
# A folder for each, with one evidence and what lies beside it; the first name
# is what is opened.  All are small, for each input writes one anew.
set -eu
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C.UTF-8
export LC_ALL PATH

out=$1
rm -rf "$out"
mkdir -p "$out"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

sh tests/generator/make-images.sh "$tmp" tiny profiles
tiny=$tmp/tiny.img gpt=$tmp/tiny-gpt.dd

into() { # NAME FILE...
	mkdir -p "$out/$1"
	folder=$out/$1
	shift
	[ $# = 0 ] || cp "$@" "$folder/"
}

# ----------------------------------------------------------- as they are

into volume "$tiny"
into snapshots "$tmp/tiny-vss.img"
into chain "$tmp/chain.img"
into machine "$tmp/machine.img"
into words
echo 'waza1234/' >"$folder/chain"
into gpt "$gpt"
into mbr "$tmp/tiny-mbr.dd"
into split
split -b 300K -d -a 3 --numeric-suffixes=1 "$tiny" "$out/split/tiny."
for name in xts-256 cbc-128-diffuser vista to-go on-write partial clear; do
	into "bitlocker-$name"
	xz -dc "testdata/bitlocker/$name.img.xz" >"$folder/$name.img"
done

# ------------------------------------------------------------ containers

acquire() { # NAME OPTIONS...
	into "$1"
	shift
	ewfacquire -u -q -t "$folder/i" -C c -E e -D d -e e -N n "$@" \
		"$tiny" >/dev/null 2>&1
}
acquire e01 -c best
acquire s01 -c fast -f smart
acquire segments -c none -S 1MiB

convert() { # NAME FILE FORMAT OPTIONS...
	into "$1"
	file=$2 format=$3
	shift 3
	qemu-img convert -f raw -O "$format" "$@" "$tiny" "$folder/$file"
}
convert vhd dynamic.vhd vpc -o force_size=on
convert vhd-fixed fixed.vhd vpc -o force_size=on,subformat=fixed
convert vhdx dynamic.vhdx vhdx -o block_size=1M,log_size=1M
convert vmdk sparse.vmdk vmdk
convert vmdk-stream stream.vmdk vmdk -o subformat=streamOptimized
convert vmdk-flat flat.vmdk vmdk -o subformat=twoGbMaxExtentFlat
convert vmdk-extents extents.vmdk vmdk -o subformat=twoGbMaxExtentSparse
convert qcow sparse.qcow2 qcow2 -o cluster_size=4K
convert qcow-packed packed.qcow2 qcow2 -c
# A child that has the second half of the disk.
into qcow-child
half=$((557056))
head -c $half "$tiny" >"$tmp/half.dd"
truncate -s "$(stat -c %s "$tiny")" "$tmp/half.dd"
qemu-img convert -f raw -O qcow2 "$tmp/half.dd" "$folder/parent.qcow2"
qemu-img convert -f raw -O qcow2 -o cluster_size=4K -B parent.qcow2 -F qcow2 \
	"$tiny" "$folder/child.qcow2"

# ----------------------------------------------------------- loose files

raw=testdata/efs-raw
into raw-windows $raw/windows.raw
into raw-directory $raw/directory.raw
into raw-trailer $raw/trailer.raw
into pfile
cp testdata/fuzz/efs_fat/small "$folder/letter.PFILE"
into mft
icat "$tiny" 0 >"$folder/\$MFT"

# Copies with $EFS beside them, alone and in archives.
build/efsexport "$tiny" "$tmp/loose"
l=$tmp/loose
into copy "$l/ntfs3g/letter.txt" "$l/ntfs3g/letter.txt.efsinfo"
into copy-short "$l/ntfs3g/sparse.bin" "$l/ntfs3g/sparse.bin.efsinfo"
into pair "$l/pair/letter.txt" "$l/pair/letter.txt.\$EFS"

# What somebody collected: a raw export, a key chain, a hive.
c=$tmp/c
who=S-1-5-21-1487003129-2139018450-3308611905-1001
mkdir -p "$c/Users/ann/AppData/Roaming/Microsoft/Protect/$who" \
	"$c/Users/ann/Documents"
cp testdata/dpapi/masterkey_7fc19508* \
	"$c/Users/ann/AppData/Roaming/Microsoft/Protect/$who/7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5"
cp testdata/dpapi/credhist-admin.bin \
	"$c/Users/ann/AppData/Roaming/Microsoft/Protect/CREDHIST"
cp $raw/windows.raw "$c/Users/ann/Documents/letter.efs"
printf 'nothing to see' >"$c/Users/ann/Documents/readme.txt"
find "$c" -exec touch -h -d 2024-05-06T07:08:09Z {} +

# The same on sticks, some of it deleted.
letter=$out/pfile/letter.PFILE
key=$(find "$c" -name '7fc19508*')
cp "$letter" "$tmp/gone.PFILE"
into fat
truncate -s 1M "$folder/fat.dd"
mkfs.fat --invariant -F 12 -s 1 "$folder/fat.dd" >/dev/null
mcopy -s -i "$folder/fat.dd" "$c/Users" "$letter" "$tmp/gone.PFILE" ::/
mdel -i "$folder/fat.dd" ::/gone.PFILE
into fat-16
truncate -s 2500K "$folder/fat.dd"
mkfs.fat --invariant -F 16 -s 1 "$folder/fat.dd" >/dev/null
mcopy -s -i "$folder/fat.dd" "$c/Users" "$letter" ::/
into exfat
truncate -s 1M "$folder/exfat.dd"
mkfs.exfat -c 4096 -b 4096 "$folder/exfat.dd" >/dev/null
perl tests/fuzz/exfat.pl "$folder/exfat.dd" "$letter" $raw/windows.raw "$key"

into zip
(cd "$c" && find . -type f | sort | TZ=UTC0 zip -q -X "$tmp/c.zip" -@)
cp "$tmp/c.zip" "$folder/"
into zip-stored
(cd "$c" && find . -type f | sort | TZ=UTC0 zip -q -0 -X "$tmp/d.zip" -@)
cp "$tmp/d.zip" "$folder/"
into 7z
(cd "$c" && 7z a -bso0 -bsp0 -mtc=off -mmt=off "$tmp/c.7z" . >/dev/null)
cp "$tmp/c.7z" "$folder/"
pack() { # FOLDER FILE
	tar -C "$1" --sort=name --owner=0 --group=0 --mode=644 --format=gnu \
		--mtime=2024-05-06T07:08:09Z -cf "$2" .
}
pack "$c" "$tmp/c.tar"
into tar "$tmp/c.tar"
into tar-gz
gzip -n <"$tmp/c.tar" >"$folder/c.tar.gz"
into tar-zst
zstd -q <"$tmp/c.tar" >"$folder/c.tar.zst"
for form in ntfs3g pair pfile; do
	into "copies-$form"
	find "$l/$form" -exec touch -h -d 2024-05-06T07:08:09Z {} +
	pack "$l/$form" "$folder/copies.tar"
done
for how in none XPRESS LZX; do
	into "wim-$how"
	wimcapture "$c" "$folder/c.wim" --compress=$how --no-acls \
		>/dev/null 2>&1
done
into wim-solid
wimcapture "$c" "$folder/c.wim" --solid --no-acls >/dev/null 2>&1

# Whole profiles, with hives and their logs.
for name in machine machine-dirty machine-dirty7 machine-xp credhist; do
	into "profile-$name"
	pack "testdata/profiles/$name" "$folder/profile.tar"
done
