import { HostStep } from "./host-step.ts";
import { type Container } from "./cdktf.ts";
import type { StackContext } from "./stack-context.ts";

const MEMORY_FILE_SYSTEM = "rw,noexec,nosuid,nodev,size=16m";

/**
 * A root nobody writes to, and two small file systems in the container's own memory. What a service must keep over a
 * restart lies on a volume of limited size (sized-volume.ts), so that none can fill the disk of the engine's host.
 */
export const BOUNDED_ROOT = {
  readOnly: true,
  tmpfs: {
    "/run": `${MEMORY_FILE_SYSTEM},mode=0755`,
    "/tmp": `${MEMORY_FILE_SYSTEM},mode=1777`,
  },
};

/** Processes and threads of a router or service: a few dozen of its own, and those that checks run inside it. */
const PROCESSES = 512;

/**
 * Holds containers to that many processes. The provider has no word for it, so that a host step sets it on what runs:
 * one for all, for there may be hundreds in a stack.
 */
export function limitProcesses(
  context: StackContext,
  id: string,
  containers: readonly { readonly name: string; readonly container: Container }[],
): void {
  if (containers.length === 0) return;
  new HostStep(context, {
    id: `${id}-processes`,
    args: ["limits", containers.map(({ name }) => name).join(","), "--pids", String(PROCESSES)],
    triggers: [...containers.map(({ container }) => container.id), String(PROCESSES)],
  });
}
