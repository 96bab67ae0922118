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
export async function memoryOf(kabupaten: string, role: string): Promise<MemoryUse> {
  const labels = [`kabupaten=${kabupaten}`, `role=${role}`].flatMap((label) => [
    "--filter",
    `label=id.go.simpul.${label}`,
  ]);
  const ids = (await program("docker", ["ps", "--quiet", "--no-trunc", ...labels])).split("\n");
  const found = ids.filter((id) => id !== "");
  if (found.length === 0) return { all: 0, own: 0 };
  const format = ["--format", "{{.State.Pid}}"];
  const pids = await program("docker", ["container", "inspect", ...format, ...found]);
  const each = await Promise.all(pids.trim().split("\n").map(memoryOfProcess));
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
