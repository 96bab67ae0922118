import { readFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildKabupatenLab, KABUPATEN, type KabupatenLab } from "./kabupaten-lab.ts";

const FILE = "vps/ppdb-online.yaml";
const CONTAINER = `simpul-${KABUPATEN}-vps-ppdb-online`;

describe("the states of a VPS, on this engine", () => {
  let lab: KabupatenLab;
  let file: string;
  /** Of the container as it was made: whoever has another one lost what stood outside its volume. */
  let id: string;

  const inspect = async (container: string): Promise<readonly string[]> =>
    (await lab.docker("inspect", "-f", "{{.Id}} {{.State.Status}}", container)).stdout
      .trim()
      .split(" ");
  const deploy = async (...more: readonly string[]): Promise<void> => {
    const said = await lab.simpul("deploy", "--yes", ...more);
    expect([said.exitCode, said.exitCode === 0 ? "" : said.stdout + said.stderr]).toEqual([0, ""]);
  };
  const unchanged = async (): Promise<void> =>
    expect(await lab.simpul("plan", "--expect-no-changes")).toMatchObject({ exitCode: 0 });

  /** Shows what was said where it is not so. */
  const sound = async (): Promise<void> => {
    const said = await lab.simpul("verify", "vps");
    expect([said.exitCode, said.exitCode === 0 ? "" : said.stdout]).toEqual([0, ""]);
  };

  beforeAll(async () => {
    lab = await buildKabupatenLab();
    file = await readFile(path.join(lab.inventory, KABUPATEN, FILE), "utf8");
    await deploy();
    [id = ""] = await inspect(CONTAINER);
    await lab.inside("vps-ppdb-online", "sh", "-c", "echo terdaftar > /srv/data; echo x > /root/y");
  }, 300_000);

  afterAll(() => lab.remove(), 120_000);

  it("stops what is suspended, with the same container, volume and addresses", async () => {
    const before = (await lab.plan()).allocations;
    await lab.write(FILE, `${file}state: suspended\n`);
    const planned = await lab.simpul("plan");
    expect(planned.stdout).toContain("runs, will be stopped; its data stays");
    await deploy();
    expect(await inspect(CONTAINER)).toEqual([id, "exited"]);
    expect((await lab.plan()).allocations).toEqual(before);
    await unchanged();
    await sound();
  }, 180_000);

  it("stops it again when somebody starts it by hand", async () => {
    await lab.docker("start", CONTAINER);
    const seen = await lab.simpul("verify", "vps", "--json");
    expect([seen.exitCode, seen.stdout]).toEqual([
      1,
      expect.stringContaining("vps-running-though-suspended"),
    ]);
    await deploy();
    expect(await inspect(CONTAINER)).toEqual([id, "exited"]);
  }, 180_000);

  it("grows its disk while it is stopped", async () => {
    file = file.replace("disk: 1GiB", "disk: 2GiB");
    await lab.write(FILE, `${file}state: suspended\n`);
    await deploy();
    expect(await inspect(CONTAINER)).toEqual([id, "exited"]);
  });

  it("keeps it, stopped, when it is archived before its final backup is filed", async () => {
    await lab.write(FILE, `${file}state: archived\n`);
    const said = await lab.simpul("check", "--json");
    expect([said.exitCode, said.stdout]).toEqual([
      0,
      expect.stringContaining("final-backup-missing"),
    ]);
    await deploy("--destroy", "vps/ppdb-online");
    expect(await inspect(CONTAINER)).toEqual([id, "exited"]);
  });

  it("starts it again as it was, when its file says active", async () => {
    await lab.write(FILE, file);
    await deploy();
    expect(await inspect(CONTAINER)).toEqual([id, "running"]);
    expect((await lab.inside("vps-ppdb-online", "cat", "/srv/data")).stdout).toBe("terdaftar\n");
    expect((await lab.inside("vps-ppdb-online", "cat", "/root/y")).stdout).toBe("x\n");
    const df = await lab.inside("vps-ppdb-online", "df", "--output=size", "-m", "/srv");
    expect(Number(df.stdout.split("\n")[1])).toBeGreaterThan(1500);
    await unchanged();
    await sound();
  }, 180_000);

  it("makes a server that is suspended from the beginning, and leaves it stopped", async () => {
    const other = file.replaceAll("ppdb", "katalog").replace("online", "baru");
    await lab.write("vps/katalog-baru.yaml", `${other}state: suspended\n`);
    await deploy();
    const [, state] = await inspect(`simpul-${KABUPATEN}-vps-katalog-baru`);
    expect(state).toBe("exited");
    await unchanged();
  }, 180_000);

  it("removes what is archived with its data given up, by name only, and frees its addresses then", async () => {
    const keys = (await lab.plan()).allocations.map(({ key }) => key);
    expect(keys).toContain("vps/ppdb-online");
    await lab.write(FILE, `${file}state: archived\nwithout_backup: Data sudah dipindahkan\n`);
    const unnamed = await lab.simpul("deploy", "--yes");
    expect([unnamed.exitCode, unnamed.stdout]).toEqual([
      1,
      expect.stringContaining("unnamed-destroy"),
    ]);
    expect(await inspect(CONTAINER)).toEqual([id, "running"]);
    // Its owner gave its backups up, too; they go only by their own name.
    const alone = await lab.simpul("deploy", "--yes", "--destroy", "vps/ppdb-online");
    expect([alone.exitCode, alone.stdout]).toEqual([
      1,
      expect.stringContaining("--destroy backup-server/ppdb-online"),
    ]);
    await deploy("--destroy", "vps/ppdb-online", "--destroy", "backup-server/ppdb-online");
    expect((await lab.docker("inspect", CONTAINER)).exitCode).not.toBe(0);
    await lab.simpul("ip", "lock");
    const lock = await readFile(path.join(lab.inventory, KABUPATEN, "ip-plan.lock.yaml"), "utf8");
    expect(lock).toMatch(/^freed\/[\d-]+\/vps\/ppdb-online: /m);
    expect(lock).not.toMatch(/^vps\/ppdb-online: /m);
  }, 180_000);
});
