# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # of lib.sh, and for who reads this
#
# resume.sh - what the tests of recover --resume share; read behind lib.sh
options="--pfx $keys/ann.pfx --pfx $keys/agent.pfx --password-file $pw"

# The tree with its times, which are part of the result.
tree_of() { # DIR
	(cd "$1" && find . -type d -printf '%y %P\n' |  sort
	find . -mindepth 1 -maxdepth 1 -printf '%f\n' | sort
	find files ! -type d -printf '%y %P %s %T@\n' | sort
	find files -type f -exec sha256sum {} + | sort)
}

# All of a result, but for the times of the run and how it was called, as
# DIR.result; the folder stays as it is.
result_of() { # DIR
	rm -rf "$1.result"
	mkdir "$1.result"
	tree_of "$1" >"$1.result/tree"
	cp "$1"/report* "$1"/hashes.txt "$1.result"
	sqlite3 "$1/case.db" .dump >"$1.result/dump"
	from=$(sqlite3 "$1/case.db" 'SELECT started FROM tool')
	to=$(sqlite3 "$1/case.db" 'SELECT ended FROM tool')
	sed -i "s/$from/TIME/g; s/$to/TIME/g; s/ --resume//g; s/ --mirror//g
		s/ -v//g; s/-j [0-9]/-j N/g" "$1.result"/*
}

same_result() { # DIR DIR NAME
	diff -r "$1.result" "$2.result" >"$tmp/diff"
	rc_diff=$?
	ok $rc_diff "$3"
	[ $rc_diff = 0 ] || sed 's/^/# /; 10q' "$tmp/diff" | cut -c1-200
}

# Into $tmp/DIR/out, from there, so that the folder is always called the same.
recover_as() { # "COMMAND" DIR OPTION...
	as=$1 dir=$tmp/$2
	shift 2
	mkdir -p "$dir"
	# shellcheck disable=SC2086 # a list of options, and of words
	(cd "$dir" && exec $as "$efsleuth" recover $options -o out "$@") \
		>"$tmp/out" 2>"$tmp/err"
	rc=$?
}
recover() { recover_as '' "$@"; }

there() { grep -c 'it was there already' "$tmp/err"; }
