#!/bin/sh
# SPDX-License-Identifier: MIT
#
# snapshots.t - volume shadow copies: what they hold, what is the same in them
. tests/program/lib.sh

corpus=${CORPUS:-}
cat "$pw" >"$tmp/words"
secret wiki gentil password >>"$tmp/words"
agents="--pfx $keys/agent.pfx --pfx $keys/agent2.pfx"
img=$images/history.img

# A field of the file records, one a line: rows DIR FILTER
rows() { jq -r "select(.kind == \"file\") | $2" "$1/report.jsonl"; }

# What the manifest of a view has, as "mft stream sha256"; and so the report.
wanted() { # VIEW
	awk -F'\t' '/^f/ && !$10 { print $2, $5, $8 }' "$images/history-$1.tsv" | sort
}
got() { # DIR SNAPSHOT
	rows "$1" "select(.snapshot == $2 and (.directory | not)) |
		\"\\(.mft) \\(.stream // \"-\") \\(.sha256)\"" | sort
}

# ------------------------------------------------------------------ info

run info "$img" --report jsonl
is $rc 0 "info: exit status"
is "$(jq -r 'select(.kind == "volume") | "\(.volume) \(.snapshot) \(.filesystem) \(.size)"' "$tmp/out")" \
	"v1 null NTFS 25165312
v1 s1 NTFS 25165824
v1 s2 NTFS 25165824" "info: lists the shadow copies"
clean_run info

# --------------------------------------------------------------- recover

# shellcheck disable=SC2086 # a list of options
run recover "$img" --snapshots all $agents --password-file "$tmp/words" \
	-o "$tmp/all"
is $rc 0 "recover: exit status"
clean_run recover
i=0
for snapshot in '"s1"' '"s2"' null; do
	i=$((i + 1))
	is "$(got "$tmp/all" "$snapshot")" "$(wanted $i)" \
		"recover: view $i has the plaintexts of its manifest"
done

# How many records of a view there are to list.
objects() { # VIEW
	awk -F'\t' '/^[fd]/ && !$10' "$images/history-$1.tsv" | wc -l
}

# Each record's output is there, and is what its digest says.
rows "$tmp/all" 'select(.sha256) | "\(.sha256)  \(.output)"' | sort -u \
	>"$tmp/sums"
(cd "$tmp/all" && sha256sum --quiet -c) <"$tmp/sums" >"$tmp/check" 2>&1
ok $? "recover: all outputs that are referred to are right"
(cd "$tmp/all/files/history.img" && find . -type f | sort) >"$tmp/tree"
cat >"$tmp/expected" <<-EOF
	./v1.s1/ann/gone.txt
	./v1.s1/ann/in place early
	./v1.s1/ann/in place late
	./v1.s1/ann/shared.bin
	./v1.s1/ann/streams.bin:notes
	./v1.s2/ann/in place twice
	./v1.s2/ann/shared.bin
	./v1/Users/gentil/note.txt
	./v1/ann/in place early
	./v1/ann/in place late
	./v1/ann/in place twice
	./v1/ann/new.bin
	./v1/ann/same sparse
	./v1/ann/same.bin
	./v1/ann/secret/same.txt
	./v1/ann/shared.bin
	./v1/ann/streams.bin
	./v1/ann/streams.bin:notes
EOF
cmp -s "$tmp/tree" "$tmp/expected"
ok $? "recover: each content once, in the first view that has it"
diff "$tmp/expected" "$tmp/tree" | sed 's/^/# /'
is "$(rows "$tmp/all" 'select(.path == "/ann/same.bin") |
	"\(.status) \(.reason)"' | sort -u | wc -l)" 1 \
	"recover: what is the same has one status and reason"
is "$(rows "$tmp/all" 'select(.path == "/ann/shared.bin") |
	"\(.snapshot) \([.efs.ddf[].thumbprint[:4]] | join(","))"')" \
	"null $(sha1sum <"$keys/bob.der" | cut -c1-4)
s1 $(sha1sum <"$keys/ann.der" | cut -c1-4)
s2 $(sha1sum <"$keys/ann.der" | cut -c1-4),$(sha1sum <"$keys/bob.der" | cut -c1-4)" \
	"recover: who could open it at each time"

# ------------------------------------------- a boot sector that is damaged

# libvshadow reads it on its own, and would divide by this.
cp "$img" "$tmp/history.img"
printf '\0\0' | dd of="$tmp/history.img" bs=1 seek=11 conv=notrunc status=none
# shellcheck disable=SC2086 # a list of options
run recover "$tmp/history.img" --snapshots all $agents \
	--password-file "$tmp/words" -o "$tmp/mended"
