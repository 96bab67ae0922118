import { setTimeout } from "node:timers/promises";

import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Inventory } from "../../inventory/model.ts";
import type { SiteName } from "../../inventory/site-model.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { EngineOf } from "../service-move.ts";
import { DatabaseAgents } from "./database-agent.ts";
import { askingAgency, DrillClient, type ClientView } from "./drill-clients.ts";
import { drillTarget } from "./drill-findings.ts";
import type { DrillState } from "./drill-state.ts";

/** Milliseconds that a service may be away: when it is moved, and when its site was lost. */
const MOST = { planned: 10_000, unplanned: 30_000 } as const;
/** How long clients write before the first step and after the last one. */
const QUIET = 2_000;

interface Watched {
  readonly plan: KabupatenPlan;
  readonly inventory: Inventory;
  readonly engineOf: EngineOf;
}

/** What clients saw, once the drill is over. */
export interface Measuring {
  end(
    state: DrillState,
    isWhole: boolean,
  ): Promise<{
    readonly seen: readonly ClientView[];
    readonly findings: readonly Diagnostic[];
  }>;
}

/** Has a client write to each database from an agency's LAN while it moves. */
export async function measureClients(
  { plan, inventory, engineOf }: Watched,
  { services }: DrillState,
): Promise<Measuring> {
  const clients: DrillClient[] = [];
  const silent: string[] = [];
  for (const database of plan.failover?.databases ?? []) {
    const agency = askingAgency(inventory, plan, database.service);
    if (!services.includes(database.service) || agency === undefined) continue;
    const agents = new DatabaseAgents(plan.name, database, engineOf);
    const { service } = plan.vps.find(({ name }) => name === database.service)!;
    const client = new DrillClient(agents, agency, service.ipv4.text, engineOf("pusat-data"));
    const site = await primarySite(agents);
    if (site === undefined) continue;
    if (await client.begin(site)) clients.push(client);
    else silent.push(database.service);
  }
  if (clients.length > 0) await setTimeout(QUIET);
  return {
    end: async ({ kind, direction }, isWhole) => {
      const seen: ClientView[] = [];
      for (const client of clients) {
        const view = await client.end((await primarySite(client.agents)) ?? "drc");
        if (view !== undefined) seen.push(view);
      }
      const most = MOST[direction === "there" ? kind : "planned"];
      const unheard = silent.map((service) =>
        drillTarget(
          `${service} was not measured: its client could not write before anything moved`,
        ),
      );
      const findings = [...unheard, ...seen.flatMap((view) => missed(view, most))];
      return { seen, findings: isWhole ? findings : [] };
    },
  };
}

async function primarySite(agents: DatabaseAgents): Promise<SiteName | undefined> {
  for (const site of ["pusat-data", "drc"] as const)
    if ((await agents.status(site))["part"] === "primary") return site;
  return undefined;
}

function missed(
  { service, confirmed, lost, longestGap, resumed }: ClientView,
  most: number,
): Diagnostic[] {
  return [
    ...(confirmed === 0
      ? [drillTarget(`${service}: no write of the client was ever confirmed`)]
      : []),
    ...(resumed ? [] : [drillTarget(`${service}: its client does not write again`)]),
    ...(lost > 0 ? [drillTarget(`${service}: ${lost} confirmed writes are lost`)] : []),
    ...(longestGap > most
      ? [
          drillTarget(
            `${service} was away for ${(longestGap / 1000).toFixed(1)} s, and ${most / 1000} s are promised`,
          ),
        ]
      : []),
  ];
}
