import type { Diagnostic } from "../core/diagnostic.ts";
import type { ReplicaPlan, StandbyPlan } from "../plan/drc-plan.ts";
import { engineName } from "../plan/engine-names.ts";
import { answerOf, type Engine } from "./docker-engine.ts";
import { installPackages } from "./vps-packages.ts";

const COMMAND = "/usr/local/bin/simpul-replica";

/** The latest copy of one server's volume, as the DRC has it; times in seconds of Unix time. */
export interface VolumeCopy {
  readonly server: string;
  /** What was written before this is in it; undefined where there is no whole copy yet. */
  readonly began?: number;
  readonly ended?: number;
  readonly bytes?: number;
  /** Of files that differed from the copy before. */
  readonly changedBytes?: number;
  /** When a try last failed, after the copy was made, and why. */
  readonly failed?: { readonly at: number; readonly why: string };
  /** The copy became the standby's data; nothing is copied meanwhile. */
  readonly active: boolean;
}

/**
 * Every copy, as the fetching end tells.
 * @throws {EngineRefusal} when it does not run
 */
export async function volumeCopies(
  engine: Engine,
  kabupaten: string,
  replica: ReplicaPlan,
): Promise<readonly VolumeCopy[]> {
  const copier = copierContainer(kabupaten, replica);
  const said = await answerOf(engine, ["docker", "exec", copier, COMMAND, "status"]);
  return parseCopies(
    said,
    replica.volumes.map(({ server }) => server),
  );
}

/** Reads `simpul-replica status`: lines `SERVER KEY VALUE`. */
export function parseCopies(text: string, servers: readonly string[]): readonly VolumeCopy[] {
  return servers.map((server) => {
    const lines = text.split("\n").filter((line) => line.startsWith(`${server} `));
    const values = new Map(
      lines.map((line) => {
        const [, key = "", ...rest] = line.split(" ");
        return [key, rest.join(" ")] as const;
      }),
    );
    const number = (key: string): number | undefined =>
      /^\d+$/.test(values.get(key) ?? "") ? Number(values.get(key)) : undefined;
    const [began, ended, bytes, changedBytes] = ["began", "ended", "bytes", "changed"].map(number);
    const failedAt = number("failed");
    return {
      server,
      ...(began !== undefined && { began }),
      ...(ended !== undefined && { ended }),
      ...(bytes !== undefined && { bytes }),
      ...(changedBytes !== undefined && { changedBytes }),
      ...(failedAt !== undefined && {
        failed: { at: failedAt, why: values.get("error") ?? "" },
      }),
      active: values.get("active") === "yes",
    };
  });
}

/**
 * Starts a standby with the last whole copy of its server's volume as its data, and with the packages of its file. From
 * then on nothing is copied to it. May be run again after a stop at any point; does nothing to one that runs. Whoever
 * calls this sees to it that the server does not run at the Pusat Data (lease) and moves its address (service-move.ts).
 * @returns why it could not be started
 */
export async function startStandby(
  engine: Engine,
  kabupaten: string,
  replica: ReplicaPlan,
  standby: StandbyPlan,
): Promise<Diagnostic | undefined> {
  const container = standbyContainer(kabupaten, standby);
  if (await isRunning(engine, container)) return undefined;
  const copier = copierContainer(kabupaten, replica);
  const argv = ["docker", "exec", copier, COMMAND, "activate", standby.standsFor];
  const activated = await engine.run(argv);
  if (activated.code !== 0) return notActivated(container, activated.stderr);
  await answerOf(engine, ["docker", "start", container]);
  if (standby.packages.length === 0) return undefined;
  const installed = await installPackages(engine, container, standby.packages);
  return typeof installed === "string" ? undefined : installed;
}

/** Stops a standby; its data stays, and nothing is copied to it until it is released. */
export async function stopStandby(
  engine: Engine,
  kabupaten: string,
  standby: StandbyPlan,
): Promise<void> {
  await answerOf(engine, ["docker", "stop", standbyContainer(kabupaten, standby)]);
}

/**
 * Lets copies go on to a standby that stands still: its server works at the Pusat Data again, with all that was written at
 * the DRC. What the standby has is kept until the next copy is whole.
 * @returns why it could not be released
 */
export async function releaseStandby(
  engine: Engine,
  kabupaten: string,
  replica: ReplicaPlan,
  standby: StandbyPlan,
): Promise<Diagnostic | undefined> {
  const container = standbyContainer(kabupaten, standby);
  if (await isRunning(engine, container))
    return notReleased(container, "it runs: a copy would take its data away from under it");
  const copier = copierContainer(kabupaten, replica);
  const argv = ["docker", "exec", copier, COMMAND, "release", standby.standsFor];
  const done = await engine.run(argv);
  return done.code === 0 ? undefined : notReleased(container, done.stderr.trim());
}

/** `simpul-temanggung-vps-ppdb-online-drc`. */
export function standbyContainer(kabupaten: string, { name }: Pick<StandbyPlan, "name">): string {
  return engineName({ kabupaten, role: "vps", name });
}

/** The fetching end at the DRC. */
export function copierContainer(kabupaten: string, { copier }: ReplicaPlan): string {
  return engineName({ kabupaten, role: "backup-runner", name: copier.name });
}

async function isRunning(engine: Engine, container: string): Promise<boolean> {
  const format = ["--format", "{{.State.Running}}", container];
  return (await engine.run(["docker", "container", "inspect", ...format])).stdout.trim() === "true";
}

function notActivated(container: string, said: string): Diagnostic {
  return {
    id: "standby-not-ready",
    severity: "error",
    what: `${container} cannot be started with its server's data: ${said.trim() || "the copier does not answer"}`,
    why: "without a whole copy it would begin empty, and people would take that for their data",
    fix: "simpul verify drc says how old each copy is and why the last one failed; else bring its data back from the copy of its backup",
  };
}

function notReleased(container: string, why: string): Diagnostic {
  return {
    id: "standby-not-released",
    severity: "error",
    what: `${container} gets no copies yet: ${why}`,
    why: "a standby without copies grows old",
    fix: "stop it first, once its data is back at the Pusat Data; then run the same again",
  };
}
