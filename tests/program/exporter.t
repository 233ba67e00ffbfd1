#!/bin/sh
# SPDX-License-Identifier: MIT
#
# exporter.t - the loose files of the generator are what they should be: its
# own readers, ntfs-3g where it can be mounted, and icat agree
. tests/program/lib.sh
loose=$images/loose

# Ciphertext of each stream from its export, and from ntfs-3g's view of it.
same_ciphertext() { # NAME ORACLE LEAST
	bad=0 seen=0
	while IFS='	' read -r form file _ _ stream note; do
		[ "$form" = raw ] || continue
		[ "$note" != directory ] || continue
		view=${file#raw} view=${view%.efs}
		[ "$stream" = - ] || view="$view:$stream"
		view="$loose/$2/ntfs3g$view"
		case $stream in *%u*|*[!\ -~]*) continue ;; esac
		grep -qF "	ntfs3g${view#"$loose/$2/ntfs3g"}	" "$tmp/lossy" && continue
		seen=$((seen + 1))
		perl tests/program/rawread.pl "$loose/$1/$file" \
			"$(printf %s "$stream" | perl -pe 's/%([0-9A-F]{2})/chr hex $1/ge')" \
			>"$tmp/a" 2>"$tmp/why" || { bad=$((bad + 1)); cat "$tmp/why"; }
		size=$(stat -c %s "$view")
		[ "$size" = 0 ] || size=$((size - 2))
		head -c "$size" "$view" | cmp - "$tmp/a" >"$tmp/why" 2>&1 ||
			{ bad=$((bad + 1)); sed "s|^|# $file:$stream |" "$tmp/why"; }
	done <"$loose/$1/index.tsv"
	is $bad 0 "$1: all $seen streams have the ciphertext of ntfs-3g's view"
	[ $seen -ge "$3" ]
	ok $? "$1: at least $3 were compared"
}

awk -F'\t' '$1 == "ntfs3g" && $6 != "-" { print "\t" $2 "\t" }' \
	"$loose"/*/index.tsv >"$tmp/lossy"
same_ciphertext basic basic 5
same_ciphertext nul basic 5
same_ciphertext large-units basic 5
same_ciphertext trailer basic 5
same_ciphertext reverse odd 100
same_ciphertext odd odd 100

# $EFS is the attribute that libtsk reads.
bad=0
while IFS='	' read -r form file mft _; do
	[ "$form" = raw ] || continue
	perl tests/program/rawread.pl "$loose/basic/$file" '$EFS' >"$tmp/a"
	id=$(istat -f ntfs "$images/basic.img" "$mft" |
		sed -n 's/^Type: \$LOGGED_UTILITY_STREAM (\(256-[0-9]*\)).*/\1/p')
	icat -f ntfs "$images/basic.img" "$mft-$id" | cmp -s - "$tmp/a" ||
		bad=$((bad + 1))
done <"$loose/basic/index.tsv"
is $bad 0 'each $EFS is what icat reads'

# The fields, as numbers.
perl tests/program/rawread.pl "$loose/basic/raw/Users/ann/letter.txt.efs" \
	>"$tmp/a"
is "$(tail -n 2 "$tmp/a" | tr '\n' ' ')" \
	'-   at 0 size 38 valid 38 unit 1024 blocks 512 ' 'a small file'
perl tests/program/rawread.pl "$loose/trailer/raw/Users/ann/letter.txt.efs" \
	>"$tmp/a"
is "$(tail -n 1 "$tmp/a")" "trailer $(stat -c %s "$keys/ann.pfx")" 'a trailer'
perl tests/program/rawread.pl "$loose/reverse/raw/data/hole-middle.efs" >"$tmp/a"
is "$(sed -n '4p' "$tmp/a")" \
	'  at 999424 size 576 valid 576 unit 4096 blocks 1024' \
	'segments, last first'
grep -q 'at 131072 size 16384 valid 16384 unit 4096 blocks 0 0 0 0' "$tmp/a"
ok $? 'a hole'
perl tests/program/rawread.pl "$loose/odd/raw/data/vdl700.efs" >"$tmp/a"
is "$(tail -n 1 "$tmp/a")" \
	'  at 0 size 10000 valid 700 unit 1024 blocks 1024 0 0 0 0 0 0 0 0 0' \
	'bytes that are not valid'

# The other forms.
pair=$loose/basic/pair/Users/ann
is "$(stat -c %s "$pair/letter.txt")" 38 'a copy is cut at the size'
icat -f ntfs "$images/basic.img" 68 | cmp -s - "$pair/shared with bob.bin"
ok $? 'it is what icat copies'
pfile="$loose/basic/pfile/Users/ann/letter.txt.PFILE"
is "$(stat -c %s "$pfile")" $((4096 + 48)) 'a .PFILE is cut to whole blocks'
is "$(xxd -p -l 4 "$pfile") $(xxd -p -s 12 -l 4 "$pfile")" \
	'00100000 26800000' 'its header'
tail -c 48 "$pfile" | head -c 38 | cmp -s - "$pair/letter.txt"
ok $? 'its data'

# ntfs-3g itself, where it can mount.
mkdir "$tmp/mnt"
if [ -e /dev/fuse ] && ntfs-3g -o ro,efs_raw,streams_interface=windows \
	"$images/basic.img" "$tmp/mnt" >"$tmp/log" 2>&1; then
	bad=0
	while IFS='	' read -r form file _ path stream note; do
		[ "$form" = ntfs3g ] || continue
		[ "$note" = - ] || continue
		[ "$stream" = - ] || path="$path:$stream"
		cmp -s "$loose/basic/$file" "$tmp/mnt$path" || bad=$((bad + 1))
	done <"$loose/basic/index.tsv"
	is $bad 0 'ntfs-3g shows the same files'
	perl -e 'my $b = "\0" x 65536; my $p = $ARGV[0];
		my $k = "user.ntfs.efsinfo";
		my $n = syscall(191, $p, $k, $b, 65536);
		print substr($b, 0, $n) if $n > 0' \
		"$tmp/mnt/Users/ann/letter.txt" >"$tmp/a"
	if [ "$(uname -m)" = x86_64 ]; then
		cmp -s "$tmp/a" \
			"$loose/basic/ntfs3g/Users/ann/letter.txt.efsinfo"
		ok $? 'and the same $EFS'
	else
		skip 'and the same $EFS' 'the number of getxattr is not known'
	fi
	umount "$tmp/mnt"
else
	skip 'ntfs-3g shows the same files' 'it cannot be mounted here'
	skip 'and the same $EFS' 'it cannot be mounted here'
fi
done_testing
