import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { StackToRun } from "../../modules/engine/stack-to-run.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { registerDeploy } from "../../scripts/commands/deploy.ts";
import { registerPlan } from "../../scripts/commands/plan.ts";
import type { PreparedStacks } from "../../scripts/commands/stack-command.ts";
import { DeployLab, type LabStack } from "./deploy-lab.ts";

const ROOT = join(import.meta.dirname, "../..");
const BACKBONE: LabStack = { name: "backbone", containers: [{ role: "router", name: "core" }] };
const PUSAT_DATA: LabStack = {
  name: "pusat-data",
  needs: ["backbone"],
  containers: [{ role: "vps", name: "ppdb" }],
};
const PLAN = {
  routers: [{ role: "router", name: "core", tier: "core" }],
  vps: [{ role: "vps", name: "ppdb", cpu: 2, memoryBytes: 2 ** 31, diskBytes: 20 * 2 ** 30 }],
  colocation: [],
} as unknown as KabupatenPlan;

let lab: DeployLab;
/** A repository with one inventory file, and beside it the folder for reviewed plans. */
let folder: string;
let reviewed: string;

beforeEach(async () => {
  lab = await DeployLab.create("review");
  folder = mkdtempSync(join(tmpdir(), "scratch-review-"));
  reviewed = join(folder, "reviewed");
  mkdirSync(join(folder, "inventory", lab.kabupaten), { recursive: true });
  writeFileSync(inventoryFile(), "name: uji\n");
  git("init", "-q");
  commit("begin");
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await lab.clean();
});

describe("a plan that was reviewed", { timeout: 180_000 }, () => {
  it("is applied as it was kept, once, by nobody but its reader", async () => {
    const stacks = await both();
    const kept = await simpul(stacks, `plan --out ${reviewed}`);
    expect(kept.lines.at(-1)).toMatch(/^Kept for review in .+: [0-9a-f]{64}$/);
    expect(statSync(reviewed).mode & 0o777).toBe(0o700);
    expect(statSync(join(reviewed, "backbone.tfplan")).mode & 0o777).toBe(0o600);
    expect(await lab.live()).toEqual([]);

    const dry = await simpul(stacks, `deploy --plan ${reviewed}`);
    expect([dry.code, await lab.live()]).toEqual([0, []]);

    const { code, object } = await simpul(stacks, `deploy --plan ${reviewed} --yes --json`);
    expect([code, object["applied"]]).toEqual([0, true]);
    expect(await lab.live()).toEqual([
      "container router-core running",
      "container vps-ppdb running",
    ]);
    expect((await simpul(stacks, "plan --expect-no-changes")).code).toBe(0);
    await isRefused(stacks, "another state");
  });

  it.each([
    [
      "the inventory",
      "the inventory says something else",
      () => appendFileSync(inventoryFile(), "#\n"),
    ],
    ["the repository", "another commit", () => commit("more")],
  ])("is refused when %s moved", async (_name, words, move) => {
    const stacks = [await lab.stack(BACKBONE)];
    await simpul(stacks, `plan --out ${reviewed}`);
    move();
    await isRefused(stacks, words);
    expect(await lab.live()).toEqual([]);
  });

  it("is refused when the configuration, the state or the engine moved", async () => {
    const stacks = await both();
    await simpul(stacks, "deploy --yes");
    const other = [
      stacks[0]!,
      await lab.stack({ ...PUSAT_DATA, containers: [{ role: "vps", name: "ppdb", memory: 128 }] }),
    ];
    await simpul(other, `plan --out ${reviewed}`);
    // The same names, another size.
    await lab.stack({ ...PUSAT_DATA, containers: [{ role: "vps", name: "ppdb", memory: 96 }] });
    await isRefused(other, "another configuration");
    await lab.stack({ ...PUSAT_DATA, containers: [{ role: "vps", name: "ppdb", memory: 128 }] });
    // Somebody takes a router away meanwhile: what was looked at would no longer be all that happens.
    await lab.docker("rm", "--force", lab.nameOf({ role: "router", name: "core" }));
    await isRefused(other, "stack backbone has other changes to make");
    expect(await lab.live()).toEqual(["container vps-ppdb running"]);
    // Whoever plans anew sees both, and may apply both.
    await simpul(other, `plan --out ${reviewed}`);
    expect((await simpul(other, `deploy --plan ${reviewed} --yes`)).code).toBe(0);
    expect(await lab.live()).toHaveLength(2);
  });

  it("is refused when a byte of it is another", async () => {
    const stacks = [await lab.stack(BACKBONE)];
    await simpul(stacks, `plan --out ${reviewed}`);
    appendFileSync(join(reviewed, "backbone.tfplan"), "x");
    const { code, object } = await simpul(stacks, `deploy --plan ${reviewed} --yes --json`);
    expect(code).toBe(1);
    expect(object["findings"]).toMatchObject([{ id: "reviewed-plan-damaged" }]);
    expect(await lab.live()).toEqual([]);
  });

  it("allows what was allowed when it was made, and nothing that is added", async () => {
    const first = [await lab.stack(PUSAT_DATA)];
    await simpul(first, "deploy --yes");
    const next = [
      await lab.stack({ ...PUSAT_DATA, containers: [{ role: "vps", name: "ppdb", version: "2" }] }),
    ];
    await simpul(next, `plan --out ${reviewed}`);
    const refused = await simpul(next, `deploy --plan ${reviewed} --yes --json`);
    expect(refused.code).toBe(1);
    expect(refused.object["applied"]).toBe(false);
    const added = await simpul(next, `deploy --plan ${reviewed} --replace vps/ppdb --yes --json`);
    expect(added.code).toBe(2);
    await simpul(next, `plan --out ${reviewed} --replace vps/ppdb --allow-blast`);
    expect((await simpul(next, `deploy --plan ${reviewed} --yes`)).code).toBe(0);
  });
});

