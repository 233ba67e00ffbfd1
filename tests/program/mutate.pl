#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# mutate.pl SEED IN OUT - damage an NTFS volume, mostly in its $MFT: bytes,
# bits, extreme numbers, pieces of one record over another, a cut end
use strict;
use warnings;

my ($seed, $in, $out) = @ARGV;
srand($seed);
open(my $f, '<:raw', $in) or die "$in: $!";
my $image = do { local $/; <$f> };
my ($sector, $per_cluster) = unpack('vC', substr($image, 11, 3));
my $mft = unpack('Q<', substr($image, 48, 8)) * $sector * $per_cluster;
my @extremes = map { pack('V', $_) } 0, 0xffffffff, 0x7fffffff, 0x80000000;

sub place {
	my $r = rand();
	return int(rand(512)) if $r < 0.05;
	return $mft + int(rand(300 * 1024)) if $r < 0.8;
	return int(rand(length($image) - 4));
}

for (1 .. (1, 2, 5, 20, 100)[int(rand(5))]) {
	my $at = place();
	my $r = rand();
	if ($r < 0.4) {
		substr($image, $at, 1) = chr(int(rand(256)));
	} elsif ($r < 0.6) {
		substr($image, $at, 1) ^= chr(1 << int(rand(8)));
	} elsif ($r < 0.8) {
		substr($image, $at, 4) = $extremes[int(rand(@extremes))];
	} else {
		my $n = (8, 64, 1024)[int(rand(3))];
		my $from = $mft + int(rand(300 * 1024));
		substr($image, $at, $n) = substr($image, $from, $n)
			if $at + $n < length($image);
	}
}
$image = substr($image, 0, int(rand(length($image)))) if rand() < 0.1;
open(my $o, '>:raw', $out) or die "$out: $!";
print $o $image or die "$out: $!";
close($o) or die "$out: $!";
