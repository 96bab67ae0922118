#!/usr/bin/perl
# simpul-voter: one of three that say who holds a service (ADR-0035). Answers `hold`, `release` and `inspect` on TCP port
# 7411; what it decides is Voter.pm's, how messages read is Wire.pm's. Each new holder is on the disk before it is told.
#   /var/lib/simpul-voter/SERVICE    "HOLDER EPOCH"; `.began`, when the first word was written
#   /run/simpul-secrets/voters.key   from which the key of each service is made
use strict;
use warnings;
use lib '/usr/local/lib/simpul/lease';
use Errno qw(EAGAIN EINTR);
use Fcntl qw(F_SETFL O_NONBLOCK O_RDONLY);
use IO::Handle;
use Socket qw(:DEFAULT AF_INET6 IPPROTO_IPV6 IPV6_V6ONLY pack_sockaddr_in6 IN6ADDR_ANY);
use Voter;
use Wire;

my $folder = $ENV{SIMPUL_VOTER_STATE} // '/var/lib/simpul-voter';
my $key_file = $ENV{SIMPUL_VOTER_KEY} // '/run/simpul-secrets/voters.key';
my $port = $ENV{SIMPUL_VOTER_PORT} // 7411;
# The longest that anybody may hold without asking again; who holds asks for less.
use constant LONGEST => 10_000;
use constant CALLERS => 64;
# For a caller to come to its end.
use constant PATIENCE => 5_000;

my $master = read_file($key_file) =~ s/\s+\z//r;
die "simpul-voter: the key in $key_file is too short\n" if length $master < 32;
my $voter = remember();
my %callers;
my $listening = listen_on($port);
$SIG{PIPE} = 'IGNORE';
$SIG{$_} = sub { exit 0 }
  for qw(TERM INT);
print STDERR "simpul-voter: answers on port $port\n";
serve() while 1;

sub remember {
  my %known;
  opendir(my $files, $folder) or die "$folder: $!";
  for my $name (grep { /^[a-z0-9][a-z0-9-]*$/ } readdir $files) {
    my ($holder, $epoch) = read_file("$folder/$name") =~ /^([a-z0-9-]+) (\d+)$/ or die "$folder/$name cannot be understood\n";
    $known{$name} = [ $holder, $epoch ];
  }
  # Epochs rise by one at each change of holder, and the clock by one a second: whatever was granted before is below.
  keep('.began', time) unless -e "$folder/.began";
  return Voter->new(Wire::now(), LONGEST, read_file("$folder/.began") + 0, \%known);
}

# Whole or not at all, and there after a power cut: that is why the folder is written out too.
sub keep {
  my ($name, $text) = @_;
  open(my $file, '>', "$folder/.new") or die "$folder: $!";
  print $file "$text\n" and $file->flush and $file->sync or die "$folder: $!";
  close $file;
  rename "$folder/.new", "$folder/$name" or die "$folder: $!";
  sysopen(my $whole, $folder, O_RDONLY) or die "$folder: $!";
  $whole->sync or die "$folder: $!";
}

sub listen_on {
  my ($port) = @_;
  socket(my $socket, AF_INET6, SOCK_STREAM, 0) or die "socket: $!";
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
  setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  bind($socket, pack_sockaddr_in6($port, IN6ADDR_ANY)) && listen($socket, 128) or die "port $port: $!\n";
  fcntl($socket, F_SETFL, O_NONBLOCK);
  return $socket;
}

sub serve {
  my $read = '';
  vec($read, fileno $listening, 1) = 1 if keys %callers < CALLERS;
  vec($read, $_, 1) = 1 for keys %callers;
  select($read, undef, undef, %callers ? 0.5 : undef);
  while (keys %callers < CALLERS && accept(my $socket, $listening)) {
    fcntl($socket, F_SETFL, O_NONBLOCK);
    my $greeted = Wire::word();
    my $caller = { socket => $socket, greeted => $greeted, heard => '', give_up => Wire::now() + PATIENCE };
    $callers{ fileno $socket } = $caller if syswrite $socket, Wire::GREETING . " $greeted\n";
  }
  for my $number (keys %callers) { delete $callers{$number} unless is_heard($callers{$number}) }
}

# Whether there is more to come. A caller that says what it may not is not told why.
sub is_heard {
  my ($caller) = @_;
  return 0 if Wire::now() > $caller->{give_up};
  my $got = sysread $caller->{socket}, my $part, Wire::LONGEST;
  if (!defined $got) { return $! == EAGAIN || $! == EINTR }
  return 0 if $got == 0 || length($caller->{heard} .= $part) > Wire::LONGEST;
  return 1 unless $caller->{heard} =~ /^([^\n]*)\n/;
  my $key_of = sub { Wire::key_of($master, $_[0]) };
  my ($asked, $verb, $service, $holder, $epoch, $time) = Wire::read_request($1, $caller->{greeted}, $key_of);
  return 0 unless defined $asked;
  my $is_granted = decide($verb, $service, $holder, $epoch, $time);
  my $said = join ' ', $is_granted ? 'granted' : 'refused', $voter->inspect(Wire::now(), $service);
  syswrite $caller->{socket}, Wire::answer($key_of->($service), $caller->{greeted}, $asked, $said);
  return 0;
}

sub decide {
  my ($verb, $service, $holder, $epoch, $time) = @_;
  return 1 if $verb eq 'inspect';
  return $voter->release(Wire::now(), $service, $holder, $epoch) if $verb eq 'release';
  my ($is_granted, $is_new) = $voter->hold(Wire::now(), $service, $holder, $epoch, $time);
  # A voter that cannot write ends here, and its caller hears nothing.
  keep($service, "$holder $epoch") if $is_new;
  return $is_granted;
}

sub read_file {
  my ($path) = @_;
  open(my $file, '<', $path) or die "$path: $!\n";
  local $/;
  return <$file>;
}