clean_run "boot sector"
i=0
for snapshot in '"s1"' '"s2"' null; do
	i=$((i + 1))
	is "$(got "$tmp/mended" "$snapshot")" "$(wanted $i)" \
		"boot sector: view $i has the plaintexts of its manifest"
done
rm -f "$tmp/history.img"

# ------------------------------------------------------------------ keys

run recover "$img" --password-file "$tmp/words" -o "$tmp/none"
is $rc 1 "without shadow copies: exit status"
is "$(rows "$tmp/none" 'select(.path == "/Users/gentil/note.txt") |
	.status')" no_key "without them the key is not there"
is "$(rows "$tmp/none" .snapshot | sort -u)" null \
	"the default is none of them"
says "2 shadow copies" "and says that they are there"
run recover "$img" --snapshots 2 --password-file "$tmp/words" -o "$tmp/two"
is "$(rows "$tmp/two" 'select(.path == "/Users/gentil/note.txt") |
	"\(.snapshot) \(.status) \(.output)"')" \
	"null recovered_verified files/history.img/v1/Users/gentil/note.txt
s2 recovered_verified files/history.img/v1/Users/gentil/note.txt" \
	"a key of a shadow copy opens files of the volume"
is "$(jq -r 'select(.kind == "key" and .type == "private_key" and .source.evidence) |
	"\(.source.volume) \(.source.snapshot) \(.sid)"' \
	"$tmp/two/report.jsonl")" \
	"v1 s2 S-1-5-21-494464150-3436831043-1864828003-1001" \
	"the key's place names the shadow copy, and its owner is found there"
no_leak "snapshots" wiki "$tmp/two/report.jsonl" "$tmp/two/report.html"

# ------------------------------------------------------------- selection

run audit "$img" --snapshots all --report jsonl
is "$(grep -c '"kind":"file"' "$tmp/out")" \
	"$(($(objects 1) + $(objects 2) + $(objects 3)))" \
	"audit: lists the objects of all views"
run audit "$images/history.dd" --volume 2 --snapshots 1 --report jsonl
is "$(jq -r 'select(.kind == "file") | .volume + (.snapshot // "")' \
	"$tmp/out" | sort -u | tr '\n' ' ')" "v2 v2s1 " \
	"--volume holds for shadow copies, too"
run audit "$img" --snapshots 1,7
is $rc 1 "a number that is not there: exit status"
says "no volume has a shadow copy 7" "a number that is not there: a sentence"
run audit "$img" --snapshots some
is $rc 2 "a word that is not known: usage"

# At another offset, the same comes out.
# shellcheck disable=SC2086
run recover "$images/history.dd" --volume 2 --snapshots all $agents \
	--password-file "$tmp/words" -o "$tmp/dd"
is $rc 0 "a disk: exit status"
for view in "" .s1 .s2; do
	diff -r "$tmp/all/files/history.img/v1$view" \
		"$tmp/dd/files/history.dd/v2$view" >"$tmp/diff" 2>&1
	ok $? "a disk: the same tree of v2$view"
done

# ------------------------------------------------------------------- cat

plaintext() { # VIEW PATH
	mft=$(awk -F'\t' -v p="$2" '$4 == p && $5 == "-" { print $2 }' \
		"$images/history-$1.tsv")
	echo "$images/history-$1.expect/mft/$mft"
}
same_as() { # VIEW PATH NAME
	is $rc 0 "$3: exit status"
	cmp -s "$tmp/out" "$(plaintext "$1" "$2")"
	ok $? "$3: the plaintext"
}
# shellcheck disable=SC2086
run cat "$img" /ann/gone.txt $agents --password-file "$pw"
is $rc 3 "cat: a file of a shadow copy is not on the volume"
# shellcheck disable=SC2086
run cat "$img" /ann/gone.txt --snapshots all $agents --password-file "$pw"
same_as 1 /ann/gone.txt "cat: a file that is in shadow copies only"
# shellcheck disable=SC2086
run cat "$img" "/ann/in place late" --snapshots all $agents \
	--password-file "$pw"
same_as 3 "/ann/in place late" "cat: the volume goes first"
says "v1.s1, v1.s2" "cat: and the others are named"
# shellcheck disable=SC2086
run cat "$img" "v1.s2/ann/in place twice" $agents --password-file "$pw"
same_as 2 "/ann/in place twice" "cat: a view is named before the path"
# shellcheck disable=SC2086
run cat "$img" "v1.s9/ann/gone.txt" $agents --password-file "$pw"
is $rc 3 "cat: a view that is not there"

# --------------------------------------------------------------- hostile

