package Voter;
# What one voter answers; the whole decision and nothing else: no socket, no file, no clock. Times are milliseconds of the
# voter's own clock, which counts while the machine sleeps and never jumps. A voter supports one holder of a service at a
# time, and two majorities share a voter: so a service has one holder.
use strict;
use warnings;

# new(now, longest, floor, known): as a voter starts. What it granted before it ended may still be relied on for as long
# as the longest grant, so until then it grants to nobody else, whether it remembers a service or not. known: service =>
# [holder, epoch], what it wrote down. floor: an epoch above all that were granted before this voter began to write.
sub new {
  my ($class, $now, $longest, $floor, $known) = @_;
  my $free = $now + $longest;
  my %services = map { $_ => { holder => $known->{$_}[0], epoch => $known->{$_}[1], until => $free } } keys %$known;
  return bless { longest => $longest, floor => $floor, free => $free, services => \%services }, $class;
}

sub service {
  my ($self, $name) = @_;
  return $self->{services}{$name} // { holder => '-', epoch => $self->{floor}, until => $self->{free} };
}

# hold(now, service, holder, epoch, time): acquires, or renews what the same holder has in the same epoch.
# Returns whether it is granted, and whether that must be written down before anybody is told.
sub hold {
  my ($self, $now, $name, $holder, $epoch, $time) = @_;
  my $service = $self->service($name);
  return (0, 0) if $time > $self->{longest};
  my $is_same = $holder eq $service->{holder} && $epoch == $service->{epoch};
  my $is_free = $now >= $service->{until} || $holder eq $service->{holder};
  return (0, 0) unless $is_same || ($is_free && $epoch > $service->{epoch});
  # A late message with less time must not shorten what was promised.
  my $until = $now + $time;
  $until = $service->{until} if $is_same && $service->{until} > $until;
  $self->{services}{$name} = { holder => $holder, epoch => $epoch, until => $until };
  return (1, !$is_same);
}

# release(now, service, holder, epoch): only by who has it, and it stays known whose it was last.
sub release {
  my ($self, $now, $name, $holder, $epoch) = @_;
  my $service = $self->service($name);
  return 0 unless $holder eq $service->{holder} && $epoch == $service->{epoch};
  $service->{until} = $now if $service->{until} > $now;
  return 1;
}

# inspect(now, service): last holder, epoch, milliseconds that it still has.
sub inspect {
  my ($self, $now, $name) = @_;
  my $service = $self->service($name);
  my $left = $service->{until} - $now;
  return ($service->{holder}, $service->{epoch}, $left > 0 ? $left : 0);
}

1;
