#!/bin/sh
# SPDX-License-Identifier: MIT
#
# inspect-loose.t - inspect of raw exports, files of FAT, and EFS logs
. tests/program/lib.sh
loose=$images/loose

fields() { jq -r "$1" "$tmp/out" | tr '\n' ' '; }

# ------------------------------------------------------------- raw exports
run inspect testdata/efs-raw/windows.raw
is "$rc $(fields '.type, (.streams[] | .name, .encrypted, .size, .valid,
	.segments, .holes, .cut, .reason), .trailer_size, .reason')" \
	'0 raw EFS export null true 621 621 1 0 null null 0 null ' 'an export'
is "$(fields '.efs | .type, .offset, .size, .id, (.ddf | length),
	(.drf | length), .reason')" \
	'$EFS 66 1496 {dbddbff2-3d72-43e6-809b-868039db9999} 2 1 null ' \
	'its $EFS'
is "$(fields '.streams[0].extents[0] | .offset, .at, .size')" '0 2116 1024 ' \
	'its data'
run inspect testdata/efs-raw/many.raw
is "$(fields '.streams[] | .name, .size, .valid, .cut, .doubt')" \
	'null 37500 33750 null null second 1100 1100 null null Zone.Identifier 26 26 null null empty 0 0 null null empty with segment 0 0 null null empty with header 0 0 null null cut 3000 3000 3000 null over 4000 4000 null blocks larger than their data unit ' \
	'many streams'
run inspect testdata/efs-raw/trailer.raw
is "$(fields '.end, .trailer_size, .reason')" '3140 2509 null ' 'a trailer'
head -c 3000 testdata/efs-raw/windows.raw >"$tmp/cut"
run inspect "$tmp/cut"
is "$rc $(fields '.streams[0] | .size, .cut, .reason')" \
	'0 621 884 segment of an export ' 'an export that is cut short'
head -c 19 testdata/efs-raw/windows.raw >"$tmp/cut"
run inspect "$tmp/cut"
is $rc 3 'less than a header is refused'
run inspect testdata/efs-raw/directory.raw
is "$rc $(fields '(.streams | length), .efs.size')" '0 0 1496 ' 'a directory'

# What the generator exported has the sizes of the manifest.
join_sizes() { # NAME IMAGE
	awk -F'\t' 'NR == FNR { size[$2 "\t" $5] = $7; next }
		$1 == "raw" && $6 == "-" { print $2 "\t" $5 "\t" size[$3 "\t" $5] }' \
		"$images/$2.tsv" "$loose/$1/index.tsv"
}
check_sizes() { # NAME IMAGE LEAST
	bad=0 seen=0
	join_sizes "$1" "$2" >"$tmp/sizes"
	while IFS='	' read -r file stream size; do
		case $stream in *%*|*[!\ -~]*) continue ;; esac
		seen=$((seen + 1))
		run inspect "$loose/$1/$file"
		got=$(jq -r --arg s "$stream" '.streams[] |
			select((.name // "-") == $s) | .size' "$tmp/out")
		[ "$got" = "$size" ] || { bad=$((bad + 1)); echo "# $file"; }
	done <"$tmp/sizes"
	is $bad 0 "$1: the sizes of $seen streams"
	[ $seen -ge "$3" ]
	ok $? "$1: at least $3"
}
check_sizes basic basic 5
check_sizes nul basic 5
check_sizes reverse odd 100

# ------------------------------------------------------------ files of FAT
bad=0 seen=0
while IFS='	' read -r form file mft _ stream note; do
	[ "$form" = pfile ] || continue
	[ "$note" != directory ] || continue
	size=$(awk -F'\t' -v m="$mft" -v s="$stream" \
		'$2 == m && $5 == s { print $7 }' "$images/basic.tsv")
	run inspect "$loose/basic/$file"
	[ "$(fields '.type, .plaintext_size')" = \
		"encrypted file of FAT (.PFILE) $size " ] || bad=$((bad + 1))
	seen=$((seen + 1))
done <"$loose/basic/index.tsv"
is "$bad $seen" '0 4' 'files of FAT, as the generator writes them'

# --------------------------------------------------------------- EFS logs
run inspect testdata/efs-log/EFS0.LOG
is "$rc $(fields '.type, .version, .checksum_valid, .target, .target_id,
	.temporary, .temporary_id, (.states[] | .state, .checksum_valid),
	.reason')" \
	'0 EFS log 100 true C:\Users\ann\Grüße.txt 844424930132009 C:\Users\ann\EFS0.TMP 281474976710698 10 true 10 true null ' \
	'an EFS log'
run inspect testdata/efs-log/EFS0-torn.LOG
is "$rc $(fields '(.states[] | .state, .checksum_valid), .reason')" \
	"0 10 false 7 true checksum of an EFS log's state " 'a torn one'
head -c 1000 testdata/efs-log/EFS0.LOG >"$tmp/cut"
run inspect "$tmp/cut"
is $rc 3 'half a header is refused'

for f in testdata/fuzz/efs_raw/* testdata/fuzz/efs_log/* testdata/fuzz/efs_fat/*; do
	run inspect "$f"
	clean_run "inspect $f"
done

# ------------------------------------------------------------------ corpus
corpus=${CORPUS:-}/efs-exfat
if [ ! -d "$corpus" ]; then
	skip 'files of FAT that Windows wrote' \
		'CORPUS names no folder of real samples'
	done_testing
	exit 0
fi
run inspect "$corpus/EFS0.LOG.bin"
is "$rc $(fields '.target_id, .temporary, .temporary_id, .states[0].state,
	.reason')" '0 143776 E:\EFS0.TMP 144576 10 null ' 'a real EFS log'
gunzip -c "$corpus/exfat_encrypted.raw.gz" >"$tmp/exfat"
bad=0 seen=0
fls -f exfat -r -p -F "$tmp/exfat" 2>"$tmp/log" |
	sed -n 's/^r\/r \([0-9]*\):	.*\/\([0-9]*\)\.bin\.PFILE$/\1 \2/p' \
	>"$tmp/pfiles"
while read -r inode size; do
	icat -f exfat "$tmp/exfat" "$inode" >"$tmp/pfile"
	run inspect "$tmp/pfile"
	seen=$((seen + 1))
	[ "$(fields '.type, .header_size, .plaintext_size, .cut, .ddf[0].name')" = \
		"encrypted file of FAT (.PFILE) 4096 $size null MS(MS@LAPTOP-J6UFN4IQ) " ] ||
		{ bad=$((bad + 1)); echo "# $size"; }
done <"$tmp/pfiles"
is "$bad $seen" '0 10' 'files of FAT that Windows wrote: their names are their sizes'
done_testing
