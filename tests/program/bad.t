#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bad.t - bad input: one clear sentence, the exit status of the manual, nothing
# half-written, and every other file still recovered
. tests/program/lib.sh

agent="--pfx $keys/agent.pfx --password-file $pw"

# expect STATUS WORDS NAME, after run
expect() {
	is $rc "$1" "$3: exit status $1"
	says "$2" "$3: says so"
	clean_run "$3"
	is "$(grep -c '^efsleuth: ' "$tmp/err")" "$(wc -l <"$tmp/err")" \
		"$3: every line is ours"
}

# ----------------------------------------------------------------- usage
run
expect 2 'no command' 'no command'
run frobnicate
expect 2 'no command "frobnicate"' 'unknown command'
run recover "$images/basic.img"
expect 2 '-o DIR' 'no output folder'
run audit
expect 2 'no evidence' 'no evidence'
run audit --frobnicate x
expect 2 'frobnicate' 'unknown option'
run audit "$images/basic.img" --report frob
expect 2 'report format' 'unknown report'
run audit "$images/basic.img" --volume one
expect 2 '--volume' 'bad volume list'
run audit "$images/basic.img" --class none
expect 2 '--class' 'bad class'

# -------------------------------------------------------------- evidence
run audit "$tmp/nowhere"
expect 3 'No such file' 'missing evidence'
: >"$tmp/empty"
run audit "$tmp/empty"
expect 3 'is empty' 'empty evidence'
head -c 100000 /dev/urandom >"$tmp/noise"
run audit "$tmp/noise"
expect 3 'no partition table and no file system' 'noise'
head -c 100 /dev/urandom >"$tmp/short"
run audit "$tmp/short"
expect 3 'no partition table and no file system' 'noise shorter than a sector'
head -c 100000 /dev/zero >"$tmp/zeros"
run recover "$tmp/zeros" -o "$tmp/o-zeros"
expect 3 'no partition table and no file system' 'zeros'
run audit "$tmp"
expect 3 'folder' 'a folder'
for command in info keys; do
	mkdir -p "$tmp/nothing"
	run $command "$tmp/nothing"
	is $rc 3 "$command of an empty folder: exit status"
	clean_run "$command of an empty folder"
done
mkfifo "$tmp/fifo"
run audit "$tmp/fifo"
expect 3 'a pipe or stream' 'a FIFO'
run audit /dev/null
expect 3 'is empty' 'a device without an end'
printf x >"$tmp/one"
run info "$tmp/one"
expect 3 'no partition table and no file system' 'one byte'
ln -s loop "$tmp/loop"
run audit "$tmp/loop"
expect 3 'symbolic links' 'a link to itself'
run audit "$images/basic.img" --offset 99999999
expect 3 'basic.img ends before --offset' 'an offset past the end'
run audit "$images/basic.img" --volume 7
expect 3 '--volume' 'a volume that is not there'
run info "$images/basic.img" --volume 7
expect 3 '--volume' 'info of a volume that is not there'
run audit "$tmp/noise" --keys-from "$images/basic.img"
expect 3 'no partition table' 'only the evidence of --keys-from can be read'
run audit "$images/basic.img" --keys-from "$tmp/noise"
is $rc 1 'only the evidence of --keys-from cannot be read: exit status'
printf 'EVF\011\015\012\377\000rest of it' >"$tmp/disk.dd"
run audit "$tmp/disk.dd"
expect 3 'EnCase' 'a container under a raw name'
chmod 000 "$tmp/zeros"
if [ "$(id -u)" != 0 ]; then
	run audit "$tmp/zeros"
	expect 3 'Permission denied' 'no permission'
else
	skip 'no permission' 'root reads everything'
fi
truncate -s 4M "$tmp/blank"
mkntfs -F -q -Q -T "$tmp/blank" >"$tmp/log" 2>&1
run audit "$tmp/blank"
expect 3 'no encrypted file' 'NTFS without encrypted files'
dd if="$images/basic-mbr.dd" of="$tmp/mbr-only" bs=512 count=1 2>"$tmp/log"
run audit "$tmp/mbr-only"
expect 3 'partition table' 'a disk that ends after its table'
says 'cut short' 'a disk that ends after its table: advice'

head -c 512 "$images/basic.img" >"$tmp/boot-only"
run audit "$tmp/boot-only"
is $rc 3 'a volume that ends after its boot sector: exit status 3'
says 'no NTFS volume could be read' 'a volume that ends after its boot sector'

# one bad evidence does not cost the other
# shellcheck disable=SC2086 # a list of options
run recover "$tmp/noise" "$images/basic.img" $agent -o "$tmp/o-two"
is $rc 1 'one bad evidence of two: exit status'
compare "$images/basic.tsv" "$tmp/o-two" basic.img

# equal names are kept apart
mkdir "$tmp/copy"
cp "$images/basic.img" "$tmp/copy/basic.img"
# shellcheck disable=SC2086
run recover "$images/basic.img" "$tmp/copy/basic.img" $agent -o "$tmp/o-twins"
is $rc 0 'two evidence of one name'
compare "$images/basic.tsv" "$tmp/o-twins" 'basic.img~2'

