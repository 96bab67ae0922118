package Calls;
# Questions to several voters at once, none of which may hold up the caller: each is a connection of its own that ends by
# an answer or when its time is over.
use strict;
use warnings;
use Errno qw(EINPROGRESS EAGAIN EINTR);
use Fcntl qw(F_SETFL O_NONBLOCK);
use Socket qw(:DEFAULT inet_pton AF_INET6 pack_sockaddr_in6 SOL_SOCKET SO_ERROR);
use Wire;

# new(key, patience): key of the service that is asked about; milliseconds after which a silent voter is given up.
sub new { my ($class, $key, $patience) = @_; return bless { key => $key, patience => $patience, open => [] }, $class }

# ask(voter, body, tag): voter is [name, address, port]; what becomes of it is told by `poll`, with the tag.
sub ask {
  my ($self, $voter, $body, $tag) = @_;
  my ($name, $address, $port) = @$voter;
  my $is_six = $address =~ /:/;
  my $to = $is_six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address)) : pack_sockaddr_in($port, inet_aton($address));
  socket(my $socket, $is_six ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or return;
  fcntl($socket, F_SETFL, O_NONBLOCK);
  return unless connect($socket, $to) || $! == EINPROGRESS;
  push @{ $self->{open} },
    { voter => $name, body => $body, tag => $tag, socket => $socket, heard => '', give_up => Wire::now() + $self->{patience} };
}

sub is_open { my ($self) = @_; return scalar @{ $self->{open} } }
sub is_asking { my ($self, $name) = @_; return grep { $_->{voter} eq $name } @{ $self->{open} } }

# poll(seconds): waits for something to happen at most that long. Returns the answers that came: voter, tag, sent, reply.
sub poll {
  my ($self, $seconds) = @_;
  my $read = '';
  vec($read, fileno $_->{socket}, 1) = 1 for @{ $self->{open} };
  select(my $ready = $read, undef, undef, $seconds) if $seconds > 0 || @{ $self->{open} };
  my (@answers, @open);
  for my $call (@{ $self->{open} }) {
    my $reply = step($call, $self->{key});
    if (ref $reply) { push @answers, { voter => $call->{voter}, tag => $call->{tag}, sent => $call->{sent}, reply => $reply } }
    elsif ($reply && Wire::now() < $call->{give_up}) { push @open, $call }
  }
  $self->{open} = \@open;
  return @answers;
}

# The reply; 1 while it is to be waited for; nothing when the call has failed.
sub step {
  my ($call, $key) = @_;
  my $got = sysread $call->{socket}, my $part, Wire::LONGEST;
  if (!defined $got) { return $! == EAGAIN || $! == EINTR ? 1 : undef }
  return if $got == 0 || length($call->{heard} .= $part) > 2 * Wire::LONGEST;
  while ($call->{heard} =~ s/^([^\n]*)\n//) {
    my $line = $1;
    return Wire::read_answer($line, $call->{greeted}, $call->{asked}, $key) if defined $call->{asked};
    my $greeting = Wire::GREETING;
    return unless $line =~ m{^\Q$greeting\E ([0-9a-f]{32})$};
    $call->{greeted} = $1;
    ($call->{asked}, my $text) = Wire::request($key, $1, $call->{body});
    # Before it leaves: from here on the time that is granted counts.
    $call->{sent} = Wire::now();
    return unless syswrite $call->{socket}, $text;
  }
  return 1;
}

1;
