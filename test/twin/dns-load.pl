# dns-load.pl SERVER RATE SECONDS NAME TYPE [PATIENCE]: asks RATE times a second, whether or not answers come, and
# prints how many questions went out, how many were answered with records, how many were asked again, and which got no
# answer: NUMBER@SECONDS since the first. What has no answer in PATIENCE seconds is asked once more, as stub resolvers do
# (RFC 1035 4.2.1: datagrams may be lost); without PATIENCE nothing is. `%d` in NAME becomes the question's number, so
# that no cache knows it. Perl, for it is in every image of ours (perl-base).
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;

my ($server, $rate, $seconds, $pattern, $type, $patience) = @ARGV;
my $socket = IO::Socket::INET->new(PeerAddr => $server, PeerPort => 53, Proto => 'udp') or die "socket: $!";
my $select = IO::Select->new($socket);
my ($sent, $looked, $again, $began, $total, %answered, %rcode, @asked) = (0, 0, 0, now(), $rate * $seconds);

# An answer counts when it comes within two seconds of the last question.
while ($sent < $total || (keys %answered < $total && now() < $began + $seconds + 2)) {
  while ($sent < $total && now() >= $began + $sent / $rate) {
    $asked[$sent] = now();
    ask($sent);
    $sent++;
  }
  for (; $patience && $looked < $sent && now() >= $asked[$looked] + $patience; $looked++) {
    next if $answered{ $looked % 65536 };
    ask($looked);
    $again++;
  }
  for ($select->can_read(0.002)) {
    $socket->recv(my $answer, 4096) // do { warn "receive: $!\n"; next };
    my ($id, $flags, undef, $records) = unpack('n4', $answer);
    $rcode{ $flags & 15 }++;
    $answered{$id} = 1 if ($flags & 15) == 0 && $records > 0;
  }
}
my $codes = join(' ', map { "rcode$_=$rcode{$_}" } sort keys %rcode);
my @missing = map { sprintf ' %d@%.2f', $_, $asked[$_] - $began } grep { !$answered{ $_ % 65536 } } 0 .. $sent - 1;
printf "sent=%d answered=%d again=%d %s%s\n", $sent, scalar(keys %answered), $again, $codes, @missing ? " missing:@missing" : '';

sub ask {
  my ($number) = @_;
  my $name = $pattern;
  $name =~ s/%d/$number/;
  my $question = join('', map { pack('C/a', $_) } split(/\./, $name)) . "\0" . pack('nn', $type, 1);
  $socket->send(pack('n6', $number % 65536, 0x0100, 1, 0, 0, 0) . $question) // warn "$number: $!\n";
}

# perl-base counts whole seconds only; the kernel's own clock shows hundredths.
sub now {
  open(my $uptime, '<', '/proc/uptime') or die "uptime: $!";
  return (split(/ /, <$uptime>))[0];
}
