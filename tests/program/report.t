#!/bin/sh
# SPDX-License-Identifier: MIT
#
# report.t - reports of a case without its evidence, of several cases, what-if
. tests/program/lib.sh

agent="--pfx $keys/agent.pfx --password-file $pw"

# Text that says when a run was differs between runs only.
formats=$("$efsleuth" report --help | sed -n 's/.*FORMAT is one of: //p' |
	tr -d ' ' | tr , ' ')
[ "$(echo "$formats" | wc -w)" -gt 10 ]
ok $? 'the formats are known from --help'

# again NAME OPTIONS... - the reports of a run, and those of its case
again() {
	name=$1
	shift
	asked=
	for f in $formats; do
		asked="$asked --report $f=$tmp/$name.$f"
	done
	# shellcheck disable=SC2086 # a list of options
	run recover -q -o "$tmp/$name" $asked "$@"
	clean_run "$name"
	mv "$tmp/$name/case.db" "$tmp/alone.db"
	for f in $formats; do
		run report --report "$f=$tmp/again" "$tmp/alone.db"
		is $rc 0 "$name: $f: exit status"
		cmp -s "$tmp/$name.$f" "$tmp/again"
		ok $? "$name: $f: the same bytes"
	done
	mv "$tmp/alone.db" "$tmp/$name/case.db"
}

# shellcheck disable=SC2086 # a list of options
{
	again history --snapshots all $agent "$images/history.img"
	again five --password-file "$PWD/testdata/profiles/words.txt" \
		"$images/five.img"
}

# ---------------------------------------------------------- several cases

cd "$tmp" || exit 1
efsleuth=$(cd "$OLDPWD" && readlink -f "$efsleuth")
run report --report jsonl=both.jsonl history five history
is $rc 0 'three cases: exit status'
clean_run 'three cases'
is "$(jq -r 'select(.kind == "evidence").name' both.jsonl | tr '\n' ' ')" \
	'history.img five.img history.img~2 ' 'three cases: evidence'
count() { # JSONL FIELD
	jq -s "map(select(.kind == \"summary\"))[0].$2" "$1"
}
for field in files objects bytes recovered volumes snapshots; do
	is "$(count both.jsonl $field)" \
		$((2 * $(count history.jsonl $field) + $(count five.jsonl $field))) \
		"three cases: $field add up"
done
# Outputs are where they say, from here.
jq -r 'select(.sha256) | "\(.sha256)  \(.output)"' both.jsonl | sort -u >sums
[ "$(wc -l <sums)" -gt 10 ] && sha256sum --quiet -c sums >check 2>&1
ok $? 'three cases: outputs are found'
run report --report hashdeep=both.txt history five
hashdeep -r -l -a -k both.txt history/files five/files >audit 2>&1
ok $? 'hashdeep finds the outputs of two cases'

# The runs of all of them are named, and that one did not end.
cp five/case.db cut.db
sqlite3 cut.db 'UPDATE tool SET interrupted = 1, ended = NULL'
run report --report jsonl=cut.jsonl --report dfxml=cut.dfxml \
	--report html=cut.html --report markdown=cut.md history cut.db
is "$(jq -r 'select(.kind == "tool").interrupted' cut.jsonl | tr '\n' ' ')" \
	'false true ' 'two cases: both runs'
head -n 1 cut.md | grep -q '^A run was interrupted\. '
ok $? 'two cases: the second was interrupted: Markdown'
grep -q '>A run was interrupted\. ' cut.html
ok $? 'two cases: the second was interrupted: HTML'
! grep -q '>Finished ' cut.html
ok $? 'two cases: no end of the first for both'
is "$(xmllint --xpath 'count(//*[local-name() = "creator" or
	local-name() = "run"])' cut.dfxml)" 2 'two cases: both runs in DFXML'
if [ -f "${CORPUS:-}/../schemas/dfxml/dfxml.xsd" ]; then
	xmllint --nonet --noout --schema "$CORPUS/../schemas/dfxml/dfxml.xsd" \
		cut.dfxml >check 2>&1
	ok $? 'two cases: DFXML is valid'
else
	skip 'two cases: DFXML is valid' 'there is no schema beside CORPUS'
fi

# ------------------------------------------------------------------ what if

