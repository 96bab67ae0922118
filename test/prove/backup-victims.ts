import type { ProveLab } from "./prove-lab.ts";
import { descendantsOf, killAtOnce } from "./processes.ts";

/** Whom to kill: processes of this machine, or of one container. */
export type Victim =
  | { readonly name: string; readonly of: "simpul"; readonly withChildren: boolean }
  | {
      readonly name: string;
      readonly of: "container";
      /** What its name begins with, behind `simpul-`; NAME stands for the server. */
      readonly container: string;
      /** A program in it; its first process where nothing is said, or where that does not run just then. */
      readonly program?: string;
    };

/** Something under way that may be disturbed. */
export interface UnderWay {
  /** Of the command; absent where nobody gave one. */
  readonly pid?: number;
  readonly ended: Promise<unknown>;
}

export const SIMPUL: readonly Victim[] = [
  { name: "simpul and what it started", of: "simpul", withChildren: true },
  { name: "simpul alone", of: "simpul", withChildren: false },
];

export function within(container: string, program?: string): Victim {
  const name = program === undefined ? container : `${program} in ${container}`;
  return { name, of: "container", container, ...(program !== undefined && { program }) };
}

/** Kills it with -9; false when nothing of it was there any more, or not yet. */
export async function killVictim(
  lab: ProveLab,
  victim: Victim,
  { pid }: UnderWay,
  server: string,
): Promise<boolean> {
  const pids =
    victim.of === "container"
      ? await processesOf(lab, victim.container.replace("NAME", server), victim.program)
      : pid === undefined
        ? []
        : [pid, ...(victim.withChildren ? await descendantsOf(pid) : []).map((one) => one.pid)];
  killAtOnce(pids);
  return pids.length > 0;
}

/** Of the first running container whose name begins so: as this machine counts processes. */
async function processesOf(
  lab: ProveLab,
  begin: string,
  program: string | undefined,
): Promise<readonly number[]> {
  const list = ["ps", "--filter", `name=^simpul-${begin}`, "--format", "{{.Names}}"];
  const [container] = (await lab.docker(...list)).split("\n");
  if (container === undefined || container === "") return [];
  // It may end at any moment by itself.
  const top = await lab.docker("top", container, "-o", "pid,comm").catch(() => "");
  const rows = top
    .split("\n")
    .slice(1, -1)
    .map((line) => line.trim().split(/\s+/));
  const named = rows.filter(([, name]) => name === program).map(([pid]) => Number(pid));
  if (named.length > 0) return named;
  const first = ["inspect", "--format", "{{.State.Pid}}", container];
  const pid = Number(await lab.docker(...first).catch(() => "0"));
  return pid > 0 ? [pid] : [];
}
