#!/bin/sh
# SPDX-License-Identifier: MIT
#
# e01.t - EnCase and SMART images: the same files and facts as from the raw
# image, what is verified, and what damaged and missing segments cost
. tests/program/lib.sh

raw=$images/basic-gpt.dd
agent="--pfx $keys/agent.pfx --password-file $pw"

# All records but those of the tool; without the names of the container.
records() { # DIR
	jq -cS 'select(.kind == "file" or .kind == "volume" or .kind == "key" or
		.kind == "summary") | del(.evidence, .output)' "$1/report.jsonl"
}

recover() { # IMAGE NAME
	# shellcheck disable=SC2086 # a list of options
	run recover "$1" $agent -o "$tmp/$2"
	clean_run "$2"
}

acquire() { # NAME OPTIONS...: $tmp/NAME/i.E01
	mkdir -p "$tmp/$1"
	to=$tmp/$1/i
	shift
	ewfacquire -u -q -t "$to" -C 'case 7' -E 'item 3' -D 'a disk' \
		-e 'Ann' -N 'n/a' "$@" "$raw" >"$tmp/log" 2>&1 ||
		{ cat "$tmp/log"; exit 1; }
}

# A copy of the image in segments of 1 MiB, to be damaged.
fresh() { # NAME: sets $i
	rm -rf "${tmp:?}/$1"
	cp -r "$tmp/none" "$tmp/$1"
	i=$tmp/$1/i
}

status_of() { # MFT DIR: of its main stream
	jq -r "select(.kind == \"file\" and .mft == $1 and .stream == null) |
		.status" "$2/report.jsonl"
}

# Every recovered file is what the raw image gives, and every other is said so.
rest_is_good() { # NAME MFT...: these are not whole
	name=$1
	shift
	jq -r 'select(.kind == "file" and (.status | startswith("recovered_")) and
		.status != "recovered_partial") | [.mft, .stream, .sha256] | @tsv' \
		"$tmp/$name/report.jsonl" | sort >"$tmp/got"
	jq -r 'select(.kind == "file" and (.status | startswith("recovered_"))) |
		[.mft, .stream, .sha256] | @tsv' "$tmp/raw/report.jsonl" |
		sort >"$tmp/all"
	cp "$tmp/all" "$tmp/wanted"
	for mft; do
		sed -i "/^$mft	/d" "$tmp/wanted"
		sed -i "/^$mft	/d" "$tmp/got"
	done
	cmp -s "$tmp/got" "$tmp/wanted"
	ok $? "$name: all files are whole but $*"
}

# The encrypted files that have something in a range of the disk, as istat says.
files_over() { # FROM TO
	awk -F'\t' '!/^#/ { print $2 }' "$images/basic.tsv" | sort -u |
	while read -r mft; do
		istat -o 2048 "$raw" "$mft" | awk -v from="$1" -v to="$2" '
			/^[0-9 ]+$/ { for (i = 1; i <= NF; i++) {
				at = 1048576 + $i * 4096
				if (at < to && at + 4096 > from) bad = 1
			} }
			END { exit !bad }' && echo "$mft"
	done
}

# ----------------------------------------------------------- whole images
recover "$raw" raw
is $rc 0 'raw: exit status'
records "$tmp/raw" >"$tmp/raw.records"
md5=$(md5sum <"$raw") sha1=$(sha1sum <"$raw") sha256=$(sha256sum <"$raw")
md5=${md5%% *} sha1=${sha1%% *} sha256=${sha256%% *}

acquire none -c none -S 1MiB -d sha1
acquire fast -c fast -S 1MiB
acquire best -c best -f encase5 -b 16
acquire empty -c empty-block -f encase7 -b 512
acquire ftk -c fast -f ftk
acquire ewf -c fast -f ewf
acquire smart -c fast -f smart -S 1MiB
acquire linen -c none -f linen6
ewfacquirestream -t "$tmp/stream" -c fast <"$raw" >/dev/null 2>&1

