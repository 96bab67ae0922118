#!/usr/bin/perl
# simpul-database: runs the PostgreSQL of a VPS that has a standby at the other site (ADR-0036). It is primary while its
# lease is held (ADR-0035) and ends before that does; else it follows the other, or stands still. What it is to be, people
# say (simpul-database-part); that survives restarts, and the same word again is no harm.
#   /etc/simpul/database        what the plan says: service, site, starts, mode, peer, voters, wal
#   /srv/postgresql/wanted      `primary EPOCH` (over whoever held up to that epoch) or `standby`
#   /srv/postgresql/state       what it must remember of itself
#   /run/simpul-database/status what it is now, a line for each word
use strict;
use warnings;
use lib '/usr/local/lib/simpul/lease', '/usr/local/lib/simpul/database';
use POSIX qw(WNOHANG);
use Claim;
use Cluster;
use Copy;
use Guard;
use Jobs;
use Wire;
use Words;

# Before its lease ends: politely, by force, and by the guard's hand. In milliseconds.
use constant { POLITE => 2_400, FORCE => 1_500, GUARDED => 800 };
# With less than this left, nothing is begun.
use constant ENOUGH => 3_500;
use constant STATUS => '/run/simpul-database/status';

my %config = read_config('/etc/simpul/database');
my %state = (epoch => 0, over => 0, diverged => 0, sync => 0, insync => 0, read_pairs(Cluster::HOME . '/state'));
my $claim = Claim->new(\%config, Cluster::read_file(Cluster::SECRETS . '/lease.key') =~ s/\s+//gr);
my $guard;
my $postgres = 0;        # process id
my $is_primary = 0;      # it acknowledges writes, or is about to
my $is_prepared = 0;
my $is_promoted = 1;
my $is_ending = 0;
my $stopping = 0;        # when it was told to stop
my %seen = (standby => 'none', lag => 0, lsn => '-', slot => '-', receiver => '-', peer => 'unknown', stopped => '-');
my %due = (look => 0, over => 0, status => 0, secrets => 0);
my $certificate = '';
my $said = '';

# libpq looks for certificates below it.
$ENV{HOME} = Cluster::HOME;
mkdir '/run/simpul-database';
$SIG{TERM} = $SIG{INT} = sub { $is_ending = 1 };
$SIG{CHLD} = sub { };
$guard = Guard->begin;
until ($is_ending && !$postgres) {
  reap();
  $claim->step(wanted() eq 'primary' && !$is_ending && may_take(), 0.1);
  fence();
  Jobs::look();
  follow_secrets();
  if ($is_ending) { stop() } elsif (wanted() eq 'primary') { be_primary() } else { be_standby() }
  say_status();
}
$claim->release;
exit 0;

sub wanted { return (Cluster::read_file(Cluster::HOME . '/wanted') // $config{starts}) =~ /^primary/ ? 'primary' : 'standby' }

# What the other site has held since we did, it has changed: only who was told of that may go past it.
sub may_take {
  my ($holder, $epoch) = $claim->newest or return 1;
  my ($over) = (Cluster::read_file(Cluster::HOME . '/wanted') // '') =~ /^primary (\d+)/;
  return $holder eq $config{site} || $holder eq '-' || $epoch <= $state{epoch} || $epoch <= ($over // 0);
}

sub be_primary {
  return if Jobs::running() =~ /^(copy|rewind)$/;
  if (!$postgres) {
    return unless $claim->left > ENOUGH && Cluster::exists();
    return start();
  }
  if (!$is_primary || !$is_promoted) {
    # A question to a site that is gone must not hold this up.
    Jobs::abandon() if Jobs::running() =~ /^(look|over)$/;
    return unless $claim->left > ENOUGH && Jobs::running() eq '';
    return promote();
  }
  if (!$is_prepared) { return prepare() }
  look('look', 1_000, Words::look_primary(\%config), sub {
    @seen{qw(standby sync lag lsn slot)} = split ' ', $_[0];
    $is_prepared = 0 if $seen{slot} =~ /^(lost|none)$/;
    follow_sync();
  });
}

# From then on nothing is acknowledged that the standby does not have: also over restarts, and while it is gone.
sub follow_sync {
  return if $config{mode} ne 'sync' || $state{sync} || $seen{standby} ne 'streaming' || $seen{lag} > 1_000_000;
  remember(sync => 1);
  Cluster::settings(\%config, 1);
  kill 'HUP', $postgres;
}

sub start {
  my $is_standby = Cluster::is_marked_standby();
  if (!$is_standby) {
    $guard->until($claim->{holder}->until - GUARDED);
    $is_primary = 1;
    remember(epoch => $claim->epoch, diverged => 1);
  }
  Cluster::settings(\%config, $is_primary && $state{sync});
  ($postgres, $is_promoted, $is_prepared, $stopping) = (Cluster::start(), 1, 0, 0);
  $seen{stopped} = '-';
}

# Remembered first: whatever happens now, this site may have written what the other has not.
sub promote {
  $guard->until($claim->{holder}->until - GUARDED);
  ($is_primary, $is_promoted) = (1, 0);
  remember(epoch => $claim->epoch, diverged => 1, sync => 0);
  Cluster::settings(\%config, 0);
  kill 'HUP', $postgres;
  my $is_said = sub { my ($is_well, $said) = @_; $is_promoted = $is_well && $said =~ /^t/; $is_prepared = 0 };
  Jobs::psql('promote', $is_said, "SELECT CASE WHEN pg_is_in_recovery() THEN pg_promote(true, 15) ELSE true END;\n");
}

sub prepare {
  return if Jobs::running() ne '';
  my $password = Cluster::read_file(Cluster::SECRETS . '/replication.password') =~ s/[^0-9a-f]//gr;
  Jobs::psql('prepare', sub { $is_prepared = $_[0] }, Words::prepare(\%config, $password));
}

sub be_standby {
  if ($is_primary) { return $postgres ? stop() : () }
  $claim->release if $claim->epoch;
  return if Jobs::running() ne '';
  if ($postgres) { return follow() }
  return unless $state{diverged} || !Cluster::exists() ? look_over() && $seen{peer} eq 'primary' : 1;
  if (!Cluster::exists()) { return Copy::anew(\%config, sub { $due{over} = Wire::now() + 3_000 unless $_[0] }) }
  if ($state{diverged}) {
    # Where they were the same last, the log may be gone: then all of it is copied.
    return Copy::rewind(\%config, sub { $_[0] ? remember(diverged => 0, sync => 0) : copy_anew() });
  }
  Cluster::mark_standby();
  start();
}

sub copy_anew { Copy::anew(\%config, sub { $_[0] ? remember(diverged => 0, sync => 0) : ($due{over} = Wire::now() + 3_000) }) }

sub follow {
  look('look', 400, Words::look_standby(\%config), sub { @seen{qw(receiver lsn replayed)} = split ' ', $_[0] });
  return if Jobs::running() ne '' || !look_over();
  # What it needs next is gone from the other's disk.
  if ($seen{theirs} eq 'lost' && $seen{receiver} ne 'streaming') { kill 'INT', $postgres; remember(diverged => 1) }
}

# look_over(): whether it is known, newly, what the other site's is.
sub look_over {
  return 1 if $seen{peer} ne 'unknown' && Wire::now() < $due{over};
  $seen{peer} = 'unknown' if Wire::now() >= $due{over};
  look('over', 3_000, Words::look_over(\%config), sub {
    @seen{qw(peer waits theirs)} = split ' ', $_[0];
    remember(insync => $seen{waits} eq 'waits' ? 1 : 0) if $seen{peer} eq 'primary';
  }, Cluster::conninfo(\%config, 'simpul-look') . ' dbname=postgres');
  return 0;
}

sub look {
  my ($name, $every, $sql, $done, @where) = @_;
  return if Wire::now() < $due{$name} || Jobs::running() ne '';
  $due{$name} = Wire::now() + $every;
  Jobs::psql($name, sub { chomp $_[1]; $done->($_[1]) if $_[0] && $_[1] ne '' }, $sql, @where);
}

# Fast: its clients are cut off, what they were told is written, and the standby is sent all of it.
sub stop {
  Jobs::abandon();
  if (!$stopping) { kill 'INT', $postgres; $stopping = Wire::now() }
  elsif (Wire::now() - $stopping > 20_000) { kill 'QUIT', $postgres }
}

# Certificates are renewed while it runs; what is connected stays so.
sub follow_secrets {
  return if Wire::now() < $due{secrets};
  $due{secrets} = Wire::now() + 60_000;
  my $now = Cluster::read_file(Cluster::SECRETS . '/server.pem') // return;
  return if $now eq $certificate;
  $certificate = $now;
  Cluster::take_secrets();
  kill 'HUP', $postgres if $postgres;
}

# Runs out: nothing may be acknowledged when the lease is another's.
sub fence {
  return $guard->until(0) unless $is_primary && $postgres;
  my $left = $claim->left;
  $guard->until($claim->{holder}->until - GUARDED) if $left > GUARDED;
  if ($left < FORCE) { Cluster::kill_all() }
  elsif ($left < POLITE) { kill 'QUIT', $postgres }
}

sub reap {
  while ((my $pid = waitpid -1, WNOHANG) > 0) {
    my $status = $?;
    if ($pid == $guard->{pid}) { Cluster::kill_all(); $guard = Guard->begin }
    elsif ($pid == $postgres) { ended() }
    else { Jobs::ended($pid, $status) }
  }
}

sub ended {
  # A child of it may still be about to answer somebody.
  Cluster::kill_all() while Cluster::processes();
  ($postgres, $is_promoted, $stopping) = (0, 1, 0);
  my $controls = Cluster::PROGRAMS . '/pg_controldata';
  my ($is_whole, $last) = (readpipe("$controls " . Cluster::DATA) // '') =~ /cluster state: +(.*?)\n.*^Latest checkpoint location: +(\S+)/ms;
  $seen{stopped} = ($is_whole // '') =~ /^shut down/ ? $last : '-';
  print STDERR "simpul-database: PostgreSQL has ended\n";
  return unless $is_primary && wanted() eq 'standby';
  $is_primary = 0;
  $claim->release;
}

sub say_status {
  $is_primary = 0 if !$postgres;
  my ($holder, $epoch) = ($claim->newest, '-', 0);
  my $part = !$postgres ? 'stopped' : $is_primary ? ($is_promoted ? 'primary' : 'promoting') : 'standby';
  my $left = $claim->left;
  my $text = join '', map { "$_->[0] $_->[1]\n" } (
    [ wanted => wanted() ], [ part => $part ], [ holder => $holder ], [ epoch => $epoch ], [ held => $left > 0 ? 1 : 0 ],
    [ own => $state{epoch} ], [ sync => $state{sync} ], [ insync => $state{insync} ], [ diverged => $state{diverged} ],
    [ job => Jobs::running() || '-' ], map { [ $_ => $seen{$_} // '-' ] } qw(standby lag lsn receiver replayed peer stopped)
  );
  return if $text eq $said && Wire::now() < $due{status};
  ($said, $due{status}) = ($text, Wire::now() + 1_000);
  open(my $file, '>', STATUS . '.new') or die STATUS . ": $!";
  print $file $text, 'at ', Wire::now(), "\n";
  close $file;
  rename STATUS . '.new', STATUS;
}

sub remember {
  my (%new) = @_;
  return unless grep { $state{$_} != $new{$_} } keys %new;
  @state{ keys %new } = values %new;
  Cluster::write(Cluster::HOME . '/state', join('', map { "$_ $state{$_}\n" } sort keys %state), 0600);
}

sub read_pairs { my ($path) = @_; return map { split ' ', $_, 2 } split /\n/, Cluster::read_file($path) // '' }

sub read_config {
  my ($path) = @_;
  my %config = (voters => []);
  for (split /\n/, Cluster::read_file($path) // die "$path is missing\n") {
    my ($word, @rest) = split ' ';
    if ($word eq 'voter') { push @{ $config{voters} }, \@rest }
    else { $config{$word} = @rest > 1 ? \@rest : $rest[0] }
  }
  return %config;
}
