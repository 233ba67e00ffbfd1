#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# badmd5.pl FILE.E01 MD5 - have an EnCase image store another MD5 than this,
# with checksums that are right
use strict;
use warnings;

sub adler32 {
	my ($x, $y) = (1, 0);
	$x = ($x + $_) % 65521, $y = ($y + $x) % 65521 for unpack 'C*', $_[0];
	return $y << 16 | $x;
}

my ($name, $hex) = @ARGV;
local $/;
open my $f, '+<:raw', $name or die "$name: $!";
my $all = <$f>;
my $md5 = pack 'H*', $hex;
my $n = 0;
while ($all =~ /\Q$md5\E/g) {
	my $at = pos($all) - 16;
	# hash: 16 + 16 + checksum; digest: 16 + 20 + 40 + checksum
	for my $size (32, 76) {
		my $s = substr $all, $at, $size + 4;
		next if unpack('V', substr $s, $size) !=
			adler32(substr $s, 0, $size);
		substr($s, 0, 1) = chr(ord($s) ^ 1);
		substr($s, $size, 4) = pack 'V', adler32(substr $s, 0, $size);
		seek $f, $at, 0;
		print $f $s;
		$n++;
		last;
	}
}
exit !$n;