# patch FILE OFFSET HEX...: the image with bytes changed
patch() {
	cp "$img" "$tmp/patched"
	printf '%s' "$2" | xxd -r -p |
		dd of="$tmp/patched" bs=1 seek="$1" conv=notrunc status=none
}
# check NAME WORDS: it ends soon, says what is wrong, and lists what is whole
check() {
	timeout 60 "$efsleuth" audit "$tmp/patched" --snapshots all \
		--report jsonl >"$tmp/out" 2>"$tmp/err"
	rc=$?
	is $rc 1 "$1: exit status"
	clean_run "$1"
	says "$2" "$1: is said"
	is "$(jq -r 'select(.kind == "file" and .snapshot == null) | .path' \
		"$tmp/out" | wc -l)" "$live" "$1: the volume itself is listed"
}
live=$(objects 3)
catalog=16777216 # the area of make-images.sh
second=$((catalog + 3 * 128)) # entries of the second shadow copy
# Where a block is that an entry names at this byte of it.
place() { # AT
	od -An -tu8 -j "$1" -N 8 "$img" | tr -d ' '
}
self() { # PLACE: a block that names itself as the next
	patch $(($1 + 40)) "$(printf '%016x' "$1" | sed 's/../& /g' |
		awk '{ for (i = NF; i; i--) printf $i }')"
}
self $catalog
check "a catalog that is a loop" "is a loop"
for at in 8 40 48; do
	self "$(place $((second + 128 + at)))"
	check "a chain at byte $at that is a loop" "is a loop"
	is "$(jq -r 'select(.kind == "file" and .snapshot) | .path' \
		"$tmp/out")" "" "nothing is made up of it"
done
patch $((second + 128)) 0100000000000000
check "a shadow copy without its store" "is not on its own volume"
patch $((catalog + 128 + 128)) 0100000000000000
check "an old one without its store" "v1.s1: the data of this shadow copy"
is "$(jq -r 'select(.kind == "file" and .snapshot == "s2") | .path' \
	"$tmp/out" | wc -l)" "$(objects 2)" \
	"an old one without its store: the next one is whole"

# --------------------------------------------------------------- Windows

if [ ! -d "$corpus/images" ]; then
	skip "shadow copies of Windows" "CORPUS names no folder of real samples"
	done_testing
	exit 0
fi

# windows NAME EXIT < rows of what `info` has to say, and the records of each
windows() {
	name=$1
	run audit "$tmp/image" --snapshots all --report jsonl
	is $rc "$2" "$name: exit status"
	clean_run "$name"
	jq -r 'select(.kind == "volume" and .filesystem != "unknown") |
		"\(.volume) \(.snapshot) \(.filesystem) \(.records)"' \
		"$tmp/out" >"$tmp/rows"
	cat >"$tmp/expected"
	cmp -s "$tmp/rows" "$tmp/expected"
	ok $? "$name: its shadow copies"
	diff "$tmp/expected" "$tmp/rows" | sed 's/^/# /'
}
from_tar() { # FILE
	rm -rf "$tmp/image" "$tmp/tar"
	mkdir "$tmp/tar"
	tar -xSf "$corpus/images/$1" -C "$tmp/tar"
	mv "$tmp/tar"/*.raw "$tmp/image"
}

# Records in use: as many as `ils -e` lists as allocated, over vshadowmount for the
# shadow copies, less its virtual folder of orphans.  None is encrypted.
from_tar ntfs.tgz
windows ntfs.tgz 3 <<-EOF
	v1 null NTFS 58
	v1 s1 NTFS 42
	v1 s2 NTFS 44
EOF
from_tar vss_2003.tgz
windows vss_2003.tgz 3 <<-EOF
	v1 null NTFS 61
	v1 s1 NTFS 91
	v1 s2 NTFS 49
	v1 s3 NTFS 57
	v1 s4 NTFS 58
	v1 s5 NTFS 59
	v1 s6 NTFS 60
EOF
from_tar vss_1_vol.tar.gz
windows vss_1_vol 1 <<-EOF
	v1 null reserved by Windows 0
	v2 null NTFS 34
	v2 s1 unreadable 0
	v2 s2 unreadable 0
EOF
says "is not on its own volume" "vss_1_vol: says where the data is not"
from_tar vss_2_stor.tar.gz
windows vss_2_stor 3 <<-EOF
	v1 null reserved by Windows 0
	v2 null NTFS 37
	v2 s1 NTFS 34
EOF
from_tar vss_3_volstor.tar.gz
windows vss_3_volstor 1 <<-EOF
	v1 null NTFS 67
	v2 null NTFS 36
	v2 s1 unreadable 0
	v2 s2 unreadable 0
EOF
if command -v qemu-img >/dev/null; then
	qemu-img convert -O raw "$corpus/images/vsstest.qcow2" "$tmp/image"
	windows vsstest.qcow2 3 <<-EOF
		v1 null NTFS 34
		v1 s1 NTFS 31
		v1 s2 NTFS 33
	EOF
else
	skip "vsstest.qcow2" "there is no qemu-img"
fi
done_testing
