import { existsSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";

import { Fault } from "../core/fault.ts";
import { firewallState, type FirewallState } from "./firewall.ts";
import {
  baseImageTag,
  IMAGE_ROLES,
  isOnVpsBase,
  readRoleImages,
  roleImageTag,
  VPS_BASE,
  type ImageRole,
} from "./images.ts";
import { runProgram } from "./run-program.ts";

/** One thing a machine needs, and whether it has it. */
export interface MachineCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly what: string;
  /** Why it is needed. */
  readonly why: string;
  /** What to do when it is missing. */
  readonly fix: string;
  /** The step of scripts/setup.sh that mends it. */
  readonly setupStep: string;
}

export interface Machine {
  /** Folder of the checkout. */
  readonly checkout: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Numeric user id, 0 for root. */
  readonly userId: number;
}

type MachineProbe = (machine: Machine) => Promise<MachineCheck>;

const GIBIBYTE = 1024 ** 3;
const NEEDED_DISK = 6 * GIBIBYTE;
const SETUP = "run simpul setup";
const PROVIDER_FILE = "kreuzwerker/docker/4.6.0";

/** Looks at everything `scripts/setup.sh` cares for, changes nothing. Takes about 0.3 s. */
export function examineMachine(machine: Machine): Promise<readonly MachineCheck[]> {
  return Promise.all(PROBES.map((probe) => probe(machine)));
}

const root: MachineProbe = async ({ userId }) => ({
  name: "root",
  ok: userId === 0,
  what: userId === 0 ? "running as root" : `running as user ${userId}`,
  why: "packages, the host firewall and the engine need it",
  fix: "run it as root: sudo npx simpul setup",
  setupStep: "checks",
});

const disk: MachineProbe = async ({ environment }) => {
  const engine = await runProgram("docker", ["info", "--format", "{{.DockerRootDir}}"]);
  const wanted = engine.output.trim() || (environment["SIMPUL_ENGINE_DATA"] ?? "/var/lib/docker");
  const folder = nearestExisting(wanted);
  const { bavail, bsize } = statfsSync(folder);
  return {
    name: "disk",
    ok: bavail * bsize >= NEEDED_DISK,
    what: `${((bavail * bsize) / GIBIBYTE).toFixed(1)} GiB free in ${folder}`,
    why: "images and volumes need 6 GiB where the engine stores data",
    fix: "free some space, or set SIMPUL_ENGINE_DATA to a folder on a larger disk",
    setupStep: "checks",
  };
};

const npmPackages: MachineProbe = async ({ checkout }) => {
  const script = join(checkout, "scripts/setup/npm-packages-match.mjs");
  const { ok } = await runProgram(process.execPath, [script, checkout]);
  return {
    name: "npm-packages",
    ok,
    what: ok
      ? "node_modules matches package-lock.json"
      : "node_modules is not what package-lock.json says",
    why: "tests and deployments are made with these versions",
    fix: SETUP,
    setupStep: "npm",
  };
};

const FIREWALL_WORDS: Readonly<Record<FirewallState, string>> = {
  "in-force": "the nftables tables of simpul are in force",
  changed: "the nftables tables are not the ones setup loaded",
  absent: "the nftables tables of simpul are not loaded",
  "out-of-reach": "the engine is on a host that this machine cannot look into",
};

const firewall: MachineProbe = async ({ checkout, environment, userId }) => {
  const state = await firewallState(checkout, environment["DOCKER_HOST"]);
  return {
    name: "firewall",
    ok: state === "in-force",
    what: userId === 0 ? FIREWALL_WORDS[state] : "only root can see the nftables tables",
    why: "without them a container reaches the engine's host and other networks past its router",
    fix: state === "out-of-reach" ? "name the engine as ssh://user@host in DOCKER_HOST" : SETUP,
    setupStep: "firewall",
  };
};

const engine: MachineProbe = async ({ environment }) => {
  const version = await runProgram("docker", ["version", "--format", "{{.Server.Version}}"]);
  const where = environment["DOCKER_HOST"] ?? "the local socket";
  return {
    name: "engine",
    ok: version.ok,
    what: version.ok
      ? `Docker ${version.output.trim()} at ${where}`
      : `no engine answers at ${where}`,
    why: "everything that is deployed runs on it",
    fix: SETUP,
    setupStep: "engine",
  };
};

const terraform: MachineProbe = async ({ checkout }) => {
  const candidates = ["terraform", "tofu", join(checkout, ".simpul/bin/tofu")];
  const versions = await Promise.all(candidates.map((program) => runProgram(program, ["version"])));
  const found = versions.find(({ ok }) => ok);
  return {
    name: "terraform",
    ok: found !== undefined,
    what: found?.output.match(/(Terraform|OpenTofu) v\S+/)?.[0] ?? "neither terraform nor tofu",
    why: "stacks are applied by it",
    fix: SETUP,
    setupStep: "terraform",
  };
};

const provider: MachineProbe = async ({ checkout }) => {
  const mirror = join(checkout, ".simpul/mirror");
  const hosts = ["registry.terraform.io", "registry.opentofu.org"];
  const ok = hosts.every((host) => existsSync(join(mirror, host, PROVIDER_FILE)));
  return {
    name: "provider",
    ok,
    what: ok
      ? "the Docker provider is in .simpul/mirror"
      : "the Docker provider is not in .simpul/mirror",
    why: "terraform speaks to the engine through it",
    fix: SETUP,
    setupStep: "provider",
  };
};

const environmentFile: MachineProbe = async ({ checkout }) => {
  const ok = existsSync(join(checkout, ".simpul/env"));
  return {
    name: "environment",
    ok,
    what: ok ? ".simpul/env is there" : ".simpul/env is missing",
    why: "plain npx cdktf deploy finds the provider through it",
    fix: SETUP,
    setupStep: "env",
  };
};

const images: MachineProbe = async ({ checkout }) => {
  const complaint = await imageComplaint(checkout);
  return {
    name: "images",
    ok: complaint === undefined,
    what: complaint ?? `${IMAGE_ROLES.length} role images are there`,
    why: "containers are made from them, and an old image is not what the folder images/ says",
    fix: SETUP,
    setupStep: "images",
  };
};

const PROBES: readonly MachineProbe[] = [
  root,
  disk,
  npmPackages,
  firewall,
  engine,
  terraform,
  provider,
  environmentFile,
  images,
];

async function imageComplaint(checkout: string): Promise<string | undefined> {
  const index = readRoleImages(checkout);
  if (index instanceof Fault) return index.what;
  const base = await runProgram("docker", [
    "image",
    "inspect",
    "--format",
    "{{.Id}}",
    baseImageTag(checkout),
  ]);
  if (!base.ok) return `the base image ${baseImageTag(checkout)} is missing`;
  const standsOn = (role: ImageRole): string =>
    isOnVpsBase(role) ? index[VPS_BASE].id : base.output.trim();
  const stale = IMAGE_ROLES.filter(
    (role) => index[role].tag !== roleImageTag(checkout, role, standsOn(role)),
  );
  if (stale.length > 0) return `built from older files: ${stale.join(", ")}`;
  const ids = IMAGE_ROLES.map((role) => index[role].id);
  const present = await runProgram("docker", ["image", "inspect", "--format", "{{.Id}}", ...ids]);
  return present.ok ? undefined : "an image that setup built was removed from the engine";
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}
