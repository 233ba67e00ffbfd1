#!/bin/sh
# SPDX-License-Identifier: MIT
#
# demo.t - the bundled demo: what it prints, what it recovers, and what the
# audit finds, beside what its manifest says of each file
. tests/program/lib.sh

manifest=$PWD/testdata/demo/demo.tsv
mkdir "$tmp/demo"
ln -s "$PWD/testdata" "$tmp/demo/testdata"
(cd "$tmp/demo" && sh testdata/demo/demo.sh "$efsleuth") >"$tmp/out" 2>"$tmp/err"
rc=$?
is $rc 0 'exit status'
clean_run 'demo'
[ "$(wc -l <"$tmp/out")" -le 120 ]
ok $? 'no more than 120 lines'
cp "$tmp/out" "$tmp/printed"
printed=0
for word in 'Who can decrypt what' 'What to look at' 'What is missing' \
	LOCKED 'unlocked by password #' 'Not recovered' report.html; do
	grep -qF "$word" "$tmp/printed" || { printed=1; echo "# $word"; }
done
ok $printed 'the matrix, findings, chains, the missing, the report'
[ -s "$tmp/demo/build/demo/report.html" ]
ok $? 'the report is there'

# ------------------------------------------------------------------- recovered
# What the agent's key opens, and the two passwords: keys/password.txt is a line
# of demo/password.txt, the others are of these people.
at_hand='[+]?(amelie|jonas)(-20..)?|agent'
for who in amelie jonas; do
	grep -qxF "$(secret demo $who password)" testdata/demo/password.txt
	ok $? "the password of $who is listed"
done
for who in noor pavel; do
	! grep -qxF "$(secret demo $who password)" testdata/demo/password.txt
	ok $? "the password of $who is not"
done
rows_of "$manifest" "$at_hand" >"$tmp/open.tsv"
[ "$(wc -l <"$tmp/open.tsv")" -gt 25 ]
ok $? 'most of it can be opened'
compare "$tmp/open.tsv" "$tmp/demo/build/demo" demo.img
records=$tmp/demo/build/demo/report.jsonl
grep -vxFf "$tmp/open.tsv" "$manifest" | while IFS='	' read -r _ mft _; do
	jq -r "select(.kind == \"file\" and .mft == $mft) | .status" "$records"
done | sort | uniq -c | xargs >"$tmp/closed"
is "$(cat "$tmp/closed")" '1 key_locked 4 no_key' \
	'the others: one is locked, of four there is no key'
is "$(find "$tmp/demo/build/demo/files" -type f | wc -l)" \
	"$(grep -c '^f' "$tmp/open.tsv")" 'no other file is written'
no_leak demo demo "$tmp/printed" "$tmp/err" "$tmp/demo/build/demo/report.html" \
	"$records" "$tmp/demo/build/demo/case.db"
is "$(jq -r 'select(.kind == "evidence") | .sha256' "$records")" \
	"$(xz -dc testdata/demo/demo.img.xz | sha256sum | cut -d' ' -f1)" \
	'the hash of the image'

# --------------------------------------------------------------------- the audit
case=$tmp/demo/build/demo/case.db
thumb() { sha1sum <"$keys/demo-$1.der" | cut -d' ' -f1; }

found() { # KIND [SUBJECT]: MFT numbers
	sqlite3 "$case" "SELECT DISTINCT o.mft FROM finding f
		JOIN finding_object x ON x.finding = f.id
		JOIN object o ON o.id = x.object WHERE f.kind = '$1'
		AND ('${2:-}' = '' OR f.subject = '${2:-}') ORDER BY 1" | xargs
}

# Rows that are not deleted and for whose openers awk says so: MFT numbers.
wanted() { # CONDITION: of $9, the openers, and u, a, its users and agents
	awk -F'\t' '!/^#/ && $10 == 0 {
		u = a = 0
		n = split($9, o, ",")
		for (i = 1; i <= n; i++)
			if (o[i] ~ /^ddf/) u++; else a++
		if ('"$1"') print $2 }' "$manifest" | sort -nu | xargs
}

is "$(found no-agent "$(thumb yuki)")" \
	"$(wanted '$1 == "f" && u == 1 && !a && $9 ~ /yuki/')" \
	"the lost key: yuki's files"
[ -n "$(found no-agent "$(thumb yuki)")" ]
ok $? 'the lost key: there are some'
is "$(found no-agent)" "$(wanted '$1 == "f" && u == 1 && !a')" \
	'files of one user, without an agent'
is "$(found agent-missing "$(thumb agent)")" \
	"$(wanted '$9 !~ /drf\/[01]\/agent(,|$)/')" "not the policy's agent"
is "$(found agent-stale "$(thumb agent-2009)")" \
	"$(wanted '$9 ~ /agent-2009/')" 'the agent before'
is "$(found agent-unknown)" '' 'no other agent'
is "$(found key-weak "$(thumb amelie-2009)")" "$(wanted '$9 ~ /amelie-2009/')" \
	'a key of 1024 bits'
is "$(found certificate-expired "$(thumb jonas-2014)")" \
	"$(wanted '$9 ~ /jonas-2014/')" 'an expired certificate'
is "$(found account-unknown)" "$(wanted '$9 ~ /yuki/')" \
	'a user without an account'
perl -F'\t' -lane '
	next if /^#/ || $F[9];
	my $users = join " ", sort map { m{ddf/\d+/\+?(.*)} } split /,/, $F[8];
	$dir{$F[3]} = $users if $F[0] eq "d";
	$of{$F[1]} = [$F[3] =~ m{(.*)/}, $users] if $F[0] eq "f";
	END { print for sort { $a <=> $b } grep {
		my ($dir, $users) = @{$of{$_}};
		defined $dir{$dir} && $dir{$dir} ne $users } keys %of }' \
	"$manifest" >"$tmp/differ"
is "$(found sharing-differs)" "$(xargs <"$tmp/differ")" \
	'users who are not those of the folder'

done_testing
