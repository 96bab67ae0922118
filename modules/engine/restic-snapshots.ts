/** One snapshot, as `restic snapshots --json` tells it. */
export interface ResticSnapshot {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** When the backup began, by the clock of who took it, with its offset (RFC 3339). */
  readonly time: string;
  readonly hostname: string;
  readonly tags: readonly string[];
  readonly paths: readonly string[];
  /** Where it was copied from; absent where it was taken here. */
  readonly original?: string;
}

/** What the backup itself is tagged with; its companion lists what changed while it was read. */
export const SNAPSHOT_TAG = "simpul";
export const LIVE_TAG = "simpul-live";

/** Reads the list, oldest first; undefined when it is none. */
export function readSnapshots(json: string): readonly ResticSnapshot[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(json.trim() === "" ? "null" : json);
  } catch {
    return undefined;
  }
  // An empty repository says null.
  if (list === null) return [];
  if (!Array.isArray(list)) return undefined;
  const read = list.map(readOne);
  if (read.includes(undefined)) return undefined;
  return (read as readonly ResticSnapshot[]).toSorted(
    (a, b) => Date.parse(a.time) - Date.parse(b.time),
  );
}

function readOne(entry: unknown): ResticSnapshot | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { id, time, hostname, tags, paths, original } = entry as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || !/^[0-9a-f]{64}$/.test(id)) return undefined;
  if (typeof time !== "string" || Number.isNaN(Date.parse(time))) return undefined;
  return {
    ...{ id, time, hostname: typeof hostname === "string" ? hostname : "" },
    ...{ tags: texts(tags), paths: texts(paths) },
    ...(typeof original === "string" && { original }),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Backups themselves. */
export function backupsOf(snapshots: readonly ResticSnapshot[]): readonly ResticSnapshot[] {
  return snapshots.filter(({ tags }) => tags.includes(SNAPSHOT_TAG) && !tags.includes(LIVE_TAG));
}

/** The companion of a backup, or of that from which it was copied: it keeps the id of the first one. */
export function companionOf(
  snapshots: readonly ResticSnapshot[],
  { id, original }: ResticSnapshot,
): ResticSnapshot | undefined {
  const wanted = [id, original].flatMap((one) => (one === undefined ? [] : [`of-${one}`]));
  return snapshots.findLast(({ tags }) => tags.some((tag) => wanted.includes(tag)));
}
