# web-server.pl PORT [proxy]: answers every request with what it was told about the client, one line a header.
# /sehat is unwell while /tmp/sakit is there. With `proxy` it takes the PROXY protocol (version 2) first and tells the address from there. Debian's perl-base alone.
use strict;
use warnings;
use Socket qw(:all);

my ($port, $proxy) = @ARGV;
socket(my $listener, AF_INET6, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
setsockopt($listener, IPPROTO_IPV6, IPV6_V6ONLY, 0);
bind($listener, pack_sockaddr_in6($port, inet_pton(AF_INET6, "::"))) or die "bind: $!";
listen($listener, 1024) or die "listen: $!";
for (1 .. 8) {
    next if fork;
    while (accept(my $client, $listener)) { serve($client) }
}
1 while wait != -1;

sub serve {
    my ($client) = @_;
    my $from = $proxy ? read_proxy($client) : "none";
    return unless defined $from;
    my $request = "";
    while ($request !~ /\r\n\r\n/) { sysread($client, $request, 8192, length $request) or return }
    my $body = "proxy: $from\n" . join("", map { "$_\n" } grep { /:/ } split /\r\n/, $request);
    my $status = $request =~ m{^\w+ /sehat } && -e "/tmp/sakit" ? "503 Service Unavailable" : "200 OK";
    syswrite $client, "HTTP/1.1 $status\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
    shutdown $client, 1;
    1 while sysread $client, my $rest, 8192;
}

# A health check comes as LOCAL, without an address.
sub read_proxy {
    my ($client) = @_;
    my $head = exactly($client, 16) // return;
    my ($command, $family, $length) = unpack "x12 C C n", $head;
    my $addresses = $length ? (exactly($client, $length) // return) : "";
    return "local" if $command == 0x20;
    return inet_ntop($family == 0x11 ? AF_INET : AF_INET6, substr $addresses, 0, $family == 0x11 ? 4 : 16);
}

sub exactly {
    my ($client, $count) = @_;
    my $read = "";
    while (length $read < $count) { sysread($client, $read, $count - length $read, length $read) or return }
    return $read;
}
