import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { withDatabases, type LoadableDatabases } from "../../modules/engine/restore-database.ts";
import { judgeDatabases, readCounts, readLoaded } from "../../modules/verify/backup-databases.ts";
import { judgeTool } from "../../modules/verify/backup-tools.ts";
import { confirmed } from "./restore-confirm.ts";
import { journalOf } from "./restore-journal.ts";
import { containersOf, type RestoreAtHand, type RestoreEnd } from "./restore-at-hand.ts";
import { backUpFirst } from "./restore-safety.ts";
import { progressOf } from "./stack-command.ts";
import { EXIT } from "../output.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** Databases: loads each dump beside the present one, counts its rows, and only then lets both change places. */
export async function restoreDatabases(atHand: RestoreAtHand): Promise<RestoreEnd> {
  const { plan, engine, source, target, options, output } = atHand;
  if (target.server === undefined)
    return {
      findings: [
        wrongArgument("a database is restored into a server", "leave --to away, or name a VPS"),
      ],
      exitCode: EXIT.usage,
    };
  const asked = options.database!;
  const journal = journalOf(atHand, { database: asked });
  const earlier = await journal.read();
  if (earlier !== undefined && "severity" in earlier) return { findings: [earlier] };
  const { id, time } =
    atHand.snapshots.find((one) => one.id === earlier?.snapshot) ?? atHand.snapshot;
  const words = `${asked === "all" ? "all databases" : `database ${asked}`} as of ${time.slice(0, 16).replace("T", " ")} (snapshot ${id.slice(0, 8)}) would take the place of what is there`;
  if (!(await confirmed(output, options, target, words)))
    return { findings: [], restored: { restored: false } };
  const progress = progressOf(output, options.json);
  progress.begin("restore", 4);
  const { runner } = containersOf(plan.name, target.server);
  const step = (text: string): void => progress.step(text);
  // What is there is backed up next, and would be the newest for the same command.
  await journal.write({ snapshot: id });
  const end = await withDatabases(
    engine,
    {
      ...{ source, snapshot: id, target: target.volume, step },
      name: asked === "all" ? undefined : asked,
      mostBytes:
        (target.server.runner?.sourceBytes ?? 0) + (target.server.runner?.spool.bytes ?? 0),
    },
    (databases) =>
      restoreInto(databases, { asked, step, backUp: () => backUpFirst(engine, runner, step) }),
  );
  progress.end();
  await journal.remove();
  if ("code" in end) return { findings: judgeTool("restic restore", end) };
  const { done, findings, safety = "", exitCode } = end;
  if (findings.length === 0 && options.json !== true)
    output.line(
      `${done.join(", ")}: restored into ${target.name}, every row counted; the former stands beside as simpul_former_…, and in snapshot ${safety.slice(0, 8)}.`,
    );
  return {
    findings,
    ...(exitCode !== undefined && { exitCode }),
    restored: { restored: findings.length === 0, databases: done, snapshot: id, safety },
  };
}

interface Loaded {
  readonly done: readonly string[];
  readonly findings: readonly Diagnostic[];
  /** Snapshot of what was there. */
  readonly safety?: string;
  readonly exitCode?: number;
}

/** What is not in the dumps is refused before anything is done. */
async function restoreInto(
  databases: LoadableDatabases,
  {
    asked,
    step,
    backUp,
  }: {
    readonly asked: string;
    readonly step: (words: string) => void;
    readonly backUp: () => Promise<string | Diagnostic>;
  },
): Promise<Loaded> {
  const { names } = databases;
  const wanted = asked === "all" ? names : names.filter((name) => name === asked);
  if (wanted.length === 0)
    return {
      done: [],
      exitCode: EXIT.usage,
      findings: [
        wrongArgument(
          `there is no dump of a database "${asked}"`,
          `name one of ${names.join(", ") || "none"}`,
        ),
      ],
    };
  const safety = await backUp();
  if (typeof safety === "object") return { done: [], findings: [safety] };
  return { ...(await loadAll(databases, wanted, step)), safety };
}

async function loadAll(
  { counts, load, swap }: LoadableDatabases,
  wanted: readonly string[],
  step: (words: string) => void,
): Promise<Loaded> {
  const expected = readCounts(counts) ?? new Map<string, number>();
  const done: string[] = [];
  for (const name of wanted) {
    step(`loading ${name}`);
    const answer = await load(name);
    const own = new Map([...expected].filter(([key]) => key.startsWith(`${name}\t`)));
    const problems =
      answer.code === 0
        ? judgeDatabases(own, [name], readLoaded(answer.stdout))
        : judgeTool("loading the dump", answer);
    if (problems.length > 0) return { done, findings: problems };
    const swapped = await swap(name);
    if (swapped.code !== 0) return { done, findings: judgeTool("renaming the database", swapped) };
    done.push(name);
  }
  return { done, findings: [] };
}
