#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# hostile.pl [--jobs N] [--keep DIR] WHAT... - damaged images through `recover`
#
# WHAT is a range of seeds, as in 1-100, or a file of testdata/hostile.  Each
# damages one of the images below.  The program ends in order, within ten
# seconds of the processor, says nothing that a sanitizer would, writes below
# its folder only and leaves the evidence alone; and each encrypted file that
# the damage did not touch is recovered byte for byte, or has the status that it
# always has.  A file is known by its volume and its number in $MFT: its path is
# not its own.
#
# --keep DIR has what failed: the damaged image, the damage, what was written.
use strict;
use warnings;
use lib 'tests/hostile', 'tests/program';
use Cwd qw(getcwd);
use Damage;
use Digest::SHA;
use File::Copy qw(copy);
use File::Find;
use File::Path qw(remove_tree make_path);
use File::Temp qw(tempdir);
use Getopt::Long;
use Manifest;
use Needs;
use Time::HiRes qw(time alarm);

# Of all threads together; and by the clock, for a busy machine.
use constant { SECONDS => 10, PATIENCE => 120 };

my ($jobs, $keep) = (1);
GetOptions('jobs=i' => \$jobs, 'keep=s' => \$keep) && @ARGV or
	die "usage: hostile.pl [--jobs N] [--keep DIR] FIRST-LAST|FILE...\n";
