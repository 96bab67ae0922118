package Holder;
# One who wants to hold a service: until when it may rely on what voters granted. No socket, no clock: times are milliseconds
# of the holder's own clock. A grant counts from before the request was sent, so the voter's count ends later.
use strict;
use warnings;

# A clock that is off by more than one part in a hundred is broken; both ends may be.
use constant DRIFT => 0.02;

# new(voters, time): how many voters there are, and for how long each is asked.
sub new {
  my ($class, $voters, $time) = @_;
  return bless { majority => int($voters / 2) + 1, time => $time, epoch => 0, sent => {}, seen => {} }, $class;
}

# seen(voter, holder, epoch): who held it last, as this voter knows.
sub seen { my ($self, $voter, $holder, $epoch) = @_; $self->{seen}{$voter} = [ $holder, $epoch ] }

# newest(): holder and epoch that were the last; nothing before a majority has been heard, for only then none is missed.
sub newest {
  my ($self) = @_;
  my @seen = sort { $b->[1] <=> $a->[1] } values %{ $self->{seen} };
  return @seen < $self->{majority} ? () : @{ $seen[0] };
}

# begin(epoch): nothing that was granted in another epoch counts any more, and what was seen is old.
sub begin {
  my ($self, $epoch) = @_;
  $self->{epoch} = $epoch;
  $self->{sent} = {};
  $self->{seen} = {};
}

# granted(voter, epoch, sent): the request had left at `sent` at the earliest.
sub granted {
  my ($self, $voter, $epoch, $sent) = @_;
  return unless $epoch == $self->{epoch} && $epoch > 0;
  $self->{sent}{$voter} = $sent if $sent > ($self->{sent}{$voter} // 0);
}

# until(): end of what a majority has granted; 0 without one.
sub until {
  my ($self) = @_;
  my @sent = sort { $b <=> $a } values %{ $self->{sent} };
  return 0 if @sent < $self->{majority};
  return $sent[ $self->{majority} - 1 ] + int($self->{time} * (1 - DRIFT));
}

1;
