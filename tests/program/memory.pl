#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# memory.pl PID FORMS - which of these secrets are in the memory of a process?
#
# FORMS has a line for each: its name, a tab, its bytes in hex.  A line is printed
# for each secret and mapping that holds it: "locked" if the pages are locked and
# in no core file, "open" if not; the name of the secret; the mapping.
use strict;
use warnings;

my ($pid, $list) = @ARGV;
my %forms;
open(my $in, '<', $list) or die "$list: $!";
while (<$in>) {
	chomp;
	my ($name, $hex) = split(/\t/);
	$forms{pack('H*', $hex)} = $name;
}
open(my $smaps, '<', "/proc/$pid/smaps") or die "smaps: $!";
open(my $mem, '<:raw', "/proc/$pid/mem") or die "mem: $!";
my ($from, $to, $access, $what, $looked) = (0, 0, '', '', 0);
while (<$smaps>) {
	if (/^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/) {
		no warnings 'portable';
		($from, $to, $access, $what) = (hex($1), hex($2), $3, $4);
		next;
	}
	next unless $access =~ /^r/ && $what !~ /^\[v/ && /^VmFlags: (.*)/;
	my %flag = map { $_ => 1 } split(/ /, $1);
	my $data;
	sysseek($mem, $from, 0) or next;
	my $got = sysread($mem, $data, $to - $from);
	next unless $got;
	$looked += $got;
	for my $form (sort keys %forms) {
		next if index($data, $form) < 0;
		printf("%s\t%s\t%s+%x\n", $flag{lo} && $flag{dd} ?
			'locked' : 'open', $forms{$form}, $what || 'anonymous',
			index($data, $form));
	}
}
die "memory was not read\n" unless $looked;
print "looked\n";
