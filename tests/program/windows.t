#!/bin/sh
# SPDX-License-Identifier: MIT
#
# windows.t - the real file of Windows 10, in NTFS on an MBR and a GPT disk,
# by its PFX and by its bare key
. tests/program/lib.sh

real=testdata/efs-win10-aes256
printf '1\n' >"$tmp/password"

field() { # JQ EXPRESSION
	jq -r "select(.kind == \"file\") | $1" "$tmp/o/report.jsonl"
}

check() { # IMAGE OPTIONS...
	image=$1
	shift
	rm -rf "$tmp/o"
	run recover "$images/$image" "$@" -o "$tmp/o"
	is $rc 0 "$image $1: exit status"
	clean_run "$image $1"
	is "$(field .status)" recovered_verified "$image $1: verified"
	cmp -s "$tmp/o/$(field .output)" $real/plaintext.txt
	ok $? "$image $1: byte for byte"
	is "$(field .efs.algorithm)" aes-256 "$image $1: algorithm"
	is "$(field '.opened_by.ring + (.opened_by.entry | tostring)')" ddf0 \
		"$image $1: the entry that opened it"
}

for image in win10-mbr.dd win10-gpt.dd win10.img; do
	check "$image" --pfx $real/user.pfx --password-file "$tmp/password"
	is "$(field .opened_by.key)" 1911cf1ef10d043cfd9c25e0438e056fb0100650 \
		"$image: thumbprint"
	check "$image" --key $real/user-key.pem
	is "$(field '.tries[-1].by')" mathematics \
		"$image: a bare key opens by mathematics"
done
is "$(field .sha256)" \
	878b968a5388a39891f6aadb0042190cd6dca5c84d96ea193b183d5423c17540 \
	'the published SHA-256'
is "$(field '[.efs.ddf[], .efs.drf[]] | map(.name) | join(" ")')" \
	'test(test@WINDOWS10-TEST) u2(u2@WINDOWS10-TEST) techsupport(techsupport@WINDOWS10-TEST)' \
	'every ring entry is listed'

run cat "$images/win10-gpt.dd" '/users/TEST/secret folder/Secret.txt' \
	--key $real/user-key.pem
is $rc 0 'cat by path, in any case of letters'
cmp -s "$tmp/out" $real/plaintext.txt
ok $? 'cat writes the plaintext'
done_testing
