#!/bin/sh
# SPDX-License-Identifier: MIT
#
# loose.t - encrypted files outside of NTFS: raw exports, copies, pairs, EFS on
# FAT, one by one and in a folder
. tests/program/lib.sh
loose=$images/loose
opt="--pfx $keys/agent.pfx --password-file $pw"

# The rows of loose.pl, numbered on.
compare_loose() { # FORM TREE DIR
	rows loose.pl "$1" "$loose/$2/index.tsv" "$images/${3:-$2}.tsv" \
		"$images/${3:-$2}.expect" "$tmp/o" "$1"
}

recover() { # EVIDENCE...
	rm -rf "$tmp/o"
	# shellcheck disable=SC2086 # a list of options
	run recover $opt -o "$tmp/o" "$@"
	clean_run "$*"
}

field() { # PATH JQ
	jq -r "select(.kind == \"file\" and .path == \"$1\") | $2" \
		"$tmp/o/report.jsonl"
}

for form in raw ntfs3g pfile; do
	recover "$loose/basic/$form"
	is $rc 0 "basic: all of $form was recovered"
	compare_loose $form basic
done
recover "$loose/basic/pair"
is $rc 1 'basic: some of pair were cut inside of a cipher block'
compare_loose pair basic
for form in raw ntfs3g pair pfile; do
	recover "$loose/odd/$form" --pfx "$keys/ann.pfx"
	is $rc 1 "odd: some of $form cannot be recovered"
	compare_loose $form odd
done
for tree in nul large-units trailer; do
	recover "$loose/$tree/raw"
	compare_loose raw $tree basic
done
recover "$loose/reverse/raw" --pfx "$keys/ann.pfx"
compare_loose raw reverse odd

# What proves a copy, and what does not.
recover "$loose/basic/raw"
is "$(field '/Users/ann/letter.txt.efs' .status)" recovered_verified \
	'a raw export holds its last unit: that proves it'
is "$(field '/Users/ann/letter.txt.efs' .output)" \
	files/raw/Users/ann/letter.txt 'the plaintext bears the name without .efs'
is "$(field '/Users/ann/letter.txt.efs' '.volume, .mft')" 'null
null' 'it lies on no volume, and in no record'
recover "$loose/basic/pfile"
is "$(field '/Users/bob/private/newer.bin.PFILE' '.status, .size')" \
	'recovered_verified
4097' 'EFS on FAT: fifteen bytes of padding prove a file'
is "$(field '/Users/bob/private/old.bin.PFILE' .status)" \
	recovered_unverified 'EFS on FAT: without padding nothing does'
field '/Users/bob/private/old.bin.PFILE' .reason |
	grep -q 'a few small samples'
is $? 0 'EFS on FAT: its reason names the doubt'

# Without a key, without a report.
run info "$loose/basic/raw"
is $rc 0 'info of a folder with encrypted files: exit status'
grep -q "loose files, $(find "$loose/basic/raw" -name '*.efs' | wc -l) encrypted" \
	"$tmp/out"
ok $? 'info says how many there are'

# One file is an evidence, too.
cp "$loose/basic/raw/Users/ann/letter.txt.efs" "$tmp/letter.txt.efs"
recover "$tmp/letter.txt.efs"
is $rc 0 'a raw export as evidence'
wanted=$(awk -F'\t' '$4 == "/Users/ann/letter.txt" { print $8 }' \
	"$images/basic.tsv")
is "$(sha256sum <"$tmp/o/files/letter.txt.efs/letter.txt")" "$wanted  -" \
	'its plaintext bears its own name'
run cat "$tmp/letter.txt.efs" letter.txt.efs --pfx "$keys/agent.pfx" \
	--password-file "$pw"
is "$(sha256sum <"$tmp/out")" "$wanted  -" 'cat shows it'
cp "$loose/basic/ntfs3g/Users/ann/letter.txt"* "$tmp"
recover "$tmp/letter.txt"
is "$(sha256sum <"$tmp/o/files/letter.txt/letter.txt")" "$wanted  -" \
	'a copy by ntfs-3g, with its metadata beside it'
run audit "$tmp/letter.txt.efsinfo"
is $rc 3 'the metadata alone is no evidence while its file is there'
says 'which is to be named instead' 'and the message names the file'
mkdir "$tmp/alone"
cp "$tmp/letter.txt.efsinfo" "$tmp/alone"
recover "$tmp/alone"
is "$(field /letter.txt .status)" data_unreadable \
	'metadata without its file is an object without data'
run audit "$tmp/alone/letter.txt.efsinfo"
grep -q '^/letter.txt ' "$tmp/out"
is $? 0 'the audit says who could open it'
cp "$loose/basic/pfile/Users/bob/private/newer.bin.PFILE" "$tmp"
recover "$tmp/newer.bin.PFILE"
is "$(stat -c %s "$tmp/o/files/newer.bin.PFILE/newer.bin")" 4097 \
	'one file of FAT'

