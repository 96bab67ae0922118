import type { ProofOutcome } from "./backup-proof.ts";
import { oldestReadDays } from "./backup-reading.ts";

interface Metric {
  readonly name: string;
  readonly help: string;
  /** Undefined where it is not known: no sample is better than an invented one. */
  readonly value: (outcome: ProofOutcome) => number | undefined;
}

const METRICS: readonly Metric[] = [
  {
    name: "simpul_backup_proven",
    help: "1 when the newest backup was restored and found whole, and nothing was wrong with its repository.",
    value: ({ proven, problems }) =>
      Number(proven !== undefined && problems.every(({ severity }) => severity !== "error")),
  },
  {
    name: "simpul_backup_proven_timestamp_seconds",
    help: "When a backup was last proven.",
    value: ({ proven }) => (proven === undefined ? undefined : Math.round(proven.at / 1000)),
  },
  {
    name: "simpul_backup_newest_timestamp_seconds",
    help: "When the newest backup was taken.",
    value: ({ snapshots }) => {
      const newest = snapshots.at(-1);
      return newest === undefined ? undefined : Math.round(Date.parse(newest.time) / 1000);
    },
  },
  {
    name: "simpul_backup_snapshots",
    help: "Backups in the repository.",
    value: ({ look, snapshots }) => (look === undefined ? undefined : snapshots.length),
  },
  {
    name: "simpul_backup_repository_bytes",
    help: "Bytes of the repository's packs.",
    value: ({ look }) => look?.packBytes,
  },
  {
    name: "simpul_backup_volume_free_bytes",
    help: "Bytes free on the repository's volume.",
    value: ({ look }) => look?.freeBytes,
  },
  {
    name: "simpul_backup_restored_bytes",
    help: "Bytes of files that the last proof restored and compared.",
    value: ({ proven }) => proven?.bytes,
  },
  {
    name: "simpul_backup_restored_files",
    help: "Files that the last proof restored and compared.",
    value: ({ proven }) => proven?.files,
  },
  {
    name: "simpul_backup_restored_rows",
    help: "Rows of databases that the last proof loaded and counted.",
    value: ({ proven }) => proven?.rows,
  },
  {
    name: "simpul_backup_oldest_read_days",
    help: "Days since the part of the packs that was not read for longest was read.",
    value: ({ look, partsRead }) =>
      look === undefined ? undefined : oldestReadDays(partsRead, look.now),
  },
  {
    name: "simpul_backup_problems",
    help: "Errors found by the last proof.",
    value: ({ problems }) => problems.filter(({ severity }) => severity === "error").length,
  },
  {
    name: "simpul_backup_proof_seconds",
    help: "How long the last proof took.",
    value: ({ seconds }) => seconds,
  },
];

/** Outcomes as a text file for Prometheus' textfile collector (text exposition format 0.0.4). */
export function metricsText(kabupaten: string, outcomes: readonly ProofOutcome[]): string {
  const labels = ({ subject: { name, owner, site } }: ProofOutcome): string =>
    `{kabupaten="${kabupaten}",repository="${name}",agency="${owner}",site="${site}"}`;
  return METRICS.map(({ name, help, value }) => {
    const samples = outcomes.flatMap((outcome) => {
      const number = value(outcome);
      return number === undefined ? [] : [`${name}${labels(outcome)} ${number}\n`];
    });
    return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${samples.join("")}`;
  }).join("");
}