[ -e "$tmp/none/i.E16" ]
ok $? 'the image is in many segments'
for name in none fast best empty ftk ewf smart linen stream; do
	file=$(echo "$tmp/$name/i".[EeSs]01)
	[ "$name" != stream ] || file=$tmp/stream.E01
	recover "$file" $name-out
	is $rc 0 "$name: exit status"
	records "$tmp/$name-out" >"$tmp/records"
	cmp -s "$tmp/raw.records" "$tmp/records"
	ok $? "$name: the same records as from the raw image"
	diff -r "$tmp/raw/files/basic-gpt.dd" \
		"$tmp/$name-out/files/$(basename "$file")" >"$tmp/diff" 2>&1
	ok $? "$name: the same tree"
	run info --verify --report jsonl "$file"
	is $rc 0 "$name: --verify, exit status"
	clean_run "$name: --verify"
	is "$(jq -r 'select(.kind == "evidence") | .sha256' "$tmp/out")" \
		"$sha256" "$name: --verify, SHA-256"
	is "$(jq -r 'select(.kind == "evidence") | .facts."computed MD5"' \
		"$tmp/out")" "$md5" "$name: --verify, MD5"
	case $name in
	none) want='the stored MD5 and SHA-1 match' ;;
	*) want='the stored MD5 matches' ;;
	esac
	is "$(jq -r 'select(.kind == "evidence") | .facts.verified' \
		"$tmp/out")" "$want" "$name: verified"
done

run info --verify --report jsonl "$raw"
is "$rc $(jq -r 'select(.kind == "evidence") | .sha256' "$tmp/out")" \
	"0 $sha256" 'raw: --verify, SHA-256'
is "$(jq -r 'select(.kind == "evidence") | .facts."computed SHA-1"' \
	"$tmp/out")" "$sha1" 'raw: --verify, SHA-1'

# What the image says of itself is what ewfinfo says.
run info "$tmp/none/i.E01" --report jsonl
ewfinfo "$tmp/none/i.E01" 2>/dev/null >"$tmp/ewfinfo"
for pair in 'case number:Case number' 'evidence number:Evidence number' \
	'description:Description' 'examiner:Examiner name' 'notes:Notes' \
	'stored MD5:MD5' 'stored SHA-1:SHA1' 'chunk size:-' 'segments:-'; do
	fact=${pair%%:*}
	case $pair in
	chunk*) want=32768 ;;
	segments*) want=16 ;;
	*) want=$(sed -n "s/^	${pair#*:}:	*//p" "$tmp/ewfinfo") ;;
	esac
	is "$(jq -r "select(.kind == \"evidence\") | .facts.\"$fact\"" \
		"$tmp/out")" "$want" "fact: $fact"
done

# ------------------------------------------------------- a damaged chunk
# File 68 has 25 clusters of 4096 bytes in a row: a chunk lies in it in whole.
first=$(istat -o 2048 "$raw" 68 | awk '/^Type: .DATA .*-1/ { getline; print $1 }')
at=$((1048576 + first * 4096))
chunk=$(((at + 32767) / 32768))
fresh flip
perl -e '
	my ($raw, $at, @segments) = @ARGV;
	local $/;
	open my $r, "<:raw", $raw or die; my $data = substr(<$r>, $at, 512);
	for my $name (@segments) {
		open my $f, "+<:raw", $name or die; my $all = <$f>;
		my $where = index $all, $data; next if $where < 0;
		seek $f, $where + 100, 0;
		print $f chr(ord(substr($all, $where + 100, 1)) ^ 1);
		print "$name\n"; exit 0;
	}
	exit 1' "$raw" $((chunk * 32768 + 8192)) "$i".E* >"$tmp/segment"
ok $? 'flip: the place was found'
run info --verify --report jsonl "$i.E01"
is "$rc" 1 'flip: --verify, exit status'
clean_run 'flip: --verify'
says "cannot be read: 32768 bytes at offset $((chunk * 32768))" \
	'flip: --verify names the chunk, and nothing else'
is "$(jq -r 'select(.kind == "evidence") | .sha256' "$tmp/out")" null \
	'flip: no hash is claimed'
recover "$i.E01" flip-out
is $rc 1 'flip: recover, exit status'
is "$(status_of 68 "$tmp/flip-out")" recovered_partial \
	'flip: the file over the chunk'
is "$(files_over $((chunk * 32768)) $(((chunk + 1) * 32768)))" 68 \
	'flip: istat says that it is the only one there'
