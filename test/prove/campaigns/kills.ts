import { descendantsOf, killAtOnce } from "../processes.ts";
import { spread, type Campaign, type CampaignRun } from "../campaign.ts";
import { killEngine } from "../engine.ts";
import { DEPLOY, lastLines, type ProveLab } from "../prove-lab.ts";
import { shuffled } from "../random.ts";
import { markServers, type MarkedServer } from "../servers.ts";
import { faultsOf } from "../wholeness.ts";

/** Who is killed in the middle of a deploy. */
const VICTIMS = ["simpul and terraform", "simpul alone", "terraform alone", "the engine"] as const;
type Victim = (typeof VICTIMS)[number];

/** What the deploy has to do when it is killed. */
const WORKS = ["from nothing", "villages and repairs"] as const;

/** Deploys that are killed with -9 at a random moment: the same command again finishes, and nothing is lost. */
export const kills: Campaign = {
  name: "kills",
  description: "deploy, terraform or the engine killed -9 at a random moment of a deploy",
  rounds: 15,
  async run(run) {
    const failures: string[] = [];
    const [moments, finishing, tries]: [number[], number[], number[]] = [[], [], []];
    const lengths = await measureDeploys(run);
    const victims = VICTIMS.filter((one) => one !== "the engine" || run.mayKillEngine);
    const first = Math.floor(run.random() * victims.length);
    for (let round = 1; round <= run.rounds; round++) {
      const victim = victims[(first + round) % victims.length]!;
      // Shifted by one each time that all victims have had their turn, so that each meets both works.
      const turn = Math.floor((round - 1) / victims.length);
      const work = WORKS[(round + turn) % WORKS.length]!;
      const moment = 0.3 + run.random() * lengths[work];
      const servers = await prepareWork(run, work, round);
      const interrupted = await killAt(run.lab, victim, moment);
      const began = performance.now();
      const finished = await deployUntilDone(run.lab);
      const seconds = (performance.now() - began) / 1000;
      const faults = [...finished.faults, ...(await faultsOf(run.lab, servers))];
      if (faults.length > 0) run.say(`  consoles: ${await run.lab.keepConsoles(`kills-${round}`)}`);
      failures.push(...faults.map((fault) => `round ${round}, ${victim}, ${work}: ${fault}`));
      moments.push(moment);
      finishing.push(seconds);
      tries.push(finished.tries);
      run.say(
        `${round} of ${run.rounds}: ${victim} killed after ${moment.toFixed(1)} s ${work}` +
          `${interrupted ? "" : " (it had ended)"}; finished in ${seconds.toFixed(1)} s, ` +
          `${finished.tries} ${finished.tries === 1 ? "try" : "tries"}; ${faults.length === 0 ? "whole" : faults.join("; ")}`,
      );
    }
    return {
      rounds: run.rounds,
      failures,
      figures: {
        ...spread("killed_after", moments),
        ...spread("finished", finishing),
        tries_most: Math.max(...tries),
      },
    };
  },
};

/** Seconds of a deploy from nothing; one that adds villages and repairs takes about half of it. */
async function measureDeploys({
  lab,
  say,
}: CampaignRun): Promise<Record<(typeof WORKS)[number], number>> {
  await lab.villages("planned");
  await lab.fromNothing();
  const began = performance.now();
  await lab.up();
  const seconds = (performance.now() - began) / 1000;
  say(`undisturbed: ${seconds.toFixed(1)} s from nothing`);
  return { "from nothing": seconds, "villages and repairs": seconds / 2 };
}

/** Brings about what the deploy will have to do; the servers that must survive it. */
async function prepareWork(
  { lab, random }: CampaignRun,
  work: (typeof WORKS)[number],
  round: number,
): Promise<readonly MarkedServer[]> {
  if (work === "from nothing") {
    await lab.fromNothing();
    return [];
  }
  await lab.villages("planned");
  await lab.up();
  const servers = await markServers(lab, `round-${round}`);
  const stateless = await containersOf(lab, ["router", "gateway", "resolver", "config"]);
  await lab.docker("rm", "--force", ...shuffled(random, stateless).slice(0, 3));
  await lab.villages("active");
  return servers;
}

async function containersOf(lab: ProveLab, roles: readonly string[]): Promise<readonly string[]> {
  const names = await lab.docker("ps", "--all", "--format", "{{.Names}}");
  const pattern = new RegExp(`^simpul-uji-(?:${roles.join("|")})-`);
  return names.split("\n").filter((name) => pattern.test(name));
}

/** Starts a deploy and kills at that second; false when it had ended before. */
async function killAt(lab: ProveLab, victim: Victim, second: number): Promise<boolean> {
  const running = lab.start(...DEPLOY);
  let ended = false;
  void running.ended.then(() => (ended = true));
  await new Promise((resolve) => setTimeout(resolve, second * 1000));
  const before = ended;
  const children = await descendantsOf(running.pid);
  const terraform = children.filter(({ name }) => name.startsWith("terraform") || name === "tofu");
  if (victim === "the engine") await killEngine();
  else if (victim === "terraform alone") killAtOnce(terraform.map(({ pid }) => pid));
  else if (victim === "simpul alone") killAtOnce([running.pid]);
  else killAtOnce([running.pid, ...children.map(({ pid }) => pid)]);
  await running.ended;
  return !before;
}

/** More would mean that somebody has to think about it. */
const TRIES = 3;

/** The same command until it says that it is done: the engine may need a moment, and a terraform that outlived its parent too. */
async function deployUntilDone(
  lab: ProveLab,
): Promise<{ readonly tries: number; readonly faults: readonly string[] }> {
  for (let tries = 1; ; tries++) {
    const { exitCode, stdout, stderr } = await lab.deploy();
    if (exitCode === 0) return { tries, faults: [] };
    if (tries === TRIES)
      return { tries, faults: [`deploy does not finish: ${lastLines(stdout + stderr, 6)}`] };
  }
}
