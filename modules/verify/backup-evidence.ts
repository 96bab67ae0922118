import type { Evidence } from "../evidence/evidence-line.ts";
import type { Duty } from "../inventory/model.ts";
import type { ProofOutcome } from "./backup-proof.ts";
import { obligationsOf } from "./topic-evidence.ts";

/** What is kept of each repository beside the line of the topic: which snapshot was proven, by what, and what was wrong. */
export function backupEvidence(
  outcomes: readonly ProofOutcome[],
  duties: readonly Duty[],
  versions: Evidence["versions"],
): readonly Evidence[] {
  return outcomes.map(({ subject, problems, look, snapshots, proven, readBytes, seconds }) => {
    const newest = snapshots.at(-1);
    return {
      kind: "verify-backup-repository",
      subject: `${subject.name}/${subject.site}`,
      obligations: obligationsOf("verify-backup", duties),
      measured: {
        owner: subject.owner,
        seconds,
        snapshots: snapshots.length,
        pack_bytes_read: readBytes,
        ...(newest !== undefined && { newest: newest.id, newest_taken: newest.time }),
        ...(look !== undefined && { pack_bytes: look.packBytes, packs: look.packs }),
        ...(proven !== undefined && {
          proven: proven.snapshot,
          proven_at: new Date(proven.at).toISOString(),
          restored_files: proven.files,
          restored_bytes: proven.bytes,
          live_files: proven.live,
          databases_loaded: proven.databases,
          rows_counted: proven.rows,
        }),
      },
      findings: problems.map(({ id, severity, what }) => ({ id, severity, what })),
      versions,
    };
  });
}
