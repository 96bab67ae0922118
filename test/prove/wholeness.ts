import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { readConfiguration } from "../../modules/engine/stack-configuration.ts";
import { LOCAL } from "../../stacks/prepare.ts";
import { KABUPATEN } from "../twin/kabupaten-lab.ts";
import { lastLines, type ProveLab } from "./prove-lab.ts";
import { changedServers, type MarkedServer } from "./servers.ts";

/**
 * What is not as it was before somebody interfered: a plan with changes, a red verification, an object too many or too
 * few, a server that is another one or lost its data. Empty when all is well.
 */
export async function faultsOf(
  lab: ProveLab,
  servers: readonly MarkedServer[] = [],
): Promise<readonly string[]> {
  const plan = await lab.simpul("plan", "--expect-no-changes");
  const verified = await verify(lab);
  const { made, lost } = await changedServers(lab, servers);
  return [
    ...(plan.exitCode === 0 ? [] : [`plan is not empty: ${lastLines(plan.stdout + plan.stderr)}`]),
    ...verified.map((what) => `verify: ${what}`),
    ...(await strayObjects(lab)),
    ...made.map((container) => `${container} is another container than before`),
    ...lost.map((container) => `${container} lost what stood on its disk`),
  ];
}

/** What `simpul verify all` finds wrong; empty when it is green. */
export async function verify(lab: ProveLab): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await lab.simpul("verify", "all", "--json");
  if (exitCode === 0) return [];
  if (!stdout.startsWith("{")) return [lastLines(stdout + stderr)];
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Diagnostic[] };
  return findings.filter(({ severity }) => severity === "error").map(({ what }) => what);
}

/** Containers, networks, volumes and disks by name against those that the stacks declare. */
async function strayObjects(lab: ProveLab): Promise<readonly string[]> {
  const declared = await declaredObjects();
  const live = await liveObjects(lab);
  const surplus = live.filter((one, at) => !declared.includes(one) || live.indexOf(one) !== at);
  const absent = declared.filter((one) => !live.includes(one));
  return [
    ...surplus.map((one) => `${one} is one too many`),
    ...absent.map((one) => `${one} is not there`),
  ];
}

async function declaredObjects(): Promise<readonly string[]> {
  const folder = path.join(LOCAL, "synth", KABUPATEN, "stacks");
  // Not by the folders: a stack that another inventory had leaves its own behind.
  const manifest = await readFile(path.join(folder, "../manifest.json"), "utf8");
  const { stacks: declared } = JSON.parse(manifest) as { readonly stacks: object };
  const stacks = await Promise.all(
    Object.keys(declared).map((id) => {
      const directory = path.join(folder, id);
      return readConfiguration({ id, name: id, title: id, needs: [], directory, statePath: "" });
    }),
  );
  return stacks.flatMap(({ objects }) => objects.map(({ kind, name }) => `${kind} ${name}`));
}

const LISTS = {
  container: ["ps", "--all", "--format", "{{.Names}}"],
  network: ["network", "ls", "--format", "{{.Name}}"],
  volume: ["volume", "ls", "--format", "{{.Name}}"],
};

/** By name and not by label, for what was half made may lack its labels. */
async function liveObjects(lab: ProveLab): Promise<readonly string[]> {
  const lists = await Promise.all(
    Object.entries(LISTS).map(async ([kind, list]) => {
      const names = (await lab.docker(...list)).split("\n");
      const ours = names.filter((name) => name.startsWith(`simpul-${KABUPATEN}-`));
      return ours.map((name) => `${kind} ${name}`);
    }),
  );
  return lists.flat();
}