$| = 1;
my $here = getcwd();
my $program = "$here/" . ($ENV{B} // 'build') . '/efsleuth';
my $images = "$here/build/images";
my @keys = map { ('--key', "$here/testdata/keys/$_.key") } qw(agent ann);

# --------------------------------------------------------------------- bases

sub views {
	my ($offset, $map, @names) = @_;
	return map {
		my $copy = ($_ + 1) % @names; # the last is the volume
		Needs->new(offset => $offset, copy => $copy, map => $map,
			file => "$images/$names[$_].needs",
			manifest => "$images/$names[$_].tsv")
	} 0 .. $#names;
}

# One MBR leads to both volumes of history.dd: its entries and its mark.
sub histories {
	my @names = map { "history-$_" } 1 .. 3;
	my @all = map { views($_ << 20, "$images/history.img.map", @names) }
		1, 26;
	push(@{ $_->{also} }, [446, 66]) for @all;
	return @all;
}

my @bases = (
	{ image => 'basic.img', views => [views(0, undef, 'basic')] },
	{ image => 'odd.img', views => [views(0, undef, 'odd')] },
	{ image => 'history.dd', views => [histories()],
		options => ['--snapshots', 'all'] },
);

# What is to be tried: its name and number, the image, the damage if it is kept.
sub tasks_of {
	my $what = shift;
	if ($what =~ /^(\d+)-(\d+)$/) {
		# Half of all seeds damage the smallest.
		return map { { name => "seed $_", seed => $_,
			base => $bases[(0, 1, 0, 2)[$_ % 4]] } } $1 .. $2;
	}
	my ($image, @damage) = grep { !/^#/ } split(/\n/, slurp($what));
	my ($base) = grep { $_->{image} eq $image } @bases;
	return { name => $what, seed => 1, damage => \@damage,
		base => $base // die "$what: no image $image" };
}

sub slurp {
	my $file = shift;
	open(my $in, '<:raw', $file) or die "$file: $!";
	local $/;
	return <$in> // '';
}

# Ready to be damaged, in memory and as a file.
sub load {
	my ($base, $work) = @_;
	my $bytes = slurp("$images/$base->{image}");
	my @volumes = map { { offset => $_->{offset}, parts => $_->{parts} } }
		grep { !$_->{copy} } @{ $base->{views} };
	$base->{file} = "$work/$base->{image}";
	$base->{bytes} = \$bytes;
	$base->{damage} = Damage->new(\$bytes, @volumes);
	copy("$images/$base->{image}", $base->{file}) or die "copy: $!";
	$base->{wanted} = wanted($base, $work);
}

# ---------------------------------------------------------------------- runs

# The rest of a run that was killed must not stay in the way of the next.
sub clear {
	my $work = shift;
	remove_tree("$work/out");
	make_path("$work/out/a/b/home");
}

# Run the program; its wait status and the seconds that it took.
sub run {
	my ($base, $work, $threads) = @_;
	my $began = time();
	my $pid = fork() // die "fork: $!";
	if (!$pid) {
		chdir("$work/out/a/b/home") or die;
		$ENV{HOME} = $ENV{TMPDIR} = "$work/out/a/b/home";
		open(STDOUT, '>', "$work/stdout") or die;
		open(STDERR, '>', "$work/stderr") or die;
		exec('sh', '-c', 'ulimit -t ' . SECONDS . '; exec "$@"', 'sh',
			$program, 'recover', '-q', '--deleted', '-j', $threads,
			$base->{file}, @keys, @{ $base->{options} // [] },
			'-o', "$work/out/a/b/o") or die "$program: $!";
	}
	local $SIG{ALRM} = sub { kill('KILL', $pid) };
	alarm(PATIENCE);
	waitpid($pid, 0);
	my $status = $?;
	alarm(0);
	return ($status, time() - $began);
}

# What the case says: by volume, shadow copy, record and stream.
sub case_rows {
	my $work = shift;
	my $db = "$work/out/a/b/o/case.db";
	return {} unless -e $db;
	my $sql = "SELECT v.offset, v.snapshot, o.mft, hex(ifnull(s.name, ''))," .
		" s.status, ifnull(s.sha256, ''), hex(ifnull(s.output, ''))" .
		' FROM stream s JOIN object o ON o.id = s.object' .
		' JOIN volume v ON v.id = o.volume';
	open(my $in, '-|', 'sqlite3', $db, $sql) or die "sqlite3: $!";
	my %rows;
	while (<$in>) {
		chomp;
		my ($offset, $copy, $mft, $stream, @row) =
			split(/\|/, $_, -1);
		push(@{ $rows{"$offset/$copy/$mft/$stream"} }, \@row);
	}
	close($in) or die "$db cannot be read";
	return \%rows;
}

# ----------------------------------------------------------------- untouched

# Why the only row of a file is not what it should be; '' if it is.
sub verdict {
	my ($work, $want, $rows) = @_;
	return 'is not there' unless $rows;
	return 'is there twice' if @$rows > 1;
	my ($status, $sha256, $output) = @{ $rows->[0] };
	return "is $status" if $status ne $want->{status};
	return '' unless $want->{sha256};
	return 'has another digest' if $sha256 ne $want->{sha256};
	my $file = "$work/out/a/b/o/" . pack('H*', $output);
	my $sha = Digest::SHA->new(256);
	eval { $sha->addfile($file, 'b') } or return 'cannot be read';
	return $sha->hexdigest eq $want->{sha256} ? '' : 'has other bytes';
}

sub hex_of {
	my $s = shift;
	utf8::encode($s);
	return uc(unpack('H*', $s));
}

# What comes out of the image as it is: a list of the manifest's rows.
sub wanted {
	my ($base, $work) = @_;
	my @all;
	clear($work);
	run($base, $work, 2);
	my $rows = case_rows($work);
	for my $v (@{ $base->{views} }) {
		for my $f (manifest_rows($v->{manifest})) {
			next if $f->{deleted}; # clusters that are nobody's
			my $stream = $f->{stream} eq '-' ? ''
				: hex_of(from_manifest($f->{stream}));
			my $id = "$v->{offset}/$v->{copy}/$f->{mft}/$stream";
			my ($status, $sha) = @{ $rows->{$id}[0] //
				die "$base->{image}: no $f->{path}" };
			$sha = $f->{sha256} if $f->{expect} eq 'ok' &&
				$f->{kind} eq 'f' && $status =~ /^recovered/;
			my $w = { id => $id, view => $v, row => $f,
				status => $status, sha256 => $sha };
			my $why = verdict($work, $w, $rows->{$id});
			die "$base->{image}: $f->{path} $why" if $why;
			push(@all, $w);
		}
	}
	return \@all;
}

# Faults of the files that were not touched; and how many were not.
sub compare {
	my ($base, $work) = @_;
	my $touched = Needs::merged($base->{damage}->touched);
	my $cut = $base->{damage}{cut} // length(${ $base->{bytes} });
	my $get = sub {
		my ($at, $n) = @_;
		return $at + $n > $cut ? '' : $base->{damage}->get($at, $n);
	};
	my %readable = map { $_ => $_->readable($touched, $get) }
		@{ $base->{views} };
	my $rows = case_rows($work);
	my (@faults, $n);
	for my $w (@{ $base->{wanted} }) {
		my $v = $w->{view};
		next unless $readable{$v} && $v->intact($w->{row}{mft},
			$w->{row}{stream}, $touched);
		my $why = verdict($work, $w, $rows->{ $w->{id} });
		push(@faults, "$w->{id} $w->{row}{path} $why") if $why;
		$n++;
	}
	return ($n // 0, @faults);
}

# -------------------------------------------------------------------- checks

sub entries {
	opendir(my $dir, $_[0]) or return 'unreadable';
	return join(' ', sort(grep { !/^\.\.?$/ } readdir($dir)));
}

sub outside {
	my $work = shift;
	my @faults;
	push(@faults, 'wrote outside of its folder')
		if entries("$work/out") ne 'a' || entries("$work/out/a") ne 'b' ||
		entries("$work/out/a/b") !~ /^home( o)?$/ ||
		entries("$work/out/a/b/home") ne '';
	return @faults unless -e "$work/out/a/b/o";
	find({ no_chdir => 1, wanted => sub {
		lstat($_);
		push(@faults, 'wrote what is neither file nor folder')
			unless -f _ || -d _;
	} }, "$work/out/a/b/o");
	return @faults;
}

sub changed {
	my $file = shift;
	my @s = stat($file);
	return join(' ', @s[7, 9, 10]); # size and times
}

# Write the damage into the file; and take it away again.
sub write_ranges {
	my ($base, @ranges) = @_;
	open(my $f, '+<:raw', $base->{file}) or die;
	for (@ranges) {
		sysseek($f, $_->[0], 0);
		my $n = syswrite($f, $base->{damage}->get(@$_));
		die "cannot write: $!" unless defined($n);
	}
	truncate($f, $base->{damage}{cut} // length(${ $base->{bytes} })) or
		die "truncate: $!";
}

sub keep_failed {
	my ($base, $work, $name) = @_;
	my $to = "$keep/" . $name =~ s{[ /]}{-}gr;
	remove_tree($to);
	make_path($to);
	copy($base->{file}, "$to/$base->{image}");
	copy("$work/stderr", "$to/stderr");
	system('cp', '-r', "$work/out/a/b/o", $to);
	open(my $out, '>', "$to/damage") or die "$to/damage: $!";
	print $out "$_\n" for $base->{image}, $base->{damage}->as_text;
}

# One task: what is wrong, how many files were compared, seconds.
sub try {
	my ($task, $work) = @_;
	my $base = $task->{base};
	my $damage = $base->{damage};
	my @faults;
	$task->{damage} ? $damage->apply(@{ $task->{damage} })
		: $damage->make($task->{seed});
	my @touched = @{ Needs::merged($damage->touched) };
	write_ranges($base, @touched);
	clear($work);
	my $before = changed($base->{file});
	my ($status, $seconds) = run($base, $work, 1 + $task->{seed} % 2);
	my $said = slurp("$work/stderr") . slurp("$work/stdout");
	my ($signal, $code) = ($status & 127, $status >> 8);
	push(@faults, $signal =~ /^(9|24)$/ ? 'took too long' : "died of signal $signal")
		if $signal;
	push(@faults, "ended with $code") if !$signal && $code !~ /^[013]$/;
	push(@faults, 'a sanitizer spoke')
		if $said =~ /Sanitizer|runtime error/;
	push(@faults, 'crashed, and went on without it')
		if $said =~ /crashed the program/;
	push(@faults, 'changed the evidence')
		if $before ne changed($base->{file});
	push(@faults, outside($work));
	my ($n, @lost) = $signal ? (0) : compare($base, $work);
	push(@faults, @lost);
	keep_failed($base, $work, $task->{name}) if @faults && $keep;
	$damage->undo;
	write_ranges($base, @touched);
	return (\@faults, $n, $seconds);
}

# ---------------------------------------------------------------------- jobs

sub work {
	my ($job, $out, @tasks) = @_;
	my $work = tempdir('hostile.XXXXXX', CLEANUP => 1,
		DIR => -d '/dev/shm' ? '/dev/shm' : '/tmp');
	for my $i (0 .. $#tasks) {
		next if ($i >> 2) % $jobs != $job;
		my $task = $tasks[$i];
		load($task->{base}, $work) unless $task->{base}{file};
		my ($faults, $n, $seconds) = try($task, $work);
		my @some = @$faults > 8 ? (@$faults[0 .. 7], '...') : @$faults;
		s/[^ -~]/?/g, s/[#\t]/?/g for @some;
		syswrite($out, sprintf("%s\t%s\t%d\t%.2f\t%s\n",
			$task->{name}, $task->{base}{image}, $n, $seconds, join('; ', @some)));
	}
}

my @tasks = map { tasks_of($_) } @ARGV;
pipe(my $in, my $out) or die "pipe: $!";
for my $job (0 .. $jobs - 1) {
	next if fork() // die "fork: $!";
	close($in);
	$SIG{TERM} = $SIG{INT} = sub { exit(1) }; # and the folder is removed
	work($job, $out, @tasks);
	exit(0);
}
close($out);
my ($runs, $files, $slowest, $failed) = (0, 0, 0, 0);
while (<$in>) {
	chomp;
	my ($name, $image, $n, $seconds, $why) = split(/\t/, $_, -1);
	printf("%sok %d - %s (%s): %s\n", $why ? 'not ' : '', ++$runs,
		$name, $image, $why || "$n untouched files, as ever");
	$failed++ if $why;
	$files += $n;
	$slowest = $seconds if $seconds > $slowest;
}
$failed++ while wait() > 0 && $?;
my $whole = $runs == @tasks && ($runs < 50 || $files > 5 * $runs);
printf("%sok %d - all were tried: %d files compared\n",
	$whole ? '' : 'not ', $runs + 1, $files);
printf("1..%d\n# %d failed; the slowest took %.2f s\n", $runs + 1, $failed,
	$slowest);
exit($failed || !$whole ? 1 : 0);
