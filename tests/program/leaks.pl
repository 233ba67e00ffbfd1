#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# leaks.pl SECRETS TREE,TREE... PATH... - is a secret of secrets.tsv in these
# files (or the files of these folders), as text, digits or bytes?
use strict;
use warnings;
use File::Find;

my ($list, $trees, @paths) = @ARGV;
my %tree = map { $_ => 1 } split(/,/, $trees);
my %blank;
my (@rows, %forms);
open(my $in, '<', $list) or die "$list: $!";
while (<$in>) {
	chomp;
	my ($tree, $whose, $what, $value) = split(/\t/, $_, 4);
	next unless $tree{$tree};
	$blank{"$tree/$whose"} = 1 if $what eq 'password' && $value eq '';
	push(@rows, [$tree, $whose, $what, $value]);
}
die "no secret of $trees" unless @rows;

# Hashes of the blank password are known to all, and so are its.
for (@rows) {
	my ($tree, $whose, $what, $value) = @$_;
	next if $what =~ /^(sid|guid|crack\d)$/ || $value eq '' ||
		($blank{"$tree/$whose"} && $what =~ /^(sha1|nt)$/);
	my $label = "$what of $whose in $tree";
	if ($what eq 'password') {
		my $text = $value;
		utf8::decode($text);
		$forms{$value} = $label;
		$forms{pack('v*', unpack('W*', $text))} = $label;
		next;
	}
	# A part is as good as the whole; numbers are turned round on Windows.
	my $part = substr($value, 0, 32);
	my $raw = pack('H*', $part);
	$forms{$_} = $label
		for $part, uc($part), $raw, scalar reverse($raw);
}

$forms{'PRIVATE KEY-----'} = 'a private key';
my $found = 0;
my $look = sub {
	my $file = $_;
	return unless -f $file;
	open(my $f, '<:raw', $file) or die "$file: $!";
	local $/;
	my $data = <$f> // '';
	for my $form (keys %forms) {
		next if index($data, $form) < 0;
		print "$forms{$form} is in $File::Find::name\n";
		$found = 1;
	}
};
for (@paths) {
	die "$_: is not there\n" unless -e;
}
find({ wanted => $look, no_chdir => 1 }, @paths);
exit $found;
