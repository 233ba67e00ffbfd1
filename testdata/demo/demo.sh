#!/bin/sh
# SPDX-License-Identifier: MIT
#
# demo.sh PROGRAM - recover the bundled image with its recovery agent's key
set -eu
efsleuth=$1
here=testdata/demo
out=build/demo

rm -rf $out
mkdir -p build
xz -dc $here/demo.img.xz >build/demo.img

show() { printf '\n$ %s\n' "$*"; "$@"; }

show "$efsleuth" info build/demo.img
show "$efsleuth" recover build/demo.img --pfx $here/agent.pfx \
	--password-file $here/password.txt -o $out || [ $? = 1 ]
printf '\nOpen the report in a browser:  %s/%s/report.html\n' "$PWD" $out
