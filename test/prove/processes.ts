import { readdir, readFile } from "node:fs/promises";

/** A process of this machine: `/proc/PID/stat`. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Name of its program, at most 15 characters. */
  readonly name: string;
}

/** Every process that descends from this one, children before grandchildren; without itself. */
export async function descendantsOf(pid: number): Promise<readonly Process[]> {
  const all = await processes();
  const found: Process[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return found;
}

/** Kills at once, as the kernel does when memory ends; one that is gone already is no error. */
export function killAtOnce(pids: readonly number[]): void {
  for (const pid of pids)
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}

async function processes(): Promise<readonly Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = await Promise.all(
    pids.map(async (pid) => {
      // The name stands in parentheses and may hold some itself.
      const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      const [, name, parent] = /^\d+ \((.*)\) \S (\d+) /s.exec(text) ?? [];
      return name === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), name }];
    }),
  );
  return read.flat();
}
