import { spread, type Campaign } from "../campaign.ts";
import { killAtOnce } from "../processes.ts";
import { shuffled } from "../random.ts";
import { markServers } from "../servers.ts";
import { faultsOf, verify } from "../wholeness.ts";
import type { ProveLab } from "../prove-lab.ts";

/** Seconds that everything may need to be as planned again. */
const PATIENCE = 60;

/** Each container dies in turn, its first process killed from outside: nobody deploys, and all is as planned again. */
export const containers: Campaign = {
  name: "containers",
  description:
    "each running container killed in turn, until verify is green again without a deploy",
  rounds: 100,
  async run({ lab, rounds, random, say }) {
    const failures: string[] = [];
    const seconds: number[] = [];
    await lab.villages("planned");
    await lab.up();
    const servers = await markServers(lab, "containers");
    const undisturbed = await timeOf(() => verify(lab));
    say(`verify takes ${undisturbed.toFixed(1)} s when nothing is wrong`);
    const all = shuffled(random, await runningContainers(lab)).slice(0, rounds);
    for (const [at, container] of all.entries()) {
      const began = performance.now();
      killAtOnce([Number(await lab.docker("inspect", "--format", "{{.State.Pid}}", container))]);
      const wrong = await untilGreen(lab, began);
      seconds.push((performance.now() - began) / 1000);
      failures.push(...wrong.map((what) => `${container}: ${what}`));
      say(
        `${at + 1} of ${all.length}: ${container} killed; ` +
          (wrong.length === 0 ? `green after ${seconds.at(-1)!.toFixed(1)} s` : wrong.join("; ")),
      );
    }
    failures.push(...(await faultsOf(lab, servers)));
    return {
      rounds: all.length,
      failures,
      figures: {
        verify_undisturbed_s: Math.round(undisturbed * 10) / 10,
        ...spread("green_again", seconds),
      },
    };
  },
};

/** What is still wrong when patience ends; empty as soon as nothing is. */
async function untilGreen(lab: ProveLab, began: number): Promise<readonly string[]> {
  for (;;) {
    const wrong = await verify(lab);
    if (wrong.length === 0 || performance.now() - began > PATIENCE * 1000) return wrong;
  }
}

async function runningContainers(lab: ProveLab): Promise<readonly string[]> {
  const names = await lab.docker("ps", "--filter", "name=^simpul-uji-", "--format", "{{.Names}}");
  return names
    .split("\n")
    .filter((name) => name !== "")
    .toSorted();
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
