#!/bin/sh
# SPDX-License-Identifier: MIT
#
# nested.t - E01 of a GPT disk with a BitLocker volume that has shadow copies:
# what comes out is what comes out of the bare volume
. tests/program/lib.sh

given="--pfx $keys/ann.pfx --pfx $keys/agent.pfx --password-file $pw"

# The records of a run, without what says where the volume lies.
records() { # DIR >
	jq -cS 'select(.kind == "file") | del(.evidence, .output)' \
		"$1/report.jsonl"
}

# shellcheck disable=SC2086 # options
bare() {
	run recover -q -o "$tmp/bare" --snapshots all $given \
		"$images/history.img"
	bare_rc=$rc
	records "$tmp/bare" >"$tmp/bare.records"
}

# The same tree, the same records, the same status.
same_as_bare() { # NAME DIR EVIDENCE
	is "$rc" "$bare_rc" "$1: exit status"
	diff -r "$tmp/bare/files/history.img" "$2/files/$3" >"$tmp/diff" 2>&1
	ok $? "$1: the same tree"
	sed 's/^/# /' "$tmp/diff" | head -5
	records "$2" >"$tmp/records"
	[ -s "$tmp/records" ] && cmp -s "$tmp/bare.records" "$tmp/records"
	ok $? "$1: the same records"
	clean_run "$1"
}

# shellcheck disable=SC2086 # options
opens() { # NAME IMAGE OPTIONS...
	name=$1 image=$2
	shift 2
	rm -rf "$tmp/o"
	run recover -q -o "$tmp/o" --snapshots all $given "$@" "$image"
	same_as_bare "$name" "$tmp/o" "${image##*/}"
}

bare
is "$(cd "$tmp/bare/files/history.img" && echo v*)" 'v1 v1.s1 v1.s2' \
	'the bare volume and its shadow copies'

cp "$images/nested-password.txt" "$tmp/both.txt"
cat "$pw" >>"$tmp/both.txt"
opens 'GPT, password' "$images/nested.dd" \
	--bitlocker-password-file "$images/nested-password.txt"
opens 'GPT, one password file for all' "$images/nested.dd" \
	--password-file "$tmp/both.txt"
opens 'GPT, recovery password' "$images/nested.dd" \
	--bitlocker-recovery-file "$images/nested-recovery.txt"
opens 'GPT, .BEK file' "$images/nested.dd" \
	--bitlocker-recovery-file "$images/nested.BEK"

ewfacquire -q -u -t "$tmp/nested" -S 4MiB -c deflate:fast \
	"$images/nested.dd" >/dev/null 2>&1
[ -e "$tmp/nested.E03" ]
ok $? 'an E01 in segments'
opens 'E01' "$tmp/nested.E01" \
	--bitlocker-password-file "$images/nested-password.txt"
qemu-img convert -O qcow2 -c "$images/nested.dd" "$tmp/nested.qcow2"
opens 'QCOW2' "$tmp/nested.qcow2" \
	--bitlocker-recovery-file "$images/nested.BEK"
# a container in a container
qemu-img convert -f raw -O vhdx "$tmp/nested.qcow2" "$tmp/nested.vhdx"
opens 'QCOW2 in VHDX' "$tmp/nested.vhdx" \
	--bitlocker-recovery-file "$images/nested.BEK"
is "$(jq -r 'select(.kind == "evidence").format' "$tmp/o/report.jsonl")" \
	'QCOW2 in VHDX' 'the format says how it is nested'

# ------------------------------------------------------------------- closed

# shellcheck disable=SC2086 # options
run audit $given "$tmp/nested.E01"
is "$rc" 4 'locked, and what was given opens nothing: exit status 4'
says 'password tried, none opens it' 'locked: what was tried'
run audit "$tmp/nested.E01"
is "$rc" 3 'locked, and nothing was given: exit status 3'
says '--bitlocker-password-file' 'locked: what to do'
run info "$tmp/nested.E01"
is "$rc" 0 'info: a locked volume is described'
grep -q 'protector 2: recovery password {' "$tmp/out"
ok $? 'info: its protectors'

# ------------------------------------------------------------- key rings

run recover -q -o "$tmp/rings" --snapshots all --report jsonl="$tmp/rings.jsonl" \
	--bitlocker-recovery-file "$images/nested.BEK" "$tmp/nested.E01"
jq -r 'select(.path == "/ann/shared.bin") | .snapshot as $s | .changes[] |
	"\($s // "-") \(.change) \(.ring) \(.name)"' "$tmp/rings.jsonl" |
	LC_ALL=C sort >"$tmp/changes"
cat >"$tmp/wanted" <<'X'
- added drf agent2
- removed ddf ann(ann@PC)
- removed drf agent
s2 added ddf bob(bob@PC)
X
cmp -s "$tmp/changes" "$tmp/wanted"
ok $? 'who came and who went'
diff "$tmp/wanted" "$tmp/changes" | sed 's/^/# /'

done_testing
