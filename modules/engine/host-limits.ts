import type { Diagnostic } from "../core/diagnostic.ts";
import { answerOf, type Engine } from "./docker-engine.ts";

/** Limits that the Docker provider cannot set, or only by making a container anew. */
export interface HostLimits {
  /** Processors' worth of time: 0.25, 2. Left as they are when absent. */
  readonly cpus?: number;
  /** Processes and threads. */
  readonly pids: number;
}

/**
 * Length of an accounting period in microseconds. Quota and period instead of `--cpus`: the provider reads back what
 * `--cpus` sets (NanoCpus) and plans to replace the container because of it (provider 4.6, tried); quota it does not
 * read. The kernel sees the same either way, and a quota above the host's processors is allowed.
 */
const PERIOD = 100_000;

interface Limits {
  readonly CpuPeriod: number;
  readonly CpuQuota: number;
  readonly NanoCpus: number;
  readonly PidsLimit: number | null;
}

/**
 * Sets the limits of running containers, without a restart, and checks that the engine took them.
 * @param containers names, not ids
 * @returns whether something had to be changed, or why it could not, for each container that has none
 */
export async function applyHostLimits(
  engine: Engine,
  containers: readonly string[],
  limits: HostLimits,
): Promise<"changed" | "ready" | readonly Diagnostic[]> {
  const present = await limitsOf(engine, containers);
  const lost = containers.filter((name) => !present.has(name));
  if (lost.length > 0) return lost.map(missing);
  const wrong = containers.filter((name) => !matches(present.get(name)!, limits));
  if (wrong.length === 0) return "ready";
  const pids = ["--pids-limit", `${limits.pids}`];
  // Of all at once only what is the same for all.
  if (limits.cpus === undefined) await answerOf(engine, ["docker", "update", ...pids, ...wrong]);
  else
    for (const name of wrong) {
      const cpu = processorOptions(present.get(name)!, limits.cpus);
      await answerOf(engine, ["docker", "update", ...cpu, ...pids, name]);
    }
  const now = await limitsOf(engine, wrong);
  const refused = wrong.filter((name) => {
    const taken = now.get(name);
    return taken === undefined || !matches(taken, limits);
  });
  return refused.length === 0
    ? "changed"
    : refused.map((name) => notTaken(name, limits, now.get(name)));
}

/** Whether a container has these limits; undefined when it is not there. */
export async function hasHostLimits(
  engine: Engine,
  container: string,
  limits: HostLimits,
): Promise<boolean | undefined> {
  const present = (await limitsOf(engine, [container])).get(container);
  return present && matches(present, limits);
}

/** Limits as the options of a host step say them. */
export function hostLimits(options: ReadonlyMap<string, string>): HostLimits {
  const cpus = options.get("cpus");
  return { ...(cpus !== undefined && { cpus: Number(cpus) }), pids: Number(options.get("pids")) };
}

async function limitsOf(
  engine: Engine,
  containers: readonly string[],
): Promise<ReadonlyMap<string, Limits>> {
  const format = ["--format", "{{.Name}} {{json .HostConfig}}"];
  // Names the engine does not know are complained about; the others are listed all the same.
  const { stdout } = await engine.run(["docker", "container", "inspect", ...format, ...containers]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [name = ""] = line.split(" ", 1);
      return [name.replace(/^\//, ""), JSON.parse(line.slice(name.length + 1)) as Limits] as const;
    }),
  );
}

/** A container that was once given --cpus takes no quota any more. */
function processorOptions({ NanoCpus }: Limits, cpus: number): readonly string[] {
  return NanoCpus > 0
    ? ["--cpus", String(cpus)]
    : ["--cpu-period", `${PERIOD}`, "--cpu-quota", `${quota(cpus)}`];
}

function quota(cpus: number): number {
  return Math.round(cpus * PERIOD);
}

function matches(
  { CpuPeriod, CpuQuota, NanoCpus, PidsLimit }: Limits,
  { cpus, pids }: HostLimits,
): boolean {
  if (PidsLimit !== pids) return false;
  if (cpus === undefined) return true;
  return NanoCpus > 0
    ? NanoCpus === Math.round(cpus * 1e9)
    : CpuPeriod === PERIOD && CpuQuota === quota(cpus);
}

function missing(container: string): Diagnostic {
  return {
    id: "container-missing",
    severity: "error",
    what: `there is no container ${container} on the engine`,
    why: "limits are set on a container that exists",
    fix: "deploy it first: simpul deploy",
  };
}

function notTaken(container: string, limits: HostLimits, now: Limits | undefined): Diagnostic {
  return {
    id: "limits-not-taken",
    severity: "error",
    what: `${container} should have ${limitWords(limits)}, but has ${JSON.stringify({ quota: now?.CpuQuota, pids: now?.PidsLimit })}`,
    why: "a container without its limits can starve its neighbours",
    fix: "see that the kernel has the cpu and pids controllers: docker info",
  };
}

/** `2 cpu and 1024 processes` */
export function limitWords({ cpus, pids }: HostLimits): string {
  return `${cpus === undefined ? "" : `${cpus} cpu and `}${pids} processes`;
}
