#!/bin/sh
# SPDX-License-Identifier: MIT
#
# make-images.sh OUT [NAME...] - build the NTFS images of the tests
#
# Each image NAME comes as OUT/NAME.img with its manifest OUT/NAME.tsv and the
# expected plaintext in OUT/NAME.expect/.  Without names the default set is
# built; "make-images.sh --list" prints all names.
#
#	MKEFS	the generator (default: build/mkefs)
#	EFSEXPORT	the exporter (default: build/efsexport)
#	EFSNEEDS	says what files depend on (default: build/efsneeds)
#	KEYS	the keys (default: testdata/keys)
#	PROFILES	the key files of users (default: testdata/profiles)
#	CORPUS	real samples; without it the images of win10 are left out
#	FILES, ENCRYPTED	of the image "many"
#	MIB	of the one file of "large"
#	SMALL	files of the image "small"
#	OWNER	who can open these three (ann)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
MKEFS=${MKEFS:-$root/build/mkefs}
EFSEXPORT=${EFSEXPORT:-$root/build/efsexport}
EFSNEEDS=${EFSNEEDS:-$root/build/efsneeds}
export KEYS="${KEYS:-$root/testdata/keys}"
export PROFILES="${PROFILES:-$root/testdata/profiles}"
export SPECS="$here/specs"
CORPUS=${CORPUS:-}

default="basic odd matrix clusters win10 disks profiles loose history nested"
all="$default tiny demo huge far large small many"
clusters="512 1024 2048 4096 8192 16384 32768 65536 131072 2097152"

if [ "${1:-}" = --list ]; then
	echo "$all" | tr ' ' '\n'
	exit
fi
out=${1:?usage: make-images.sh OUT [NAME...]}
shift
[ -x "$MKEFS" ] || { echo "make-images: no $MKEFS" >&2; exit 2; }
mkdir -p "$out"
PATH=$PATH:/usr/sbin:/sbin

# ------------------------------------------------------------------ building

# Format an image; what mkntfs says of missing geometry is of no interest.
format() { # FILE SIZE OPTIONS...
	file=$1 size=$2
	shift 2
	rm -f "$file"
	truncate -s "$size" "$file"
	mkntfs -F -q -Q -T "$@" "$file" >"$file.log" 2>&1 ||
		{ cat "$file.log" >&2; exit 1; }
	rm -f "$file.log"
}

# Populate it from a specification on standard input.
populate() { # NAME
	rm -rf "$out/$1.expect"
	"$MKEFS" --manifest "$out/$1.tsv" --expect "$out/$1.expect" \
		"$out/$1.img" -
}

# What its files depend on.
needs() { # NAME
	"$EFSNEEDS" "$out/$1.img" >"$out/$1.needs"
}

from_spec() { # NAME SIZE OPTIONS...
	name=$1 size=$2
	shift 2
	format "$out/$name.img" "$size" "$@"
	populate "$name" <"$SPECS/$name.spec"
}

# -------------------------------------------------------------------- volumes

# Every algorithm, RSA size and file size; the agent opens all of it.
matrix_spec() {
	echo 'volume serial=0xE5F5000000003A72'
	echo "key agent cert=\$KEYS/agent.der name=agent"
	for bits in 1024 2048 3072 4096; do
		echo "key rsa$bits cert=\$KEYS/rsa$bits.der" \
			"name=rsa$bits(rsa$bits@PC)"
	done
	version=1
	for alg in aes-128 aes-192 aes-256 3des des desx desx-56; do
		for bits in 1024 2048 3072 4096; do
			for n in 0 1 15 16 511 512 513 1023 1024 4095 4096 \
				4097 65536 100000 3M; do
				echo "file /$alg/rsa$bits/$n size=$n" \
					"alg=$alg ddf=rsa$bits drf=agent" \
					"version=$version"
				version=$((version % 3 + 1))
			done
		done
	done
}

cluster_spec() { # CLUSTER
	hole=65536
	[ "$1" -le $hole ] || hole=$1
	cat <<-EOF
		volume serial=$((0xE5F50000C0000000 + $1))
		key ann cert=\$KEYS/ann.der name=ann(ann@PC)
		key agent cert=\$KEYS/agent.der name=agent
		default ddf=ann drf=agent
		file /empty size=0
		file /one size=1
		file /unit size=512
		file /small size=5000 alg=3des
		stream second size=700
		file /cluster size=$1 alg=desx version=1
		file /cluster+1 size=$(($1 + 1)) pad=cluster
		file /large size=700000 alg=aes-128
		file /frag size=$(($1 * 5 + 100)) frag=1:back
		file /sparse size=$((hole * 4)) holes=$hole+$hole
		file /vdl size=$(($1 + 9000)) vdl=$(($1 + 700))
		file /non-resident size=621 place=nonres
		edir /secret
		file /secret/extension size=621 place=extent
		plain /plain size=100000
	EOF
}

