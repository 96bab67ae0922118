import { setTimeout } from "node:timers/promises";

import { memoryOfContainers } from "./server-memory.ts";

const PAUSE = 500;
const MEBIBYTE = 2 ** 20;

/** The highest sum in MiB of what containers with a label and this process take while some work is done. */
export interface MemoryPeak {
  /** With files that the kernel keeps in memory for them. */
  readonly all: number;
  /** Programs' own. */
  readonly own: number;
}

/** Does work and looks twice a second what it takes. */
export async function memoryPeakOf(label: string, work: () => Promise<void>): Promise<MemoryPeak> {
  let [all, own] = [0, 0];
  const end = new AbortController();
  const look = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const containers = await memoryOfContainers([label]);
      const node = process.memoryUsage().rss / MEBIBYTE;
      all = Math.max(all, containers.all + node);
      own = Math.max(own, containers.own + node);
      await setTimeout(PAUSE);
    }
  };
  const looking = look();
  try {
    await work();
  } finally {
    end.abort();
    await looking;
  }
  return { all, own };
}
