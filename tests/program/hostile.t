#!/bin/sh
# SPDX-License-Identifier: MIT
#
# hostile.t - damaged volumes, always the same: no crash, no hang, nothing
# written outside the folder, and all that was not damaged is recovered
#
#	N	seeds, from 1 on (100); `make hostile` takes 10,000
#	FIRST	the first of them
#	JOBS	that many at once (1)
#	KEEP	a folder for what fails
first=${FIRST:-1}
exec perl tests/hostile/hostile.pl --jobs "${JOBS:-1}" \
	${KEEP:+--keep "$KEEP"} testdata/hostile/*.damage \
	"$first-$((first + ${N:-100} - 1))"
