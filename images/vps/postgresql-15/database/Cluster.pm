package Cluster;
# One PostgreSQL cluster as a process: its settings, its start and its end. What it is to be, others decide.
use strict;
use warnings;
use POSIX ();
use Wire;

use constant HOME => '/srv/postgresql';
use constant DATA => HOME . '/15';
# The second lies on the volume, where the backup runner finds it.
use constant SOCKETS => 'unix_socket_directories=/run/postgresql,' . HOME . '/run';
use constant PROGRAMS => '/usr/lib/postgresql/15/bin';
use constant TLS => HOME . '/tls';
use constant ROLE => 'simpul_replication';
use constant SECRETS => $ENV{SIMPUL_DATABASE_SECRETS} // '/run/simpul-secrets';
# As the image has it (Dockerfile).
my ($UID, $GID) = (getpwnam 'postgres')[ 2, 3 ];

sub exists { return -e DATA . '/PG_VERSION' }

# write(path, text, mode): whole or not at all, and there after a power cut; of user postgres.
sub write {
  my ($path, $text, $mode) = @_;
  open(my $file, '>', "$path.new") or die "$path: $!";
  chmod $mode, "$path.new";
  chown $UID, $GID, "$path.new";
  print $file $text and $file->flush and $file->sync or die "$path: $!";
  close $file;
  rename "$path.new", $path or die "$path: $!";
}

sub read_file {
  my ($path) = @_;
  open(my $file, '<', $path) or return;
  local $/;
  return scalar <$file>;
}

# conninfo(config, name): how the other site is asked; never a password in words of a command. As `name`, a site's own
# makes it the standby for which a primary waits.
sub conninfo {
  my ($config, $name) = @_;
  my ($address, $port) = @{ $config->{peer} }[ 1, 2 ];
  return join ' ', "host=$address port=$port user=" . ROLE, "application_name=$name", 'connect_timeout=4',
    'sslmode=verify-ca sslrootcert=' . TLS . '/authority.pem passfile=' . HOME . '/.pgpass',
    'keepalives_idle=2 keepalives_interval=1 keepalives_count=3';
}

# Where PostgreSQL reads them: it takes a key only from a file that is its own.
sub take_secrets {
  my $password = read_file(SECRETS . '/replication.password') =~ s/\s+//gr;
  my ($certificate, $key) = read_file(SECRETS . '/server.pem') =~ /\A(.*?)(-----BEGIN [A-Z ]*PRIVATE KEY-----.*)\z/s;
  mkdir TLS;
  Cluster::write(TLS . '/server.pem', $certificate, 0644);
  Cluster::write(TLS . '/server.key', $key, 0600);
  Cluster::write(TLS . '/authority.pem', read_file(SECRETS . '/authority.pem'), 0644);
  Cluster::write(HOME . '/.pgpass', '*:*:*:' . ROLE . ":$password\n", 0600);
}

# settings(config, sync): for both parts, so that either can become the other. A standby that is gone keeps no more log
# on the primary's disk than its share (max_slot_wal_keep_size), and is made anew when it comes back later than that.
sub settings {
  my ($config, $is_sync) = @_;
  my $tls = TLS;
  my $standbys = $is_sync ? qq("$config->{peer}[0]") : '';
  Cluster::write(HOME . '/simpul.conf', <<"TEXT", 0644);
# Written by simpul-database at each change; not kept when edited.
wal_level = replica
hot_standby = on
max_wal_senders = 8
max_replication_slots = 8
max_slot_wal_keep_size = '$config->{wal}MB'
wal_sender_timeout = '5s'
wal_receiver_timeout = '5s'
wal_retrieve_retry_interval = '500ms'
ssl = on
ssl_cert_file = '$tls/server.pem'
ssl_key_file = '$tls/server.key'
primary_conninfo = '@{[conninfo($config, $config->{site})]}'
primary_slot_name = '@{[slot($config->{site})]}'
recovery_target_timeline = 'latest'
synchronous_standby_names = '$standbys'
TEXT
  include();
}

sub slot { my ($site) = @_; return 'simpul_' . $site =~ tr/-/_/r }

# Both texts are the tenant's own; a rewind brings those of the other site, which has the same lines.
sub include {
  for ([ 'postgresql.conf', "include_if_exists '" . HOME . "/simpul.conf'" ], [ 'pg_hba.conf', 'hostssl replication ' . ROLE . ' all scram-sha-256' ]) {
    my ($name, $line) = @$_;
    my $text = read_file(DATA . "/$name") // next;
    Cluster::write(DATA . "/$name", "$text\n# Simpul: the standby at the other site\n$line\n", 0600) if index($text, $line) < 0;
  }
}

# As what it starts is in a file of PostgreSQL's own, which promotion takes away.
sub mark_standby { Cluster::write(DATA . '/standby.signal', '', 0600) unless -e DATA . '/standby.signal' }
sub is_marked_standby { return -e DATA . '/standby.signal' }

# Ends with this process, however that ends: nobody else would know when it must.
sub start {
  my $pid = fork // die "fork: $!";
  return $pid if $pid;
  exec 'chpst', '-u', 'postgres', 'setpriv', '--pdeathsig', 'QUIT', PROGRAMS . '/postgres', '-D', DATA, '-c', SOCKETS or POSIX::_exit(127);
}

sub processes {
  my @found;
  opendir(my $all, '/proc') or die "/proc: $!";
  for my $pid (grep { /^\d+$/ } readdir $all) {
    next unless ((stat "/proc/$pid")[4] // -1) == $UID;
    push @found, $pid if (read_file("/proc/$pid/status") // '') =~ /^Name:\tpostgres\n.*^State:\t[^Z]/ms;
  }
  return @found;
}

# Nothing of it acknowledges anything after this.
sub kill_all { kill 'KILL', processes() }

1;
