#!/bin/sh
# SPDX-License-Identifier: MIT
#
# demo.sh PROGRAM - what is in the bundled image, who can open what, and what a
# recovery agent's key and two passwords bring back
set -eu
efsleuth=$1
here=testdata/demo
image=build/demo.img
out=build/demo

rm -rf $out
mkdir -p build
xz -dc $here/demo.img.xz >$image

# Of what a command prints, the first lines, and all from one that begins so.
show() { # LINES FROM COMMAND...
	lines=$1 from=$2
	shift 2
	printf '\n$ %s\n' "$*"
	"$@" >build/demo.out || [ $? = 1 ]
	awk -v lines="$lines" -v from="$from" '
		from != "" && index($0, from) == 1 { tail = 1 }
		NR <= lines || tail { if (cut) print "[" cut " lines]"
			cut = 0; print; next }
		{ cut++ }
		END { if (cut) print "[" cut " more lines]" }' build/demo.out
	rm build/demo.out
}

show 99 '' "$efsleuth" info $image
show 39 '' "$efsleuth" audit $image
show 31 'What is missing' "$efsleuth" keys $image --pfx $here/agent.pfx \
	--password-file $here/password.txt
show 99 '' "$efsleuth" recover $image --deleted --hash-evidence \
	--pfx $here/agent.pfx --password-file $here/password.txt -o $out
printf '\nOpen the report in a browser:  %s/%s/report.html\n' "$PWD" $out
