# dns-load.pl SERVER RATE SECONDS NAME TYPE: asks RATE times a second, whether or not answers come, and prints how many
# questions went out and how many were answered with records. `%d` in NAME becomes the question's number, so that no
# cache knows it. Perl, for it is in every image of ours (perl-base).
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;

my ($server, $rate, $seconds, $pattern, $type) = @ARGV;
my $socket = IO::Socket::INET->new(PeerAddr => $server, PeerPort => 53, Proto => 'udp') or die "socket: $!";
my $select = IO::Select->new($socket);
my ($sent, $began, $total, %answered, %rcode) = (0, now(), $rate * $seconds);

# An answer counts when it comes within two seconds of the last question.
while ($sent < $total || (keys %answered < $total && now() < $began + $seconds + 2)) {
  while ($sent < $total && now() >= $began + $sent / $rate) {
    my $name = $pattern;
    $name =~ s/%d/$sent/;
    my $question = join('', map { pack('C/a', $_) } split(/\./, $name)) . "\0" . pack('nn', $type, 1);
    $socket->send(pack('n6', $sent % 65536, 0x0100, 1, 0, 0, 0) . $question);
    $sent++;
  }
  for ($select->can_read(0.002)) {
    $socket->recv(my $answer, 4096) // next;
    my ($id, $flags, undef, $records) = unpack('n4', $answer);
    $rcode{ $flags & 15 }++;
    $answered{$id} = 1 if ($flags & 15) == 0 && $records > 0;
  }
}
my $codes = join(' ', map { "rcode$_=$rcode{$_}" } sort keys %rcode);
printf "sent=%d answered=%d %s\n", $sent, scalar(keys %answered), $codes;

# perl-base counts whole seconds only; the kernel's own clock shows hundredths.
sub now {
  open(my $uptime, '<', '/proc/uptime') or die "uptime: $!";
  return (split(/ /, <$uptime>))[0];
}
