#!/bin/bash
# simpul-proof STEP: looks at a repository, and at what was restored of it. Runs in containers without a network; what
# it prints is compared by modules/verify/backup*.ts. Every name in here is a tenant's and means nothing to the shell.
set -euo pipefail
export LC_ALL=C

# look REPOSITORY: its files as the server holds them. Names of all but config are the SHA-256 of their content: the
# small ones are held against it at once.
look() {
  cd "$1"
  [[ -e config ]] || { echo "no-config"; return; }
  echo "now $(date +%s)"
  echo "room $(df --block-size=1 --output=size,avail . | tail -1)"
  echo "packs $(find data -type f -printf '%s\n' | awk '{ bytes += $1 } END { print NR, bytes + 0 }')"
  echo "listing $(find . -path ./locks -prune -o -type f -printf '%P %s %T@\n' | sort | sha256sum | cut -c 1-64)"
  find snapshots -type f -printf 'snapshot %f %T@\n'
  find keys index snapshots -type f -print0 | xargs -0r sha256sum -z |
    while read -r -d '' sum file; do [[ $sum == "${file##*/}" ]] || echo "damaged ${file%%/*} ${file##*/}"; done
}

# packs REPOSITORY: those whose content is not what their name says, by two readers at once.
packs() {
  cd "$1"
  find data -type f -print0 | xargs -0r -n 64 -P "${2:-1}" openssl dgst -sha256 -r |
    while read -r sum file; do [[ $sum == "${file##*/}" ]] || echo "damaged data ${file##*/}"; done
}

# restore SNAPSHOT TARGET MOST RESERVE [INCLUDE...]: never writes more than MOST bytes, and leaves RESERVE of the disk to others, whatever
# the snapshot holds: a file of a tenant may claim to be larger than any disk.
restore() {
  local snapshot=$1 target=$2 most=$3 reserve=$4 before now own child path includes=()
  shift 4
  for path; do includes+=(--include "$path"); done
  rm -rf "$target"
  mkdir -p "$target"
  before=$(room "$target")
  restic restore "$snapshot" --no-lock --no-cache --target "$target" "${includes[@]}" &
  child=$!
  # Between two looks no more than a second's worth of writing.
  while kill -0 "$child" 2>/dev/null; do
    now=$(room "$target")
    if ((before - now > most || now < reserve)); then
      # Others write on this disk, too. Counting what is its own takes a while, in which it stands still.
      kill -STOP "$child" 2>/dev/null || break
      own=$(written "$target")
      if ((own > most || now < reserve)); then
        kill -KILL "$child"
        wait "$child" 2>/dev/null || true
        echo "no-room $own $now" >&2
        return 75
      fi
      before=$((now + own))
      kill -CONT "$child"
    fi
    sleep 0.5
  done
  wait "$child"
}

# written FOLDER: bytes that it takes of its disk.
written() {
  du --summarize --block-size=1 "$1" | cut -f 1
}

room() {
  df --block-size=1 --output=avail "$1" | tail -1
}

