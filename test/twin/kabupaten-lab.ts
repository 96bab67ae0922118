import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { prepare, ROOT } from "../../stacks/prepare.ts";
import { isThrownAway } from "../machine/thrown-away.ts";
import type { RunInside } from "./flood.ts";

/** The kabupaten of the tests: its own name and address block, so that a running deployment is untouched. */
export const KABUPATEN = "uji";

const SIMPUL = path.join(ROOT, "scripts/simpul");
const FIXTURE = path.join(ROOT, "test/fixtures/inventory");

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the CLI that is under way. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Said>;
}

/** A small kabupaten deployed by the CLI, as a person would. */
export interface KabupatenLab {
  /** Folder to write inventory files into. */
  readonly inventory: string;
  plan(): Promise<KabupatenPlan>;
  /** Runs the bin itself: `simpul("verify", "all", "--json")`. */
  simpul(...args: readonly string[]): Promise<Said>;
  /** The same, for whoever wants to disturb it meanwhile. */
  start(...args: readonly string[]): Running;
  cdktf(...args: readonly string[]): Promise<Said>;
  docker(...args: readonly string[]): Promise<Said>;
  /** Runs a command inside `simpul-uji-<container>`. */
  inside(container: string, ...command: readonly string[]): Promise<Said>;
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Copies the fixture's inventory to a folder of its own; deploys nothing yet. On an engine that others use, too, it clears
 * what an earlier run left, and `remove` destroys; a machine that is thrown away needs neither.
 */
export async function buildKabupatenLab(): Promise<KabupatenLab> {
  const inventory = await mkdtemp(path.join(tmpdir(), "simpul-uji-"));
  await cp(FIXTURE, inventory, { recursive: true });
  const environment = {
    ...process.env,
    SIMPUL_KABUPATEN: KABUPATEN,
    SIMPUL_INVENTORY: inventory,
    CI: "1",
  };
  const run = (program: string, args: readonly string[]): Promise<Said> =>
    runProgram(program, args, environment);
  const lab: KabupatenLab = {
    inventory,
    plan: async () => {
      const { plan, findings } = await prepare({ kabupaten: KABUPATEN, inventory });
      if (plan === undefined) throw new Error(JSON.stringify(findings));
      return plan;
    },
    simpul: (...args) => run(SIMPUL, args),
    start: (...args) => startProgram(SIMPUL, args, environment),
    cdktf: (...args) =>
      run("bash", ["-c", '. .simpul/env && exec npx --no-install cdktf "$@"', "cdktf", ...args]),
    docker: (...args) => run("docker", args),
    inside: (container, ...command) =>
      run("docker", ["exec", `simpul-${KABUPATEN}-${container}`, ...command]),
    write: (file, text) => writeFile(path.join(inventory, KABUPATEN, file), text),
    remove: async () => {
      if (isThrownAway()) return;
      // A test that failed may have left an inventory that cannot be planned.
      await rm(path.join(inventory, KABUPATEN), { recursive: true });
      await cp(path.join(FIXTURE, KABUPATEN), path.join(inventory, KABUPATEN), { recursive: true });
      await run(SIMPUL, ["destroy", "--yes"]);
      await rm(inventory, { recursive: true, force: true });
    },
  };
  if (!isThrownAway()) await lab.simpul("destroy", "--yes");
  return lab;
}

function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Said> {
  return startProgram(program, args, env).ended;
}

function startProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (texts.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (texts.stderr += data.toString()));
  const ended = new Promise<Said>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? -1, ...texts }));
  });
  return { pid: child.pid ?? -1, ended };
}

/** For `flood`: runs a command inside `simpul-uji-<container>` and gives what it printed. */
export function runInside(lab: KabupatenLab): RunInside {
  return async (container, ...command) => (await lab.inside(container, ...command)).stdout;
}
