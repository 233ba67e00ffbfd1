#!/bin/sh
# SPDX-License-Identifier: MIT
#
# partitions.t - disks as they are found: damaged boot sectors and tables,
# deleted, hidden, doubled and overlapping partitions, other file systems
. tests/program/lib.sh

agent="--pfx $keys/agent.pfx --password-file $pw"
basic=$images/basic.img
basic_mib=12
# NTFS of 32 MiB, of other files
other=$images/cluster-4096.img

# The records of the files of one volume, without what depends on the disk.
facts() { # DIR VOLUME
	jq -cS --arg v "$2" 'select(.kind == "file" and .volume == $v) |
		del(.evidence, .volume, .output)' "$1/report.jsonl"
}

# shellcheck disable=SC2086 # a list of options
run recover "$basic" $agent -o "$tmp/basic"
is $rc 0 'the bare volume'
facts "$tmp/basic" v1 >"$tmp/wanted"
[ -s "$tmp/wanted" ]
ok $? 'the bare volume has files'

# recovers DISK VOLUME STATUS NAME: this volume of the disk is basic.img
recovers() {
	rm -rf "$tmp/o"
	# shellcheck disable=SC2086
	run recover "$1" $agent -o "$tmp/o"
	is $rc "$3" "$4: exit status"
	clean_run "$4"
	facts "$tmp/o" "$2" >"$tmp/got"
	cmp -s "$tmp/wanted" "$tmp/got"
	ok $? "$4: the same facts as from the bare volume"
	diff -r "$tmp/basic/files/basic.img/v1" \
		"$tmp/o/files/$(basename "$1")/$2" >"$tmp/diff" 2>&1
	ok $? "$4: the same tree"
}

# "v1 NTFS 1048576" and so on, of the run
volumes() {
	jq -r 'select(.kind == "volume") |
		"\(.volume) \(.filesystem) \(.offset)"' "$tmp/out"
}

lists() { # DISK VOLUMES NAME
	run info "$1" --report jsonl
	is "$(volumes)" "$2" "$3"
}

zero() { # FILE SECTOR COUNT
	dd if=/dev/zero of="$1" bs=512 seek="$2" count="$3" conv=notrunc \
		status=none
}

put() { # VOLUME DISK MIB
	dd if="$1" of="$2" bs=1M seek="$3" conv=notrunc,sparse status=none
}

# A disk from a script of sfdisk(8).
mbr() { # FILE SIZE, script on standard input
	truncate -s "$2" "$1"
	sfdisk -q --no-reread --no-tell-kernel "$1" >"$tmp/log" 2>&1 ||
		{ cat "$tmp/log"; exit 1; }
}

gpt() { # FILE SIZE OPTIONS...
	file=$1
	truncate -s "$2" "$1"
	shift 2
	sgdisk "$@" "$file" >"$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }
}

# An entry of an MBR as it is, without asking whether it makes sense.
entry() { # FILE SLOT TYPE START COUNT
	perl -e 'print pack("C8VV", 0, 0, 2, 0, hex($ARGV[0]), 0, 2, 0,
		$ARGV[1], $ARGV[2])' "$3" "$4" "$5" |
		dd of="$1" bs=1 seek=$((446 + 16 * $2)) conv=notrunc status=none
}

# ------------------------------------------- the backup of the boot sector
backup='its first boot sector is damaged: the backup at its end was used'

cp --sparse=always "$basic" "$tmp/no-boot.img"
zero "$tmp/no-boot.img" 0 1
recovers "$tmp/no-boot.img" v1 0 'bare volume, first sector of zeros'
is "$(jq -r 'select(.kind == "volume") | .reason' "$tmp/o/report.jsonl")" \
	"$backup" 'bare volume, first sector of zeros: the volume says so'
says "$backup" 'bare volume, first sector of zeros: said'

cp --sparse=always "$basic" "$tmp/noise-boot.img"
head -c 510 /dev/urandom |
	dd of="$tmp/noise-boot.img" conv=notrunc status=none
recovers "$tmp/noise-boot.img" v1 0 'bare volume, noise with the mark of a boot sector'

