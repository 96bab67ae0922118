import { readFile } from "node:fs/promises";

import { program } from "./program.ts";

/** What the kernel counts to some containers, in MiB. */
export interface MemoryUse {
  /** All: what runs, and files of it that the kernel keeps in memory as long as there is room. */
  readonly all: number;
  /** Of that, what no file gives back: the programs' own. */
  readonly own: number;
}

/** Memory of all running containers of one role in a kabupaten, by their cgroups; of version 1 or 2. */
export function memoryOf(kabupaten: string, role: string): Promise<MemoryUse> {
  return memoryOfContainers(
    [`kabupaten=${kabupaten}`, `role=${role}`].map((label) => `id.go.simpul.${label}`),
  );
}

/** Memory of all running containers that have every one of some labels; one that ends meanwhile counts nothing. */
export async function memoryOfContainers(labels: readonly string[]): Promise<MemoryUse> {
  const filters = labels.flatMap((label) => ["--filter", `label=${label}`]);
  const ids = (await program("docker", ["ps", "--quiet", "--no-trunc", ...filters])).split("\n");
  const found = ids.filter((id) => id !== "");
  const format = ["--format", "{{.State.Pid}}"];
  const pids = await Promise.all(
    found.map((id) => program("docker", ["container", "inspect", ...format, id]).catch(() => "0")),
  );
  const running = pids.map((pid) => pid.trim()).filter((pid) => pid !== "0");
  const each = await Promise.all(
    running.map((pid) => memoryOfProcess(pid).catch(() => ({ all: 0, own: 0 }))),
  );
  const sum = (of: (one: MemoryUse) => number): number =>
    each.reduce((total, one) => total + of(one), 0);
  return { all: sum(({ all }) => all), own: sum(({ own }) => own) };
}

const MEBIBYTE = 2 ** 20;

async function memoryOfProcess(pid: string): Promise<MemoryUse> {
  const groups = await readFile(`/proc/${pid}/cgroup`, "utf8");
  const first = /^\d+:memory:(.*)$/m.exec(groups)?.[1];
  const folder =
    first === undefined
      ? `/sys/fs/cgroup${/^0::(.*)$/m.exec(groups)?.[1] ?? ""}`
      : `/sys/fs/cgroup/memory${first}`;
  const usage = first === undefined ? "memory.current" : "memory.usage_in_bytes";
  const all = Number(await readFile(`${folder}/${usage}`, "utf8"));
  const stat = await readFile(`${folder}/memory.stat`, "utf8");
  const own = Number(/^(?:rss|anon) (\d+)$/m.exec(stat)?.[1]);
  return { all: all / MEBIBYTE, own: own / MEBIBYTE };
}
