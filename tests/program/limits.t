#!/bin/sh
# SPDX-License-Identifier: MIT
#
# limits.t - evidence that claims more than any real one, or leads to itself:
# each ends in bounded time and memory, with a reason
#
#	CASES	"all" takes hundreds of thousands where it is some thousand else
. tests/program/lib.sh

[ "$B" = build ] || {
	echo '1..0 # SKIP a sanitizer has its own memory and time'
	exit 0
}
SECONDS_MOST=10
MIB_MOST=500
ntfs=tests/generator/mkhostile.py
bomb=tests/generator/mkbomb.py
command=info
options=

# Run the program; it ends in time, with this status, and without a crash.
limited() { # NAME STATUS OPTION...
	name=$1 wanted=$2
	shift 2
	rm -rf "$tmp/o"
	python3 tests/program/limited.py "$tmp/used" "$SECONDS_MOST" \
		"$efsleuth" "$@" >"$tmp/out" 2>"$tmp/err"
	rc=$?
	read -r cpu mib <"$tmp/used"
	echo "# $name: $cpu s, $mib MiB"
	is $rc "$wanted" "$name: ends, with its status"
	[ "$mib" -le $MIB_MOST ]
	ok $? "$name: $mib MiB are at most $MIB_MOST"
	! grep -q crashed "$tmp/err"
	ok $? "$name: nothing crashed"
}

# The reason is in a report, on standard error or in what was printed.
because() { # WORDS
	cat "$tmp/out" "$tmp/err" "$tmp/o/report.jsonl" >"$tmp/all" 2>/dev/null
	grep -qF -- "$1" "$tmp/all"
	found=$?
	ok $found "$name: $1"
	[ $found = 0 ] || sed 's/^/# /; 10q' "$tmp/err" | cut -c1-300
}

# A volume of mkhostile.py, recovered.
volume_case() { # CASE STATUS WORDS [N]
	python3 $ntfs "$1" "$tmp/v.img" ${4:+"$4"} || exit 1
	# shellcheck disable=SC2086 # options
	limited "$1" "$2" recover $options --deleted -o "$tmp/o" "$tmp/v.img"
	because "$3"
	rm -rf "$tmp/v.img" "$tmp/o"
}

# Something of mkbomb.py, for a command.
bomb_case() { # CASE FILE STATUS WORDS [N]
	mkdir "$tmp/b"
	python3 $bomb "$1" "$tmp/b" ${5:+"$5"} || exit 1
	limited "$1" "$3" "$command" "$tmp/b/$2"
	because "$4"
	rm -rf "$tmp/b"
}

# ------------------------------------------------------------------------ NTFS

volume_case ring 1 'EFS key list count'
MIB_MOST=90
volume_case rings 1 'or 717 more' 40
MIB_MOST=500
volume_case attribute-lists 1 'more than the volume can hold'
volume_case efs-million 1 'more than the volume can hold' 200
volume_case directories 1 'folders in folders, without end' 600
volume_case deep 1 'length of a path' 3000
volume_case links 1 'length of a path' 6000
volume_case streams 1 'number of streams' 10000
volume_case runs-hole 1 'length of the runs'
volume_case runs-data 1 'over what the evidence can hold'
options='--hash none'
volume_case together 1 'more bytes than the evidence can hold'
options=
volume_case runs-many 1 'over what the evidence can hold' 1600000
volume_case mft-size 1 'have a place in this evidence'
volume_case mft-again 1 'have a place in this evidence'
volume_case mft-pieces 1 'the parts of $MFT come in no order' 3000
if [ "${CASES:-}" = all ]; then
	SECONDS_MOST=600
	volume_case attribute-lists 1 'more than the volume can hold' 200000
	volume_case efs-million 1 'more than the volume can hold' 200000
	volume_case deep 1 'length of a path' 100000
	volume_case links 1 'length of a path' 100000
	volume_case mft-pieces 1 'the parts of $MFT come in no order' 8000
	SECONDS_MOST=10
fi

# ------------------------------------------------------------ what they are in

bomb_case qcow-self self.qcow2 3 'its tables are damaged'
bomb_case qcow-loop loop-a.qcow2 3 'size of all tables of a virtual disk'
bomb_case vmdk-self self.vmdk 3 'its tables are damaged'
bomb_case vmdk-many many.vmdk 3 'size of all tables of a virtual disk'
bomb_case e01-sections many.E01 3 'number of sections'
bomb_case e01-loop loop.E01 3 'offset of the next section'
bomb_case mbr-chain chain.img 3 'of more than 1024 entries'
bomb_case mbr-loop loop.img 3 'no NTFS volume'
bomb_case gpt-claims claims.img 3 'more entries than any real one'
bomb_case gpt-full full.img 3 'more entries than any real one'
bomb_case zip-many many.zip 3 'no NTFS volume'
bomb_case xz-memory memory.tar.xz 3 'more memory to unpack'
bomb_case seven-memory memory.7z 1 'more memory to unpack'
bomb_case zip-memory memory.zip 1 'more memory to unpack'
bomb_case zip-bomb bomb.zip 1 'a member is too large'
# Eight GB of zeros, at zlib's speed.
SECONDS_MOST=60
bomb_case gzip-twice twice.tar.gz.gz 1 'unpacks to more than any real one'
SECONDS_MOST=10

