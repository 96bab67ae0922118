import { spawn } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { guardChanges } from "../../modules/engine/change-guard.ts";
import { endForsakenContainers } from "../../modules/engine/forsaken-containers.ts";
import { lockStates } from "../../modules/engine/stack-lock.ts";
import { recordBegun } from "../../modules/engine/stack-applied.ts";
import { recoverStates } from "../../modules/engine/state-recovery.ts";
import { DeployLab, type LabStack } from "./deploy-lab.ts";

const BACKBONE: LabStack = { name: "backbone", containers: [{ role: "router", name: "core" }] };
const VPS: LabStack = { name: "pusat-data", containers: [{ role: "vps", name: "ppdb" }] };
const permissions = (...replace: readonly string[]) => ({
  replace: new Set(replace),
  destroy: new Set<string>(),
});

let lab: DeployLab;
beforeEach(async () => {
  lab = await DeployLab.create("recovery");
});
afterEach(() => lab.clean());

describe("recovering", () => {
  it("runs a carrier that was killed once more, with the same text", async () => {
    const stacks = [
      await lab.stack({
        name: "dns",
        containers: [{ role: "config", name: "zones", carrier: "sleep 3" }],
      }),
    ];
    const carrier = lab.nameOf({ role: "config", name: "zones" });
    const first = lab.deploy(stacks);
    while (!(await lab.live()).includes("container config-zones running")) await wait(50);
    await lab.docker("kill", carrier);
    expect((await first).get("dns")?.outcome).toBe("failed");

    expect((await lab.deploy(stacks)).get("dns")?.outcome).toBe("applied");
    expect((await lab.plan(stacks))[1].changes).toBe(false);
  });

  it("takes a state that was cut off from its copy, and restarts nothing", async () => {
    const stacks = [await lab.stack(BACKBONE)];
    await lab.deploy(stacks);
    const id = await lab.docker("inspect", "--format={{.Id}}", coreOf(lab));
    await truncate(stacks[0]!.statePath, 100);
    expect(await recoverStates(lab.stateFolder, stacks)).toMatchObject([{ id: "state-mended" }]);
    expect((await lab.plan(stacks))[1].changes).toBe(false);
    expect(await lab.docker("inspect", "--format={{.Id}}", coreOf(lab))).toBe(id);
  });

  it("ends a container that the engine lost, and no other", async () => {
    const stacks = [await lab.stack(BACKBONE)];
    await lab.deploy(stacks);
    const id = await lab.docker("inspect", "--format={{.Id}}", coreOf(lab));
    // Of the same containerd, and unknown to the engine: what a killed engine leaves of a start.
    const lost = `${lab.kabupaten}-lost`;
    const begin = `
      socket=$(pgrep -af containerd-shim | sed -n "s/.* -id $1 -address \\([^ ]*\\).*/\\1/p")
      mkdir "$2" && docker export "$1" | tar -x -C "$2"
      ctr --address "$socket" --namespace moby run --detach --rootfs "$2" "$3" /bin/sleep 300`;
    const words = ["sh", "-euc", begin, "begin", id.trim(), join(lab.folder, "root"), lost];
    expect(await lab.engine.run(words)).toMatchObject({ stderr: "", code: 0 });
    const runs = () => lab.engine.run(["pgrep", "-f", `containerd-shim.*-id ${lost} `]);
    expect((await runs()).code).toBe(0);

    expect(await endForsakenContainers(lab.engine, lab.kabupaten)).toMatchObject([
      { id: "containers-forsaken", severity: "warning" },
    ]);
    await expect.poll(async () => (await runs()).code).toBe(1);
    expect(await endForsakenContainers(lab.engine, lab.kabupaten)).toEqual([]);
    expect(await lab.docker("inspect", "--format={{.Id}}", coreOf(lab))).toBe(id);
    expect(await lab.live()).toContain("container router-core running");
  }, 60_000);

  it("makes a router anew that lost its network, and no other", async () => {
    const containers = [
      { role: "router", name: "core" },
      { role: "router", name: "other" },
    ] as const;
    const stacks = [await lab.stack({ name: "backbone", network: true, containers })];
    await lab.deploy(stacks);
    const network = lab.nameOf({ role: "router", name: "backbone" });
    await lab.docker("network", "disconnect", network, coreOf(lab));
    const [, summary] = await lab.plan(stacks);
    expect(summary.stacks[0]?.changes).toMatchObject([
      { action: "replace", name: "core", because: ["what runs is not what was applied"] },
    ]);
    await lab.deploy(stacks);
    const networks = "--format={{json .NetworkSettings.Networks}}";
    expect(await lab.docker("inspect", networks, coreOf(lab))).toContain(network);
    expect((await lab.plan(stacks))[1].changes).toBe(false);
  });

  it("makes a server at work whose state is lost anew only by its name", async () => {
    const stacks = [await lab.stack(VPS)];
    await lab.deploy(stacks);
    await writeFile(stacks[0]!.statePath, "");
    const [, lost] = await lab.plan(stacks);
    expect(guardChanges(lost, permissions())).toMatchObject([
      { id: "unnamed-replace", fix: expect.stringContaining("--replace vps/ppdb") },
    ]);
    expect(guardChanges(lost, permissions("vps/ppdb"))).toEqual([]);
    // What a run was making when it was cut off was nobody's yet.
    await recordBegun(stacks[0]!, [lab.nameOf({ role: "vps", name: "ppdb" })]);
    expect(guardChanges((await lab.plan(stacks))[1], permissions())).toEqual([]);
  });

  it("makes a server anew that an unfinished apply has tainted, but none that somebody tainted", async () => {
    const stacks = [await lab.stack(VPS)];
    await lab.deploy(stacks);
    const [stack] = stacks;
    await lab.taint(stack!, "docker_container.ppdb");
    expect(guardChanges((await lab.plan(stacks))[1], permissions())).toMatchObject([
      { id: "unnamed-replace" },
    ]);
    await recordBegun(stack!, [lab.nameOf({ role: "vps", name: "ppdb" })]);
    expect(guardChanges((await lab.plan(stacks))[1], permissions())).toEqual([]);
  });
});

describe("the lock of the states", () => {
  it("is let go when its holder is killed, whatever stands in its file", async () => {
    const program = `
      import { lockStates } from "./modules/engine/stack-lock.ts";
      console.log(await lockStates(${JSON.stringify(lab.stateFolder)}, "k"));
      setInterval(() => {}, 1000);`;
    const holder = spawn("node", ["--import", "tsx", "--input-type=module", "--eval", program], {
      cwd: join(import.meta.dirname, "../.."),
    });
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    expect(await lockStates(lab.stateFolder, "k")).toMatchObject({
      what: `process ${holder.pid} is changing k at this moment`,
    });
    holder.kill("SIGKILL");
    await new Promise((resolve) => holder.once("close", resolve));
    await writeFile(join(lab.stateFolder, "simpul.lock"), `${process.pid}\n`);
    await expect.poll(() => lockStates(lab.stateFolder, "k")).toHaveProperty("release");
  });

  it("goes to one of many that ask at once", async () => {
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => lockStates(lab.stateFolder, lab.kabupaten)),
    );
    const held = asked.filter((one) => "release" in one);
    expect(held).toHaveLength(1);
    await held[0]!.release();
  });
});

function coreOf(one: DeployLab): string {
  return one.nameOf({ role: "router", name: "core" });
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