# list ROOT: a record for each restored file, sorted by path, in the form that `plain` makes of the manifest's.
list() {
  cd "$1"
  local work
  work=$(mktemp -d -p "$WORK")
  local folders=()
  for folder in files databases layer; do [[ ! -e $folder ]] || folders+=("$folder"); done
  ((${#folders[@]})) || return 0
  find "${folders[@]}" -printf '%y\t%m\t%U\t%G\t%s\t%T@\t%p\0%l\0' >"$work/found"
  # openssl is several times as fast as sha256sum; it cannot tell names with a line break from the next line.
  find "${folders[@]}" -type f ! -name $'*\n*' ! -path $'*\n*' -print0 |
    xargs -0r openssl dgst -sha256 -r >"$work/sums"
  perl -e '
    use strict; use warnings; use Digest::SHA;
    $/ = "\0";
    open my $sums, "<", $ARGV[0] or die $!;
    while (defined(my $record = <STDIN>)) {
      chomp $record; chomp(my $target = <STDIN>);
      my ($type, $mode, $uid, $gid, $size, $mtime, $path) = split /\t/, $record, 7;
      $type = "o" if $type !~ /^[fdl]$/;
      my $sum = "-";
      if ($type eq "f" && $path !~ /\n/) {
        my $line = do { local $/ = "\n"; <$sums> } // die "no checksum of $path\n";
        $line =~ s/\n\z//;
        ($sum, my $name) = split / \*/, $line, 2;
        die "checksum of $name instead of $path\n" if $name ne $path;
      } elsif ($type eq "f") {
        $sum = Digest::SHA->new(256)->addfile($path, "b")->hexdigest;
      } elsif ($type eq "l") {
        $sum = Digest::SHA::sha256_hex($target);
      }
      print join("\t", $type, $mode, $uid, $gid, $size, $mtime, "-", $sum, $path), "\0";
    }' "$work/sums" <"$work/found" | plain | sort -z -S 64M -T "$WORK"
  rm -rf "$work"
}

# plain: records as they can be compared. Path first, so that they sort by it, with control characters as %XX, for sort
# compares the tab behind it too; no ctime, which nothing restores; no size of folders and links; nanoseconds in nine digits.
plain() {
  perl -0ne '
    chomp;
    my ($type, $mode, $uid, $gid, $size, $mtime, undef, $sum, $path) = split /\t/, $_, 9;
    die "a record of the manifest is cut off\n" if !defined $path;
    $path =~ s/([\x00-\x1f%])/sprintf "%%%02X", ord $1/ge;
    my ($seconds, $fraction) = split /\./, $mtime, 2;
    $mtime = $seconds . "." . substr(($fraction // "") . "0" x 9, 0, 9);
    $size = "-" if $type ne "f";
    $mode = $type eq "l" ? "-" : sprintf "%o", oct $mode;
    print join("\t", $path, $type, $mode, $uid, $gid, $size, $mtime, $sum), "\0";'
}

# compare ROOT [LIVE]: what differs between the manifest and what was restored. Below LIVE is the companion's list, whose
# paths were changing while they were read.
compare() {
  local root=$1 live=${2-}
  [[ -s $root/manifest/files ]] || { echo "no-manifest"; return; }
  plain <"$root/manifest/files" | only | sort -z -S 64M -T "$WORK" >"$WORK/expected"
  list "$root" >"$WORK/restored"
  { [[ -z $live ]] || find "$live" -type f -exec cat {} +; } | plain | perl -0ne 'print ((split /\t/)[0], "\0")' |
    sort -zu -S 64M -T "$WORK" >"$WORK/live"
  perl -0e '
    use strict; use warnings;
    my ($files, $bytes, $live, $liveBytes, $differing) = (0) x 5;
    my $most = 2000;
    my %at;
    open $at{$_}, "<", "$ENV{WORK}/$_" or die $! for qw(expected restored live);
    sub next_of {
      my $line = readline $at{$_[0]};
      return if !defined $line;
      chomp $line;
      return [split /\t/, $line, 2];
    }
    my ($want, $have, $changing) = (next_of("expected"), next_of("restored"), next_of("live"));
    my @above;
    while ($want || $have) {
      my $path = !$have || ($want && $want->[0] le $have->[0]) ? $want->[0] : $have->[0];
      while ($changing && $changing->[0] le $path) { push @above, $changing->[0]; $changing = next_of("live"); }
      @above = grep { $_ eq $path || index($path, "$_/") == 0 } @above;
      my $is_live = @above && $above[-1] eq $path;
      my $w = $want && $want->[0] eq $path ? $want->[1] : "";
      my $h = $have && $have->[0] eq $path ? $have->[1] : "";
      $want = next_of("expected") if $w ne "";
      $have = next_of("restored") if $h ne "";
      if ($w =~ /^f\t[^\t]*\t[^\t]*\t[^\t]*\t(\d+)/ && $path !~ m{^databases/}) {
        $files++; $bytes += $1; $liveBytes += $1 if $is_live;
      }
      $live++ if $is_live;
      next if $w eq $h || $is_live;
      # Sockets and the like are nothing that one restores.
      next if ($w eq "" || $w =~ /^o/) && ($h eq "" || $h =~ /^o/);
      # What came and went between two looks changed the folder that it was in.
      next if $w eq "" && @above;
      # Folders on the way to what is backed up.
      next if $w eq "" && $h =~ /^d/ && $want && index($want->[0], "$path/") == 0;
      print "differs\n$path\n$w\n$h\0" if $differing++ < $most;
    }
    print "totals\t$files\t$bytes\t$live\t$liveBytes\t$differing\0";
    close $at{$_} or die $! for keys %at;'
}

# only: of records, those at or below the paths of ONLY (a line each, as `plain` writes them); all where it is not set.
only() {
  perl -0ne '
    BEGIN { @only = split /\n/, $ENV{ONLY} // "" }
    my ($path) = split /\t/;
    print if !@only || grep { $path eq $_ || index($path, "$_/") == 0 } @only;'
}

# place STAGED TARGET ASIDE PATH...: puts what was restored below STAGED in the place of what stands below TARGET, which
# goes ASIDE; paths are absolute, as the server sees them. Each is two renames: broken off anywhere, the same call goes on.
# Nothing may run in the server meanwhile: it could put a link into the way.
place() {
  local staged=$1 target=$2 aside=$3 path
  shift 3
  for path; do way "$target" "$path" || return; done
  for path; do
    # Placed by an earlier call.
    [[ -e $staged$path || -L $staged$path ]] || continue
    if [[ -e $target$path || -L $target$path ]]; then
      mkdir -p "$aside${path%/*}"
      [[ ! -e $aside$path && ! -L $aside$path ]] || { echo "aside $path" >&2; return 1; }
      mv -T "$target$path" "$aside$path"
    fi
    mv -T "$staged$path" "$target$path"
  done
}

# way TARGET PATH: every folder on the way is one, and no link that leads elsewhere; what is missing is made.
way() {
  local at=$1 steps step
  IFS=/ read -ra steps <<<"${2#/}"
  for step in "${steps[@]:0:${#steps[@]}-1}"; do
    at+=/$step
    [[ ! -L $at ]] || { echo "link ${at#"$1"}" >&2; return 76; }
    [[ -d $at ]] || mkdir -m 0755 "$at"
  done
}

# keep_back ASIDE TARGET PATH: what is not restored as files stays as it was, where it was.
keep_back() {
  local aside=$1 target=$2 path=$3
  way "$target" "$path" || return
  rm -rf --one-file-system "${target:?}$path"
  [[ ! -e $aside$path ]] || mv -T "$aside$path" "$target$path"
}

# load_into SOCKETS FOLDER NAME STAMP: loads one dump into a running server beside the database of that name, counts it, and
# prints its counts. The server is its tenant's: this runs as nobody but `postgres`, with no right and no network.
load_into() {
  local sockets=$1 folder=$2 name=$3 draft="simpul_restore_$4" file
  export PGHOST=$sockets PGUSER=postgres PGCONNECT_TIMEOUT=10 PGOPTIONS='-c client_min_messages=warning'
  file=$(encoded "$name")
  [[ -s $folder/$file.dump ]] || { echo "empty $name"; return; }
  roles "$folder/globals.sql"
  psql --no-psqlrc --quiet --dbname template1 --set ON_ERROR_STOP=1 --set draft="$draft" >/dev/null 2>"$WORK/said" <<'SQL' || { not_loaded "$name"; return; }
DROP DATABASE IF EXISTS :"draft" WITH (FORCE);
CREATE DATABASE :"draft" TEMPLATE template0 ENCODING 'UTF8';
SQL
  pg_restore --exit-on-error --dbname "$draft" "$folder/$file.dump" >/dev/null 2>"$WORK/said" || { not_loaded "$name"; return; }
  [[ ! -s $WORK/said ]] || { not_loaded "$name"; return; }
  count "$draft" "$name"
}

# roles FILE: those that the server has not; those that it has keep their passwords.
roles() {
  local line role
  while IFS= read -r line; do
    role=${line#CREATE ROLE } role=${role%;}
    psql --no-psqlrc --quiet --dbname template1 --command "$line" 2>/dev/null || continue
    grep -F -- "ALTER ROLE $role " "$1" | psql --no-psqlrc --quiet --dbname template1 >/dev/null 2>&1 || true
  done < <(grep '^CREATE ROLE ' "$1")
  grep '^GRANT ' "$1" | psql --no-psqlrc --quiet --dbname template1 >/dev/null 2>&1 || true
}

# swap_in SOCKETS NAME STAMP: puts the loaded database in the place of the present one, which stays under another name.
swap_in() {
  export PGHOST=$1 PGUSER=postgres PGCONNECT_TIMEOUT=10
  psql --no-psqlrc --quiet --dbname template1 --set ON_ERROR_STOP=1 --set name="$2" --set draft="simpul_restore_$3" \
    --set former="simpul_former_$3" >/dev/null <<'SQL'
SELECT EXISTS (SELECT FROM pg_database WHERE datname = :'name') AS present,
       EXISTS (SELECT FROM pg_database WHERE datname = :'draft') AS loaded \gset
\if :loaded
\if :present
ALTER DATABASE :"name" ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'name';
DROP DATABASE IF EXISTS :"former" WITH (FORCE);
ALTER DATABASE :"name" RENAME TO :"former";
\endif
ALTER DATABASE :"draft" RENAME TO :"name";
\endif
SQL
}

# encoded NAME: as the runner names the file of a dump.
encoded() {
  perl -e 'my $name = shift; $name =~ s/([^A-Za-z0-9_-])/sprintf "%%%02X", ord $1/ge; print $name' -- "$1"
}

# databases FOLDER: every dump loaded into a server of its own that nobody reaches, and every row counted.
databases() {
  local folder=$1 name dump
  # Not local: the trap outlives this function.
  server=$WORK/server
  programs=$(find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' | sort -V | tail -1)
  export PGHOST=$WORK PGUSER=simpul_proof PGOPTIONS='-c client_min_messages=warning'
  rm -rf "$server"
  "$programs/initdb" --pgdata "$server" --username simpul_proof --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync \
    >"$WORK/log" 2>&1 || failed start '' "$WORK/log"
  "$programs/pg_ctl" start --silent --wait --timeout 60 --pgdata "$server" --log "$WORK/log" --options \
    "-c fsync=off -c full_page_writes=off -c listen_addresses='' -c unix_socket_directories=$WORK -c shared_buffers=32MB -c max_connections=10 -c maintenance_work_mem=32MB -c autovacuum=off" \
    >/dev/null 2>&1 || failed start '' "$WORK/log"
  trap '"$programs/pg_ctl" stop --silent --mode immediate --pgdata "$server" >/dev/null 2>&1 || true' EXIT
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname template1 --file "$folder/globals.sql" \
    >/dev/null 2>"$WORK/said" || failed globals '' "$WORK/said"
  [[ ! -s $WORK/said ]] || failed globals '' "$WORK/said"
  for dump in "$folder"/*.dump; do
    [[ -e $dump ]] || continue
    # What is no plain character of a name stands as %XX in the name of its file.
    name=${dump##*/} name=${name%.dump} name=$(printf '%b' "${name//%/\\x}")
    if load "$name" "$dump"; then count "$name"; fi
  done
}

# load NAME DUMP
load() {
  if [[ ! -s $2 ]]; then echo "empty $1"; return 1; fi
  if [[ $1 != postgres && $1 != template1 ]]; then
    createdb --maintenance-db template1 --template template0 --encoding UTF8 -- "$1" 2>"$WORK/said" || { not_loaded "$1"; return 1; }
  fi
  pg_restore --exit-on-error --dbname "$(connection "$1")" "$2" >/dev/null 2>"$WORK/said" || { not_loaded "$1"; return 1; }
  [[ ! -s $WORK/said ]] || { not_loaded "$1"; return 1; }
}

# connection NAME: a name with = would be taken for options.
connection() {
  local name=${1//\\/\\\\}
  printf "dbname='%s'" "${name//\'/\\\'}"
}

not_loaded() {
  printf 'not-loaded %s\t%s\n' "$1" "$(tr '\n\t' '  ' <"$WORK/said" | cut -c 1-500)"
}

# count DATABASE [NAME]: schema, table and rows of each table, as rows that are really read.
count() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set shown="${2-$1}" --dbname "$(connection "$1")" 2>"$WORK/said" <<'SQL' || not_loaded "$1"
    copy (
      select 'counted', :'shown', n.nspname, c.relname,
        (xpath('/row/rows/text()', query_to_xml(format('select count(*) as rows from only %I.%I', n.nspname, c.relname), false, true, '')))[1]
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
        and not exists (
          select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      order by 3, 4
    ) to stdout;
SQL
}

failed() {
  printf 'failed %s\t%s\n' "$1" "$(tail -n 5 "$3" | tr '\n\t' '  ' | cut -c 1-500)"
  exit 0
}

export WORK=${WORK:-/scratch/work}
step=$1
shift
case $step in
  look | packs | restore | list | plain | compare | databases | place | keep_back | load_into | swap_in) "$step" "$@" ;;
  *) echo "simpul-proof: there is no step $step" >&2; exit 2 ;;
esac
