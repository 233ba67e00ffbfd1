#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# run.pl JOBS TEST... - run TAP programs side by side, and count their tests
#
# The last line is "N passed, N failed", with ", N skipped" where a test said
# so.  A program that dies, or prints no plan, counts as one failure more; so
# does one that is not done after LIMIT seconds, which is ended with all that it
# has started, so that a test that hangs costs no other its turn.
use strict;
use warnings;
use TAP::Harness;

my ($jobs, @tests) = @ARGV;
$ENV{CMOCKA_MESSAGE_OUTPUT} = 'TAP';
# What GLib does with memory of its own is not seen by the thread sanitizer; see
# tests/thread.
$ENV{G_SLICE} = 'always-malloc' if ($ENV{B} // '') =~ m{/thread$};
my @limit = ('timeout', '-k', 10, $ENV{LIMIT} // 900);
my $harness = TAP::Harness->new({
	jobs => $jobs,
	merge => 0,
	timer => 1,
	exec => sub {
		my ($h, $file) = @_;
		return [@limit, 'sh', $file] if $file =~ /\.t$/;
		return [@limit, $file, glob("testdata/fuzz/$1/*")]
			if $file =~ m{/replay/(\w+)$};
		# cmocka says "not ok" of a test that it skips.
		return [@limit, 'bash', '-o', 'pipefail', '-c', '"$0" | sed ' .
			'"s/^not ok \\([0-9]*\\) # SKIP/ok \\1 # SKIP/"',
			$file =~ m{^/} ? $file : "./$file"];
	},
});
my $result = $harness->runtests(@tests);
# In scalar context these count tests, not programs.
my ($skipped, $failed) = (scalar $result->skipped, scalar $result->failed);
my $passed = $result->passed - $skipped;
my $broken = grep {
	my $parser = ($result->parsers($_))[0];
	!$parser->failed && ($parser->parse_errors || $parser->exit);
} $result->descriptions;
# A test that is skipped whole has no test in it to count.
$skipped += grep { ($result->parsers($_))[0]->skip_all } $result->descriptions;
$failed += $broken;
print "$passed passed, $failed failed", $skipped ? ", $skipped skipped" : '',
	"\n";
exit($failed ? 1 : 0);
