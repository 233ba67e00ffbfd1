#!/bin/sh
# SPDX-License-Identifier: MIT
#
# formats.t - one case in every format: other programs read them, and the counts
# agree.  SCHEMAS=DIR names the schemas of CASE/UCO; the default is those beside
# CORPUS.
. tests/program/lib.sh

schemas=${SCHEMAS:-${CORPUS:+$CORPUS/../schemas}}/case
shacl=tests/shacl/validate.mjs

# -------------------------------------------------------------------- counts

sql() { sqlite3 -separator ' ' "$db" "$1"; }
count() { python3 tests/program/counts.py "$@"; }
tally() { sort | uniq -c | awk '{ print $2, $1 }'; }

# agree FORMAT WANTED WHAT: what was counted is in $r/n
agree() {
	is "$(cat "$r/n")" "$2" "$name: $1: $3"
	counted="$counted $1"
}

# cmark-gfm reads the Markdown, where it is here.
markdown() {
	if ! command -v cmark-gfm >/dev/null; then
		skip "$name: markdown" 'there is no cmark-gfm'
		counted="$counted markdown"
		return
	fi
	cmark-gfm -e table "$r/markdown" >"$r/markdown.html"
	count result "$r/markdown.html" >"$r/n"
	agree markdown "$files" "$by_status"
	count table "$r/markdown.html" Findings >"$r/n"
	agree markdown "$findings" 'findings by severity'
	count table "$r/markdown.html" 'Who can decrypt what' >"$r/n"
	agree markdown "$people" 'users and agents'
	head -n 1 "$r/markdown" >"$r/n"
	agree markdown "$(head -n 1 "$r/said")" \
		'the first line is the sentence that the program says'
}

