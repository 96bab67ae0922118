package Hmac;
# SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104), in hexadecimal. Written out here because perl-base, which every image
# has, brings no digest, and 45 MB of perl for a few messages a second are too much. Bytes in, bytes counted.
use strict;
use warnings;

use constant MASK => 0xffffffff;

# The first 32 bits of the fractions of the square and cube roots of the first primes, as the standard defines them.
my @primes = grep { my $n = $_; !grep { $n % $_ == 0 } 2 .. sqrt $n } 2 .. 311;
my @round = map { fraction($_**(1 / 3)) } @primes;
my @begin = map { fraction(sqrt) } @primes[0 .. 7];

sub fraction { my ($number) = @_; return int(($number - int $number) * 2**32) }

sub rotate { my ($word, $by) = @_; return ($word >> $by | $word << (32 - $by)) & MASK }

sub sha256 {
  my ($text) = @_;
  my $bits = 8 * length $text;
  $text .= "\x80" . "\0" x ((55 - length $text) % 64) . pack('Q>', $bits);
  my @state = @begin;
  for my $block (unpack '(a64)*', $text) {
    my @after = compress($block, @state);
    @state = map { ($state[$_] + $after[$_]) & MASK } 0 .. 7;
  }
  return join '', map { sprintf '%08x', $_ } @state;
}

sub compress {
  my ($block, $a, $b, $c, $d, $e, $f, $g, $h) = @_;
  my @word = unpack 'N16', $block;
  for my $at (16 .. 63) {
    my ($near, $far) = @word[ $at - 2, $at - 15 ];
    my $one = rotate($near, 17) ^ rotate($near, 19) ^ $near >> 10;
    my $other = rotate($far, 7) ^ rotate($far, 18) ^ $far >> 3;
    $word[$at] = ($word[ $at - 16 ] + $other + $word[ $at - 7 ] + $one) & MASK;
  }
  for my $at (0 .. 63) {
    my $chosen = ($e & $f) ^ (~$e & MASK & $g);
    my $most = ($a & $b) ^ ($a & $c) ^ ($b & $c);
    my $one = ($h + (rotate($e, 6) ^ rotate($e, 11) ^ rotate($e, 25)) + $chosen + $round[$at] + $word[$at]) & MASK;
    my $two = ((rotate($a, 2) ^ rotate($a, 13) ^ rotate($a, 22)) + $most) & MASK;
    ($a, $b, $c, $d, $e, $f, $g, $h) = (($one + $two) & MASK, $a, $b, $c, ($d + $one) & MASK, $e, $f, $g);
  }
  return ($a, $b, $c, $d, $e, $f, $g, $h);
}

sub hmac {
  my ($key, $text) = @_;
  $key = pack 'H*', sha256($key) if length $key > 64;
  $key .= "\0" x (64 - length $key);
  return sha256(($key ^ "\x5c" x 64) . pack('H*', sha256(($key ^ "\x36" x 64) . $text)));
}

# How long a comparison takes tells nothing about where two texts differ.
sub same { my ($one, $other) = @_; return sha256($one) eq sha256($other) }

1;
