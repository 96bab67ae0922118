import { spread, type Campaign } from "../campaign.ts";
import { DEPLOY, lastLines } from "../prove-lab.ts";
import { markServers } from "../servers.ts";
import { faultsOf } from "../wholeness.ts";

/** Two deploys of the same change at once: one does it, the other says who is at it or waits, and nothing is doubled. */
export const together: Campaign = {
  name: "together",
  description: "two deploys of the same kabupaten started at the same time",
  rounds: 3,
  async run({ lab, rounds, random, say }) {
    const failures: string[] = [];
    const seconds: number[] = [];
    let refused = 0;
    await lab.villages("planned");
    await lab.up();
    const servers = await markServers(lab, "together");
    for (let round = 1; round <= rounds; round++) {
      await lab.villages(round % 2 === 1 ? "active" : "planned");
      const began = performance.now();
      const first = lab.start(...DEPLOY);
      await new Promise((resolve) => setTimeout(resolve, random() * 2000));
      const second = lab.start(...DEPLOY);
      const ended = await Promise.all([first.ended, second.ended]);
      seconds.push((performance.now() - began) / 1000);
      const told = ended.filter(({ exitCode }) => exitCode !== 0);
      const busy = told.filter(({ stdout }) => stdout.includes("states-busy"));
      refused += busy.length;
      const faults = [
        ...(told.length === ended.length ? ["none of the two deployed"] : []),
        ...told
          .filter((one) => !busy.includes(one))
          .map(({ stdout, stderr }) => `one failed: ${lastLines(stdout + stderr)}`),
        ...(await faultsOf(lab, servers)),
      ];
      failures.push(...faults.map((fault) => `round ${round}: ${fault}`));
      say(
        `${round} of ${rounds}: ${busy.length} of 2 refused; ${faults.length === 0 ? "whole" : faults.join("; ")}`,
      );
    }
    return { rounds, failures, figures: { refused, ...spread("both_ended", seconds) } };
  },
};
