import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { LABEL } from "../../modules/plan/engine-names.ts";
import { LOCAL, ROOT } from "../../stacks/prepare.ts";
import { KABUPATEN } from "../twin/kabupaten-lab.ts";
import { killAtOnce } from "./processes.ts";

const run = promisify(execFile);

/** Where setup notes the engine that it started itself, and where Debian's own notes its process. */
const PID_FILES = [path.join(LOCAL, "run/dockerd.pid"), "/run/docker.pid"];

/** Kills the engine of this machine with -9 and lets setup start it again, as a person would. */
export async function killEngine(): Promise<void> {
  const pid = await enginePid();
  if (pid === undefined) throw new Error("the engine is not a process of this machine");
  killAtOnce([pid]);
  await run("bash", [path.join(ROOT, "scripts/setup.sh")], { timeout: 180_000 });
}

/** Ends the engine as a service manager would and lets setup start it again: what destroy asks of a person. */
export async function restartEngine(): Promise<void> {
  const pid = await enginePid();
  if (pid === undefined) throw new Error("the engine is not a process of this machine");
  process.kill(pid, "SIGTERM");
  while ((await enginePid()) === pid) await new Promise((resolve) => setTimeout(resolve, 200));
  await run("bash", [path.join(ROOT, "scripts/setup.sh")], { timeout: 180_000 });
}

/** Whether the engine can be killed here without taking down somebody else's containers. */
export async function engineIsOurs(): Promise<boolean> {
  const format = `{{.Label "${LABEL}.kabupaten"}}`;
  const { stdout } = await run("docker", ["ps", "--format", format]);
  const others = stdout
    .split("\n")
    .slice(0, -1)
    .filter((kabupaten) => kabupaten !== KABUPATEN);
  return others.length === 0 && (await enginePid()) !== undefined;
}

async function enginePid(): Promise<number | undefined> {
  for (const file of PID_FILES) {
    const pid = (await readFile(file, "utf8").catch(() => "")).trim();
    const name = await readFile(`/proc/${pid || "none"}/comm`, "utf8").catch(() => "");
    if (name.trim() === "dockerd") return Number(pid);
  }
  return undefined;
}