# ------------------------------------------------------- a truncated image
# Half of the matrix: what is whole comes out, what is cut is listed.
size=$(stat -c %s "$images/matrix.img")
head -c $((size / 2)) "$images/matrix.img" >"$tmp/cut.img"
# shellcheck disable=SC2086
run recover "$tmp/cut.img" $agent -o "$tmp/o-cut"
expect 1 'could not be recovered' 'truncated image'
says 'bytes before the end of this volume' 'truncated image: how much is missing'
bad=$(jq -r 'select(.kind == "file" and (.status | startswith("recovered_"))
	and .status != "recovered_partial") | [.mft, .sha256] | @tsv' \
	"$tmp/o-cut/report.jsonl" | sort >"$tmp/got"
	awk -F'\t' '$1 == "f" { print $2 "\t" $8 }' "$images/matrix.tsv" | sort |
	comm -23 "$tmp/got" - | wc -l)
is "$bad" 0 'truncated image: what is called recovered is right'
[ "$(wc -l <"$tmp/got")" -gt 20 ]
ok $? 'truncated image: much of it is recovered'
is "$(jq -s 'map(select(.status == "recovered_partial")) |
	length > 0 and all(.holes[0].size > 0)' "$tmp/o-cut/report.jsonl")" \
	true 'truncated image: holes are listed'

# ----------------------------------------------------------------- keys
run recover "$images/basic.img" --pfx "$keys/agent.pfx" -o "$tmp/o-key"
expect 4 'password' 'locked PFX without password'
[ ! -e "$tmp/o-key" ]
ok $? 'locked PFX: no folder is made'
echo wrong >"$tmp/wrong"
run recover "$images/basic.img" --pfx "$keys/agent.pfx" \
	--password-file "$tmp/wrong" -o "$tmp/o-key"
expect 4 'password' 'wrong password'
run recover "$images/basic.img" --pfx "$tmp/nowhere" -o "$tmp/o-key"
expect 4 'No such file' 'missing PFX'
run recover "$images/basic.img" --pfx "$tmp/empty" -o "$tmp/o-key"
expect 4 'is empty' 'empty PFX'
run recover "$images/basic.img" --key "$tmp/noise" -o "$tmp/o-key"
expect 4 'none of the key files' 'noise as key'
head -c 1000 "$keys/agent.pfx" >"$tmp/half.pfx"
run recover "$images/basic.img" --pfx "$tmp/half.pfx" --password-file "$pw" \
	-o "$tmp/o-key"
expect 4 'half.pfx' 'truncated PFX'
run recover "$images/basic.img" --pfx "$keys/stranger.pfx" \
	--password-file "$pw" -o "$tmp/o-stranger"
expect 1 'could not be recovered' 'a key that opens nothing'
is "$(jq -r 'select(.kind == "file") | .status' "$tmp/o-stranger/report.jsonl" |
	sort -u)" no_key 'a key that opens nothing: status'
is "$(find "$tmp/o-stranger/files" -type f | wc -l)" 0 \
	'a key that opens nothing: no files'

# ---------------------------------------------------------------- output
mkdir "$tmp/full"
touch "$tmp/full/mine"
# shellcheck disable=SC2086
run recover "$images/basic.img" $agent -o "$tmp/full"
expect 5 'not empty' 'folder that is not empty'
is "$(ls -A "$tmp/full")" mine 'folder that is not empty: left alone'
# shellcheck disable=SC2086
run recover "$images/basic.img" $agent -o "$tmp/empty"
expect 5 'another folder' 'a file as output folder'
# shellcheck disable=SC2086
run audit "$images/basic.img" --report "jsonl=$tmp/no/such/x"
expect 5 'No such file' 'report into a folder that is not there'
"$efsleuth" audit "$images/basic.img" >/dev/full 2>"$tmp/err"
rc=$?
expect 5 'could not be printed' 'standard output is full'

# A small file system: what fits is whole, listed and right.
if mkdir "$tmp/small" && mount -t tmpfs -o size=5m none "$tmp/small" \
	2>"$tmp/log"; then
	# shellcheck disable=SC2086
	run recover "$images/matrix.img" $agent -o "$tmp/small/o"
	is $rc 5 'full disk: exit status'
	clean_run 'full disk'
	find "$tmp/small/o" -name '*.part' | grep -q .
	is $? 1 'full disk: nothing half-written'
	find "$tmp/small/o/files" -type f -exec sha256sum {} + |
		cut -d' ' -f1 | sort >"$tmp/got"
	awk -F'\t' '$1 == "f" { print $8 }' "$images/matrix.tsv" | sort |
		comm -23 "$tmp/got" - >"$tmp/bad"
	[ -s "$tmp/got" ] && [ ! -s "$tmp/bad" ]
	ok $? 'full disk: every file that has its name is whole'
	# but for the last, where not even its row had room
	[ $((2 * $(sqlite3 "$tmp/small/o/case.db" 'SELECT count(*) FROM stream
		WHERE output NOTNULL'))) -ge "$(wc -l <"$tmp/got")" ]
	ok $? 'full disk: they are listed'
	umount "$tmp/small"
else
	skip 'full disk' 'a file system cannot be mounted here'
fi

# ------------------------------------------------------------- evidence stays
sum=$(sha256sum <"$images/odd.img")
chmod a-w "$images/odd.img"
# shellcheck disable=SC2086
run recover --deleted "$images/odd.img" $agent -o "$tmp/o-odd"
chmod u+w "$images/odd.img"
is "$(sha256sum <"$images/odd.img")" "$sum" 'the evidence is as it was'
done_testing
