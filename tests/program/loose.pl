#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# loose.pl FORM INDEX MANIFEST EXPECT DIR EVIDENCE - one TAP test for each loose
# file of one form that the generator's index names: is it in DIR/report.jsonl,
# and is its plaintext that of the image's manifest, so far as the form has it?
use strict;
use warnings;
use Digest::SHA;
use JSON::PP;

my ($form, $index, $manifest, $expect, $dir, $evidence) = @ARGV;

sub lines {
	my $file = shift;
	open(my $in, '<', $file) or die "$file: $!";
	chomp(my @l = <$in>);
	return @l;
}

# Not Encode, which replaces U+FFFE.
sub octets {
	my $s = shift;
	utf8::encode($s);
	return $s;
}

my %record;
for (lines("$dir/report.jsonl")) {
	my $r = JSON::PP->new->utf8->decode($_);
	next unless $r->{kind} eq 'file' && $r->{evidence} eq $evidence;
	# Two files may be shown as one path.
	push(@{ $record{ octets($r->{path}), octets($r->{stream} // '-') } },
		$r);
}

my (@names, %row);
for (lines($manifest)) {
	my @f = split(/\t/);
	if (s/^#//) {
		@names = split(/\t/);
		next;
	}
	my %f;
	@f{@names} = @f;
	$row{ $f{mft}, $f{stream} } = \%f;
}

# Names of collectors are unescaped, but for those that none of them writes.
sub as_shown {
	my $s = shift;
	return $s if $s =~ /%(?![0-9A-Fa-f]{2})/ || $s =~ /%(00|2F)/i;
	$s =~ s/%([0-9A-Fa-f]{2})/chr(hex $1)/ge;
	return $s;
}

# The manifest's escapes to those of the records.
sub stream_of {
	my $s = shift;
	utf8::decode($s);
	$s =~ s{%(?:u([0-9A-F]{4})|([0-9A-F]{2}))}{
		my $c = hex($1 // $2);
		$c >= 0xd800 && $c < 0xe000
			? sprintf('%%%02X%%%02X%%%02X', 0xe0 | $c >> 12,
				0x80 | $c >> 6 & 0x3f, 0x80 | $c & 0x3f)
			: $c == 0 || $c == 0x2f ? sprintf('%%%02X', $c) : chr($c)
	}gex;
	return $s;
}

sub content {
	my $file = shift;
	open(my $in, '<:raw', $file) or return undef;
	local $/;
	return <$in> // '';
}

# What the copy has of the plaintext: whole cipher blocks, where it was cut.
sub kept {
	my $f = shift;
	my $block = $f->{alg} =~ /^aes/ ? 16 : 8;
	return $form eq 'pair' && $f->{size} % 512
		? $f->{size} - $f->{size} % $block : $f->{size};
}

sub verdict {
	my ($f, $r, $note) = @_;
	my $ok = $f->{expect} eq 'ok';

	# The container's magic is where the size is written.
	return '' if $form eq 'pfile' && $f->{path} eq '/efs/version6';
	# What is damaged may look like nothing outside of its volume.
	return '' if !$r && $f->{expect} =~ /^(metadata_|any)/;
	return 'is not reported' unless $r;
	return '' if $f->{expect} eq 'any';
	# A copy does not have the flag of the attribute that is wrong there.
	return '' if $f->{path} =~ m{^/data/compressed} &&
		$r->{status} =~ /^recovered_/;
	if (!$ok && $f->{expect} ne 'wrong_fek') {
		# A copy has no attribute, and so none that could be missing.
		return '' if $r->{status} eq $f->{expect};
		return '' if $f->{expect} =~ /^metadata_/ &&
			$r->{status} =~ /^metadata_/;
		return "is $r->{status}: " . ($r->{reason} // '');
	}
	return $r->{status} =~ /^recovered_(unverified|partial)$/ ? ''
		: "is $r->{status}" unless $ok;
	if ($f->{kind} eq 'd') {
		return $r->{status} eq 'recovered_verified' && $r->{directory}
			? '' : "is $r->{status}";
	}
	my $kept = kept($f);
	my $wanted = $kept < $f->{size} ? 'partial' : '(un)?verified';
	return $r->{status} eq 'data_unreadable' ? '' : "is $r->{status}"
		if !$kept && $f->{size};
	return "is $r->{status}" unless $r->{status} =~ /^recovered_$wanted$/;
	return "has the size $r->{size}" if $r->{size} != $f->{size};
	return '' if $note ne '-';
	my $got = content("$dir/" . octets($r->{output}));
	return 'cannot be read' unless defined $got;
	if ($kept == $f->{size}) {
		my $sha = Digest::SHA->new(256)->add($got)->hexdigest;
		return 'has another SHA-256' if $sha ne $f->{sha256};
		return 'has another SHA-256 in its record'
			if $r->{sha256} ne $sha;
		return '';
	}
	my $plain = content("$expect/$f->{file}") // return 'no plaintext';
	return substr($got, 0, $kept) eq substr($plain, 0, $kept) &&
		substr($got, $kept) eq "\0" x ($f->{size} - $kept)
		? '' : 'differs from the plaintext';
}

my $n = 0;
for (lines($index)) {
	my ($what, $file, $mft, $path, $stream, $note) = split(/\t/);
	next unless $what eq $form;
	my $f = $row{ $mft, $stream } or die "$file is not in the manifest";
	my $shown = $file;
	$shown =~ s{^\Q$form\E}{};
	$shown =~ s{:[^/]*$}{} if $stream ne '-';
	$shown =~ s{(\.efsinfo|[./]\$EFS)$}{} if $f->{kind} eq 'd';
	my $in = $stream eq '-' || $form eq 'raw' ? octets(stream_of($stream))
		: as_shown($file) =~ s{.*:}{}r;
	my $list = $record{ as_shown($shown), $in };
	my $why;
	for my $r ($list ? @$list : undef) {
		$why = verdict($f, $r, $note eq 'directory' ? '-' : $note);
		last if $why eq '';
	}
	my $name = $file . ($stream eq '-' ? '' : ":$stream");
	$name =~ s/#/%23/g;
	printf("%s %d - %s %s\n", $why eq '' ? 'ok' : 'not ok', ++$n, $name,
		$why);
}
print "1..$n\n";
