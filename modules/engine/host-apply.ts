import type { Diagnostic } from "../core/diagnostic.ts";
import { type Engine } from "./docker-engine.ts";
import { fillSecrets } from "./docker-secrets.ts";
import { closeHost, isClosed, raiseSharedLimits, sharedLimitsAreRaised } from "./host-kernel.ts";
import { installBootUnit, runsSystemd, staleBootFiles } from "./host-boot.ts";
import { observeDisks, type DiskObservation } from "./host-disks.ts";
import { writeHostFiles } from "./host-files.ts";
import { applyHostLimits, hasHostLimits, hostLimits, limitWords } from "./host-limits.ts";
import { boundRootLayer, hasBoundRootLayer } from "./host-root-layer.ts";
import type { HostStepCall } from "./host-step-call.ts";
import { ensureHostVolume, hostVolume, mountHostVolumes } from "./host-volume.ts";
import { putFile } from "./put-file.ts";
import { placeSecrets } from "./secrets-folder.ts";

/** One thing that a host should have. */
export interface HostDuty {
  /** `volume simpul-uji-vps-ppdb-online`. */
  readonly what: string;
  /** What is to be done about it, in words; absent when all is as it should be. */
  readonly lacks?: string;
  readonly mend: () => Promise<Diagnostic | undefined>;
}

/**
 * What an engine's host should have beside its containers, and what of it is missing: its firewall, shared limits and
 * boot files, then what the host steps of the stacks ask for: volumes before limits, as a deploy does them. Changes
 * nothing.
 * @param calls host steps of the stacks that stand on this engine
 */
export async function surveyHost(
  engine: Engine,
  calls: readonly HostStepCall[],
): Promise<readonly HostDuty[]> {
  const disks = await observeDisks(engine);
  const order = ["volume", "limits", "secrets", "place-secrets"];
  const duties = [await firewallDuty(engine), await sharedLimitsDuty(engine)];
  if (await runsSystemd(engine)) duties.push(await bootDuty(engine));
  duties.push(othersDuty(engine, calls, disks));
  for (const step of order)
    for (const call of calls.filter((one) => one.step === step))
      duties.push(await dutyOf(engine, call, disks));
  return duties;
}

async function dutyOf(
  engine: Engine,
  call: HostStepCall,
  disks: ReadonlyMap<string, DiskObservation>,
): Promise<HostDuty> {
  if (call.step === "volume") return volumeDuty(engine, call, disks.get(call.target));
  if (call.step === "limits") return limitsDuty(engine, call);
  return call.step === "secrets" ? secretsDuty(engine, call) : placeSecretsDuty(engine, call);
}

async function firewallDuty(engine: Engine): Promise<HostDuty> {
  const closed = await isClosed(engine);
  return {
    what: "firewall",
    ...(!closed && { lacks: "load the tables that keep product networks from the host" }),
    mend: () => closeHost(engine),
  };
}

async function sharedLimitsDuty(engine: Engine): Promise<HostDuty> {
  const raised = await sharedLimitsAreRaised(engine);
  return {
    what: "limits by user",
    ...(!raised && { lacks: "raise what one tenant could use up for all" }),
    mend: () => raiseSharedLimits(engine),
  };
}

async function bootDuty(engine: Engine): Promise<HostDuty> {
  const stale = await staleBootFiles(engine);
  return {
    what: "boot",
    ...(stale.length > 0 && { lacks: `install ${stale.join(", ")}` }),
    mend: async () => {
      await installBootUnit(engine);
      return undefined;
    },
  };
}

/** Volumes that these stacks do not know, of another kabupaten on the same host: they are mounted, too. */
function othersDuty(
  engine: Engine,
  calls: readonly HostStepCall[],
  disks: ReadonlyMap<string, DiskObservation>,
): HostDuty {
  const known = new Set(calls.map(({ target }) => target));
  const lost = [...disks].filter(([name, { mounted }]) => !mounted && !known.has(name));
  return {
    what: "other volumes",
    ...(lost.length > 0 && { lacks: `mount ${lost.map(([name]) => name).join(", ")}` }),
    mend: async () => (await mountHostVolumes(engine)).findings[0],
  };
}

