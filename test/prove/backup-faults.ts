import { backupsOf } from "../../modules/engine/restic-snapshots.ts";
import type { BackupGround } from "./backup-ground.ts";
import { firstId, type Repository } from "./repositories.ts";

/** Snapshots of every repository at one moment, by the ids that they have at the Pusat Data. */
export type SnapshotsThere = ReadonlyMap<Repository, readonly string[]>;

export async function snapshotsThere({ repositories }: BackupGround): Promise<SnapshotsThere> {
  const listed = await Promise.all(
    repositories.map(async (one) => [one, (await one.snapshots()).map(firstId)] as const),
  );
  return new Map(listed);
}

/** Snapshots that were there before and are not any more, but for those of `going` at the Pusat Data. */
export function lostSnapshots(
  before: SnapshotsThere,
  after: SnapshotsThere,
  going: readonly string[],
): readonly string[] {
  return [...before].flatMap(([repository, ids]) => {
    const mayGo = repository.site === "pusat-data" ? going : [];
    const there = after.get(repository) ?? [];
    return ids
      .filter((id) => !there.includes(id) && !mayGo.includes(id))
      .map((id) => `snapshot ${id.slice(0, 8)} is lost from ${wordsOf(repository)}`);
  });
}

/** What is wrong with the repositories by restic itself. */
export async function damages({ repositories }: BackupGround): Promise<readonly string[]> {
  const found = await Promise.all(
    repositories.map(async (one) => {
      const said = await one.damage();
      return said === undefined ? [] : [`${wordsOf(one)} is damaged: ${said}`];
    }),
  );
  return found.flat();
}

/** Proofs of a repository that cannot have been made, written down all the same since that moment. */
export async function proofsOfDamaged(
  repository: Repository,
  since: number,
): Promise<readonly string[]> {
  const record = await repository.record();
  const isProven = (record?.proven?.at ?? 0) >= since;
  const parts = record?.read.filter((at) => (at ?? 0) >= since).length ?? 0;
  return [
    ...(isProven ? [`a false proof: ${wordsOf(repository)} counts as proven, and is damaged`] : []),
    ...(parts > 0 ? [`a false proof: ${parts} parts of ${wordsOf(repository)} count as read`] : []),
  ];
}

/** Proofs that are missing after a whole verification, or of something else than the newest backup. */
export async function missingProofs(
  { repositories }: BackupGround,
  since: number,
): Promise<readonly string[]> {
  const found = await Promise.all(
    repositories.map(async (one) => {
      const [record, snapshots] = [await one.record(), await one.snapshots()];
      const proven = record?.proven;
      if (proven === undefined || proven.at < since) return [`${wordsOf(one)} has no new proof`];
      const newest = backupsOf(snapshots).at(-1)?.id;
      return proven.snapshot === newest ? [] : [`${wordsOf(one)}: not the newest backup is proven`];
    }),
  );
  return found.flat();
}

export function wordsOf({ name, site }: Repository): string {
  return `${name} at ${site}`;
}
