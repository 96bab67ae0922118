package Wire;
# How lease messages read, and who may have written them. The voter greets each caller with a word that was never used;
# what the caller asks is signed over that word, and what the voter answers over both: neither can be played again.
#   simpul-lease/1 WORD
#   VERB SERVICE HOLDER EPOCH TIME WORD SIGNATURE      (hold, release, inspect; time in milliseconds)
#   granted|refused HOLDER EPOCH LEFT SIGNATURE        (who has it or had it last, for how many milliseconds yet)
use strict;
use warnings;
use Hmac;

use constant GREETING => 'simpul-lease/1';
use constant LONGEST => 400;

sub word {
  open(my $random, '<:raw', '/dev/urandom') or die "urandom: $!";
  read($random, my $bytes, 16) == 16 or die 'urandom is short';
  return unpack 'H*', $bytes;
}

# Who has the key of all services can make each one's; a server has that of its own only.
sub key_of { my ($master, $service) = @_; return Hmac::hmac($master, "service $service") }

sub request {
  my ($key, $greeted, $body) = @_;
  my $word = word();
  return ("$body $word", "$body $word " . Hmac::hmac($key, "asked $greeted $body $word") . "\n");
}

# read_request(line, greeted, key of): the signed text and its words; nothing when it is not what it says.
sub read_request {
  my ($line, $greeted, $key_of) = @_;
  return unless $line =~ /^((hold|release|inspect) ([a-z0-9][a-z0-9-]{0,62}) ([a-z0-9][a-z0-9-]{0,62}) (\d{1,15}) (\d{1,9}) [0-9a-f]{32}) ([0-9a-f]{64})$/;
  my ($text, @words) = ($1, $2, $3, $4, $5, $6);
  return unless Hmac::same($7, Hmac::hmac($key_of->($words[1]), "asked $greeted $text"));
  return ($text, @words);
}

sub answer {
  my ($key, $greeted, $asked, $said) = @_;
  return "$said " . Hmac::hmac($key, "said $greeted $asked $said") . "\n";
}

sub read_answer {
  my ($line, $greeted, $asked, $key) = @_;
  return unless $line =~ /^((granted|refused) ([a-z0-9-]+) (\d{1,15}) (\d{1,9})) ([0-9a-f]{64})$/;
  my ($said, $verdict, $holder, $epoch, $left) = ($1, $2, $3, $4, $5);
  return unless Hmac::same($6, Hmac::hmac($key, "said $greeted $asked $said"));
  return { granted => $verdict eq 'granted', holder => $holder, epoch => $epoch, left => $left };
}

# Milliseconds since the machine started, sleep included (CLOCK_BOOTTIME, in steps of 10): containers of it share them.
sub now {
  open(my $uptime, '<', '/proc/uptime') or die "uptime: $!";
  return int(1000 * (split / /, <$uptime>)[0]);
}

1;
