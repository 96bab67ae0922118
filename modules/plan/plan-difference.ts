import { canonicalText } from "../core/canonical-text.ts";
import { compareTexts } from "../core/diagnostic.ts";
import type { Allocation } from "./allocation.ts";
import type { RecordPlan } from "./dns-plan.ts";
import type { EngineRole } from "./engine-names.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";
import { lockValue } from "./lock-value.ts";

/** A thing that a plan has on an engine. */
export interface PlannedThing {
  readonly role:
    | Extract<EngineRole, "router" | "gateway" | "vps" | "name-server" | "resolver">
    | "network";
  readonly name: string;
  readonly stack: string;
}

/** A thing that both plans have, with what is not the same. */
export interface ChangedThing extends PlannedThing {
  /** Names of the plan's fields. */
  readonly fields: readonly string[];
}

/** An address, a prefix or a pair of them that another plan gives to the same thing. */
export interface MovedAllocation {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

/** Where one plan differs from another, by names that both understand. Everything sorted. */
export interface PlanDifference {
  readonly appears: readonly PlannedThing[];
  readonly changes: readonly ChangedThing[];
  readonly vanishes: readonly PlannedThing[];
  readonly namesAppear: readonly RecordPlan[];
  readonly namesVanish: readonly RecordPlan[];
  readonly allocated: readonly Allocation[];
  readonly moved: readonly MovedAllocation[];
  readonly freed: readonly Allocation[];
  /** Names of the stacks that hold any of it. */
  readonly stacks: readonly string[];
}

/** Compares two plans of one kabupaten: what an apply would make of it follows from the plans alone. */
export function comparePlans(before: KabupatenPlan, after: KabupatenPlan): PlanDifference {
  const [old, now] = [thingsOf(before), thingsOf(after)];
  const appears = only(now, old);
  const vanishes = only(old, now);
  const changes = [...now].flatMap(([key, { thing, content }]): ChangedThing[] => {
    const other = old.get(key);
    if (other === undefined) return [];
    const fields = differing(other.content, content);
    return fields.length === 0 ? [] : [{ ...thing, fields }];
  });
  const [oldRecords, nowRecords] = [recordsOf(before), recordsOf(after)];
  const [oldPlaces, nowPlaces] = [allocationsOf(before), allocationsOf(after)];
  const touched = [...appears, ...vanishes, ...changes].map(({ stack }) => stack);
  return {
    appears,
    changes: changes.toSorted(byName),
    vanishes,
    namesAppear: missingFrom(oldRecords, nowRecords),
    namesVanish: missingFrom(nowRecords, oldRecords),
    allocated: missingFrom(oldPlaces, nowPlaces),
    moved: movedBetween(oldPlaces, nowPlaces),
    freed: missingFrom(nowPlaces, oldPlaces),
    stacks: [...new Set(touched)].toSorted(compareTexts),
  };
}

interface Content {
  readonly thing: PlannedThing;
  readonly content: Readonly<Record<string, unknown>>;
}

function thingsOf(plan: KabupatenPlan): ReadonlyMap<string, Content> {
  const { dns, routers, segments, vps } = plan;
  const content = (
    role: PlannedThing["role"],
    { name, stack, ...rest }: { readonly name: string; readonly stack: string },
  ): readonly [string, Content] => [
    `${role}/${name}`,
    { thing: { role, name, stack }, content: { stack, ...rest } },
  ];
  const network = ({ kind, name, ...rest }: KabupatenPlan["segments"][number]) =>
    content("network", { name: kind === "tenant" ? name : `${kind}/${name}`, ...rest });
  return new Map([
    ...segments.map(network),
    ...routers.filter(({ kind }) => kind === "container").map((one) => content(one.role, one)),
    ...vps.map((one) => content("vps", one)),
    ...[dns.primary, ...dns.secondaries].map((one) => content("name-server", one)),
    ...dns.resolvers.map((one) => content("resolver", one)),
  ]);
}

function only(
  these: ReadonlyMap<string, Content>,
  others: ReadonlyMap<string, Content>,
): readonly PlannedThing[] {
  return [...these]
    .filter(([key]) => !others.has(key))
    .map(([, { thing }]) => thing)
    .toSorted(byName);
}

function byName(a: PlannedThing, b: PlannedThing): number {
  return compareTexts(`${a.role}/${a.name}`, `${b.role}/${b.name}`);
}

function differing(a: Content["content"], b: Content["content"]): readonly string[] {
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return fields
    .filter((field) => canonicalText(a[field]) !== canonicalText(b[field]))
    .toSorted(compareTexts);
}

/** Of public and internal zones; reverse ones say the same again. */
function recordsOf({ dns }: KabupatenPlan): ReadonlyMap<string, RecordPlan> {
  const records = dns.zones.flatMap(({ records }) => records).filter(({ type }) => type !== "PTR");
  return new Map(records.map((one) => [`${one.name} ${one.type} ${one.data}`, one]));
}

function allocationsOf({ allocations }: KabupatenPlan): ReadonlyMap<string, Allocation> {
  return new Map(allocations.map((one) => [one.key, one]));
}

function missingFrom<V>(
  these: ReadonlyMap<string, V>,
  others: ReadonlyMap<string, V>,
): readonly V[] {
  return [...others].flatMap(([key, value]) => (these.has(key) ? [] : [value]));
}

function movedBetween(
  before: ReadonlyMap<string, Allocation>,
  after: ReadonlyMap<string, Allocation>,
): readonly MovedAllocation[] {
  return [...after].flatMap(([key, { at }]) => {
    const old = before.get(key);
    const [from, to] = [old && lockValue(old.at), lockValue(at)];
    return from === undefined || from === to ? [] : [{ key, from, to }];
  });
}
