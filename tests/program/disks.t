#!/bin/sh
# SPDX-License-Identifier: MIT
#
# disks.t - partition tables, sectors of 4096 bytes, split images: the same
# volume gives the same files and facts
. tests/program/lib.sh

# The records of the files, without what depends on the disk around them.
facts() { # DIR
	jq -cS 'select(.kind == "file") | del(.evidence, .volume, .output)' \
		"$1/report.jsonl"
}

agent="--pfx $keys/agent.pfx --password-file $pw"

# check VOLUME DISK...
check() {
	volume=$1
	shift
	# shellcheck disable=SC2086 # a list of options
	run recover "$images/$volume" $agent -o "$tmp/$volume"
	is $rc 0 "$volume: the bare volume"
	facts "$tmp/$volume" >"$tmp/wanted"
	for disk; do
		# shellcheck disable=SC2086
		run recover "$images/$disk" $agent -o "$tmp/$disk"
		is $rc 0 "$disk: exit status"
		clean_run "$disk"
		facts "$tmp/$disk" >"$tmp/got"
		cmp -s "$tmp/wanted" "$tmp/got"
		ok $? "$disk: the same facts as from the bare volume"
		diff -r "$tmp/$volume/files/$volume" "$tmp/$disk/files/$disk" \
			>"$tmp/diff" 2>&1
		ok $? "$disk: the same tree"
	done
}

check basic.img basic-mbr.dd basic-gpt.dd split.001
check sector-4096.img mbr-4k.dd gpt-4k.dd

for disk in two-mbr.dd two-gpt.dd; do
	run info "$images/$disk" --report jsonl
	is "$(jq -s '[.[] | select(.kind == "volume")] | length' "$tmp/out")" \
		"$(mmls "$images/$disk" | grep -cE '^[0-9]+: +[0-9]{3}')" \
		"$disk: as many volumes as mmls lists"
	start=$(jq -s '[.[] | select(.kind == "volume" and .filesystem == "NTFS")][0].offset' "$tmp/out")
	run audit "$images/$disk" --report jsonl
	all=$(grep -c '"kind":"file"' "$tmp/out")
	run audit "$images/$disk" --report jsonl --volume 1
	first=$(grep -c '"kind":"file"' "$tmp/out")
	run audit "$images/$disk" --report jsonl --volume 2
	second=$(grep -c '"kind":"file"' "$tmp/out")
	is $((first + second)) "$all" "$disk: --volume selects"
	[ "$first" -gt 0 ] && [ "$second" -gt 0 ]
	ok $? "$disk: both volumes hold files"
	run audit "$images/$disk" --report jsonl --offset $((start / 512))
	is "$(grep -c '"kind":"file"' "$tmp/out")" "$first" \
		"$disk: --offset selects"
done
done_testing
