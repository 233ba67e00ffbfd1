#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench.sh PROGRAM - everything that is measured; at the end one table of how
# fast encrypted files are found and decrypted, with the machine
#
#	DIR	where the images go: about 17 GiB apparent, 10 GiB real
#	KDF	the program that tries the candidates (build/tests/bench/kdf)
#	and what the other scripts of this folder take: see their heads
set -eu
. tests/bench/lib.sh
efsleuth=$1
TABLE=$dir/table
export TABLE
: >"$TABLE"

# "Linux 6.1" tells more than the name of a build does.
machine() {
	sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1
	echo "$(nproc) cores"
	awk '/^MemTotal/ { printf "%.0f GiB\n", $2 / 1048576 }' /proc/meminfo
	(. /etc/os-release && echo "$PRETTY_NAME")
	uname -srm | sed 's/\( [0-9]*\.[0-9]*\)[^ ]*/\1/'
}

sh tests/bench/bench-recover.sh "$efsleuth" || failed=1
sh tests/bench/bench-batch.sh "$efsleuth" || failed=1
"${KDF:-build/tests/bench/kdf}" || failed=1
build/tests/bench/ciphers || failed=1
sh tests/bench/bench-containers.sh "$efsleuth" || failed=1
sh tests/bench/bench-vdisk.sh || failed=1
sh tests/bench/bench-html.sh "$efsleuth" || failed=1

echo
machine | sed '$!s/$/, /' | tr -d '\n'
echo
echo 'Least and median of several runs; how a ratio is made: tests/bench/lib.sh'
echo
print_head
print_rows <"$TABLE"
echo
sed -n 's/^note\t//p' "$TABLE"
exit $failed
