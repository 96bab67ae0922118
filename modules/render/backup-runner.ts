import type { CopierPlan, RepositoryPlan } from "../plan/backup-plan.ts";

/** Settings of the agent by name, for a container's environment or a machine's own file (images/backup-runner). */
export type AgentSettings = ReadonlyMap<string, string>;

/** Folders of a VPS that lie on its volume; all others lie over its image, where the runner has them elsewhere. */
const ON_VOLUME = ["/srv", "/home"];

/** What the agent beside one server is to do. Of a machine, which has no layers, all paths are its own. */
export function agentSettings(repository: RepositoryPlan): AgentSettings {
  const { name, host, running, schedule, paths, databases, volumes, runner } = repository;
  const onVolume = host === "machine" ? paths : paths.filter(isOnVolume);
  const layered = paths.filter((path) => !onVolume.includes(path));
  return new Map([
    ["SIMPUL_BACKUP_NAME", name],
    ["SIMPUL_BACKUP_EVERY", String(schedule.everySeconds)],
    ["SIMPUL_BACKUP_OFFSET", String(schedule.offsetSeconds)],
    ["SIMPUL_BACKUP_PATHS", onVolume.join(":")],
    ["SIMPUL_BACKUP_LAYER_PATHS", layered.join(":")],
    ["SIMPUL_BACKUP_DATABASES", databases.join(":")],
    ["SIMPUL_BACKUP_RUNNING", running ? "yes" : "no"],
    ["SIMPUL_BACKUP_BYTES", String(volumes["pusat-data"].bytes)],
    ["SIMPUL_BACKUP_TIMEOUT", String(Math.max(LEAST_TIMEOUT, schedule.everySeconds))],
    ...(runner === undefined
      ? []
      : ([
          ["SIMPUL_BACKUP_UPLOAD", String(runner.uploadKibibytes)],
          ["SIMPUL_BACKUP_LARGEST", String(runner.sourceBytes)],
        ] as const)),
  ]);
}

/** Whether some of what is backed up lies over the image of a VPS. */
export function readsLayer({ paths, host }: RepositoryPlan): boolean {
  return host !== "machine" && !paths.every(isOnVolume);
}

/** What the copier at the DRC is to do; which repositories there are, it sees from its credentials. */
export function copierSettings({ everySeconds, uploadKibibytes }: CopierPlan): AgentSettings {
  return new Map([
    ["SIMPUL_COPY_EVERY", String(everySeconds)],
    ["SIMPUL_COPY_LIMIT", String(uploadKibibytes)],
  ]);
}

/** As `NAME=value` lines. */
export function settingLines(settings: AgentSettings): string[] {
  return [...settings].map(([name, value]) => `${name}=${value}`);
}

/** Seconds that one backup may take at least. */
const LEAST_TIMEOUT = 3600;

function isOnVolume(path: string): boolean {
  return ON_VOLUME.some((folder) => path === folder || path.startsWith(`${folder}/`));
}
