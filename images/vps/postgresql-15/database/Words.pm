package Words;
# SQL that the agent says. What is put into it are names of sites and hexadecimal digits, which it has checked.
use strict;
use warnings;
use Cluster;

# On a new primary, until it has worked once: who copies it may log in, and the log that the copy needs is kept. Nothing of
# this waits for a standby.
sub prepare {
  my ($config, $password) = @_;
  my ($role, $slot) = (Cluster::ROLE, Cluster::slot($config->{peer}[0]));
  return <<"SQL";
SET synchronous_commit = local;
DO \$\$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$role') THEN CREATE ROLE $role LOGIN REPLICATION; END IF;
END \$\$;
ALTER ROLE $role PASSWORD '$password';
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
  pg_read_binary_file(text, bigint, bigint, boolean) TO $role;
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '$slot' AND wal_status = 'lost' AND NOT active;
SELECT pg_create_physical_replication_slot('$slot', true)
  WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '$slot');
CHECKPOINT;
SQL
}

# Whether the standby follows, by how many bytes of log it is behind, and where the log ends.
sub look_primary {
  my ($config) = @_;
  return <<"SQL";
SELECT coalesce((SELECT state || ' ' || sync_state || ' ' || pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(flush_lsn, '0/0'))::bigint
  FROM pg_stat_replication WHERE application_name = '$config->{peer}[0]' AND state IN ('catchup', 'streaming') LIMIT 1), 'none none 0')
  || ' ' || pg_current_wal_lsn()
  || ' ' || coalesce((SELECT wal_status FROM pg_replication_slots WHERE slot_name = '@{[Cluster::slot($config->{peer}[0])]}'), 'none');
SQL
}

# A slot of its own would keep all log from now on, for nobody.
sub look_standby {
  my ($config) = @_;
  my $slot = Cluster::slot($config->{peer}[0]);
  return <<"SQL";
DO \$\$ BEGIN
  PERFORM pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '$slot' AND NOT active;
END \$\$;
SELECT coalesce((SELECT status FROM pg_stat_wal_receiver), 'none') || ' '
  || coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), '0/0') || ' ' || coalesce(pg_last_wal_replay_lsn(), '0/0');
SQL
}

# Of the other site's: is it a primary, does it wait for us, and does it still have the log that we need?
sub look_over {
  my ($config) = @_;
  return <<"SQL";
SELECT CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END || ' '
  || CASE WHEN current_setting('synchronous_standby_names') = '' THEN 'alone' ELSE 'waits' END || ' '
  || coalesce((SELECT wal_status FROM pg_replication_slots WHERE slot_name = '@{[Cluster::slot($config->{site})]}'), 'none');
SQL
}

1;
