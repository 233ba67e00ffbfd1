# SPDX-License-Identifier: MIT
#
# Needs.pm - which bytes of an image each of its encrypted files depends on, from
# what efsneeds and mkvss.py say of it
#
# A view is a volume or a shadow copy of it.  Nothing but damage to these bytes
# excuses that a file of the view is not recovered.  So this says, too, what must
# not matter: other files' records and clusters, directories and their indexes,
# all files of the volume itself but the first.
package Needs;
use strict;
use warnings;

use constant BLOCK => 16384; # of a shadow copy

# `offset` of the volume; `file` of efsneeds; `copy`, 0 for the volume itself,
# and `map` of mkvss.py, or undef.  `also` are ranges that everything needs.
sub new {
	my ($class, %how) = @_;
	my $v = bless({ %how, files => {}, parts => {}, all => [] }, $class);
	$v->{also} //= [];
	$v->read_map if $v->{map};
	open(my $in, '<', $how{file}) or die "$how{file}: $!";
	while (<$in>) {
		chomp;
		my ($mft, $stream, $part, $at, $n) = split(/\t/);
		$v->add($mft, $stream, $part, $v->places($at, $n));
	}
	return $v;
}

# A shadow copy shows what its own store holds, else what a newer one does,
# else what the volume does.
sub read_map {
	my $v = shift;
	open(my $in, '<', $v->{map}) or die "$v->{map}: $!";
	while (<$in>) {
		chomp;
		my ($copy, $at, $place, $n) = split(/\t/);
		my $range = [$v->{offset} + $place, $n];
		if ($at ne '-') {
			$v->{store}{$copy}{$at / BLOCK} = $place;
			next;
		}
		push(@{ $v->{parts}{store} }, $range);
		# The list of all copies is read before any of them.
		push(@{ $v->{also} }, $range) if $v->{copy};
	}
}

sub place {
	my ($v, $block) = @_;
	for my $copy ($v->{copy} .. keys(%{ $v->{store} })) {
		my $place = $v->{store}{$copy}{$block};
		return $place if defined($place);
	}
	return $block * BLOCK;
}

sub places {
	my ($v, $at, $n) = @_;
	return [$v->{offset} + $at, $n] unless $v->{copy};
	my @all;
	while ($n) {
		my $off = $at % BLOCK;
		my $some = BLOCK - $off < $n ? BLOCK - $off : $n;
		push(@all, [$v->{offset} + $v->place(($at - $off) / BLOCK) +
			$off, $some]);
		$at += $some;
		$n -= $some;
	}
	return @all;
}

sub add {
	my ($v, $mft, $stream, $part, @ranges) = @_;
	push(@{ $v->{parts}{$part} }, @ranges);
	push(@{ $v->{first}{$part} }, @ranges) if $mft eq '0';
	push(@{ $v->{files}{$mft}{$stream} }, @ranges)
		if $part =~ /^(record|list|efs|data)$/;
}

# ----------------------------------------------------------------- questions

# Ranges that do not overlap, ascending.
sub merged {
	my @all;
	for (sort { $a->[0] <=> $b->[0] } @_) {
		my ($at, $n) = @$_;
		my $last = $all[-1];
		if (@all && $at <= $last->[0] + $last->[1]) {
			my $end = $at + $n;
			$last->[1] = $end - $last->[0]
				if $end > $last->[0] + $last->[1];
		} else {
			push(@all, [$at, $n]);
		}
	}
	return \@all;
}

# Does any of these ranges overlap one of those, which are merged?
sub overlap {
	my ($ranges, $touched) = @_;
	for my $r (@$ranges) {
		my ($low, $high) = (0, scalar(@$touched));
		while ($low < $high) {
			my $i = ($low + $high) >> 1;
			my $t = $touched->[$i];
			if ($t->[0] + $t->[1] <= $r->[0]) {
				$low = $i + 1;
			} else {
				$high = $i;
			}
		}
		return 1 if $low < @$touched &&
			$touched->[$low][0] < $r->[0] + $r->[1];
	}
	return 0;
}

# Is what the whole view depends on there?  A boot sector or a first record that
# is not one any more sends a reader to its copy; one that is a little wrong may
# be believed.
sub readable {
	my ($v, $touched, $get) = @_;
	my $p = $v->{parts};
	my @rest = @{ $v->{files}{0}{'*'} };
	my $first = shift(@rest);
	my ($boot) = @{ $p->{boot} };

	return 0 if overlap($v->{also}, $touched);
	return 0 if overlap($p->{boot}, $touched) &&
		($v->{copy} || $get->($boot->[0], 8) eq 'NTFS    ' ||
			overlap($p->{backup}, $touched));
	return 0 if overlap([$first], $touched) &&
		($get->($first->[0], 4) eq 'FILE' ||
			overlap($p->{mirror}, $touched));
	return !overlap([@rest, @{ $v->{files}{0}{'-'} // [] }], $touched);
}

# Is this stream of a view that is readable?
sub intact {
	my ($v, $mft, $stream, $touched) = @_;
	my $file = $v->{files}{$mft} // return 0;
	return !overlap($file->{'*'}, $touched) &&
		!overlap($file->{$stream} // [], $touched);
}

1;
