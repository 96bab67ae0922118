import path from "node:path";

import { InvalidArgumentError, type Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { AgentStatus } from "../../modules/engine/backup-agents.ts";
import type { RepositoryPlan } from "../../modules/plan/backup-plan.ts";
import { report, type CommonOptions, type Output } from "../output.ts";

interface StatusOptions extends CommonOptions {
  readonly wait?: number;
}

/** `simpul backup status`: what each agent last did, and whether the DRC has it. */
export function registerBackupStatus(backup: Command, output: Output): void {
  backup
    .command("status")
    .description("what the agent beside each server last did, and whether the DRC has it")
    .option("--wait <seconds>", "wait for first backups that are under way", whole)
    .addHelpText("after", "\nExample:\n  $ simpul backup status --wait 60")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<StatusOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const prepared = await prepareOrReport(output, "backup status", options);
      if (prepared === undefined) return;
      const { LOCAL } = await import("../../stacks/prepare.ts");
      const { terraformEnvironment } =
        await import("../../modules/engine/terraform-environment.ts");
      const { localEngine } = await import("../../modules/engine/docker-engine.ts");
      const { agentStatuses, firstBackups } = await import("../../modules/engine/backup-agents.ts");
      const engine = localEngine(await terraformEnvironment(path.join(LOCAL, "env"), process.env));
      const { name: kabupaten, backup: planned } = prepared.plan;
      const repositories = (planned?.repositories ?? []).filter(({ runner }) => runner);
      const names = repositories.map(({ name }) => name);
      const waiting = (count: number): void => output.status?.(`${count} first backups under way`);
      const statuses = await firstBackups(engine, kabupaten, names, options.wait ?? 0, waiting);
      output.status?.("");
      const copier = planned?.copier?.name;
      const copies =
        copier === undefined
          ? undefined
          : (await agentStatuses(engine, kabupaten, [copier])).get(copier)?.repositories;
      const findings = repositories.flatMap((one) => problemOf(one, statuses.get(one.name)));
      report(output, "backup status", options, findings, {
        agents: Object.fromEntries(statuses),
        copies: copies ?? {},
      });
      if (options.json !== true && names.length > 0)
        output.line(await table(names, statuses, copies));
    });
}

async function table(
  names: readonly string[],
  statuses: ReadonlyMap<string, AgentStatus>,
  copies: AgentStatus["repositories"],
): Promise<string> {
  const { columns } = await import("../../modules/plan/text-columns.ts");
  const rows = names.map((name) => {
    const { last, running, phase, next } = statuses.get(name) ?? {};
    const copy = copies?.[name];
    return [
      name,
      last === undefined ? "none yet" : minute(last.ended),
      last === undefined ? "" : `${last.seconds} s`,
      last === undefined ? "" : `${Math.ceil(last.bytes / 2 ** 20)} MiB new`,
      copy?.ok === true && copy.ended !== undefined ? `at the DRC ${minute(copy.ended)}` : "",
      running === true ? (phase ?? "") : next === undefined ? "" : `next ${minute(next)}`,
    ];
  });
  return columns([["SERVER", "LAST BACKUP", "TOOK", "SENT", "COPY", "NOW"], ...rows]);
}

function problemOf(
  { name }: RepositoryPlan,
  status: AgentStatus | undefined,
): readonly Diagnostic[] {
  if (status === undefined)
    return [
      {
        id: "backup-agent-away",
        severity: "error",
        what: `the agent beside ${name} does not answer`,
        why: "nobody takes its backups",
        fix: "see whether it is deployed and runs: simpul drift",
      },
    ];
  if (status.ok !== false) return [];
  return [
    {
      id: "backup-failed",
      severity: "error",
      what: `the last backup of ${name} failed (${status.reason ?? "unknown"}): ${status.message ?? ""}`,
      why: "what is not backed up is lost with its disk",
      fix: "docs/backup.md says what to do about each reason; it is tried again by itself",
    },
  ];
}

/** `2026-11-23 16:04`, UTC. */
function minute(time: string): string {
  return time.slice(0, "2026-11-23T16:04".length).replace("T", " ");
}

function whole(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("a number of seconds is needed.");
  return Number(text);
}
