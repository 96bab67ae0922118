import { readdir, readlink, rm } from "node:fs/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { guardBlastRadius } from "../../modules/engine/blast-radius.ts";
import { applyStacks, stalePlans } from "../../modules/engine/stack-apply.ts";
import { destroyEverything, listDoomed } from "../../modules/engine/stack-destroy.ts";
import { lockStates } from "../../modules/engine/stack-lock.ts";
import { DeployLab, type LabStack } from "./deploy-lab.ts";

const BACKBONE: LabStack = { name: "backbone", containers: [{ role: "router", name: "core" }] };
/** A network costs the provider two seconds per read: only where it matters. */
const WITH_NETWORK: LabStack = { ...BACKBONE, network: true };
const VPS: LabStack = {
  name: "pusat-data",
  needs: ["backbone"],
  volumes: [{ role: "vps", name: "ppdb" }],
  containers: [{ role: "vps", name: "ppdb", volume: true }],
};

let lab: DeployLab;
beforeEach(async () => {
  lab = await DeployLab.create("deploy");
});
afterEach(() => lab.clean());

const NOBODY = { replace: new Set<string>(), destroy: new Set<string>() };

describe("deploying stacks", () => {
  it("applies what was planned, then finds nothing to do without asking terraform", async () => {
    const stacks = [await lab.stack(WITH_NETWORK), await lab.stack(VPS)];
    const [, before] = await lab.plan(stacks);
    expect(before.counts).toMatchObject({ create: 4, destroy: 0, replace: 0 });
    expect(await lab.live()).toEqual([]);

    const outcomes = await lab.deploy(stacks);
    expect([...outcomes.values()].map(({ outcome }) => outcome)).toEqual(["applied", "applied"]);
    expect(await lab.live()).toEqual([
      "container router-core running",
      "container vps-ppdb running",
      "network router-backbone",
      "volume vps-ppdb",
    ]);

    const [, after] = await lab.plan(stacks);
    expect(after.changes).toBe(false);
    expect(after.stacks.map(({ outcome }) => outcome)).toEqual(["unchanged", "unchanged"]);
    const [, asked] = await lab.plan(stacks, true);
    expect(asked.stacks.map(({ outcome }) => outcome)).toEqual(["no-changes", "no-changes"]);
  });

  it("starts a container that was stopped, without asking terraform", async () => {
    const stacks = [await lab.stack(BACKBONE), await lab.stack(VPS)];
    await lab.deploy(stacks);
    await lab.docker("kill", lab.nameOf({ role: "router", name: "core" }));
    const [, summary] = await lab.plan(stacks);
    expect(summary.stacks.map(({ outcome }) => outcome)).toEqual(["unchanged", "unchanged"]);
    expect(summary.changes).toBe(true);
    expect(summary.repairs).toMatchObject([
      { stack: "backbone", role: "router", name: "core", what: "router core is stopped" },
    ]);
    await lab.deploy(stacks);
    expect(await lab.live()).toContain("container router-core running");
    expect((await lab.plan(stacks))[1].changes).toBe(false);
  });

  it("stops only those that need a failed stack, says what its parser said, and goes on when mended", async () => {
    const carrier = (script: string): LabStack => ({
      name: "dns",
      containers: [{ role: "config", name: "zones", carrier: script }],
    });
    const needsDns: LabStack = {
      name: "monitoring",
      needs: ["dns"],
      containers: [{ role: "prober", name: "p" }],
    };
    const rest = [await lab.stack(BACKBONE), await lab.stack(needsDns)];
    const broken = await lab.stack(carrier("echo 'zone.conf:7 syntax error' >&2; exit 1"));

    const outcomes = await lab.deploy([...rest, broken]);
    expect(outcomes.get("backbone")?.outcome).toBe("applied");
    expect(outcomes.get("dns")).toMatchObject({
      outcome: "failed",
      reasons: [expect.stringContaining("its parser refused it")],
      log: [expect.stringContaining("zone.conf:7 syntax error")],
    });
    expect(outcomes.get("monitoring")).toMatchObject({ outcome: "not-tried", reasons: ["dns"] });

    // The same text again is refused while it is planned; its log is told all the same.
    const again = await lab.deploy([...rest, broken]);
    expect(again.get("dns")).toMatchObject({
      outcome: "failed",
      log: [expect.stringContaining("zone.conf:7 syntax error")],
    });

    const mended = [...rest, await lab.stack(carrier("echo fine"))];
    const last = await lab.deploy(mended);
    expect([...last.values()].map(({ outcome }) => outcome).toSorted()).toEqual([
      "applied",
      "applied",
      "unchanged",
    ]);
    expect((await lab.plan(mended))[1].changes).toBe(false);
  });

  it("refuses a plan whose state has changed since", async () => {
    const stacks = [await lab.stack(BACKBONE)];
    const [planned] = await lab.plan(stacks);
    expect(await stalePlans(planned)).toEqual([]);
    await lab.deploy(stacks);
    expect(await stalePlans(planned)).toMatchObject([{ id: "plan-stale", severity: "error" }]);
  });

  it("removes what left the inventory with its stack", async () => {
    const stacks = [await lab.stack(BACKBONE), await lab.stack(VPS)];
    await lab.deploy(stacks);
    const [, summary] = await lab.plan(stacks.slice(0, 1));
    expect(summary.counts).toMatchObject({ destroy: 2, create: 0 });
    await lab.deploy(stacks.slice(0, 1));
    expect(await lab.live()).toEqual(["container router-core running"]);
    expect((await lab.plan(stacks.slice(0, 1)))[1].changes).toBe(false);
  });

  it("replaces one of two when it is limited to that, and plans the other afterwards", async () => {
    const backbone = (version: string): LabStack => ({
      name: "backbone",
      containers: [
        { role: "router", name: "core-a", version },
        { role: "router", name: "core-b", version },
      ],
    });
    await lab.deploy([await lab.stack(backbone("1")), await lab.stack(VPS)]);
    const stacks = [await lab.stack(backbone("2")), await lab.stack(VPS)];
    expect(guardBlastRadius((await lab.plan(stacks))[1], NOBODY)).toMatchObject([
      { id: "blast-radius", fix: expect.stringContaining("--only backbone/core-a,") },
    ]);
    const only = [{ stack: "backbone", name: "core-a" }];
    const [planned, summary] = await lab.plan(stacks, false, only);
    expect(summary.stacks).toMatchObject([
      { name: "backbone", changes: [{ action: "replace", name: "core-a" }] },
    ]);
    expect(guardBlastRadius(summary, NOBODY)).toEqual([]);
    await applyStacks(await lab.run(), planned);
    const [, rest] = await lab.plan(stacks);
    expect(rest.stacks.flatMap(({ changes }) => changes)).toMatchObject([
      { action: "replace", name: "core-b" },
    ]);
  });

  it("keeps a second run out while one is at work", async () => {
    const first = await lockStates(lab.stateFolder, lab.kabupaten);
    expect(await lockStates(lab.stateFolder, lab.kabupaten)).toMatchObject({ id: "states-busy" });
    if ("release" in first) await first.release();
    const next = await lockStates(lab.stateFolder, lab.kabupaten);
    expect(next).toHaveProperty("release");
  });
});

