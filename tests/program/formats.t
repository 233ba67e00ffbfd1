#!/bin/sh
# SPDX-License-Identifier: MIT
#
# formats.t - one case in every format: other programs read them, and the counts
# agree.  SCHEMAS=DIR names the schemas of CASE/UCO; the default is those beside
# CORPUS.
. tests/program/lib.sh

schemas=${SCHEMAS:-${CORPUS:+$CORPUS/../schemas}}/case
shacl=tests/shacl/validate.mjs

# A case with shadow copies, streams, folders, and files that stay closed.
run recover "$images/history.img" --snapshots all --pfx "$keys/agent.pfx" \
	--password-file "$pw" -o "$tmp/o" --report "case=$tmp/r.jsonld"
is $rc 1 'recover: exit status'
clean_run recover

# ------------------------------------------------------------------ CASE/UCO

if ! command -v node >/dev/null; then
	skip 'CASE/UCO by its SHACL shapes' 'there is no node'
elif [ ! -d build/shacl/node_modules ]; then
	skip 'CASE/UCO by its SHACL shapes' 'npm did not install the validator'
elif [ ! -d "$schemas" ]; then
	skip 'CASE/UCO by its SHACL shapes' 'SCHEMAS names no folder of schemas'
else
	run audit "$images/basic.img" --report "case=$tmp/audit.jsonld"
	node $shacl "$schemas" "$tmp/r.jsonld" "$tmp/audit.jsonld" \
		>"$tmp/shacl" 2>&1
	is $? 0 'SHACL: the graphs of a recovery and of an audit conform'
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
