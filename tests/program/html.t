#!/bin/sh
# SPDX-License-Identifier: MIT
#
# html.t - the HTML report in Chromium: it works, is accessible, and asks nobody
#
# What it should say is from the generator's manifest and from case.db.
. tests/program/lib.sh

missing=
for c in node chromium; do
	command -v $c >/dev/null || missing="$missing $c"
done
[ -e build/browser/made ] || missing="$missing playwright-core"
if [ -n "$missing" ]; then
	echo "1..0 # SKIP there is no$missing"
	exit
fi

# The tests of a program of tests/browser, numbered on.
browser() { # PROGRAM ARGUMENT...
	program=$1
	shift
	node "tests/browser/$program" "$@" >"$tmp/tap" 2>"$tmp/err"
	while IFS= read -r line; do
		case $line in
		ok\ *) n=$((n + 1)); echo "ok $n - ${line#* - }" ;;
		not\ ok\ *) n=$((n + 1)); echo "not ok $n - ${line#* - }" ;;
		\#*) echo "$line" ;;
		esac
	done <"$tmp/tap"
	grep -q '^1\.\.[1-9]' "$tmp/tap"
	ok $? "$program ran to its end"
	sed 's/^/# /' "$tmp/err"
}

sql() { sqlite3 "$tmp/five/case.db" "$@"; }

# ------------------------------------------------------------ it works
# Two of the five know their passwords.
for who in ann bob; do secret five $who password; done >"$tmp/passwords"
run recover "$images/five.img" --password-file "$tmp/passwords" \
	--hash md5,sha1,sha256 -o "$tmp/five"
is $rc 1 'five: some are not recovered'
xmllint --noout "$tmp/five/report.html"
ok $? 'five: the page is well-formed'

manifest() { awk -F'\t' '$1 == "f" && $10 == 0' "$images/five.tsv"; }
# Streams whose ring names a person.
of() { # RING NAME
	manifest | awk -F'\t' -v o="$1/[0-9]+/$2" \
		'$9 ~ "(^|,)" o "(,|$)"' | wc -l
}
thumb() { sql "SELECT thumbprint FROM person WHERE ring = '$1' AND name LIKE '$2%'"; }
ann=$(thumb ddf 'ann(') bob=$(thumb ddf 'bob(') agent=$(thumb drf agent)
sample=$(manifest | awk -F'\t' '$4 == "/Users/bob/Documents/3.bin"')
sample_sha=$(echo "$sample" | cut -f8)
sample_sha1=$(sha1sum <"$tmp/five/files/five.img/v1/Users/bob/Documents/3.bin" |
	cut -d' ' -f1)

jq -n --arg ann "$ann" --arg bob "$bob" --arg agent "$agent" \
	--arg sid "$(secret five carla sid)" \
	--argjson files "$(manifest | wc -l)" \
	--argjson public "$(manifest | awk -F'\t' '$4 ~ "/Public/"' | wc -l)" \
	--argjson of_ann "$(of ddf ann)" --argjson of_bob "$(of ddf bob)" \
	--argjson of_agent "$(of drf agent)" --argjson of_carla "$(of ddf carla)" \
	--arg sha "$sample_sha" --arg sha1 "$sample_sha1" \
	--argjson with_bob "$(sql "SELECT count(*) FROM stream s WHERE EXISTS
		(SELECT 1 FROM entry e JOIN credential c ON c.id = e.credential
		WHERE e.object = s.object AND c.thumbprint = '$bob') OR EXISTS
		(SELECT 1 FROM try WHERE object = s.object AND key = '$bob')")" \
	--argjson status "$(sql "SELECT json_group_object(status, n) FROM
		(SELECT status, count(*) n FROM stream GROUP BY 1)")" \
	--argjson verified "$(sql "SELECT count(*) FROM stream s
		JOIN entry e ON e.object = s.object JOIN credential c
		ON c.id = e.credential WHERE status = 'recovered_verified'
		AND c.thumbprint = '$ann'")" \
	--argjson sizes "$(manifest | cut -f7 | sort -n | awk '{
		t = $1; while (t ~ /[0-9][0-9][0-9][0-9]/)
			sub(/[0-9][0-9][0-9]($|,)/, ",&", t)
		print t ($1 == 1 ? " byte" : " bytes") }' | jq -R . | jq -sc .)" \
	--argjson paths "$(manifest | cut -f4 | jq -R . |
		jq -sc 'sort_by(ascii_downcase)')" \
	--argjson folders "$(sql 'SELECT count(*) FROM folder')" \
	--argjson findings "$(sql "SELECT json_group_array(json_object('href',
		'#finding=' || f.id, 'number', f.objects, 'rows', (SELECT count(*)
		FROM finding_object b JOIN stream s ON s.object = b.object
		WHERE b.finding = f.id))) FROM finding f WHERE objects > 0")" \
	'{ files: $files, status: $status, sizes: $sizes, paths: $paths,
	folders: $folders,
	words: { Public: $public, ($sid): $of_carla, ($sha): 1,
		($sha1): 1, ($bob): $with_bob, "public  2.BIN": 1 },
	who: { ("ddf " + $ann): $of_ann, ("ddf " + $bob): $of_bob,
		("drf " + $agent): $of_agent },
	both: { who: ("ddf " + $ann), verified: $verified },
	sample: { path: "/users/bob/documents/3.bin",
		holds: [$sha, ("SHA-1" + $sha1), $bob, "opened the file", "blank password",
		"master key", "files/five.img/v1/Users/bob/Documents/3.bin",
		"3,333 bytes", "2024-03-04T05:06:07"] },
	links: ([{ href: "#status=no_key", rows: $status.no_key,
		number: $status.no_key },
		{ href: ("#who=ddf%20" + $ann), rows: $of_ann, number: $of_ann },
		{ href: "#view=five.img%20v1&in=%2FUsers%2FPublic",
		rows: $public, number: $public }] + $findings) }' >"$tmp/facts"