# digests NAME METHOD: those of one kind, which CASE/UCO and the page's script call
# a METHOD; what is the same in another view is written once.
digests() {
	hashed=$(sql "SELECT $1, count(*) FROM file WHERE $1 NOTNULL
		GROUP BY 1 ORDER BY 1")
	once=$(sql "SELECT $1, count(*) FROM file WHERE $1 NOTNULL
		AND same_as IS NULL GROUP BY 1 ORDER BY 1")
	jq -r "select(.kind == \"file\") | .$1 // empty" "$r/jsonl" | tally >"$r/n"
	agree jsonl "$hashed" "$1"
	count csv "$r/csv" "$1" | grep -v '^ ' >"$r/n"
	agree csv "$hashed" "$1"
	count html "$r/html" "$2" >"$r/n"
	agree html "$hashed" "$1"
	xmllint --xpath "//*[local-name()='hashdigest'][@type='$1']/text()" \
		"$r/dfxml" 2>/dev/null | tally >"$r/n"
	agree dfxml "$hashed" "$1"
	jq -r '."@graph"[] | ."uco-core:hasFacet"[]? |
		select(."@type" == "uco-observable:ContentDataFacet") |
		."uco-observable:hash"[]? |
		select(."uco-types:hashMethod" == "'"$2"'") |
		."uco-types:hashValue"."@value"' "$r/case" | tally >"$r/n"
	agree case "$once" "$1"
	sed '1d; 2s/^%* //; /^##/d' "$r/hashdeep" >"$r/hashdeep.csv"
	cut -d, -f "$(sed -n 1p "$r/hashdeep.csv" | tr , '\n' | grep -nx "$1" |
		cut -d: -f1)" "$r/hashdeep.csv" 2>/dev/null | sed 1d | tally \
		>"$r/n"
	agree hashdeep "$once" "$1"
}

# every NAME OPTION...: a recovery, with all reports but those of the folder
every() {
	name=$1 r=$tmp/$1
	shift
	mkdir "$r"
	formats=$("$efsleuth" audit --help | sed -n 's/.*FORMAT is one of: //p' |
		tr -d ,)
	asked=
	for format in $formats; do
		asked="$asked --report $format=$r/$format"
	done
	# shellcheck disable=SC2086 # a list of options
	run recover "$@" -o "$r/o" $asked
	is $rc 1 "$name: exit status"
	clean_run "$name"
	cp "$tmp/out" "$r/said"

	db=$r/o/case.db counted=
	by_status='files by status'
	files=$(sql 'SELECT status, count(*) FROM file GROUP BY 1 ORDER BY 1')
	all=$(sql 'SELECT count(*) FROM file')
	findings=$(sql 'SELECT severity, count(*) FROM finding GROUP BY 1 ORDER BY 1')
	people=$(sql "SELECT iif(ring = 'drf', 'agent', 'user'), count(*)
		FROM person GROUP BY 1 ORDER BY 1")
	[ "$(echo "$files" | wc -l)" -ge 3 ] && [ -n "$findings" ]
	ok $? "$name: there is something to count"

	jq -r 'select(.kind == "file") | .status' "$r/jsonl" | tally >"$r/n"
	agree jsonl "$files" "$by_status"
	jq -r 'select(.kind == "summary") | .by_status[] | select(.files > 0) |
		"\(.value) \(.files)"' "$r/jsonl" | sort >"$r/n"
	agree jsonl "$files" 'the summary'
	jq -r 'select(.kind == "finding") | .severity' "$r/jsonl" | tally >"$r/n"
	agree jsonl "$findings" 'findings by severity'
	jq -r 'select(.kind == "finding") | .objects - .more -
		(.places | length)' "$r/jsonl" | sort -u >"$r/n"
	agree jsonl 0 'each finding has its places'
	jq -r 'select(.kind == "person") | if .ring == "drf" then "agent" else
		"user" end' "$r/jsonl" | tally >"$r/n"
	agree jsonl "$people" 'users and agents'

	count csv "$r/csv" status >"$r/n"
	agree csv "$files" "$by_status"
	count csv "$r/rings" ring >"$r/n"
	agree rings "$(sql 'SELECT ring, count(*)
		FROM ring GROUP BY 1 ORDER BY 1')" 'entries'
	count csv "$r/rings" opened >"$r/n"
	agree rings "$(sql "SELECT
		iif(opened, 'true', 'false'), count(*) FROM ring GROUP BY 1
		ORDER BY 1")" 'entries that opened their object'

	xmllint --xpath "//*[local-name()='file']/@status" "$r/dfxml" |
		sed 's/.*="//; s/"//' | tally >"$r/n"
	agree dfxml "$files" "$by_status"
	xmllint --xpath "//*[local-name()='finding']/@severity" "$r/dfxml" |
		sed 's/.*="//; s/"//' | tally >"$r/n"
	agree dfxml "$findings" 'findings by severity'
	xmllint --nonet --noout --schema testdata/dfxml/dfxml.xsd "$r/dfxml" \
		2>&1 | sed "s|^$r/||" >"$r/n"
	agree dfxml 'dfxml validates' 'xmllint'

	count html "$r/html" >"$r/n"
	agree html "$files" "$by_status"
	markdown

	count case "$r/case" >"$r/n"
	agree case "$files" "$by_status"
	jq -r '."@graph"[] | select(."@type" == "uco-core:Annotation") |
		."uco-core:tag"[1][13:]' "$r/case" | tally >"$r/n"
	agree case "$findings" 'findings by severity'
	jq -r '."@graph"[] | select(."@type" == "uco-observable:WindowsAccount") |
		."uco-core:tag"[0][4:]' "$r/case" | tally >"$r/n"
	agree case "$people" 'users and agents'
	written=$(sql 'SELECT count(*) FROM file WHERE output NOTNULL
		AND same_as IS NULL AND NOT (directory AND stream IS NULL)')
	jq -r '[."@graph"[] | select(."@type" | arrays and
		any(. == "uco-observable:RecoveredObject"))] | length' "$r/case" >"$r/n"
	agree case "$written" 'plaintexts'
	jq -r '[."@graph"[] | select(."uco-core:kindOfRelationship" ==
		"Decrypted_From")] | length' "$r/case" >"$r/n"
	agree case "$(sql 'SELECT count(output) FROM file
		WHERE NOT (directory AND stream IS NULL)')" \
		'streams with a plaintext'

	cp "$r/hashdeep" "$r/o/hashes"
	(cd "$r/o" && hashdeep -r -l -a -v -k hashes files) >"$tmp/audit"
	sed -n 's/^ *Files matched: //p' "$tmp/audit" >"$r/n"
	agree hashdeep "$written" 'its audit matches'
	head -n 1 "$tmp/audit" >"$r/n"
	agree hashdeep 'hashdeep: Audit passed' 'its audit'

	for digest in 'md5 MD5' 'sha1 SHA1' 'sha256 SHA256'; do
		# shellcheck disable=SC2086 # two words
		digests $digest
	done

	mactime -d -b "$r/bodyfile" >"$r/timeline"
	count timeline "$r/timeline" >"$r/n"
	agree bodyfile "all $all" 'files'
	wc -l <"$r/hashcat" >"$r/n"
	agree hashcat "$(sql "SELECT count(DISTINCT line)
		FROM crack c JOIN key k ON k.id = c.key
		WHERE k.opens > 0 AND k.state = 'locked'")" 'locks'
	grep -c ' -$' "$r/map" >"$r/n"
	agree map "$(sql 'SELECT count(*) FROM bad')" \
		'ranges that could not be read'
	is "$(echo "$counted" | tr ' ' '\n' | sort -u | grep .)" \
		"$(echo "$formats" | tr ' ' '\n' | sort)" \
		"$name: every format was counted"
}

