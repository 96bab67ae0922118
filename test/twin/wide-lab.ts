import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { DualAddress } from "../../modules/core/dual.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { type Flow, flood, type Loss } from "./flood.ts";
import { buildKabupatenLab, KABUPATEN, type KabupatenLab, runInside } from "./kabupaten-lab.ts";
import { WIDE_TOPOLOGY } from "./wide-topology.ts";

const FAMILIES = ["ipv4", "ipv6"] as const;

/** The tests' kabupaten in width, deployed and whole. */
export interface WideLab {
  readonly lab: KabupatenLab;
  readonly plan: KabupatenPlan;
  router(name: string): RouterPlan;
  bridgeOf(segment: string): string;
  /** The engine's ends of a router's cables. */
  portsOf(router: string): Promise<readonly string[]>;
  /** Pings between agencies behind different POPs and to their servers, while something is done to the network. */
  during(seconds: number, meanwhile: () => Promise<unknown>): Promise<readonly Loss[]>;
  /** Waits until every core has all its sessions. */
  whole(): Promise<void>;
  remove(): Promise<void>;
}

export async function buildWideLab(): Promise<WideLab> {
  const lab = await buildKabupatenLab();
  try {
    await lab.write("wan/topology.yaml", WIDE_TOPOLOGY);
    const plan = await lab.plan();
    const deployed = await lab.simpul("deploy", "--yes");
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
    await whole(lab, plan);
    const all = flows(plan);
    return {
      lab,
      plan,
      router: (name) => routerOf(plan, name),
      bridgeOf: (segment) => plan.segments.find(({ name }) => name === segment)!.bridge,
      portsOf,
      during: async (seconds, meanwhile) => {
        const losses = await flood(runInside(lab), all, seconds, meanwhile);
        await whole(lab, plan);
        return losses;
      },
      whole: () => whole(lab, plan),
      remove: () => lab.remove(),
    };
  } catch (error) {
    await lab.remove();
    throw error;
  }
}

/** Name of a router's container, or of a segment's network. */
export function engineNameOf(name: string): string {
  return `simpul-${KABUPATEN}-router-${name}`;
}

export function docker(...args: readonly string[]): Promise<string> {
  return run("docker", args);
}

/** On this machine itself, whose engine runs the containers. */
export function ip(...args: readonly string[]): Promise<string> {
  return run("ip", args);
}

export function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}

async function run(program: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, [...args])).stdout.trim();
}

function routerOf(plan: KabupatenPlan, name: string): RouterPlan {
  return plan.routers.find((one) => one.name === name && one.role === "router")!;
}

function flows(plan: KabupatenPlan): readonly Flow[] {
  const source = (name: string): DualAddress => routerOf(plan, name).source;
  const between = (from: string, to: string, address: DualAddress): readonly Flow[] =>
    FAMILIES.map((family) => ({
      name: `${from} to ${to} ${address[family].text}`,
      container: `router-${from}`,
      source: source(from)[family].text,
      target: address[family].text,
    }));
  const ways = [
    ["dinas-pendidikan", "dinas-kesehatan"],
    ["dinas-kominfo", "kecamatan-ngadirejo"],
    ["kecamatan-ngadirejo", "dinas-pendidikan"],
    ["dinas-kesehatan", "dinas-kominfo"],
  ] as const;
  return [
    // Two addresses each: the kernel chooses one of the ways by source and target.
    ...ways.flatMap(([from, to]) => between(from, to, source(to))),
    ...ways.flatMap(([from, to]) => between(from, to, routerOf(plan, to).loopback)),
    ...plan.vps.flatMap(({ owner, name, service }) => between(owner, name, service)),
  ];
}

async function portsOf(router: string): Promise<readonly string[]> {
  const script = "cat /sys/class/net/eth*/iflink";
  const indices = await docker("exec", engineNameOf(router), "bash", "-c", script);
  const links = await ip("-oneline", "link");
  return indices.split("\n").map((index) => {
    const name = new RegExp(`^${index}: ([^@:]+)`, "m").exec(links)?.[1];
    if (name === undefined) throw new Error(`no interface ${index} on this machine`);
    return name;
  });
}

async function whole(lab: KabupatenLab, plan: KabupatenPlan): Promise<void> {
  const cores = plan.routers.filter(({ tier }) => tier === "core");
  const until = Date.now() + 60_000;
  for (;;) {
    const up = await Promise.all(cores.map(({ name }) => establishedAt(lab, name)));
    if (up.every((count, at) => count === plannedAt(cores[at]!))) return;
    if (Date.now() > until) throw new Error(`not whole after a minute: ${up.join(", ")} sessions`);
    await wait(0.5);
  }
}

async function establishedAt(lab: KabupatenLab, core: string): Promise<number> {
  const { stdout } = await lab.inside(`router-${core}`, "birdc", "show", "protocols");
  return stdout.split(" Established").length - 1;
}

function plannedAt({ hubs }: RouterPlan): number {
  const neighbours = hubs.flatMap(({ peers, beside }) => [...peers, ...beside]);
  return neighbours.length * FAMILIES.length;
}
