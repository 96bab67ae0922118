import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { spread, type Campaign } from "../campaign.ts";
import { lastLines, type ProveLab } from "../prove-lab.ts";
import { markServers } from "../servers.ts";
import { faultsOf } from "../wholeness.ts";

const run = promisify(execFile);

/** Bytes of the small disk, and how much of it is left when a deploy begins. */
const DISK = 8 * 2 ** 20;
const LEFT_MOST = 400_000;

/** A deploy whose states stand on a disk that fills up meanwhile: it says so, and finishes once there is room again. */
export const fullDisk: Campaign = {
  name: "full-disk",
  description: "the disk of the states is full in the middle of an apply",
  rounds: 5,
  async run({ lab, rounds, random, say }) {
    const failures: string[] = [];
    const seconds: number[] = [];
    let failed = 0;
    await lab.villages("planned");
    await lab.fromNothing();
    await mkdir(lab.states, { recursive: true });
    await run("mount", ["-t", "tmpfs", "-o", `size=${DISK},mode=700`, "simpul-prove", lab.states]);
    try {
      await lab.up();
      const servers = await markServers(lab, "full-disk");
      for (let round = 1; round <= rounds; round++) {
        await lab.villages(round % 2 === 1 ? "active" : "planned");
        const left = Math.floor(random() * LEFT_MOST);
        const ballast = await fill(lab, left);
        const full = await lab.deploy();
        await rm(ballast, { force: true });
        if (full.exitCode !== 0) failed += 1;
        const began = performance.now();
        const again = await lab.deploy();
        seconds.push((performance.now() - began) / 1000);
        const faults = [
          ...(again.exitCode === 0
            ? []
            : [`deploy does not finish: ${lastLines(again.stdout + again.stderr, 6)}`]),
          ...traces(full.stdout + full.stderr),
          ...(await faultsOf(lab, servers)),
        ];
        failures.push(...faults.map((fault) => `round ${round}, ${left} bytes left: ${fault}`));
        say(
          `${round} of ${rounds}: ${left} bytes left, deploy ended with ${full.exitCode}; then ` +
            `${seconds.at(-1)!.toFixed(1)} s; ${faults.length === 0 ? "whole" : faults.join("; ")}`,
        );
      }
    } finally {
      await lab.remove();
      await run("umount", [lab.states]);
    }
    return {
      rounds,
      failures,
      figures: { failed_on_full_disk: failed, ...spread("finished", seconds) },
    };
  },
};

/** Fills the disk up to so many bytes. */
async function fill(lab: ProveLab, left: number): Promise<string> {
  const ballast = path.join(lab.states, "ballast");
  const { stdout } = await run("df", ["--block-size=1", "--output=avail", lab.states]);
  const free = Number(stdout.trim().split("\n").at(-1));
  await writeFile(ballast, Buffer.alloc(Math.max(0, free - left)));
  return ballast;
}

/** A full disk is said in words, not by a stack trace. */
function traces(text: string): readonly string[] {
  return /^\s+at .*\(.*:\d+:\d+\)/m.test(text) ? [`a stack trace: ${lastLines(text)}`] : [];
}
