# SPDX-License-Identifier: MIT
#
# Damage.pm - damage an image of NTFS volumes, always the same for one seed
#
# Half of the damage is blind: bytes, bits, extreme numbers and pieces, mostly
# in $MFT.  The rest knows the structures, and leaves the update sequence of
# what it changes right, so that it gets past the first check.
package Damage;
use strict;
use warnings;
use Record;

# The bytes of an image; and its volumes, each with the `offset` it begins at
# and, by the names that efsneeds gives them, the places of its parts.
sub new {
	my ($class, $bytes, @volumes) = @_;
	@volumes = ({ offset => 0, parts => {} }) unless @volumes;
	return bless({ bytes => $bytes, volumes => \@volumes, undo => [] },
		$class);
}

# ------------------------------------------------------------------ changes

sub get {
	my ($d, $at, $n) = @_;
	return $at < 0 || $at >= length(${ $d->{bytes} }) ? ''
		: substr(${ $d->{bytes} }, $at, $n);
}

sub put {
	my ($d, $at, $new) = @_;
	my $old = $d->get($at, length($new));
	return if $old eq '';
	$new = substr($new, 0, length($old));
	return if $old eq $new;
	push(@{ $d->{undo} }, [$at, $old]);
	substr(${ $d->{bytes} }, $at, length($new), $new);
}

# What was changed: pairs of place and length; nothing behind `cut` is left.
sub touched {
	my $d = shift;
	my @all = map { [$_->[0], length($_->[1])] } @{ $d->{undo} };
	push(@all, [$d->{cut}, length(${ $d->{bytes} }) - $d->{cut}])
		if defined($d->{cut});
	return @all;
}

sub undo {
	my $d = shift;
	while (my $u = pop(@{ $d->{undo} })) {
		substr(${ $d->{bytes} }, $u->[0], length($u->[1]), $u->[1]);
	}
	delete($d->{cut});
}

