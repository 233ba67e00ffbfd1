#!/bin/sh
# SPDX-License-Identifier: MIT
#
# archive.t - collections in archives: what is found in a folder is found in a
# zip, a tar and a 7z of it, whatever packed them
. tests/program/lib.sh
loose=$images/loose
opt="--pfx $keys/agent.pfx --password-file $pw"

# One tree with loose files of every form, and the keys of two users.
mkdir -p "$tmp/t"
cp -r "$loose/basic/raw" "$loose/basic/ntfs3g" "$loose/basic/pair" \
	"$loose/basic/pfile" "$tmp/t"
collect_kape wiki "$tmp/t"
collect_velociraptor five "$tmp/t"
head -c 300000 /dev/urandom >"$tmp/t/noise.bin"
find "$tmp/t" -exec touch -d 2024-05-06T07:08:10Z {} +

pack() { # NAME: pack $tmp/t into $tmp/NAME
	case $1 in
	*.zip) (cd "$tmp/t" && zip -q -r "$tmp/$1" .) ;;
	*.7z) (cd "$tmp/t" && 7z a -bso0 -bsp0 "$tmp/$1" .) ;;
	*.tar) tar -C "$tmp/t" -cf "$tmp/$1" . ;;
	*.pax.gz) bsdtar -C "$tmp/t" --format=pax -czf "$tmp/$1" . ;;
	*.tar.xz) tar -C "$tmp/t" -cJf "$tmp/$1" . ;;
	*.tar.bz2) tar -C "$tmp/t" --format=ustar -cjf "$tmp/$1" . ;;
	*.tar.zst) bsdtar -C "$tmp/t" --zstd -cf "$tmp/$1" . ;;
	esac
}

# The records but for the evidence's own fields.
records() { # DIR >
	jq -c 'select(.kind == "file" or .kind == "key") |
		del(.evidence) | .source |= (if type == "object" then
			del(.evidence) else null end) |
		if .output then .output |= sub("^files/[^/]*/"; "") else . end |
		if .kind == "key" then {type, id, sid, state, path:
			.source.path, opens} else . end' \
		"$1/report.jsonl"
}

recover() { # EVIDENCE
	rm -rf "$tmp/o"
	# shellcheck disable=SC2086 # a list of options
	run recover $opt -o "$tmp/o" "$@"
	clean_run "$1"
}

recover "$tmp/t"
is $rc 1 'the folder: the pairs are cut'
records "$tmp/o" >"$tmp/wanted"
grep -c '"kind":"file"' "$tmp/wanted" | awk '{ exit !($1 >= 20) }'
ok $? 'the folder has at least twenty encrypted files'
grep -c '"type":"private_key"' "$tmp/wanted" | awk '{ exit !($1 >= 2) }'
ok $? 'and private keys'
(cd "$tmp/o/files/t" && find . -type f -exec sha256sum {} + | sort) \
	>"$tmp/files"
for name in a.zip a.7z a.tar a.pax.gz a.tar.xz a.tar.bz2 a.tar.zst; do
	pack $name
	recover "$tmp/$name"
	is $rc 1 "$name is read"
	records "$tmp/o" >"$tmp/got"
	cmp "$tmp/wanted" "$tmp/got" >/dev/null
	ok $? "$name has the records of the folder"
	(cd "$tmp/o/files/$name" && find . -type f -exec sha256sum {} + |
		sort) | cmp -s - "$tmp/files"
	ok $? "$name has the files of the folder"
	[ "$name" = a.tar.xz ] || rm -f "$tmp/$name"
done

run info "$tmp/a.tar.xz" --report jsonl=-
is "$(jq -r 'select(.kind == "evidence") | .format' "$tmp/out")" xz \
	'info names the packer'
cp "$tmp/a.tar.xz" "$tmp/a.img"
recover "$tmp/a.img"
is $rc 1 'its name does not matter'

# Metadata that comes before its file, and behind it.
for order in 'letter.txt letter.txt.efsinfo' 'letter.txt.efsinfo letter.txt'; do
	# shellcheck disable=SC2086 # two names
	tar -C "$loose/basic/ntfs3g/Users/ann" -czf "$tmp/order.tgz" $order
	recover "$tmp/order.tgz"
	is $rc 0 "in this order: $order"
