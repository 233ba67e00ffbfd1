#!/bin/sh
# SPDX-License-Identifier: MIT
#
# secrets.t - the memory of a run: while it is at work passwords, hashes, master
# keys, private keys and file keys are in locked pages alone, which no core file
# holds; when it has ended they are nowhere; they are never in its arguments and
# environment
#
# What is written is held against the same secrets by chain.t and others.
. tests/program/lib.sh

[ "$B" = build ] || {
	echo '1..0 # SKIP a sanitizer has memory of its own'
	exit 0
}
lockable=$(awk '/^Max locked memory/ { print $4 }' /proc/self/limits)
hold=$PWD/$B/tests/program/hold.so

parent_of() { # PID
	awk '$1 == "PPid:" { print $2 }' "/proc/$1/status"
}

# The child of the program stops first at its end, and the program behind it.
stop_next() {
	kill -CONT "$pid"
	for _ in $(seq 1000); do
		pid=$(sed -n 2p "$tmp/id")
		[ -n "$pid" ] && grep -q '^State:.T' "/proc/$pid/status" &&
			return 0
		sleep 0.02
	done
	return 1
}

# Run the program in $tmp to POINT, and leave it there: its number is $pid.
stop_at() { # POINT ARGUMENT...
	point=$1
	shift
	rm -rf "$tmp/o" "$tmp/id"
	(cd "$tmp" && exec env LD_PRELOAD="$hold" HOLD_AT="$point" \
		HOLD_ID="$tmp/id" "$efsleuth" "$@") >"$tmp/out" 2>"$tmp/err" &
	child=$! pid=
	for _ in $(seq 1000); do
		pid=$(head -1 "$tmp/id" 2>/dev/null)
		[ -n "$pid" ] && grep -q '^State:.T' "/proc/$pid/status" &&
			return 0
		kill -0 $child 2>/dev/null || return 1
		sleep 0.02
	done
	return 1
}

# Until the last of its processes has ended.
go_on() {
	while kill -0 $child 2>/dev/null; do
		while read -r each; do
			kill -CONT "$each" 2>/dev/null
		done <"$tmp/id"
		sleep 0.02
	done
	wait $child 2>/dev/null
}

# In the process that has stopped, and in its parent.
look() { # NAME
	: >"$tmp/found"
	for each in "$pid" "$(parent_of "$pid")"; do
		perl tests/program/memory.pl "$each" "$tmp/forms" \
			>>"$tmp/found" 2>&1
	done
	is "$(grep -cx looked "$tmp/found")" 2 "$1: the memory was read"
	sed 's/^/# /' "$tmp/found" | grep -v '^# locked\|^# looked' | sort -u |
		head -20
}

# What NAME is called, and the secrets in $tmp/forms that have to be there while
# it is at work: else the test sees nothing.
secret_memory() { # NAME PRESENT ARGUMENT...
	name=$1 present=$2
	shift 2
	if [ -z "$present" ]; then
		: # it writes no plaintext
	elif stop_at 2 "$@"; then
		look "$name, at work"
		grep -q "^locked	$present" "$tmp/found"
		ok $? "$name, at work: what is looked for can be found"
		if [ "$lockable" = unlimited ] || [ "$lockable" -ge 4000000 ]
		then
			! grep -q '^open' "$tmp/found"
			ok $? "$name, at work: secrets are in locked pages alone"
		else
			skip "$name, at work: secrets are in locked pages alone" \
				'so much memory may not be locked here'
		fi
		tr '\0' '\n' <"/proc/$pid/cmdline" >"$tmp/args"
		tr '\0' '\n' <"/proc/$pid/environ" >>"$tmp/args"
		! perl -ne 'BEGIN { open(F, "<", shift); while (<F>) { chomp;
			push @f, pack("H*", (split /\t/)[1]) } }
			for my $f (@f) { $bad = 1 if index($_, $f) >= 0 }
			END { exit !$bad }' "$tmp/forms" "$tmp/args"
		ok $? "$name, at work: none is in the arguments and environment"
		go_on
	else
		ok 1 "$name: it stops at work"
		sed 's/^/# /' "$tmp/err"
	fi
	if stop_at end "$@"; then
		for who in 'its child' 'it'; do
			perl tests/program/memory.pl "$pid" "$tmp/forms" \
				>"$tmp/found" 2>&1
			grep -qx looked "$tmp/found" &&
				! grep -qE '^(open|locked)' "$tmp/found"
			ok $? "$name, at the end of $who: no secret is left"
			grep '^locked' "$tmp/found" | sort -u | head -5 |
				sed 's/^/# /'
			[ "$who" = it ] || stop_next
			ok $? "$name: they have ended one after the other"
		done
		go_on
	else
		ok 1 "$name: it stops at the end"
		sed 's/^/# /' "$tmp/err"
	fi
}

# ------------------------------------------------- key files and file keys

