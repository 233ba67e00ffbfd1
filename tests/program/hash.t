#!/bin/sh
# SPDX-License-Identifier: MIT
#
# hash.t - --hash-evidence: the SHA-256 that sha256sum computes, what is
# compared with what EnCase images store, and when there is no hash
. tests/program/lib.sh

raw=$images/basic-gpt.dd
agent="--pfx $keys/agent.pfx --password-file $pw"
sum=$(sha256sum <"$raw") md5=$(md5sum <"$raw") sha1=$(sha1sum <"$raw")
sum=${sum%% *} md5=${md5%% *} sha1=${sha1%% *}

# A value of the evidence of this name, of the last run.
of() { # NAME JQ [FILE]
	jq -r "select(.kind == \"evidence\" and .name == \"$1\") | $2" \
		"${3:-$tmp/out}"
}

# --------------------------------------------------------------- every command
for command in info audit keys; do
	run $command --hash-evidence --report jsonl "$raw"
	is "$rc $(of basic-gpt.dd .sha256)" "0 $sum" "$command: the hash"
	is "$(of basic-gpt.dd '.facts."computed SHA-256"')" "$sum" \
		"$command: the fact"
	clean_run "$command"
	run $command --report jsonl "$raw"
	is "$rc $(of basic-gpt.dd .sha256)" '0 null' \
		"$command: no hash that nobody asked for"
done
# shellcheck disable=SC2086 # a list of options
run recover --hash-evidence "$raw" $agent -o "$tmp/o"
is "$rc $(of basic-gpt.dd .sha256 "$tmp/o/report.jsonl")" "0 $sum" \
	'recover: the hash'
clean_run recover
compare "$images/basic.tsv" "$tmp/o" basic-gpt.dd
is "$(sqlite3 "$tmp/o/case.db" 'SELECT sha256 FROM evidence')" "$sum" \
	'recover: in the case'
for report in report.html report.dfxml; do
	grep -q "$sum" "$tmp/o/$report"
	ok $? "recover: in $report"
done
run cat --hash-evidence "$raw" 41
is $rc 2 'cat writes no report, and takes no such option'

# ------------------------------------------------------------ what is hashed
run info --hash-evidence --report jsonl "$images/split.001"
is "$(of split.001 .sha256)" "$(cat "$images"/split.00? | sha256sum |
	cut -d' ' -f1)" 'split: the segments together'
for format in qcow2 vpc vhdx vmdk; do
	qemu-img convert -O $format "$raw" "$tmp/x.$format"
	run audit --hash-evidence --report jsonl "$tmp/x.$format"
	# a VHD is as large as its geometry allows
	head -c "$(of x.$format .size)" "$raw" >"$tmp/contents"
	size=$(stat -c %s "$tmp/contents")
	truncate -s "$(of x.$format .size)" "$tmp/contents"
	[ "$size" = "$(stat -c %s "$raw")" ]
	ok $? "$format: the whole image is in it"
	is "$rc $(of x.$format .sha256)" \
		"0 $(sha256sum <"$tmp/contents" | cut -d' ' -f1)" \
		"$format: the contents"
done
export=$(find "$images/loose" -name '*.bak' -o -name '*.PFILE' -type f |
	sort | head -1)
run audit --hash-evidence --report jsonl "$export"
is "$(of "$(basename "$export")" .sha256)" \
	"$(sha256sum <"$export" | cut -d' ' -f1)" 'a loose file: the file'
run audit --hash-evidence --report jsonl "$images/loose" \
	--keys-from "$images/basic.img"
is "$(of loose .sha256) $(of loose .facts.verified)" \
	'null not hashed: a folder has no hash of its own' 'a folder has none'
is "$(of basic.img .sha256)" "$(sha256sum <"$images/basic.img" |
	cut -d' ' -f1)" '--keys-from: that evidence, too'
run audit --hash-evidence --report jsonl "$tmp/nowhere" "$raw"
is "$rc $(of basic-gpt.dd .sha256) $(of nowhere .sha256)" "1 $sum null" \
	'one evidence that is not there: the other has its hash'

# ---------------------------------------------------------------- E01
acquire() { # NAME: $tmp/NAME/i.E01
	mkdir -p "$tmp/$1"
	ewfacquire -u -q -t "$tmp/$1/i" -C c -E e -D d -e e -N n -c none \
		-S 1MiB -d sha1 "$raw" >"$tmp/log" 2>&1 ||
		{ cat "$tmp/log"; exit 1; }
}
acquire e01
i=$tmp/e01/i.E01
for command in info audit keys; do
	run $command --hash-evidence --report jsonl "$i"
	is "$rc $(of i.E01 .sha256)" "0 $sum" "E01: $command: the hash"
	is "$(of i.E01 .facts.verified)" 'the stored MD5 and SHA-1 match' \
		"E01: $command: compared"
	is "$(of i.E01 '.facts."computed MD5", .facts."computed SHA-1"' |
		xargs)" "$md5 $sha1" "E01: $command: what was compared"
done
is "$(of i.E01 .reason)" null 'E01: nothing is wrong'
run info --hash-evidence --verify --report jsonl "$i"
is "$(of i.E01 '[.facts.verified, .sha256] | @tsv')" \
	"the stored MD5 and SHA-1 match	$sum" 'with --verify: once'

