// `npm run bench`: figures of what people wait for, on this machine; results are recorded in docs/benchmarks.md.
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import path from "node:path";

import { prepare, ROOT } from "../../stacks/prepare.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import { PrefixSet } from "../../modules/core/prefix-set.ts";
import type { Lock } from "../../modules/inventory/model.ts";
import { Ledger } from "../../modules/plan/ledger.ts";
import { lockValue } from "../../modules/plan/lock-value.ts";
import { placePrefix } from "../../modules/plan/place-prefix.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { WholeCountry } from "./whole-country.ts";

const SIMPUL = path.join(ROOT, "scripts/simpul");
const RUNS = 7;
const NO_LOCK: Lock = { entries: new Map() };
/** The same work by netaddr's IPSet, where Python has it: 10,000 prefixes cut from a /8 and taken out of what is free. */
const NETADDR = path.join(ROOT, "scripts/bench/netaddr-ipset.py");

const { inventory } = await prepare({
  kabupaten: "temanggung",
  inventory: path.join(ROOT, "inventory"),
});
if (inventory === undefined)
  throw new Error("the inventory of temanggung has errors: simpul check");

const [processor] = cpus();
console.log(
  `${cpus().length} x ${processor?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
report("simpul check, a process of its own", () => run("check"));
{
  using country = await WholeCountry.write();
  report(`simpul check, one of ${country.size} kabupaten`, () =>
    run("check", "--kabupaten", "temanggung", "--inventory", country.inventory),
  );
}
report("simpul ip list --json", () => run("ip", "list", "--json"));
report("plan of temanggung, in memory", () => makePlan(inventory));
report("10,000 prefixes placed by hash", placeTenThousand);
report("10,000 LANs through the ledger, new", () => allocateTenThousand(NO_LOCK));
const pinned = allocateTenThousand(NO_LOCK);
report("10,000 LANs through the ledger, pinned", () => allocateTenThousand(pinned));
reportNetaddr();

/** Shortest and median of some runs, in milliseconds: the shortest says what it costs, the median what one waits. */
function report(what: string, work: () => unknown): void {
  const times = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  }).toSorted((a, b) => a - b);
  const [shortest, median] = [times[0]!, times[Math.floor(RUNS / 2)]!];
  console.log(
    `${what.padEnd(42)} ${shortest.toFixed(0).padStart(6)} ms  median ${median.toFixed(0)} ms`,
  );
}

function run(...args: readonly string[]): void {
  const { status } = spawnSync(SIMPUL, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`simpul ${args.join(" ")} ended with ${status}`);
}

function placeTenThousand(): void {
  const space = Prefix.of(4, 0x0a00_0000n, 8);
  const taken = new PrefixSet();
  for (let index = 0; index < 10_000; index++) {
    const placed = placePrefix(taken, space, 24 + (index % 5), `lan/agency-${index}`);
    if (placed === undefined) throw new Error("the space is full");
    taken.add(placed);
  }
}

/** Both families, with keys, findings and allocations; gives the lock in which all of them are pinned. */
function allocateTenThousand(lock: Lock): Lock {
  const at = { file: "bench", line: 1, column: 1 };
  const space = { ipv4: Prefix.of(4, 0x0a00_0000n, 8), ipv6: Prefix.of(6, 0xfd00n << 112n, 40) };
  const ledger = new Ledger(lock);
  for (let index = 0; index < 10_000; index++) {
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

function reportNetaddr(): void {
  const python = process.env["SIMPUL_BENCH_PYTHON"] ?? "python3";
  const { status, stdout } = spawnSync(python, [NETADDR, String(RUNS)], { encoding: "utf8" });
  if (status === 0) console.log(stdout.trimEnd());
  else console.log("10,000 prefixes by netaddr's IPSet: skipped, python3 has no netaddr");
}