make_clusters() {
	for c in $clusters; do
		size=32M
		[ "$c" -le 65536 ] || size=$((c * 256))
		format "$out/cluster-$c.img" "$size" -c "$c"
		cluster_spec "$c" | populate "cluster-$c"
	done
	# A disk of 4096-byte sectors has records of 4096 bytes.
	format "$out/sector-4096.img" 32M -s 4096
	cluster_spec 4096 | populate sector-4096
}

make_matrix() {
	format "$out/matrix.img" 192M
	matrix_spec | populate matrix
}

make_basic() {
	from_spec basic 12M -L "Basic volume"
	needs basic
}

make_odd() {
	from_spec odd 96M
	needs odd
}

# As small as they come: alone, on a disk, and with a shadow copy.
make_tiny() {
	from_spec tiny 1088K -c 1024
	cp "$out/tiny.img" "$out/tiny-whole.img"
	truncate -s 2M "$out/tiny-whole.img"
	disk mbr 512 "$out/tiny-mbr.dd" "$out/tiny-whole.img"
	disk gpt 512 "$out/tiny-gpt.dd" "$out/tiny-whole.img"
	for view in 1 2; do
		format "$out/tiny-$view.img" 3M -c 1024
		{
			cat "$SPECS/tiny.spec"
			echo "file /view-$view.txt ddf=ann data=text size=900"
		} | populate "tiny-$view"
	done
	python3 "$here/mkvss.py" "$out/tiny-vss.img" 0x280000 \
		"$out/tiny-1.img" "$out/tiny-2.img" >/dev/null
	rm -f "$out/tiny-whole.img" "$out"/tiny-[12].img
}

# The sample of Windows 10, byte for byte; only with the corpus at hand.
make_win10() {
	export WIN10="$CORPUS/efs-win10-aes256"
	if [ ! -e "$WIN10/efs-attribute.bin" ]; then
		echo "make-images: no corpus, no win10 image" >&2
		return 0
	fi
	from_spec win10 8M
}

# ------------------------------------------------------------------- profiles

