import { compareTexts, hasErrors, type Diagnostic } from "../core/diagnostic.ts";
import type { ChangedFile } from "../inventory/git-merge.ts";
import type { Inventory } from "../inventory/model.ts";
import { checkCapacity } from "../plan/capacity.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import { comparePlans, type PlanDifference } from "../plan/plan-difference.ts";
import { checkQuota } from "../plan/quota.ts";
import { approvalsFor, type Approval } from "./approvals.ts";
import { roomAfter, type Room } from "./room.ts";
import { vpsRequests, type VpsRequest } from "./vps-request.ts";

/** An inventory as it stood at one side of a pull request, as far as it can be read. */
export interface Side {
  readonly inventory?: Inventory | undefined;
  readonly plan?: KabupatenPlan | undefined;
  readonly findings: readonly Diagnostic[];
}

export interface PullRequestGround {
  readonly kabupaten: string;
  /** The kabupaten's folder in the repository, with its final `/`. */
  readonly folder: string;
  readonly files: readonly ChangedFile[];
  /** The target branch. */
  readonly before: Side;
  /** The target branch with the change in it. */
  readonly after: Side;
  /** About the change itself: it does not merge, it carries what it should not. */
  readonly findings: readonly Diagnostic[];
}

/** What a pull request would do to one kabupaten. */
export interface PullRequest {
  readonly kabupaten: string;
  readonly folder: string;
  readonly files: readonly ChangedFile[];
  /** Whether nothing stands in the way of merging it. */
  readonly ok: boolean;
  /** New with this change, worst first. */
  readonly findings: readonly Diagnostic[];
  /** How many the target branch has already; they are nobody's here. */
  readonly known: number;
  readonly requests: readonly VpsRequest[];
  /** Absent when one of the two sides has no plan. */
  readonly difference?: PlanDifference;
  /** Absent when one of the two sides cannot be read. */
  readonly room?: Room;
  readonly approvals: readonly Approval[];
  /** Titles of agencies, by slug. */
  readonly titles: ReadonlyMap<string, string>;
}

/** Compares both sides; pure. */
export function describePullRequest(ground: PullRequestGround): PullRequest {
  const { kabupaten, folder, files, before, after } = ground;
  const [old, now] = [before.inventory, after.inventory];
  const inventories = [now, old].filter((one) => one !== undefined);
  const both = old !== undefined && now !== undefined;
  const requests = both ? vpsRequests(old, now) : [];
  const found = toldToWhoAsks(after, requests);
  const fresh = newFindings(before.findings, found);
  const findings = [
    ...ground.findings,
    ...handovers(before, after),
    ...imageChanges(before, after),
    ...fresh,
  ];
  return {
    kabupaten,
    folder,
    files,
    ok: !hasErrors(findings) && (after.plan !== undefined || files.length === 0),
    findings: findings.toSorted(worstFirst),
    known: found.filter(isShown).length - fresh.length,
    requests,
    ...(before.plan && after.plan && { difference: comparePlans(before.plan, after.plan) }),
    ...(both && { room: roomAfter(old, now, new Set(requests.map(({ owner }) => owner))) }),
    approvals: approvalsFor({
      folder,
      files,
      before: old,
      after: now,
      dinas: "dinas",
    }),
    titles: new Map(
      inventories
        .toReversed()
        .flatMap(({ perangkatDaerah }) =>
          perangkatDaerah.map(({ name, title }) => [name, title] as const),
        ),
    ),
  };
}

/** Where there is no room, it is this change that has none, and not whoever comes first in the alphabet. */
function toldToWhoAsks(
  { inventory, findings }: Side,
  requests: readonly VpsRequest[],
): readonly Diagnostic[] {
  const rest = findings.filter(({ id }) => id !== "site-full" && id !== "quota-exceeded");
  if (inventory === undefined || rest.length === findings.length) return findings;
  const changed = new Set(requests.map(({ name }) => name));
  return [...rest, ...checkCapacity(inventory, changed), ...checkQuota(inventory, changed)];
}

/** A warning that stands on the target branch already is not this change's; an error always stops. */
function newFindings(
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
): readonly Diagnostic[] {
  const known = new Set(before.map(sameWords));
  return after.filter(
    (one) => one.severity === "error" || (isShown(one) && !known.has(sameWords(one))),
  );
}

/** What the lock lacks is told as addresses. */
function isShown({ id }: Diagnostic): boolean {
  return id !== "not-in-lock";
}

/** Without the line, which moves with whatever is added above. */
function sameWords({ id, at, what }: Diagnostic): string {
  return [id, at?.file ?? "", what].join("\n");
}

function worstFirst(a: Diagnostic, b: Diagnostic): number {
  return (
    RANK[a.severity] - RANK[b.severity] ||
    compareTexts(a.at?.file ?? "", b.at?.file ?? "") ||
    (a.at?.line ?? 0) - (b.at?.line ?? 0)
  );
}

const RANK = { error: 0, warning: 1, info: 2 };

/** Servers that pass to another agency. */
function handovers(before: Side, after: Side): readonly Diagnostic[] {
  const owners = new Map(before.inventory?.vps.map(({ name, owner }) => [name, owner]));
  return (after.inventory?.vps ?? []).flatMap(({ name, was, owner, origin }) => {
    const old = owners.get(name) ?? (was === undefined ? undefined : owners.get(was));
    return old === undefined || old === owner
      ? []
      : [
          {
            id: "pr-owner-changes",
            severity: "warning",
            at: origin.at("owner"),
            what: `${name} passes from ${old} to ${owner}, with all that is on it`,
            why: "nobody takes a server, or is handed one, by a line in a file",
            fix: `merge it only after ${old}, ${owner} and the Dinas have agreed`,
          } as const,
        ];
  });
}

/** Another image in a file reaches a server only when it is rebuilt. */
function imageChanges(before: Side, after: Side): readonly Diagnostic[] {
  const images = new Map(before.inventory?.vps.map(({ name, image }) => [name, image]));
  return (after.inventory?.vps ?? []).flatMap(({ name, image, origin }) => {
    const old = images.get(name);
    return old === undefined || old === image
      ? []
      : [
          {
            id: "pr-image-changes",
            severity: "info",
            at: origin.at("image"),
            what: `${name} stays on ${old} until it is rebuilt`,
            why: "an image is taken when a VPS is made: no merge and no deploy replaces what runs",
            fix: `agree on a time with its owner, then: simpul vps rebuild ${name}`,
          } as const,
        ];
  });
}
