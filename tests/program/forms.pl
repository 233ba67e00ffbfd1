#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# forms.pl key FILE | text NAME TEXT | hex NAME HEX | tree SECRETS TREE,TREE... -
# how secrets look in memory: lines of a name, a tab, and bytes in hex
#
# The numbers of an RSA key are openssl(1)'s; a number may lie there in either
# order of its bytes.  A part is as good as the whole: the first and the last 16
# bytes of what is longer.
use strict;
use warnings;

sub form {
	my ($name, $raw) = @_;
	my $n = length($raw) > 16 ? 16 : length($raw);
	return if $n < 8;
	my %parts = map { $_ => 1 } substr($raw, 0, $n), substr($raw, -$n),
		scalar reverse(substr($raw, 0, $n)),
		scalar reverse(substr($raw, -$n));
	print "$name\t", unpack('H*', $_), "\n" for sort keys %parts;
}

sub text {
	my ($name, $value) = @_;
	my $text = $value;
	utf8::decode($text);
	print "$name\t", unpack('H*', $value), "\n";
	print "$name (UTF-16)\t", unpack('H*', pack('v*', unpack('W*', $text))),
		"\n";
}

sub key {
	my ($file) = @_;
	my ($what, %number);
	open(my $in, '-|', 'openssl', 'rsa', '-in', $file, '-noout', '-text') or
		die "openssl: $!";
	while (<$in>) {
		if (/^(\w+):/) {
			$what = $1;
		} elsif (/^\s+([0-9a-f:]+)$/ && $what) {
			$number{$what} .= $1;
		}
	}
	for (qw(privateExponent prime1 prime2 exponent1 exponent2 coefficient)) {
		my $hex = $number{$_} or die "$file: no $_\n";
		$hex =~ s/://g;
		$hex =~ s/^(00)+//;
		form($_, pack('H*', $hex));
	}
}

# As leaks.pl: hashes of the blank password are known to all.
sub tree {
	my ($list, $trees) = @_;
	my %tree = map { $_ => 1 } split(/,/, $trees);
	my (%blank, @rows);
	open(my $in, '<', $list) or die "$list: $!";
	while (<$in>) {
		chomp;
		my @row = split(/\t/, $_, 4);
		next unless $tree{$row[0]} && $row[2] !~ /^(sid|guid|crack\d)$/;
		$blank{$row[1]} = 1 if $row[2] eq 'password' && $row[3] eq '';
		push(@rows, \@row);
	}
	for (@rows) {
		my (undef, $whose, $what, $value) = @$_;
		next if $value eq '' || ($blank{$whose} && $what =~ /^(sha1|nt)$/);
		if ($what eq 'password') {
			text("password of $whose", $value);
		} else {
			form("$what of $whose", pack('H*', $value));
		}
	}
}

my ($kind, @rest) = @ARGV;
if ($kind eq 'key') { key(@rest) }
elsif ($kind eq 'text') { text(@rest) }
elsif ($kind eq 'hex') { form($rest[0], pack('H*', $rest[1])) }
elsif ($kind eq 'tree') { tree(@rest) }
else { die "$kind?\n" }
