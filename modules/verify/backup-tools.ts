import type { BackupProblem } from "./backup-problem.ts";

interface Meaning {
  readonly id: string;
  /** What was said, in one of its lines. */
  readonly said: RegExp;
  readonly words: string;
  readonly why: string;
  readonly fix: string;
}

const OTHER_SITE =
  "see what the other site's copy says; take a new backup, and look at the disk of the server";

/** What a line of restic's means, first match first. */
const MEANINGS: readonly Meaning[] = [
  {
    id: "backup-key-wrong",
    said: /wrong password or no key found/i,
    words: "the key does not open it",
    why: "without its key nothing of it can be read",
    fix: "bring the repository's key back from a custodian's escrow copy",
  },
  {
    id: "backup-repository-missing",
    said: /unable to open config file|config file.*does not exist|no such file.*config/i,
    words: "there is no repository",
    why: "a repository without its config file opens for nobody",
    fix: "see that the server's volume is mounted; if it is, the repository was deleted: copy it back from the other site",
  },
  {
    id: "backup-pack-missing",
    said: /pack [0-9a-f]+: (?:does not exist|not found)|pack file .* (?:missing|not found)|data\/[0-9a-f]+.*no such file/i,
    words: "a pack is missing",
    why: "the index says where every piece of data is, and this one is not there",
    fix: OTHER_SITE,
  },
  {
    id: "backup-pack-damaged",
    said: /file size|unexpected (?:pack )?size|size does not match|truncated|pack id does not match|ciphertext verification failed|contains \d+ errors|wrong data returned|invalid header|header hash|zstd|decompress/i,
    words: "a pack is damaged",
    why: "what it holds is not what was stored",
    fix: OTHER_SITE,
  },
  {
    id: "backup-index-damaged",
    said: /index/i,
    words: "the index is damaged",
    why: "it says in which pack each piece of data is",
    fix: "no data is lost by it: restic rebuild-index, with the key and on the volume of the repository, makes it anew from the packs",
  },
  {
    id: "backup-snapshot-damaged",
    said: /snapshot/i,
    words: "a snapshot is damaged",
    why: "it says what was backed up",
    fix: OTHER_SITE,
  },
  {
    id: "backup-data-missing",
    said: /tree|blob/i,
    words: "data of a snapshot is missing",
    why: "a snapshot names data that is in no pack",
    fix: OTHER_SITE,
  },
];

/** Said by every run, and no word of trouble. */
const HARMLESS =
  /^(?:using temporary cache|created new cache|create exclusive lock|load indexes|check all packs|check snapshots, trees and blobs|read all data|read group|read \d|no errors were found|repository [0-9a-f]+ opened|restoring <Snapshot|\[\d+:\d+\]|duration:|\s*$)/i;

/**
 * Packs that no index speaks of: what a backup leaves that was broken off. No snapshot needs them and the next
 * pruning takes them away, so this one warning is none: every cut of a line would be a false alarm otherwise.
 */
const LEFT_OVER =
  /^\d+ additional files were found in the repo|^This is non-critical, you can run `restic prune` to correct this|^pack [0-9a-f]+: not referenced in any index/i;

/** A Go program that died: the names in its stack trace mean nothing of what it read. */
const CRASHED = /^(?:panic: |fatal error: |runtime: |SIG[A-Z]+: )/;

/** What a run of restic's means. Any word that is not known as harmless is a failure, as is an exit code. */
export function judgeTool(
  step: string,
  {
    code,
    stdout,
    stderr,
  }: { readonly code: number; readonly stdout: string; readonly stderr: string },
): readonly BackupProblem[] {
  const lines = `${stderr}\n${stdout}`.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => !HARMLESS.test(line) && !LEFT_OVER.test(line));
  if (code === 0 && said.length === 0) return [];
  if (code === 124)
    return [
      {
        id: "backup-proof-timeout",
        severity: "error",
        what: `${step} did not come to an end`,
        why: "what took too long is not proven",
        fix: "see what else the machine does, and run the same command again",
      },
    ];
  const crash = said.find((line) => CRASHED.test(line));
  const meaning = MEANINGS.find((one) => said.some((line) => one.said.test(line)));
  if (crash !== undefined)
    return [
      {
        id: "backup-tool-failed",
        severity: "error",
        what: `${step} crashed with exit code ${code}${saidWords([crash])}`,
        why: "a proof that broke off proves nothing, for or against what it read",
        fix: "run the same command again; where it crashes again, see what the machine lacks (memory, processes), and report restic's words",
      },
    ];
  if (meaning === undefined)
    return [
      {
        id: "backup-tool-failed",
        severity: "error",
        what: `${step} ended with exit code ${code}${saidWords(said)}`,
        why: "a word of a tool that is not known to be harmless counts as a failure",
        fix: OTHER_SITE,
      },
    ];
  const { id, words, why, fix } = meaning;
  const telling = said.filter((line) => meaning.said.test(line));
  return [{ id, severity: "error", what: `${words}${saidWords(telling)}`, why, fix }];
}

function saidWords(said: readonly string[]): string {
  if (said.length === 0) return "";
  const more = said.length > 2 ? ` (and ${said.length - 2} more lines)` : "";
  const shown = said.slice(0, 2).map((line) => line.slice(0, 200));
  return `: ${shown.join("; ")}${more}`;
}

/** A file whose name is not the checksum of what it holds. */
export function judgeDamaged(files: readonly DamagedFile[]): readonly BackupProblem[] {
  return files.map(({ folder, name }) => {
    const { id, noun, why } = DAMAGED[folder];
    return {
      ...{ id, severity: "error", why },
      what: `${noun} ${name.slice(0, 16)} does not hold what was stored: its checksum is another`,
      fix: OTHER_SITE,
    };
  });
}

export interface DamagedFile {
  readonly folder: "data" | "index" | "snapshots" | "keys";
  readonly name: string;
}

const BY_CHECKSUM = "restic names each file by the SHA-256 of its content";
const DAMAGED = {
  data: { id: "backup-pack-damaged", noun: "pack", why: BY_CHECKSUM },
  index: { id: "backup-index-damaged", noun: "index", why: BY_CHECKSUM },
  snapshots: { id: "backup-snapshot-damaged", noun: "snapshot", why: BY_CHECKSUM },
  keys: { id: "backup-key-damaged", noun: "key", why: BY_CHECKSUM },
} as const;

/** The server's volume, in bytes: a full one takes no backup. */
export function judgeRoom(size: number, free: number): readonly BackupProblem[] {
  const share = size === 0 ? 0 : 1 - free / size;
  if (share < 0.85) return [];
  const isFull = share >= 0.97 || free < 8 * 2 ** 20;
  return [
    {
      id: isFull ? "backup-volume-full" : "backup-volume-filling",
      severity: isFull ? "error" : "warning",
      what: `${Math.round(share * 100)} % of its volume on the server is full: ${Math.round(free / 2 ** 20)} of ${Math.round(size / 2 ** 20)} MiB are left`,
      why: "on a full volume the next backup fails",
      fix: "prune it (simpul backup prune), keep less, or give the server more disk; then simpul deploy",
    },
  ];
}
