import { renameSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { rewriteLock, writeLock } from "../../modules/inventory/write-lock.ts";
import { lockEntries, newLockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { TemporaryInventory } from "./temporary-inventory.ts";

const AGENCY = "perangkat-daerah/dinas-kesehatan.yaml";
const VPS = "vps/sik-puskesmas.yaml";

describe("was", () => {
  it("keeps every address and AS number of an agency and a VPS over a rename", async () => {
    using inventory = await locked();
    const before = await lines(inventory);
    renameAgency(inventory, "dinkes-baru", "was: dinas-kesehatan\n");
    renameVps(inventory, "sik-baru", "was: sik-puskesmas\n", "dinkes-baru");
    const after = await lines(inventory);
    const renamed = [...before].map(([key, value]) => [
      key.replace("dinas-kesehatan", "dinkes-baru").replace("sik-puskesmas", "sik-baru"),
      value,
    ]);
    expect(after).toEqual(new Map(renamed as [string, string][]));
    expect([...after.keys()].filter((key) => key.includes("dinkes-baru")).length).toBe(11);
  });

  it("is written into the lock though nothing is new, and may stay in the file", async () => {
    using inventory = await locked();
    renameAgency(inventory, "dinkes-baru", "was: dinas-kesehatan\n");
    renameVps(inventory, "sik-puskesmas", "", "dinkes-baru");
    await pin(inventory);
    const text = readFileSync(inventory.path("ip-plan.lock.yaml"), "utf8");
    expect(text).not.toContain("dinas-kesehatan");
    expect(text).toMatch(/^lan\/dinkes-baru: /m);
    expect(await pin(inventory)).toEqual([]);
  });

  it("is missed where it is missing: the server would be moved to another segment", async () => {
    using inventory = await locked();
    renameAgency(inventory, "dinkes-baru", "");
    renameVps(inventory, "sik-puskesmas", "", "dinkes-baru");
    const { inventory: loaded } = await inventory.load();
    const { findings } = makePlan(loaded!);
    expect(findings.map(({ id }) => id)).toContain("lock-contradicts-inventory");
  });

  it("may not name what is still there, nor be said twice", async () => {
    using inventory = await locked();
    const was = (file: string): void => {
      const text = readFileSync(inventory.path(file), "utf8");
      inventory.write(file, `${text}was: dinas-kominfo\n`);
    };
    was(AGENCY);
    was("perangkat-daerah/dinas-pendidikan.yaml");
    expect(await inventory.findings()).toEqual([
      `${AGENCY}:10:6 was-still-there`,
      `${AGENCY}:10:6 was-twice`,
      "perangkat-daerah/dinas-pendidikan.yaml:10:6 was-still-there",
      "perangkat-daerah/dinas-pendidikan.yaml:10:6 was-twice",
    ]);
  });
});

async function locked(): Promise<TemporaryInventory> {
  const inventory = new TemporaryInventory();
  await rewriteLock(folderOf(inventory), await lines(inventory));
  return inventory;
}

function folderOf({ directory }: TemporaryInventory) {
  return { inventory: directory, kabupaten: "uji" };
}

async function pin(inventory: TemporaryInventory): Promise<readonly string[]> {
  const { inventory: loaded } = await inventory.load();
  const { plan } = makePlan(loaded!);
  return writeLock(folderOf(inventory), loaded!.lock, newLockEntries(plan!, loaded!.lock));
}

async function lines(files: TemporaryInventory): Promise<ReadonlyMap<string, string>> {
  const { inventory, findings } = await files.load();
  if (inventory === undefined) throw new Error(JSON.stringify(findings));
  return lockEntries(makePlan(inventory).plan!);
}

function renameAgency(inventory: TemporaryInventory, name: string, was: string): void {
  const file = `perangkat-daerah/${name}.yaml`;
  renameSync(inventory.path(AGENCY), inventory.path(file));
  inventory.write(file, readFileSync(inventory.path(file), "utf8") + was);
}

function renameVps(inventory: TemporaryInventory, name: string, was: string, owner: string): void {
  const text = readFileSync(inventory.path(VPS), "utf8");
  const renamed = text.replace("name: sik-puskesmas", `name: ${name}`);
  inventory.remove(VPS);
  inventory.write(
    `vps/${name}.yaml`,
    renamed.replace("owner: dinas-kesehatan", `owner: ${owner}`) + was,
  );
}
