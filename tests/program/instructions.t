#!/bin/sh
# SPDX-License-Identifier: MIT
#
# instructions.t - what a unit and a record of $MFT cost, in instructions
#
# A busy machine shows no regression in seconds; callgrind counts the same on
# each run.  Counts are compared with those in instructions.txt, which are of one
# architecture and compiler: elsewhere this is skipped.  Both ways: a figure that
# is better by far is written down, or it hides what is lost again.
#
#	UPDATE=1	write the counts of now
. tests/program/lib.sh

tolerance=15 # per cent
figures=tests/program/instructions.txt
flags=$(cat "$B/flags")

skip_all() { # WHY
	echo "1..0 # SKIP $1"
	exit
}

# "x86_64 gcc 12"; the preprocessor leaves the name that it does not know.
build() {
	echo "__clang_major__ __GNUC__" | ${flags%% -I*} -E -P -x c - |
		awk -v m="$(uname -m)" '{
			print m, $1 ~ /^[0-9]/ ? "clang " $1 : "gcc " $2 }'
}

command -v valgrind >/dev/null || skip_all 'there is no valgrind'
case $flags in
*-fsanitize=*) skip_all 'a sanitized build' ;;
esac
[ "$(echo "$flags" | grep -o -- ' -O[^ ]*' | sort -u)" = ' -O2' ] ||
	skip_all 'not built with -O2'
known=$(sed -n 's/^build	//p' $figures)
[ -n "${UPDATE-}" ] || [ "$(build)" = "$known" ] ||
	skip_all "the figures are of $known, this is $(build)"

# counted OPTION COMMAND...: the instructions of it and its processes
counted() {
	valgrind --tool=callgrind --callgrind-out-file="$tmp/callgrind" "$@" \
		2>&1 >"$tmp/log" |
		awk '/ Collected : / { n += $NF } END { printf "%.0f\n", n }'
}

# Of decryption alone, over what is one piece of a large file.
per_unit() { # CIPHER [BITS]
	counted --toggle-collect=cipher_decrypt "$B/tests/bench/ciphers" \
		units 2048 "$@" | awk '{ printf "%.0f\n", $1 / 2048 }'
}

# Two volumes of so many files, two of them encrypted: what both have cancels.
# In the sandbox valgrind cannot follow the process that reads them.
few=2000 many=22000
audit() { # FILES
	FILES=$1 ENCRYPTED=2 sh tests/generator/make-images.sh "$tmp" many &&
		counted "$efsleuth" audit -q -j 1 --no-sandbox "$tmp/many.img"
}
per_record() {
	echo "$(audit $few) $(audit $many)" | awk -v n=$((many - few)) \
		'NF == 2 { printf "%.0f\n", ($2 - $1) / n }'
}

measure() {
	printf 'build\t%s\n' "$(build)"
	printf 'AES-256, a unit\t%s\n' "$(per_unit AES-256)"
	for cipher in 3DES DESX; do
		for bits in 128 256; do
			printf '%s, %d bits, a unit\t%s\n' $cipher $bits \
				"$(per_unit $cipher $bits)"
		done
	done
	printf 'audit, a record\t%s\n' "$(per_record)"
}

measure >"$tmp/now"
if [ -n "${UPDATE-}" ]; then
	! grep '	$' "$tmp/now" || exit 1
	cp "$tmp/now" $figures
	cat $figures
	exit
fi
while IFS='	' read -r what was; do
	[ "$what" != build ] || continue
	now=$(awk -F'\t' -v w="$what" '$1 == w { print $2 }' "$tmp/now")
	# callgrind shows the program no AVX2 where the processor has none
	case $now:$what in
	:*', 256 bits, '*) skip "$what" 'no such words here'; continue ;;
	esac
	verdict=$(echo "${now:-0} $was" | awk -v t=$tolerance '{
		if (!$1)
			print "no count"
		else if ($1 > $2 * (1 + t / 100))
			print "slower"
		else if ($1 < $2 * (1 - t / 100))
			print "better: write it down with UPDATE=1"
		else
			print "the same" }')
	is "$verdict" 'the same' "$what: $now instructions, $was before"
done <$figures
done_testing