fek=9d3f61c8a40be7527b1ed9036cf4158aa2570cb97e43d81f65e0932b4dc7f618
des=c815e92f6b7a43d0523b8c61f4e09d7a19c7a6d38f54e20b
{
	head_of
	echo "file /small size=20000 fek=hex:$fek"
	echo "file /large size=3M data=random:1 fek=hex:$fek"
	echo "file /old alg=3des size=70000 fek=hex:$des"
} | volume "$tmp/keys.img" 16M

forms() { perl tests/program/forms.pl "$@"; }
{
	forms key "$keys/agent.key"
	forms text password "$(cat "$pw")"
	forms hex 'file key' $fek
	forms hex 'file key of 3DES' $des
} >"$tmp/forms"
secret_memory 'PFX' 'file key' recover keys.img --pfx "$keys/agent.pfx" \
	--password-file "$pw" -j 2 -o o
secret_memory 'PEM' 'prime1' recover keys.img --key "$keys/agent.key" \
	-j 1 -o o
secret_memory 'exported' 'prime1' recover keys.img --pfx "$keys/agent.pfx" \
	--password-file "$pw" -j 2 -o o --export-keys out-keys

# ------------------------------------------------------ the chain of Windows

forms tree "$profiles/secrets.tsv" wiki >"$tmp/forms"
secret wiki gentil password >"$tmp/words"
secret_memory 'DPAPI' 'prime' recover "$images/chain.img" \
	--password-file "$tmp/words" -j 2 -o o

forms tree "$profiles/secrets.tsv" credhist >"$tmp/forms"
for who in noor yuki; do secret credhist $who password; done >"$tmp/words"
secret_memory 'CREDHIST' 'prime' recover "$images/credhist.img" \
	--password-file "$tmp/words" -j 2 -o o
secret_memory 'keys' '' keys "$images/credhist.img" \
	--password-file "$tmp/words" -j 2

forms tree "$profiles/secrets.tsv" machine | grep -v '^boot-key' >"$tmp/forms"
secret_memory 'hives' 'prime' recover "$images/machine.img" -j 2 -o o

# ------------------------------------------------- the processes of a batch

# Each of them that stops is looked at, and goes on.
look_at_all() { # NAME POINT ARGUMENT...
	name=$1 point=$2
	shift 2
	rm -rf "$tmp/o" "$tmp/id"
	: >"$tmp/id"
	: >"$tmp/all"
	(cd "$tmp" && exec env LD_PRELOAD="$hold" HOLD_AT="$point" \
		HOLD_ID="$tmp/id" "$efsleuth" "$@") >"$tmp/out" 2>"$tmp/err" &
	child=$! seen=0
	while kill -0 $child 2>/dev/null; do
		pid=$(sed -n "$((seen + 1))p" "$tmp/id")
		if [ -n "$pid" ] && grep -q '^State:.T' "/proc/$pid/status"; then
			seen=$((seen + 1))
			tr '\0' '\n' <"/proc/$pid/cmdline" |
				grep -F "$(cat "$pw")" && echo 'open	argument'
			perl tests/program/memory.pl "$pid" "$tmp/forms" 2>&1
			kill -CONT "$pid"
		else
			sleep 0.02
		fi
	done >"$tmp/all"
	wait $child
	rc=$?
	is "$(grep -cx looked "$tmp/all")" $seen "$name: all memory was read"
	sed 's/^/# /' "$tmp/all" | grep -v '^# looked' | sort | uniq -c |
		grep -v locked | head -5
}

{
	forms key "$keys/agent.key"
	forms text password "$(cat "$pw")"
	forms hex 'file key' $fek
} >"$tmp/forms"
cp "$tmp/keys.img" "$tmp/two.img"
set -- batch keys.img two.img --pfx "$keys/agent.pfx" --password-file "$pw" -o o
look_at_all 'batch, at work' 1 "$@"
is $rc 0 'batch, at work: exit status'
[ $seen -ge 2 ] && grep -q '^locked	password' "$tmp/all"
ok $? 'batch, at work: its processes hold secrets'
! grep -q '^open' "$tmp/all"
ok $? 'batch, at work: in locked pages alone'
look_at_all 'batch, at the end' end "$@"
[ $seen -ge 4 ] && ! grep -qE '^(open|locked)' "$tmp/all"
ok $? "batch, at the end: none of $seen processes has a secret left"

# --------------------------------------------------------------- core files

# Of a user who has no right to read it: nobody may look at its memory.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mkfifo "$tmp/fifo"
	chmod 755 "$tmp"
	setpriv --reuid=65534 --clear-groups "$efsleuth" keys \
		--password-file "$tmp/fifo" "$images/chain.img" \
		>"$tmp/out" 2>"$tmp/err" &
	child=$!
	exec 9>"$tmp/fifo" # when it has come so far
	is "$(stat -c %u "/proc/$child/mem")" 0 \
		'its memory and environment are not its own user'"'"'s to read'
	is "$(awk '/Max core file size/ { print $5, $6 }' "/proc/$child/limits")" \
		'0 0' 'a core file is of no bytes'
	exec 9>&-
	wait $child
else
	skip 'its memory and environment are not its own user'"'"'s to read' \
		'takes root, and setpriv'
fi
done_testing
