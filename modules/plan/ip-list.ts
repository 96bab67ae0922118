import { Prefix } from "../core/prefix.ts";
import type { Allocation } from "./allocation.ts";
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
export function ipList(allocations: readonly Allocation[]): readonly IpListEntry[] {
  return allocations
    .filter(({ kind }) => kind !== "aggregate")
    .flatMap(({ kind, owner, name, at }) =>
      [at.ipv4, at.ipv6].map((each) =>
        each instanceof Prefix
          ? { kind, owner, name, prefix: each.text }
          : { kind, owner, name, address: each.text },
      ),
    );
}

/** Those whose kind, owner or name is this word. */
export function chosenAllocations(plan: KabupatenPlan, word: string): readonly Allocation[] {
  return plan.allocations.filter(
    ({ kind, owner, name }) => kind !== "aggregate" && [kind, owner, name].includes(word),
  );
}

/** The same for people: one line for both families, and a name only where it says more than the owner. */
export function ipTable(allocations: readonly Allocation[]): string {
  const rows = allocations
    .filter(({ kind }) => kind !== "aggregate")
    .map(({ kind, owner, name, at }) => [
      kind,
      owner,
      name === owner ? "" : name,
      at.ipv4.text,
      at.ipv6.text,
    ]);
  return columns([["KIND", "OWNER", "NAME", "IPV4", "IPV6"], ...rows]);
}
