#!/bin/sh
# SPDX-License-Identifier: MIT
#
# batch.t - many images: manifests, keys across images, merged results, tasks
# for other engines, what is killed, full disks
. tests/program/lib.sh

agent="--pfx $keys/agent.pfx --password-file $pw"
db() { sqlite3 "$1/case.db" "$2"; }

batch() { # OPTIONS...
	run batch "$@"
	clean_run "batch $*"
}

# What is the same whatever way a batch went: files with their bytes, keys.
facts() { # DIR
	db "$1" "SELECT evidence, volume, snapshot, mft, path, stream, size,
		status, reason, opened_key, output, sha256 FROM file
		ORDER BY evidence, volume, snapshot, mft, path, stream"
	db "$1" "SELECT type, key_id, sid, source, state, unlocked_by, opens
		FROM key ORDER BY type, key_id, source"
	db "$1" 'SELECT name, format, size, reason FROM evidence ORDER BY name'
	(cd "$1" && find images -path '*/files/*' -type f -exec sha256sum {} +) |
		sort
	cut -d, -f1,3,4,5 "$1/batch.csv"
}

same() { # DIR DIR NAME
	facts "$1" >"$tmp/facts1"
	facts "$2" >"$tmp/facts2"
	[ -s "$tmp/facts1" ] && cmp -s "$tmp/facts1" "$tmp/facts2"
	rc_same=$?
	ok $rc_same "$3"
	[ $rc_same = 0 ] ||
		diff "$tmp/facts1" "$tmp/facts2" | head -n 20 | sed 's/^/# /'
}

# A folder with N names for small images, and one that is broken.
mkdir "$tmp/lab"
for i in 1 2 3 4 5 6 7 8 9; do
	ln -s "$images/basic.img" "$tmp/lab/disk $i.dd"
done
head -c 100000 "$images/basic.img" | tail -c 50000 >"$tmp/lab/disk 5b.dd"
ln -s "$images/cluster-512.img" "$tmp/lab/large.dd"
ln -s "$images/matrix.img" "$tmp/lab/some.dd"

# ------------------------------------------------------------ as one command

# shellcheck disable=SC2086 # a list of options
batch $agent -j 2 -o "$tmp/o" "$tmp"/lab/* --progress-json 9 9>"$tmp/events"
is $rc 1 'with a broken image in the middle: exit status'
says '1 without anything to work on' 'the last sentence counts it'
is "$(grep -c ',done,0,' "$tmp/o/batch.csv")" 11 'the others are done'
grep '^"disk 5b.dd",.*,failed,3,"' "$tmp/o/batch.csv" |
	grep -q 'no NTFS\|holds\|neither'
ok $? 'the row of the broken one says why'
is "$(db "$tmp/o" "SELECT count(*) FROM evidence WHERE reason NOTNULL")" 1 \
	'the merged case, too'
for what in 'count(*) FROM object' 'sum(size) FROM stream' \
	"count(*) FROM stream WHERE status LIKE 'recovered%'" \
	'sum(objects) FROM volume' 'count(*) FROM entry' \
	'count(*) FROM try' 'count(*) FROM chain' 'count(*) FROM fact'; do
	sum=0
	for c in "$tmp"/o/images/*; do
		sum=$((sum + $(db "$c" "SELECT ifnull(max(n), 0) FROM
			(SELECT $(echo "$what" | sed 's/ FROM/ AS n FROM/'))")))
	done
	is "$(db "$tmp/o" "SELECT $what")" $sum "merged: $what is the sum"
done
is "$(jq -s 'map(select(.kind == "summary"))[0].files' "$tmp/o/report.jsonl")" \
	"$(awk -F, 'NR > 1 { n += $(NF - 3) } END { print n }' \
		"$tmp/o/batch.csv")" 'the report and batch.csv have one total'
is "$(db "$tmp/o" 'SELECT count(*) FROM tool')" 1 'it was one run'
is "$(db "$tmp/o" "SELECT opens FROM key WHERE type = 'private_key' AND
	source LIKE '%agent.pfx'")" \
	"$(db "$tmp/o" 'SELECT count(*) FROM object')" \
	'the one key opens all of them'
compare "$images/basic.tsv" "$tmp/o/images/disk 3.dd" 'disk 3.dd'
(cd "$tmp/o" && hashdeep -r -l -a -k hashes.txt images/*/files) \
	>"$tmp/audit" 2>&1