async function volumeDuty(
  engine: Engine,
  { target, options }: HostStepCall,
  disk: DiskObservation | undefined,
): Promise<HostDuty> {
  const size = Number(options.get("size"));
  const hostname = options.get("hostname");
  const files = `${hostVolume(target).mount}/etc/hosts`;
  const hasFiles = hostname === undefined || (await engine.run(["test", "-e", files])).code === 0;
  const lacks =
    volumeLack(size, disk) ?? (hasFiles ? undefined : "write its hosts, hostname, resolv.conf");
  return {
    what: `volume ${target}`,
    ...(lacks !== undefined && { lacks }),
    mend: async () => {
      const repository = options.get("repository");
      const result = await ensureHostVolume(engine, target, size, undefined, { repository });
      if (typeof result === "object") return result;
      const [ipv4 = "", ipv6 = ""] = [options.get("ipv4"), options.get("ipv6")];
      if (hostname !== undefined) await writeHostFiles(engine, target, { hostname, ipv4, ipv6 });
      return undefined;
    },
  };
}

function volumeLack(size: number, disk: DiskObservation | undefined): string | undefined {
  const mebibytes = (bytes: number): number => Math.floor(bytes / 2 ** 20);
  if (disk === undefined) return `make it, ${mebibytes(size)} MiB`;
  if (disk.sizeBytes < size)
    return `grow from ${mebibytes(disk.sizeBytes)} to ${mebibytes(size)} MiB`;
  if (disk.sizeBytes > size)
    return `it has ${mebibytes(disk.sizeBytes)} MiB, more than ${mebibytes(size)}`;
  return disk.mounted ? undefined : "mount it";
}

async function limitsDuty(engine: Engine, { target, options }: HostStepCall): Promise<HostDuty> {
  const limits = hostLimits(options);
  const disk = options.get("disk");
  const has = await hasHostLimits(engine, target, limits);
  const bounded = disk === undefined ? true : await hasBoundRootLayer(engine, target, disk);
  const lacks = [
    has === false && `set ${limitWords(limits)}`,
    bounded === false && "restart it with what it writes on its own disk",
  ].filter((words) => words !== false);
  return {
    what: `container ${target}${has === undefined ? " (not there yet; simpul deploy makes it)" : ""}`,
    ...(lacks.length > 0 && { lacks: lacks.join(", ") }),
    mend: async () => {
      const layer = disk === undefined ? "ready" : await boundRootLayer(engine, target, disk);
      if (typeof layer === "object") return layer;
      const result = await applyHostLimits(engine, [target], limits);
      return typeof result === "object" ? result[0] : undefined;
    },
  };
}

const STAMPS = "/var/lib/simpul/secrets";

/** A stamp on the host says which secrets a volume was given last: the fingerprint that the stack triggers on. */
async function secretsDuty(
  engine: Engine,
  { target, options, triggers }: HostStepCall,
): Promise<HostDuty> {
  const format = ["--format", "{{.Mountpoint}}", target];
  const volume = await engine.run(["docker", "volume", "inspect", ...format]);
  const there = volume.code === 0;
  const plain = triggers.filter((trigger) => !trigger.includes("${"));
  // Inode and birth of the volume's folder: one that was made anew has been given nothing.
  const born = await engine.run(["stat", "--format=%i %W", volume.stdout.trim()]);
  const stamp = [...plain, born.stdout.trim()].join(" ");
  const { stdout } = await engine.run(["cat", `${STAMPS}/${target}`]);
  return {
    what: `secrets ${target}${there ? "" : " (its volume is not there yet; simpul deploy makes it)"}`,
    ...(there && stdout !== stamp && { lacks: "place them" }),
    mend: async () => {
      const [from = "", image = ""] = [options.get("from"), options.get("image")];
      const result = await fillSecrets(engine, target, from, image);
      if (typeof result === "object") return result;
      await putFile(engine, `${STAMPS}/${target}`, "0600", Buffer.from(stamp));
      return undefined;
    },
  };
}

async function placeSecretsDuty(
  engine: Engine,
  { target, options, triggers }: HostStepCall,
): Promise<HostDuty> {
  const stamp = triggers.join(" ");
  const { stdout } = await engine.run(["cat", `${STAMPS}/${target}.stamp`]);
  return {
    what: `secrets ${target}`,
    ...(stdout !== stamp && { lacks: "place them" }),
    mend: async () => {
      const result = await placeSecrets(
        engine,
        target,
        options.get("from") ?? "",
        Number(options.get("owner")),
      );
      if (typeof result === "object") return result;
      await putFile(engine, `${STAMPS}/${target}.stamp`, "0600", Buffer.from(stamp));
      return undefined;
    },
  };
}