# The letters of a sidecar's name may have changed on their way.
mkdir "$tmp/case"
cp "$loose/basic/pair/Users/ann/letter.txt" "$tmp/case/Letter.TXT"
cp "$loose/basic/pair/Users/ann/letter.txt\$EFS" "$tmp/case/letter.txt.\$efs" \
	2>/dev/null ||
	cp "$loose/basic/pair/Users/ann/letter.txt.\$EFS" \
		"$tmp/case/letter.txt.\$efs"
recover "$tmp/case"
is "$(field /Letter.TXT '.status, .size')" 'recovered_partial
38' 'a pair in other letters; its last block was cut'
cp "$tmp/case/letter.txt.\$efs" "$tmp/case/x.efs"
printf 'x' >"$tmp/case/x"
run audit "$tmp/case"
grep -q '^/x ' "$tmp/out"
is $? 0 'NAME.efs is metadata if its content is'
printf 'not metadata at all, but a file' >"$tmp/case/y.efs"
printf 'y' >"$tmp/case/y"
run audit "$tmp/case"
grep -q '^/y ' "$tmp/out"
is $? 1 'and not if it is not'

# Extended attributes, where the file system has them.
mkdir "$tmp/xattr"
cp "$loose/basic/ntfs3g/Users/ann/letter.txt" "$tmp/xattr"
if setfattr -n user.ntfs.efsinfo -v "0x$(xxd -p -c 100000 \
	"$loose/basic/ntfs3g/Users/ann/letter.txt.efsinfo")" \
	"$tmp/xattr/letter.txt" 2>/dev/null; then
	recover "$tmp/xattr"
	is "$(field /letter.txt .status)" recovered_verified \
		'the extended attribute of a copy in a folder'
	recover "$tmp/xattr/letter.txt"
	is "$(sha256sum <"$tmp/o/files/letter.txt/letter.txt")" "$wanted  -" \
		'and of one as evidence'
	head -c 512 "$tmp/xattr/letter.txt" >"$tmp/cut"
	cat "$tmp/cut" >"$tmp/xattr/letter.txt"
	recover "$tmp/xattr"
	field /letter.txt .reason | grep -q 'it was cut or added to'
	is $? 0 'without its trailer, its size is in doubt'
else
	skip 'extended attributes' 'the file system has none'
fi

# Damage costs what is damaged.
head -c 20000 "$loose/basic/raw/Users/ann/shared with bob.bin.efs" \
	>"$tmp/cut.efs"
recover "$tmp/cut.efs"
is $rc 1 'an export that ends early'
is "$(field /cut.efs .status | head -n 1)" recovered_partial \
	'what is left of it is recovered'
printf '\0\1\0\0R\0O\0B\0S\0\0\0\0\0\0\0\0\0' >"$tmp/empty.efs"
run audit "$tmp/empty.efs"
is $rc 1 'an export of nothing'
grep -q metadata "$tmp/out"
is $? 0 'has no metadata'
head -c 4096 /dev/urandom >"$tmp/noise.efs"
run audit "$tmp/noise.efs"
is $rc 3 'noise is no encrypted file, whatever its name'

if [ -d "${CORPUS:-}/efs-exfat" ]; then
	gzip -dc "$CORPUS/efs-exfat/exfat_encrypted.raw.gz" >"$tmp/exfat.raw"
	mkdir -p "$tmp/fat/encrypted_dir"
	fls -r -p -F "$tmp/exfat.raw" | grep -v '\*' |
		sed -n 's/^r.r \([0-9]*\):	\(encrypted_dir.*\)$/\1 \2/p' |
		while read -r inode path; do
			icat "$tmp/exfat.raw" "$inode" >"$tmp/fat/$path"
		done
	run audit "$tmp/fat" --report jsonl=-
	is "$(jq -r 'select(.kind == "file" and .directory == false) |
		[.path, .size] | @tsv' "$tmp/out" | tr '\t\n' ' ;')" \
		'/encrypted_dir/1.bin.PFILE 1;/encrypted_dir/15.bin.PFILE 15;/encrypted_dir/16.bin.PFILE 16;/encrypted_dir/17.bin.PFILE 17;/encrypted_dir/18.bin.PFILE 18;/encrypted_dir/3.bin.PFILE 3;/encrypted_dir/31.bin.PFILE 31;/encrypted_dir/32.bin.PFILE 32;' \
		'the sizes of files of a real exFAT volume'
	is "$(jq -r 'select(.kind == "file" and .directory) | .path' \
		"$tmp/out")" /encrypted_dir 'and its encrypted folder'
else
	skip 'files of a real exFAT volume' 'no corpus'
fi
done_testing
