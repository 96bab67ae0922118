import type { Diagnostic } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import type { Prefix } from "../core/prefix.ts";
import { PrefixSet } from "../core/prefix-set.ts";
import { parseFreedKey, REST_DAYS } from "../inventory/lock-freed.ts";
import { POOL_NAMES, type Addressing, type Lock, type PoolName } from "../inventory/model.ts";
import type { AllocationKind } from "./allocation.ts";
import { keyOf, layerOf, type Claim } from "./claim.ts";
import { blocksInWords } from "./free-blocks.ts";
import { ipv6Pool } from "./ipv6-pools.ts";
import { parseLockValue } from "./lock-value.ts";
import type { Taken } from "./pinned-lines.ts";
import { poolExhausted } from "./plan-findings.ts";

const ARCHIVE = "archive servers that have expired (state: archived)";

/** A space by name, and what it is cut from. */
interface Space {
  readonly words: string;
  readonly parent?: { readonly words: string; readonly free: string };
}

/** Says what is full, what it is a part of, what is free in both, and what would help. */
export class Exhaustion {
  constructor(
    readonly taken: Taken,
    readonly holders: ReadonlyMap<Prefix, string>,
    readonly lock: Lock,
    readonly addressing?: Addressing,
  ) {}

  /** No room for one more prefix of this length inside `within`. */
  finding(claim: Claim, within: Prefix, length: number): Diagnostic {
    const key = keyOf(claim);
    const free = this.#set(layerOf(key), within).freeBlocksIn(within);
    const resting = this.#resting(within);
    const space = this.#space(within);
    return poolExhausted(claim.at, {
      key,
      length,
      space: `${space.words} (${within.text})`,
      free: blocksInWords(free),
      ...(space.parent !== undefined && {
        parent: `${space.parent.words} around it has ${space.parent.free} free`,
      }),
      ...(resting.length > 0 && {
        resting: `${resting.length} that were freed rest in it for ${REST_DAYS} days, the first since ${resting[0]}`,
      }),
      fix: this.#fix(claim, within, length, free),
    });
  }

  #set(layer: keyof Taken, { family }: Prefix): PrefixSet {
    return this.taken[layer][family === 4 ? "ipv4" : "ipv6"];
  }

  #space(within: Prefix): Space {
    const pool = this.#poolAround(within);
    const poolWords = pool && `the pool ${pool.name} (${pool.prefix.text})`;
    const holder = [...this.holders].find(
      ([prefix, key]) => prefix.text === within.text && layerOf(key) !== "address",
    )?.[1];
    if (holder === undefined || poolWords === undefined || pool === undefined) {
      if (pool === undefined) return { words: within.text };
      return { words: `the pool ${pool.name}`, parent: this.#block(within) };
    }
    const [kind, owner] = holder.split("/") as [string, string];
    const layer = kind === "aggregate" ? "aggregate" : "network";
    const free = blocksInWords(this.#set(layer, within).freeBlocksIn(pool.prefix));
    const share = owner === "core" ? "core routers and gateways" : `POP ${owner}`;
    return {
      words:
        kind === "aggregate"
          ? `the share of ${share} in the pool ${pool.name}`
          : `the segment ${owner}`,
      parent: { words: poolWords, free },
    };
  }

  #poolAround(within: Prefix): { readonly name: PoolName; readonly prefix: Prefix } | undefined {
    const { addressing } = this;
    if (addressing === undefined) return undefined;
    return POOL_NAMES.map((name) => ({
      name,
      prefix: within.family === 4 ? addressing.pools.get(name)! : ipv6Pool(addressing.ipv6, name),
    })).find(({ prefix }) => prefix.contains(within));
  }

  /** The kabupaten's block, in which pools are all that is taken. */
  #block({ family }: Prefix): { readonly words: string; readonly free: string } {
    const { ipv4, ipv6, pools } = this.addressing!;
    const block = family === 4 ? ipv4 : ipv6;
    const set = new PrefixSet();
    for (const name of POOL_NAMES) set.add(family === 4 ? pools.get(name)! : ipv6Pool(ipv6, name));
    return { words: `the block (${block.text})`, free: blocksInWords(set.freeBlocksIn(block)) };
  }

  /** The days on which things were freed whose numbers rest inside the space. */
  #resting(within: Prefix): readonly string[] {
    const family = within.family === 4 ? "ipv4" : "ipv6";
    const days = [...this.lock.entries].flatMap(([text, { value }]) => {
      const freed = parseFreedKey(text);
      const pair = freed && parseLockValue(value);
      if (freed === undefined || pair === undefined || pair instanceof Fault) return [];
      return within.contains(pair[family]) ? [freed.since.text] : [];
    });
    return days.toSorted();
  }

  #fix(
    { kind, name }: Claim,
    within: Prefix,
    length: number,
    free: ReadonlyMap<number, number>,
  ): string {
    const pool = this.#poolAround(within)?.name;
    const larger = `make the pool ${pool ?? "of it"} larger in kabupaten.yaml`;
    const isShare = pool !== undefined && this.#isShare(within);
    const wider = isShare
      ? `give this POP more of the pool in wan/topology.yaml (space: { ${pool}: /${Math.min(within.length, length) - 1} }), or ${larger}`
      : larger;
    const longest = Math.min(...free.keys());
    const helps: Readonly<Record<AllocationKind, string>> = {
      lan: free.size === 0 ? wider : `ask for a /${longest} or longer, or ${wider}`,
      loopback: wider,
      aggregate: `${larger}, or the share of a POP in wan/topology.yaml smaller`,
      transit: name === undefined ? larger : "hang routers on another POP",
      tenant: name === undefined ? larger : ARCHIVE,
      vps: ARCHIVE,
      colocation: larger,
      service: `${ARCHIVE}, or ${larger}`,
      management: wider,
    };
    return helps[kind];
  }

  #isShare(within: Prefix): boolean {
    return [...this.holders].some(
      ([prefix, key]) =>
        prefix.text === within.text &&
        key.startsWith("aggregate/") &&
        !key.startsWith("aggregate/core/"),
    );
  }
}
