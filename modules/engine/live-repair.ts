import { networkOf } from "./container-facts.ts";
import type { Deviation } from "./deviation.ts";
import { answerOf, EngineRefusal, type Engine } from "./docker-engine.ts";
import { RUNS } from "./drift-healing.ts";
import type { FactDifference } from "./facts.ts";
import { applyHostLimits, hostLimits } from "./host-limits.ts";
import { ensureHostVolume } from "./host-volume.ts";
import { attach, detach, restoreServerNetwork } from "./live-network.ts";
import type { DeclaredObject, StackConfiguration } from "./stack-configuration.ts";
import { numberAt, textAt } from "./terraform-attributes.ts";

/** A repair that the engine, or its host, did not take. */
export interface RepairFailure {
  readonly deviation: Deviation;
  readonly reason: string;
}

/**
 * Puts right what needs no restart, one object after the other, by calls to the engine and its host only. What cannot be
 * done yet, because a network is still missing, is left for a later pass.
 * @param configurations by the stack's name
 */
export async function repairLive(
  engine: Engine,
  deviations: readonly Deviation[],
  configurations: ReadonlyMap<string, StackConfiguration>,
): Promise<readonly RepairFailure[]> {
  const failures: RepairFailure[] = [];
  for (const deviation of deviations.filter(({ healing }) => healing === "live")) {
    const configuration = configurations.get(deviation.stack);
    const declared = configuration?.objects.find(({ address }) => address === deviation.address);
    const work = async (): Promise<string | undefined> => {
      if (configuration === undefined) return undefined;
      if (deviation.kind === "volume") return repairDisk(engine, deviation, configuration);
      return declared && repairContainer(engine, deviation, declared, configuration);
    };
    const reason = await work().catch((error: unknown) => {
      if (error instanceof EngineRefusal) return error.message;
      throw error;
    });
    if (reason !== undefined) failures.push({ deviation, reason });
  }
  return failures;
}

async function repairDisk(
  engine: Engine,
  { engineName }: Deviation,
  { steps }: StackConfiguration,
): Promise<string | undefined> {
  const call = steps.find(({ step, target }) => step === "volume" && target === engineName);
  const repository = call?.options.get("repository");
  const size = Number(call?.options.get("size"));
  const result = await ensureHostVolume(engine, engineName, size, undefined, { repository });
  return typeof result === "object" ? result.what : undefined;
}

/** In this order: what is paused takes no other call, and what is stopped finds its networks when it starts. */
async function repairContainer(
  engine: Engine,
  deviation: Deviation,
  declared: DeclaredObject,
  { steps }: StackConfiguration,
): Promise<string | undefined> {
  const { id = "", differences } = deviation;
  const differs = (fact: string): FactDifference | undefined =>
    differences.find((one) => one.fact === fact);
  const state = differs(RUNS);
  const docker = (...argv: readonly string[]) => answerOf(engine, ["docker", ...argv]);
  if (state?.actual === "paused") await docker("unpause", id);
  if (differs("name")) await docker("rename", id, declared.name);
  const moved = differences.filter(({ fact }) => networkOf(fact) !== undefined);
  for (const one of moved) {
    const network = networkOf(one.fact)!;
    if (one.actual !== undefined) await detach(engine, id, network);
    if (one.expected !== undefined) await attach(engine, id, declared, network);
  }
  const update = updateOptions(declared, differences);
  if (update.length > 0) await docker("update", ...update, id);
  const limits = await repairLimits(
    engine,
    declared.name,
    differences,
    steps.find((call) => call.step === "limits" && call.target === declared.name)?.options,
  );
  if (limits !== undefined) return limits;
  if (state?.expected === "running" && state.actual !== "paused") await docker("start", id);
  if (state?.expected === "stopped") await docker("stop", id);
  const started = state?.expected === "running" && state.actual !== "paused";
  if (moved.length > 0 && !started) await restoreServerNetwork(engine, id, declared);
  return undefined;
}

function updateOptions(
  { attributes }: DeclaredObject,
  differences: readonly FactDifference[],
): readonly string[] {
  const differs = new Set(differences.map(({ fact }) => fact));
  const memory = numberAt(attributes, "memory");
  const swap = numberAt(attributes, "memory_swap") || memory * 2;
  return [
    // Together: the engine refuses one that does not fit the other as it was.
    ...(differs.has("memory") || differs.has("memory with swap")
      ? [`--memory=${memory}m`, `--memory-swap=${memory === 0 ? -1 : `${swap}m`}`]
      : []),
    ...(differs.has("memory reservation")
      ? [`--memory-reservation=${numberAt(attributes, "memory_reservation")}m`]
      : []),
    ...(differs.has("share of processors")
      ? [`--cpu-shares=${numberAt(attributes, "cpu_shares") || 1024}`]
      : []),
    ...(differs.has("processors by number")
      ? [`--cpuset-cpus=${textAt(attributes, "cpu_set")}`]
      : []),
    ...(differs.has("restart policy")
      ? [`--restart=${textAt(attributes, "restart") || "no"}`]
      : []),
  ];
}

/** Limits of processes and processors: those that a host step sets, else none. */
async function repairLimits(
  engine: Engine,
  container: string,
  differences: readonly FactDifference[],
  options: ReadonlyMap<string, string> | undefined,
): Promise<string | undefined> {
  const facts = differences.map(({ fact }) => fact);
  if (!facts.includes("processors") && !facts.includes("processes")) return undefined;
  if (options !== undefined) {
    const result = await applyHostLimits(engine, [container], hostLimits(options));
    if (typeof result === "object") return result[0]?.what;
    // The step says nothing of processors: whoever set some takes them away again below.
    if (options.has("cpus") || !facts.includes("processors")) return undefined;
    await answerOf(engine, ["docker", "update", "--cpu-quota=-1", container]);
    return undefined;
  }
  const none = ["--pids-limit=-1", ...(facts.includes("processors") ? ["--cpu-quota=-1"] : [])];
  await answerOf(engine, ["docker", "update", ...none, container]);
  return undefined;
}
