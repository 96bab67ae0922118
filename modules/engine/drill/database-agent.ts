import { setTimeout } from "node:timers/promises";

import type { SiteName } from "../../inventory/site-model.ts";
import { engineName } from "../../plan/engine-names.ts";
import type { DatabasePlan } from "../../plan/failover-plan.ts";
import { CONFINE } from "../confine.ts";
import type { Engine, EngineAnswer } from "../docker-engine.ts";
import type { EngineOf } from "../service-move.ts";

/** What an agent says of its PostgreSQL (images/vps/postgresql-15/database.pl), by word; empty where nobody answers. */
export type AgentStatus = Readonly<Record<string, string>>;

/** Both ends of a database, as they are told what to be. */
export class DatabaseAgents {
  constructor(
    readonly kabupaten: string,
    readonly database: DatabasePlan,
    readonly engineOf: EngineOf,
  ) {}

  container(site: SiteName): string {
    const name = this.database.ends[site].server;
    return engineName({ kabupaten: this.kabupaten, role: "vps", name });
  }

  engine(site: SiteName): Engine {
    return this.engineOf(site);
  }

  /** Runs with no more rights than the tenant has, whose programs stand there. */
  run(site: SiteName, words: readonly string[], stdin?: Buffer): Promise<EngineAnswer> {
    const into = ["docker", "exec", "--interactive", this.container(site), CONFINE, "/usr/bin/env"];
    return this.engineOf(site).run([...into, "timeout", "15", ...words], stdin);
  }

  async status(site: SiteName): Promise<AgentStatus> {
    const { code, stdout } = await this.run(site, ["simpul-database-part", "status"]);
    if (code !== 0) return {};
    const pairs = stdout.trim().split("\n");
    const status: Record<string, string> = {};
    for (const [word = "", value = ""] of pairs.map((line) => line.split(/ (.*)/s)))
      status[word] = value;
    return status;
  }

  /** Says what it is to be; done again, it is no harm. Whether it was heard. */
  async order(site: SiteName, ...words: readonly string[]): Promise<boolean> {
    return (await this.run(site, ["simpul-database-part", ...words])).code === 0;
  }

  /** SQL as the superuser; the answer's lines. */
  async psql(site: SiteName, sql: string, database = "postgres"): Promise<EngineAnswer> {
    const words = ["chpst", "-u", "postgres", "psql", "-XqAt", "-v", "ON_ERROR_STOP=1"];
    return this.run(site, [...words, "-h", "/run/postgresql", database], Buffer.from(sql));
  }

  /** Looks every 100 ms; whether it became so in time. */
  async becomes(
    site: SiteName,
    isSo: (status: AgentStatus) => boolean,
    seconds: number,
  ): Promise<boolean> {
    const until = Date.now() + seconds * 1000;
    while (!isSo(await this.status(site))) {
      if (Date.now() > until) return false;
      await setTimeout(100);
    }
    return true;
  }
}

/** Whether the second position in PostgreSQL's log is at or past the first. */
export function reaches(wanted: string, present: string): boolean {
  return position(present) >= position(wanted);
}

function position(text: string): bigint {
  const [high = "0", low = "0"] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
