import type { SiteName } from "../inventory/site-model.ts";
import type { DatabasePlan, FailoverPlan } from "../plan/failover-plan.ts";
import { VOTER_PORT } from "../plan/part-names.ts";
import type { ConfigFile } from "./config-file.ts";

/** What the agent of a database reads (images/vps/postgresql-15/database.pl). */
export function databaseFile(
  { voters }: FailoverPlan,
  { service, mode, keptLog, ends }: DatabasePlan,
  site: SiteName,
): ConfigFile {
  const other = site === "drc" ? "pusat-data" : "drc";
  const lines = [
    `service ${service}`,
    `site ${site}`,
    `starts ${site === "drc" ? "standby" : "primary"}`,
    `mode ${mode}`,
    `wal ${keptLog}`,
    `peer ${other} ${ends[other].own.ipv4.text} 5432`,
    ...voters.map(({ name, service: at }) => `voter ${name} ${at.ipv4.text} ${VOTER_PORT}`),
  ];
  return { path: "database", text: `${lines.join("\n")}\n` };
}
