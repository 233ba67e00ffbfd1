#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# compare.pl MANIFEST DIR EVIDENCE - one TAP test for each row of the
# generator's manifest: is it in DIR/report.jsonl, and is its plaintext right?
use strict;
use warnings;
use Digest::SHA;
use JSON::PP;
use lib 'tests/program';
use Manifest;

my ($manifest, $dir, $evidence) = @ARGV;
my %record;
open(my $in, '<', "$dir/report.jsonl") or die "$dir/report.jsonl: $!";
while (<$in>) {
	utf8::decode($_);
	my $r = JSON::PP->new->decode($_);
	next unless $r->{kind} eq 'file' && $r->{evidence} eq $evidence;
	my $key = join("\0", $r->{mft}, $r->{stream} // '-');
	die "two records of $r->{path}" if $record{$key};
	$record{$key} = $r;
}

sub bytes_of {
	my $s = shift;
	utf8::encode($s);
	return $s;
}

# Why this row is not right; '' if it is.
sub verdict {
	my ($f, $r) = @_;
	my $ok = $f->{expect} eq 'ok';

	return 'is not reported' unless $r;
	# What a deletion left is not always enough for a path.
	if (!$f->{deleted} || $ok) {
		my %is = map { $_ => 1 } $r->{path}, @{ $r->{links} };
		my @wanted = ($f->{path}, split(/\|/, $f->{links}));
		return "has another path: $r->{path}"
			unless grep { $is{ from_manifest($_) } } @wanted;
	}
	return '' if $f->{expect} eq 'any';
	if (!$ok && $f->{expect} ne 'wrong_fek') {
		return $r->{status} eq $f->{expect} ? '' : "is $r->{status}";
	}
	return "is $r->{status}" unless $r->{status} =~ /^recovered_(un)?verified$/;
	return $r->{status} eq 'recovered_unverified' ? '' : 'is verified'
		unless $ok;
	return "is of $r->{efs}{algorithm}"
		if $f->{alg} =~ /^(aes|3des|des)/ && $f->{alg} !~ /^desx/ &&
		$r->{efs}{algorithm} ne $f->{alg};
	my $by = "$r->{opened_by}{ring}/$r->{opened_by}{entry}";
	return "was opened by $by"
		unless grep { m{^\Q$by\E/} } split(/,/, $f->{openers});
	return '' if $f->{kind} eq 'd';
	return "has the size $r->{size}" if $r->{size} != $f->{size};
	return 'has another SHA-256 in its record' if $r->{sha256} ne $f->{sha256};
	my $file = bytes_of("$dir/$r->{output}");
	my $sha = Digest::SHA->new(256);
	eval { $sha->addfile($file, 'b') } or return "cannot be read: $file";
	return 'has another SHA-256 on disk' if $sha->hexdigest ne $f->{sha256};
	return '';
}

my $n;
for my $f (manifest_rows($manifest)) {
	my $stream = $f->{stream} eq '-' ? '-' : from_manifest($f->{stream});
	my $why = verdict($f, $record{"$f->{mft}\0$stream"});
	my $name = $f->{path} . ($f->{stream} eq '-' ? '' : ":$f->{stream}");
	$name =~ s/#/%23/g;
	printf("%s %d - %s %s\n", $why eq '' ? 'ok' : 'not ok', ++$n, $name,
		bytes_of($why));
}
print "1..$n\n";
