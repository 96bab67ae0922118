import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { StackToRun } from "../../modules/engine/stack-to-run.ts";
import { LABEL } from "../../modules/plan/engine-names.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { registerDeploy } from "../../scripts/commands/deploy.ts";
import { registerDestroy } from "../../scripts/commands/destroy.ts";
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

let lab: DeployLab;
beforeEach(async () => {
  lab = await DeployLab.create("command");
});
afterEach(() => lab.clean());

/** Only what the commands read of a plan: how large a VPS is, which router is whose. */
const PLAN = {
  routers: [{ role: "router", name: "core", tier: "core" }],
  vps: [{ role: "vps", name: "ppdb", cpu: 2, memoryBytes: 2 ** 31, diskBytes: 20 * 2 ** 30 }],
  colocation: [],
} as unknown as KabupatenPlan;

interface Said {
  readonly lines: readonly string[];
  readonly object: Readonly<Record<string, unknown>>;
  readonly code: number;
}

/** Runs one command as the program would, without a terminal unless somebody answers. */
async function simpul(
  stacks: readonly StackToRun[],
  words: string,
  answer?: string,
  broken: Partial<PreparedStacks> = {},
): Promise<Said> {
  const lines: string[] = [];
  let object = {};
  let code = 0;
  const output = {
    line: (text: string) => lines.push(text),
    json: (one: object) => (object = one),
    exitCode: (one: number) => (code = Math.max(code, one)),
    ...(answer !== undefined && { ask: () => Promise.resolve(answer) }),
  };
  const prepare = (): Promise<PreparedStacks> =>
    Promise.resolve({
      ...(stacks.length > 0 && { plan: PLAN }),
      synthesise: () => stacks,
      states: lab.stateFolder,
      findings: [],
      environmentFile: join(ROOT, ".simpul", "env"),
      ...broken,
    });
  const program = new Command().exitOverride();
  for (const register of [registerPlan, registerDeploy, registerDestroy])
    register(program, output, prepare);
  for (const command of program.commands) command.option("--kabupaten <name>").option("--json");
  await program.parseAsync(["node", "simpul", ...words.split(" "), "--kabupaten", lab.kabupaten]);
  return { lines, object, code };
}

