# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034 # what a test needs of it, it takes
#
# lib.sh - what the tests of the program as a whole share; read with `.`
#
#	$efsleuth   the program      $images     the generator's images
#	$keys       its keys         $pw         their password file
#	$tmp        a folder that is removed at the end
set -u
B=${B:-build}
efsleuth=$PWD/$B/efsleuth
images=$PWD/build/images
keys=$PWD/testdata/keys
pw=$keys/password.txt
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C.UTF-8
export LC_ALL PATH
n=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

ok() { # RESULT NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then yes=; else yes='not '; fi
	printf '%sok %d - %s\n' "$yes" "$n" "$2" # echo would read its \c
}

is() { # GOT WANTED NAME
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || printf '%s\n' "got:    $1" "wanted: $2" | sed 's/^/# /'
}

skip() { # NAME WHY
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

done_testing() { echo "1..$n"; }

# Run the program; its output is $tmp/out and $tmp/err, its status $rc.
run() {
	"$efsleuth" "$@" >"$tmp/out" 2>"$tmp/err"
	rc=$?
}

# The program said one sentence on standard error that holds these words.
says() { # WORDS NAME
	grep -qF -- "$1" "$tmp/err"
	rc_says=$?
	ok $rc_says "$2"
	[ $rc_says = 0 ] || sed 's/^/# /' "$tmp/err"
}

# No sanitizer has spoken, and no signal ended the program, or a child of it.
clean_run() { # NAME
	! grep -qE '(ERROR|WARNING): [A-Z][a-z]*Sanitizer|runtime error:|crashed the program' \
		"$tmp/err" && { [ "$rc" -lt 126 ] || [ "$rc" = 130 ]; }
	ok $? "$1: no sanitizer report, no crash"
}

# The rows of a program of this folder that compares, numbered on.
rows() { # PROGRAM ARGUMENT...
	program=$1
	shift
	perl "tests/program/$program" "$@" >"$tmp/compare"
	while IFS= read -r line; do
		case $line in
		ok\ *) n=$((n + 1)); echo "ok $n - ${line#* - }" ;;
		not\ ok\ *) n=$((n + 1)); echo "not ok $n - ${line#* - }" ;;
		esac
	done <"$tmp/compare"
	grep -q '^1\.\.[1-9]' "$tmp/compare"
	ok $? "$program $1 was read to its end"
}

# The rows of a manifest of the generator.
compare() { # MANIFEST DIR EVIDENCE
	rows compare.pl "$@"
}

# ---------------------------------------------------- profiles and their keys

profiles=$PWD/testdata/profiles

# A value of secrets.tsv: "secret five ann password".
secret() { # TREE WHOSE WHAT
	awk -F'\t' -v t="$1" -v w="$2" -v k="$3" \
		'$1 == t && $2 == w && $3 == k { print $4; exit }' \
		"$profiles/secrets.tsv"
}

# No secret of these trees is in these files, in any form.
no_leak() { # NAME TREE,TREE... FILE...
	name=$1 trees=$2
	shift 2
	perl tests/program/leaks.pl "$profiles/secrets.tsv" "$trees" "$@" \
		>"$tmp/leaks" 2>&1
	rc_leak=$?
	ok $rc_leak "$name: no secret is written"
	[ $rc_leak = 0 ] || sed 's/^/# /' "$tmp/leaks"
}

# An NTFS volume from a specification on standard input: see tests/generator;
# $KEYS is the folder of its keys.
export KEYS="$keys"
volume() { # IMAGE SIZE <
	truncate -s "$2" "$1"
	mkntfs -F -q -Q -T "$1" >"$tmp/log" 2>&1
	build/mkefs --manifest "$1.tsv" "$1" -
}

# How such a specification begins.
head_of() {
	cat <<-'END'
	volume serial=0xE5F500000000BA52
	default time=2024-05-06T07:08:09.1234567Z ddf=ann drf=agent
	key ann cert=$KEYS/ann.der name="ann(ann@PC)"
	key agent cert=$KEYS/agent.der name=agent
	END
}

# The rows of a manifest that one of these keys opens, and the heading.
rows_of() { # MANIFEST KEY|KEY... >
	awk -F'\t' -v k="^($2)\$" '/^#/ { print; next } {
		n = split($9, o, ",")
		for (i = 1; i <= n; i++) {
			sub(".*/", "", o[i])
			if (o[i] ~ k) { print; next }
		}
	}' "$1"
}

# A tree as collectors leave it: below C, or with escaped names.
collect_kape() { # TREE DIR
	mkdir -p "$2/C"
	cp -r "$profiles/$1/." "$2/C"
}

collect_velociraptor() { # TREE DIR
	(cd "$profiles/$1" && find . -type f) | while IFS= read -r f; do
		to=$(echo "C:${f#.}" | sed 's/:/%3A/g; s/ /%20/g')
		mkdir -p "$2/uploads/auto/$(dirname "$to")"
		cp "$profiles/$1/$f" "$2/uploads/auto/$to"
	done
}