# A case with shadow copies, streams and folders; one of five people, with keys
# that are locked, and with all digests.
every history "$images/history.img" --snapshots all --pfx "$keys/agent.pfx" \
	--password-file "$pw"
for who in ann bob; do secret five $who password; done >"$tmp/passwords"
every five "$images/five.img" --password-file "$tmp/passwords" \
	--hash md5,sha1,sha256

# ------------------------------------------------------------------ Markdown

# Hostile names come out as the text that they are, and nothing of them is markup
# but an address, which no backslash hides.
if command -v cmark-gfm >/dev/null; then
	cmark-gfm -e table -e autolink -e strikethrough -e tagfilter \
		testdata/cases/hostile/markdown >"$tmp/hostile.html"
	is "$(grep -o '<[a-z0-9]*[ >]' "$tmp/hostile.html" | tr -d '< >' |
		sort -u | tr '\n' ' ')" 'a h2 p table tbody td th thead tr ' \
		'markdown: no other elements than tables have'
	is "$(grep -o '<a [^>]*>' "$tmp/hostile.html")" \
		'<a href="mailto:m@n.example">' 'markdown: no link'
	grep -qF '<td>*a* _b_ `c` [d](http://e.example) ![f](g) ~~h~~ **i**</td>' \
		"$tmp/hostile.html"
	ok $? 'markdown: a name is shown as it is'
else
	skip 'markdown: hostile names' 'there is no cmark-gfm'
fi

# ------------------------------------------------------------------ CASE/UCO

if ! command -v node >/dev/null; then
	skip 'CASE/UCO by its SHACL shapes' 'there is no node'
elif [ ! -d build/shacl/node_modules ]; then
	skip 'CASE/UCO by its SHACL shapes' 'npm did not install the validator'
elif [ ! -d "$schemas" ]; then
	skip 'CASE/UCO by its SHACL shapes' 'SCHEMAS names no folder of schemas'
else
	run audit "$images/basic.img" --report "case=$tmp/audit.jsonld"
	node $shacl "$schemas" "$tmp/history/case" "$tmp/five/case" \
		"$tmp/audit.jsonld" >"$tmp/shacl" 2>&1
	is $? 0 'SHACL: the graphs of recoveries and of an audit conform'
	sed 's/^/# /' "$tmp/shacl"

	# The validator sees what is wrong: a name, how to make it wrong, words of
	# what it then says.
	cat >"$tmp/errors" <<-'EOF'
		property-missing	s/,"uco-core:isDirectional":true//	isDirectional
		other-datatype	s/xsd:dateTime/xsd:date/	dateTime
		no-time	s/T\([0-9][0-9]\):/T\1-/	dateTime
		misspelt	s/uco-observable:filePath/&s/	filePaths
		dangling	/"uco-observable:Volume"/d	core/target
		no-uuid	s/\(urn:uuid:[-0-9a-f]*\)-[0-9a-f]*"/\1"/	UUID
		two-owners	s/\("uco-core:hasFacet":\[{"@id":"urn:uuid:\)[-0-9a-f]*/\100000000-0000-5000-8000-000000000000/	two things
	EOF
	while IFS='	' read -r name how words; do
		sed "$how" "$tmp/audit.jsonld" >"$tmp/$name.wrong"
	done <"$tmp/errors"
	node $shacl "$schemas" "$tmp"/*.wrong >"$tmp/shacl" 2>&1
	is $? 1 'SHACL: wrong graphs do not conform'
	while IFS='	' read -r name how words; do
		grep -F "$name.wrong: " "$tmp/shacl" | grep -qF "$words"
		ok $? "SHACL: $name is seen"
	done <"$tmp/errors"
	node $shacl "$schemas" "$tmp/none" >"$tmp/shacl" 2>&1
	is $? 2 'SHACL: no file is no graph'
fi
done_testing