done
mkdir "$tmp/big"
cp "$loose/basic/ntfs3g/Users/ann/shared with bob.bin" "$tmp/big/a"
cp "$loose/basic/ntfs3g/Users/ann/shared with bob.bin.efsinfo" \
	"$tmp/big/a.efsinfo"
[ "$(stat -c %s "$tmp/big/a")" -gt 65536 ]
ok $? 'a large file is passed over'
tar -C "$tmp/big" -cf "$tmp/order.tar" a a.efsinfo
recover "$tmp/order.tar"
is $rc 0 'and had in a second pass'

# Extended attributes of a tar.
cp "$tmp/big/a" "$tmp/big/x"
if setfattr -n user.ntfs.efsinfo -v "0x$(xxd -p -c 100000 \
	"$tmp/big/a.efsinfo")" "$tmp/big/x" 2>/dev/null; then
	tar -C "$tmp/big" --xattrs -cf "$tmp/x.tar" x
	bsdtar -C "$tmp/big" --xattrs --format=pax -cf "$tmp/y.tar" x
	for name in x.tar y.tar; do
		recover "$tmp/$name"
		is $rc 0 "$name: \$EFS in an extended attribute"
	done
else
	skip 'extended attributes' 'the file system has none'
fi

# Letters that the locale lacks.
mkdir "$tmp/letters"
cp "$loose/basic/raw/Users/ann/letter.txt.efs" "$tmp/letters/Grüße 漢字.efs"
(cd "$tmp/letters" && zip -q ../l.zip ./* && 7z a -bso0 -bsp0 ../l.7z ./* &&
	tar -cf ../l.tar ./* && bsdtar --format=pax -cf ../l.pax ./*)
for name in l.zip l.7z l.tar l.pax; do
	LC_ALL=C "$efsleuth" audit "$tmp/$name" --report jsonl=- \
		>"$tmp/out" 2>"$tmp/err"
	is "$(jq -r 'select(.kind == "file") | .path' "$tmp/out")" \
		'/Grüße 漢字.efs' "$name: letters that the locale lacks"
done

# What cannot be read is said, and the rest is.
(cd "$tmp/t" && zip -q -r -P secret "$tmp/locked.zip" raw &&
	zip -q -r "$tmp/locked.zip" ntfs3g)
recover "$tmp/locked.zip"
is $rc 1 'a zip with a password'
says 'behind a password of the archive' 'names what is behind it'
compare_dir=$(find "$tmp/o/files" -name 'letter.txt' | wc -l)
is "$compare_dir" 1 'and reads what is not'
pack a.zip
size=$(stat -c %s "$tmp/a.zip")
head -c $((size * 2 / 3)) "$tmp/a.zip" >"$tmp/cut.zip"
recover "$tmp/cut.zip"
is $rc 1 'a zip that was cut'
jq -r 'select(.kind == "file") | .status' "$tmp/o/report.jsonl" |
	grep -q recovered
ok $? 'what is before the cut is recovered'
jq -r 'select(.kind == "volume") | .reason' "$tmp/o/report.jsonl" |
	grep -q 'cut\|Trunc\|fail'
ok $? 'and the record says what is missing'
tar -C "$tmp/t" -cf "$tmp/cut.tar" pair ntfs3g
head -c 200000 "$tmp/cut.tar" >"$tmp/cut2.tar"
recover "$tmp/cut2.tar"
is $rc 1 'a tar that was cut'
jq -r 'select(.kind == "file") | .status' "$tmp/o/report.jsonl" |
	grep -q recovered
ok $? 'what is before the cut is recovered, too'

# Not ours.
gzip -c "$images/basic.img" >"$tmp/image.gz"
run audit "$tmp/image.gz"
is $rc 3 'a packed image is no archive'
says 'packed by gzip, and in it no archive of files' 'and is named'
says 'unpack it first' 'with what to do'
printf 'Rar!\032\007\001\000and so on' >"$tmp/a.rar"
run audit "$tmp/a.rar"
is $rc 3 'a rar'
says 'a rar archive, which this program does not read' 'is named'
printf 'PK\003\004garbage and no archive at all' >"$tmp/bad.zip"
run audit "$tmp/bad.zip"
[ $rc = 3 ] || [ $rc = 1 ]
ok $? 'the begin of a zip, and garbage'
clean_run 'bad.zip'

# Hostile names stay in the output folder.
mkdir "$tmp/h"
cp "$loose/basic/raw/Users/ann/letter.txt.efs" "$tmp/h/x.efs"
for name in ../../escape /abs/olute 'a\b\c' 'x/../../y' '..' "$(printf 'e\033[31mf')"; do
	python3 - "$tmp/h/x.efs" "$tmp/h.zip" "$name" <<-'END'
		import sys, zipfile
		with zipfile.ZipFile(sys.argv[2], 'w') as z:
		    z.writestr(zipfile.ZipInfo(sys.argv[3]),
		        open(sys.argv[1], 'rb').read())
	END
	recover "$tmp/h.zip"
	is $rc 0 "a member called $name"
done
find "$tmp" -name 'escape*' -o -name olute -o -name y | grep -v "^$tmp/o/" |
	grep -q .
is $? 1 'nothing is written outside of the folder'

# A bomb: nothing in it is worth a look, and it ends.
head -c 200000000 /dev/zero | gzip -9 >"$tmp/zeros.gz"
python3 - "$tmp/bomb.tgz" <<'END'
import io, sys, tarfile
class Zeros(io.RawIOBase):
    def read(self, n=-1): return bytes(n)
with tarfile.open(sys.argv[1], 'w:gz', compresslevel=9) as t:
    i = tarfile.TarInfo('S-1-5-21-1/SOFTWARE'); i.size = 600 << 20
    t.addfile(i, Zeros())
    i = tarfile.TarInfo('big'); i.size = 100 << 20
    t.addfile(i, Zeros())
END
run audit "$tmp/bomb.tgz"
[ $rc = 1 ] || [ $rc = 3 ]
ok $? 'a member of 600 MiB that calls itself a hive'
says 'a member is too large' 'is not believed'

# A sparse member whose parts are in no order, and a header that is damaged: what
# is behind them is read all the same.
mkdir "$tmp/s"
cp "$tmp/h/x.efs" "$tmp/s"
truncate -s 1M "$tmp/s/holes"
for at in 4 16; do
	printf data | dd of="$tmp/s/holes" bs=1K seek=$at conv=notrunc status=none
done
tar -C "$tmp/s" --format=gnu --sparse -cf "$tmp/s1.tar" holes x.efs
echo first >"$tmp/s/first"
echo second >"$tmp/s/second"
tar -C "$tmp/s" -cf "$tmp/s2.tar" first second x.efs
perl -e 'my ($order, $header) = @ARGV;
	open my $f, "+<", $order or die "$order: $!";
	seek $f, 386, 0; read $f, my $parts, 48;
	seek $f, 386, 0; print $f substr($parts, 24) . substr $parts, 0, 24;
	open $f, "+<", $header or die "$header: $!";
	seek $f, 1172, 0; print $f "7777777"' "$tmp/s1.tar" "$tmp/s2.tar"
recover "$tmp/s1.tar"
says 'holes: Encountered out-of-order sparse blocks' 'parts in no order are said'
is "$(find "$tmp/o/files" -type f | sed "s|.*/files/||")" s1.tar/x \
	'what is behind them is read'
recover "$tmp/s2.tar"
says 'Damaged tar archive' 'a damaged header is said'
is "$(find "$tmp/o/files" -type f | sed "s|.*/files/||")" s2.tar/x \
	'what is behind it is read'

# An archive in a folder that was packed on Windows by an old tool.
python3 - "$tmp/h/x.efs" "$tmp/w.zip" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[2], 'w') as z:
    i = zipfile.ZipInfo('x'); i.filename = 'C\\Users\\ann\\x.efs'
    i.create_system = 0
    z.writestr(i, open(sys.argv[1], 'rb').read())
END
recover "$tmp/w.zip"
is "$(find "$tmp/o/files" -type f | sed "s|.*/files/||")" \
	w.zip/C/Users/ann/x 'paths with the sign of Windows'
# A disk image in it is a disk, not one of the files: KAPE may leave a zip with
# nothing but a VHDX in it.
mkdir "$tmp/kape"
qemu-img convert -f raw -O vhdx "$images/basic.img" "$tmp/kape/host.vhdx"
(cd "$tmp/kape" && zip -q ../kape.zip host.vhdx)
for e in "$tmp/kape" "$tmp/kape.zip"; do
	run audit "$e"
	is $rc 3 "a disk image in ${e##*/}: exit status"
	says 'host.vhdx is a disk image, and not opened in there' \
		"a disk image in ${e##*/}: said"
	clean_run "a disk image in ${e##*/}"
done

done_testing
