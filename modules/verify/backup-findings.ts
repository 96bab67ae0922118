import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { Duty } from "../inventory/model.ts";
import type { BackupProblem } from "./backup-problem.ts";
import { subjectWords, type BackupSubject } from "./backup-subject.ts";

/** Whom a repository belongs to, and which duties it meets. */
export interface BackupDuties {
  readonly placeOf: (slug: string) => Place | undefined;
  readonly duties: readonly Duty[];
  /** Name of an agency for people, by its slug. */
  readonly agencyOf: (slug: string) => string;
}

/** Duties that a proof of this repository meets: those about backups, and at the DRC those about it, too. */
export function dutiesOf(
  { site }: Pick<BackupSubject, "site">,
  duties: readonly Duty[],
): readonly Duty[] {
  return duties.filter(({ topic }) => topic === "backup" || (topic === "drc" && site === "drc"));
}

/** Says of a problem whose it is, where the inventory asks for the backup, and by which pasal it is owed. */
export function findingOf(
  subject: Pick<BackupSubject, "name" | "site" | "owner">,
  { id, severity, what, why, fix }: BackupProblem,
  { placeOf, duties, agencyOf }: BackupDuties,
): Diagnostic {
  const at = placeOf(subject.name);
  const cited = dutiesOf(subject, duties).map((duty) => duty.cited);
  const owed = cited.length === 0 ? "" : `; backups are owed by ${cited.join(", ")}`;
  return {
    ...{ id, severity },
    ...(at !== undefined && { at }),
    what: `backup of ${subjectWords(subject)} (${agencyOf(subject.owner)}): ${what}`,
    why: `${why}${owed}`,
    fix,
  };
}
