package Guard;
# A process beside the agent that ends PostgreSQL when its time is over, whatever the agent does or has become of it: it
# hears of each new end by a pipe, and when the pipe closes, the time is over at once.
use strict;
use warnings;
use Cluster;
use IO::Handle;
use POSIX ();
use Wire;

sub begin {
  my ($class) = @_;
  pipe(my $from, my $to) or die "pipe: $!";
  my $pid = fork // die "fork: $!";
  if (!$pid) {
    close $to;
    watch($from);
    POSIX::_exit(0);
  }
  close $from;
  $to->autoflush(1);
  return bless { pid => $pid, to => $to }, $class;
}

# until(end): milliseconds by the clock of leases; 0 while there is nothing to end.
sub until {
  my ($self, $end) = @_;
  return if $end == ($self->{end} // -1);
  $self->{end} = $end;
  local $SIG{PIPE} = 'IGNORE';
  print { $self->{to} } "$end\n";
}

sub watch {
  my ($from) = @_;
  $SIG{$_} = 'IGNORE' for qw(INT TERM HUP);
  my ($end, $heard) = (0, '');
  while (1) {
    my $wait = $end ? ($end - Wire::now()) / 1000 : 5;
    vec(my $read = '', fileno $from, 1) = 1;
    if (select($read, undef, undef, $wait < 0.05 ? 0.05 : $wait) > 0) {
      last unless sysread $from, $heard, 4096, length $heard;
      while ($heard =~ s/^(\d+)\n//) { $end = $1 }
    }
    Cluster::kill_all() if $end && Wire::now() >= $end;
  }
  Cluster::kill_all();
}

1;