describe("after a cut-off run", () => {
  it("keeps a volume's data and makes the containers anew when the states are lost", async () => {
    const stacks = [await lab.stack(WITH_NETWORK), await lab.stack(VPS)];
    await lab.deploy(stacks);
    const vps = lab.nameOf({ role: "vps", name: "ppdb" });
    await lab.docker("exec", vps, "sh", "-c", "echo precious > /data/work");
    await rm(lab.stateFolder, { recursive: true });

    const [, summary] = await lab.plan(stacks);
    expect(summary.orphans.remove).toHaveLength(2);
    expect(summary.counts).toMatchObject({ adopt: 2, create: 2, destroy: 0, replace: 0 });
    await lab.deploy(stacks);
    expect(await lab.docker("exec", vps, "cat", "/data/work")).toBe("precious\n");
    expect((await lab.plan(stacks))[1].changes).toBe(false);
  });

  it("removes what a killed terraform had made but not written down, and finishes", async () => {
    const containers = ["a", "b", "c", "d", "e", "f"].map(
      (name) => ({ role: "router", name }) as const,
    );
    const stacks = [await lab.stack({ name: "backbone", network: true, containers })];
    const deployed = lab.deploy(stacks);
    // The network takes its time; containers come behind it all at once.
    while (!(await lab.live()).some((one) => one.startsWith("container"))) await wait(20);
    await killTerraformIn(stacks[0]!.directory);
    expect((await deployed).get("backbone")?.outcome).toBe("failed");

    const [, summary] = await lab.plan(stacks);
    expect(summary.orphans.remove.length + summary.orphans.adopt.length).toBeGreaterThan(0);
    expect((await lab.deploy(stacks)).get("backbone")?.outcome).toBe("applied");
    expect((await lab.live()).filter((one) => one.endsWith("running"))).toHaveLength(6);
    expect((await lab.plan(stacks))[1].changes).toBe(false);
  });

  it("goes on where an interrupt stopped it", async () => {
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
    const controller = new AbortController();
    const stopWhenBegun = setInterval(() => {
      void lab.live().then((live) => live.length > 0 && controller.abort());
    }, 100);
    const outcomes = await lab
      .deploy(stacks, controller.signal)
      .finally(() => clearInterval(stopWhenBegun));
    expect(
      [...outcomes.values()].filter(({ outcome }) => outcome === "not-tried").length,
    ).toBeGreaterThan(1);
    // Containers are in the state. A network that the engine was just making may not be: the provider forgets what it
    // is told to stop waiting for. It is adopted.
    const [, summary] = await lab.plan(stacks);
    expect(summary.orphans).toMatchObject({ remove: [], leave: [] });

    const rest = await lab.deploy(stacks);
    expect(
      [...rest.values()].every(({ outcome }) => ["applied", "unchanged"].includes(outcome)),
    ).toBe(true);
    expect((await lab.plan(stacks))[1].changes).toBe(false);
  });
});

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A power failure for terraform and its provider: those whose working folder is this stack's, and no others. */
async function killTerraformIn(directory: string): Promise<void> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    if (folder === directory) process.kill(Number(pid), "SIGKILL");
  }
}

describe("destroying", () => {
  it.each(["whole", "half gone", "without its states"])(
    "leaves nothing of a kabupaten that is %s",
    async (state) => {
      const stacks = [await lab.stack(WITH_NETWORK), await lab.stack(VPS)];
      await lab.deploy(stacks);
      if (state === "half gone")
        await lab.docker("rm", "--force", lab.nameOf({ role: "router", name: "core" }));
      if (state === "without its states") await rm(lab.stateFolder, { recursive: true });
      const run = await lab.run();
      const doomed = await listDoomed(run, lab.stateFolder, stacks);
      expect(doomed.objects).toHaveLength(state === "half gone" ? 3 : 4);
      expect(await destroyEverything(run, doomed)).toEqual([]);
      expect(await lab.live()).toEqual([]);
      expect((await lab.plan(stacks))[1].counts).toMatchObject({ create: 4 });
    },
  );
});