# The geometry cannot be: the size that is still there leads to the backup,
# also where the image goes on behind it.
cp --sparse=always "$basic" "$tmp/bad-boot.img"
printf '\003' | dd of="$tmp/bad-boot.img" bs=1 seek=13 conv=notrunc status=none
truncate -s +3M "$tmp/bad-boot.img"
recovers "$tmp/bad-boot.img" v1 0 'bare volume, impossible cluster size, and more behind it'

# A sound boot sector with the wrong place of $MFT.
cp --sparse=always "$basic" "$tmp/lost-mft.img"
printf '\077\0\0\0\0\0\0\0\077' |
	dd of="$tmp/lost-mft.img" bs=1 seek=48 conv=notrunc status=none
recovers "$tmp/lost-mft.img" v1 0 'bare volume, boot sector that leads nowhere'

for disk in basic-mbr basic-gpt; do
	cp --sparse=always "$images/$disk.dd" "$tmp/$disk-no-boot.dd"
	zero "$tmp/$disk-no-boot.dd" 2048 1
	recovers "$tmp/$disk-no-boot.dd" v1 0 "$disk, first sector of zeros"
	says "$backup" "$disk, first sector of zeros: said"
done
cp --sparse=always "$images/mbr-4k.dd" "$tmp/4k-no-boot.dd"
zero "$tmp/4k-no-boot.dd" 2048 8
lists "$tmp/4k-no-boot.dd" 'v1 NTFS 1048576' \
	'sectors of 4096 bytes, first one of zeros'
run audit "$tmp/basic-mbr-no-boot.dd" --offset 2048
is $rc 0 '--offset of a partition with a damaged boot sector'

# Cut short, the first sector is enough.
head -c $((10 << 20)) "$basic" >"$tmp/cut.img"
lists "$tmp/cut.img" 'v1 NTFS 0' 'cut short, the first boot sector is enough'

# Neither is left.
cp --sparse=always "$tmp/no-boot.img" "$tmp/neither.img"
zero "$tmp/neither.img" $((basic_mib * 2048 - 1)) 1
run audit "$tmp/neither.img"
is $rc 3 'neither boot sector nor backup: exit status'
says 'no file system that this program knows' \
	'neither boot sector nor backup: said'

# ------------------------------------------------------------------- tables
cp --sparse=always "$images/basic-gpt.dd" "$tmp/gpt-1.dd"
zero "$tmp/gpt-1.dd" 1 1
recovers "$tmp/gpt-1.dd" v1 0 'GPT without its first header'
cp --sparse=always "$images/basic-gpt.dd" "$tmp/gpt-2.dd"
zero "$tmp/gpt-2.dd" 2 32
recovers "$tmp/gpt-2.dd" v1 0 'GPT without its first entries'
cp --sparse=always "$images/basic-gpt.dd" "$tmp/gpt-3.dd"
zero "$tmp/gpt-3.dd" 0 34
recovers "$tmp/gpt-3.dd" v1 0 'GPT without MBR, first header and entries'
cp --sparse=always "$images/basic-gpt.dd" "$tmp/gpt-4.dd"
size=$(stat -c %s "$tmp/gpt-4.dd")
zero "$tmp/gpt-4.dd" $((size / 512 - 33)) 33
recovers "$tmp/gpt-4.dd" v1 0 'GPT without its backup'
cp --sparse=always "$tmp/gpt-4.dd" "$tmp/gpt-5.dd"
zero "$tmp/gpt-5.dd" 1 33
recovers "$tmp/gpt-5.dd" v1 0 'only the MBR that protects a GPT'
lists "$tmp/gpt-5.dd" 'v1 NTFS 1048576' \
	'only the MBR that protects a GPT: its partition is not one'
cp --sparse=always "$images/gpt-4k.dd" "$tmp/gpt-4k.dd"
zero "$tmp/gpt-4k.dd" 8 40
lists "$tmp/gpt-4k.dd" 'v1 NTFS 1048576' \
	'GPT in sectors of 4096 bytes without its first header'

gpt "$tmp/hybrid.dd" 64M -n 1:2048:+12M -t 1:0700 -n 2:0:+32M -t 2:0700 \
	-h 1:2