acquire other
perl tests/program/badmd5.pl "$tmp/other/i.E16" "$md5"
ok $? 'other hash: it was put in'
# shellcheck disable=SC2086
run recover --hash-evidence "$tmp/other/i.E01" $agent -o "$tmp/other-out"
is $rc 1 'other hash: exit status'
says 'do not have the stored MD5' 'other hash: said'
report=$tmp/other-out/report.jsonl
is "$(of i.E01 .sha256 "$report")" "$sum" 'other hash: the SHA-256 is there'
of i.E01 .reason "$report" | grep -qF 'do not have the stored MD5'
ok $? 'other hash: in the record'
is "$(jq -r 'select(.kind == "file") | .status' "$report" |
	grep -cv recovered_)" 0 'other hash: all files are recovered'

# --------------------------------------------------------- what cannot be read
acquire flip
# The last sectors but 33 are the backup of the partition table: in no file.
perl -e '
	my ($raw, @segments) = @ARGV; local $/;
	open my $r, "<:raw", $raw or die;
	my $all = <$r>; my $at = rindex $all, substr($all, -512 * 33, 512);
	my $data = substr $all, $at, 512;
	for my $name (reverse @segments) {
		open my $f, "+<:raw", $name or die; my $s = <$f>;
		my $where = rindex $s, $data; next if $where < 0;
		seek $f, $where + 9, 0;
		print $f chr(ord(substr $s, $where + 9, 1) ^ 1); exit 0;
	}
	exit 1' "$raw" "$tmp/flip"/i.E*
ok $? 'a damaged chunk: it was put in'
last=$((($(stat -c %s "$raw") - 1) / 32768 * 32768))
run audit --hash-evidence --report jsonl "$tmp/flip/i.E01"
is $rc 1 'a damaged chunk: exit status'
clean_run 'a damaged chunk'
says "not hashed: cannot be read:" 'a damaged chunk: said'
is "$(of i.E01 .sha256)" null 'a damaged chunk: no hash is claimed'
of i.E01 .reason | grep -qE "^not hashed: cannot be read: [0-9]+ bytes at"
ok $? 'a damaged chunk: in the record'
is "$(of i.E01 '.bad | length')" 1 'a damaged chunk: in the list'
[ "$(of i.E01 '.bad[0].offset')" -le "$last" ]
ok $? 'a damaged chunk: where it is'
rm "$tmp/e01/i.E05"
run audit --hash-evidence --report jsonl "$i"
is "$(of i.E01 .sha256)" null 'a missing segment: no hash is claimed'
of i.E01 .reason |
	grep -q 'segment 5 is missing; not hashed: cannot be read:'
ok $? 'a missing segment: both reasons'
# File 68 lies there: it is the first read error of the work, and the last.
acquire most
first=$(istat -o 2048 "$raw" 68 | awk '/^Type: .DATA .*-1/ { getline; print $1 }')
rm "$tmp/most/i.E$(printf %02d $(((1048576 + first * 4096) / 1015808 + 1)))"
# shellcheck disable=SC2086
run recover --hash-evidence --max-errors 1 "$tmp/most/i.E01" "$raw" $agent \
	-o "$tmp/most-out"
is $rc 1 '--max-errors: exit status'
says 'stopped after' '--max-errors: said'
for name in i.E01 basic-gpt.dd; do
	is "$(of $name '[.sha256, .facts.verified] | @tsv' \
		"$tmp/most-out/report.jsonl")" \
		'	not hashed: the run was stopped before its end' \
		"--max-errors: no hash of $name"
done

# ------------------------------------------------------------------ interrupted
# Much to read, and nothing to do with it.
cp "$images/basic.img" "$tmp/large.img"
truncate -s 60G "$tmp/large.img"
"$efsleuth" audit --hash-evidence "--report=jsonl=$tmp/int" \
	"$tmp/large.img" >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 1
kill -INT $pid
wait $pid
rc=$?
is $rc 130 'interrupted: exit status'
clean_run interrupted
is "$(of large.img '[.sha256, .facts.verified] | @tsv' "$tmp/int")" \
	'	not hashed: the run was stopped before its end' \
	'interrupted: no hash is claimed'
is "$(jq -s 'map(select(.kind == "file")) | length' "$tmp/int")" \
	"$(grep -vc '^#' "$images/basic.tsv")" 'interrupted: all files are listed'
script -qec "timeout --foreground -s INT 1.5 $efsleuth audit --report \
	jsonl=$tmp/int --hash-evidence $tmp/large.img" "$tmp/tty" \
	>"$tmp/log" 2>&1
grep -q 'hashing large.img, .* %' "$tmp/tty"
ok $? 'on a terminal: progress'

# A name that would colour the terminal red, and turn its own end round.
name=$(printf 'a\033[31m\342\200\256gpj.img')
ln -s large.img "$tmp/$name"
script -qec "timeout --foreground -s INT 1.5 $efsleuth audit --report \
	jsonl=$tmp/int --hash-evidence '$tmp/$name'" "$tmp/tty" >"$tmp/log" 2>&1
grep -q 'hashing a%1B\[31m%E2%80%AEgpj.img, .* %' "$tmp/tty"
ok $? 'on a terminal: a name is shown, not obeyed'
! grep -aq "$(printf '\033\\[31m\|\342\200\256')" "$tmp/log"
ok $? 'on a terminal: nor by any other part of what is shown'

done_testing
