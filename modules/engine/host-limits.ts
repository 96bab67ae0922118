import type { Diagnostic } from "../core/diagnostic.ts";
import { answerOf, type Engine } from "./docker-engine.ts";

/** Limits that the Docker provider cannot set, or only by making a container anew. */
export interface HostLimits {
  /** Processors' worth of time: 0.25, 2. */
  readonly cpus: number;
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
 * Sets the limits of a running container, without a restart, and checks that the engine took them.
 * @returns whether something had to be changed, or why it could not
 */
export async function applyHostLimits(
  engine: Engine,
  container: string,
  limits: HostLimits,
): Promise<"changed" | "ready" | Diagnostic> {
  const present = await limitsOf(engine, container);
  if (present === undefined) return missing(container);
  if (matches(present, limits)) return "ready";
  // A container that was once given --cpus takes no quota any more.
  const cpu =
    present.NanoCpus > 0
      ? ["--cpus", String(limits.cpus)]
      : ["--cpu-period", `${PERIOD}`, "--cpu-quota", `${quota(limits)}`];
  await answerOf(engine, ["docker", "update", ...cpu, "--pids-limit", `${limits.pids}`, container]);
  const now = await limitsOf(engine, container);
  return now !== undefined && matches(now, limits) ? "changed" : notTaken(container, limits, now);
}

/** Whether a container has these limits; undefined when it is not there. */
export async function hasHostLimits(
  engine: Engine,
  container: string,
  limits: HostLimits,
): Promise<boolean | undefined> {
  const present = await limitsOf(engine, container);
  return present && matches(present, limits);
}

async function limitsOf(engine: Engine, container: string): Promise<Limits | undefined> {
  const argv = ["docker", "container", "inspect", "--format", "{{json .HostConfig}}", container];
  const { code, stdout } = await engine.run(argv);
  return code === 0 ? (JSON.parse(stdout) as Limits) : undefined;
}

function quota({ cpus }: HostLimits): number {
  return Math.round(cpus * PERIOD);
}

function matches(
  { CpuPeriod, CpuQuota, NanoCpus, PidsLimit }: Limits,
  limits: HostLimits,
): boolean {
  const cpu =
    NanoCpus > 0
      ? NanoCpus === Math.round(limits.cpus * 1e9)
      : CpuPeriod === PERIOD && CpuQuota === quota(limits);
  return cpu && PidsLimit === limits.pids;
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
    what: `${container} should have ${limits.cpus} cpu and ${limits.pids} pids, but has ${JSON.stringify({ quota: now?.CpuQuota, pids: now?.PidsLimit })}`,
    why: "a VPS without its limits can starve its neighbours",
    fix: "see that the kernel has the cpu and pids controllers: docker info",
  };
}
