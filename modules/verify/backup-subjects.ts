import type { SiteName } from "../inventory/site-model.ts";
import type { BackupPlan, RepositoryPlan } from "../plan/backup-plan.ts";
import type { BackupSubject } from "./backup-subject.ts";

/** Dumps and manifests come on top of what the server's disk holds. */
const SPARE = 1.5;
/** A machine's own disk is not known; packed, nothing usual is smaller than a tenth. */
const UNPACKED = 10;

/** Every repository of the plan at both sites, by name. */
export function backupSubjects(
  { repositories, copier }: BackupPlan,
  passwordOf: (repository: string, site: SiteName) => string | undefined,
): readonly BackupSubject[] {
  return repositories.flatMap((repository) => {
    const { name, volumes } = repository;
    const at = (site: SiteName, volume: string, lagSeconds: number): BackupSubject => ({
      ...{ name, site, owner: repository.owner, volume, lagSeconds },
      password: passwordOf(name, site),
      everySeconds: repository.schedule.everySeconds,
      closed: repository.closed,
      keep: repository.keep,
      paths: repository.paths.filter((path) => isOnVolume(repository, path)),
      // A server that stands still has none to ask; what it has dumped is proven all the same.
      databases: repository.running ? repository.databases : [],
      mostBytes: mostBytes(repository),
    });
    return [
      at("pusat-data", volumes["pusat-data"].name, 0),
      ...(volumes.drc === undefined || copier === undefined
        ? []
        : [at("drc", volumes.drc.name, copier.everySeconds * 2)]),
    ];
  });
}

/** What lies over a VPS's image is backed up where it was changed, and stands elsewhere in the snapshot. */
function isOnVolume({ host }: RepositoryPlan, path: string): boolean {
  return host === "machine" || /^\/(?:srv|home)(?:\/|$)/.test(path);
}

function mostBytes({ runner, volumes }: RepositoryPlan): number {
  return runner === undefined
    ? volumes["pusat-data"].bytes * UNPACKED
    : (runner.sourceBytes + runner.spool.bytes) * SPARE;
}
