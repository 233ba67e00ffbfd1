#!/bin/sh
# SPDX-License-Identifier: MIT
#
# fat.t - EFS on FAT and exFAT volumes: .PFILE, copies with their metadata, keys
. tests/program/lib.sh
loose=$images/loose/basic
CORPUS=${CORPUS:-}
stick=$tmp/stick.dd

# A FAT32 volume at sector 2048 of a disk, with these folders in it.
truncate -s 80M "$stick"
printf 'label: dos\nstart=2048, size=150000, type=c\n' |
	sfdisk -q "$stick" >/dev/null
mkfs.fat -F 32 --offset 2048 "$stick" 75000 >/dev/null 2>&1
# Each .PFILE is cut behind its last block of 16, as Windows does it.
mcopy -s -i "$stick@@1M" "$loose/pfile/Users" ::/
mmd -i "$stick@@1M" ::/copies
mcopy -s -i "$stick@@1M" "$loose/ntfs3g/Users" ::/copies/
mcopy -i "$stick@@1M" "$keys/ann.pfx" ::/backup.pfx

run info "$stick"
is "$rc" 0 'info: a FAT volume with encrypted files: exit status 0'
grep -q ' FAT32 ' "$tmp/out"
ok $? 'info: FAT32'

run recover -o "$tmp/o" --password-file "$pw" --pfx "$keys/agent.pfx" "$stick"
clean_run 'FAT32'
rows loose.pl pfile "$loose/index.tsv" "$images/basic.tsv" \
	"$images/basic.expect" "$tmp/o" stick.dd
is "$(jq -r 'select(.kind == "file" and (.path | endswith(".PFILE"))) |
	.volume' "$tmp/o/report.jsonl" | sort -u)" v1 'they lie on a volume'
is "$(jq -r 'select(.kind == "key" and .source.path == "/backup.pfx") |
	"\(.source.volume) \(.state)"' "$tmp/o/report.jsonl")" 'v1 unlocked' 'a backup of a key on the stick'

# Behind the end of a copy, in its cluster, is nothing of its own: that proves
# nothing, and does no harm.
is "$(jq -r 'select(.kind == "file" and .status == "recovered_partial") | .path' \
	"$tmp/o/report.jsonl")" '' 'nothing is cut'

# Windows encrypts the last unit whole and cuts the file behind it: the rest is
# still in the cluster, and proves what the file alone cannot.  ntfs-3g's copy
# has the whole unit; the directory entry is cut to what Windows leaves.
old='Users/bob/private/old.bin'
head -c 4096 "$loose/pfile/$old.PFILE" >"$tmp/whole.pfi"
head -c -2 "$loose/ntfs3g/$old" >>"$tmp/whole.pfi"
mcopy -i "$stick@@1M" "$tmp/whole.pfi" ::/WHOLE.PFI
perl -e '
	my ($image, $from, $to) = @ARGV;
	open my $f, "+<:raw", $image or die; local $/; my $all = <$f>;
	my $at = index $all, "WHOLE   PFI"; $at >= 0 or die "no entry";
	unpack("V", substr $all, $at + 28, 4) == $from or die "no size";
	seek $f, $at + 28, 0; print $f pack "V", $to;
' "$stick" "$(stat -c %s "$tmp/whole.pfi")" \
	"$(stat -c %s "$loose/pfile/$old.PFILE")"
run recover -o "$tmp/slack" --password-file "$pw" --pfx "$keys/agent.pfx" \
	"$stick"
status() { # NAME DIR
	jq -r "select(.kind == \"file\" and (.path | endswith(\"/$1\"))) |
		.status" "$2/report.jsonl"
}
is "$(status old.bin.PFILE "$tmp/slack")" recovered_unverified \
	'a copy that ends with its last block proves nothing'
is "$(status WHOLE.PFI "$tmp/slack")" recovered_verified \
	'the rest of its unit in the cluster does'

# ------------------------------------------------------------ deleted files

mdel -i "$stick@@1M" ::/Users/ann/letter.txt.PFILE
run audit --report jsonl="$tmp/alive.jsonl" "$stick"
run audit --deleted --report jsonl="$tmp/all.jsonl" "$stick"
count() { jq -s "map(select(.kind == \"file\" and $2)) | length" "$1"; }
is "$(count "$tmp/alive.jsonl" '(.path | test("/Users/ann/.etter"))')" 1 \
	'a deleted file is passed over, its copy is not'
is "$(count "$tmp/all.jsonl" '.deleted and (.path | test("etter"))')" 1 \
	'--deleted: it is found'

# --------------------------------------------------------- damage, and limits

dd if=/dev/zero of="$stick" bs=512 seek=2048 count=1 conv=notrunc status=none
run audit "$stick"
clean_run 'a FAT without its boot sector'
[ "$rc" = 3 ]
ok $? 'a FAT without its boot sector: exit status 3'

# -------------------------------------------------------------- the real one

real=$CORPUS/efs-exfat/exfat_encrypted.raw.gz
if [ -n "$CORPUS" ] && [ -e "$real" ]; then
	gzip -dc "$real" >"$tmp/exfat.raw"
	run audit --report jsonl="$tmp/real.jsonl" "$tmp/exfat.raw"
	is "$rc" 0 'exFAT of Windows: exit status'
	jq -r 'select(.kind == "file" and (.directory | not)) |
		"\(.size) \(.path | sub(".*/"; "")) \(.status)"' \
		"$tmp/real.jsonl" | sort -n >"$tmp/got"
	for size in 0 1 2 3 15 16 17 18 31 32; do
		echo "$size $size.bin.PFILE no_key"
	done >"$tmp/wanted"
	cmp -s "$tmp/got" "$tmp/wanted"
	ok $? 'exFAT of Windows: ten files, of the sizes that are their names'
	is "$(jq -r 'select(.kind == "file" and .directory) | .path' \
		"$tmp/real.jsonl")" /encrypted_dir \
		'exFAT of Windows: one directory'
	is "$(jq -r 'select(.kind == "file") | .efs.ddf[] |
		"\(.thumbprint) \(.name)"' "$tmp/real.jsonl" | sort -u)" \
		'aafb00ae8cb3f00aef0036885b03bbec94601118 MS(MS@LAPTOP-J6UFN4IQ)' \
		'exFAT of Windows: its one user'
	is "$(fls -f exfat -r -p -u -F "$tmp/exfat.raw" | grep -c 'PFILE$')" \
		"$(count "$tmp/real.jsonl" '(.directory | not)')" \
		'exFAT of Windows: as many as fls lists'
else
	skip 'exFAT of Windows' 'no CORPUS'
fi

done_testing
