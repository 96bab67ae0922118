import { Prefix } from "../core/prefix.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";
import { columns } from "./text-columns.ts";

/** One line of `simpul ip list` (DESIGN section 9): a prefix or an address of one family. */
export interface IpListEntry {
  readonly kind: string;
  readonly owner: string;
  readonly name: string;
  readonly prefix?: string;
  readonly address?: string;
}

/** All allocations for programs, IPv4 and IPv6 each on its own; POPs' aggregates are shares, not allocations. */
export function ipList(plan: KabupatenPlan): readonly IpListEntry[] {
  return plan.allocations
    .filter(({ kind }) => kind !== "aggregate")
    .flatMap(({ kind, owner, name, at }) =>
      [at.ipv4, at.ipv6].map((each) =>
        each instanceof Prefix
          ? { kind, owner, name, prefix: each.text }
          : { kind, owner, name, address: each.text },
      ),
    );
}

/** The same for people: columns of equal width. */
export function ipTable(entries: readonly IpListEntry[]): string {
  const rows = entries.map(({ kind, owner, name, prefix, address }) => [
    kind,
    owner,
    name,
    prefix ?? address ?? "",
  ]);
  return columns([["KIND", "OWNER", "NAME", "PREFIX OR ADDRESS"], ...rows]);
}
