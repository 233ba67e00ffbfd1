#!/bin/sh
# SPDX-License-Identifier: MIT
#
# digests.t - recover --hash: the digests that were asked for, as md5sum and the
# like compute them, in the records and in a list that hashdeep takes; and no
# others
. tests/program/lib.sh

# It has a file of several spans, and so a pipeline with a lane for each digest;
# shadow copies, streams and folders.
large=$images/cluster-2097152.img history=$images/history.img

# What it writes: $files files below $dir/files.
recover() { # DIR OPTION...
	dir=$tmp/$1
	shift
	run recover -j 2 --snapshots all --pfx "$keys/agent.pfx" \
		--password-file "$pw" -o "$dir" "$large" "$history" "$@"
	clean_run "$*"
	files=$(find "$dir/files" -type f | wc -l)
}

audit() { (cd "$1" && hashdeep -r -l -a -k hashes.txt files >"$tmp/log" 2>&1); }

# with LIST COLUMNS
with() {
	recover "$1" --hash "$1"
	for hash in md5 sha1 sha256; do
		jq -r "select(.kind == \"file\") | select(.$hash) |
			\"\\(.$hash)  \\(.output)\"" "$dir/report.jsonl" |
			sort -u >"$tmp/sums"
		case ,$1, in
		*,$hash,*)
			is "$(wc -l <"$tmp/sums")" "$files" \
				"--hash $1: each file has its $hash"
			(cd "$dir" && ${hash}sum --quiet --strict -c) \
				<"$tmp/sums" >"$tmp/log" 2>&1
			ok $? "--hash $1: it is what ${hash}sum computes"
			;;
		*)
			is "$(cat "$tmp/sums")" '' "--hash $1: no $hash"
			;;
		esac
	done
	is "$(sed -n 2p "$dir/hashes.txt")" "%%%% size,$2filename" \
		"--hash $1: the heading of hashes.txt"
}

for list in md5 sha1 sha256 md5,sha1,sha256; do
	with $list $list,
	audit "$dir"
	ok $? "--hash $list: hashdeep audits the folder"
done
[ "$files" -gt 20 ]
ok $? 'there are files'
with none ''
is "$(sed -n '3,$p' "$dir/hashes.txt" | tr '\n' ' ')" \
	'## No hashes were computed, so no file is listed ## ' \
	'--hash none: hashes.txt says so'
! audit "$dir" && grep -q 'Unable to load any matching files' "$tmp/log"
ok $? '--hash none: for hashdeep, that is no list'
diff -r "$tmp/none/files" "$tmp/md5,sha1,sha256/files" >"$tmp/log"
ok $? '--hash none: the same files'

# The default is two of them, in whatever order they are named.
with sha256,md5 md5,sha256,
cp "$dir/hashes.txt" "$tmp/hashes"
recover default
cmp -s "$dir/hashes.txt" "$tmp/hashes"
ok $? 'the default is md5,sha256'

# Of several runs the list has what all have; else it says what it leaves out.
merged() { # CASE CASE >
	(cd "$tmp" && "$efsleuth" report "$1" "$2" --report hashdeep)
}
merged md5,sha1,sha256 sha256,md5 >"$tmp/hashes"
is "$(sed -n 2p "$tmp/hashes")" '%%%% size,md5,sha256,filename' \
	'two runs: what both have'
(cd "$tmp" && hashdeep -r -l -a -k hashes md5,sha1,sha256/files \
	sha256,md5/files) >"$tmp/log" 2>&1
ok $? 'two runs: hashdeep audits both folders'
merged none md5 >"$tmp/hashes"
is "$(grep -c '^## not listed, it lacks one of these hashes: none/files/' \
	"$tmp/hashes") $(grep -c ',md5/files/' "$tmp/hashes")" "$files $files" \
	'two runs: what one did not hash is named'

# ---------------------------------------------------------------- mistakes
for list in '' ',' 'md5,' ',md5' 'md5,,sha1' 'md5,md5' 'none,md5' 'md5,none' \
	sha512 MD5; do
	run recover --hash "$list" -o "$tmp/wrong" "$history"
	is "$rc" 2 "--hash '$list': usage"
	says '--hash is none, or some of md5, sha1 and sha256' \
		"--hash '$list': a sentence"
done
[ ! -e "$tmp/wrong" ]
ok $? 'a mistake writes nothing'
for command in audit keys info; do
	run $command --hash md5 "$history"
	is "$rc" 2 "$command writes no files, so it has no --hash"
done
done_testing
