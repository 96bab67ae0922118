import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { DatabaseLab, docker, VOTERS, type Machine, type Site } from "./database-lab.ts";
import { until } from "./router-lab.ts";

const OTHERS: readonly Machine[] = ["drc", "voter-drc", "voter-pop"];

describe("a database at two sites", () => {
  const lab = new DatabaseLab("sync");
  const is = async (site: Site, word: string, value: string): Promise<boolean> =>
    (await lab.status(site))[word] === value;
  const becomes = (site: Site, word: string, value: string, milliseconds = 40_000) =>
    until(`${word} of ${site} is ${value}`, () => is(site, word, value), milliseconds);

  /** Lets the DRC take over whatever the Pusat Data does, and says when each told somebody that it wrote. */
  const takeOver = async (milliseconds = 30_000) => {
    const { epoch } = await lab.status("pusat-data");
    const [old, young] = [lab.witness("pusat-data"), lab.witness("drc")];
    await lab.part("drc", "primary", epoch!);
    const taken = await becomes("drc", "part", "primary", milliseconds).then(
      () => true,
      () => false,
    );
    if (taken) await until("the DRC's writes", async () => young.times.length > 10);
    await setTimeout(1_500);
    old.end();
    young.end();
    return { taken, old: old.times, young: young.times };
  };

  /** As it was: the Pusat Data is primary, the DRC follows, and both know it. */
  const restore = async (): Promise<void> => {
    await lab.mend();
    if (!(await is("pusat-data", "part", "primary"))) {
      await lab.part("pusat-data", "standby");
      await becomes("pusat-data", "receiver", "streaming");
      await becomes("drc", "sync", "1");
      const { epoch } = await lab.status("drc");
      await lab.part("drc", "standby");
      await becomes("drc", "part", "stopped");
      await lab.part("pusat-data", "primary", epoch!);
      await becomes("pusat-data", "part", "primary");
    }
    await lab.part("drc", "standby");
    await becomes("drc", "receiver", "streaming");
    await becomes("pusat-data", "sync", "1");
  };

  beforeAll(async () => {
    await lab.begin();
    await becomes("pusat-data", "sync", "1", 60_000);
    await lab.startWriter();
    await until("it writes", async () => lab.written.length > 10);
  });

  afterAll(async () => {
    await lab.stopWriter();
    await lab.remove();
  });

  it("moves there and back without a lost write", async () => {
    const began = Date.now();
    const { epoch } = await lab.status("pusat-data");
    await lab.part("pusat-data", "standby");
    await becomes("pusat-data", "part", "stopped");
    await lab.part("drc", "primary", epoch!);
    await becomes("drc", "part", "primary");
    await restore();
    const restored = Date.now();
    await until("it writes again", async () => (lab.written.at(-1)?.at ?? 0) > restored);
    expect(lab.longestGap(began)).toBeLessThan(10_000);
    expect(lab.longestGap(began)).toBeGreaterThan(100);
    expect(await lab.lost("pusat-data")).toEqual([]);
  }, 120_000);

  it("stays where it is while only the line between the sites is cut", async () => {
    for (const there of ["drc", "voter-drc"] as const) await lab.cutBoth("pusat-data", there);
    await lab.cutBoth("voter-pusat-data", "drc");
    const { taken, old, young } = await takeOver(9_000);
    expect(taken).toBe(false);
    expect(old.length).toBeGreaterThan(10);
    expect(young).toEqual([]);
    await restore();
    expect(await lab.lost("pusat-data")).toEqual([]);
  }, 120_000);

  it.each([
    [
      "nobody hears the Pusat Data, nor it them",
      async (other: Machine) => lab.cutBoth("pusat-data", other),
    ],
    ["it is heard, and hears nobody", async (other: Machine) => lab.cut(other, "pusat-data")],
  ])(
    "has no second primary where %s",
    async (_, cut) => {
      for (const other of OTHERS) await cut(other);
      const { taken, old, young } = await takeOver();
      expect(taken).toBe(true);
      expect(young.length).toBeGreaterThan(10);
      expect(Math.max(0, ...old)).toBeLessThan(Math.min(...young));
      await restore();
      expect(await lab.lost("pusat-data")).toEqual([]);
    },
    120_000,
  );

  it("has no second primary where its agent hangs", async () => {
    const hang =
      "kill -STOP $(pgrep -f '^/usr/bin/perl /usr/local/bin/simpul-database' | head -n 1)";
    await docker("exec", lab.named("pusat-data"), "bash", "-c", hang);
    const { taken, old, young } = await takeOver();
    await docker("restart", lab.named("pusat-data"));
    expect(taken).toBe(true);
    expect(Math.max(0, ...old)).toBeLessThan(Math.min(...young));
    await restore();
    expect(await lab.lost("pusat-data")).toEqual([]);
  }, 120_000);

  it("goes on while any one voter is gone", async () => {
    for (const voter of Object.keys(VOTERS)) {
      await docker("kill", lab.named(voter));
      const began = Date.now();
      await setTimeout(8_000);
      expect(lab.longestGap(began)).toBeLessThan(3_000);
      await docker("start", lab.named(voter));
      await setTimeout(2_000);
    }
    expect(await is("pusat-data", "part", "primary")).toBe(true);
  }, 60_000);

  it("is at the DRC within 30 s of the death of the Pusat Data, with every write", async () => {
    const killed = Date.now();
    await docker("kill", lab.named("pusat-data"), lab.named("voter-pusat-data"));
    const { epoch } = await lab.status("drc");
    await lab.part("drc", "primary", epoch!);
    await becomes("drc", "part", "primary");
    await until("it writes there", async () => (lab.written.at(-1)?.at ?? 0) > killed + 2_000);
    expect(lab.longestGap(killed)).toBeLessThan(30_000);
    expect(await lab.lost("drc")).toEqual([]);
    await docker("start", lab.named("pusat-data"), lab.named("voter-pusat-data"));
    await setTimeout(5_000);
    // It comes back with what is old now, and nobody told it to go past that.
    expect(await is("pusat-data", "part", "stopped")).toBe(true);
    await restore();
    expect(await lab.lost("pusat-data")).toEqual([]);
  }, 120_000);
});
