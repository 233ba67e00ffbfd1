#!/bin/sh
# SPDX-License-Identifier: MIT
#
# recover.t - every file of every image comes out byte for byte: algorithm,
# RSA size, file size, cluster size, layout, ring, name, version
. tests/program/lib.sh

recover() { # IMAGE KEY...
	image=$1 options=
	shift
	for k; do options="$options --pfx $keys/$k.pfx"; done
	rm -rf "$tmp/o"
	# shellcheck disable=SC2086 # a list of options
	run recover --deleted "$images/$image" $options --password-file "$pw" \
		-o "$tmp/o"
	clean_run "$image"
}

for name in basic matrix sector-4096 cluster-512 cluster-1024 cluster-2048 \
	cluster-4096 cluster-8192 cluster-16384 cluster-32768 cluster-65536 \
	cluster-131072 cluster-2097152; do
	recover $name.img agent
	is $rc 0 "$name: all of it was recovered"
	compare "$images/$name.tsv" "$tmp/o" "$name.img"
done

recover odd.img agent ann
is $rc 1 "odd: some of it cannot be recovered"
compare "$images/odd.tsv" "$tmp/o" odd.img
for name in version1 version1-no-hash version1-bad-hash; do
	jq -r "select(.path == \"/efs/$name\") | .reason" \
		"$tmp/o/report.jsonl" | grep -q 'EFS_Hash does not match'
	said=$?
	[ $name = version1-bad-hash ]
	is $said $? "EFS_Hash of Windows 2000: $name"
done
# What is in the clear beside encrypted streams, as libntfs-3g reads it.
of=$tmp/o/files/odd.img/v1/streams/other-plain
for name in large-plain sparse-plain Zone.Identifier; do
	ntfscat -n $name "$images/odd.img" /streams/other-plain |
		cmp - "$of:$name" >"$tmp/out" 2>&1
	is $? 0 "odd: $name is copied"
done
[ $(($(stat -c %b "$of:sparse-plain") * 512)) -lt 200000 ]
is $? 0 'odd: holes of what is copied take no room'
(cd "$tmp/o" && hashdeep -r -l -a -k hashes.txt files) >"$tmp/out" 2>&1
is $? 0 'hashdeep audits the folder'
find "$tmp/o" -name '.partial' -o -name '*.part' | grep -q .
is $? 1 'nothing unfinished is left'
done_testing
