import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readState } from "../../modules/engine/stack-state.ts";
import type { StackToRun } from "../../modules/engine/stack-to-run.ts";
import { keepCopy, recoverStates } from "../../modules/engine/state-recovery.ts";

const state = (serial: number, lineage = "l") =>
  JSON.stringify({ version: 4, serial, lineage, resources: [] });

let folder: string;
let stack: StackToRun;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scratch-states-"));
  const directory = join(folder, "stacks", "dns");
  await mkdir(directory, { recursive: true });
  stack = {
    id: "uji-dns",
    name: "dns",
    title: "DNS",
    needs: [],
    directory,
    statePath: join(folder, "dns.tfstate"),
  };
});
afterEach(() => rm(folder, { recursive: true }));

const write = (suffix: string, text: string) => writeFile(`${stack.statePath}${suffix}`, text);
const errored = () => join(stack.directory, "errored.tfstate");
const recover = () => recoverStates(folder, [stack]);
const version = async () => (await readState(stack.statePath)).version;

describe("a state", () => {
  it("that is whole, or was never there, is left alone", async () => {
    expect(await recover()).toEqual([]);
    expect(existsSync(stack.statePath)).toBe(false);
    await write("", state(3));
    await write(".copy", state(2));
    expect(await recover()).toEqual([]);
    expect(await version()).toBe("l/3");
  });

  it.each([
    ["cut off", state(3).slice(0, 20)],
    ["emptied", ""],
    ["filled with something else", "[]"],
    ["only null", "null"],
  ])("that was %s gives way to the newest whole copy, and is kept beside it", async (_, text) => {
    await write("", state(3));
    await keepCopy(stack.statePath);
    await write(".backup", state(2));
    await write("", text);
    expect(await recover()).toMatchObject([
      { id: "state-mended", severity: "warning", what: expect.stringContaining("stack dns") },
    ]);
    expect(await version()).toBe("l/3");
    if (text !== "") expect(await readFile(`${stack.statePath}.damaged`, "utf8")).toBe(text);
    expect(await recover()).toEqual([]);
  });

  it("that was deleted comes back from its copy", async () => {
    await write(".copy", state(5));
    expect(await recover()).toHaveLength(1);
    expect(await version()).toBe("l/5");
  });

  it("without any copy is taken for lost, which labels make good", async () => {
    await write("", "{");
    expect(await recover()).toMatchObject([{ fix: expect.stringContaining("labels") }]);
    expect(existsSync(stack.statePath)).toBe(false);
  });

  it("that terraform could not write to its place is put there, once", async () => {
    await write("", state(3));
    await writeFile(errored(), state(4));
    expect(await recover()).toHaveLength(1);
    expect(await version()).toBe("l/4");
    expect(existsSync(errored())).toBe(false);
  });

  it.each([
    ["older", state(2)],
    ["of another lineage", state(9, "other")],
  ])("is not replaced by an unwritten one that is %s", async (_, text) => {
    await write("", state(3));
    await writeFile(errored(), text);
    expect(await recover()).toEqual([]);
    expect(await version()).toBe("l/3");
    expect(existsSync(errored())).toBe(false);
  });

  it("that is damaged is not copied over a whole copy", async () => {
    await write(".copy", state(3));
    await write("", "{");
    await keepCopy(stack.statePath);
    expect(await readFile(`${stack.statePath}.copy`, "utf8")).toBe(state(3));
  });
});
