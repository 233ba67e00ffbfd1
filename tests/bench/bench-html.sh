#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench-html.sh PROGRAM - the HTML report of a large case: time and peak memory
# to write it, time to open it in Chromium, and to find a word in it
#
#	DIR	where the case and the page go: about 500 MiB
#	FILES	at least so many files (200,000)
#	RENDER	the program that writes a report alone (build/tests/bench/render)
#
# The case is one of the image "five", all its objects many times over.
set -eu
efsleuth=$1
dir=${DIR:-build/bench}/html
files=${FILES:-200000}

rm -rf "$dir"
mkdir -p "$dir"
"$efsleuth" recover build/images/five.img -o "$dir/five" -q >/dev/null 2>&1 ||
	[ $? = 1 ]
cp "$dir/five/case.db" "$dir/case.db"

# Copy k is below a folder /copy k of its own; what was computed is copied too,
# so that the parts of the case agree with one another.
sqlite3 "$dir/case.db" <<-EOF
	PRAGMA journal_mode = OFF;
	PRAGMA synchronous = OFF;
	CREATE TEMP TABLE size AS SELECT
		(SELECT max(id) FROM object) AS o, (SELECT max(id) FROM stream) AS s,
		(SELECT max(id) FROM folder) AS f,
		(SELECT $files / count(*) + 1 FROM stream) AS n;
	CREATE TEMP TABLE k AS WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL
		SELECT i + 1 FROM k WHERE i < (SELECT n - 1 FROM size))
		SELECT i, i * o AS o, i * s AS s, i * f AS f,
		printf('/copy %05d', i) AS top FROM k, size;
	CREATE TEMP TABLE root AS SELECT min(id) AS id FROM folder WHERE depth = 0;
	INSERT INTO object SELECT t.id + k.o, volume, mft + k.o, sequence,
		top || path, directory, deleted, created + k.i * 864000000000,
		modified + k.i * 864000000000, accessed, changed, efs_version,
		efs_id, class, algorithm, opened_ring, opened_entry, opened_key,
		owners FROM k, object t;
	INSERT INTO stream SELECT t.id + k.s, object + k.o, name, size + k.i,
		status, reason, NULL, same_as, md5, sha1, sha256 FROM k, stream t;
	INSERT INTO entry SELECT object + k.o, ring, entry, credential, flags,
		wrapped_bits, reason FROM k, entry t;
	INSERT INTO try SELECT object + k.o, t.n, ring, entry, key, method, result
		FROM k, try t;
	INSERT INTO chain SELECT object + k.o, t.n, step FROM k, chain t;
	INSERT INTO wanted_by SELECT wanted, object + k.o FROM k, wanted_by t;
	INSERT INTO finding_object SELECT finding, object + k.o
		FROM k, finding_object t;
	INSERT INTO folder SELECT t.id + k.f, volume,
		ifnull(parent + k.f, (SELECT id FROM root)),
		top || rtrim(path, '/'), depth + 1, objects FROM k, folder t;
	INSERT INTO share SELECT folder + k.f, person, objects FROM k, share t;
	UPDATE folder SET objects = objects * (SELECT n FROM size)
		WHERE id = (SELECT id FROM root);
	UPDATE share SET objects = objects * (SELECT n FROM size)
		WHERE folder = (SELECT id FROM root);
	UPDATE person SET objects = objects * (SELECT n FROM size),
		opened = opened * (SELECT n FROM size),
		alone = alone * (SELECT n FROM size);
	UPDATE finding SET objects = objects * (SELECT n FROM size);
	UPDATE key SET opens = opens * (SELECT n FROM size);
EOF

failed=0
echo "$(sqlite3 "$dir/case.db" 'SELECT count(*) FROM stream') files:"
"${RENDER:-build/tests/bench/render}" html "$dir/case.db" "$dir/report.html" ||
	failed=1
# With the facts copied and the audit computed anew; for reading, no limit.
begun=$(date +%s.%N)
"$efsleuth" report "$dir/case.db" --report html="$dir/again.html"
echo "$(date +%s.%N) $begun" |
	awk '{ printf "efsleuth report, as a whole: %.1f s\n", $1 - $2 }'
echo "the page: $(($(wc -c <"$dir/report.html") / 1048576)) MiB"
if [ -e build/browser/made ] && command -v chromium >/dev/null; then
	# a folder, a thumbprint, a name in half of all rows, a text that is nowhere
	node tests/browser/bench.mjs "$dir/report.html" 'copy 00777' \
		edb28105d631b91d61beef5d50dd3d348b19704e ann nowhere || failed=1
else
	echo 'without node and chromium the page is not opened'
fi
rm -rf "$dir"
exit $failed
