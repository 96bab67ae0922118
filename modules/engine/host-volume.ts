import { setTimeout } from "node:timers/promises";

import type { Diagnostic } from "../core/diagnostic.ts";
import { answerOf, EngineRefusal, type Engine } from "./docker-engine.ts";
import { stopAgents } from "./host-agents.ts";
import {
  hideRepository,
  IN_ORDER,
  markRepository,
  REPOSITORY_RESERVE,
  repositoryMark,
  repositoryMarkFile,
  showRepository,
} from "./host-repository.ts";
import { allocateImage, createImage } from "./host-volume-image.ts";
import { damaged, inUse, shrinks, stillThere } from "./host-volume-problems.ts";

/** Where size-limited volumes live on an engine's host. */
export const HOST_VOLUME_ROOT = "/var/lib/simpul";

/** One ext4 image: the only quota that works for a directory on every engine (lab: overlay2 has none here). */
export interface HostVolume {
  /** Name of the Docker volume that binds `data`. */
  readonly name: string;
  readonly image: string;
  readonly mount: string;
  /** Inside the mounted file system, so it is absent while that is not mounted: Docker then refuses to start. */
  readonly data: string;
}

/** What a volume is for, beside its size. */
export interface HostVolumeOptions {
  /** Folder and name by which it is shown to a server that runs already: `simpul-uji-backup-server-cadangan/ppdb-online`. */
  readonly repository?: string | undefined;
}

/** What was done to a volume: `grown` from a smaller one, `ready` when nothing had to be done. */
export type HostVolumeResult = "created" | "mounted" | "grown" | "ready";

const NAME = /^[a-z0-9][a-z0-9.-]{0,127}$/;

/** Paths of a volume. The name becomes part of a path and must be of slugs: anything else is our own mistake. */
export function hostVolume(name: string, root = HOST_VOLUME_ROOT): HostVolume {
  if (!NAME.test(name) || name.includes("..")) throw new Error(`"${name}" cannot name a volume`);
  const mount = `${root}/mounts/${name}`;
  return { name, image: `${root}/volumes/${name}.ext4`, mount, data: `${mount}/data` };
}

/**
 * Makes sure that a volume of this size exists, is mounted and has all its size: creates an ext4 image with all its blocks,
 * mounts it, or grows it while it is in use. Safe to repeat after a stop at any point; never shrinks.
 */
export async function ensureHostVolume(
  engine: Engine,
  name: string,
  sizeBytes: number,
  root = HOST_VOLUME_ROOT,
  { repository }: HostVolumeOptions = {},
): Promise<HostVolumeResult | Diagnostic> {
  const volume = hostVolume(name, root);
  const present = await imageSize(engine, volume);
  if (present === undefined) {
    const reserve = repository === undefined ? 0 : REPOSITORY_RESERVE;
    const lacking = await createImage(engine, volume, sizeBytes, reserve);
    if (lacking !== undefined) return lacking;
  }
  if (repository !== undefined) await markRepository(engine, volume, repository);
  const problem = await mountImage(engine, volume);
  if (typeof problem === "object") return problem;
  if (present !== undefined && present > sizeBytes) return shrinks(volume, present, sizeBytes);
  if (present === undefined) return "created";
  // Also when the sizes agree: a stop between the two steps of growing leaves a large image with a small file system.
  const hindrance = await grow(engine, volume, sizeBytes);
  if (hindrance !== undefined) return hindrance;
  if (present < sizeBytes) return "grown";
  return problem === "mounted" ? "mounted" : "ready";
}

async function imageSize(engine: Engine, { image }: HostVolume): Promise<number | undefined> {
  const { code, stdout } = await engine.run(["stat", "--format=%s", image]);
  return code === 0 ? Number(stdout) : undefined;
}

const MOUNT_OPTIONS = "loop,nodev,noatime";

async function mountImage(
  engine: Engine,
  volume: HostVolume,
): Promise<"mounted" | "was-mounted" | Diagnostic> {
  const { image, mount, data } = volume;
  const repository = await repositoryMark(engine, volume);
  const show = async (): Promise<void> => {
    if (repository !== undefined) await showRepository(engine, volume, repository);
  };
  if (await loopOf(engine, volume)) {
    await answerOf(engine, ["mkdir", "--parents", "--mode=0755", data]);
    await show();
    return "was-mounted";
  }
  // Never while a container still has it open: mending would replay the journal under a mounted file system.
  if ((await loopDevices(engine, volume)) === "") {
    // 1: mended, 2: mended and should be re-read, which the mount below does.
    const check = await engine.run(["e2fsck", "-p", image]);
    if (check.code > 2) return damaged(volume, check.stdout.trim() || check.stderr.trim());
  }
  await answerOf(engine, ["mkdir", "--parents", mount]);
  const options = repository === undefined ? MOUNT_OPTIONS : `${MOUNT_OPTIONS},${IN_ORDER}`;
  await answerOf(engine, ["mount", "-o", options, image, mount]);
  await answerOf(engine, ["mkdir", "--parents", "--mode=0755", data]);
  await show();
  return "mounted";
}

