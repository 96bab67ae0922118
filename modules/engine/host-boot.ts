import { readFile } from "node:fs/promises";

import { answerOf, type Engine } from "./docker-engine.ts";
import { putFile } from "./put-file.ts";

/** What stands on every engine's host, from scripts/setup. */
const FILES = [
  ["mount-volumes.sh", "/etc/simpul/mount-volumes.sh", "0755"],
  ["host-firewall.nft", "/etc/simpul/host-firewall.nft", "0644"],
  ["shared-limits.conf", "/etc/sysctl.d/60-simpul.conf", "0644"],
  ["simpul-volumes.service", "/etc/systemd/system/simpul-volumes.service", "0644"],
  ["simpul-firewall.service", "/etc/systemd/system/simpul-firewall.service", "0644"],
  [
    "docker-needs-firewall.conf",
    "/etc/systemd/system/docker.service.d/simpul-firewall.conf",
    "0644",
  ],
] as const;

/** Units of a boot, in the order that systemd gives them; all before the engine. */
export const BOOT_UNITS = ["simpul-firewall.service", "simpul-volumes.service"] as const;

/**
 * Sees that the host closes itself and mounts its volumes before the engine starts. Where no systemd runs, whoever
 * starts the engine must do both first, as setup does.
 * @returns what was found or done, in words
 */
export async function installBootUnit(engine: Engine): Promise<string> {
  if (!(await runsSystemd(engine)))
    return "no systemd here: setup mounts them before it starts the engine";
  await installBootFiles(engine);
  await answerOf(engine, ["systemctl", "daemon-reload"]);
  return "the next boot mounts them before the engine starts";
}

/** Lays the files that a boot needs, and enables the units, on a host that need not run systemd at the moment. */
export async function installBootFiles(engine: Engine): Promise<void> {
  for (const [from, to, mode] of FILES) await putFile(engine, to, mode, await textOf(from));
  await answerOf(engine, ["systemctl", "--root=/", "enable", ...BOOT_UNITS]);
}

/** Files of a boot that are missing on the host, or not as they should be. */
export async function staleBootFiles(engine: Engine): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const [from, to] of FILES) {
    const same = await engine.run(["cmp", "--silent", "-", to], await textOf(from));
    if (same.code !== 0) stale.push(to);
  }
  return stale;
}

export async function runsSystemd(engine: Engine): Promise<boolean> {
  return (await engine.run(["test", "-d", "/run/systemd/system"])).code === 0;
}

function textOf(file: string): Promise<Buffer> {
  return readFile(new URL(`../../scripts/setup/${file}`, import.meta.url));
}
