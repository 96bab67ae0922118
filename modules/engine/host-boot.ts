import { readFile } from "node:fs/promises";

import { answerOf, type Engine } from "./docker-engine.ts";

const FILES = [
  { from: "mount-volumes.sh", to: "/etc/simpul/mount-volumes.sh", mode: "0755" },
  {
    from: "simpul-volumes.service",
    to: "/etc/systemd/system/simpul-volumes.service",
    mode: "0644",
  },
] as const;

/**
 * Sees that the host mounts its volumes by itself before the engine starts. Where no systemd runs, whoever starts the
 * engine must call scripts/setup/mount-volumes.sh first, as setup does.
 * @returns what was found or done, in words
 */
export async function installBootUnit(engine: Engine): Promise<string> {
  if ((await engine.run(["test", "-d", "/run/systemd/system"])).code !== 0)
    return "no systemd here: setup mounts them before it starts the engine";
  for (const { from, to, mode } of FILES) {
    const text = await readFile(new URL(`../../scripts/setup/${from}`, import.meta.url));
    await answerOf(engine, ["install", "-D", `--mode=${mode}`, "/dev/stdin", to], text);
  }
  await answerOf(engine, ["systemctl", "daemon-reload"]);
  await answerOf(engine, ["systemctl", "enable", "simpul-volumes.service"]);
  return "the next boot mounts them before the engine starts";
}
