import type { Inventory } from "../inventory/model.ts";
import { colocatedServers } from "../inventory/rack.ts";
import type { ColocatedServerPlan, ServerPlan, TenantServerPlan, VpsPlan } from "./vps-plan.ts";

/**
 * What the container has that stands for an agency's machine on an engine: the machine is its own limit in the rack,
 * but on an engine its processes and its disk are beside those of others.
 */
const STAND_IN = {
  cpu: 1,
  memoryBytes: 512 * 2 ** 20,
  diskBytes: 2 ** 30,
  pids: 1024,
  image: "debian-12",
  packages: [],
} as const;

/** Every agency's server in a rack that is not gone; one that is only planned, or external, has no container. */
export function colocationPlans(
  { racks, kabupaten: { timezone } }: Pick<Inventory, "racks" | "kabupaten">,
  serverPlan: (name: string) => ServerPlan,
): readonly ColocatedServerPlan[] {
  return colocatedServers(racks).map(({ name, owner, rack, units, state, external, sshKeys }) => ({
    ...serverPlan(name),
    ...STAND_IN,
    timezone,
    role: "colocation",
    owner,
    rack,
    units: units.text,
    running: state === "installed",
    external: external || state === "planned",
    authorizedKeys: sshKeys.map(({ text }) => text),
  }));
}

/**
 * Agencies' machines themselves, at work in a rack: no container stands for them, and nobody looks into them. What
 * leads to them is checked.
 */
export function machinesInRacks({
  colocation,
}: {
  readonly colocation: readonly ColocatedServerPlan[];
}): readonly ColocatedServerPlan[] {
  return colocation.filter(({ external, running }) => external && running);
}

/** Agencies' servers that stand on an engine: VPS, and what stands for colocated servers. */
export function serversOnEngines({
  vps,
  colocation,
}: {
  readonly vps: readonly VpsPlan[];
  readonly colocation: readonly ColocatedServerPlan[];
}): readonly TenantServerPlan[] {
  return [...vps, ...colocation.filter(({ external }) => !external)];
}
