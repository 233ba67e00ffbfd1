#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# exfat.pl IMAGE FILE... - put files into the root of an empty exFAT volume
#
# Nothing else does without mounting it.  Each file is one run of clusters, of
# which the FAT says nothing ("NoFatChain").  After Microsoft's "exFAT file
# system specification", 3.1, 6.3, 7.4, 7.6, 7.7.
use strict;
use warnings;
use Encode qw(decode encode);
use File::Basename qw(basename);

my ($image, @files) = @ARGV;
open my $f, '+<:raw', $image or die "$image: $!\n";

sub get {
	my ($at, $n) = @_;
	seek $f, $at, 0;
	read($f, my $bytes, $n) == $n or die "$image: too short\n";
	return $bytes;
}

sub put {
	my ($at, $bytes) = @_;
	seek $f, $at, 0;
	print $f $bytes;
}

# Sectors: where the clusters begin; number of the root's first.
my ($heap, $count, $root) = unpack 'V3', get(0x58, 12);
my ($sector, $cluster) = map { 1 << $_ } unpack 'C2', get(0x6c, 2);
$cluster *= $sector;
sub place { return $heap * $sector + ($_[0] - 2) * $cluster }

my $end = place($root);
$end += 32 while ord get($end, 1);
my $free = $root + 1;

for my $path (@files) {
	open my $in, '<:raw', $path or die "$path: $!\n";
	my $data = do { local $/; <$in> };
	my $name = encode('UTF-16LE', decode('UTF-8', basename $path));
	my @parts = unpack '(a30)*', $name;
	my $set = pack('CCvvx2V3x12', 0x85, 1 + @parts, 0, 0x20,
		(0x58a638e4) x 3)
		. pack('CCxCvx2Q<x4VQ<', 0xc0, 3, length($name) / 2, 0,
		length $data, $free, length $data)
		. join '', map { pack 'CCa30', 0xc1, 0, $_ } @parts;
	my $sum = 0;

	for my $i (0 .. length($set) - 1) {
		next if $i == 2 || $i == 3;
		$sum = (($sum & 1) << 15) + ($sum >> 1)
			+ ord(substr $set, $i, 1) & 0xffff;
	}
	substr $set, 2, 2, pack 'v', $sum;
	$end + length($set) < place($root + 1) or die "$image: too many\n";
	put($end, $set);
	$end += length $set;
	put(place($free), $data);
	$free += int((length($data) + $cluster - 1) / $cluster);
	$free < $count + 2 or die "$image: too small\n";
}
close $f or die "$image: $!\n";
