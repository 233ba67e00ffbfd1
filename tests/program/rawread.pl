#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# rawread.pl FILE [STREAM] - a second reader of raw exports, to check the first
#
# Without STREAM a line for each record.  With one ("-" is the unnamed, "$EFS"
# the metadata) the bytes that its segments place, zeros where nothing is
# stored, from its start to the end of its last unit of 512.
use strict;
use warnings;

my ($file, $wanted) = @ARGV;
open(my $in, '<:raw', $file) or die "$file: $!\n";
my $all = do { local $/; <$in> };
die "$file: no export\n"
	unless substr($all, 0, 20) eq "\0\1\0\0R\0O\0B\0S\0" . "\0" x 8;

my ($at, $name, $plain, $out) = (20, undef, 0, '');
my $size = 0;
binmode(STDOUT);

sub place { # OFFSET BYTES
	my ($off, $bytes) = @_;
	my $end = $off + length($bytes);
	$out .= "\0" x ($end - length($out)) if length($out) < $end;
	substr($out, $off, length($bytes)) = $bytes;
}

sub segment {
	my $body = shift;
	my $mine = defined $wanted && $wanted eq $name;
	if ($plain) {
		print "  plain ", length($body), "\n" unless defined $wanted;
		$out .= $body if $mine;
		return;
	}
	my ($lo, $hi, $head, $in_size, $in_valid, $format, $shift, $chunk,
		$cluster, $enc, $n) = unpack('V V V V V v C C C C v', $body);
	my $off = $lo + $hi * 2**32;
	my @sizes = unpack("x28 V$n", $body);
	my $data = substr($body, $head);
	die "strange segment\n" if $enc != 1 || $format || $chunk != $shift;
	print "  at $off size $in_size valid $in_valid unit ", 1 << $shift,
		" blocks @sizes\n" unless defined $wanted;
	$size = $off + $in_size if $mine && $off + $in_size > $size;
	for my $s (@sizes) {
		die "block over its unit\n" if $s > 1 << $shift;
		die "no bytes for a block\n" if length($data) < $s;
		my $bytes = substr($data, 0, $s, '');
		place($off, $bytes) if $mine;
		$off += 1 << $shift;
	}
	die "bytes behind the blocks\n" if length($data);
}

while ($at + 12 <= length($all)) {
	my ($n, $magic) = unpack('V a8', substr($all, $at, 12));
	if ($magic eq "N\0T\0F\0S\0") {
		my ($flag, $len) = unpack('x12 V x8 V', substr($all, $at, 28));
		my $raw = substr($all, $at + 28, $len);
		die "length of a stream\n" if $n != 28 + $len;
		if ($raw eq "\x10\x19") {
			($name, $plain) = ('$EFS', 1);
		} else {
			my $text = join('', map { $_ < 128 ? chr : sprintf('%%u%04X', $_) }
				unpack('v*', $raw));
			$text =~ s/\0\z//;
			$text =~ /\A:(.*):\$DATA\z/s or die "name of a stream\n";
			($name, $plain) = ($1 eq '' ? '-' : $1, $flag);
		}
		print "$name\n" unless defined $wanted;
	} elsif ($magic eq "G\0U\0R\0E\0") {
		segment(substr($all, $at + 16, $n - 16));
	} else {
		last;
	}
	$at += $n;
}
print "trailer ", length($all) - $at, "\n"
	if !defined $wanted && $at < length($all);
if (defined $wanted) {
	my $full = int(($size + 511) / 512) * 512;
	$out .= "\0" x ($full - length($out)) if length($out) < $full;
	print $out;
}