put "$basic" "$tmp/hybrid.dd" 1
put "$other" "$tmp/hybrid.dd" 13
recovers "$tmp/hybrid.dd" v1 0 'hybrid MBR'
lists "$tmp/hybrid.dd" 'v1 NTFS 1048576
v2 NTFS 13631488' 'hybrid MBR: each volume once'

cp --sparse=always "$images/basic-mbr.dd" "$tmp/wiped.dd"
zero "$tmp/wiped.dd" 0 64
recovers "$tmp/wiped.dd" v1 0 'MBR of zeros'

mbr "$tmp/logical.dd" 80M <<-END
	label: dos
	start=2048, size=32M, type=7
	start=69632, type=f
	start=71680, size=12M, type=7
	start=98304, size=4M, type=83
END
put "$other" "$tmp/logical.dd" 1
put "$basic" "$tmp/logical.dd" 35
mke2fs -q -F -E offset=$((98304 * 512)) "$tmp/logical.dd" 4m >"$tmp/log" 2>&1
recovers "$tmp/logical.dd" v2 0 'a logical partition'
lists "$tmp/logical.dd" 'v1 NTFS 1048576
v2 NTFS 36700160
v3 ext 50331648' 'logical partitions: all of them'

# ------------------------------------------------------- deleted partitions
cp --sparse=always "$images/two-gpt.dd" "$tmp/deleted.dd"
sgdisk -d 1 "$tmp/deleted.dd" >"$tmp/log" 2>&1
recovers "$tmp/deleted.dd" v2 0 'a deleted partition of a GPT'
lists "$tmp/deleted.dd" 'v1 NTFS 14680064
v2 NTFS 1048576' 'a deleted partition comes behind those that are there'
zero "$tmp/deleted.dd" 2048 1
recovers "$tmp/deleted.dd" v2 0 'a deleted partition without its boot sector'
is "$(jq -r 'select(.kind == "volume" and .volume == "v2") | .reason' \
	"$tmp/o/report.jsonl")" "$backup" \
	'a deleted partition without its boot sector: the volume says so'
cp --sparse=always "$images/two-mbr.dd" "$tmp/deleted-mbr.dd"
sfdisk -q --no-reread --no-tell-kernel --delete "$tmp/deleted-mbr.dd" 2 \
	>"$tmp/log" 2>&1
recovers "$tmp/deleted-mbr.dd" v2 0 'a deleted partition of an MBR'

# From before Vista: behind the first track, ending with a cylinder.
truncate -s 64M "$tmp/track.dd"
dd if="$basic" of="$tmp/track.dd" bs=512 seek=63 conv=notrunc,sparse status=none
recovers "$tmp/track.dd" v1 0 'no table, a volume behind the first track'
# Its boot sector is gone, and it begins where none would: its end tells.
truncate -s 48M "$tmp/odd.dd"
dd if="$basic" of="$tmp/odd.dd" bs=512 seek=$((20 * 2048 - basic_mib * 2048)) \
	conv=notrunc,sparse status=none
zero "$tmp/odd.dd" $(((20 - basic_mib) * 2048)) 1
recovers "$tmp/odd.dd" v1 0 'no table, no boot sector, in the midst of a disk'

# --------------------------------------------------------- odd partitions
mbr "$tmp/hidden.dd" 64M <<-END
	label: dos
	start=2048, size=12M, type=17
	start=26624, size=32M, type=27
END
put "$basic" "$tmp/hidden.dd" 1
put "$other" "$tmp/hidden.dd" 13
recovers "$tmp/hidden.dd" v1 0 'hidden partitions'
lists "$tmp/hidden.dd" 'v1 NTFS 1048576
v2 NTFS 13631488' 'hidden partitions: both'

mbr "$tmp/twins.dd" 64M <<-END
	label: dos
	start=2048, size=12M, type=7
END
put "$basic" "$tmp/twins.dd" 1
entry "$tmp/twins.dd" 1 07 2048 24576
entry "$tmp/twins.dd" 2 07 10000 50000
recovers "$tmp/twins.dd" v1 0 'two entries for one place'
is "$(jq -r 'select(.kind == "file") | .volume' "$tmp/o/report.jsonl" |
	sort -u)" v1 'two entries for one place: its files once'
