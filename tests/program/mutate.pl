#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# mutate.pl SEED IN OUT - damage an NTFS volume, mostly in its $MFT: bytes,
# bits, extreme numbers, pieces of one record over another, a cut end
use strict;
use warnings;
use lib 'tests/hostile';
use Damage;

my ($seed, $in, $out) = @ARGV;
open(my $f, '<:raw', $in) or die "$in: $!";
my $image = do { local $/; <$f> };
my $damage = Damage->new(\$image);
srand($seed);
$damage->blind($seed);
$image = substr($image, 0, $damage->{cut}) if defined($damage->{cut});
open(my $o, '>:raw', $out) or die "$out: $!";
print $o $image or die "$out: $!";
close($o) or die "$out: $!";