# The damage as text, in pieces that differ: "PLACE HEX", "cut LENGTH".
sub as_text {
	my $d = shift;
	my (%old, @text);
	for my $u (reverse(@{ $d->{undo} })) { # the oldest bytes last
		my @was = unpack('C*', $u->[1]);
		@old{ $u->[0] .. $u->[0] + $#was } = @was;
	}
	my $end = -2;
	for my $at (sort { $a <=> $b } keys(%old)) {
		my $is = ord($d->get($at, 1));
		next if $is == $old{$at};
		push(@text, "$at ") if $at != $end + 1 ||
			length($text[-1]) > 70;
		$text[-1] .= sprintf('%02x', $is);
		$end = $at;
	}
	push(@text, "cut $d->{cut}") if defined($d->{cut});
	return @text;
}

sub apply {
	my ($d, @text) = @_;
	for (@text) {
		/^(\d+) ([0-9a-f]+)$/ ? $d->put($1, pack('H*', $2))
			: /^cut (\d+)$/ ? $d->{cut} = $1 : die "no damage: $_";
	}
}

# -------------------------------------------------------------------- blind

my @extremes = map { pack('V', $_) } 0, 0xffffffff, 0x7fffffff, 0x80000000;

sub blind_place {
	my ($d, $from, $mft) = @_;
	my $r = rand();
	return $from + int(rand(512)) if $r < 0.05;
	return $mft + int(rand(300 * 1024)) if $r < 0.8;
	return int(rand(length(${ $d->{bytes} }) - 4));
}

sub blind {
	my ($d, $seed) = @_;
	my $from = $d->{volumes}[$seed % @{ $d->{volumes} }]{offset};
	my ($sector, $per_cluster) = unpack('vC', $d->get($from + 11, 3));
	my $mft = $from + unpack('Q<', $d->get($from + 48, 8)) * $sector *
		$per_cluster;
	my $size = length(${ $d->{bytes} });

	for (1 .. (1, 2, 5, 20, 100)[int(rand(5))]) {
		my $at = $d->blind_place($from, $mft);
		my $r = rand();
		if ($r < 0.4) {
			$d->put($at, chr(int(rand(256))));
		} elsif ($r < 0.6) {
			$d->put($at, $d->get($at, 1) ^ chr(1 << int(rand(8))));
		} elsif ($r < 0.8) {
			$d->put($at, $extremes[int(rand(@extremes))]);
		} else {
			my $n = (8, 64, 1024)[int(rand(3))];
			my $other = $mft + int(rand(300 * 1024));
			$d->put($at, $d->get($other, $n)) if $at + $n < $size;
		}
	}
	$d->{cut} = int(rand($size)) if rand() < 0.1;
}

# ------------------------------------------------------------------ choices

sub volume { my $d = shift; return any(@{ $d->{volumes} }) }

# A place of one of these parts, and its size.
sub place_of {
	my ($d, @parts) = @_;
	my $v = $d->volume;
	my @all = map { @{ $v->{parts}{$_} // [] } } @parts;
	return @all ? @{ any(@all) } : ();
}

# Anywhere, but often where it matters.
sub sector_place {
	my $d = shift;
	my ($at, $n) = rand() < 0.7
		? $d->place_of(qw(record free list efs index system mft data))
		: ();
	($at, $n) = (0, length(${ $d->{bytes} })) unless $n;
	return $at + 512 * int(rand($n / 512));
}

# A reference to a record of this volume: one that is there, or is not.
sub bad_reference {
	my ($d) = @_;
	my $number = rand() < 0.8 ? int(rand(400)) : any(0, 5, 1 << 40, ~0);
	return pack('Q<', ($number & (1 << 48) - 1) |
		any(0, 1, 1, 1, 2, 0xffff) << 48);
}

# ------------------------------------------- records and their update sequence

# Change a record, or a block of an index, as if its owner had written it.
sub rewrite {
	my ($d, $at, $n, $change) = @_;
	my $r = $d->get($at, $n);
	return if length($r) != $n || $r !~ /^(FILE|INDX)/;
	my @words = sequence(\$r) or return;
	my $mark = substr($r, $words[0][0] - 2, 2);

	substr($r, $_->[1], 2, substr($r, $_->[0], 2)) for @words;
	$change->(\$r);
	for (@words) {
		substr($r, $_->[0], 2, substr($r, $_->[1], 2));
		substr($r, $_->[1], 2, $mark);
	}
	$d->put($at, $r);
}

sub change_record {
	my ($d, $change) = @_;
	my ($at, $n) = $d->place_of(rand() < 0.9 ? 'record' : 'free');
	$d->rewrite($at, $n, $change) if $n;
}

# ---------------------------------------------------------------- structures

sub record_header {
	my $d = shift;
	$d->change_record(sub {
		my $r = shift;
		my ($at, $n) = @{ any([4, 2], [6, 2], [0x10, 2], [0x12, 2],
			[0x14, 2], [0x16, 2], [0x18, 4], [0x1c, 4], [0x28, 2],
			[0x2c, 4]) };
		return spoil($r, $at, $n) if rand() < 0.7;
		substr($$r, 0x20, 8, $d->bad_reference);
	});
}

sub attribute_header {
	my $d = shift;
	$d->change_record(sub {
		my $r = shift;
		my $a = any(attributes($r)) or return;
		my ($at, $n) = @{ any([0, 4], [4, 4], [4, 2], [8, 1], [9, 1],
			[0xa, 2], [0xc, 2], [0xe, 2], [0x10, 4], [0x14, 2],
			[0x10, 8], [0x18, 8], [0x20, 2], [0x22, 2], [0x28, 8],
			[0x30, 8], [0x38, 8]) };
		spoil($r, $a->[0] + $at, $n);
	});
}

# All three sizes of a stream, so that they agree.
sub sizes {
	my $d = shift;
	$d->change_record(sub {
		my $r = shift;
		my $a = any(grep { !is_resident($r, $_) } attributes($r))
			or return;
		my $v = pack('Q<', any(1 << 63, (1 << 63) - 1, 1 << 62,
			1 << 40, ~0, ~0 - 4095, 0));
		substr($$r, $a->[0] + 0x28, 24, $v x 3);
		substr($$r, $a->[0] + 0x18, 8, any($v, pack('Q<', ~0)))
			if rand() < 0.5;
	});
}

sub run_list {
	my $d = shift;
	$d->change_record(sub {
		my $r = shift;
		my $a = any(grep { !is_resident($r, $_) } attributes($r))
			or return;
		my $pairs = unpack('v', substr($$r, $a->[0] + 0x20, 2));
		my $room = $a->[1] - $pairs;
		return if $room < 1;
		my $new = substr(bad_pairs($room), 0, $room);
		substr($$r, $a->[0] + $pairs, length($new), $new);
	});
}

# Change one entry of a list of attributes.
sub list_entry {
	my ($d, $s, $self) = @_;
	my @at = (0);
	while ($at[-1] + 32 <= length($$s)) {
		my $n = unpack('v', substr($$s, $at[-1] + 4, 2));
		last if $n < 26 || $at[-1] + $n + 26 > length($$s);
		push(@at, $at[-1] + $n);
	}
	my $at = any(@at);
	return if $at + 26 > length($$s);
	my $r = rand();
	if ($r < 0.3) {
		substr($$s, $at + 0x10, 8, $d->bad_reference);
	} elsif ($r < 0.45) {
		substr($$s, $_ + 0x10, 8, $self) for @at[0 .. $#at - 1];
	} elsif ($r < 0.6) {
		my $from = any(@at);
		substr($$s, $at + 0x10, 8, substr($$s, $from + 0x10, 8));
	} else {
		spoil($s, $at + $_->[0], $_->[1])
			for any([0, 4], [4, 2], [6, 1], [7, 1], [8, 8]);
	}
}

sub attribute_list {
	my $d = shift;
	my $v = $d->volume;
	my ($at, $n) = rand() < 0.5 ? $d->place_of('list') : ();
	if ($n) {
		my $s = $d->get($at, $n);
		$d->list_entry(\$s, $d->bad_reference);
		return $d->put($at, $s);
	}
	for (1 .. 40) { # few records have one
		my ($at, $n) = @{ any(@{ $v->{parts}{record} // [] }) // next };
		my $r = $d->get($at, $n);
		next unless attributes(\$r, 0x20);
		return $d->rewrite($at, $n, sub {
			my $r = shift;
			my ($a) = attributes($r, 0x20) or return;
			return spoil($r, $a->[0] + any(0x10, 0x28, 0x30), 4)
				unless is_resident($r, $a);
			my ($at, $n) = value_of($r, $a) or return;
			my $s = substr($$r, $at, $n);
			$d->list_entry(\$s, substr($$r, 0x2c, 4) .
				substr($$r, 0x10, 2) x 2);
			substr($$r, $at, $n, $s);
		});
	}
}

sub file_name {
	my $d = shift;
	$d->change_record(sub {
		my $r = shift;
		my $a = any(attributes($r, 0x30)) or return;
		my ($at, $n) = value_of($r, $a) or return;
		my $kind = rand();
		return substr($$r, $at, 8, $d->bad_reference) if $kind < 0.4;
		return spoil($r, $at + any(0x40, 0x41), 1) if $kind < 0.6;
		my $name = odd_name();
		my $room = $n - 0x42;
		return if length($name) > $room;
		substr($$r, $at + 0x42, length($name), $name);
		substr($$r, $at + 0x40, 1, chr(length($name) / 2));
	});
}

sub stream_name {
	my $d = shift;
	$d->change_record(sub {
		my $r = shift;
		my $a = any(grep { ord(substr($$r, $_->[0] + 9, 1)) }
			attributes($r)) or return;
		my ($n, $at) = unpack('Cv', substr($$r, $a->[0] + 9, 3));
		my $name = odd_name();
		return if length($name) > 2 * $n || $at + 2 * $n > $a->[1];
		substr($$r, $a->[0] + $at, length($name), $name);
		substr($$r, $a->[0] + 9, 1, chr(length($name) / 2))
			if rand() < 0.7;
	});
}

# Two files, each in the other, or one in itself.
sub cycle {
	my $d = shift;
	my $parts = $d->volume->{parts}{record} or return;
	my @two = (any(@$parts), any(@$parts));
	my @refs = map {
		my $r = $d->get(@$_);
		length($r) < 0x30 ? return
			: substr($r, 0x2c, 4) . "\0\0" . substr($r, 0x10, 2)
	} @two;
	@refs = reverse(@refs) if rand() < 0.8;
	for my $i (0, 1) {
		$d->rewrite(@{ $two[$i] }, sub {
			my $r = shift;
			for my $a (attributes($r, 0x30)) {
				my ($at) = value_of($r, $a) or next;
				substr($$r, $at, 8, $refs[$i]);
			}
		});
	}
}

sub efs {
	my $d = shift;
	my ($at, $n) = rand() < 0.2 ? $d->place_of('efs') : ();
	if ($n) {
		my $s = $d->get($at, $n);
		efs_words(\$s);
		return $d->put($at, $s);
	}
	my @all = @{ $d->volume->{parts}{record} // [] };
	for (1 .. 40) {
		my ($at, $n) = @{ any(@all) // return };
		my $r = $d->get($at, $n);
		next unless grep { is_resident(\$r, $_) }
			attributes(\$r, 0x100);
		return $d->rewrite($at, $n, sub {
			my $r = shift;
			my ($a) = attributes($r, 0x100) or return;
			my ($at, $n) = value_of($r, $a) or return;
			my $s = substr($$r, $at, $n);
			efs_words(\$s);
			substr($$r, $at, $n, substr($s, 0, $n));
		});
	}
}

sub index_block {
	my $d = shift;
	my ($at, $n) = $d->place_of('index') or return;
	$d->rewrite($at + 4096 * int(rand($n / 4096)), 4096, sub {
		my $r = shift;
		spoil($r, 8 * int(rand(length($$r) / 8)), any(1, 2, 4, 8))
			for 1 .. any(1, 4, 30);
	});
}

sub attribute_moved {
	my $d = shift;
	my ($at, $n) = $d->place_of('record') or return;
	my $other = $d->get($at, $n);
	$d->change_record(sub {
		my $r = shift;
		my ($a, $b) = (any(attributes($r)), any(attributes(\$other)));
		return unless $a && $b;
		my $new = substr($other, $b->[0], $b->[1]);
		substr($$r, $a->[0], length($new), $new)
			if $a->[0] + length($new) <= length($$r);
	});
}

sub record_over_record {
	my $d = shift;
	my ($from, $n) = $d->place_of('record') or return;
	my ($to) = $d->place_of(any('record', 'free', 'free', 'data')) or return;
	my ($one, $two) = ($d->get($from, $n), $d->get($to, $n));
	$d->put($to, $one);
	$d->put($from, $two) if rand() < 0.4;
}

sub sectors {
	my $d = shift;
	my $n = 512 * any(1, 1, 2, 8, 64, 1024);
	$d->put($d->sector_place, rand() < 0.3 ? noise(512) x ($n / 512)
		: any("\0", "\xff", "FILE") x $n);
}

sub sectors_swapped {
	my $d = shift;
	my $n = 512 * any(1, 2, 8);
	my @at = ($d->sector_place, $d->sector_place);
	my @is = map { $d->get($_, $n) } @at;
	return if length($is[0]) != length($is[1]);
	$d->put($at[0], $is[1]);
	$d->put($at[1], $is[0]) if rand() < 0.5;
}

sub boot_field {
	my $d = shift;
	my $from = $d->volume->{offset};
	my ($at, $n) = @{ any([3, 8], [0xb, 2], [0xd, 1], [0x15, 1], [0x28, 8],
		[0x30, 8], [0x38, 8], [0x40, 1], [0x44, 1], [0x48, 8],
		[0x1fe, 2]) };
	my $s = $d->get($from, 512);
	spoil(\$s, $at, $n) && $d->put($from, $s);
}

# The first boot sector, or the first record of $MFT, as if it were not there.
sub first_lost {
	my $d = shift;
	my $v = $d->volume;
	my @places = ([$v->{offset}, 512 * any(1, 16)]);
	push(@places, $v->{parts}{record}[0]) if $v->{parts}{record};
	my ($at, $n) = @{ any(@places) };
	$d->put($at, rand() < 0.3 ? noise($n) : any("\0", "\xff") x $n);
}

sub first_record {
	my $d = shift;
	my ($at, $n) = @{ $d->volume->{parts}{record}[0] // return };
	$d->rewrite($at, $n, sub {
		my $r = shift;
		my $a = any(attributes($r)) or return;
		spoil($r, $a->[0] + any(0 .. 0x48), any(1, 2, 4, 8));
	});
}

# Shadow copies: their catalog and what their stores say.
sub store {
	my $d = shift;
	my ($at, $n) = $d->place_of('store') or return;
	my $s = $d->get($at, $n);
	my $where = rand() < 0.5 ? int(rand(512)) & ~7
		: 16384 * int(rand($n / 16384)) + (int(rand(1024)) & ~7);
	spoil(\$s, $where, any(4, 8)) && $d->put($at, $s);
}

sub cut {
	my $d = shift;
	my $size = length(${ $d->{bytes} });
	$d->{cut} = rand() < 0.5 ? int(rand($size))
		: 512 * int(rand($size / 512));
}

my @kinds = ((\&record_header) x 3, (\&attribute_header) x 5, (\&sizes) x 2,
	(\&run_list) x 3, (\&attribute_list) x 2, (\&file_name) x 3,
	(\&stream_name) x 1, (\&cycle) x 2, (\&efs) x 4, (\&index_block) x 1,
	(\&attribute_moved) x 2, (\&record_over_record) x 2, (\&sectors) x 2,
	(\&sectors_swapped) x 2, \&boot_field, \&first_lost, \&first_record,
	\&store);

sub structured {
	my $d = shift;
	for (1 .. any(1, 1, 2, 3, 8, 30)) {
		any(@kinds)->($d);
	}
	$d->cut if rand() < 0.04;
}

# The damage of this seed.
sub make {
	my ($d, $seed) = @_;
	srand($seed);
	return rand() < 0.3 ? $d->blind($seed) : $d->structured;
}

1;