lists "$tmp/twins.dd" 'v1 NTFS 1048576
v2 NTFS 1048576
v3 unknown 5120000' 'two entries for one place, and one over it'

mbr "$tmp/beyond.dd" 64M <<-END
	label: dos
	start=2048, size=12M, type=7
END
put "$basic" "$tmp/beyond.dd" 1
entry "$tmp/beyond.dd" 1 07 4000000 24576
entry "$tmp/beyond.dd" 2 07 4294967295 4294967295
recovers "$tmp/beyond.dd" v1 1 'partitions beyond the end'
says 'the evidence ends before this partition' 'partitions beyond the end: said'
lists "$tmp/beyond.dd" 'v1 NTFS 1048576
v2 outside of the evidence 2048000000
v3 outside of the evidence 2199023255040' 'partitions beyond the end: listed'
cp --sparse=always "$images/two-gpt.dd" "$tmp/cut-gpt.dd"
truncate -s 14M "$tmp/cut-gpt.dd"
recovers "$tmp/cut-gpt.dd" v1 1 'a GPT of a disk that was cut short'
lists "$tmp/cut-gpt.dd" 'v1 NTFS 1048576
v2 outside of the evidence 14680064' 'a GPT of a disk that was cut short: listed'

# ------------------------------------------------------ other file systems
mbr "$tmp/others.dd" 128M <<-END
	label: dos
	start=2048, size=2M, type=1
	start=8192, size=16M, type=6
	start=43008, size=40M, type=c
	start=126976, type=f
	start=129024, size=4M, type=7
	start=139264, size=4M, type=82
	start=149504, size=4M, type=8e
	start=159744, size=4M, type=42
	start=169984, size=4M, type=fd
	start=180224, size=4M, type=c
END
truncate -s 2M "$tmp/fat12"
truncate -s 16M "$tmp/fat16"
truncate -s 40M "$tmp/fat32"
truncate -s 4M "$tmp/exfat"
truncate -s 4M "$tmp/togo"
mkfs.fat -F 12 "$tmp/fat12" >"$tmp/log"
mkfs.fat -F 16 "$tmp/fat16" >"$tmp/log"
mkfs.fat -F 32 "$tmp/fat32" >"$tmp/log"
mkfs.exfat "$tmp/exfat" >"$tmp/log" 2>&1
# A removable drive behind BitLocker looks like FAT32, but for a GUID.
mkfs.fat -F 32 "$tmp/togo" >"$tmp/log" 2>&1
printf 'MSWIN4.1' | dd of="$tmp/togo" bs=1 seek=3 conv=notrunc status=none
printf ';\326gI).\330J\203\231\366\243\071\343\320\001' |
	dd of="$tmp/togo" bs=1 seek=424 conv=notrunc status=none
put "$tmp/fat12" "$tmp/others.dd" 1
put "$tmp/fat16" "$tmp/others.dd" 4
put "$tmp/fat32" "$tmp/others.dd" 21
put "$tmp/exfat" "$tmp/others.dd" 63
put "$tmp/togo" "$tmp/others.dd" 88
lists "$tmp/others.dd" 'v1 FAT12 1048576
v2 FAT16 4194304
v3 FAT32 22020096
v4 exFAT 66060288
v5 Linux swap 71303168
v6 LVM 76546048
v7 dynamic disk (LDM) 81788928
v8 Linux RAID 87031808
v9 BitLocker 92274688' 'other file systems have their names'
is $rc 3 'no NTFS volume: exit status'
says 'no NTFS volume' 'no NTFS volume: said'

# Simple volumes of a dynamic disk: one at its start, one in it.
mbr "$tmp/dynamic.dd" 64M <<-END
	label: dos
	start=2048, type=42
END
put "$basic" "$tmp/dynamic.dd" 1
put "$other" "$tmp/dynamic.dd" 20
recovers "$tmp/dynamic.dd" v1 0 'a simple volume of a dynamic disk'
lists "$tmp/dynamic.dd" 'v1 NTFS 1048576
v2 NTFS 20971520' 'the next volume of a dynamic disk'
done_testing
