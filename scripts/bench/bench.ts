// `npm run bench`: figures of what people wait for, on this machine; results are recorded in docs/benchmarks.md.
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import path from "node:path";

import { prepare, ROOT } from "../../stacks/prepare.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import { PrefixSet } from "../../modules/core/prefix-set.ts";
import { placePrefix } from "../../modules/plan/place-prefix.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";

const SIMPUL = path.join(ROOT, "scripts/simpul");
const RUNS = 7;

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
report("simpul ip list --json", () => run("ip", "list", "--json"));
report("plan of temanggung, in memory", () => makePlan(inventory));
report("10,000 prefixes placed by hash", placeTenThousand);

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
