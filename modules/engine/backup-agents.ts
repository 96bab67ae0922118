import { setTimeout } from "node:timers/promises";

import { engineName } from "../plan/engine-names.ts";
import type { Engine } from "./docker-engine.ts";

/** What an agent says of itself, or the copier of each repository (images/backup-runner/status.sh); times are RFC 3339. */
export interface AgentStatus {
  readonly running?: boolean;
  readonly phase?: string;
  readonly ok?: boolean;
  readonly reason?: string;
  readonly message?: string;
  readonly next?: string;
  readonly last?: {
    readonly ended: string;
    readonly seconds: number;
    readonly snapshot: string;
    readonly bytes: number;
    readonly changed: number;
  };
  readonly repositories?: Readonly<
    Record<string, { readonly ok?: boolean; readonly ended?: string }>
  >;
}

/** What the agents of these names say; one that does not answer is missing. */
export async function agentStatuses(
  engine: Engine,
  kabupaten: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, AgentStatus>> {
  const answers = await Promise.all(
    names.map(async (name) => {
      const container = engineName({ kabupaten, role: "backup-runner", name });
      const { stdout } = await engine.run(["docker", "exec", container, "cat", STATUS]);
      return [name, parsed(stdout)] as const;
    }),
  );
  return new Map(answers.flatMap(([name, said]) => (said === undefined ? [] : [[name, said]])));
}

/** Asks again until each has taken a backup or failed, or the time is over. */
export async function firstBackups(
  engine: Engine,
  kabupaten: string,
  names: readonly string[],
  seconds: number,
  waiting: (count: number) => void,
): Promise<ReadonlyMap<string, AgentStatus>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const statuses = await agentStatuses(engine, kabupaten, names);
    const left = names.filter((name) => {
      const status = statuses.get(name);
      return status?.last === undefined && status?.ok !== false;
    });
    if (left.length === 0 || Date.now() >= end) return statuses;
    waiting(left.length);
    await setTimeout(1000);
  }
}

const STATUS = "/backup/status.json";

function parsed(text: string): AgentStatus | undefined {
  try {
    // What it has to say nothing of is null there.
    const status: unknown = JSON.parse(text, (_key, value: unknown) => value ?? undefined);
    return typeof status === "object" && status !== null ? status : undefined;
  } catch {
    return undefined;
  }
}
