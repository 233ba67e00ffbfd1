#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bitlocker.t - the writer of BitLocker volumes, read by programs that are not ours
#
# So that what tests/generator/mkbitlocker.py writes is BitLocker, and not what
# we believe it to be.
. tests/program/lib.sh
dir=$PWD/testdata/bitlocker
writer=$PWD/tests/generator/mkbitlocker.py

hash_of() { # NAME
	awk -F'\t' -v n="$1" '$1 == n { print $3 }' "$dir/samples.tsv"
}

# By dislocker, with a startup key: no stretching.
read_by_dislocker() { # IMAGE BEK >
	rm -f "$tmp/plain"
	dislocker-file -V "$1" -f "$2" -- "$tmp/plain" >"$tmp/log" 2>&1
	sha256sum "$tmp/plain" | cut -d' ' -f1
}

for method in cbc-128 cbc-256 cbc-128-diffuser cbc-256-diffuser xts-128 xts-256; do
	name="dislocker reads $method"
	if ! command -v dislocker-file >/dev/null; then
		skip "$name" "dislocker is not installed"
		continue
	fi
	xz -dc "$dir/$method.img.xz" >"$tmp/volume"
	is "$(read_by_dislocker "$tmp/volume" "$dir/USB.BEK")" \
		"$(hash_of $method)" "$name"
done

# libbde 20190102 does not open XTS-AES-256.
for method in cbc-256-diffuser xts-128; do
	name="libbde unlocks $method by its recovery password"
	if ! command -v bdeinfo >/dev/null; then
		skip "$name" "libbde-utils is not installed"
		continue
	fi
	xz -dc "$dir/$method.img.xz" >"$tmp/volume"
	bdeinfo -r "$(cat "$dir/recovery.txt")" "$tmp/volume" >"$tmp/log" 2>&1
	! grep -qi 'volume is locked' "$tmp/log" &&
		grep -q 'Number of key protectors.*: 6' "$tmp/log"
	ok $? "$name"
done

# The samples are what the writer writes: a volume of another size, too.
if command -v python3 >/dev/null; then
	head -c 1048576 "$efsleuth" >"$tmp/data"
	python3 -B "$writer" "$tmp/data" "$tmp/volume" --method xts-256 \
		--bek "$tmp/key.BEK" --shown "$tmp/shown"
	ok $? "the writer encrypts a volume"
	if command -v dislocker-file >/dev/null; then
		is "$(read_by_dislocker "$tmp/volume" "$tmp/key.BEK")" \
			"$(sha256sum "$tmp/shown" | cut -d' ' -f1)" \
			"dislocker reads it"
	else
		skip "dislocker reads it" "dislocker is not installed"
	fi
else
	skip "the writer encrypts a volume" "python3 is not installed"
fi
done_testing
