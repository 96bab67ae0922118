#!/usr/bin/perl
# simpul-manifest take|compare BACKUP PATH...: what stands at these paths below the folder BACKUP, one record each:
#   type mode uid gid size mtime ctime sha256 path
# tab separated, ended by NUL; type f, d, l or o (all else), mode octal, times in seconds with nine decimals, the hash of a
# file's content or a link's target, `-` for others; path relative to BACKUP, last, for it may hold tabs.
#
# take     writes BACKUP/manifest/files, and BACKUP/manifest/left-out, files too large to be real (SIMPUL_BACKUP_LARGEST)
# compare  looks again, and writes what differs from the manifest to BACKUP/live/files: what was there at the second
#          look, or if it has gone, at the first; without hashes. Says how many.
#
# The tenant is root in this folder: no name is a word of a shell, nothing is followed that was a file a moment ago and
# is a link, a pipe or another file now, and no file system but that of each path is entered.
use strict;
use warnings;
use Digest::SHA;
use Fcntl qw(O_RDONLY O_NOFOLLOW O_NONBLOCK);

$ENV{LC_ALL} = 'C';
my ($mode, $backup, @paths) = @ARGV;
die "usage: simpul-manifest take|compare BACKUP PATH...\n" unless @paths && $mode =~ /^(?:take|compare)$/;
my $largest = $ENV{SIMPUL_BACKUP_LARGEST} || 9e18;
$/ = "\0";
$mode eq 'take' ? take() : compare();

sub take {
    my $files = draft("$backup/manifest/files");
    my $left_out = draft("$backup/manifest/left-out");
    each_entry(sub {
        my ($entry) = @_;
        if ($entry->{type} eq 'f' && $entry->{size} > $largest) {
            print {$left_out} "$entry->{size}\t$entry->{path}\0" or die "manifest: $!\n";
            return;
        }
        my $hash = $entry->{type} eq 'f' ? content_hash($entry) : $entry->{type} eq 'l' ? link_hash($entry) : '-';
        # Gone, or another one now: the second look will say so.
        print {$files} record($entry, $hash) or die "manifest: $!\n" if defined $hash;
    });
    finish($files, "$backup/manifest/files");
    finish($left_out, "$backup/manifest/left-out");
}

# Both looks sorted by path: memory does not grow with the number of files.
sub compare {
    open my $first, '-|', 'sort', '-z', '-t', "\t", '-k', '9', '-T', "$backup/live", "$backup/manifest/files" or die "sort: $!\n";
    my $second_file = "$backup/live/second";
    my $second_draft = draft($second_file);
    each_entry(sub {
        my ($entry) = @_;
        return if $entry->{type} eq 'f' && $entry->{size} > $largest;
        print {$second_draft} record($entry, '-') or die "manifest: $!\n";
    });
    finish($second_draft, $second_file);
    open my $second, '-|', 'sort', '-z', '-t', "\t", '-k', '9', '-T', "$backup/live", $second_file or die "sort: $!\n";
    my $live = draft("$backup/live/files");
    my $count = 0;
    my ($before, $after) = (next_record($first), next_record($second));
    while ($before || $after) {
        my $order = !$before ? 1 : !$after ? -1 : $before->{path} cmp $after->{path};
        if ($order != 0 || $before->{stat} ne $after->{stat}) {
            my $now = $order < 0 ? $before : $after;
            print {$live} "$now->{stat}\t-\t$now->{path}\0" or die "manifest: $!\n";
            $count++;
        }
        $before = next_record($first) if $order <= 0;
        $after = next_record($second) if $order >= 0;
    }
    finish($live, "$backup/live/files");
    unlink $second_file;
    print "$count\n";
}

sub next_record {
    my ($from) = @_;
    my $line = readline $from;
    return undef unless defined $line;
    chomp $line;
    my @fields = split /\t/, $line, 9;
    return { stat => join("\t", @fields[0 .. 6]), path => $fields[8] };
}

# Device and inode as well, by which a file is known again when it is opened.
sub each_entry {
    my ($visit) = @_;
    my $format = join("\t", '%y', '%m', '%U', '%G', '%s', '%T@', '%C@', '%D', '%i', '%p') . '\0';
    open my $find, '-|', 'find', @paths, '-xdev', '-printf', $format or die "find: $!\n";
    while (defined(my $line = readline $find)) {
        chomp $line;
        my ($type, $mode, $uid, $gid, $size, $mtime, $ctime, $device, $inode, $path) = split /\t/, $line, 10;
        $type = 'o' unless $type =~ /^[fdl]$/;
        # Nanoseconds; find adds a digit.
        s/(\.\d{9})\d+$/$1/ for $mtime, $ctime;
        $visit->({
            type => $type, mode => $mode, uid => $uid, gid => $gid, size => $type =~ /^[fl]$/ ? $size : 0,
            mtime => $mtime, ctime => $ctime, device => $device, inode => $inode,
            absolute => $path, path => substr($path, length("$backup/")),
        });
    }
    close $find;
    # 1: something vanished while it looked, which the second look tells; find has said what.
    die "find ended with $?\n" if $? > 256;
}

sub record {
    my ($entry, $hash) = @_;
    return join("\t", @{$entry}{qw(type mode uid gid size mtime ctime)}, $hash, $entry->{path}) . "\0";
}

sub content_hash {
    my ($entry) = @_;
    sysopen my $file, $entry->{absolute}, O_RDONLY | O_NOFOLLOW | O_NONBLOCK or return undef;
    my ($device, $inode) = (stat $file)[0, 1];
    return undef unless $device == $entry->{device} && $inode == $entry->{inode} && -f _;
    my $sum = Digest::SHA->new(256);
    my $left = $entry->{size};
    # What grows while it is read is read to its former end: it counts as live anyway.
    while ($left > 0) {
        my $got = sysread $file, my $block, $left < 262144 ? $left : 262144;
        return undef unless defined $got;
        last if $got == 0;
        $sum->add($block);
        $left -= $got;
    }
    return $sum->hexdigest;
}

sub link_hash {
    my ($entry) = @_;
    my $target = readlink $entry->{absolute};
    return defined $target ? Digest::SHA::sha256_hex($target) : undef;
}

sub draft {
    my ($file) = @_;
    open my $draft, '>:raw', "$file.new" or die "$file.new: $!\n";
    return $draft;
}

sub finish {
    my ($draft, $file) = @_;
    close $draft or die "$file: $!\n";
    rename "$file.new", $file or die "$file: $!\n";
}