/** The loop device that is mounted there; empty when nothing is. */
async function loopOf(engine: Engine, { mount }: HostVolume): Promise<string> {
  const { stdout } = await engine.run([
    "findmnt",
    "--noheadings",
    "--output=SOURCE",
    "--mountpoint",
    mount,
  ]);
  return stdout.trim().split("\n").at(-1) ?? "";
}

/** Live where the kernel allows it; else while nothing uses the volume, which somebody has to see to. */
async function grow(
  engine: Engine,
  volume: HostVolume,
  sizeBytes: number,
): Promise<Diagnostic | undefined> {
  const { image, mount } = volume;
  const loop = await loopOf(engine, volume);
  const lacking = await allocateImage(engine, volume, sizeBytes);
  if (lacking !== undefined) return lacking;
  await answerOf(engine, ["losetup", "--set-capacity", loop]);
  const live = ["resize2fs", loop];
  const answer = await engine.run(live);
  if (answer.code === 0) return undefined;
  // ext4 grows a mounted file system only for CAP_SYS_RESOURCE, which even root lacks on some machines.
  if (!answer.stderr.includes("Permission denied")) throw new EngineRefusal(engine, live, answer);

  const agents = await stopAgents(engine, volume);
  await hideRepository(engine, volume);
  await answerOf(engine, ["umount", mount]);
  const free = await isLetGo(engine, volume);
  if (free) {
    await engine.run(["e2fsck", "-f", "-p", image]);
    await answerOf(engine, ["resize2fs", image]);
  }
  const problem = await mountImage(engine, volume);
  if (typeof problem === "object") return problem;
  if (agents.length > 0) await answerOf(engine, ["docker", "start", ...agents]);
  return free ? undefined : inUse(volume);
}

/**
 * Whether nothing has the image open. A container keeps a mount of its own, and the loop device with that: two writers
 * would ruin the file system. One that has just ended lets go a moment later.
 */
async function isLetGo(engine: Engine, volume: HostVolume): Promise<boolean> {
  for (let tries = 0; tries < 15; tries++) {
    if ((await loopDevices(engine, volume)) === "") return true;
    await setTimeout(200);
  }
  return false;
}

/** Loop devices that have the image open, wherever they are mounted; empty when none has. */
async function loopDevices(engine: Engine, { image }: HostVolume): Promise<string> {
  return (await answerOf(engine, ["losetup", "--noheadings", "--associated", image])).trim();
}

/** Unmounts a volume and deletes its image with everything in it. What is not there is no error. */
export async function removeHostVolume(
  engine: Engine,
  name: string,
  root = HOST_VOLUME_ROOT,
): Promise<Diagnostic | undefined> {
  const volume = hostVolume(name, root);
  const docker = await engine.run(["docker", "volume", "inspect", "--format", "{{.Name}}", name]);
  if (docker.code === 0) return stillThere(volume);
  await hideRepository(engine, volume);
  // The loop device goes with its mount (autoclear), the mount only when nobody has a file of it open.
  if (await loopOf(engine, volume)) await answerOf(engine, ["umount", volume.mount]);
  const files = [volume.image, `${volume.image}.new`, repositoryMarkFile(volume)];
  await answerOf(engine, ["rm", "--force", ...files]);
  await engine.run(["rmdir", volume.mount]);
  return undefined;
}

/** Names of all volumes whose image is on the engine's host, or an unfinished one; sorted. */
export async function listHostVolumes(
  engine: Engine,
  root = HOST_VOLUME_ROOT,
  suffix: ".ext4" | ".ext4.new" = ".ext4",
): Promise<readonly string[]> {
  const argv = [
    "find",
    `${root}/volumes`,
    "-maxdepth",
    "1",
    "-type",
    "f",
    "-name",
    `*${suffix}`,
    "-printf",
    "%f\\n",
  ];
  const { stdout } = await engine.run(argv);
  const files = stdout.split("\n").filter((file) => file !== "");
  return files.map((file) => file.slice(0, -suffix.length)).toSorted();
}

/** Mounts every image that is there, as after a reboot; one that fails does not keep the others back. */
export async function mountHostVolumes(
  engine: Engine,
  root = HOST_VOLUME_ROOT,
): Promise<{ readonly mounted: readonly string[]; readonly findings: readonly Diagnostic[] }> {
  const mounted: string[] = [];
  const findings: Diagnostic[] = [];
  for (const name of await listHostVolumes(engine, root)) {
    const result = await mountImage(engine, hostVolume(name, root));
    if (typeof result === "object") findings.push(result);
    else mounted.push(name);
  }
  return { mounted, findings };
}