async function isRefused(stacks: readonly StackToRun[], words: string): Promise<void> {
  const { code, object } = await simpul(stacks, `deploy --plan ${reviewed} --yes --json`);
  expect(code).toBe(1);
  expect(object).toMatchObject({ applied: false, findings: [{ id: "reviewed-plan-stale" }] });
  const [{ what }] = object["findings"] as [{ what: string }];
  expect(what).toContain(words);
}

async function both(): Promise<readonly StackToRun[]> {
  return [await lab.stack(BACKBONE), await lab.stack(PUSAT_DATA)];
}

function inventoryFile(): string {
  return join(folder, "inventory", lab.kabupaten, "kabupaten.yaml");
}

function git(...words: readonly string[]): void {
  const who = ["-c", "user.name=TIK", "-c", "user.email=tik@ujikab.go.id"];
  execFileSync("git", [...who, ...words], { cwd: folder, stdio: "ignore" });
}

function commit(subject: string): void {
  git("add", "inventory");
  git("commit", "-q", "--allow-empty", "-m", subject);
}

interface Said {
  readonly lines: readonly string[];
  readonly object: Readonly<Record<string, unknown>>;
  readonly code: number;
}

/** Runs one command as the program would. */
async function simpul(stacks: readonly StackToRun[], words: string): Promise<Said> {
  const lines: string[] = [];
  let object = {};
  let code = 0;
  const output = {
    line: (text: string) => lines.push(text),
    json: (one: object) => (object = one),
    exitCode: (one: number) => (code = Math.max(code, one)),
  };
  const prepare = (): Promise<PreparedStacks> =>
    Promise.resolve({
      plan: PLAN,
      synthesise: () => stacks,
      states: lab.stateFolder,
      findings: [],
      environmentFile: join(ROOT, ".simpul", "env"),
    });
  const program = new Command().exitOverride();
  for (const register of [registerPlan, registerDeploy]) register(program, output, prepare);
  for (const command of program.commands)
    command.option("--kabupaten <name>").option("--inventory <dir>").option("--json");
  const inventory = join(folder, "inventory");
  const common = ["--kabupaten", lab.kabupaten, "--inventory", inventory];
  await program.parseAsync(["node", "simpul", ...words.split(" "), ...common]);
  return { lines, object, code };
}
