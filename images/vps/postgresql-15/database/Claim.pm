package Claim;
# The database's lease as its agent sees it: asks the voters, and knows until when it may be primary.
use strict;
use warnings;
use Calls;
use Holder;
use Wire;

# A quarter of its time, so that two lost messages in a row do no harm.
use constant { ASK => 6_000, EVERY => 1_500, AGAIN => 300, PATIENCE => 1_400 };

sub new {
  my ($class, $config, $key) = @_;
  my $voters = $config->{voters};
  return bless {
    service => $config->{service}, site => $config->{site}, voters => $voters, next => 0,
    calls => Calls->new($key, PATIENCE), holder => Holder->new(scalar @$voters, ASK),
    newest => [], epoch => 0,
  }, $class;
}

# Milliseconds for which it is ours yet, not above zero when it is not.
sub left { my ($self) = @_; return $self->{holder}->until - Wire::now() }
sub epoch { my ($self) = @_; return $self->{epoch} }
# Who had it last, and in which epoch; nothing until a majority has said so.
sub newest { my ($self) = @_; return $self->left > 0 ? @$self{qw(site epoch)} : @{ $self->{newest} } }

# step(wanted, seconds): one turn; waits at most so long for voters. wanted: whether to take it where it is to be had.
sub step {
  my ($self, $is_wanted, $seconds) = @_;
  $self->{next} = 0 if $is_wanted && !$self->{was_wanted};
  $self->{was_wanted} = $is_wanted;
  if (Wire::now() >= $self->{next}) {
    $self->ask($is_wanted);
    $self->{next} = Wire::now() + ($self->left > 0 || !$is_wanted ? EVERY : AGAIN);
  }
  for my $answer ($self->{calls}->poll($seconds)) {
    my ($reply, $tag) = @$answer{qw(reply tag)};
    $self->{holder}->seen($answer->{voter}, $reply->{holder}, $reply->{epoch}) if $tag == 0;
    $self->{holder}->granted($answer->{voter}, $tag, $answer->{sent}) if $tag > 0 && $reply->{granted};
  }
  if (my @newest = $self->{holder}->newest) { $self->{newest} = \@newest }
}

sub ask {
  my ($self, $is_wanted) = @_;
  my ($verb, $epoch) = ('inspect', 0);
  if ($self->left > 0) { ($verb, $epoch) = ('hold', $self->{epoch}) }
  elsif ($is_wanted && (my @newest = $self->{holder}->newest)) {
    ($verb, $epoch) = ('hold', $newest[1] + 1);
    $self->{epoch} = $epoch;
    $self->{holder}->begin($epoch);
  }
  for my $voter (@{ $self->{voters} }) {
    next if $self->{calls}->is_asking($voter->[0]);
    $self->{calls}->ask($voter, join(' ', $verb, $self->{service}, $self->{site}, $epoch, $verb eq 'hold' ? ASK : 0), $epoch);
  }
}

# Only after nothing of it can be acknowledged any more. Those who do not hear it wait until its time is over.
sub release {
  my ($self) = @_;
  my $epoch = $self->{epoch};
  return if $epoch == 0;
  $self->{holder}->begin(0);
  $self->{epoch} = 0;
  my $calls = Calls->new($self->{calls}{key}, PATIENCE);
  $calls->ask($_, "release $self->{service} $self->{site} $epoch 0", -1) for @{ $self->{voters} };
  $calls->poll(0.05) while $calls->is_open;
  $self->{newest} = [ $self->{site}, $epoch ];
}

1;
