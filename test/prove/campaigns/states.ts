import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";

import { spread, type Campaign } from "../campaign.ts";
import { DEPLOY, lastLines, type ProveLab } from "../prove-lab.ts";
import { pick, shuffled } from "../random.ts";
import { changedServers, markServers } from "../servers.ts";
import { faultsOf } from "../wholeness.ts";

/** What becomes of the states. `keepsServers`: every VPS must stay the container that it was. */
interface Damage {
  readonly name: string;
  readonly keepsServers: boolean;
  apply(lab: ProveLab, random: () => number): Promise<void>;
}

const DAMAGES: readonly Damage[] = [
  {
    name: "all truncated",
    keepsServers: true,
    apply: (lab, random) =>
      each(lab, async (state) => {
        const { length } = await readFile(state);
        await truncate(state, Math.floor(random() * length));
      }),
  },
  {
    name: "all emptied",
    keepsServers: true,
    apply: (lab) => each(lab, (state) => truncate(state)),
  },
  { name: "all deleted", keepsServers: true, apply: (lab) => each(lab, (state) => rm(state)) },
  {
    name: "one deleted with its copies",
    keepsServers: false,
    apply: async (lab, random) => {
      const stack = pick(random, await states(lab)).replace(/\.tfstate$/, "");
      const files = await readdir(lab.states);
      const its = files.filter((file) => path.join(lab.states, file).startsWith(stack));
      await Promise.all(its.map((file) => rm(path.join(lab.states, file), { force: true })));
    },
  },
  {
    name: "the whole folder lost",
    keepsServers: false,
    apply: (lab) => rm(lab.states, { recursive: true }),
  },
  {
    name: "locks of dead processes, and leftovers",
    keepsServers: true,
    apply: async (lab) => {
      const lock = JSON.stringify({
        ID: "6e9f",
        Operation: "OperationTypeApply",
        Who: "root@dead",
      });
      await each(lab, (state) =>
        writeFile(path.join(path.dirname(state), `.${path.basename(state)}.lock.info`), lock),
      );
      await writeFile(path.join(lab.states, "simpul.lock"), "4194303\n");
      await writeFile(path.join(lab.states, "backbone.tfplan"), "cut off");
    },
  },
];

/** States that are cut off, empty or gone: the same command finishes, and no server or volume is lost. */
export const damagedStates: Campaign = {
  name: "states",
  description: "terraform's states truncated, emptied, lost; locks left behind",
  rounds: DAMAGES.length,
  async run({ lab, rounds, random, say }) {
    const failures: string[] = [];
    const seconds: number[] = [];
    let named = 0;
    await lab.villages("active");
    await lab.up();
    for (let round = 1; round <= rounds; round++) {
      const damage = DAMAGES[(round - 1) % DAMAGES.length]!;
      const servers = await markServers(lab, `state-${round}`);
      await damage.apply(lab, random);
      const stateless = (await lab.docker("ps", "--format", "{{.Names}}"))
        .split("\n")
        .filter((name) => /^simpul-uji-(router|resolver)-/.test(name));
      await lab.docker("rm", "--force", ...shuffled(random, stateless).slice(0, 2));
      const began = performance.now();
      let end = await lab.deploy();
      const leave = permissionsIn(end.stdout);
      const before = await changedServers(lab, servers);
      if (!damage.keepsServers && end.exitCode === 1 && leave.length > 0) {
        named += 1;
        end = await lab.simpul(...DEPLOY, ...leave);
      }
      seconds.push((performance.now() - began) / 1000);
      const { made, lost } = await changedServers(lab, servers);
      const faults = [
        ...(end.exitCode === 0
          ? []
          : [`deploy ended with ${end.exitCode}: ${lastLines(end.stdout + end.stderr, 6)}`]),
        ...before.made.map((container) => `${container} was made anew without leave`),
        ...(damage.keepsServers ? made.map((container) => `${container} was made anew`) : []),
        ...lost.map((container) => `${container} lost what stood on its disk`),
        ...(await faultsOf(lab)),
      ];
      failures.push(...faults.map((fault) => `round ${round}, ${damage.name}: ${fault}`));
      say(
        `${round} of ${rounds}: ${damage.name}: ${seconds.at(-1)!.toFixed(1)} s` +
          `${leave.length > 0 ? `, after leave for ${leave.length / 2} servers` : ""}; ${faults.length === 0 ? "whole" : faults.join("; ")}`,
      );
    }
    return { rounds, failures, figures: { leave_asked: named, ...spread("finished", seconds) } };
  },
};

async function states(lab: ProveLab): Promise<readonly string[]> {
  const names = (await readdir(lab.states)).filter((name) => /^[^.].*\.tfstate$/.test(name));
  return names.toSorted().map((name) => path.join(lab.states, name));
}

async function each(lab: ProveLab, work: (state: string) => Promise<void>): Promise<void> {
  for (const state of await states(lab)) await work(state);
}

/** The options that a refused deploy asks for: `--replace vps/ppdb-online`. */
function permissionsIn(text: string): readonly string[] {
  const names = new Set(
    Array.from(text.matchAll(/--replace (vps\/[a-z0-9-]+)/g), ([, name]) => name!),
  );
  return [...names].flatMap((name) => ["--replace", name]);
}
