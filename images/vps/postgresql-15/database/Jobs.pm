package Jobs;
# Programs that run beside the agent, one at a time: it never waits for one, for its lease must be renewed meanwhile.
use strict;
use warnings;
use Cluster;
use POSIX qw(WNOHANG);
use Wire;

my %job;

sub running { return $job{name} // '' }

# run(name, seconds, done, input, words): `done` gets whether it ended well, and what it said. As user postgres.
sub run {
  my ($name, $seconds, $done, $input, @words) = @_;
  return if %job;
  pipe(my $from, my $to) or die "pipe: $!";
  open(my $said, '+>', undef) or die "scratch file: $!";
  my $pid = fork // die "fork: $!";
  if (!$pid) {
    close $to;
    open STDIN, '<&', $from;
    open STDOUT, '>&', $said;
    open STDERR, '>&', $said;
    setpgrp 0, 0;
    exec 'chpst', '-u', 'postgres', 'setpriv', '--pdeathsig', 'KILL', @words or POSIX::_exit(127);
  }
  close $from;
  { local $SIG{PIPE} = 'IGNORE'; print $to $input; close $to }
  %job = (name => $name, pid => $pid, until => Wire::now() + 1000 * $seconds, done => $done, said => $said);
}

# psql(name, done, sql, connection): one answer a line.
sub psql {
  my ($name, $done, $sql, @where) = @_;
  run($name, 20, $done, $sql, 'env', 'PGAPPNAME=simpul', 'psql', '-XqAt', '-F', ' ', '-v', 'ON_ERROR_STOP=1', @where ? @where : ('-h', '/run/postgresql', 'postgres'));
}

# ended(pid, status): takes what `waitpid` gave; whether it was a job's.
sub ended {
  my ($pid, $status) = @_;
  return 0 unless %job && $pid == $job{pid};
  my %ended = %job;
  %job = ();
  seek $ended{said}, 0, 0;
  local $/;
  my $said = readline($ended{said}) // '';
  print STDERR "simpul-database: $ended{name}: $said" if $status != 0;
  $ended{done}->($status == 0, $said);
  return 1;
}

sub look { kill 'KILL', -$job{pid} if %job && Wire::now() > $job{until} }

# What it was to do has become wrong.
sub abandon { kill 'KILL', -$job{pid} if %job }

1;
