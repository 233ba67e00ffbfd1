#!/bin/sh
# SPDX-License-Identifier: MIT
#
# oracle.t - our results beside those of other programs: fls and istat for what
# is encrypted, ntfsdecrypt for the plaintext, sqlite3, xmllint, hashdeep and
# mactime for the reports
. tests/program/lib.sh

# ----------------------------------------------- which files are encrypted
# istat prints a record's flags; its "Encrypted" must be our list.
list_encrypted() { # IMAGE
	last=$(fsstat -f ntfs "$1" | sed -n 's/^Range: 0 - //p')
	fls -f ntfs -r -p "$1" | grep -v '^V/' |
		sed -n 's/^[^ ]* \** *\([0-9]*\)[-(:].*/\1/p' | sort -un |
		while read -r inode; do
			[ "$inode" -lt "$last" ] || continue
			istat -f ntfs "$1" "$inode" 2>"$tmp/log" |
				sed -n '/^\$STANDARD/,/^$/p' |
				grep -q '^Flags:.*Encrypted' && echo "$inode"
		done
}

for name in basic cluster-512 cluster-4096 cluster-65536 sector-4096; do
	list_encrypted "$images/$name.img" | sort -u >"$tmp/wanted"
	run audit "$images/$name.img" --report jsonl
	jq 'select(.kind == "file") | .mft' "$tmp/out" | sort -u >"$tmp/got"
	[ -s "$tmp/wanted" ] && cmp -s "$tmp/wanted" "$tmp/got"
	ok $? "$name: the encrypted files are those that istat sees"
	fls -f ntfs -r -p "$images/$name.img" |
		sed -n 's/^[^:]*:\t\(.*\)$/\/\1/p' | sort -u >"$tmp/paths"
	jq -r 'select(.kind == "file") |
		.path + (if .stream then ":" + .stream else "" end)' "$tmp/out" |
		sort -u | comm -23 - "$tmp/paths" >"$tmp/strange"
	[ ! -s "$tmp/strange" ]
	ok $? "$name: their paths are those that fls prints"
done

# ------------------------------------------------------------- ntfsdecrypt
# It asks for the password on a terminal and flushes what was typed before: on a
# busy machine it takes longer to ask.
decrypt() { # IMAGE INODE PFX
	for wait in 0.3 2 6; do
		(sleep $wait; cat "$pw"; sleep 0.2) | script -qec \
			"ntfsdecrypt -f -i $2 -k $3 $1 >$tmp/theirs 2>/dev/null" \
			/dev/null >"$tmp/log" 2>&1
		[ ! -s "$tmp/theirs" ] || break
	done
}

for alg in aes-256 3des desx; do
	for bits in 1024 4096; do
		for size in 513 4097; do
			row=$(grep -P "\t/$alg/rsa$bits/$size\t" \
				"$images/matrix.tsv")
			decrypt "$images/matrix.img" \
				"$(echo "$row" | cut -f2)" "$keys/rsa$bits.pfx"
			run cat "$images/matrix.img" "/$alg/rsa$bits/$size" \
				--pfx "$keys/rsa$bits.pfx" --password-file "$pw"
			[ -s "$tmp/out" ] && cmp -s "$tmp/theirs" "$tmp/out"
			ok $? "ntfsdecrypt gives the same: $alg $bits $size"
		done
	done
done

run recover "$images/basic.img" --pfx "$keys/ann.pfx" --pfx "$keys/bob.pfx" \
	--password-file "$pw" -o "$tmp/o"
jq -r 'select(.kind == "file" and (.directory | not) and .stream == null and
	.opened_by.ring == "ddf") | [.mft, .opened_by.key, .output] | @tsv' \
	"$tmp/o/report.jsonl" >"$tmp/files"
while IFS='	' read -r inode key output; do
	who=ann
	[ "$key" = "$(openssl x509 -inform DER -in "$keys/ann.der" -noout \
		-fingerprint -sha1 | sed 's/.*=//; s/://g' |
		tr A-F a-f)" ] || who=bob
	decrypt "$images/basic.img" "$inode" "$keys/$who.pfx"
	cmp -s "$tmp/theirs" "$tmp/o/$output"
	ok $? "ntfsdecrypt gives the same: $output"
done <"$tmp/files"
[ -s "$tmp/files" ]
ok $? 'ntfsdecrypt had files to compare'

# ---------------------------------------------------------------- reports
run recover "$images/odd.img" --deleted --pfx "$keys/ann.pfx" \
	--password-file "$pw" -o "$tmp/r" --report "bodyfile=$tmp/r.body"
r=$tmp/r
schema=testdata/dfxml/dfxml.xsd
xmllint --nonet --noout --schema $schema "$r/report.dfxml" >"$tmp/log" 2>&1
ok $? 'xmllint: the DFXML is valid'
xmllint --noout --html "$r/report.html" >"$tmp/log" 2>&1
ok $? 'xmllint: the HTML is well formed'
grep -qE '<(script|img|link|iframe)[^>]*(src|href)=' "$r/report.html"
is $? 1 'the HTML loads nothing'
(cd "$r" && hashdeep -r -l -a -k hashes.txt files) >"$tmp/log" 2>&1
ok $? 'hashdeep: the audit passes'
echo more >>"$r/$(jq -r 'select(.output and .size > 0) | .output' \
	"$r/report.jsonl" | head -n 1)"
! (cd "$r" && hashdeep -r -l -a -k hashes.txt files) >"$tmp/log" 2>&1
ok $? 'hashdeep: a changed file is seen'
mactime -b "$tmp/r.body" >"$tmp/timeline" 2>"$tmp/log"
[ -s "$tmp/timeline" ]
ok $? 'mactime reads the bodyfile'
done_testing
