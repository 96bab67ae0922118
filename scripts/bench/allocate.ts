import path from "node:path";

import { Prefix } from "../../modules/core/prefix.ts";
import { PrefixSet } from "../../modules/core/prefix-set.ts";
import type { Lock } from "../../modules/inventory/model.ts";
import { Ledger } from "../../modules/plan/ledger.ts";
import { lockValue } from "../../modules/plan/lock-value.ts";
import { placePrefix } from "../../modules/plan/place-prefix.ts";
import { ROOT } from "../../stacks/prepare.ts";
import { timed, type Contender, type Subject } from "./contender.ts";
import { findPeers } from "./peers.ts";
import { program } from "./program.ts";

const COUNT = 10_000;
const NO_LOCK: Lock = { entries: new Map() };
const NETADDR = path.join(ROOT, "scripts/bench/netaddr-ipset.py");

/** Prefixes of /24 to /28 out of a /8. */
export const allocate: Subject = {
  name: "allocate",
  begin: async () => {
    const peers = await findPeers();
    const pinned = allocateAll(NO_LOCK);
    const netaddr = (python: string): Contender => ({
      name: "netaddr IPSet",
      note: "IPv4 only, the first that is free; without keys, lock or findings",
      run: async () => Number(await program(python, [NETADDR, String(COUNT)])),
    });
    return {
      about: `${COUNT} prefixes of /24 to /28 out of a /8`,
      contenders: [
        {
          name: "Simpul's ledger, all new",
          note: "IPv4 and IPv6, by the hash of a key",
          run: () => timed(() => allocateAll(NO_LOCK)),
        },
        {
          name: "Simpul's ledger, all pinned",
          note: "IPv4 and IPv6, each line of the lock checked",
          run: () => timed(() => allocateAll(pinned)),
        },
        {
          name: "Simpul's placement alone",
          note: "IPv4 only, by the hash of a key",
          run: () => timed(placeAll),
        },
        ...(typeof peers === "string" ? [] : [netaddr(peers.python)]),
      ],
      absent: typeof peers === "string" ? [`netaddr: ${peers}`] : [],
    };
  },
};

function placeAll(): void {
  const space = Prefix.of(4, 0x0a00_0000n, 8);
  const taken = new PrefixSet();
  for (let index = 0; index < COUNT; index++) {
    const placed = placePrefix(taken, space, 24 + (index % 5), `lan/agency-${index}`);
    if (placed === undefined) throw new Error("the space is full");
    taken.add(placed);
  }
}

/** Both families, with keys, findings and allocations; gives the lock in which all of them are pinned. */
function allocateAll(lock: Lock): Lock {
  const at = { file: "bench", line: 1, column: 1 };
  const space = { ipv4: Prefix.of(4, 0x0a00_0000n, 8), ipv6: Prefix.of(6, 0xfd00n << 112n, 40) };
  const ledger = new Ledger(lock);
  for (let index = 0; index < COUNT; index++) {
    const claim = { kind: "lan", owner: `agency-${index}`, at } as const;
    const lan = ledger.network(claim, { ipv4: 24 + (index % 5), ipv6: 64 }, space);
    if (lan === undefined) throw new Error("the space is full");
  }
  const lines = ledger.allocations.map(
    (each, index) =>
      [each.key, { value: lockValue(each.at), at: { ...at, line: index + 1 } }] as const,
  );
  return { entries: new Map(lines) };
}
