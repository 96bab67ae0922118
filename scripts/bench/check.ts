import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { prepare, ROOT } from "../../stacks/prepare.ts";
import { timed, type Contender, type Started, type Subject } from "./contender.ts";
import { netlabTopology } from "./netlab-topology.ts";
import { findPeers, type Peers } from "./peers.ts";
import { program } from "./program.ts";
import { writeWholeCountry } from "./whole-country.ts";

const WHICH = { kabupaten: "temanggung", inventory: path.join(ROOT, "inventory") };
const SIMPUL = path.join(ROOT, "scripts/simpul");

/** From what people wrote to every number, route and name, or what is wrong with it. */
export const check: Subject = {
  name: "check",
  begin: async (): Promise<Started> => {
    const { inventory, plan } = await prepare(WHICH);
    if (inventory === undefined || plan === undefined)
      throw new Error("the inventory of temanggung has errors: npx simpul check");
    const folder = await mkdtemp(path.join(tmpdir(), "simpul-bench-"));
    const peers = await findPeers();
    const country = path.join(folder, "indonesia");
    const size = await writeWholeCountry(country);
    const simpul = (...words: readonly string[]): Contender => ({
      name: `simpul ${words.join(" ")}`,
      note: "a process of its own",
      run: () =>
        timed(() => program(SIMPUL, [...words, "--kabupaten", "temanggung"], { cwd: ROOT })),
    });
    return {
      about: `Temanggung: ${plan.routers.length} routers and gateways, ${plan.vps.length} VPS, ${plan.allocations.length} allocations, ${plan.dns.zones.length} zones`,
      contenders: [
        simpul("check"),
        {
          ...simpul("check", "--inventory", country),
          name: `simpul check, one of ${size} kabupaten`,
        },
        simpul("ip", "list", "--json"),
        { name: "its plan alone", note: "in memory", run: () => timed(() => makePlan(inventory)) },
        ...(typeof peers === "string" ? [] : [await netlab(peers, plan, folder)]),
      ],
      absent: typeof peers === "string" ? [`netlab: ${peers}`] : [],
      end: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

/** netlab has no step that checks and writes nothing; what it writes is a small part of its time. */
export async function netlab(
  { netlab: file }: Peers,
  plan: KabupatenPlan,
  folder: string,
): Promise<Contender> {
  const topology = path.join(folder, "topology.yml");
  await writeFile(topology, netlabTopology(plan));
  return {
    name: "netlab create",
    note: "the same WAN routers and LANs, dual stack, eBGP on FRR: numbers and configurations; no names, servers, filters or firewalls",
    run: () => timed(() => program(file, ["create", "--quiet", topology], { cwd: folder })),
  };
}
