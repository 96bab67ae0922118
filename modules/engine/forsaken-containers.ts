import { setTimeout } from "node:timers/promises";

import type { Diagnostic } from "../core/diagnostic.ts";
import { LABEL } from "../plan/engine-names.ts";
import { answerOf, type Engine } from "./docker-engine.ts";

/** A container's shim on the engine's host: the process that its first process hangs on. */
export interface Shim {
  readonly pid: string;
  /** The container's id. */
  readonly id: string;
  /** The socket of the containerd that started it, which is one engine's. */
  readonly address: string;
}

/** A container that the engine knows. */
export interface KnownContainer {
  readonly id: string;
  readonly state: string;
  readonly kabupaten: string;
}

/** So often must a shim be seen without its container running, this far apart: a start or an end takes its time. */
const LOOKS = 3;
const PAUSE = 1000;

/**
 * Ends containers that run on though the engine does not know it: it was killed while it started them, and its successor
 * takes them for never started (Docker 20.10). They would hold the addresses of those that are made in their place, and a
 * server's volume would have two that write to it (ADR-0041). Only while the kabupaten's states are held: nobody else
 * starts its containers then.
 * @returns one warning where there were any
 * @throws {EngineRefusal}
 */
export async function endForsakenContainers(
  engine: Engine,
  kabupaten: string,
): Promise<readonly Diagnostic[]> {
  let forsaken = forsakenAmong(await listShims(engine), await listKnown(engine), kabupaten);
  for (let look = 1; look < LOOKS && forsaken.length > 0; look++) {
    await setTimeout(PAUSE);
    const again = forsakenAmong(await listShims(engine), await listKnown(engine), kabupaten);
    forsaken = forsaken.filter(({ pid, id }) =>
      again.some((one) => one.pid === pid && one.id === id),
    );
  }
  if (forsaken.length === 0) return [];
  await answerOf(engine, [
    "sh",
    "-uc",
    END,
    "end",
    ...forsaken.flatMap(({ pid, id }) => [pid, id]),
  ]);
  return [wereEnded(forsaken)];
}

/** Those of this engine that it does not know, whoever's they were, and the kabupaten's own that it takes for stopped. */
export function forsakenAmong(
  shims: readonly Shim[],
  known: readonly KnownContainer[],
  kabupaten: string,
): readonly Shim[] {
  const containers = new Map(known.map((one) => [one.id, one]));
  // Another engine on this machine has its own containerd, and we know nothing of its containers.
  const own = new Set(shims.filter(({ id }) => containers.has(id)).map(({ address }) => address));
  return shims.filter(({ id, address }) => {
    if (!own.has(address)) return false;
    const container = containers.get(id);
    if (container === undefined) return true;
    return container.kabupaten === kabupaten && STOPPED.has(container.state);
  });
}

const STOPPED = new Set(["created", "exited", "dead"]);

async function listShims(engine: Engine): Promise<readonly Shim[]> {
  const text = await answerOf(engine, ["sh", "-uc", LIST]);
  return text
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([pid, id, address]) => (pid && id && address ? [{ pid, id, address }] : []));
}

async function listKnown(engine: Engine): Promise<readonly KnownContainer[]> {
  const format = `{{.ID}} {{.State}} {{.Label "${LABEL}.kabupaten"}}`;
  const text = await answerOf(engine, ["docker", "ps", "--all", "--no-trunc", "--format", format]);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", state = "", kabupaten = ""] = line.split(" ");
      return { id, state, kabupaten };
    });
}

function wereEnded(forsaken: readonly Shim[]): Diagnostic {
  const ids = forsaken.map(({ id }) => id.slice(0, 12)).join(", ");
  return {
    id: "containers-forsaken",
    severity: "warning",
    what: `${forsaken.length} containers ran that the engine had lost, and were ended: ${ids}`,
    why: "an engine that is killed while it starts a container forgets it; it goes on with addresses and disks of another",
    fix: "nothing more is to do; find out why the engine ended: journalctl -u docker",
  };
}

// In the same process namespace only: engines in containers have shims of their own.
const LIST = `
here=$(readlink /proc/self/ns/pid)
for one in /proc/[0-9]*; do
  { read -r name <"$one/comm"; } 2>/dev/null || continue
  [ "$name" = containerd-shim ] && [ "$(readlink "$one/ns/pid")" = "$here" ] || continue
  id= address= before=
  for word in $(tr '\\0' ' ' <"$one/cmdline" 2>/dev/null); do
    case $before in -id) id=$word ;; -address) address=$word ;; esac
    before=$word
  done
  echo "\${one#/proc/} $id $address"
done
`;

// What a shim started ends with all that is in it; then the shim, and with it what the engine's host held for it.
const END = `
while [ $# -gt 1 ]; do
  if tr '\\0' ' ' <"/proc/$1/cmdline" | grep -q -- "-id $2 "; then
    for child in $(pgrep -P "$1"); do kill -KILL "$child"; done
    kill -KILL "$1"
  fi
  shift 2
done 2>/dev/null
exit 0
`;