describe("simpul plan, deploy and destroy", () => {
  it("change nothing until they are confirmed", async () => {
    const stacks = [await lab.stack(BACKBONE), await lab.stack(PUSAT_DATA)];
    expect((await simpul(stacks, "plan")).lines).toEqual([
      `Stack backbone (${lab.kabupaten}-backbone)`,
      "  + core router core",
      "",
      `Stack pusat-data (${lab.kabupaten}-pusat-data)`,
      "  + VPS ppdb: 2 cpu, 2 GiB memory, 20 GiB disk",
      "",
      "Plan: 2 to create",
    ]);
    expect(await simpul(stacks, "plan --expect-no-changes")).toMatchObject({ code: 1 });
    const dry = await simpul(stacks, "deploy");
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.lines.at(-1)).toContain("this was a dry run");
    expect((await simpul(stacks, "deploy", "yes")).lines.at(-1)).toBe("Nothing was changed.");
    expect(await lab.live()).toEqual([]);

    const done = await simpul(stacks, "deploy", lab.kabupaten);
    expect(done).toMatchObject({ code: 0 });
    expect(done.lines).toContain("Up: backbone, pusat-data");
    expect(await simpul(stacks, "plan --expect-no-changes --json")).toMatchObject({
      code: 0,
      object: { command: "plan", kabupaten: lab.kabupaten, ok: true, changes: false, findings: [] },
    });

    expect((await simpul(stacks, "destroy")).lines.at(-1)).toContain("Nothing was removed");
    expect(await lab.live()).toHaveLength(2);
    expect(await simpul(stacks, "destroy --yes --json")).toMatchObject({
      code: 0,
      object: { command: "destroy", ok: true, removed: true, containers: 2 },
    });
    expect(await lab.live()).toEqual([]);
  });

  it("remove by labels what a broken inventory cannot describe, and nothing of a neighbour", async () => {
    await simpul([await lab.stack(BACKBONE), await lab.stack(PUSAT_DATA)], "deploy --yes");
    const neighbour = `${lab.kabupaten}-baru`;
    await lab.docker("volume", "create", "--label", `${LABEL}.kabupaten=${neighbour}`, neighbour);
    const wrong = {
      id: "yaml-syntax",
      severity: "error",
      what: "no YAML",
      why: "",
      fix: "",
    } as const;
    const broken = { findings: [wrong], exitCode: 1 };
    try {
      expect(await simpul([], "destroy --yes --json", undefined, broken)).toMatchObject({
        code: 0,
        object: { ok: true, removed: true, findings: [{ id: "destroy-by-labels" }] },
      });
      expect(await lab.live()).toEqual([]);
      expect(await lab.docker("volume", "ls", "--quiet")).toContain(neighbour);
    } finally {
      await lab.docker("volume", "rm", neighbour);
    }
    // Nothing is there by that name: it was a slip of the pen.
    const unknown = { findings: [{ ...wrong, id: "kabupaten-not-found" }], exitCode: 2 };
    expect(await simpul([], "destroy --yes --json", undefined, unknown)).toMatchObject({
      code: 2,
      object: { ok: false },
    });
  });

  it("refuse to replace a VPS that was not named, and then touch nothing at all", async () => {
    await simpul([await lab.stack(BACKBONE), await lab.stack(PUSAT_DATA)], "deploy --yes");
    const changed = [
      await lab.stack({
        ...BACKBONE,
        containers: [{ role: "router", name: "core", version: "2" }],
      }),
      await lab.stack({ ...PUSAT_DATA, containers: [{ role: "vps", name: "ppdb", version: "2" }] }),
    ];
    const identities = () =>
      lab.docker(
        "ps",
        "--quiet",
        "--no-trunc",
        "--filter",
        `label=id.go.simpul.kabupaten=${lab.kabupaten}`,
      );
    const before = await identities();
    const refused = await simpul(changed, "deploy --yes --json");
    expect(refused).toMatchObject({
      code: 1,
      object: {
        ok: false,
        applied: false,
        findings: [{ id: "unnamed-replace", severity: "error" }, { id: "blast-radius" }],
      },
    });
    expect(await identities()).toBe(before);

    expect(await simpul(changed, "deploy --yes --replace vps/ppdb")).toMatchObject({ code: 0 });
    expect(await identities()).not.toBe(before);
    expect(await simpul(changed, "plan --expect-no-changes")).toMatchObject({ code: 0 });
  });

  it("say which step mends a machine without an engine or terraform", async () => {
    const stacks = [await lab.stack(BACKBONE)];
    const environment = join(lab.folder, "env");
    await writeFile(
      environment,
      "export DOCKER_HOST=unix:///nowhere.sock\nexport TERRAFORM_BINARY_NAME=no-such-terraform\n",
    );
    const prepare = (): Promise<PreparedStacks> =>
      Promise.resolve({
        plan: PLAN,
        synthesise: () => stacks,
        states: lab.stateFolder,
        findings: [],
        environmentFile: environment,
      });
    let object: unknown;
    let code = 0;
    const program = new Command().exitOverride();
    registerPlan(
      program,
      {
        line: () => {},
        json: (one) => (object = one),
        exitCode: (one) => (code = Math.max(code, one)),
      },
      prepare,
    );
    program.commands[0]!.option("--kabupaten <name>").option("--json");
    await program.parseAsync(["node", "simpul", "plan", "--json"]);
    expect(code).toBe(3);
    expect(object).toMatchObject({
      ok: false,
      findings: [
        { id: "engine-unreachable", fix: expect.stringContaining("scripts/setup.sh") },
        { id: "terraform-missing", fix: expect.stringContaining("scripts/setup.sh") },
      ],
    });
  });
});

describe("Ctrl-C on a terminal", () => {
  it("lets terraform end what it has begun, and the same command goes on", async () => {
    const names = ["a", "b", "c"];
    const stacks = await Promise.all(
      names.map((name, index) =>
        lab.stack({
          name,
          network: index === 0,
          needs: names.slice(Math.max(0, index - 1), index),
          containers: [{ role: "router", name }],
        }),
      ),
    );
    await writeFile(join(lab.folder, "stacks.json"), JSON.stringify(stacks));
    const child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        join(import.meta.dirname, "deploy-program.ts"),
        lab.folder,
        lab.kabupaten,
      ],
      { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "inherit"] },
    );
    let said = "";
    child.stdout.on("data", (part: Buffer) => (said += part.toString()));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    while ((await lab.live()).length === 0) await setTimeout(50);
    // To the whole group, as a terminal does, and twice, as an impatient person does.
    process.kill(-child.pid!, "SIGINT");
    await setTimeout(20);
    if (child.exitCode === null) process.kill(-child.pid!, "SIGINT");

    // By its own exit code, or by the second signal once there was nothing left to end.
    expect([1, null]).toContain(await ended);
    expect(said).toContain("stopping: what was begun is brought to an end");
    expect(said).toContain("Stopped a: what it had begun");
    expect(said).toContain("To go on, the same command: simpul deploy");
    expect(await simpul(stacks, "deploy --yes")).toMatchObject({ code: 0 });
    expect((await lab.live()).filter((one) => one.endsWith("running"))).toHaveLength(3);
  });
});
