import { Address } from "../core/address.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";
import { POOL_NAMES, type Inventory } from "../inventory/model.ts";
import { inWords, ownerIn } from "./ip-explain-words.ts";
import { placeInNetwork, type NetworkPlace } from "./ip-explain-network.ts";
import { occupied, type Occupied } from "./ip-occupied.ts";
import { ipv6Pool } from "./ipv6-pools.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";

/** What one address or prefix is, and why it is nobody's where it is nobody's. */
export interface Explanation {
  /** In canonical form, an address without a length. */
  readonly asked: string;
  readonly status:
    | "outside"
    | "unassigned"
    | "free"
    | "resting"
    | "several"
    | NetworkPlace["status"];
  /** One sentence without its subject: `the LAN of Dinas Kesehatan`. */
  readonly what: string;
  /** Slug of whom it serves. */
  readonly owner?: string;
  /** What contains it, from the block to the smallest. */
  readonly within: readonly { readonly what: string; readonly prefix: string }[];
  /** Routers that bring the most specific route to it into BGP, by slug. */
  readonly announcedBy: readonly string[];
  /** DNS names that lead to it, or into it. */
  readonly names: readonly string[];
}

/** Reads what a person asked about; an address stands for its /32 or /128. */
export function parseAsked(text: string): Prefix | Fault {
  if (text.includes("/")) return Prefix.parse(text);
  const address = Address.parse(text);
  return address instanceof Fault ? address : Prefix.host(address);
}

export function explain(asked: Prefix, inventory: Inventory, plan: KabupatenPlan): Explanation {
  const family = asked.family === 4 ? "ipv4" : "ipv6";
  const all = occupied(plan, inventory.lock).toSorted(
    (a, b) => a.pair[family].length - b.pair[family].length,
  );
  const around = all.filter(({ pair }) => pair[family].contains(asked));
  const spaces = spacesAround(asked, inventory, plan);
  const found = verdict(asked, plan, spaces, around, all);
  return {
    asked: isHost(asked) ? Address.of(asked.family, asked.first).text : asked.text,
    ...found,
    within: [
      ...spaces.filter(({ prefix }) => prefix !== asked.text),
      ...around
        .filter(({ pair }) => pair[family].text !== asked.text)
        .map((each) => ({ what: inWords(each, plan), prefix: each.pair[family].text })),
    ],
    announcedBy: announcers(asked, plan),
    names: namesIn(asked, plan),
  };
}

type Space = Explanation["within"][number];
type Verdict = Pick<Explanation, "status" | "what" | "owner">;

function spacesAround(asked: Prefix, { kabupaten }: Inventory, plan: KabupatenPlan): Space[] {
  const { pools, ipv6 } = kabupaten.addressing;
  const block = asked.family === 4 ? plan.block.ipv4 : plan.block.ipv6;
  const all = [
    { what: `the block of ${plan.title}`, prefix: block },
    ...POOL_NAMES.map((name) => ({
      what: `the pool ${name}`,
      prefix: asked.family === 4 ? pools.get(name)! : ipv6Pool(ipv6, name),
    })),
  ];
  return all
    .filter(({ prefix }) => prefix.contains(asked))
    .map(({ what, prefix }) => ({ what, prefix: prefix.text }));
}

function verdict(
  asked: Prefix,
  plan: KabupatenPlan,
  spaces: readonly Space[],
  around: readonly Occupied[],
  all: readonly Occupied[],
): Verdict {
  const family = asked.family === 4 ? "ipv4" : "ipv6";
  const holder = around.findLast(({ layer }) => layer !== "aggregate");
  if (holder !== undefined) return held(asked, plan, holder);
  const inside = all.filter(
    ({ layer, pair }) => layer === "network" && asked.contains(pair[family]),
  );
  const single = all.filter(
    ({ layer, pair }) => layer === "address" && asked.contains(pair[family]),
  );
  const share = around.at(-1);
  const what = share && inWords(share, plan);
  if (share !== undefined && share.pair[family].text === asked.text)
    return { status: "allocated", what: what!, owner: ownerIn(share.key) };
  const parts = [...inside, ...single];
  const itself = spaces.find(({ prefix }) => prefix === asked.text)?.what;
  if (parts.length > 0)
    return { status: "several", what: `${itself ?? "not one thing"}: ${several(parts)}` };
  const last = spaces.at(-1);
  if (last === undefined)
    return { status: "outside", what: `nobody's here: outside the block of ${plan.title}` };
  if (what !== undefined) return { status: "free", what: `free in ${what}` };
  return spaces.length === 1
    ? { status: "unassigned", what: `nobody's: it lies in the block, but in no one pool` }
    : { status: "free", what: `free in ${last.what}` };
}

function held(asked: Prefix, plan: KabupatenPlan, holder: Occupied): Verdict {
  const owner = ownerIn(holder.key);
  const what = inWords(holder, plan);
  if (!holder.planned) return { status: "resting", what, owner };
  const prefix = asked.family === 4 ? holder.pair.ipv4 : holder.pair.ipv6;
  if (prefix.text === asked.text) return { status: "allocated", what, owner };
  if (!isHost(asked)) return { status: "allocated", what: `a part of ${what}`, owner };
  return { owner, ...placeInNetwork(asked, prefix, holder.key, what, plan) };
}

const MOST_NAMED = 5;

function several(parts: readonly Occupied[]): string {
  const shown = parts.slice(0, MOST_NAMED).map(({ key }) => key);
  const more = parts.length > MOST_NAMED ? ", …" : "";
  return `it holds ${parts.length} allocations (${shown.join(", ")}${more})`;
}

function announcers(asked: Prefix, { routers }: KabupatenPlan): readonly string[] {
  const family = asked.family === 4 ? "ipv4" : "ipv6";
  const routes = routers.flatMap(({ name, role, originates }) =>
    originates
      .filter(({ prefix }) => prefix[family].contains(asked))
      .map(({ prefix }) => ({
        router: role === "gateway" ? `${name}/gateway` : name,
        length: prefix[family].length,
      })),
  );
  const longest = Math.max(...routes.map(({ length }) => length));
  return routes.filter(({ length }) => length === longest).map(({ router }) => router);
}

function namesIn(asked: Prefix, { dns }: KabupatenPlan): readonly string[] {
  const names = dns.zones
    .flatMap(({ records }) => records)
    .filter(({ type }) => type === (asked.family === 4 ? "A" : "AAAA"))
    .filter(({ data }) => {
      const address = Address.parse(data);
      return !(address instanceof Fault) && address.isIn(asked);
    })
    .map(({ name }) => name);
  return [...new Set(names)];
}

function isHost({ family, length }: Prefix): boolean {
  return length === (family === 4 ? 32 : 128);
}
