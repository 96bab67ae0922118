import { InvalidArgumentError, type Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Engine } from "../../modules/engine/docker-engine.ts";
import { report, type CommonOptions, type Output } from "../output.ts";
import { registerHostApply } from "./host-apply.ts";

/** What a host step found or did, in a line, or why it could not. */
type HostStep = (engine: Engine) => Promise<string | readonly Diagnostic[]>;

interface VolumeOptions {
  readonly size: number;
  readonly hostname?: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly repository?: string;
}

interface LimitOptions {
  readonly cpus?: number;
  readonly pids: number;
  readonly disk?: string;
}

/**
 * Steps on an engine's host that no provider takes: sizes of disks, limits of processes, secrets. Terraform calls them
 * by local-exec, so that plain `cdktf deploy` does them too; each looks first and does only what is missing.
 */
export function registerHost(program: Command, output: Output): void {
  const host = program
    .command("host")
    .description("steps on the engine's host: disks, limits, secrets")
    .addHelpText("after", "\nExample:\n  $ simpul host apply");

  host
    .command("volume <name>")
    .description("make, mount or grow a size-limited volume; never shrinks it")
    .requiredOption("--size <bytes>", "size of its file system", whole)
    .option("--hostname <name>", "also write the server's own hosts, hostname and resolv.conf")
    .option("--ipv4 <address>", "the server's address, for hosts")
    .option("--ipv6 <address>", "the server's address, for hosts")
    .option("--repository <folder/name>", "show it to a backup server, in the folder of that")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul host volume simpul-temanggung-vps-ppdb-online --size 21474836480",
    )
    .action((name: string, options: VolumeOptions, command: Command) =>
      step(output, command, async (engine) => {
        const { ensureHostVolume } = await import("../../modules/engine/host-volume.ts");
        const { writeHostFiles } = await import("../../modules/engine/host-files.ts");
        const { size, hostname, ipv4, ipv6, repository } = options;
        const result = await ensureHostVolume(engine, name, size, undefined, { repository });
        if (typeof result === "object") return [result];
        if (hostname !== undefined && ipv4 !== undefined && ipv6 !== undefined)
          await writeHostFiles(engine, name, { hostname, ipv4, ipv6 });
        // Whoever makes a volume sees to it that the host's next boot finds it mounted.
        const { installBootUnit } = await import("../../modules/engine/host-boot.ts");
        if (result === "created") await installBootUnit(engine);
        return `${name}: ${result}`;
      }),
    );

  host
    .command("remove-volume <name>")
    .description("delete a size-limited volume that no Docker volume uses any more, with its data")
    .addHelpText("after", "\nExample:\n  $ simpul host remove-volume simpul-uji-vps-ppdb-online")
    .action((name: string, _own: object, command: Command) =>
      step(output, command, async (engine) => {
        const { removeHostVolume } = await import("../../modules/engine/host-volume.ts");
        const problem = await removeHostVolume(engine, name);
        return problem === undefined ? `${name}: removed` : [problem];
      }),
    );

  host
    .command("limits <containers>")
    .description("set and check limits of running containers, without a restart")
    .option("--cpus <number>", "processors' worth of time", positive)
    .requiredOption("--pids <number>", "processes and threads", whole)
    .addHelpText(
      "after",
      `
Several containers stand with commas between them.

Example:
  $ simpul host limits simpul-temanggung-vps-ppdb-online --cpus 2 --pids 1024`,
    )
    .option("--disk <volume>", "size-limited volume that bounds the root layer, too")
    .action((containers: string, { disk, ...limits }: LimitOptions, command: Command) =>
      step(output, command, async (engine) => {
        const { applyHostLimits } = await import("../../modules/engine/host-limits.ts");
        const { boundRootLayer } = await import("../../modules/engine/host-root-layer.ts");
        const names = containers.split(",");
        for (const name of disk === undefined ? [] : names) {
          const layer = await boundRootLayer(engine, name, disk!);
          if (typeof layer === "object") return [layer];
        }
        const result = await applyHostLimits(engine, names, limits);
        return typeof result === "string" ? `${names.join(", ")}: limits ${result}` : result;
      }),
    );

  host
    .command("packages <container>")
    .description("install Debian packages in a running VPS, from a store that outlives it")
    .requiredOption("--install <names>", "with commas between them", packageNames)
    .addHelpText(
      "after",
      `
A container of the VPS's own image fetches them: from the mirrors that the image knows, or from
the one of SIMPUL_PACKAGE_SOURCE, a line of an apt source.

Example:
  $ simpul host packages simpul-temanggung-vps-ppdb-online --install git,redis-server`,
    )
    .action((container: string, { install }: { install: readonly string[] }, command: Command) =>
      step(output, command, async (engine) => {
        const { installPackages } = await import("../../modules/engine/vps-packages.ts");
        const line = process.env["SIMPUL_PACKAGE_SOURCE"];
        const result = await installPackages(engine, container, install, { line });
        return typeof result === "string" ? `${container}: packages ${result}` : [result];
      }),
    );

  host
    .command("stop <container>")
    .description("stop a container whose file says suspended; its volume and addresses stay")
    .addHelpText("after", "\nExample:\n  $ simpul host stop simpul-temanggung-vps-ppdb-online")
    .action((container: string, _own: object, command: Command) =>
      step(output, command, async (engine) => {
        const { stopContainer } = await import("../../modules/engine/host-stop.ts");
        const result = await stopContainer(engine, container);
        return typeof result === "string" ? `${container}: ${result}` : [result];
      }),
    );

  host
    .command("secrets <volume>")
    .description(
      "fill a Docker volume with the files of a folder of mode 0700, through the role's carrier",
    )
    .requiredOption("--from <dir>", "local folder")
    .requiredOption("--image <id>", "image of the role that reads them, by id")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul host secrets simpul-temanggung-name-server-ns1 --from DIR --image sha256:…",
    )
    .action((volume: string, { from, image }: { from: string; image: string }, command: Command) =>
      step(output, command, async (engine) => {
        const { fillSecrets } = await import("../../modules/engine/docker-secrets.ts");
        const result = await fillSecrets(engine, volume, from, image);
        return typeof result === "number" ? `${volume}: ${result} secrets in place` : [result];
      }),
    );

  host
    .command("place-secrets <name>")
    .description("bring a folder of mode 0700 to the host, for containers that mount parts of it")
    .requiredOption("--from <dir>", "local folder")
    .requiredOption("--owner <uid>", "user of the folder server in it; root's is all else", whole)
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul host place-secrets simpul-temanggung-config-backup-secrets --from DIR --owner 34",
    )
    .action((name: string, { from, owner }: { from: string; owner: number }, command: Command) =>
      step(output, command, async (engine) => {
        const { placeSecrets } = await import("../../modules/engine/secrets-folder.ts");
        const result = await placeSecrets(engine, name, from, owner);
        return typeof result === "number" ? `${name}: ${result} secrets in place` : [result];
      }),
    );

  registerHostApply(host, output);
}

async function step(output: Output, command: Command, work: HostStep): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const words = `host ${command.name()}`;
  const { EngineRefusal, localEngine } = await import("../../modules/engine/docker-engine.ts");
  const result = await work(localEngine(process.env)).catch((error: unknown) => {
    if (error instanceof EngineRefusal) return [hostRefusal(words, error)];
    throw error;
  });
  if (typeof result !== "string") return report(output, words, options, result);
  report(output, words, options, [], { done: result });
  if (options.json !== true) output.line(result);
}

export function hostRefusal(command: string, error: Error): Diagnostic {
  return {
    id: "host-step-refused",
    severity: "error",
    what: error.message,
    why: `simpul ${command} needs root on the engine's host, its tools and a running engine`,
    fix: "run scripts/setup.sh, then the same command again",
  };
}

function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("a whole number above 0 is needed.");
  return Number(text);
}

/** Of the form that the inventory allows: none can be an option of apt. */
function packageNames(text: string): readonly string[] {
  const names = text.split(",");
  if (names.some((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name)))
    throw new InvalidArgumentError("names of Debian packages are needed.");
  return names;
}

function positive(text: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(text) || Number(text) <= 0)
    throw new InvalidArgumentError("a number above 0 is needed.");
  return Number(text);
}
