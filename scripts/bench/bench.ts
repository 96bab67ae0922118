// `npm run bench`: what people wait for, beside what others need for the same; recorded in docs/benchmarks.md.
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import path from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { ROOT } from "../../stacks/prepare.ts";
import { allocate } from "./allocate.ts";
import { check } from "./check.ts";
import { alternate, type Subject } from "./contender.ts";
import { deploy, drift, unchanged } from "./deploy.ts";
import { evidence } from "./evidence.ts";
import { findPeers } from "./peers.ts";
import { reportText } from "./report.ts";
import { request } from "./request.ts";
import { servers } from "./servers.ts";
import { setup } from "./setup.ts";
import { synth } from "./synth.ts";
import { verifyBackup } from "./verify-backup.ts";

interface Options {
  readonly rounds: number;
  readonly agencies: number;
  readonly gigabytes: number;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const NAMES = [
  "setup",
  "check",
  "allocate",
  "evidence",
  "synth",
  "deploy",
  "unchanged",
  "drift",
  "request",
  "servers",
  "verify-backup",
] as const;
/** Too heavy to run when nobody has named it. */
const ALONE: ReadonlySet<string> = new Set(["servers", "verify-backup"]);

const command = new Command("bench")
  .description("measure Simpul beside cdktf, terraform, netlab and netaddr, alternating in one run")
  .argument(
    "[subjects...]",
    `which: ${NAMES.join(", ")}; all but ${[...ALONE].join(" and ")} when none is named`,
  )
  .option("--rounds <number>", "how often each takes part", positive, 5)
  .option(
    "--agencies <number>",
    "by how many uji is widened for what needs an engine",
    positive,
    12,
  )
  .option("--gigabytes <number>", "size of what verify-backup proves", positive, 10)
  .addHelpText("after", "\nExample:\n  $ npm run bench -- check allocate --rounds 7")
  .action(bench);
await command.parseAsync();

async function bench(names: readonly string[], options: Options): Promise<void> {
  const unknown = names.find((name) => !NAMES.some((known) => known === name));
  if (unknown !== undefined)
    command.error(`"${unknown}" is none of ${NAMES.join(", ")}`, { exitCode: 2 });
  const peers = await findPeers();
  console.log(
    `${machine()}; ${typeof peers === "string" ? "no peers in Python" : peers.versions}\n`,
  );
  const all = subjects(options);
  for (const subject of all.filter(({ name }) =>
    names.length === 0 ? !ALONE.has(name) : names.includes(name),
  ))
    console.log(await measured(subject, options.rounds));
}

function subjects({ agencies, gigabytes }: Options): readonly Subject[] {
  return [
    setup,
    check,
    allocate,
    evidence,
    synth,
    deploy(agencies),
    unchanged(agencies),
    drift(agencies),
    request(agencies),
    servers,
    verifyBackup(gigabytes),
  ];
}

async function measured({ name, begin }: Subject, rounds: number): Promise<string> {
  const started = await begin();
  const stop = (): void => {
    // What was deployed must not stay behind; what is running ends by the same signal, or in vain.
    void started.end?.().finally(() => process.exit(130));
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    const load = loadavg()[0]!.toFixed(1);
    const figures = await alternate(started.contenders, rounds);
    const about = `${started.about}; load before ${load}`;
    return reportText(name, { ...started, about }, figures);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    await started.end?.();
  }
}

function machine(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const cdktf = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return `${cpus().length} x ${processor?.model ?? "unknown"}, ${memory} GiB, Node ${process.version}, cdktf ${cdktf.dependencies["cdktf"]}`;
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("Write a whole number above 0.");
}
