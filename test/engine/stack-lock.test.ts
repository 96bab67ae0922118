import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { lockStates } from "../../modules/engine/stack-lock.ts";

const run = promisify(execFile);

describe("the lock of the states", () => {
  let scratch: string;
  // Two file systems that count their files from one: the same inode numbers in both.
  const folders = { ours: "", others: "" };

  beforeAll(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), "simpul-lock-"));
    for (const name of ["ours", "others"] as const) {
      folders[name] = path.join(scratch, name);
      await mkdir(folders[name]);
      await run("mount", ["-t", "tmpfs", "-o", "size=1m", "simpul-test", folders[name]]);
      await writeFile(path.join(folders[name], "dns.tfstate"), "{}");
    }
  });

  afterAll(async () => {
    for (const folder of Object.values(folders)) await run("umount", [folder]).catch(() => {});
    await rm(scratch, { recursive: true });
  });

  it("waits for who holds a state, and says so when that takes too long", async () => {
    const letGo = await hold(path.join(folders.ours, "dns.tfstate"));
    try {
      expect(await lockStates(folders.ours, "uji", 0)).toMatchObject({
        id: "states-busy",
        what: "a terraform is changing uji at this moment",
      });
    } finally {
      await letGo();
    }
    expect(await released(folders.ours)).toBe(true);
  });

  it("does not wait for a file of another file system that has the same number", async () => {
    const [ours, others] = await Promise.all(
      Object.values(folders).map((folder) => stat(path.join(folder, "dns.tfstate"))),
    );
    expect(ours!.ino).toBe(others!.ino);
    const letGo = await hold(path.join(folders.others, "dns.tfstate"));
    try {
      expect(await released(folders.ours)).toBe(true);
    } finally {
      await letGo();
    }
  });
});

/** Takes the lock and gives it back; whether that was possible at once. */
async function released(folder: string): Promise<boolean> {
  const lock = await lockStates(folder, "uji", 0);
  if (!("release" in lock)) return false;
  await lock.release();
  return true;
}

/** Another process holds the file until the function given back has run. */
async function hold(file: string): Promise<() => Promise<void>> {
  const holder = spawn("flock", [file, "sh", "-c", "echo held; exec cat"]);
  await once(holder.stdout, "data");
  return async () => {
    holder.stdin.end();
    await once(holder, "exit");
  };
}