is $? 0 'hashdeep audits the whole batch'
is "$(find "$tmp/o" -name '*.pem' -o -name work -o -name '.partial')" '' \
	'no key and nothing unfinished is left'
is "$(stat -c %a "$tmp/o/keyring")" 700 'the keyring is nobody else'\''s'
jq -es 'map(.event) as $e | $e[0] == "start" and $e[-1] == "end" and
	(map(select(.event == "done" and .task == "image")) | length) == 12 and
	(map(select(.event == "begin")) | length) == 14 and
	(.[-1] | .exit == 1 and .finished == 12 and .failed == 1)' \
	"$tmp/events" >/dev/null
ok $? 'each event is a line of JSON'
is "$(jq -s 'map(select(.event == "done" and .task == "image").recovered) |
	add' "$tmp/events")" \
	"$(jq -s 'map(select(.kind == "summary"))[0].recovered' \
		"$tmp/o/report.jsonl")" 'events count what was recovered'
is "$(jq -rs 'map(select(.event == "begin" and .task == "image"))[0].label' \
	"$tmp/events")" some.dd 'the largest image is the first'

# As one run of all.
# shellcheck disable=SC2086 # a list of options
run recover -q $agent -o "$tmp/plain" "$tmp"/lab/*
for d in o plain; do
	db "$tmp/$d" "SELECT evidence, volume, mft, path, stream, status,
		opened_key, sha256 FROM file ORDER BY 1, 2, 3, 4, 5" >"$tmp/f-$d"
done
cmp -s "$tmp/f-o" "$tmp/f-plain"
ok $? 'the same files as one run finds'
rm -rf "$tmp/plain"

# A password is asked for once, whatever the number of images.
(sleep 1; cat "$pw") | script -qec "'$efsleuth' batch --pfx '$keys/agent.pfx' \
	--password-prompt -j 2 -o '$tmp/op' '$tmp'/lab/*" /dev/null \
	>"$tmp/typed" 2>&1
is "$(grep -o 'Password:' "$tmp/typed" | wc -l)" 1 'a prompt: once'
same "$tmp/o" "$tmp/op" 'a prompt: for all images'
! grep -rqF "$(head -n 1 "$pw")" "$tmp/typed" "$tmp/op/batch.plan" "$tmp/op/case.db"
ok $? 'a prompt: no echo, and it is kept nowhere'
grep -aqE '[0-9]+ of 12 images, [0-9.]+/s, [01] failed, [0-9]+ %' "$tmp/typed"
ok $? 'progress: images done, rate, failures'
rm -rf "$tmp/op"

# ------------------------------------------------------------------- twice

find "$tmp/o" -type f -exec sha256sum {} + | sort >"$tmp/before"
# As if it had been killed between its last report and the removal of keys.
touch "$tmp/o/keyring/0123.pem"
# shellcheck disable=SC2086 # a list of options
batch $agent --resume -j 2 -o "$tmp/o" "$tmp"/lab/*
is $rc 1 'twice: the same exit status'
says 'nothing to do' 'twice: it says so'
find "$tmp/o" -type f -exec sha256sum {} + | sort | cmp -s - "$tmp/before"
ok $? 'twice: no byte has changed, and no key is left'
# shellcheck disable=SC2086 # a list of options
batch $agent -o "$tmp/o" "$tmp"/lab/*
is $rc 5 'into a folder that is not empty: refused'
says '--resume' 'and what to do'
# shellcheck disable=SC2086 # a list of options
batch $agent --deleted --resume -o "$tmp/o" "$tmp"/lab/*
is $rc 5 'with other options: refused'
says '"--deleted"' 'and which'
# shellcheck disable=SC2086 # a list of options
batch $agent --resume -o "$tmp/o" "$tmp/lab/some.dd"
is $rc 5 'with other images: refused'
mkdir "$tmp/mine"
touch "$tmp/mine/batch.plan.77.AB1"
batch --resume -o "$tmp/mine" "$images/two-mbr.dd" --audit
is "$(ls "$tmp/mine/batch.plan"*)" "$tmp/mine/batch.plan" \
	'killed when it made the plan: it goes on'
rm -rf "$tmp/mine"
mkdir "$tmp/mine"
touch "$tmp/mine/letter"
batch --resume -o "$tmp/mine" "$tmp/lab/some.dd"
is $rc 5 'a folder of other things: refused'
is "$(ls "$tmp/mine")" letter 'and left alone'

# ---------------------------------------------------------------- manifests

mkdir "$tmp/m" "$tmp/m/ring"
cp "$images/basic.img" "$tmp/m/a, b.img"
cp "$keys/agent.pfx" "$tmp/m/ring"
printf '\357\273\277Label,evidence,snapshots,partition,keyring,case\r\n' \
	>"$tmp/m/list.csv"
printf '%s\r\n' 'ann,"a, b.img",,,ring,7' 'bob,nowhere.img' \
	'"bad"line,a.img' 'ann,basic.img' ",$images/two-mbr.dd,none,2" '' \
	",$images/two-mbr.dd,,1,$keys/agent.pfx" '"with ""quotes""",../m/a, b' \
	"x/y,$images/history.img,all" ",a.img,few" >>"$tmp/m/list.csv"
batch --password-file "$pw" -o "$tmp/om" "$tmp/m/list.csv"
is $rc 1 'a manifest: exit status'
says 'columns are not known, and are passed over: case' 'an unknown column'
row() { # LABEL COLUMN
	python3 -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="")):
    if row["label"] == sys.argv[2]: print(row[sys.argv[3]])' \
		"$tmp/om/batch.csv" "$@"
}
is "$(row ann state | tr '\n' ' ')" 'done refused ' 'equal labels: the second'
row ann reason | grep -q '^line 5: an image before it has this label'
ok $? 'equal labels: the line and why'
is "$(row bob state)" failed 'a missing file'
row bob reason | grep -qi '^line 3: .*no such file'
ok $? 'a missing file: the line and why'
grep -q ',refused,3,"line 4: text behind a closing quote"' "$tmp/om/batch.csv"
ok $? 'a bad line'
grep -q ',refused,3,"line 11: snapshots is none, all, or' "$tmp/om/batch.csv"
ok $? 'a bad value'
is "$(db "$tmp/om" "SELECT group_concat(DISTINCT evidence || ' ' || volume)
	FROM file WHERE evidence LIKE 'two-mbr%'")" \
	'two-mbr.dd v2,two-mbr.dd~2 v1' 'two partitions of one image'
is "$(row two-mbr.dd~2 state)" 'done' 'a key file for one image alone'
is "$(row two-mbr.dd state)" closed 'and for no other'
is "$(row 'with "quotes"' evidence)" "$tmp/m/a" 'quotes in a label'
[ -f "$tmp/om/images/x%2Fy/case.db" ]
ok $? 'a label is a safe name'
is "$(db "$tmp/om" "SELECT count(DISTINCT snapshot) > 1 FROM file
	WHERE evidence = 'x%2Fy'")" 1 'shadow copies of one image'
is "$(db "$tmp/om" "SELECT group_concat(name) FROM evidence WHERE name IN
	('ann', 'bob')")" ann,bob 'evidence is known by its label'
rm -rf "$tmp/om"
printf 'evidence\n' >"$tmp/m/empty.csv"
batch -o "$tmp/om" "$tmp/m/empty.csv"
is $rc 3 'a manifest without images'
printf 'evidence,"label\na\n' >"$tmp/m/broken.csv"
batch -o "$tmp/om" "$tmp/m/broken.csv"
is $rc 3 'a manifest whose first line is broken'
[ ! -e "$tmp/om" ]
ok $? 'neither makes a folder'
printf 'evidence\nnowhere\n' >"$tmp/m/none.csv"
batch -o "$tmp/om" "$tmp/m/none.csv"
is $rc 3 'nothing can be opened'
rm -rf "$tmp/om"

# ------------------------------------------- keys of one open files of another

# Master keys in one folder, key files in another, files in an image.
wiki=$profiles/wiki
mkdir "$tmp/protect" "$tmp/crypto"
(cd "$wiki" && find . -type f) | while IFS= read -r f; do
	case $f in */Protect/*) to=$tmp/protect ;; *) to=$tmp/crypto ;; esac
	mkdir -p "$to/$(dirname "$f")"
	cp "$wiki/$f" "$to/$f"
done
secret wiki gentil password >"$tmp/gentil"
for list in 'chain-bare.img crypto protect' 'protect chain-bare.img crypto'; do
	set --
	for e in $list; do
		case $e in
		*.img) set -- "$@" "$images/$e" ;;
		*) set -- "$@" "$tmp/$e" ;;
		esac
	done
	rm -rf "$tmp/ok" "$tmp/plain"
	batch -q -j 2 --password-file "$tmp/gentil" -o "$tmp/ok" "$@"
	compare "$images/chain.tsv" "$tmp/ok/images/chain-bare.img" \
		chain-bare.img
	no_leak "keys across images" wiki "$tmp/out" "$tmp/err" \
		"$tmp/ok/case.db" "$tmp/ok/report.html" "$tmp/ok/batch.csv" \
		"$tmp/ok/batch.plan" "$tmp/ok/keyring/case.db" \
		"$tmp/ok/images/chain-bare.img/case.db"
	run recover -q --password-file "$tmp/gentil" -o "$tmp/plain" "$@"
	for d in ok plain; do
		db "$tmp/$d" "SELECT k.type, k.key_id, k.source, k.state,
			k.unlocked_by, k.opens, b.key_id FROM key k
			LEFT JOIN key b ON b.id = k.behind ORDER BY 1, 2, 3" \
			>"$tmp/k-$d"
	done
	[ -s "$tmp/k-ok" ] && diff "$tmp/k-plain" "$tmp/k-ok" >"$tmp/k-diff"
	rc_keys=$?
	ok $rc_keys "$list: keys as one run of all lists them"
	sed 's/^/# /' "$tmp/k-diff"
done
is "$(db "$tmp/ok/keyring" "SELECT source || ' by ' || unlocked_by FROM key
	WHERE type = 'private_key'" | grep -c '^crypto .* by master key')" 1 \
	'the keyring says where each key is from'

# Five users: with a list, then with a list through a pipe and --keep-keyring.
opened="SELECT evidence, path, stream, status, opened_key, sha256 FROM file
	WHERE status LIKE 'recovered%' ORDER BY 1, 2, 3"
set -- "$images/five-bare.img" "$images/five.img"
batch -q --password-file "$profiles/words.txt" -o "$tmp/of" "$@"
run recover -q --password-file "$profiles/words.txt" -o "$tmp/plain5" "$@"
for d in of plain5; do
	db "$tmp/$d" "$opened" >"$tmp/f-$d"
done
[ "$(wc -l <"$tmp/f-of")" -gt 20 ] && cmp -s "$tmp/f-of" "$tmp/f-plain5"
ok $? 'five: the same files as one run opens'
mkfifo "$tmp/pipe"
cat "$profiles/words.txt" >"$tmp/pipe" &
batch -q --keep-keyring --password-file "$tmp/pipe" -o "$tmp/of2" "$@"
db "$tmp/of2" "$opened" | cmp -s - "$tmp/f-of"
ok $? 'five: a list from a pipe is read once, for all'
[ "$(find "$tmp/of2/keyring" -name '*.pem' -perm 600 | wc -l)" -ge 2 ]
ok $? '--keep-keyring'
batch -q --print-tasks --password-file "$tmp/pipe" -o "$tmp/of3" "$@"
is $rc 3 '--print-tasks takes no pipe'
batch -q --no-evidence-keys -o "$tmp/of3" "$@"
[ ! -e "$tmp/of3/keyring" ]
ok $? '--no-evidence-keys: there is no keyring'
is "$(db "$tmp/of3" "SELECT count(*) FROM file WHERE opened_key NOTNULL")" 0 \
	'--no-evidence-keys: nothing opens'
rm -rf "$tmp/of2" "$tmp/of3" "$tmp/plain5"

# -------------------------------------------------------------------- audits

# shellcheck disable=SC2086 # a list of options
batch $agent --audit -o "$tmp/oa" "$images/basic.img" "$images/odd.img"
is "$(find "$tmp/oa" -path '*/files*')" '' 'an audit has no files'
[ -f "$tmp/oa/images/odd.img/report.html" ] && [ -f "$tmp/oa/report.html" ]
ok $? 'an audit has its reports'
run report --report jsonl "$tmp/oa/images/odd.img"
# shellcheck disable=SC2086 # a list of options
"$efsleuth" audit $agent "$images/odd.img" --report jsonl 2>/dev/null |
	grep -v '"kind":"tool"' >"$tmp/alone"