# Two exports, each of 600 GiB that it does not hold.
mkdir "$tmp/t"
for name in a b; do
	perl -0777 -pe '/(?:G\0U\0R\0E\0.*?){3}/sg;
		substr($_, pos() + 4, 8) = pack("Q<", 600 << 30)' \
		"$images/loose/basic/raw/Users/ann/shared with bob.bin.efs" \
		>"$tmp/t/$name.efs"
done
(cd "$tmp/t" && zip -q ../t.zip ./*.efs)
for of in t t.zip; do
	limited "holes of $of" 1 recover --hash none --key "$keys/agent.key" \
		-o "$tmp/o" "$tmp/$of"
	is "$(jq -r 'select(.kind == "file" and .size > 600000000000) |
		.path + ": " + .status + ": " + .reason' \
		"$tmp/o/report.jsonl")" \
		'/a.efs: recovered_partial: 644245028864 bytes could not be read and are zeros
/b.efs: metadata_damaged: with the files before it, this has more bytes than the evidence can hold' \
		"holes of $of: the first alone is recovered"
done
rm -rf "$tmp/o" "$tmp/t" "$tmp/t.zip"

# Each password protector costs a million rounds; a volume has room for hundreds.
head -c 1048576 "$efsleuth" >"$tmp/data"
python3 -B tests/generator/mkbitlocker.py "$tmp/data" "$tmp/v.img" \
	--method xts-128 --unknown 70 || exit 1
SECONDS_MOST=60
limited protectors 0 info "$tmp/v.img" --bitlocker-password-file "$pw"
SECONDS_MOST=10
is "$(grep -o '[0-9] passwords\? tried, none' "$tmp/err" | wc -l) $(
	grep -o 'over the limit of protectors' "$tmp/err" | wc -l)" '64 6' \
	'protectors: as many as the limit are tried'

# Shadow copies whose catalog names itself as what follows, and a list of what
# one of them has.
perl -F'\t' -ane 'print "$F[2]\n" if $F[1] eq "-" && $F[3] > 512' \
	"$images/history.img.map" >"$tmp/places"
store=$(head -n 1 "$tmp/places")
catalog=$(tail -n 1 "$tmp/places")
for at in "$catalog" $((store + 16384)); do
	cp "$images/history.img" "$tmp/v.img"
	perl -e 'open my $f, "+<", $ARGV[0] or die "$ARGV[0]: $!";
		seek $f, $ARGV[1] + 40, 0; print $f pack "Q<", $ARGV[1]' \
		"$tmp/v.img" "$at"
	limited "snapshots at $at" 1 recover --snapshots all -o "$tmp/o" \
		"$tmp/v.img"
	because 'a chain of blocks of the shadow copies is a loop'
done

# A disk of 60 TiB in blocks of 1 MiB, whose table is one of 256 MiB.
qemu-img create -q -f vhdx -o block_size=256M "$tmp/d.vhdx" 60T || exit 1
perl -0777 -pi -e 'my ($old, $new) = map { pack "VVQ<", $_ << 20, 0, 60 << 40 }
	256, 1; s/\Q$old\E/$new/ or die "no such disk"' "$tmp/d.vhdx"
limited vhdx-blocks 3 info "$tmp/d.vhdx"
because 'its tables are damaged'

# Disks in disks.
mv "$tmp/v.img" "$tmp/nest"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	qemu-img convert -f raw -O qcow2 "$tmp/nest" "$tmp/next" || exit 1
	mv "$tmp/next" "$tmp/nest"
done
limited nesting 3 info "$tmp/nest"
because 'containers in containers, without end'

# ------------------------------------------------------------------------ keys

command=keys
bomb_case hive-keys hive.zip 3 'than any real hive has'
bomb_case credhist credhist.zip 0 'number of CREDHIST entries'
SECONDS_MOST=100
bomb_case credhist-rounds credhist.zip 0 'with those of all other keys'
SECONDS_MOST=10
command=info
options=

# A PFX whose key is to take 2^31 rounds: its own 2^23 are one number.
openssl x509 -inform DER -in "$keys/ann.der" -out "$tmp/ann.pem"
openssl pkcs12 -export -inkey "$keys/ann.key" -in "$tmp/ann.pem" \
	-keypbe PBE-SHA1-3DES -certpbe NONE -macalg sha1 -iter 8388608 \
	-passout pass:x -out "$tmp/slow.pfx" 2>"$tmp/log"
perl -0777 -pi -e 's/\x02\x04\x00\x80\x00\x00/\x02\x04\x7f\xff\xff\xff/g or
	die "no such number"' "$tmp/slow.pfx"
echo x >"$tmp/x.txt"
limited pfx-rounds 4 audit "$images/basic.img" --pfx "$tmp/slow.pfx" \
	--password-file "$tmp/x.txt"
because 'iterations of a password'

# Ten million candidates.
perl -e 'print "password$_\n" for 1 .. 10_000_000' >"$tmp/words.txt"
limited words 1 recover -o "$tmp/o" "$images/basic.img" \
	--password-file "$tmp/words.txt"
done_testing
