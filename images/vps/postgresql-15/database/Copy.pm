package Copy;
# How a cluster becomes the copy of the one at the other site: made anew, or rewound to where both were the same.
use strict;
use warnings;
use Cluster;
use Jobs;

use constant NEW => Cluster::HOME . '/15.new';

# What is there of an earlier attempt is begun again: a copy of half the files is none.
sub anew {
  my ($config, $done) = @_;
  my ($new, $old) = (NEW, Cluster::DATA);
  my $script = <<'TEXT';
set -eu
rm -rf "$1"
"$4/pg_basebackup" -d "$2" -D "$1" -X stream -S "$3" -c fast
sync -f "$1"
TEXT
  Jobs::run('copy', 86_400, sub {
    my ($is_well, $said) = @_;
    return $done->(0, $said) unless $is_well;
    # The old one makes room only now; between the two there is none, and this begins again.
    system('rm', '-rf', "$old.old");
    rename $old, "$old.old" if -e $old;
    rename $new, $old or die "$new: $!";
    system('rm', '-rf', "$old.old");
    $done->(1, $said);
  }, $script, 'sh', '-s', $new, Cluster::conninfo($config, 'simpul-copy') . ' dbname=replication', Cluster::slot($config->{site}), Cluster::PROGRAMS);
}

# Needs a primary that has written a checkpoint since it became one (the agent there sees to it).
sub rewind {
  my ($config, $done) = @_;
  Jobs::run('rewind', 3_600, $done, '', Cluster::PROGRAMS . '/pg_rewind', '-D', Cluster::DATA,
    '--source-server', Cluster::conninfo($config, 'simpul-rewind') . ' dbname=postgres');
}

1;
