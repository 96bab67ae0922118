import { alarmsIn } from "../alarms.ts";
import {
  damages,
  lostSnapshots,
  missingProofs,
  proofsOfDamaged,
  snapshotsThere,
  wordsOf,
} from "../backup-faults.ts";
import { BackupGround } from "../backup-ground.ts";
import { killVictim, type Victim } from "../backup-victims.ts";
import { BACKUP_WORKS, type BackupWork, type PreparedWork } from "../backup-works.ts";
import { spread, type Campaign, type CampaignRun } from "../campaign.ts";
import { pick } from "../random.ts";

/** Backup, prune, copy and verify killed with -9: nothing is lost, nothing falsely proven, and the same command finishes. */
export const backup: Campaign = {
  name: "backup",
  description: "a component killed -9 at a random moment of a backup, a pruning, a copy, a proof",
  rounds: 15,
  async run(run) {
    const failures: string[] = [];
    const [finishing, tries]: [number[], number[]] = [[], []];
    const ground = await BackupGround.begin(run.lab);
    const lengths = await measureWorks(ground, run);
    let missed = 0;
    for (let round = 1; round <= run.rounds; round++) {
      const work = BACKUP_WORKS[(round - 1) % BACKUP_WORKS.length]!;
      const turn = Math.floor((round - 1) / BACKUP_WORKS.length);
      const victim = work.victims[turn % work.victims.length]!;
      // Every other proof meets a repository with one byte that is not as it was stored.
      const isDamaged = work.name === "verify" && turn % 2 === 0;
      const moment = run.random() * lengths.get(work)!;
      const end = await disturb({ ground, run, work, victim, moment, isDamaged });
      if (!end.isHit) missed += 1;
      finishing.push(end.seconds);
      tries.push(end.tries);
      failures.push(...end.faults.map((fault) => `round ${round}, ${end.words}: ${fault}`));
      run.say(
        `${round} of ${run.rounds}: ${end.words} after ${moment.toFixed(1)} s` +
          `${end.isHit ? "" : " (was not there)"}; finished in ${end.seconds.toFixed(1)} s, ` +
          `${end.tries} ${end.tries === 1 ? "try" : "tries"}; ${end.faults.length === 0 ? "whole" : end.faults.join("; ")}`,
      );
    }
    const most = Math.max(0, ...tries);
    return {
      rounds: run.rounds,
      failures,
      figures: { not_there: missed, tries_most: most, ...spread("finished", finishing) },
    };
  },
};

/** Seconds of each work undisturbed. */
async function measureWorks(
  ground: BackupGround,
  { random, say }: CampaignRun,
): Promise<ReadonlyMap<BackupWork, number>> {
  const lengths = new Map<BackupWork, number>();
  for (const work of BACKUP_WORKS) {
    const prepared = await work.prepare(ground, random);
    const under = await prepared.start();
    const began = performance.now();
    await under.ended;
    const seconds = (performance.now() - began) / 1000;
    lengths.set(work, seconds);
    say(`undisturbed: ${work.name} ${seconds.toFixed(1)} s`);
  }
  return lengths;
}

interface Disturbance {
  readonly ground: BackupGround;
  readonly run: CampaignRun;
  readonly work: BackupWork;
  readonly victim: Victim;
  /** Seconds after which it is killed. */
  readonly moment: number;
  readonly isDamaged: boolean;
}

interface DisturbanceEnd {
  readonly words: string;
  readonly isHit: boolean;
  readonly faults: readonly string[];
  readonly seconds: number;
  readonly tries: number;
}

async function disturb(disturbance: Disturbance): Promise<DisturbanceEnd> {
  const { ground, run, work, victim, moment, isDamaged } = disturbance;
  const prepared = await work.prepare(ground, run.random);
  const before = await snapshotsThere(ground);
  const damaged = isDamaged ? pick(run.random, ground.repositories) : undefined;
  const pack = await damaged?.pack();
  if (pack !== undefined) await damaged!.turnByte(pack);
  const since = wholeSecond();
  const under = await prepared.start();
  await new Promise((resolve) => setTimeout(resolve, moment * 1000));
  const isHit = await killVictim(run.lab, victim, under, prepared.server);
  if (under.pid !== undefined) await under.ended;
  const faults: string[] = [];
  if (damaged !== undefined && pack !== undefined) {
    faults.push(...(await proofsOfDamaged(damaged, since)));
    const said = await prepared.again();
    if (said?.includes("backup-pack-damaged") !== true)
      faults.push(`a damaged pack of ${wordsOf(damaged)} is not named: ${said ?? "all is well"}`);
    faults.push(...(await proofsOfDamaged(damaged, since)));
    await damaged.turnByte(pack);
  }
  const { seconds, tries, failure } = await untilDone(prepared);
  if (failure !== undefined) faults.push(`does not finish: ${failure}`);
  faults.push(...lostSnapshots(before, await snapshotsThere(ground), prepared.going ?? []));
  faults.push(...(await damages(ground)), ...(await proven(ground)));
  const words = `${victim.name.replace("NAME", prepared.server)} killed in ${work.name}`;
  return {
    words: damaged === undefined ? words : `${words} of damaged ${wordsOf(damaged)}`,
    ...{ isHit, faults, seconds, tries },
  };
}

/** A container that was killed is up again after seconds, and an agent that goes on by itself has ended. */
const PATIENCE = 90;

/** The same command until it says that it is done. */
async function untilDone(
  prepared: PreparedWork,
): Promise<{ readonly seconds: number; readonly tries: number; readonly failure?: string }> {
  const began = performance.now();
  for (let tries = 1; ; tries++) {
    const failure = await prepared.again();
    const seconds = (performance.now() - began) / 1000;
    if (failure === undefined) return { seconds, tries };
    if (seconds > PATIENCE) return { seconds, tries, failure };
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

/** Everything is proven anew, and written down as such. */
async function proven(ground: BackupGround): Promise<readonly string[]> {
  const left = await ground.copied();
  const since = wholeSecond();
  const red = alarmsIn(await ground.verify()).map((what) => `verify backup: ${what}`);
  return [...left, ...red, ...(await missingProofs(ground, since))];
}

/** Repositories are looked at by a clock without fractions. */
function wholeSecond(): number {
  return Math.floor(Date.now() / 1000) * 1000;
}
