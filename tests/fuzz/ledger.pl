#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# ledger.pl FILE [COMMIT DATE] - how long each target was fuzzed, in total
#
# With COMMIT and DATE it adds what standard input says of one run: lines of
# target, seconds, inputs, findings.  A run that found something adds to the
# findings alone.  Without, it prints the file with all seconds as hours.
use strict;
use warnings;

my ($file, $commit, $date) = @ARGV;
my $head = join "\t", qw(target seconds inputs findings commit date);
my %rows;

if (open my $in, '<', $file) {
	<$in>;
	while (<$in>) {
		chomp;
		my ($target, @rest) = split /\t/;
		$rows{$target} = \@rest;
	}
}
if (!$commit) {
	my $all = 0;

	for (sort { $rows{$a}[0] <=> $rows{$b}[0] } keys %rows) {
		my ($seconds, $inputs, $findings, @last) = @{ $rows{$_} };

		$all += $seconds;
		printf "%-20s %7.2f h %14d inputs %3d findings  %s %s\n", $_,
			$seconds / 3600, $inputs, $findings, @last;
	}
	printf "%-20s %7.2f h\n", 'all', $all / 3600;
	exit;
}
while (<STDIN>) {
	chomp;
	my ($target, $seconds, $inputs, $findings) = split /\t/;
	my $row = $rows{$target} //= [0, 0, 0, '-', '-'];

	($row->[0], $row->[1]) = ($row->[0] + $seconds, $row->[1] + $inputs)
		unless $findings;
	$row->[2] += $findings;
	@$row[3, 4] = ($commit, $date);
}
open my $out, '>', "$file.part" or die "$file.part: $!\n";
print $out "$head\n";
print $out join("\t", $_, @{ $rows{$_} }), "\n" for sort keys %rows;
close $out or die "$file.part: $!\n";
rename "$file.part", $file or die "$file: $!\n";
