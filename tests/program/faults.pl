#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# faults.pl DIR WHOLE STATUS ERR - is what a run left in DIR true?  A line is
# printed for what is not.
#
# WHOLE is the folder of a run that was not disturbed, whose files are right; ERR
# is what this one said.
use strict;
use warnings;
use File::Find;
use JSON::PP;

my ($dir, $whole, $status, $err) = @ARGV;

sub slurp {
	my ($path) = @_;
	open(my $in, '<:raw', $path) or return undef;
	local $/;
	return scalar <$in> // '';
}

my $said = slurp($err) // '';
print "status $status\n" unless $status =~ /^(0|1|3|4|5|130)$/;
print "nothing is said\n" if $status && $said !~ /^efsleuth: \S/m;
# what GLib and the C library say when there is no memory is theirs
for (split(/\n/, $said)) {
	print "not ours: $_\n" unless /^efsleuth: / || $_ eq '' ||
		/MEMORY-ERROR|GLib-ERROR/;
}

# Where a unit could not be read, and is zeros.
sub same_but_holes {
	my ($is, $wanted, @holes) = @_;
	return '' if length($is) != length($wanted);
	for (@holes) {
		my ($at, $n) = ($_->{offset}, $_->{size});
		return '' if substr($is, $at, $n) =~ /[^\0]/;
		substr($_, $at, $n) = "\0" x $n for $wanted;
	}
	return $is eq $wanted;
}

my (%record, $summary);
if (open(my $in, '<', "$dir/report.jsonl")) {
	while (<$in>) {
		my $r = eval { JSON::PP->new->utf8->decode($_) };
		if (!$r) {
			print "report.jsonl: not JSON\n";
			last;
		}
		$summary = $r if $r->{kind} eq 'summary';
		next unless $r->{kind} eq 'file';
		if (!defined($r->{output})) {
			print "$r->{path}: recovered, but where?\n"
				if $r->{status} =~ /^recovered/;
			print "$r->{path}: no reason\n"
				unless $r->{reason} || $r->{status} =~ /^recov/;
			next;
		}
		$record{$r->{output}} = $r;
		print "$r->{output}: is not there\n"
			unless -e "$dir/$r->{output}";
		print "$r->{output}: is $r->{status}\n"
			unless $r->{status} =~ /^recovered/;
	}
	print "report.jsonl: no end\n" unless $summary;
}

my $files = 0;
find({ no_chdir => 1, wanted => sub {
	return unless -f;
	my $name = substr($_, length($dir) + 1);
	my $is = slurp($_);
	# a name that is refused gives way to one that any file system takes
	my $wanted = slurp("$whole/$name") //
		slurp("$whole/" . $name =~ s/%3A/:/r);
	my $r = $record{$name};
	$files++;
	if (!defined($wanted)) {
		print "$name: should not be there\n";
	} elsif ($r && $r->{status} eq 'recovered_partial') {
		print "$name: wrong outside of its holes\n"
			unless @{ $r->{holes} } &&
			same_but_holes($is, $wanted, @{ $r->{holes} });
	} elsif ($is ne $wanted) {
		print "$name: wrong, ", length($is), " bytes\n";
	}
} }, "$dir/files") if -d "$dir/files";

# What is not written whole has no name, but for the case of a run that ended
# in the middle of it.
for my $name (qw(report.html report.dfxml)) {
	next unless -e "$dir/$name";
	print "$name: no end\n" unless slurp("$dir/$name") =~
		m{</(html|dfxml)>\s*$};
}
print "hashes.txt: no end\n"
	if -e "$dir/hashes.txt" && slurp("$dir/hashes.txt") !~ /\n$/;
for (glob("$dir/*.part")) { print "$_ is left\n" unless $status == 5 }
print "0, but not everything was recovered\n"
	if $status == 0 && $files < 1;
