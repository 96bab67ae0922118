# lease-core.pl: the decisions of voters and holders (images/shared/lease), line by line, for a test that plays clocks and
# network around them. Each line is answered by one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../images/shared/lease";
use Hmac;
use Holder;
use Voter;

$| = 1;
my (@voters, @holders, @written);
while (my $line = <STDIN>) {
  my ($what, @words) = split ' ', $line;
  print join(' ', __PACKAGE__->can($what)->(@words)), "\n";
}

sub reset_all { @voters = @holders = @written = (); return 'ok' }
# What is on its disk stays; a voter whose disk is lost begins above all epochs.
sub start { my ($at, $now, $longest, $floor) = @_; $voters[$at] = Voter->new($now, $longest, $floor, { %{ $written[$at] //= {} } }); return 'ok' }
sub lose { my ($at) = @_; $written[$at] = {}; return 'ok' }
sub hold {
  my ($at, $now, $holder, $epoch, $time) = @_;
  my ($is_granted, $is_new) = $voters[$at]->hold($now, 'db', $holder, $epoch, $time);
  $written[$at]{db} = [ $holder, $epoch ] if $is_new;
  return $is_granted;
}
sub release { my ($at, $now, $holder, $epoch) = @_; return $voters[$at]->release($now, 'db', $holder, $epoch) }
sub inspect { my ($at, $now) = @_; return $voters[$at]->inspect($now, 'db') }
sub holder { my ($at, $count, $time) = @_; $holders[$at] = Holder->new($count, $time); return 'ok' }
sub seen { my ($at, $voter, $holder, $epoch) = @_; $holders[$at]->seen($voter, $holder, $epoch); return 'ok' }
sub newest { my ($at) = @_; my @newest = $holders[$at]->newest; return @newest ? @newest : 'none' }
sub begin { my ($at, $epoch) = @_; $holders[$at]->begin($epoch); return 'ok' }
sub granted { my ($at, $voter, $epoch, $sent) = @_; $holders[$at]->granted($voter, $epoch, $sent); return $holders[$at]->until }
sub until { my ($at) = @_; return $holders[$at]->until }
sub hmac { my ($key, $text) = map { pack 'H*', $_ // '' } @_; return Hmac::hmac($key, $text) }
