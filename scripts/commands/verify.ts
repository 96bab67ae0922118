import path from "node:path";

import type { Command } from "commander";

import type { Engine } from "../../modules/engine/docker-engine.ts";
import type { Verification } from "../../modules/verify/verify.ts";
import { TOPICS, type TopicEntry } from "../../modules/verify/topics.ts";
import { EXIT, type Output } from "../output.ts";
import type { Prepared } from "../project.ts";
import {
  evidenceOption,
  ledgerOf,
  record,
  softwareVersions,
  type EvidenceOptions,
  type Recorded,
} from "./evidence-ledger.ts";

import {
  addBackupOptions,
  backupAtHand,
  type BackupAtHand,
  type BackupOptions,
} from "./verify-backup.ts";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
/** What setup found out about this machine. */
const ENVIRONMENT_FILE = path.join(CHECKOUT, ".simpul", "env");

/** `simpul verify wan|vps|dns|all`: does what runs match the plan? */
export function registerVerify(program: Command, output: Output): void {
  const verify = program
    .command("verify")
    .description("compare the running system with the plan; changes nothing")
    .addHelpText("after", "\nExample:\n  $ simpul verify all");
  const all = TOPICS.map(({ name }) => name).join(", ");
  for (const topic of TOPICS) register(verify, output, topic.name, topic.description, [topic]);
  register(verify, output, "all", `all of it: ${all}`, TOPICS);
}

function register(
  verify: Command,
  output: Output,
  name: string,
  description: string,
  topics: readonly TopicEntry[],
): void {
  const words = `verify ${name}`;
  addBackupOptions(verify.command(name), name)
    .description(description)
    .addOption(evidenceOption())
    .option("--no-evidence", "keep nothing of it: a look between two changes")
    .addHelpText("after", `\nExample:\n  $ simpul ${words} --json | jq .measured`)
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<VerifyOptions>();
      const { report } = await import("../output.ts");
      const verification = await observe(output, words, options, topics);
      if (verification === undefined) return;
      const { findings, measured, nothingThere, kept } = verification;
      const evidence = kept.lines.map(({ kind, sequence, time }) => ({ kind, sequence, time }));
      report(output, words, options, [...findings, ...kept.findings], { measured, evidence });
      const isLost = kept.findings.some(({ severity }) => severity === "error");
      if (nothingThere || isLost) output.exitCode(EXIT.environment);
      else if (options.json !== true) output.line(verdict(verification));
    });
}

async function observe(
  output: Output,
  words: string,
  options: VerifyOptions,
  topics: readonly TopicEntry[],
): Promise<KeptVerification | undefined> {
  const { prepareOrReport } = await import("../project.ts");
  const prepared = await prepareOrReport(output, words, options);
  if (prepared === undefined) return undefined;
  const { verify } = await import("../../modules/verify/verify.ts");
  const { localEngine } = await import("../../modules/engine/docker-engine.ts");
  const { firewallState } = await import("../../modules/engine/firewall.ts");
  const { terraformEnvironment } = await import("../../modules/engine/terraform-environment.ts");
  const { interruptible, progressOf } = await import("./stack-command.ts");
  const { report } = await import("../output.ts");
  const { authorityCertificate } = await import("../../stacks/edge-secrets.ts");
  const authority = authorityCertificate(path.join(CHECKOUT, ".simpul/secrets", options.kabupaten));
  const environment = await terraformEnvironment(ENVIRONMENT_FILE, process.env);
  const engine = localEngine(environment);
  const proves = topics.some(({ name }) => name === "backup");
  return interruptible(output, options.json, async (interrupt) => {
    const backups = proves ? await backupAtHand(options, prepared, interrupt) : undefined;
    if (backups !== undefined && "severity" in backups) {
      report(output, words, options, [backups]);
      output.exitCode(EXIT.environment);
      return undefined;
    }
    const verification = await verify({
      plan: prepared.plan,
      inventory: prepared.inventory,
      engine,
      topics,
      progress: progressOf(output, options.json),
      ...(authority !== undefined && { authority }),
      ...(backups !== undefined && { backup: backups.backup }),
      firewall: () => firewallState(CHECKOUT, environment["DOCKER_HOST"]),
    });
    if (verification.nothingThere) return { ...verification, kept: { lines: [], findings: [] } };
    return {
      ...verification,
      kept: await kept(options, prepared, { engine, verification, backups }),
    };
  });
}

/** Puts what was found into the ledger: a line for each topic, and one for each repository. */
async function kept(
  options: VerifyOptions,
  prepared: Prepared,
  found: {
    readonly engine: Engine;
    readonly verification: Verification;
    readonly backups: BackupAtHand | undefined;
  },
): Promise<Recorded> {
  const { topicEvidence } = await import("../../modules/verify/topic-evidence.ts");
  const { backupEvidence } = await import("../../modules/verify/backup-evidence.ts");
  const versions = await softwareVersions(await engineVersion(found.engine));
  const { duties } = prepared.inventory;
  const { lines, findings } = await record(options, [
    ...topicEvidence(found.verification, duties, versions),
    ...backupEvidence(found.backups?.outcomes ?? [], duties, versions),
  ]);
  if (lines.length === 0 || options.evidence === false) return { lines, findings };
  const { copyHeads } = await import("./evidence-drc.ts");
  const { folder } = ledgerOf(options.kabupaten, options.evidence);
  const copied = await copyHeads(prepared, folder);
  return { lines, findings: [...findings, ...copied.findings] };
}

type VerifyOptions = EvidenceOptions & BackupOptions;

interface KeptVerification extends Verification {
  readonly kept: Recorded;
}

async function engineVersion(engine: Engine): Promise<string> {
  const { answerOf } = await import("../../modules/engine/docker-engine.ts");
  const words = ["docker", "version", "--format", "{{.Server.Version}}"];
  return (await answerOf(engine, words)).trim();
}

function verdict({ findings }: Verification): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  if (errors > 0) return `${errors} things are not as planned`;
  return warnings > 0 ? `as planned, with ${warnings} warnings` : "everything is as planned";
}
