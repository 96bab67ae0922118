import { canonicalText } from "../core/canonical-text.ts";
import { compareTexts } from "../core/diagnostic.ts";
import type { ChangedFile } from "../inventory/git-merge.ts";
import type { Inventory, Vps } from "../inventory/model.ts";

/** Somebody who must agree to a change before it is merged. */
export interface Approval {
  /** Slug of the agency; of the Dinas for what is nobody's own. */
  readonly agency: string;
  /** Of the agency on the target branch; empty where it names none. */
  readonly accounts: readonly string[];
  /** Why, by file. */
  readonly reasons: readonly ApprovalReason[];
}

export interface ApprovalReason {
  readonly file: string;
  readonly because:
    | "owner"
    | "new-owner"
    | "owner-changes"
    | "new-vps"
    | "vps-removed"
    | "vps-ends"
    | "unread"
    | "not-its-own";
}

/** What approvals are worked out from. */
export interface ApprovalGround {
  /** The kabupaten's folder in the repository, with its final `/`. */
  readonly folder: string;
  readonly files: readonly ChangedFile[];
  /** On the target branch; absent when it cannot be read. */
  readonly before?: Inventory | undefined;
  /** After the merge; absent when it cannot be read. */
  readonly after?: Inventory | undefined;
  /** Slug of the Dinas, where neither can be read. */
  readonly dinas: string;
}

/**
 * Who must agree, by what the files say and not by their paths alone: a VPS is its owner's, on the target branch and after
 * the merge, so nobody takes over a server by writing another `owner` or `was`; a new one is agreed to by its owner, and by
 * the Dinas, who gives the room. All else is the Dinas's: an agency's own file holds its LAN, its bandwidth and its accounts.
 */
export function approvalsFor(ground: ApprovalGround): readonly Approval[] {
  const dinas = ground.before?.kabupaten.dinas ?? ground.after?.kabupaten.dinas ?? ground.dinas;
  const reasons = new Map<string, ApprovalReason[]>();
  for (const { path, status } of ground.files)
    for (const [agency, because] of agreeing(ground, path, status, dinas)) {
      const own = reasons.get(agency) ?? [];
      if (!own.some(({ file }) => file === path)) own.push({ file: path, because });
      reasons.set(agency, own);
    }
  return [...reasons]
    .toSorted(([a], [b]) => Number(a === dinas) - Number(b === dinas) || compareTexts(a, b))
    .map(([agency, own]) => ({
      agency,
      accounts: accountsOf(ground.before, agency, dinas),
      reasons: own,
    }));
}

type Agreeing = readonly (readonly [agency: string, because: ApprovalReason["because"]])[];

function agreeing(
  { folder, before, after }: ApprovalGround,
  path: string,
  status: ChangedFile["status"],
  dinas: string,
): Agreeing {
  const name = path.startsWith(`${folder}vps/`)
    ? /^([^/]+)\.yaml$/.exec(path.slice(folder.length + "vps/".length))?.[1]
    : undefined;
  if (name === undefined) return [[dinas, "not-its-own"]];
  const now = find(after, name);
  const old = find(before, name) ?? (now?.was === undefined ? undefined : find(before, now.was));
  const renamed = after?.vps.find(({ was }) => was === name);
  if (status === "removed" && old !== undefined && renamed === undefined)
    return [
      [old.owner, "vps-removed"],
      [dinas, "vps-removed"],
    ];
  const owner = (now ?? renamed)?.owner;
  if (owner === undefined) return [[dinas, "unread"]];
  if (old === undefined)
    return [
      [owner, "new-vps"],
      [dinas, "new-vps"],
    ];
  if (old.owner === owner && endingOf(old) !== endingOf(now ?? renamed))
    return [
      [owner, "vps-ends"],
      [dinas, "vps-ends"],
    ];
  if (old.owner === owner) return [[owner, "owner"]];
  return [
    [old.owner, "owner-changes"],
    [owner, "new-owner"],
    [dinas, "owner-changes"],
  ];
}

/** What lets a server go, data and all, once it is named for that. */
function endingOf(vps: Vps | undefined): string {
  if (vps === undefined) return "";
  const { state, finalBackup, withoutBackup } = vps;
  return canonicalText([state === "archived", finalBackup, withoutBackup]);
}

function find(inventory: Inventory | undefined, name: string): Vps | undefined {
  return inventory?.vps.find((one) => one.name === name);
}

/** By the target branch alone: a change cannot appoint who agrees to it. */
function accountsOf(
  inventory: Inventory | undefined,
  agency: string,
  dinas: string,
): readonly string[] {
  const own = inventory?.perangkatDaerah.find(({ name }) => name === agency)?.maintainers ?? [];
  const kabupaten = agency === dinas ? (inventory?.kabupaten.maintainers ?? []) : [];
  return [...new Set([...kabupaten, ...own])];
}