rest_is_good flip-out 68
partial=$(jq -r 'select(.kind == "file" and .status == "recovered_partial") |
	.mft' "$tmp/flip-out/report.jsonl")
is "$partial" 68 'flip: no other file'
# What is not in the chunk is as it was; the rest is zeros.
out=$(jq -r 'select(.kind == "file" and .mft == 68 and .stream == null) |
	.output' "$tmp/flip-out/report.jsonl")
was=$(jq -r 'select(.kind == "file" and .mft == 68 and .stream == null) |
	.output' "$tmp/raw/report.jsonl")
perl -e '
	local $/;
	open my $a, "<:raw", $ARGV[0] or die; open my $b, "<:raw", $ARGV[1] or die;
	my ($got, $was, $from) = (<$a>, <$b>, $ARGV[2]);
	substr($was, $from, 32768) = "\0" x 32768;
	exit($got ne $was)' "$tmp/flip-out/$out" "$tmp/raw/$was" \
	$((chunk * 32768 - at))
ok $? 'flip: zeros for the chunk, the rest as it was'

# The contents are as they say, but the hash is not theirs.
acquire other -c none
perl tests/program/badmd5.pl "$tmp/other/i.E01" "$md5"
ok $? 'other hash: it was put in'
run info --verify --report jsonl "$tmp/other/i.E01"
is $rc 1 'other hash: --verify, exit status'
says 'do not have the stored MD5' 'other hash: said'
is "$(jq -r 'select(.kind == "evidence") | .sha256' "$tmp/out")" "$sha256" \
	'other hash: the SHA-256 is computed'
jq -r 'select(.kind == "evidence") | .reason' "$tmp/out" |
	grep -qF 'do not have the stored MD5'
ok $? 'other hash: in the record'

# ------------------------------------------------------- missing segments
per=31 # chunks of a segment of 1 MiB
segment=$(printf %02d $((chunk / per + 1)))
fresh middle
rm "$i.E$segment"
run info --verify "$i.E01"
is $rc 1 'middle segment missing: exit status'
says "segment $((chunk / per + 1)) is missing" 'middle segment missing: named'
says "cannot be read: $((per * 32768)) bytes at offset $((chunk / per * per * 32768))" \
	'middle segment missing: exactly its bytes'
recover "$i.E01" middle-out
is $rc 1 'middle segment missing: recover, exit status'
from=$((chunk / per * per * 32768))
# shellcheck disable=SC2046 # one word each
rest_is_good middle-out $(files_over $from $((from + per * 32768)))
status_of 68 "$tmp/middle-out" | grep -qE 'unreadable|partial|damaged'
ok $? 'middle segment missing: the file over it is not whole'

fresh two
rm "$i.E12" "$i.E14"
run info --verify "$i.E01"
says 'segment 12 is missing; segment 14 is missing' 'two missing: both named'
says "cannot be read: $((3 * per * 32768)) bytes at offset $((11 * per * 32768))" \
	'two missing: all from the first to the last'

fresh last
rm "$i.E16"
run info --verify "$i.E01"
is $rc 1 'last segment missing: exit status'
says "i.E15 is not the last, and segment 16 is missing" \
	'last segment missing: named'
recover "$i.E01" last-out
is $rc 1 'last segment missing: recover, exit status'
rest_is_good last-out

fresh cut
truncate -s 500000 "$i.E14"
run info --verify "$i.E01"
is $rc 1 'segment cut short: exit status'
says "i.E14 is damaged at offset 0x7a120" 'segment cut short: named, with the place'
says "cannot be read: $((per * 32768)) bytes at offset $((13 * per * 32768))" \
	'segment cut short: exactly its bytes'
recover "$i.E01" cut-out
rest_is_good cut-out

# ---------------------------------------------- wrong names, wrong images
fresh order
mv "$i.E05" "$i.x"; mv "$i.E06" "$i.E05"; mv "$i.x" "$i.E06"
run info --verify --report jsonl "$i.E01"
is $rc 0 'wrong order: exit status'
is "$(jq -r 'select(.kind == "evidence") | .facts.verified' "$tmp/out")" \
	'the stored MD5 and SHA-1 match' 'wrong order: read in the right one'
jq -r 'select(.kind == "evidence") | .facts."segment names"' "$tmp/out" |
	grep -qF 'i.E05 is segment 6 by its header'
ok $? 'wrong order: named'

fresh twice
cp "$i.E13" "$i.E14"
run info "$i.E01"
is $rc 1 'segment twice: exit status'
says "i.E14 is segment 13 once more" 'segment twice: named'
says 'segment 14 is missing' 'segment twice: so one is missing'

acquire another -c none -S 1MiB -B 15000576
fresh mixed
cp "$tmp/another/i.E14" "$i.E14"
run info "$i.E01"
is $rc 1 'segment of another image: exit status'
says 'i.E14 is segment 14 of another image' 'segment of another image: named'
recover "$i.E01" mixed-out
rest_is_good mixed-out

run info "$tmp/none/i.E02"
is $rc 3 'second segment as evidence: exit status'
says "this is segment 2 of an EnCase image; name the first, $tmp/none/i.E01" \
	'second segment as evidence: names the first'

fresh first
printf X | dd of="$i.E01" bs=1 seek=20 conv=notrunc status=none
run info "$i.E01"
is $rc 3 'first section damaged: exit status'
says 'the first segment of an EnCase image is damaged' 'first section damaged: said'

# ------------------------------------------------------------ other people's
if [ -e "${CORPUS:-/nonexistent}/images/ext2.split.E01" ]; then
	run info --verify "$CORPUS/images/ext2.split.E01"
	is $rc 3 'ext2.split.E01: no NTFS'
	grep -qF 'the stored MD5 matches' "$tmp/out"
	ok $? 'ext2.split.E01: its stored hash'
	grep -qE 'v1 .*ext' "$tmp/out"
	ok $? 'ext2.split.E01: its file system is listed'
	run info "$CORPUS/images/ext2.split.E02"
	says 'name the first' 'ext2.split.E02: is the second'
else
	skip 'ext2.split.E01' 'no corpus'
fi
# ------------------------------------------- sectors that were never acquired

# Their bytes in the image are zeros, which the stored hash covers: only the
# list of errors tells.  libewf writes it, called from Python.
cat >"$tmp/acquire.py" <<'PY'
import ctypes, sys
raw, name, first, count = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
ewf = ctypes.CDLL("libewf.so.2")
ewf.libewf_handle_write_buffer.restype = ctypes.c_ssize_t
ewf.libewf_handle_write_finalize.restype = ctypes.c_ssize_t
data = bytearray(open(raw, "rb").read())
data[first * 512:(first + count) * 512] = bytes(count * 512)
h = ctypes.c_void_p()
names = (ctypes.c_char_p * 1)(name.encode())
def ok(result, wanted):
    if result != wanted:
        sys.exit("libewf: %r" % result)
ok(ewf.libewf_handle_initialize(ctypes.byref(h), None), 1)
ok(ewf.libewf_handle_open(h, names, 1, 2, None), 1)
ok(ewf.libewf_handle_set_media_size(h, ctypes.c_uint64(len(data)), None), 1)
ok(ewf.libewf_handle_append_acquiry_error(h, ctypes.c_uint64(first),
    ctypes.c_uint64(count), None), 1)
ok(ewf.libewf_handle_write_buffer(h, bytes(data),
    ctypes.c_size_t(len(data)), None), len(data))
if ewf.libewf_handle_write_finalize(h, None) < 0:
    sys.exit("libewf: finalize")
ok(ewf.libewf_handle_close(h, None), 0)
PY
lost=$(istat "$images/basic.img" 68 |
	awk '/^Type: .DATA .*-1/ { getline; print $1 * 8 + 2 }')
python3 "$tmp/acquire.py" "$images/basic.img" "$tmp/lost" "$lost" 3
run info --verify "$tmp/lost.E01"
grep -q "not acquired: 3 sectors from $lost" "$tmp/out"
ok $? 'not acquired: info says it'
recover "$tmp/lost.E01" lost-out
is "$rc" 1 'not acquired: exit status'
is "$(status_of 68 "$tmp/lost-out")" recovered_partial \
	'not acquired: the file over it is partial'
is "$(jq -c 'select(.kind == "file" and .mft == 68 and .stream == null) |
	.holes' "$tmp/lost-out/report.jsonl")" '[{"offset":1024,"size":1536}]' \
	'not acquired: just these units are missing'

done_testing
