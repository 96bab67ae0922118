#!/usr/bin/perl
# simpul-lease SERVICE: what this voter knows of a service: `HOLDER EPOCH MILLISECONDS-LEFT`, holder `-` for nobody yet.
# For a look by hand and for `simpul drill drc`; runs inside a voter, which has the key.
use strict;
use warnings;
use lib '/usr/local/lib/simpul/lease';
use Calls;
use Wire;

my ($service) = @ARGV;
die "usage: simpul-lease SERVICE\n" unless @ARGV == 1 && $service =~ /^[a-z0-9][a-z0-9-]*$/;
open(my $file, '<', $ENV{SIMPUL_VOTER_KEY} // '/run/simpul-secrets/voters.key') or die "key: $!\n";
my $calls = Calls->new(Wire::key_of(<$file> =~ s/\s+\z//r, $service), 3_000);
$calls->ask([ 'here', '127.0.0.1', $ENV{SIMPUL_VOTER_PORT} // 7411 ], "inspect $service nobody 0 0", 0);
my @answers;
@answers = $calls->poll(0.1) until @answers || !$calls->is_asking('here');
die "the voter does not answer\n" unless @answers;
my $reply = $answers[0]{reply};
print "$reply->{holder} $reply->{epoch} $reply->{left}\n";
