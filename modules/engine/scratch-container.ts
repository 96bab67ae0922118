import { LABEL } from "../plan/engine-names.ts";
import { answerOf, type Engine, type EngineAnswer } from "./docker-engine.ts";

/**
 * Marks what lives for one proof or restore only. No `kabupaten` label: nothing of it is planned, so drift and verify
 * do not take it for something that somebody forgot.
 */
const SCRATCH_LABEL = `${LABEL}.scratch`;
const CONTROL = 60;

export interface ScratchMount {
  /** Name of a Docker volume, or an absolute path on the engine's host. */
  readonly source: string;
  readonly path: string;
  readonly readOnly?: boolean;
}

export interface ScratchSpec {
  readonly name: string;
  /** Who works with it: what carries the same one and belongs to no living run is swept. */
  readonly purpose: string;
  /** Id of the image. */
  readonly image: string;
  readonly mounts: readonly ScratchMount[];
  readonly memoryBytes: number;
  readonly capabilities?: readonly string[];
  readonly user?: string;
}

export interface ScratchRun {
  readonly stdin?: Buffer;
  /** After which it is ended, with exit code 124. */
  readonly seconds?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A container without a network in which untrusted data is unpacked; gone with everything in it after `remove`. */
export class ScratchContainer {
  private constructor(
    readonly engine: Engine,
    readonly name: string,
  ) {}

  /** @throws {EngineRefusal} when the engine cannot start it */
  static async start(engine: Engine, spec: ScratchSpec): Promise<ScratchContainer> {
    await engine.run(["docker", "rm", "--force", "--volumes", spec.name]);
    const { capabilities = [], user, mounts, memoryBytes } = spec;
    await answerOf(engine, [
      ...["docker", "run", "--detach", "--name", spec.name, "--network", "none"],
      ...["--label", `${SCRATCH_LABEL}=${spec.purpose}`, "--log-driver", "none"],
      ...["--memory", `${memoryBytes}`, "--memory-swap", `${memoryBytes}`, "--pids-limit", "512"],
      ...["--security-opt", "no-new-privileges", "--cap-drop", "ALL"],
      ...capabilities.flatMap((one) => ["--cap-add", one]),
      ...["--tmpfs", `${SECRETS}:mode=0700,size=1m`],
      ...mounts.flatMap(({ source, path, readOnly }) => [
        "--mount",
        `type=${source.startsWith("/") ? "bind" : "volume"},source=${source},target=${path}${readOnly === true ? ",readonly" : ""}`,
      ]),
      ...(user === undefined ? [] : ["--user", user]),
      spec.image,
    ]);
    return new ScratchContainer(engine, spec.name);
  }

  /** Runs a program in it, behind everything else that wants the processor. */
  run(argv: readonly string[], options: ScratchRun = {}): Promise<EngineAnswer> {
    const { stdin, seconds = CONTROL, environment = {} } = options;
    return this.engine.run(
      [
        ...["docker", "exec", "--interactive"],
        ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ...[this.name, "timeout", "--kill-after=10", `${seconds}`, "nice", "-n", "10", ...argv],
      ],
      stdin,
    );
  }

  /** Puts a secret where only its root reads it, and no disk ever holds it. */
  async keepSecret(name: string, text: string): Promise<string> {
    const file = `${SECRETS}/${name}`;
    const argv = ["docker", "exec", "--interactive", this.name];
    const put = ["sh", "-c", 'umask 077; cat >"$1"', "sh", file];
    await answerOf(this.engine, [...argv, ...put], Buffer.from(text));
    return file;
  }

  /** Whether the kernel ended one of its programs for want of memory. */
  async wasOutOfMemory(): Promise<boolean> {
    const format = ["--format", "{{.State.OOMKilled}}", this.name];
    const { stdout } = await this.engine.run(["docker", "container", "inspect", ...format]);
    return stdout.trim() === "true";
  }

  async remove(): Promise<void> {
    await this.engine.run(["docker", "rm", "--force", "--volumes", this.name]);
  }
}

const SECRETS = "/run/simpul-scratch";

/** A volume on the engine's disk that is swept with the containers of its purpose. */
export async function makeScratchVolume(
  engine: Engine,
  name: string,
  purpose: string,
): Promise<void> {
  await engine.run(["docker", "volume", "rm", "--force", name]);
  await answerOf(engine, [
    ...["docker", "volume", "create", "--label", `${SCRATCH_LABEL}=${purpose}`, name],
  ]);
}

export async function removeScratchVolume(engine: Engine, name: string): Promise<void> {
  await engine.run(["docker", "volume", "rm", "--force", name]);
}

/**
 * Removes what a killed run left behind. Only for who holds the lock of that purpose: no other run is alive then.
 * @returns how many containers and volumes there were
 */
export async function sweepScratch(engine: Engine, purpose: string): Promise<number> {
  const filter = ["--filter", `label=${SCRATCH_LABEL}=${purpose}`];
  const list = async (argv: readonly string[]): Promise<readonly string[]> =>
    (await answerOf(engine, [...argv, "--quiet", ...filter])).split("\n").filter(Boolean);
  const containers = await list(["docker", "ps", "--all", "--no-trunc"]);
  if (containers.length > 0)
    await engine.run(["docker", "rm", "--force", "--volumes", ...containers]);
  const volumes = await list(["docker", "volume", "ls"]);
  if (volumes.length > 0) await engine.run(["docker", "volume", "rm", "--force", ...volumes]);
  return containers.length + volumes.length;
}
