#!/bin/sh
# SPDX-License-Identifier: MIT
#
# corpus.t - real images of Windows without encrypted files: read to their end,
# and nothing is found where nothing is
. tests/program/lib.sh
corpus=${CORPUS:-}

if [ ! -d "$corpus/images" ]; then
	echo '1..0 # SKIP CORPUS names no folder of real samples'
	exit 0
fi

# unpack FILE: to $tmp/image, sparse
unpack() {
	case $1 in
	*.gz) gunzip -c "$1" ;;
	*.bz2) bunzip2 -c "$1" ;;
	*) cat "$1" ;;
	esac | dd of="$tmp/image" conv=sparse bs=1M status=none
}

# check FILE: no encrypted file; and as many records as its $MFT has in use
check() {
	name=$(basename "$1")
	unpack "$1"
	run audit "$tmp/image" --deleted --report jsonl
	is $rc 3 "$name: no encrypted file"
	says 'no encrypted file' "$name: says so"
	clean_run "$name"
	is "$(grep -c '"kind":"file"' "$tmp/out")" 0 "$name: no record"
	offset=$(jq -s 'map(select(.kind == "volume" and .filesystem == "NTFS"))[0]
		.offset / 512' "$tmp/out")
	records=$(jq -s 'map(select(.kind == "volume" and .filesystem == "NTFS"))[0]
		.records' "$tmp/out")
	# ils lists every record that libtsk can read, in use or not.
	if theirs=$(ils -f ntfs -e -o "$offset" "$tmp/image" 2>"$tmp/log"); then
		last=$(fsstat -f ntfs -o "$offset" "$tmp/image" |
			sed -n 's/^Range: 0 - //p')
		seen=$(echo "$theirs" | tail -n +4 | cut -d'|' -f1 |
			awk -v last="$last" '$1 < last' | wc -l)
		[ "$seen" -gt 0 ] && [ "$records" -ge "$seen" ]
		ok $? "$name: $records records were scanned (libtsk: $seen)"
	else
		skip "$name: number of records" 'libtsk cannot open it'
	fi
	rm -f "$tmp/image"
}

for f in ntfs-2m.raw.gz ntfs-lastaccess.raw.gz ntfs-ramslack.raw.gz ntfs3.raw.gz \
	ntfs3_attrlist.raw.gz ntfs_index.raw.gz ntfs.bin.gz charlie.dd.bz2 \
	testfs1; do
	check "$corpus/images/$f"
done

# Real keys of other kinds than ours: each is recognised and named.
for f in "$corpus"/keys/pfx-windows/*.p12 "$corpus"/keys/pfx-windows/*.pfx \
	"$corpus"/keys/synthetic-pvk-pfx/*.p*; do
	run inspect "$f"
	is $rc 0 "inspect $(basename "$f")"
	clean_run "inspect $(basename "$f")"
done
for f in "$corpus"/efs-policy/*.der; do
	run inspect "$f"
	is "$(jq -r '.certificates[0].thumbprint' "$tmp/out")" \
		"$(sha1sum <"$f" | cut -d' ' -f1)" \
		"inspect $(basename "$f"): thumbprint"
	is "$(jq -r '.certificates[0].file_recovery' "$tmp/out")" true \
		"inspect $(basename "$f"): an agent's purpose"
done
done_testing
