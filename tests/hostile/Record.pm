# SPDX-License-Identifier: MIT
#
# Record.pm - records of $MFT and blocks of indexes as strings, and what is bad to
# put into them; chance decides, as srand() has set it
package Record;
use strict;
use warnings;
use Exporter qw(import);
our @EXPORT = qw(any noise spoil sequence attributes is_resident value_of
	bad_pairs odd_name efs_words);

# ------------------------------------------------------------------ choices

sub any { return $_[int(rand(@_))] }

sub noise { return join('', map { chr(int(rand(256))) } 1 .. $_[0]) }

# A number of so many bytes that is likely to be bad.
sub bad_number {
	my ($n, $old) = @_;
	my $r = rand();
	my $v = $r < 0.5
		? any(0, 1, 2, 7, 8, 0x10, 0x18, 0xff, 0xffff, 0x7fffffff,
			0x80000000, 0xfffffff8, 0xffffffff, 1 << 32, 1 << 48,
			(1 << 63) - 1, 1 << 63, ~0, ~0 - 511)
		: $r < 0.8 ? $old + any(-512, -8, -1, 1, 2, 8, 24, 512, 65536)
		: int(rand(2**32)) << int(rand(33));
	return substr(pack('Q<', $v), 0, $n);
}

# Put a bad number at a place of a string; false if it is not in there.
sub spoil {
	my ($s, $at, $n) = @_;
	return 0 if $at < 0 || $at + $n > length($$s);
	my $old = unpack('Q<', substr($$s, $at, $n) . "\0" x 8);
	substr($$s, $at, $n, bad_number($n, $old));
	return 1;
}

# ---------------------------------------------------------------- structure

# The places of the words that the update sequence replaces; () if it is bad.
sub sequence {
	my $r = shift;
	my ($at, $n) = unpack('vv', substr($$r, 4, 4));
	return () if $n != length($$r) / 512 + 1 || $at + 2 * $n > 510;
	return map { [$at + 2 * $_, 512 * $_ - 2] } 1 .. $n - 1;
}

# The attributes of a record: place and length of each that is of a type.
sub attributes {
	my ($r, $type) = @_;
	my $at = unpack('v', substr($$r, 0x14, 2));
	my @all;
	while ($at + 24 <= length($$r)) {
		my ($is, $n) = unpack('VV', substr($$r, $at, 8));
		last if $is == 0xffffffff || $n < 24 || $at + $n > length($$r);
		push(@all, [$at, $n]) if !defined($type) || $is == $type;
		$at += $n;
	}
	return @all;
}

sub is_resident { my ($r, $a) = @_; return !ord(substr($$r, $a->[0] + 8, 1)) }

# Place and length of a resident value.
sub value_of {
	my ($r, $a) = @_;
	my ($n, $at) = unpack('Vv', substr($$r, $a->[0] + 0x10, 6));
	return $at + $n <= $a->[1] ? ($a->[0] + $at, $n) : ();
}

# -------------------------------------------------------------- bad content

sub bad_pairs {
	my $room = shift;
	my $r = rand();
	return "\x11\x01\x00" x ($room / 3 + 1) if $r < 0.1;     # no end
	return "\x18" . pack('Q<', any(1 << 62, ~0, 1 << 63)) .
		"\x01\x00" if $r < 0.2;                          # length
	return "\x81\x04" . pack('Q<', any(1 << 63, 1 << 62, ~0)) .
		"\0" if $r < 0.4;                                # delta
	return "\x11\x04\x7f" . "\x11\x04\x80" x 6 . "\0" if $r < 0.5;
	return "\x08" . pack('Q<', 1 << any(20, 40, 62)) . "\0" if $r < 0.6;
	return "\x01\x04" . "\x11\x04\x04" . "\x01\x7f" . "\0" if $r < 0.7;
	return "\x11\x01\x04" . "\x11\x01\x00" x 9 . "\0" if $r < 0.8;
	return noise($room) if $r < 0.9;
	return any("\0", "\xff", "\x01", "\x10\x01", "\x99" . "\xff" x 18);
}

my @names = (map({ pack('v*', @$_) } [0x2e], [0x2e, 0x2e],
	[0x2e, 0x2e, 0x2f, 0x2e, 0x2e, 0x2f, 0x78], [0x2f], [0x2f, 0x78],
	[0], [0xd800], [0xdc00, 0xd800], [0xfffe, 0xffff], [0x3a, 0x78],
	[0x0a, 0x1b, 0x5b, 0x33, 0x31, 0x6d], [0x202e, 0x78], [0x5c],
	[0x25, 0x73, 0x25, 0x6e], [0x20]));

sub odd_name { return any(@names) }

sub efs_words {
	my $s = shift;
	for (1 .. any(1, 1, 2, 6)) {
		my $at = rand() < 0.5 ? 4 * int(rand(40))
			: 4 * int(rand(length($$s) / 4));
		$at = any(0, 8, 0x40, 0x44, 0x54, 0x58) if rand() < 0.3;
		spoil($s, $at, 4);
	}
}

1;