grep -v '"kind":"tool"' "$tmp/out" | sed "s|$images|$(dirname "$images")/images|" |
	cmp -s - "$tmp/alone"
ok $? 'an audit of one image is that of audit'
rm -rf "$tmp/oa"

# --------------------------------------------------------- tasks, and a shell

# shellcheck disable=SC2086 # a list of options
"$efsleuth" batch $agent -o "$tmp/ot" --print-tasks "$tmp"/lab/* >"$tmp/tasks"
is "$(grep -c '^[^#]' "$tmp/tasks")" 14 '--print-tasks: keys, images, merge'
[ ! -e "$tmp/ot" ]
ok $? '--print-tasks makes no folder'
(cd / && sh "$tmp/tasks") >"$tmp/out" 2>"$tmp/err"
rc=$?
is $rc 1 'the exit status of the merge'
clean_run '--print-tasks'
same "$tmp/o" "$tmp/ot" 'tasks in a shell: the same as the batch'
find "$tmp/ot" -type f -exec sha256sum {} + | sort >"$tmp/before"
sh "$tmp/tasks" >"$tmp/out" 2>"$tmp/err"
find "$tmp/ot" -type f -exec sha256sum {} + | sort | cmp -s - "$tmp/before"
ok $? 'each task a second time: no byte has changed'
is "$(grep -c 'nothing to do' "$tmp/err")" 14 'and says so'
rm -rf "$tmp/ot"
# shellcheck disable=SC2086 # a list of options
run batch $agent -o "$tmp/ot" --task 3 "$tmp"/lab/*
is $rc 4 'an image before the keys: refused'
for task in 0 x 3x merge3; do
	run batch -o "$tmp/ot" --task $task "$images/basic.img"
	is $rc 2 "--task $task"
done
run batch -o "$tmp/ot" --task 1 --password-prompt "$images/basic.img"
is $rc 2 'no prompt in a task'
rm -rf "$tmp/ot"

# ------------------------------------------------------------------- killed

# shellcheck disable=SC2086 # a list of options
killed() { # SIGNAL SECONDS
	"$efsleuth" batch $agent --resume -j 2 -o "$tmp/ox" "$tmp"/lab/* \
		>/dev/null 2>&1 &
	pid=$!
	sleep "$2"
	kill -"$1" $pid 2>/dev/null
	wait $pid 2>/dev/null
}
seed=${SEED:-$(date +%s)}
echo "# SEED=$seed"
for i in $(seq 1 "${KILLS:-17}"); do
	rm -rf "$tmp/ox"
	for again in 1 2 3; do
		killed KILL "$(awk -v s="$seed$i$again" \
			'BEGIN { srand(s); print rand() * 1.5 }')"
	done
	# shellcheck disable=SC2086 # a list of options
	run batch $agent --resume -j 2 -o "$tmp/ox" "$tmp"/lab/*
	clean_run "killed, round $i"
	same "$tmp/o" "$tmp/ox" "killed, round $i: as if nothing had been"
	is "$(find "$tmp/ox" -name '*.pem' -o -name work)" '' \
		"killed, round $i: nothing is left"
done
rm -rf "$tmp/ox"
# shellcheck disable=SC2086 # a list of options
"$efsleuth" batch $agent -j 2 -o "$tmp/ox" "$tmp"/lab/* >"$tmp/out" \
	2>"$tmp/err" &
pid=$!
while [ ! -f "$tmp/ox/images/large.dd/batch.ini" ] && kill -0 $pid; do :; done
kill -TERM $pid
wait $pid
is $? 130 'interrupted: exit status'
says '--resume goes on' 'interrupted: what to do'
# shellcheck disable=SC2086 # a list of options
run batch $agent --resume -j 2 -o "$tmp/ox" "$tmp"/lab/*
same "$tmp/o" "$tmp/ox" 'interrupted: and resumed'
rm -rf "$tmp/ox"

kill_child() {
	until child=$(ps -o pid= --ppid $pid | head -n 1) && [ -n "$child" ] &&
		kill -KILL "$((child))" || ! kill -0 $pid; do :; done
}

# A child that crashes costs one image.
: >"$tmp/events"
# shellcheck disable=SC2086 # a list of options
"$efsleuth" batch $agent -j 1 -o "$tmp/ox" "$tmp"/lab/* --progress-json 9 \
	9>"$tmp/events" >"$tmp/out" 2>"$tmp/err" &
pid=$!
until grep -q '"task":"image"' "$tmp/events" || ! kill -0 $pid; do :; done
kill_child
wait $pid
is $? 1 'a crash: exit status'
grep -q ',unfinished,137,"its task ended by signal 9' "$tmp/ox/batch.csv"
ok $? 'a crash: the row of its image says so'
is "$(grep -c ',done,0,' "$tmp/ox/batch.csv")" 10 'a crash: the others are done'
# shellcheck disable=SC2086 # a list of options
run batch $agent --resume -j 1 -o "$tmp/ox" "$tmp"/lab/*
same "$tmp/o" "$tmp/ox" 'a crash: and resumed'
rm -rf "$tmp/ox"

# What crashes the keys is found, and its keys are passed over.
crash() { # WHEN
	until eval "$1" || ! kill -0 $pid; do :; done
	kill_child
}
: >"$tmp/events"
# shellcheck disable=SC2086 # a list of options
"$efsleuth" batch $agent -j 2 -o "$tmp/ox" "$tmp"/lab/* --progress-json 9 \
	9>"$tmp/events" >"$tmp/out" 2>"$tmp/err" &
pid=$!
crash 'grep -q "\"task\":\"keys\"" "$tmp/events"'
# shellcheck disable=SC2034 # in the condition
under_way=$tmp/ox/work
crash '[ -s "$under_way/searched" ]'
wait $pid
is $? 1 'a crash over keys: exit status'
is "$(jq -s 'map(select(.event == "begin" and .task == "keys").jobs) |
	tostring' "$tmp/events")" '"[2,1,1]"' 'a crash over keys: one by one'
says 'its keys are passed over' 'a crash over keys: it is said'
is "$(find "$tmp/ox/skipped" -type f | wc -l)" 1 'a crash over keys: one image'
is "$(grep -c ',done,0,' "$tmp/ox/batch.csv")" 11 \
	'a crash over keys: all are worked on'
rm -rf "$tmp/ox"

# --------------------------------------------------------------- a full disk

mkdir "$tmp/full"
if mount -t tmpfs -o size=6m none "$tmp/full" 2>/dev/null; then
	# shellcheck disable=SC2086 # a list of options
	batch $agent -j 2 -o "$tmp/full/o" "$tmp"/lab/*
	is $rc 5 'a full disk: exit status'
	says '--resume goes on' 'a full disk: what to do'
	mount -o remount,size=256m "$tmp/full"
	# shellcheck disable=SC2086 # a list of options
	batch $agent --resume -j 2 -o "$tmp/full/o" "$tmp"/lab/*
	same "$tmp/o" "$tmp/full/o" 'a full disk: and resumed'
	umount "$tmp/full"
else
	skip 'a full disk' 'no right to mount a tmpfs'
fi
(ulimit -f 200 && exec "$efsleuth" batch -q -o "$tmp/ox" "$images/matrix.img" \
	--pfx "$keys/agent.pfx" --password-file "$pw") 2>"$tmp/err" >"$tmp/out"
is $? 5 'files that may not grow: exit status'
rm -rf "$tmp/ox"
done_testing
