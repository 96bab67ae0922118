/**
 * Perl (perl-base is in every image of Debian) that tries many TCP connections at once in one process: a netcat for each
 * cost more than all the rest of a sweep. Argument: seconds until silence counts as such. Standard input, a line each:
 * `INDEX FAMILY PORT GREETS SOURCE ADDRESS`, where `-` is no source, GREETS 1 waits for the server's first line, and a
 * missing address is a name that was not found. Output: `INDEX OUTCOME TEXT`. It holds no single quote.
 */
export const CONNECT_PROGRAM = String.raw`
use strict;
use warnings;
use Errno qw(ECONNREFUSED EHOSTUNREACH EINPROGRESS ENETUNREACH);
use Fcntl qw(F_SETFL O_NONBLOCK);
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 AF_INET6);

my $patience = shift;
my %pending;
while (my $line = <STDIN>) {
  my ($index, $family, $port, $greets, $source, $address) = split " ", $line;
  if (($address // "") eq "") { print "$index no-name\n"; next }
  my $socket;
  if (!socket($socket, $family == 4 ? AF_INET : AF_INET6, SOCK_STREAM, 0)) { end_with($index, $!); next }
  fcntl($socket, F_SETFL, O_NONBLOCK);
  if ($source ne "-" && !bind($socket, place($family, $source, 0))) { end_with($index, $!); next }
  if (!connect($socket, place($family, $address, $port)) && $! != EINPROGRESS) { end_with($index, $!); next }
  $pending{$index} = { socket => $socket, greets => $greets };
}

my $left = $patience;
while (%pending) {
  my ($readable, $writable) = ("", "");
  for my $one (values %pending) {
    vec($one->{open} ? $readable : $writable, fileno($one->{socket}), 1) = 1;
  }
  (my $count, $left) = select($readable, $writable, undef, $left);
  last if $count <= 0;
  for my $index (keys %pending) {
    my $one = $pending{$index};
    my $ready = $one->{open} ? $readable : $writable;
    next if !vec($ready, fileno($one->{socket}), 1);
    if ($one->{open}) { greet($index, $one->{socket}); next }
    my $error = unpack("i", getsockopt($one->{socket}, SOL_SOCKET, SO_ERROR));
    if ($error) { end_with($index, $error); next }
    if (!$one->{greets}) { print "$index open\n"; delete $pending{$index}; next }
    $one->{open} = 1;
    $left = $patience;
  }
}
print "$_ ", $pending{$_}{open} ? "open" : "silent", "\n" for keys %pending;

sub place {
  my ($family, $text, $port) = @_;
  return pack_sockaddr_in($port, inet_pton(AF_INET, $text)) if $family == 4;
  return pack_sockaddr_in6($port, inet_pton(AF_INET6, $text));
}

sub greet {
  my ($index, $socket) = @_;
  sysread($socket, my $text, 256);
  ($text) = split /[\r\n]/, $text // "";
  $text //= "";
  $text =~ s/[^ -~]/?/g;
  print "$index open $text\n";
  delete $pending{$index};
}

sub end_with {
  my ($index, $error) = @_;
  my $number = $error + 0;
  my $outcome =
      $number == ECONNREFUSED ? "refused"
    : $number == EHOSTUNREACH || $number == ENETUNREACH ? "no-route"
    :                                                     "failed";
  print "$index $outcome ", $! = $number, "\n";
  delete $pending{$index};
}
`;
