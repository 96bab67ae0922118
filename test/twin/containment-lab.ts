import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

import { localEngine, type EngineAnswer } from "../../modules/engine/docker-engine.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { VpsPlan } from "../../modules/plan/vps-plan.ts";
import { imageOf } from "../render/router-carrier.ts";
import { buildKabupatenLab, KABUPATEN, type KabupatenLab } from "./kabupaten-lab.ts";

/** The attacker, and who must not notice: another agency's. */
export const ATTACKER = "ppdb-online";
export const NEIGHBOUR = "sik-puskesmas";

/** Two servers of two agencies, and their agencies' people, who log in as root from their LANs. */
export interface ContainmentLab {
  readonly plan: KabupatenPlan;
  readonly attacker: VpsPlan;
  readonly neighbour: VpsPlan;
  /** Runs a script of bash in a VPS, by SSH, with no more rights than its owner has. */
  readonly login: (vps: VpsPlan, script: string) => Promise<EngineAnswer>;
  readonly docker: (...argv: readonly string[]) => Promise<EngineAnswer>;
  /** What the engine counts of a VPS. */
  readonly stats: (vps: VpsPlan) => Promise<Stats>;
  /** Packets that a router's filter has counted under this name. */
  readonly counter: (router: string, name: string) => Promise<number>;
  readonly remove: () => Promise<void>;
}

export interface Stats {
  /** Nanoseconds of processor time since it started. */
  readonly processorTime: number;
  /** Accounting periods at whose end it had to wait. */
  readonly throttled: number;
  readonly processes: number;
  /** Bytes of memory, and the most that it may have. */
  readonly memory: number;
  readonly memoryLimit: number;
}

/** Name of a VPS's container, and of its volume. */
export function containerOf({ name }: VpsPlan): string {
  return `simpul-${KABUPATEN}-vps-${name}`;
}

export async function buildContainmentLab(): Promise<ContainmentLab> {
  const lab = await buildKabupatenLab();
  const engine = localEngine(process.env);
  const docker = (...argv: readonly string[]) => engine.run(["docker", ...argv]);
  const owners: string[] = [];
  const remove = async (): Promise<void> => {
    for (const owner of owners) await docker("rm", "--force", personOf(owner));
    await lab.remove();
  };
  try {
    const key = await giveKey(lab);
    const deployed = await lab.simpul("deploy", "--yes");
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
    const plan = await lab.plan();
    const vpsOf = (name: string): VpsPlan => plan.vps.find((vps) => vps.name === name)!;
    const [attacker, neighbour] = [vpsOf(ATTACKER), vpsOf(NEIGHBOUR)];
    for (const { owner } of [attacker, neighbour]) {
      owners.push(owner);
      await startPerson(owner, key);
    }
    const login = (vps: VpsPlan, script: string): Promise<EngineAnswer> => {
      const { source } = plan.routers.find(
        ({ name, role }) => name === vps.owner && role === "router",
      )!;
      const ssh = [...SSH, "-b", source.ipv4.text, `root@${vps.service.ipv4.text}`, "bash", "-s"];
      const argv = ["docker", "exec", "--interactive", personOf(vps.owner), ...ssh];
      return engine.run(argv, Buffer.from(script));
    };
    for (const vps of [attacker, neighbour])
      await until(`${vps.name} lets its owner in`, async () => (await login(vps, "")).code === 0);
    return { plan, attacker, neighbour, login, docker, stats, counter, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Asks again until it is so. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not so after a minute: ${what}`);
    await setTimeout(100);
  }
}

const SSH = ["ssh", "-i", "/tmp/id", "-o", "ConnectTimeout=5", "-o", "LogLevel=ERROR"].concat([
  "-o",
  "StrictHostKeyChecking=no",
  "-o",
  "UserKnownHostsFile=/dev/null",
]);

/** One key for both servers, as both files would carry their agencies' own. */
async function giveKey(lab: KabupatenLab): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), "simpul-key-"));
  const file = path.join(folder, "id");
  try {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "uji", "-f", file]);
    const publicKey = (await readFile(`${file}.pub`, "utf8")).trim();
    for (const name of [ATTACKER, NEIGHBOUR]) {
      const text = await readFile(path.join(lab.inventory, KABUPATEN, `vps/${name}.yaml`), "utf8");
      const keys = `ssh_keys: ["${publicKey}"]`;
      // Less than this machine has: its limit, not the machine, makes it wait.
      const given = text.replace(/^ssh_keys:.*$/m, keys).replace(/^cpu:.*$/m, "cpu: 0.5");
      await lab.write(`vps/${name}.yaml`, given);
    }
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function personOf(owner: string): string {
  return `scratch-containment-${owner}`;
}

/** A computer on the agency's LAN, which stands on its router's lo. */
async function startPerson(owner: string, key: Buffer): Promise<void> {
  const engine = localEngine(process.env);
  const name = personOf(owner);
  await engine.run(["docker", "rm", "--force", name]);
  const place = ["--network", `container:simpul-${KABUPATEN}-router-${owner}`];
  const image = imageOf("vps-debian-12");
  const start = ["docker", "run", "--detach", "--init", "--name", name, ...place];
  const started = await engine.run([...start, "--entrypoint", "sleep", image, "infinity"]);
  if (started.code !== 0) throw new Error(started.stderr);
  const keep = ["docker", "exec", "--interactive", name, "install", "-m", "600"];
  await engine.run([...keep, "/dev/stdin", "/tmp/id"], key);
}

async function stats(vps: VpsPlan): Promise<Stats> {
  const url = `http://engine/containers/${containerOf(vps)}/stats?stream=false&one-shot=true`;
  const { stdout } = await run("curl", ["--silent", "--unix-socket", "/var/run/docker.sock", url]);
  const { cpu_stats: cpu, pids_stats: pids, memory_stats: memory } = JSON.parse(stdout) as Counted;
  return {
    processorTime: cpu.cpu_usage.total_usage,
    throttled: cpu.throttling_data.throttled_periods,
    processes: pids.current,
    memory: memory.usage,
    memoryLimit: memory.limit,
  };
}

interface Counted {
  readonly cpu_stats: {
    readonly cpu_usage: { readonly total_usage: number };
    readonly throttling_data: { readonly throttled_periods: number };
  };
  readonly pids_stats: { readonly current: number };
  readonly memory_stats: { readonly usage: number; readonly limit: number };
}

async function counter(router: string, name: string): Promise<number> {
  const nft = ["exec", `simpul-${KABUPATEN}-${router}`, "nft", "list", "counter", "inet"];
  const { stdout } = await run("docker", [...nft, "simpul", name]);
  return Number(/packets (\d+)/.exec(stdout)?.[1]);
}

const run = promisify(execFile);
