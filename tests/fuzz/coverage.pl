#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# coverage.pl FOLDER LEAST - what a build with --coverage has run of a folder
#
# Reads what gcov says of every object below $B, prints for each file of FOLDER
# how many of its lines were run and which were not, and fails below LEAST per
# cent of all of them.  A line of a header counts once, whoever includes it.
use strict;
use warnings;
use File::Find;
use JSON::PP;

my ($folder, $least) = @ARGV;
my $build = $ENV{B} or die "B is not set\n";
my (@notes, %runs);

# What no program has linked was never run; of the folder it counts even so.
find({ no_chdir => 1, wanted => sub {
	my ($stem) = /^(.*)\.gcno$/ or return;
	push @notes, $_ if -e "$stem.gcda" || m{^\Q$build/$folder\E/};
} }, $build);
die "$build: nothing was built with --coverage\n" unless @notes;

for my $note (sort @notes) {
	open my $gcov, '-|', 'gcov', '--stdout', '--json-format', $note
		or die "gcov: $!\n";
	while (my $line = <$gcov>) {
		add(decode_json($line));
	}
	close $gcov or die "gcov $note: failed\n";
}

sub add {
	my ($all) = @_;

	for my $file (grep { $_->{file} =~ m{^\Q$folder\E/[^/]+$} }
		@{ $all->{files} }) {
		$runs{ $file->{file} }{ $_->{line_number} } += $_->{count}
			for @{ $file->{lines} };
	}
}

# "12-14, 20"
sub ranges {
	my ($lines, $missed) = @_;
	my (@out, $open);

	for my $n (sort { $a <=> $b } keys %$lines) {
		if ($lines->{$n}) {
			$open = undef;
		} elsif ($open) {
			$open->[1] = $n;
		} else {
			push @out, $open = [$n, $n];
		}
	}
	return join ', ', map { $_->[0] == $_->[1] ? $_->[0] : "$_->[0]-$_->[1]" }
		@out;
}

# Rounded down: 94.99 is not 95.
sub per_cent { return int(10000 * $_[0] / ($_[1] || 1)) / 100 }

my ($run, $all) = (0, 0);
printf "%-30s %5s %5s %7s  %s\n", 'file', 'lines', 'run', '%', 'not run';
for my $file (sort keys %runs) {
	my $n = keys %{ $runs{$file} };
	my $hit = grep { $_ } values %{ $runs{$file} };

	$run += $hit;
	$all += $n;
	printf "%-30s %5d %5d %7.2f  %s\n", $file, $n, $hit, per_cent($hit, $n),
		ranges($runs{$file});
}
my $share = per_cent($run, $all);
printf "%-30s %5d %5d %7.2f  %s\n", "$folder/", $all, $run, $share,
	"$least are asked for";
exit($share < $least || !$all);