# The files of a tree of testdata/profiles: archive, hidden, of the system.
tree_spec() { # TREE [CREATED [OF MASTER KEYS]]
	(cd "$PROFILES/$1" && find . -type f) | LC_ALL=C sort |
		while IFS= read -r f; do
			created=${2:-2023-02-03T04:05:06Z}
			case $f in
			*/Protect/*) created=${3:-2019-05-04T03:02:01Z} ;;
			esac
			echo "plain \"${f#.}\" attrs=0x26 created=$created" \
				"data=host:\"\$PROFILES/$1/${f#./}\""
		done
}

# A specification and the tree beside it; NAME-bare is without the tree.
profile() { # NAME TREE SPEC...
	name=$1 tree=$2
	shift 2
	format "$out/$name.img" 8M
	for spec; do cat "$SPECS/$spec.spec"; done >"$out/$name.spec"
	[ "$tree" = - ] || tree_spec "$tree" >>"$out/$name.spec"
	populate "$name" <"$out/$name.spec"
	rm -f "$out/$name.spec"
}

make_profiles() {
	profile chain wiki chain
	profile chain-bare - chain
	profile five five five
	profile five-bare - five
	for name in domain credhist; do
		profile $name $name $name
	done
	profile machine machine host machine
	for name in xp startup floppy dirty dirty7; do
		profile machine-$name machine-$name host
	done
}

# ---------------------------------------------------------------------- disks

# A disk with volumes at 1 MiB boundaries; fdisk writes labels for any sector.
disk() { # LABEL SECTOR OUT VOLUME...
	label=$1 sector=$2 disk=$3
	shift 3
	at=1 number=0
	commands=o type=7
	if [ "$label" = gpt ]; then
		commands=g type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7
	fi
	for v; do
		number=$((number + 1))
		size=$(($(stat -c %s "$v") / 1048576))
		commands="$commands
$(partition $number)"
		at=$((at + size + 1))
	done
	rm -f "$disk"
	truncate -s "$((at + 1))M" "$disk"
	printf '%s\nw\n' "$commands" |
		fdisk -w never -W never -b "$sector" "$disk" >"$disk.log" 2>&1 ||
		{ cat "$disk.log" >&2; exit 1; }
	rm -f "$disk.log"
	at=1
	for v; do
		dd if="$v" of="$disk" bs=1M seek="$at" conv=notrunc,sparse \
			status=none
		at=$((at + $(stat -c %s "$v") / 1048576 + 1))
	done
}

# What to say to fdisk for one NTFS partition.
partition() { # NUMBER
	per=$((1048576 / sector))
	echo n
	[ "$label" = gpt ] || echo p
	printf '%s\n%s\n%s\n' "$1" $((at * per)) $(((at + size) * per - 1))
	echo t
	[ "$1" = 1 ] || echo "$1"
	echo "$type"
}

# disk.001, disk.002, ...
split_raw() { # FILE SIZE
	rm -f "${1%.*}".[0-9][0-9][0-9]
	split -b "$2" -d -a 3 --numeric-suffixes=1 "$1" "${1%.*}."
}

make_disks() {
	for name in basic win10; do
		v=$out/$name.img
		[ -e "$v" ] || continue
		disk mbr 512 "$out/$name-mbr.dd" "$v"
		disk gpt 512 "$out/$name-gpt.dd" "$v"
	done
	[ -e "$out/basic.img" ] || make_basic
	[ -e "$out/sector-4096.img" ] || make_clusters
	disk mbr 512 "$out/two-mbr.dd" "$out/cluster-512.img" "$out/basic.img"
	disk gpt 512 "$out/two-gpt.dd" "$out/basic.img" "$out/cluster-4096.img"
	disk mbr 4096 "$out/mbr-4k.dd" "$out/sector-4096.img"
	disk gpt 4096 "$out/gpt-4k.dd" "$out/sector-4096.img"
	cp --sparse=always "$out/basic-mbr.dd" "$out/split.dd"
	split_raw "$out/split.dd" 5M
	rm -f "$out/split.dd"
}

# ---------------------------------------------------------------------- loose

# What is encrypted in an image, as loose files below loose/NAME.
loose() { # NAME IMAGE OPTIONS...
	to=$out/loose/$1 image=$out/$2.img
	shift 2
	rm -rf "$to"
	mkdir -p "$to"
	"$EFSEXPORT" "$@" "$image" "$to" 2>"$to/log" ||
		{ cat "$to/log" >&2; exit 1; }
}

# All forms; then raw exports as others may write them.
make_loose() {
	[ -x "$EFSEXPORT" ] || { echo "make-images: no $EFSEXPORT" >&2; exit 2; }
	[ -e "$out/basic.img" ] || make_basic
	[ -e "$out/odd.img" ] || make_odd
	loose basic basic
	loose odd odd
	loose nul basic --forms raw --nul --shift 9 --segment 4K
	loose large-units basic --forms raw --shift 16 --segment 64K
	loose reverse odd --forms raw --shift 12 --segment 16K --reverse
	loose trailer basic --forms raw --trailer "\$KEYS/ann.pfx"
}

# -------------------------------------------------------------- shadow copies

# One volume at three times, from the same blank one: history-1, -2 and -3 are
# the manifests, history.img is the last of them and shadow copies of the others.
make_history() {
	for view in 1 2 3; do
		format "$out/history-$view.img" 24M
		sed -n "s/^[0-9]*${view}[0-9]* //p" "$SPECS/history.spec" |
			populate "history-$view"
		needs "history-$view"
	done
	python3 "$here/mkvss.py" "$out/history.img" 0x1000000 \
		"$out/history-1.img" "$out/history-2.img" \
		"$out/history-3.img" >/dev/null
	rm -f "$out"/history-[123].img
	disk mbr 512 "$out/history.dd" "$out/history.img" "$out/history.img"
}

# --------------------------------------------------------------------- nested

# The volume with shadow copies behind BitLocker, on a disk.
make_nested() {
	[ -e "$out/history.img" ] || make_history
	echo "Frühling 2026" >"$out/nested-password.txt"
	echo 235818-357951-253979-013365-241120-245575-342914-591910 \
		>"$out/nested-recovery.txt"
	python3 -B "$here/mkbitlocker.py" "$out/history.img" "$out/nested.img" \
		--method xts-256 --password-file "$out/nested-password.txt" \
		--recovery-file "$out/nested-recovery.txt" \
		--bek "$out/nested.BEK" >/dev/null
	truncate -s %1M "$out/nested.img"
	disk gpt 512 "$out/nested.dd" "$out/nested.img"
	rm -f "$out/nested.img"
}

# ----------------------------------------------------------------------- demo

# Committed, so it is made only when the demo itself changes.
# The file that is deleted is the last, so that nothing takes its place.
make_demo() {
	export DEMO="$here/demo"
	# mkntfs dates its own files by it: 11 January 2021
	export SOURCE_DATE_EPOCH=1610350000
	format "$out/demo.img" 16M -L ATELIER-SRV
	{
		cat "$SPECS/demo.spec"
		tree_spec demo 2021-01-11T07:31:05Z 2021-01-11T07:31:04Z
		echo "delete \"/Users/noor/Documents/draft letter to the city.txt\""
	} | populate demo
	to=$root/testdata/demo
	mkdir -p "$to"
	xz -9e -c "$out/demo.img" >"$to/demo.img.xz"
	cp "$KEYS/demo-agent.pfx" "$to/agent.pfx"
	{
		cat "$KEYS/password.txt"
		awk -F'\t' '$1 == "demo" && $3 == "password" &&
			$2 ~ /^(amelie|jonas)$/ { print $4 }' \
			"$PROFILES/secrets.tsv"
	} >"$to/password.txt"
	cp "$out/demo.tsv" "$to/demo.tsv"
}

# ---------------------------------------------------------------- on request

# Four GiB in one file whose ciphertext is zeros: nothing need be written.
make_huge() {
	format "$out/huge.img" 5G
	"$MKEFS" --manifest "$out/huge.tsv" "$out/huge.img" - <<-EOF
		key ann cert=\$KEYS/ann.der name=ann(ann@PC)
		file /huge.bin size=$((4 * 1024 * 1024 * 1024 + 1000)) ddf=ann cipher=zero
	EOF
}

# Data on both sides of a hole of four GiB: unit offsets beyond 32 bits.
make_far() {
	format "$out/far.img" 64M
	"$MKEFS" --manifest "$out/far.tsv" "$out/far.img" - <<-EOF
		key ann cert=\$KEYS/ann.der name=ann(ann@PC)
		file /aes size=4295100000 holes=64K+4194304K ddf=ann
		file /3des size=4295100000 holes=64K+4194304K ddf=ann alg=3des
	EOF
}

# Whose key opens what is encrypted in the images that are measured.
owner() {
	echo "key owner cert=\$KEYS/${OWNER:-ann}.der name=${OWNER:-ann}(${OWNER:-ann}@PC)"
}

# One file of MIB MiB of noise.
make_large() {
	mib=${MIB:-2048}
	format "$out/large.img" $((mib + mib / 8 + 64))M
	{
		owner
		echo "file /large.bin size=${mib}M ddf=owner"
	} | "$MKEFS" --manifest "$out/large.tsv" "$out/large.img" -
}

# SMALL files of 20 KiB.
make_small() {
	small=${SMALL:-10000}
	format "$out/small.img" $((small / 16 + 64))M
	{
		owner
		awk -v n="$small" 'BEGIN { for (i = 0; i < n; i++)
			printf "file /d%03d/f%06d size=20K ddf=owner\n",
				i / 100, i }'
	} | "$MKEFS" --manifest "$out/small.tsv" "$out/small.img" -
}

# A volume of FILES files, ENCRYPTED of them encrypted.
make_many() {
	files=${FILES:-200000} encrypted=${ENCRYPTED:-2000}
	format "$out/many.img" 4G
	{
		owner
		awk -v n="$files" -v e="$encrypted" 'BEGIN {
			for (i = 0; i < n; i++) {
				hit = int((i + 1) * e / n) > int(i * e / n)
				printf "%s /d%03d/f%06d size=%d%s\n", \
					hit ? "file" : "plain", i / 1000, i, \
					hit ? i % 5000 : 100, \
					hit ? " ddf=owner" : ""
			}
		}'
	} | "$MKEFS" --manifest "$out/many.tsv" "$out/many.img" -
}

[ $# -gt 0 ] || eval "set -- $default"
for what; do
	case " $all " in
	*" $what "*) "make_$what" ;;
	*) echo "make-images: no image '$what'" >&2; exit 2 ;;
	esac
done
