#!/bin/sh
# SPDX-License-Identifier: MIT
#
# hashcat.t - hashcat takes our lines, and we take its potfile
#
# Not part of `make check`: compiling a kernel takes hashcat a minute or more.
# Only passwords in ASCII: hashcat takes each byte of UTF-8 for a character.
. tests/program/lib.sh

crack() { # IMAGE TREE WHOSE MODE
	run keys "$images/$1.img" --report "hashcat=$tmp/lines"
	is $rc 0 "$1: exit status of keys"
	{
		echo 'not this one'
		secret "$2" "$3" password
		echo 'nor this'
	} >"$tmp/words"
	rm -f "$tmp/potfile"
	hashcat --quiet --potfile-path "$tmp/potfile" --session "efsleuth$$" \
		-m "$4" -a 0 "$tmp/lines" "$tmp/words" >"$tmp/hashcat" 2>&1
	grep -qF -- ":$(secret "$2" "$3" password)" "$tmp/potfile"
	rc_pot=$?
	ok $rc_pot "$1: hashcat -m $4 finds the password of $3"
	[ $rc_pot = 0 ] || sed 's/^/# /' "$tmp/hashcat"
	run keys "$images/$1.img" --password-file "$tmp/potfile" --report \
		"jsonl=$tmp/keys.jsonl"
	is "$(jq -r --arg sid "$(secret "$2" "$3" sid)" 'select(.kind == "key" and
		.type == "private_key" and .sid == $sid) | .state' \
		"$tmp/keys.jsonl")" unlocked "$1: its potfile opens the key of $3"
}

crack chain wiki gentil 15900
crack five five ann 15900
crack domain domain amelie 15300
done_testing
