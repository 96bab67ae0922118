// `npm run prove`: the long campaigns. Each breaks the kabupaten of the tests again and again on the real engine.
import { writeSync } from "node:fs";
import path from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { lockStates } from "../../modules/engine/stack-lock.ts";
import { LOCAL } from "../../stacks/prepare.ts";
import type { Campaign, CampaignEnd } from "./campaign.ts";
import { backup } from "./campaigns/backup.ts";
import { cleanProofs } from "./campaigns/clean-proofs.ts";
import { containers } from "./campaigns/containers.ts";
import { fullDisk } from "./campaigns/full-disk.ts";
import { kills } from "./campaigns/kills.ts";
import { damagedStates } from "./campaigns/states.ts";
import { together } from "./campaigns/together.ts";
import { wan } from "./campaigns/wan.ts";
import { engineIsOurs } from "./engine.ts";
import { Interrupted, ProveLab } from "./prove-lab.ts";
import { randomFrom } from "./random.ts";

/** In the order in which they run. */
const CAMPAIGNS = [kills, together, fullDisk, damagedStates, containers, backup, cleanProofs, wan];

interface Options {
  readonly only?: readonly Campaign[];
  readonly rounds?: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly killEngine?: boolean;
}

await new Command("prove")
  .description("the long campaigns, on the kabupaten of the tests")
  .option("--only <names>", "some of them, joined by commas", campaignsNamed)
  .option("--rounds <n>", "rounds of each campaign, instead of its own number", wholeNumber)
  .option("--seed <n>", "random choices of an earlier run", wholeNumber, Date.now() % 1_000_000)
  .option("--kill-engine", "kill the engine too when other containers of simpul are on it")
  .option("--json", "one JSON object for programs")
  .addHelpText("after", helpText())
  .action(prove)
  .parseAsync();

/** Runs them one after another; exit code 1 when something was not proven, 130 when it was interrupted. */
async function prove(options: Options): Promise<void> {
  const say = (text: string): void => {
    if (options.json !== true) writeSync(1, `${text}\n`);
  };
  const lock = await lockStates(path.join(LOCAL, "prove"), "the kabupaten of the tests");
  if ("severity" in lock) {
    say(`${lock.what}: ${lock.fix}`);
    process.exitCode = 1;
    return;
  }
  const interrupt = interruptible(say);
  say(`seed ${options.seed}`);
  const mayKillEngine = options.killEngine === true || (await engineIsOurs());
  if (!mayKillEngine)
    say(
      "the engine is not killed: other kabupaten are on it, or setup did not start it (--kill-engine)",
    );
  const ends: Record<string, CampaignEnd> = {};
  for (const campaign of options.only ?? CAMPAIGNS) {
    if (interrupt.aborted) break;
    const rounds = options.rounds ?? campaign.rounds;
    say(`\n${campaign.name}: ${campaign.description}`);
    const random = randomFrom(options.seed);
    const tell = (text: string): void => say(`  ${text}`);
    const end = await runOne(campaign, interrupt, (lab) =>
      campaign.run({ lab, rounds, random, mayKillEngine, say: tell }),
    );
    ends[campaign.name] = end;
    for (const line of endText(end)) tell(line);
  }
  const ok =
    !interrupt.aborted && Object.values(ends).every(({ failures }) => failures.length === 0);
  if (options.json === true)
    writeSync(
      1,
      `${JSON.stringify({ command: "prove", ok, seed: options.seed, campaigns: ends })}\n`,
    );
  process.exitCode = interrupt.aborted ? 130 : ok ? 0 : 1;
  await lock.release();
}

/** A lab of its own for each, removed whatever happens. */
async function runOne(
  campaign: Campaign,
  interrupt: AbortSignal,
  work: (lab: ProveLab) => Promise<CampaignEnd>,
): Promise<CampaignEnd> {
  const lab = await ProveLab.create(interrupt);
  try {
    return await work(lab);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const what = error instanceof Interrupted ? "interrupted" : `broke off: ${why}`;
    return { rounds: 0, failures: [`${campaign.name}: ${what}`], figures: {} };
  } finally {
    await lab.remove();
  }
}

function endText({ rounds, failures, figures }: CampaignEnd): readonly string[] {
  const told = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  return [
    `${rounds} rounds, ${failures.length === 0 ? "all proven" : `${failures.length} failures`}: ${told.join(", ")}`,
    ...failures.map((failure) => `FAILED ${failure}`),
  ];
}

/** A Ctrl-C ends the present step and then cleans up; a second one only says that it is being done. */
function interruptible(say: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
    say("interrupted: what was deployed is being removed");
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}

function campaignsNamed(text: string): readonly Campaign[] {
  return text.split(",").map((name) => {
    const found = CAMPAIGNS.find((campaign) => campaign.name === name);
    if (found === undefined)
      throw new InvalidArgumentError(`There are: ${CAMPAIGNS.map((one) => one.name).join(", ")}.`);
    return found;
  });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError("A whole number from 1 on.");
  return number;
}

function helpText(): string {
  const lines = CAMPAIGNS.map(
    ({ name, rounds, description }) =>
      `  ${name.padEnd(12)} ${String(rounds).padStart(3)}  ${description}`,
  );
  return `\nCampaigns and their rounds:\n${lines.join("\n")}\n\nExample:\n  $ npm run prove -- --only kills --rounds 3 --seed 42`;
}
