#!/bin/sh
# SPDX-License-Identifier: MIT
#
# inspect-hive.t - inspect of registry hives and their transaction logs
. tests/program/lib.sh

fields() { jq -r "$1" "$tmp/out" | tr '\n' ' '; }

seed() { # FILE SKIP COUNT: sectors of a fuzz seed
	dd if="testdata/fuzz/hive_log/$1" of="$tmp/$1" bs=512 skip="$2" \
		count="$3" 2>/dev/null
}

# ------------------------------------------------------------ made by hand
run inspect testdata/fuzz/hive_log/clean
is "$rc $(fields '.type, .version, .name, .sequence1, .sequence2, .bins_size,
	.root, .dirty, .reason')" \
	'0 registry hive 1.5 SAM 5 5 4096 32 false bins at the end of a registry hive ' \
	'a hive that is its base block alone'
is "$(fields .written)" '2016-12-06T20:33:56.4841796Z ' 'its time'
seed new 0 1
run inspect "$tmp/new"
is "$rc $(fields '.type, .sequence1, .sequence2, .dirty')" \
	'0 registry hive 6 5 true ' 'a dirty one'
seed new 1 99
run inspect "$tmp/new"
is "$rc $(fields '.type, .sequence1, (.entries[] | .offset, .sequence,
	.bins_size, .changed), .reason')" \
	'0 registry transaction log 5 512 5 8192 512 1536 6 8192 1024 null ' \
	'a log, up to what is no entry of it'
seed old 1 99
run inspect "$tmp/old"
is "$rc $(fields '.type, (.entries[] | .offset, .sequence, .changed), .reason')" \
	'0 registry transaction log of the old format 512 6 1536 null ' \
	'a log of the old format'
seed torn 1 99
run inspect "$tmp/torn"
is "$rc $(fields '.type, (.entries | length), .reason')" \
	"0 registry transaction log 0 size of a hive's log entry " \
	'a log that is cut short'
cp testdata/fuzz/hive_log/clean "$tmp/large"
truncate -s 100M "$tmp/large"
run inspect "$tmp/large"
is "$rc $(fields '.type, .reason')" '0 registry hive null ' \
	'a hive larger than any key file'
head -c 500 testdata/fuzz/hive_log/clean >"$tmp/cut"
run inspect "$tmp/cut"
is $rc 3 'a base block that is cut short is refused'
for f in testdata/fuzz/hive_log/* testdata/fuzz/hive_cell/*; do
	run inspect "$f"
	clean_run "inspect $f"
done

# ------------------------------------------------------------------ corpus
yarp=${CORPUS:-}/hives/yarp
if [ ! -d "$yarp" ]; then
	skip 'hives of the corpus' 'CORPUS names no folder of real samples'
	done_testing
	exit 0
fi

hive() { # FILE WANTED
	run inspect "$yarp/$1"
	is "$rc $(fields '.type, .version, .sequence1, .sequence2, .dirty,
		.reason')" "$2 " "$1"
	clean_run "$1"
}
hive BigDataHive '0 registry hive 1.5 4 4 false null'
hive NewFlagsHive '0 registry hive 1.3 4 4 false null'
is "$(fields .name)" 'sers\Айван\Desktop\NewFlagsHive ' 'its name'
hive TruncatedHive \
	'0 registry hive 1.3 4 4 false bins at the end of a registry hive'
hive NewDirtyHive1/NewDirtyHive '0 registry hive 1.3 3 2 true null'
hive OldDirtyHive/OldDirtyHive '0 registry hive 1.3 5 4 true null'
run inspect "$yarp/NewDirtyHive1/NewDirtyHive.LOG2"
is "$rc $(fields '.type, (.entries[] | .sequence, .changed), .reason')" \
	'0 registry transaction log 3 4096 4 20480 5 4096 null ' 'a real log'
run inspect "$yarp/OldDirtyHive/OldDirtyHive.LOG1"
is "$rc $(fields '.type, (.entries[] | .sequence, .changed), .reason')" \
	'0 registry transaction log of the old format 5 32768 null ' \
	'a real log of the old format'
done_testing
