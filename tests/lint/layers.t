#!/bin/sh
# SPDX-License-Identifier: MIT
#
# layers.t - prove that includes and calls only ever point downwards
set -u
B=${B:-build}
n=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

ok() { # RESULT NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# forbid LAYER INCLUDE NAME [FILES ALLOWED]
forbid() {
	grep -nE "#include $2" "$1"/*.[ch] | grep -vE "^$1/(${4:-nothing})" \
		>"$tmp/bad"
	[ ! -s "$tmp/bad" ]
	ok $? "$1 $3"
	sed 's/^/# /' "$tmp/bad"
}

forbid parsers  '"(recovery|reports|analyzer)/' 'includes no higher layer'
forbid recovery '"(reports|analyzer)/'          'includes no higher layer'
forbid reports  '"analyzer/'                    'includes no higher layer'
forbid recovery '<(tsk|lib(bfio|ewf|deflate|vshadow|xml)|archive|wimlib)'         'reads no images, writes no XML'
forbid recovery '<openssl'  'knows OpenSSL in crypto*.c only' 'crypto'
forbid recovery '<sqlite3'  'knows SQLite in casefile*.c only' 'casefile'
forbid reports  '<(tsk|lib(bfio|ewf|deflate|vshadow)|archive|wimlib|openssl|sqlite3)' 'uses no library of another layer'
forbid reports  '"recovery/(bitlocker|chain|cipher|crypto|decrypt|des_|dpapi|ec|filekey|keyring|lsa|passwords|rsa|sam|secret|trial)' \
	'sees the case and no secret'
forbid analyzer '<(openssl|sqlite3)'            'does no cryptography'
forbid parsers  '<(std(io|lib)|errno|fcntl|unistd|time|sys|glib|tsk|libbfio|openssl)' \
	'is pure'

# What the linker knows: U = needs, capitals = defines.
symbols() {
	nm "$B/lib$1.a" 2>/dev/null |
		awk -v re="$2" 'NF > 1 && $(NF - 1) ~ re { print $NF }' |
		LC_ALL=C sort -u >"$tmp/$1.$3"
}
for l in parsers recovery reports; do
	symbols $l '^U$' needs
	symbols $l '^[BDRTVW]$' defines
	[ -s "$tmp/$l.defines" ]
	ok $? "$l has an archive"
done
for pair in parsers:recovery parsers:reports recovery:reports; do
	up=$(LC_ALL=C comm -12 "$tmp/${pair%:*}.needs" "$tmp/${pair#*:}.defines")
	[ -z "$up" ]
	ok $? "${pair%:*} calls nothing in ${pair#*:} $up"
done

# Parsers allocate nothing and touch nothing: four functions of libc, and assert.
foreign=$(LC_ALL=C comm -23 "$tmp/parsers.needs" "$tmp/parsers.defines" |
	grep -vE '^(mem(cmp|cpy|move|set)|__mem.*_chk|bcmp|__assert_fail|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__(asan|lsan|msan|tsan|ubsan|sancov|sanitizer)_.*|__start___.*|__stop___.*)$')
[ -z "$foreign" ]
ok $? "parsers call nothing but mem* and assert $foreign"
echo "1..$n"
