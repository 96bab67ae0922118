import type { Diagnostic } from "../core/diagnostic.ts";
import { CONFINE } from "./confine.ts";
import { answerOf, type Engine, type EngineAnswer } from "./docker-engine.ts";

/** In the volume that a VPS reads only (images/vps/debian-12): root of the VPS cannot change what runs there first. */
const SCRIPT = "/etc/simpul/boot/packages.sh";
const CONFIGURATION = "/etc/simpul";

/** Beside the mirrors that the image knows: one line of an apt source, of the Dinas' own mirror. */
export interface PackageSource {
  readonly line?: string | undefined;
}

/** Asked for last: it is never there, so that its name ends every whole answer. */
const NO_PACKAGE = "simpul-no-package";
const TRIES = 5;

interface VpsContainer {
  readonly running: boolean;
  /** Id of the image that it was made of. */
  readonly image: string;
  /** Volume at /etc/simpul. */
  readonly configuration: string;
}

/**
 * Installs Debian packages in a running VPS, which needs no way to a mirror for it: a container of the same image
 * fetches them, and all they need, into a store in the volume of the VPS's configuration. The store outlives the VPS's
 * container, so a rebuilt VPS gets them back from there. Nothing that is installed is upgraded or removed.
 * @returns what was done, or why not all of them could be installed
 */
export async function installPackages(
  engine: Engine,
  container: string,
  names: readonly string[],
  source: PackageSource = {},
): Promise<"installed" | "ready" | "not running" | Diagnostic> {
  const vps = await inspect(engine, container);
  if (vps === undefined) return noSuchVps(container);
  if (!vps.running) return "not running";
  const asked = await askWhole(engine, container, names);
  if (asked.code !== 0) return notInstalled(container, names, asked);
  const missing = names.filter((name) => asked.stdout.split("\n").includes(name));
  if (missing.length === 0) return "ready";
  const stored = await inside(engine, container, "install", missing);
  if (stored.code === 0) return "installed";
  // All of them, so that the store is whole for the next rebuild.
  const fetched = await fetch(engine, vps, names, source);
  if (fetched.code !== 0) return notFetched(container, missing, fetched);
  const installed = await inside(engine, container, "install", missing);
  return installed.code === 0 ? "installed" : notInstalled(container, missing, installed);
}

/** The engine sometimes loses what a short program said: half an answer would mean that nothing is missing. */
async function askWhole(
  engine: Engine,
  container: string,
  names: readonly string[],
): Promise<EngineAnswer> {
  for (let left = TRIES; ; left--) {
    const asked = await inside(engine, container, "missing", [...names, NO_PACKAGE]);
    if (asked.code !== 0 || asked.stdout.split("\n").includes(NO_PACKAGE)) return asked;
    if (left === 1) return { code: 1, stdout: "", stderr: "its answer did not arrive" };
  }
}

/** Under the same restraint as everything else in the VPS: a shell that its root has changed must gain nothing. */
function inside(
  engine: Engine,
  container: string,
  task: "missing" | "install",
  names: readonly string[],
): Promise<EngineAnswer> {
  const script = [CONFINE, "/bin/sh", SCRIPT, task, ...names];
  return engine.run(["docker", "exec", container, ...script]);
}

/** On the engine's own bridge, as images are built: the VPS itself may have no way to a mirror. */
function fetch(
  engine: Engine,
  { image, configuration }: VpsContainer,
  names: readonly string[],
  { line }: PackageSource,
): Promise<EngineAnswer> {
  const capabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER"].flatMap((name) => ["--cap-add", name]);
  return engine.run([
    ...["docker", "run", "--rm", "--network", "bridge", "--log-driver", "none"],
    ...["--security-opt", "no-new-privileges", "--cap-drop", "ALL", ...capabilities],
    ...["--volume", `${configuration}:${CONFIGURATION}`],
    ...(line === undefined || line === "" ? [] : ["--env", `SIMPUL_PACKAGE_SOURCE=${line}`]),
    ...["--entrypoint", "/bin/sh", image, SCRIPT, "fetch", ...names],
  ]);
}

async function inspect(engine: Engine, container: string): Promise<VpsContainer | undefined> {
  const { code } = await engine.run(["docker", "container", "inspect", container]);
  if (code !== 0) return undefined;
  const format = `{{.State.Running}} {{.Image}} {{range .Mounts}}{{if eq .Destination "${CONFIGURATION}"}}{{.Name}}{{end}}{{end}}`;
  const argv = ["docker", "container", "inspect", "--format", format, container];
  const [running, image = "", configuration = ""] = (await answerOf(engine, argv))
    .trim()
    .split(" ");
  if (configuration === "") return undefined;
  return { running: running === "true", image, configuration };
}

function noSuchVps(container: string): Diagnostic {
  return {
    id: "container-missing",
    severity: "error",
    what: `there is no VPS ${container} on the engine`,
    why: "packages are installed in a VPS that exists",
    fix: "deploy it first: simpul deploy",
  };
}

function notFetched(container: string, missing: readonly string[], said: EngineAnswer): Diagnostic {
  return {
    id: "packages-unreachable",
    severity: "error",
    what: `${missing.join(", ")} cannot be fetched for ${container}: ${complaint(said)}`,
    why: "the VPS runs, but without packages that its file lists",
    fix: "see that the name is one of Debian 12 and that the mirror answers (or name another: SIMPUL_PACKAGE_SOURCE); then simpul deploy",
  };
}

function notInstalled(
  container: string,
  missing: readonly string[],
  said: EngineAnswer,
): Diagnostic {
  return {
    id: "packages-refused",
    severity: "error",
    what: `${missing.join(", ")} cannot be installed in ${container}: ${complaint(said)}`,
    why: "the VPS runs, but without packages that its file lists; what else is installed there may stand in the way",
    fix: `in the VPS, as root: apt-get --fix-broken install; then simpul deploy`,
  };
}

/** What apt complained of first: the lines after it follow from it. */
function complaint({ stdout, stderr }: EngineAnswer): string {
  const lines = `${stderr}\n${stdout}`.split("\n").map((line) => line.trim());
  const error = lines.find((line) => line.startsWith("E: ")) ?? lines.find((line) => line !== "");
  return (error ?? "no reason given").replace(/^E: /, "");
}