carla=c5f78a216a7be25c49fca70315624b33e90cebd0
run report --without "$carla" --report jsonl=what.jsonl five/case.db
is $rc 0 '--without: exit status'
run report --without "$(echo $carla | tr a-f A-F | sed 's/../& /g')" five
grep -q '(lost-without)' "$tmp/out"
ok $? '--without: a thumbprint as Windows shows it'
# Who has nobody else: by the manifest of the case, entry by entry.
sqlite3 five/case.db "SELECT path FROM object o WHERE NOT EXISTS (SELECT 1
	FROM ring r WHERE r.object = o.id AND r.thumbprint <> '$carla')
	AND EXISTS (SELECT 1 FROM ring r WHERE r.object = o.id)
	ORDER BY path" >wanted
[ -s wanted ]
ok $? '--without: some would be lost'
sed -n '/lost-without/,/^$/p' "$tmp/out" | sed -n 's/^  *\(\/.*\)/\1/p' | sort >got
cmp -s wanted got
ok $? '--without: lists them'
run report --without 12 five
is $rc 2 '--without: no thumbprint and no SID is a mistake'
run report --without S-1-5-21-1-1-1-1 five
says 'no key ring names it' '--without: nobody of this SID'

# --------------------------------------------------------------- mistakes

run report nowhere
is $rc 3 'no case: exit status'
says 'there is no case here' 'no case: a sentence'
cp five/case.db old.db
sqlite3 old.db 'PRAGMA user_version = 4'
run report old.db five
is $rc 3 'a case of an earlier schema: exit status'
says 'of another version of this program' 'a case of an earlier schema: a sentence'
# strange NAME SQL - a case that somebody changed
strange() {
	cp five/case.db strange.db
	sqlite3 strange.db "$2"
	run report strange.db
	is $rc 3 "$1: exit status"
	says 'tables are not those of a case' "$1: a sentence"
}
strange 'a view for a table' 'ALTER TABLE hole RENAME TO h;
	CREATE VIEW hole AS SELECT * FROM h'
strange 'a trigger' 'CREATE TRIGGER t AFTER INSERT ON hole BEGIN
	DELETE FROM stream; END'
sqlite3 five/case.db 'ANALYZE'
run report five
is $rc 0 'a case that was analyzed for its reader'
echo junk >junk.db
run report junk.db five
is $rc 3 'not a case: exit status'
clean_run 'not a case'
run report --report jsonl=/nonexistent/x five
is $rc 5 'a report that cannot be written'
run report
is $rc 2 'no case named: usage'
mkfifo pipe
cat pipe >piped &
run report --report jsonl=pipe five
is $rc 0 'a report into a pipe: exit status'
wait
[ -p pipe ] && "$efsleuth" report --report jsonl five | cmp -s - piped
ok $? 'a pipe is written to, and stays one'
link=$(readlink /dev/stdout)
for to in /dev/stdout /dev/fd/1 /proc/self/fd/1 owned.txt; do
	"$efsleuth" report --report jsonl=$to five >owned.txt
	is "$? $(readlink /dev/stdout)" "0 $link" "$to: stays what it is"
	cmp -s owned.txt piped
	ok $? "$to: standard output has the report, and nothing else"
done
"$efsleuth" report --report jsonl=/dev/fd/3 five 3>third.txt >owned.txt
cmp -s third.txt piped
ok $? 'a descriptor is written to'
run report --report jsonl=five/case.db five/case.db
is $rc 2 'a report over the case: refused'
cp "$images/basic.img" over.img
ln -s over.img link.img
run audit over.img --report csv=link.img
is $rc 2 'a report over the evidence: refused'
run audit over.img --log over.img
is $rc 2 'a log over the evidence: refused'
echo 00 >"$tmp/hex"
run audit over.img --master-key "{0}:$tmp/hex" --log "$tmp/hex"
is "$rc $(cat "$tmp/hex")" '2 00' 'a log over a master key: refused'
cmp -s over.img "$images/basic.img"
ok $? 'the evidence is as it was'
before=$(sha256sum <five/case.db)
run report --report html=x.html --without $carla five
is "$(sha256sum <five/case.db)" "$before" 'the case is not changed'
done_testing
