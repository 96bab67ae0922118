import path from "node:path";

import type { Command } from "commander";

import { Fault } from "../../modules/core/fault.ts";
import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Engine } from "../../modules/engine/docker-engine.ts";
import type { HostDuty } from "../../modules/engine/host-apply.ts";
import type { HostStepCall } from "../../modules/engine/host-step-call.ts";
import type { Inventory } from "../../modules/inventory/model.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

interface ApplyOptions extends CommonOptions {
  readonly engine: string;
  readonly yes?: boolean;
}

/** What a stack asks of the host that it stands on. */
interface Prepared {
  readonly inventory?: Inventory;
  readonly calls: readonly HostStepCall[];
  readonly findings: readonly Diagnostic[];
  readonly exitCode?: number;
}

/** Brings a whole engine's host to what the plan says: firewall, boot, disks, limits, secrets. */
export function registerHostApply(host: Command, output: Output): void {
  host
    .command("apply")
    .description("bring an engine's host to what the plan says; a dry run until it is confirmed")
    .option("--engine <name>", "key under engines in kabupaten.yaml", "local")
    .option("--yes", "do it without asking")
    .addHelpText("after", "\nExample:\n  $ simpul host apply --engine pd1 --yes")
    .action((_own: object, command: Command) =>
      apply(output, command.optsWithGlobals<ApplyOptions>()),
    );
}

async function apply(output: Output, options: ApplyOptions): Promise<void> {
  const prepared = await prepareCalls(options);
  if (prepared.exitCode !== undefined) {
    report(output, "host apply", options, prepared.findings);
    return output.exitCode(prepared.exitCode);
  }
  const engine = await reach(options, prepared.inventory!);
  if (engine instanceof Fault) {
    const { what, fix } = engine;
    const why = "steps on a host run there, as root, over a connection whose other end is known";
    report(output, "host apply", options, [
      { id: "engine-host-unreachable", severity: "error", what, why, fix },
    ]);
    return output.exitCode(EXIT.environment);
  }
  const { EngineRefusal } = await import("../../modules/engine/docker-engine.ts");
  const { hostRefusal } = await import("./host.ts");
  try {
    await applyOn(output, options, engine, prepared);
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    report(output, "host apply", options, [hostRefusal("host apply", error)]);
  } finally {
    engine.close();
  }
}

async function applyOn(
  output: Output,
  options: ApplyOptions,
  engine: Engine,
  { calls, findings }: Prepared,
): Promise<void> {
  const { surveyHost } = await import("../../modules/engine/host-apply.ts");
  const duties = await surveyHost(engine, calls);
  const lacking = duties.filter(({ lacks }) => lacks !== undefined);
  const changes = lacking.map(({ what, lacks }) => ({ what, change: lacks }));
  if (options.json !== true)
    output.line(
      [
        `Engine ${options.engine}: ${lacking.length} of ${duties.length} things are not as planned`,
        ...lacking.map(({ what, lacks }) => `  ${what}: ${lacks}`),
      ].join("\n"),
    );
  const applied = lacking.length > 0 && (await confirmed(output, options));
  const left = applied ? await mendAll(output, options, lacking) : [];
  report(output, "host apply", options, [...findings, ...left], {
    engine: options.engine,
    looked: duties.length,
    changes,
    applied,
  });
}

/** One that fails does not keep the others back. */
async function mendAll(
  output: Output,
  options: ApplyOptions,
  duties: readonly HostDuty[],
): Promise<readonly Diagnostic[]> {
  const left: Diagnostic[] = [];
  for (const [index, { what, mend }] of duties.entries()) {
    if (options.json !== true) output.line(`${index + 1} of ${duties.length}: ${what}`);
    const problem = await mend();
    if (problem !== undefined) left.push(problem);
  }
  return left;
}

async function confirmed(output: Output, { yes, json, engine }: ApplyOptions): Promise<boolean> {
  if (yes === true) return true;
  if (json === true) return false;
  if (output.ask === undefined) {
    output.line("Nothing was changed: this was a dry run. To apply it: simpul host apply --yes");
    return false;
  }
  const answer = await output.ask(`Type ${engine} to do exactly this: `);
  if (answer?.trim() === engine) return true;
  output.line("Nothing was changed.");
  return false;
}

/** Stacks stand on the engine of the Pusat Data; others have a firewall and a boot to be seen to, and no more. */
async function prepareCalls(options: ApplyOptions): Promise<Prepared> {
  const { LOCAL, prepare, ROOT } = await import("../../stacks/prepare.ts");
  const { inventory, plan, findings, unreadable } = await prepare({
    kabupaten: options.kabupaten,
    inventory: options.inventory,
  });
  if (inventory === undefined || plan === undefined) {
    const exitCode = unreadable === true ? EXIT.usage : EXIT.findings;
    return { calls: [], findings, exitCode };
  }
  const { engines, sites } = inventory.kabupaten;
  if (!engines.has(options.engine)) {
    const known = [...engines.keys()].join(", ");
    const finding = unknownEngine(options.engine, known);
    return { calls: [], findings: [...findings, finding], exitCode: EXIT.usage };
  }
  if (sites.get("pusat-data")?.engine !== options.engine) return { inventory, calls: [], findings };
  const { synthesisOptions } = await import("../../stacks/synthesise.ts");
  const machine = synthesisOptions(plan, inventory.trustAnchors, { local: LOCAL, root: ROOT });
  if (machine instanceof Fault) {
    const { what, fix } = machine;
    const why = "a stack names its images by id and its zones by their keys";
    const missing = { id: "setup-missing", severity: "error", what, why, fix } as const;
    return { calls: [], findings: [...findings, missing], exitCode: EXIT.environment };
  }
  const { hostStepsOf } = await import("../../stacks/host-steps.ts");
  return { inventory, calls: await hostStepsOf(plan, machine), findings };
}

async function reach(
  { engine: name }: ApplyOptions,
  { kabupaten }: Inventory,
): Promise<(Engine & { readonly close: () => void }) | Fault> {
  const { host } = kabupaten.engines.get(name)!;
  if (host === undefined) {
    const { localEngine } = await import("../../modules/engine/docker-engine.ts");
    return { ...localEngine(process.env), close: () => {} };
  }
  const { LOCAL } = await import("../../stacks/prepare.ts");
  const { connectEngine } = await import("../../modules/engine/ssh-engine.ts");
  const folder = process.env["SIMPUL_ENGINE_KEYS"] ?? path.join(LOCAL, "secrets", "engines");
  return connectEngine({ name, host, secrets: path.join(folder, name) });
}

function unknownEngine(name: string, known: string): Diagnostic {
  return {
    id: "engine-unknown",
    severity: "error",
    what: `kabupaten.yaml has no engine ${name}, but ${known}`,
    why: "a host is brought to what the plan says of it",
    fix: "name one of these with --engine, or add it under engines",
  };
}
