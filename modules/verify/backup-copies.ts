import type { ResticSnapshot } from "../engine/restic-snapshots.ts";
import type { BackupProblem } from "./backup-problem.ts";
import { keptBy, type KeepPolicy } from "./backup-retention.ts";
import { moment, shortId } from "./backup-series.ts";

export interface Copies {
  /** At the Pusat Data. */
  readonly primary: readonly ResticSnapshot[];
  /** At the DRC. */
  readonly copies: readonly ResticSnapshot[];
  readonly keep: KeepPolicy;
  readonly lagSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Is what the Pusat Data has at the DRC too, and has the Pusat Data lost nothing that the DRC still has? */
export function judgeCopies(input: Copies): {
  readonly primary: readonly BackupProblem[];
  readonly copy: readonly BackupProblem[];
} {
  const { primary, copies, keep, lagSeconds, now } = input;
  const here = new Set(primary.map(keyOf));
  const there = new Set(copies.map(keyOf));
  const all = [...copies, ...primary].map((one) => ({ id: keyOf(one), time: one.time }));
  const kept = keptBy(keep, all);
  const lost = copies.filter((one) => kept.has(keyOf(one)) && !here.has(keyOf(one)));
  const due = now - lagSeconds * 1000;
  const missing = primary.filter(
    (one) => Date.parse(one.time) < due && kept.has(keyOf(one)) && !there.has(keyOf(one)),
  );
  return {
    primary: lost.map(({ time, ...one }) => ({
      id: "backup-snapshot-lost",
      severity: "error",
      what: `snapshot ${shortId(keyOf(one))} of ${moment(Date.parse(time))} is at the DRC and no more at the Pusat Data, and keep promises it`,
      why: "only the Dinas prunes, by this promise: somebody else deleted it, or the server lost it",
      fix: "find out who had access to the server's volume; the DRC's copy still restores",
    })),
    copy:
      missing.length === 0
        ? []
        : [
            {
              id: "backup-copy-missing",
              severity: "error",
              what: `${missing.length} backups of the Pusat Data are not at the DRC, the newest of ${moment(Math.max(...missing.map(({ time }) => Date.parse(time))))}`,
              why: "when the Pusat Data is lost, only what is at the DRC can be restored",
              fix: "look at the console of the copier at the DRC, and at the room on its server's volume",
            },
          ],
  };
}

function keyOf({ id, original }: Pick<ResticSnapshot, "id" | "original">): string {
  return original ?? id;
}
