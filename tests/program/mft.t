#!/bin/sh
# SPDX-License-Identifier: MIT
#
# mft.t - a $MFT without its volume says the same as the volume, but for what
# lies in clusters
. tests/program/lib.sh
opt="--pfx $keys/agent.pfx --pfx $keys/ann.pfx --password-file $pw"

fields='[.path, .stream, .directory, .deleted, .size, .created, .modified,
	.accessed, .changed]'
rings='[.path, .stream, .efs.version, .efs.id, .efs.class, .efs.ddf, .efs.drf]'

records() { # JSONL JQ >
	jq -c "select(.kind == \"file\") | $2" "$1" |
		sed 's/, at offset 0x[0-9a-f]*//g' | sort
}

for name in basic odd sector-4096 cluster-65536 cluster-512; do
	icat -f ntfs "$images/$name.img" 0-128 >"$tmp/$name.mft"
	run audit --deleted "$images/$name.img" --report "jsonl=$tmp/i.jsonl"
	run audit --deleted "$tmp/$name.mft" --report "jsonl=$tmp/m.jsonl"
	clean_run "$name"
	records "$tmp/i.jsonl" "$fields" >"$tmp/i"
	records "$tmp/m.jsonl" "$fields" >"$tmp/m"
	cmp "$tmp/i" "$tmp/m" >/dev/null && [ -s "$tmp/i" ]
	ok $? "$name: the same files, with paths, sizes and times"
	# Whose $EFS is in the record has the same ring.
	records "$tmp/m.jsonl" 'select(.status != "metadata_missing" and
		.status != "metadata_damaged") | '"$rings" >"$tmp/m"
	records "$tmp/i.jsonl" "$rings" >"$tmp/i"
	comm -13 "$tmp/i" "$tmp/m" | grep -q .
	is $? 1 "$name: the same rings"
	[ -s "$tmp/m" ]
	ok $? "$name: some have one"
done

run audit "$tmp/basic.mft" --report jsonl=-
is "$(jq -r 'select(.kind == "volume") | [.volume, .filesystem,
	.cluster_size] | @tsv' "$tmp/out")" "	\$MFT	4096" \
	'it lies on no volume; the size of a cluster follows from its records'
is "$(jq -r 'select(.kind == "evidence") | .format' "$tmp/out")" "\$MFT" \
	'its format'
run audit "$tmp/cluster-65536.mft" --report jsonl=-
is "$(jq -r 'select(.kind == "volume") | .cluster_size' "$tmp/out")" 65536 \
	'another size of a cluster'

# A non-resident $EFS: where it would be.
run audit "$tmp/odd.mft" --report jsonl=-
jq -r 'select(.kind == "file" and .status == "metadata_missing") |
	[.path, .reason] | @tsv' "$tmp/out" | grep 'from [0-9]* (of 4096' |
	head -n 5 >"$tmp/reasons"
seen=0
while IFS='	' read -r path reason; do
	number=${reason#*from } number=${number%% *}
	mft=$(awk -F'\t' -v p="$path" '$4 == p { print $2; exit }' \
		"$images/odd.tsv")
	istat -f ntfs "$images/odd.img" "$mft" | grep -qw "$number" &&
		seen=$((seen + 1))
done <"$tmp/reasons"
is $seen 5 'istat knows the clusters that the reasons name'

# There is no data to recover, but what is in a record.
# shellcheck disable=SC2086 # a list of options
run recover "$tmp/basic.mft" $opt -o "$tmp/o"
is $rc 1 'nothing of its files can be recovered'
is "$(jq -r 'select(.kind == "file" and .path == "/Users/bob/private/old.bin") |
	[.status, .reason] | @tsv' "$tmp/o/report.jsonl")" \
	"data_unreadable	only \$MFT is here, not the clusters of its volume" \
	'and the reason says why'
is "$(find "$tmp/o/files" -type f 2>/dev/null | wc -l)" 0 'no file is written'
# shellcheck disable=SC2086 # a list of options
run audit "$tmp/basic.mft" $opt
grep -q '/Users/bob/private/old.bin.*openable' "$tmp/out"
is $? 0 'the audit says what a key opens'

# In a collection its paths are below its own folder.
mkdir -p "$tmp/k/C/Users/ann"
cp "$tmp/basic.mft" "$tmp/k/C/\$MFT"
cp "$images/loose/basic/raw/Users/ann/letter.txt.efs" "$tmp/k/C/Users/ann"
run audit "$tmp/k" --report jsonl=-
jq -r 'select(.kind == "file") | .path' "$tmp/out" >"$tmp/paths"
grep -qx '/C/Users/ann/letter.txt.efs' "$tmp/paths" &&
	grep -qx '/C/Users/bob/private/old.bin' "$tmp/paths"
is $? 0 'beside the files that were collected with it'
(cd "$tmp/k" && zip -q -r "$tmp/k.zip" .)
run audit "$tmp/k.zip" --report jsonl=-
jq -r 'select(.kind == "file") | .path' "$tmp/out" | cmp -s - "$tmp/paths"
is $? 0 'the same in a zip'

# Damage.
head -c 30000 "$tmp/basic.mft" >"$tmp/cut.mft"
run audit "$tmp/cut.mft"
clean_run 'a $MFT that was cut'
printf XX | dd of="$tmp/basic.mft" bs=1 seek=510 conv=notrunc status=none
run audit "$tmp/basic.mft"
is $rc 3 'its first record is damaged'
clean_run 'its first record is damaged'
for at in 28 20 24 4 6; do
	icat -f ntfs "$images/basic.img" 0-128 >"$tmp/x.mft"
	printf '\377\377\377\377' |
		dd of="$tmp/x.mft" bs=1 seek=$at conv=notrunc status=none
	run audit "$tmp/x.mft"
	clean_run "damage at $at of the first record"
done

# Real ones: nothing is encrypted in them, and all is read.
if [ -d "${CORPUS:-}/mft" ]; then
	for f in "$CORPUS"/mft/*.mft "$CORPUS/mft/nist_dfr16_MFT.bin"; do
		run audit --deleted "$f" --report jsonl=-
		clean_run "${f##*/}"
		[ $rc = 3 ] || [ $rc = 1 ]
		ok $? "${f##*/}: read to its end"
	done
else
	skip 'real ones' 'no corpus'
fi
done_testing
