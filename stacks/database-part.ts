import type { DatabaseProps } from "../modules/constructs/vps.ts";
import { databaseOn } from "../modules/plan/failover-plan.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { databaseFile } from "../modules/render/database.ts";
import type { SynthesisOptions } from "./kabupaten-stack.ts";

/** What a server gets that is one end of a database between the sites; nothing for others. */
export function databasePart(
  plan: KabupatenPlan,
  { failover: keys }: SynthesisOptions,
  server: string,
): { readonly database?: DatabaseProps } {
  const found = databaseOn(plan.failover, server);
  if (plan.failover === undefined || found === undefined) return {};
  const { database, site } = found;
  const secrets = keys?.databases.get(database.service);
  if (secrets === undefined) return {};
  const other = database.ends[site === "drc" ? "pusat-data" : "drc"];
  return {
    database: {
      file: databaseFile(plan.failover, database, site),
      own: database.ends[site].own,
      peers: [other.own, ...plan.failover.voters.map(({ service }) => service)],
      secrets,
    },
  };
}