browser five.mjs "$tmp/five/report.html" "$tmp/facts"

# -------------------------------------------------------- pages, paper
run audit "$images/matrix.img" --report "html=$tmp/matrix.html"
# Whose file the first row is, the manifest says: of a key of rsa1024.
browser many.mjs "$tmp/matrix.html" "$(awk -F'\t' \
	'$1 == "f" && $10 == 0' "$images/matrix.tsv" | wc -l)" \
	"$(openssl x509 -inform DER -in "$keys/rsa1024.der" -noout -fingerprint \
	-sha1 | sed 's/.*=//; s/://g' | tr A-F a-f)"

# ------------------------------------------------------- several cases
run recover "$images/basic.img" -o "$tmp/basic"
run report --report "html=$tmp/two.html" "$tmp/five" "$tmp/basic"
is $rc 0 'report of two cases'
is "$(xmllint --xpath "count(//dt[. = 'Command'])" "$tmp/two.html")" 2 \
	'two cases: both runs are told'

# ------------------------------------------------------- hostile names
cp "$tmp/five/case.db" "$tmp/plain.db"
# A name with a slash in it is a folder and a name in both.
sqlite3 "$tmp/plain.db" "UPDATE object SET path = replace(path, '1.bin', 'x/y')"
cp "$tmp/five/case.db" "$tmp/bad.db"
script='<script>window.hit = 1; alert(1)</script>'
image='"><img src=x onerror=alert(1)>'
end=']]></script><b>'
bidi=$(printf 'a\342\200\256gpj.exe')
sqlite3 "$tmp/bad.db" "UPDATE object SET path = replace(path, '1.bin',
		'$script');
	UPDATE object SET path = replace(path, '2.bin', '$image');
	UPDATE object SET path = replace(path, '3.bin', '$bidi');
	UPDATE stream SET reason = reason || '$end$image$script';
	UPDATE credential SET name = name || '$end$image$script';
	UPDATE key SET source = source || '$end$image$script',
		name = name || '$end$image$script',
		reason = reason || '$end$image$script',
		user = user || '$end$image$script';
	UPDATE certificate SET subject = subject || '$end$image$script';
	UPDATE account SET name = name || '$end$image$script';
	UPDATE wanted SET what = what || '$end$image$script';
	UPDATE tool SET command = command || '$end$image$script';
	UPDATE evidence SET path = path || '$end$image$script'"
for case in plain bad; do
	run report --report "html=$tmp/$case.html" "$tmp/$case.db"
	is $rc 0 "report of the $case case"
done
xmllint --noout "$tmp/bad.html"
ok $? 'hostile names: the page is well-formed'
browser hostile.mjs "$tmp/bad.html" "$tmp/plain.html" "$script" "$image" \
	'a<U+202E>gpj.exe'
done_testing
