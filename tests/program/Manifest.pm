# SPDX-License-Identifier: MIT
#
# Manifest.pm - the rows of a manifest of the generator
package Manifest;
use strict;
use warnings;
use Exporter qw(import);
our @EXPORT = qw(from_manifest manifest_rows);

# The manifest's %XX and %uXXXX to what the program writes: its own escapes.
sub from_manifest {
	my $s = shift;
	utf8::decode($s); # not Encode, which replaces U+FFFE
	$s =~ s{%(?:u([0-9A-F]{4})|([0-9A-F]{2}))}{
		my $c = hex($1 // $2);
		$c >= 0xd800 && $c < 0xe000
			? sprintf('%%%02X%%%02X%%%02X', 0xe0 | $c >> 12,
				0x80 | $c >> 6 & 0x3f, 0x80 | $c & 0x3f)
			: $c == 0 || $c == 0x2f ? sprintf('%%%02X', $c)
			: chr($c)
	}gex;
	return $s;
}

# Each row is a hash of its columns.
sub manifest_rows {
	my $file = shift;
	my (@names, @rows);
	open(my $in, '<', $file) or die "$file: $!";
	while (<$in>) {
		chomp;
		if (s/^#//) {
			@names = split(/\t/);
			next;
		}
		my %f;
		@f{@names} = split(/\t/);
		push(@rows, \%f);
	}
	return @rows;
}

1;
