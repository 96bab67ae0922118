import { createHash } from "node:crypto";

import type { BackupServerPlan, RepositoryPlan } from "../plan/backup-plan.ts";
import { agentSettings, settingLines } from "./backup-runner.ts";

/** A file of a Debian package. */
export interface PackageFile {
  /** Absolute. */
  readonly path: string;
  readonly mode: 0o644 | 0o755 | 0o600;
  readonly text: string;
}

/** Scripts of images/backup-runner by name, as they stand there. */
export type AgentScripts = Readonly<Record<(typeof AGENT_SCRIPTS)[number], string>>;

/** Which scripts of the runner a machine of its own needs. */
export const AGENT_SCRIPTS = [
  "backup.sh",
  "dump-postgresql.sh",
  "manifest.pl",
  "repository.sh",
  "status.sh",
] as const;

const LIBRARY = "/usr/lib/simpul-backup";

/** The runner's own scripts for a machine that is no container: all but the credentials, which go another way. */
export function packageFiles(
  repository: RepositoryPlan,
  scripts: AgentScripts,
): readonly PackageFile[] {
  return [
    executable("/usr/bin/simpul-backup", forMachine(scripts["backup.sh"])),
    executable("/usr/bin/simpul-dump-postgresql", scripts["dump-postgresql.sh"]),
    executable("/usr/bin/simpul-manifest", scripts["manifest.pl"]),
    executable("/usr/bin/simpul-backup-when-due", WHEN_DUE),
    plain(`${LIBRARY}/repository.sh`, scripts["repository.sh"]),
    plain(`${LIBRARY}/status.sh`, scripts["status.sh"]),
    plain("/lib/systemd/system/simpul-backup.service", SERVICE),
    plain("/lib/systemd/system/simpul-backup.timer", TIMER),
    { path: "/etc/simpul-backup/settings", mode: 0o600, text: settingsText(repository) },
  ];
}

/** What dpkg wants to know. */
export function packageControl(
  { name }: RepositoryPlan,
  version: string,
  files: readonly PackageFile[],
): readonly PackageFile[] {
  const sum = createHash("sha256");
  for (const file of files) sum.update(`${file.path}\n${file.text}\n`);
  const control = [
    "Package: simpul-backup",
    // Another content is another version, so that dpkg installs it.
    `Version: ${version}+${sum.digest("hex").slice(0, 12)}`,
    "Architecture: all",
    "Maintainer: Dinas Komunikasi dan Informatika <root@localhost>",
    "Section: admin",
    "Priority: optional",
    "Depends: bash, ca-certificates, coreutils, curl, findutils, jq, mount, perl, restic, util-linux",
    "Recommends: systemd",
    `Description: backups of ${name} to the Pusat Data`,
    " Takes a backup when it is due, and sends it to an append-only server.",
    "",
  ].join("\n");
  return [
    plain("/DEBIAN/control", control),
    plain("/DEBIAN/conffiles", "/etc/simpul-backup/settings\n"),
    executable("/DEBIAN/postinst", POSTINST),
    executable("/DEBIAN/prerm", PRERM),
  ];
}

/** What only this machine may have: unpacked in /etc/simpul-backup, by hand, after the package. */
export function credentialFiles(
  { name }: RepositoryPlan,
  server: BackupServerPlan,
  secrets: { readonly password: string; readonly http: string; readonly authority: string },
): readonly PackageFile[] {
  const address = `rest:https://${name}:${secrets.http}@${server.hostname}:${server.port}/${name}/`;
  return (
    [
      ["repository", address],
      ["password", secrets.password],
      ["ca.pem", secrets.authority],
    ] as const
  ).map(([file, text]) => ({ path: `credentials/${file}`, mode: 0o600, text }));
}

function settingsText(repository: RepositoryPlan): string {
  const { databases } = repository;
  const sockets = databases.length > 0 ? ["SIMPUL_BACKUP_SOCKETS=/var/run/postgresql"] : [];
  // Paths are absolute and names slugs; quotes keep spaces in a path together.
  const lines = settingLines(agentSettings({ ...repository, host: "machine" })).map((line) => {
    const at = line.indexOf("=");
    return `${line.slice(0, at)}='${line.slice(at + 1).replaceAll("'", String.raw`'\''`)}'`;
  });
  return `${[...lines, ...sockets].join("\n")}\n`;
}

/** Its libraries stand elsewhere, and who runs its databases has the number that Debian gave. */
function forMachine(script: string): string {
  const user = "POSTGRES=432\n";
  const library = "/usr/local/lib/simpul/";
  if (!script.includes(user) || !script.includes(library))
    throw new Error("images/backup-runner/backup.sh is not what its package knows");
  return script
    .replace(user, "POSTGRES=$(id -u postgres 2>/dev/null || echo 432)\n")
    .replaceAll(library, `${LIBRARY}/`);
}

function executable(path: string, text: string): PackageFile {
  return { path, mode: 0o755, text };
}

function plain(path: string, text: string): PackageFile {
  return { path, mode: 0o644, text };
}

/**
 * The machine's own files, read-only, at the place that snapshots of all servers have them: in a mount namespace that
 * nobody else sees.
 */
const WHEN_DUE = `#!/bin/bash
# simpul-backup-when-due: takes a backup where none was taken since the last moment at which one was due.
set -eu
set -a
# shellcheck source=/dev/null
. /etc/simpul-backup/settings
set +a
STATE=/var/lib/simpul-backup
export SIMPUL_BACKUP_FOLDER=/backup SIMPUL_BACKUP_SECRETS=/etc/simpul-backup/credentials
if [[ ! -r $SIMPUL_BACKUP_SECRETS/password ]]; then
  echo "simpul: the credentials are missing: tar --directory /etc/simpul-backup --extract --file FILE.credentials.tar" >&2
  exit 1
fi
began=$(jq --raw-output '.last.began // "1970-01-01T00:00:00Z" | fromdate' "$STATE/status.json" 2>/dev/null || echo 0)
slot=$(((EPOCHSECONDS - SIMPUL_BACKUP_OFFSET) / SIMPUL_BACKUP_EVERY * SIMPUL_BACKUP_EVERY + SIMPUL_BACKUP_OFFSET))
if ((began >= slot)) && [[ \${1-} != --now ]]; then exit 0; fi
mkdir -p "$STATE/files" /backup
chmod 0700 "$STATE"
# shellcheck disable=SC2016 # for the inner shell
exec unshare --mount --propagation private bash -euc '
  mount --rbind / "$1/files"
  mount -o remount,bind,ro "$1/files"
  mount --rbind "$1" /backup
  exec simpul-backup
' backup "$STATE"
`;

const SERVICE = `[Unit]
Description=Simpul: a backup to the Pusat Data, where one is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=/usr/bin/simpul-backup-when-due
TimeoutStartSec=infinity
Nice=10
IOSchedulingClass=idle
CPUQuota=50%
`;

/** How often it is looked whether one is due; a failed one is tried again by that, too. */
const TIMER = `[Unit]
Description=Simpul: look whether a backup is due

[Timer]
OnCalendar=*:0/10
RandomizedDelaySec=60
Persistent=true

[Install]
WantedBy=timers.target
`;

const POSTINST = `#!/bin/sh
set -e
chmod 0600 /etc/simpul-backup/settings
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable --now simpul-backup.timer
fi
`;

const PRERM = `#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
  systemctl disable --now simpul-backup.timer || true
fi
`;
