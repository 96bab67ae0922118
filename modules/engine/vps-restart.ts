import { setTimeout } from "node:timers/promises";

import type { Diagnostic } from "../core/diagnostic.ts";
import { answerOf, type Engine } from "./docker-engine.ts";

/** How long its programs get to end by themselves, in seconds: a database writes out what it holds. */
const GRACE = 30;
/** How long until its SSH server must listen again, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Restarts a VPS, and waits until its SSH server listens.
 * @returns seconds that it took, or why it is not up again
 */
export async function restartVps(engine: Engine, container: string): Promise<number | Diagnostic> {
  const began = Date.now();
  await answerOf(engine, ["docker", "restart", "--time", `${GRACE}`, container]);
  while (Date.now() - began < PATIENCE + GRACE * 1000) {
    if (await listens(engine, container)) return (Date.now() - began) / 1000;
    await setTimeout(200);
  }
  return {
    id: "vps-not-up-again",
    severity: "error",
    what: `${container} was restarted, and its SSH server does not listen`,
    why: "its owner cannot log in",
    fix: "simpul vps log shows what it says",
  };
}

/** By the kernel's own list of sockets, port 22 in state LISTEN: whatever the tenant made of the programs inside. */
async function listens(engine: Engine, container: string): Promise<boolean> {
  const read = ["/etc/simpul/boot/busybox", "cat", "/proc/net/tcp", "/proc/net/tcp6"];
  const { code, stdout } = await engine.run(["docker", "exec", container, ...read]);
  return code === 0 && /:0016 [0-9A-F]+:0000 0A /.test(stdout);
}
